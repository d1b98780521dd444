"""Writes what torchvision's make_grid gives, for HearthVisionTests.

    python Tests/Goldens/make_grids.py

`grids.safetensors` has the pictures `in/…` and the grids `out/…` of `arguments`.
"""

from pathlib import Path

import safetensors.torch
import torch
from torchvision.utils import make_grid

FOLDER = Path(__file__).parent.parent / "HearthVisionTests" / "Goldens"
generator = torch.Generator().manual_seed(5)


def pictures(*shape):
    return torch.rand(shape, generator=generator) * 3 - 1


PICTURES = {
    "colour": pictures(5, 3, 2, 3), "grey": pictures(4, 1, 3, 2), "one": pictures(1, 3, 2, 2), "plane": pictures(3, 4),
    "picture": pictures(3, 2, 2), "flat": torch.full((3, 3, 2, 2), 0.5),
}
ARGUMENTS = {
    "plain": {}, "rows": {"nrow": 2, "padding": 1, "pad_value": 0.5}, "close": {"nrow": 3, "padding": 0},
    "normal": {"normalize": True}, "each": {"normalize": True, "scale_each": True},
    "range": {"normalize": True, "value_range": (-0.5, 1.0), "nrow": 2},
}
tensors = {f"in/{name}": x for name, x in PICTURES.items()}
for name, x in PICTURES.items():
    for kind, arguments in ARGUMENTS.items():
        tensors[f"out/{name}/{kind}"] = make_grid(x.clone(), **arguments).contiguous()
safetensors.torch.save_file(tensors, FOLDER / "grids.safetensors")
