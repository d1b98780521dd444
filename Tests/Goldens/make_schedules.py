"""Writes the learning rates of PyTorch's schedules, for HearthNNTests.

    python Tests/Goldens/make_schedules.py

`schedules.safetensors` has for each case a float64 `[101, groups]` of learning rates, before the first step and after
each of 100, and `name/momentum` of the momenta (or first betas) where they change.
"""

import math
import warnings
from pathlib import Path

import safetensors.torch
import torch
from torch.optim import SGD, Adam
from torch.optim import lr_scheduler as s
from torch.optim.swa_utils import SWALR

warnings.simplefilter("ignore")
FOLDER = Path(__file__).parent.parent / "HearthNNTests" / "Goldens"
METRICS = [math.sin(i * 0.9) / (1 + i * 0.05) + (1.0 if i % 17 == 3 else 0.0) for i in range(100)]

CASES = {
    "LambdaLR": lambda o: s.LambdaLR(o, lambda e: 0.95**e),
    "LambdaLR groups": lambda o: s.LambdaLR(o, [lambda e: 1 / (1 + e), lambda e: 0.9**e]),
    "MultiplicativeLR": lambda o: s.MultiplicativeLR(o, lambda e: 0.99 if e % 2 else 1.001),
    "StepLR": lambda o: s.StepLR(o, 7),
    "StepLR gamma": lambda o: s.StepLR(o, 3, gamma=0.9),
    "MultiStepLR": lambda o: s.MultiStepLR(o, [5, 20, 20, 60], gamma=0.3),
    "ConstantLR": lambda o: s.ConstantLR(o),
    "ConstantLR long": lambda o: s.ConstantLR(o, factor=0.2, total_iters=40),
    "LinearLR": lambda o: s.LinearLR(o),
    "LinearLR down": lambda o: s.LinearLR(o, start_factor=0.9, end_factor=0.1, total_iters=70),
    "ExponentialLR": lambda o: s.ExponentialLR(o, 0.97),
    "PolynomialLR": lambda o: s.PolynomialLR(o),
    "PolynomialLR power": lambda o: s.PolynomialLR(o, total_iters=80, power=2.5),
    "CosineAnnealingLR": lambda o: s.CosineAnnealingLR(o, 100),
    "CosineAnnealingLR again": lambda o: s.CosineAnnealingLR(o, 13, eta_min=1e-3),
    "CosineAnnealingWarmRestarts": lambda o: s.CosineAnnealingWarmRestarts(o, 10),
    "CosineAnnealingWarmRestarts longer": lambda o: s.CosineAnnealingWarmRestarts(o, 5, T_mult=2, eta_min=1e-4),
    "OneCycleLR": lambda o: s.OneCycleLR(o, max_lr=0.3, total_steps=100),
    "OneCycleLR linear": lambda o: s.OneCycleLR(o, max_lr=[0.3, 0.1], total_steps=120, pct_start=0.25, anneal_strategy="linear", base_momentum=[0.8, 0.7], max_momentum=0.9, div_factor=10, final_div_factor=100),
    "OneCycleLR three": lambda o: s.OneCycleLR(o, max_lr=0.3, total_steps=100, three_phase=True),
    "OneCycleLR alone": lambda o: s.OneCycleLR(o, max_lr=0.3, total_steps=100, cycle_momentum=False),
    "CyclicLR": lambda o: s.CyclicLR(o, 0.01, 0.1, step_size_up=8),
    "CyclicLR triangular2": lambda o: s.CyclicLR(o, [0.01, 0.001], [0.1, 0.2], step_size_up=6, step_size_down=11, mode="triangular2"),
    "CyclicLR exponential": lambda o: s.CyclicLR(o, 0.01, 0.1, step_size_up=9, mode="exp_range", gamma=0.98, base_momentum=0.7, max_momentum=0.95),
    "CyclicLR function": lambda o: s.CyclicLR(o, 0.01, 0.1, step_size_up=9, scale_fn=lambda x: 1 / x, scale_mode="cycle", cycle_momentum=False),
    "SWALR": lambda o: SWALR(o, 0.05),
    "SWALR linear": lambda o: SWALR(o, [0.02, 0.3], anneal_epochs=23, anneal_strategy="linear"),
    "SWALR at once": lambda o: SWALR(o, 0.05, anneal_epochs=0),
    "SequentialLR": lambda o: s.SequentialLR(o, [s.ConstantLR(o, 0.1, total_iters=20), s.ExponentialLR(o, 0.9)], [20]),
    "SequentialLR warmup": lambda o: s.SequentialLR(o, [s.LinearLR(o, 0.01, total_iters=10), s.CosineAnnealingLR(o, 90)], [10]),
    "SequentialLR three": lambda o: s.SequentialLR(o, [s.LinearLR(o, 0.1, total_iters=6), s.StepLR(o, 4, 0.8), s.PolynomialLR(o, 50)], [6, 40]),
    "SequentialLR restarts": lambda o: s.SequentialLR(o, [s.LinearLR(o, 0.1, total_iters=6), s.CosineAnnealingWarmRestarts(o, 7, 2)], [6]),
    "SequentialLR functions": lambda o: s.SequentialLR(o, [s.LambdaLR(o, lambda e: 1 / (e + 1)), s.MultiplicativeLR(o, lambda e: 0.95), s.MultiStepLR(o, [0, 10], 0.5)], [5, 50]),
    "SequentialLR averaging": lambda o: s.SequentialLR(o, [s.ExponentialLR(o, 0.9), SWALR(o, 0.02)], [30]),
    "ChainedScheduler": lambda o: s.ChainedScheduler([s.ConstantLR(o, 0.1, total_iters=20), s.ExponentialLR(o, 0.9)]),
    "ChainedScheduler three": lambda o: s.ChainedScheduler([s.LinearLR(o, 0.1, total_iters=30), s.StepLR(o, 10, 0.7), s.MultiplicativeLR(o, lambda e: 0.99)]),
    "ReduceLROnPlateau": lambda o: s.ReduceLROnPlateau(o, patience=3),
    "ReduceLROnPlateau max": lambda o: s.ReduceLROnPlateau(o, mode="max", factor=0.5, patience=2, threshold=0.01, threshold_mode="abs", cooldown=4, min_lr=[1e-3, 1e-2], eps=1e-5),
    "ReduceLROnPlateau relative": lambda o: s.ReduceLROnPlateau(o, mode="max", factor=0.7, patience=1, threshold=0.1),
    "ReduceLROnPlateau absolute": lambda o: s.ReduceLROnPlateau(o, factor=0.7, patience=1, threshold=0.1, threshold_mode="abs", cooldown=2),
}


