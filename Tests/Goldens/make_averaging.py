"""Writes the golden file of averaged weights, clipping by norms and penalties, for HearthNNTests.

    python Tests/Goldens/make_averaging.py

`averaging.safetensors`: `weight/i` and `running/i` are a module's parameter and buffer at six times; `case/…` what
`AveragedModel` makes of them; `clip/…` what happens to gradients; `penalty/…` the value and gradient of penalties.
"""

from pathlib import Path

import safetensors.torch
import torch
from torch import nn
from torch.nn import utils
from torch.optim import swa_utils

FOLDER = Path(__file__).parent.parent / "HearthNNTests" / "Goldens"
generator = torch.Generator().manual_seed(51)


class Running(nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(3, 2, dtype=torch.float64))
        self.register_buffer("running", torch.zeros(4, dtype=torch.float64))


tensors = {}
for i in range(6):
    tensors[f"weight/{i}"] = torch.randn(3, 2, generator=generator, dtype=torch.float64)
    tensors[f"running/{i}"] = torch.randn(4, generator=generator, dtype=torch.float64)
cases = {
    "swa": {},
    "ema": {"multi_avg_fn": swa_utils.get_ema_multi_avg_fn(0.9)},
    "custom": {"avg_fn": lambda average, current, n: torch.maximum(average, current) + n},
}
for name, options in cases.items():
    for use_buffers in (False, True):
        model = Running()
        averages = swa_utils.AveragedModel(model, use_buffers=use_buffers, **options)
        for i in range(6):
            with torch.no_grad():
                model.weight.copy_(tensors[f"weight/{i}"])
                model.running.copy_(tensors[f"running/{i}"])
            averages.update_parameters(model)
        for key, value in averages.state_dict().items():
            tensors[f"{name}{' buffers' if use_buffers else ''}/{key}"] = value.clone()

for p in (0.5, 1.0, 2.0, 3.0, float("inf")):
    a, b = (nn.Parameter(torch.zeros(3, 2, dtype=torch.float64)) for _ in range(2))
    a.grad, b.grad = tensors["weight/0"].clone(), tensors["weight/1"].clone() * 3
    total = utils.get_total_norm([a.grad, b.grad], p)
    tensors[f"clip/{p}/total"] = utils.clip_grad_norm_([a, b], 0.7, p)
    assert total == tensors[f"clip/{p}/total"]
    tensors[f"clip/{p}/0"], tensors[f"clip/{p}/1"] = a.grad, b.grad

x = tensors["weight/2"].clone().requires_grad_()
y = torch.tensor([0.0, -2.0, 0.5], dtype=torch.float64, requires_grad=True)
l1, l2 = x.abs().sum() + y.abs().sum(), (x**2).sum() + (y**2).sum()
for name, penalty in (("l1", l1), ("l2", l2), ("elastic", 0.3 * l1 + 0.35 * l2)):
    gradients = torch.autograd.grad(penalty, [x, y], retain_graph=True)
    tensors[f"penalty/{name}"] = penalty.detach()
    tensors[f"penalty/{name}/0"], tensors[f"penalty/{name}/1"] = gradients
path = FOLDER / "averaging.safetensors"
safetensors.torch.save_file({k: v.clone().contiguous() for k, v in tensors.items()}, path)
path.chmod(0o644)
print(path.name, len(tensors), "tensors,", path.stat().st_size, "bytes")
