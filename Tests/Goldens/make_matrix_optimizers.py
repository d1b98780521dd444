"""Writes the golden file of Muon and SparseAdam for HearthNNTests.

    python Tests/Goldens/make_matrix_optimizers.py

`matrix_optimizers` has for each case `name/start`, `name/gradient0`, `name/gradient1`, … and `name/end`, the parameter
after a step with each. PyTorch's Muon computes its orthogonal steps in bfloat16; for a sharp comparison they are computed
in float64 here, by the same lines.
"""

from pathlib import Path

import safetensors.torch
import torch
from torch import optim
from torch.optim import _muon

FILE = Path(__file__).parent.parent / "HearthNNTests" / "Goldens" / "matrix_optimizers.safetensors"
generator = torch.Generator().manual_seed(50)
tensors = {}


def exact(grad, coefficients, steps, eps):
    a, b, c = coefficients
    x = grad.T if grad.size(0) > grad.size(1) else grad
    x = x / x.norm().clamp(min=eps)
    for _ in range(steps):
        gram = x @ x.T
        x = a * x + (b * gram + c * gram @ gram) @ x
    return x.T if grad.size(0) > grad.size(1) else x


_muon._zeropower_via_newtonschulz = exact


def case(name, make, shape, sparse=False):
    start = torch.randn(shape, generator=generator, dtype=torch.float64)
    p = torch.nn.Parameter(start.clone())
    optimizer = make([p])
    tensors[f"{name}/start"] = start
    for i in range(8):
        g = torch.randn(shape, generator=generator, dtype=torch.float64)
        if sparse:
            g[torch.rand(shape[0], generator=generator) < 0.5] = 0
        p.grad = g.to_sparse(1) if sparse else g
        optimizer.step()
        tensors[f"{name}/gradient{i}"] = g
    tensors[f"{name}/end"] = p.detach().clone()


case("Muon", lambda p: optim.Muon(p, lr=0.02), (4, 3))
case("Muon wide", lambda p: optim.Muon(p, lr=0.02, weight_decay=0, momentum=0.8, nesterov=False, ns_steps=3), (2, 5))
case("Muon adamw", lambda p: optim.Muon(p, lr=0.01, adjust_lr_fn="match_rms_adamw", ns_coefficients=(3, -3.2, 1.2)), (5, 2))
case("Muon unclamped", lambda p: optim.Muon(p, lr=0.01, adjust_lr_fn="spectral_unclamped"), (2, 6))
case("SparseAdam", lambda p: optim.SparseAdam(p, lr=0.1), (6, 3), sparse=True)
case("SparseAdam betas", lambda p: optim.SparseAdam(p, lr=0.05, betas=(0.7, 0.9), eps=1e-3, maximize=True), (5, 2, 2), sparse=True)
safetensors.torch.save_file({name: x.contiguous() for name, x in tensors.items()}, FILE)
print(len(tensors), "tensors,", FILE.stat().st_size, "bytes")
