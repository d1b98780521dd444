"""Writes the golden file of the optimizers and schedules that make_networks.py leaves out, for HearthNNTests.

    python Tests/Goldens/make_optimizers.py

`optimizers2` has `start/i`, `inputs`, `targets` as in make_networks.py (the same regression), and for each case
`end/name/i` (100 steps in float64), `short/name/i` (10 steps in float32). PyTorch has no Lion: its steps follow the
paper's formula, written down here. `HearthTrainTests/Goldens/optimizer_states.pth` has for each case a saved state,
the parameters then and the parameters five steps later.
"""

from pathlib import Path

import safetensors.torch
import torch
import torch.nn.functional as F
from torch import optim

FOLDER = Path(__file__).parent.parent / "HearthNNTests" / "Goldens"
generator = torch.Generator().manual_seed(31)


def uniform(*shape, low=-2.0, high=2.0):
    return torch.rand(shape, generator=generator) * (high - low) + low


class Lion(optim.Optimizer):
    """Algorithm 2 of https://arxiv.org/abs/2302.06675."""

    def __init__(self, params, lr=1e-4, betas=(0.9, 0.99), weight_decay=0.0, maximize=False):
        super().__init__(params, dict(lr=lr, betas=betas, weight_decay=weight_decay, maximize=maximize))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            beta1, beta2 = group["betas"]
            for p in (p for p in group["params"] if p.grad is not None):
                g = -p.grad if group["maximize"] else p.grad
                m = self.state[p].setdefault("exp_avg", torch.zeros_like(p))
                c = beta1 * m + (1 - beta1) * g
                p.copy_(p - group["lr"] * (torch.sign(c) + group["weight_decay"] * p))
                m.copy_(beta2 * m + (1 - beta2) * g)


OPTIMIZERS = {
    "Adadelta": lambda p: optim.Adadelta(p),
    "Adadelta decay": lambda p: optim.Adadelta(p, lr=0.5, rho=0.8, eps=1e-4, weight_decay=0.05),
    "Adadelta maximize": lambda p: optim.Adadelta(p, lr=0.1, maximize=True),
    "Adamax": lambda p: optim.Adamax(p, lr=0.01),
    "Adamax decay": lambda p: optim.Adamax(p, lr=0.01, betas=(0.8, 0.95), eps=1e-5, weight_decay=0.1),
    "Adamax maximize": lambda p: optim.Adamax(p, lr=0.001, maximize=True),
    "NAdam": lambda p: optim.NAdam(p, lr=0.01),
    "NAdam decay": lambda p: optim.NAdam(p, lr=0.01, betas=(0.8, 0.95), eps=1e-5, weight_decay=0.1, momentum_decay=0.02),
    "NAdam decoupled": lambda p: optim.NAdam(p, lr=0.01, weight_decay=0.1, decoupled_weight_decay=True),
    "NAdam maximize": lambda p: optim.NAdam(p, lr=0.001, maximize=True),
    "RAdam": lambda p: optim.RAdam(p, lr=0.01),
    "RAdam decay": lambda p: optim.RAdam(p, lr=0.01, betas=(0.8, 0.95), eps=1e-5, weight_decay=0.1),
    "RAdam decoupled": lambda p: optim.RAdam(p, lr=0.01, weight_decay=0.1, decoupled_weight_decay=True),
    "RAdam maximize": lambda p: optim.RAdam(p, lr=0.001, maximize=True),
    "Rprop": lambda p: optim.Rprop(p, lr=0.01),
    "Rprop etas": lambda p: optim.Rprop(p, lr=0.02, etas=(0.4, 1.3), step_sizes=(1e-4, 0.05)),
    "Rprop maximize": lambda p: optim.Rprop(p, lr=0.0001, step_sizes=(1e-6, 1e-3), maximize=True),
    "ASGD": lambda p: optim.ASGD(p, lr=0.05),
    "ASGD averaging": lambda p: optim.ASGD(p, lr=0.05, lambd=0.01, alpha=0.6, t0=20, weight_decay=0.01),
    "ASGD maximize": lambda p: optim.ASGD(p, lr=0.0001, maximize=True),
    "Adafactor": lambda p: optim.Adafactor(p, lr=0.05),
    "Adafactor decay": lambda p: optim.Adafactor(p, lr=0.02, beta2_decay=-0.6, eps=(1e-5, 1e-2), d=1.5, weight_decay=0.1),
    "Adafactor maximize": lambda p: optim.Adafactor(p, lr=0.001, maximize=True),
    "Lion": lambda p: Lion(p, lr=0.01),
    "Lion decay": lambda p: Lion(p, lr=0.005, betas=(0.8, 0.95), weight_decay=0.2),
    "Lion maximize": lambda p: Lion(p, lr=0.0005, maximize=True),
    "Adam decoupled": lambda p: optim.Adam(p, lr=0.01, weight_decay=0.1, decoupled_weight_decay=True),
}