def optimizers():
    def groups():
        return [{"params": [torch.zeros(1, requires_grad=True)], "lr": 0.1}, {"params": [torch.zeros(1, requires_grad=True)], "lr": 0.02}]

    yield "SGD", SGD(groups(), lr=0.1, momentum=0.9), lambda g: g["momentum"]
    yield "Adam", Adam(groups(), lr=0.1), lambda g: g["betas"][0]


tensors = {"metrics": torch.tensor(METRICS, dtype=torch.float64)}
for name, make in CASES.items():
    for kind, optimizer, momentum in optimizers():
        if kind == "Adam" and not name.startswith(("OneCycle", "Cyclic")):
            continue
        schedule = make(optimizer)
        rates, momenta = [], []
        for step in range(101):
            rates.append([g["lr"] for g in optimizer.param_groups])
            momenta.append([momentum(g) for g in optimizer.param_groups])
            if step < 100:
                optimizer.step()
                schedule.step(*([METRICS[step]] if name.startswith("Reduce") else []))
        tensors[f"{kind} {name}"] = torch.tensor(rates, dtype=torch.float64)
        if name.startswith(("OneCycle", "Cyclic")):
            tensors[f"{kind} {name}/momentum"] = torch.tensor(momenta, dtype=torch.float64)
path = FOLDER / "schedules.safetensors"
safetensors.torch.save_file(tensors, path)
path.chmod(0o644)
print(path.name, len(tensors), "tensors,", path.stat().st_size, "bytes")