LBFGS = {
    "LBFGS": lambda p: optim.LBFGS(p, lr=0.1, max_iter=5),
    "LBFGS short memory": lambda p: optim.LBFGS(p, lr=0.1, max_iter=6, history_size=3),
    "LBFGS wolfe": lambda p: optim.LBFGS(p, line_search_fn="strong_wolfe"),
    "LBFGS wolfe short": lambda p: optim.LBFGS(p, lr=0.5, max_iter=4, max_eval=7, history_size=4, line_search_fn="strong_wolfe"),
    "LBFGS maximize": lambda p: optim.LBFGS(p, lr=0.001, max_iter=3, maximize=True),
}

tensors = {"inputs": uniform(16, 4).double(), "targets": uniform(16, 2).double()}
start = [uniform(6, 4), uniform(6), uniform(2, 6), uniform(2), uniform(7)]
for i, p in enumerate(start):
    tensors[f"start/{i}"] = p.double()


def train(name, make, steps=100, change=lambda step, p, o: None, dtype=torch.float64, closure=False):
    p = [x.to(dtype).clone().requires_grad_() for x in start]
    optimizer = make(p)

    def loss():
        for x in p:
            x.grad = None
        hidden = torch.tanh(F.linear(tensors["inputs"].to(dtype), p[0], p[1]))
        loss = F.mse_loss(F.linear(hidden, p[2], p[3]), tensors["targets"].to(dtype)) + (p[4] ** 2).sum() * 0.1
        loss.backward()
        return loss

    for step in range(steps):
        if closure:
            optimizer.step(loss)
        else:
            loss()
            change(step, p, optimizer)
            optimizer.step()
    for i, x in enumerate(p):
        tensors[f"{name}/{i}"] = x.detach().double()
    return optimizer


def forget(step, p, optimizer):
    if step % 3 == 0:
        p[4].grad = None


def anneal(step, p, optimizer):
    for group in optimizer.param_groups:
        group["lr"] *= 0.97
    forget(step, p, optimizer)


for name, make in OPTIMIZERS.items():
    train(f"end/{name}", make)
    train(f"short/{name}", make, 10, dtype=torch.float32)
for name in ("NAdam", "ASGD averaging", "RAdam", "Rprop", "Adafactor", "Adamax", "Adadelta", "Lion"):
    train(f"absent/{name}", OPTIMIZERS[name], 20, anneal)
train("added/Adamax", lambda p: optim.Adamax(p[:2], lr=0.01), 20,
      lambda step, p, o: step == 7 and o.add_param_group({"params": p[2:], "lr": 0.02, "weight_decay": 0.1}))
for name, make in LBFGS.items():
    # The full search takes 20 directions a step; rounding makes paths part after some 50 of them.
    steps = 2 if name == "LBFGS wolfe" else 8
    optimizer = train(f"end/{name}", make, steps, closure=True)
    state = optimizer.state_dict()["state"][0]
    tensors[f"evaluations/{name}"] = torch.tensor([state["func_evals"], state["n_iter"]])
    print(name, state["func_evals"], state["n_iter"])
    train(f"short/{name}", make, 1, closure=True, dtype=torch.float32)

path = FOLDER / "optimizers2.safetensors"
safetensors.torch.save_file({k: v.contiguous() for k, v in tensors.items()}, path)
path.chmod(0o644)
print(path.name, len(tensors), "tensors,", path.stat().st_size, "bytes")


def minimise(p, optimizer, steps):
    """Steps on a loss that a few lines of Swift repeat."""
    for _ in range(steps):
        def loss():
            optimizer.zero_grad()
            loss = sum(((x - i) ** 4).sum() + (x[0] * x[-1]).sum() for i, x in enumerate(p))
            loss.backward()
            return loss
        optimizer.step(loss)


states = {}
for name in ("Adadelta", "Adamax", "NAdam decay", "RAdam", "Rprop", "ASGD averaging", "Adafactor", "LBFGS short memory"):
    p = [uniform(3, 2).double().requires_grad_(), uniform(4).double().requires_grad_()]
    optimizer = {**OPTIMIZERS, **LBFGS}[name](p)
    minimise(p, optimizer, 7)
    saved = optimizer.state_dict()
    saved = {"state": {k: dict(v) for k, v in saved["state"].items()}, "param_groups": saved["param_groups"]}
    buffer = (FOLDER / "scratch").with_suffix(".pth")
    torch.save({"optimizer": saved, "before": [x.detach() for x in p]}, buffer)
    states[name] = torch.load(buffer, weights_only=True)
    buffer.unlink()
    minimise(p, optimizer, 1 if name.startswith("LBFGS") else 5)
    states[name]["after"] = [x.detach() for x in p]
path = FOLDER.parent.parent / "HearthTrainTests" / "Goldens" / "optimizer_states.pth"
torch.save(states, path)
print(path.name, path.stat().st_size, "bytes")
