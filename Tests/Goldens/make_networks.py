"""Writes the golden files of HearthNNTests with PyTorch: layers, losses and the paths that optimizers take.

    python Tests/Goldens/make_networks.py

`layers` and `losses` have cases `name/in0`, `name/out0`, `name/grad0` (of the loss `sum(out * weights)`, see
make_operations.py) and `name/state/weight`. `optimizers` has for each case `name/start/i` and `name/step/i`: the
parameters before and after all steps, `name/inputs` and `name/targets` of the regression that they are trained on.
"""

from pathlib import Path

import safetensors.torch
import torch
import torch.nn.functional as F
from torch import nn, optim

FOLDER = Path(__file__).parent.parent / "HearthNNTests" / "Goldens"
generator = torch.Generator().manual_seed(21)


def uniform(*shape, low=-2.0, high=2.0):
    return torch.rand(shape, generator=generator) * (high - low) + low


def classes(*shape, count=5):
    return torch.randint(0, count, shape, generator=generator)


def weights(x):
    return (((torch.arange(x.numel()) * 7 % 11) - 5) / 4).reshape(x.shape).to(x.dtype)


def record(tensors, name, function, inputs, state=None, count=2):
    leaves = [x.clone().requires_grad_(x.is_floating_point() and i < count) for i, x in enumerate(inputs)]
    out = function(*leaves)
    parameters = list((state or {}).items())
    wanted = [x for x in leaves if x.requires_grad] + [p for _, p in parameters]
    gradients = torch.autograd.grad(out, wanted, weights(out), allow_unused=True, materialize_grads=True)
    for i, x in enumerate(inputs):
        tensors[f"{name}/in{i}"] = x.clone()
    tensors[f"{name}/out0"] = out.detach().clone().contiguous()
    for i, x in enumerate(leaves):
        if x.requires_grad:
            tensors[f"{name}/grad{i}"] = gradients[[w is x for w in wanted].index(True)].clone().contiguous()
    for (key, p), g in zip(parameters, gradients[len(wanted) - len(parameters):]):
        tensors[f"{name}/state/{key}"] = p.detach().clone()
        tensors[f"{name}/stategrad/{key}"] = g.clone()


def losses():
    tensors = {}
    logits, labels = uniform(6, 5), classes(6)
    images, marks = uniform(2, 5, 3, 2), classes(2, 3, 2)
    some = labels.clone()
    some[1] = some[4] = -100
    some_marks = marks.clone()
    some_marks[0, 1] = 2
    weight = torch.tensor([0.5, 1.0, 2.0, 0.25, 1.5])
    probabilities = uniform(6, 5).softmax(1)
    for reduction in ("mean", "sum", "none"):
        for smoothing in (0, 0.1):
            for weighted in (False, True):
                def loss(x, y, ignore=-100):
                    return F.cross_entropy(x, y, weight if weighted else None, ignore_index=ignore, reduction=reduction, label_smoothing=smoothing)
                name = f"cross_entropy {reduction} {smoothing}" + (" weighted" if weighted else "")
                record(tensors, f"{name}", loss, [logits, labels])
                record(tensors, f"{name} #ignored", loss, [logits, some])
                record(tensors, f"{name} #images", loss, [images, marks])
                record(tensors, f"{name} #vector", loss, [uniform(5), torch.tensor(3)])
                record(tensors, f"{name} #probabilities", loss, [logits, probabilities])
                record(tensors, f"{name} #probabilities images", loss, [images, uniform(2, 5, 3, 2).softmax(1)])
                record(tensors, f"{name} ignore=2 #images", lambda x, y: loss(x, y, 2), [images, some_marks])
        for weighted in (False, True):
            w = weight if weighted else None
            name = f"nll {reduction}" + (" weighted" if weighted else "")
            loss = lambda x, y: F.nll_loss(x, y, w, reduction=reduction)
            record(tensors, name, loss, [logits.log_softmax(1), labels])
            record(tensors, f"{name} #ignored", loss, [logits.log_softmax(1), some])
            record(tensors, f"{name} #images", loss, [images.log_softmax(1), marks])
            record(tensors, f"{name} #vector", loss, [uniform(5).log_softmax(0), torch.tensor(1)])
            p, t = uniform(6, 5, low=0.01, high=0.99), uniform(6, 5, low=0, high=1)
            name = f"bce {reduction}" + (" weighted" if weighted else "")
            record(tensors, name, lambda x, y: F.binary_cross_entropy(x, y, w, reduction=reduction), [p, t])
            record(tensors, f"{name} #certain", lambda x, y: F.binary_cross_entropy(x, y, w[:2] if weighted else None, reduction=reduction),
                   [torch.tensor([[0.0, 1.0], [1.0, 0.5]]), torch.tensor([[0.0, 0.0], [1.0, 1.0]])], count=1)
            for positive in (False, True):
                name = f"bce_logits {reduction}" + (" weighted" if weighted else "") + (" positive" if positive else "")
                loss = lambda x, y: F.binary_cross_entropy_with_logits(x, y, w, reduction=reduction, pos_weight=weight.flip(0) if positive else None)
                record(tensors, name, loss, [logits * 4, t])
                record(tensors, f"{name} #large", loss, [torch.tensor([[100.0, -100.0, 0.0, 80.0, -80.0]]), torch.tensor([[1.0, 0.0, 0.5, 0.0, 1.0]])])
        x, y = uniform(3, 4), uniform(3, 4)
        record(tensors, f"mse {reduction}", lambda x, y: F.mse_loss(x, y, reduction=reduction), [x, y])
        record(tensors, f"l1 {reduction}", lambda x, y: F.l1_loss(x, y, reduction=reduction), [x, y])
        for delta in (1.0, 0.3):
            record(tensors, f"huber {reduction} {delta}", lambda x, y: F.huber_loss(x, y, reduction=reduction, delta=delta), [x, y])
            record(tensors, f"smooth_l1 {reduction} {delta}", lambda x, y: F.smooth_l1_loss(x, y, reduction=reduction, beta=delta), [x, y])
        record(tensors, f"smooth_l1 {reduction} 0.0", lambda x, y: F.smooth_l1_loss(x, y, reduction=reduction, beta=0.0), [x, y])
    for reduction in ("mean", "sum", "none", "batchmean"):
        record(tensors, f"kl_div {reduction}", lambda x, y: F.kl_div(x, y, reduction=reduction), [logits.log_softmax(1), probabilities])
        record(tensors, f"kl_div {reduction} log", lambda x, y: F.kl_div(x, y, reduction=reduction, log_target=True), [logits.log_softmax(1), probabilities.log()])
    record(tensors, "kl_div mean #zero", lambda x, y: F.kl_div(x, y), [logits.log_softmax(1), F.one_hot(labels, 5).float()])
    return tensors


def layers():
    tensors = {}

    def layer(name, module, *inputs):
        torch.manual_seed(len(tensors))
        for p in module.parameters():
            with torch.no_grad():
                p.copy_(uniform(*p.shape))
        record(tensors, name, module, list(inputs), dict(module.named_parameters()))

    layer("Linear", nn.Linear(4, 3), uniform(5, 4))
    layer("Linear no bias", nn.Linear(4, 3, bias=False), uniform(2, 5, 4))
    layer("Bilinear", nn.Bilinear(3, 4, 2), uniform(5, 3), uniform(5, 4))
    layer("Bilinear no bias", nn.Bilinear(3, 4, 2, bias=False), uniform(2, 5, 3), uniform(2, 5, 4))
    layer("Embedding", nn.Embedding(6, 3), classes(2, 4, count=6))
    layer("Embedding padding", nn.Embedding(6, 3, padding_idx=2), torch.tensor([[2, 1, 2], [0, 2, 5]]))
    layer("Embedding padding last", nn.Embedding(6, 3, padding_idx=-1), torch.tensor([[5, 1, 2], [0, 5, 5]]))
    layer("MLP", nn.Sequential(nn.Flatten(), nn.Linear(6, 5), nn.Tanh(), nn.Linear(5, 3), nn.LogSoftmax(1)), uniform(4, 2, 3))
    layer("Flatten", nn.Flatten(), uniform(2, 3, 2))
    layer("Flatten 0,1", nn.Flatten(0, 1), uniform(2, 3, 2))
    layer("Unflatten", nn.Unflatten(1, (2, 3)), uniform(2, 6))
    layer("Identity", nn.Identity(), uniform(2, 6))
    activations = {
        "ReLU": nn.ReLU(), "ReLU6": nn.ReLU6(), "Sigmoid": nn.Sigmoid(), "LogSigmoid": nn.LogSigmoid(), "Tanh": nn.Tanh(),
        "SiLU": nn.SiLU(), "Mish": nn.Mish(), "Softsign": nn.Softsign(), "Hardsigmoid": nn.Hardsigmoid(),
        "Hardswish": nn.Hardswish(), "SELU": nn.SELU(), "Tanhshrink": nn.Tanhshrink(), "GELU": nn.GELU(),
        "GELU tanh": nn.GELU("tanh"), "Softplus": nn.Softplus(), "Softplus 2 1": nn.Softplus(2, 1), "Hardtanh": nn.Hardtanh(),
        "Hardtanh -2 1": nn.Hardtanh(-2, 1), "LeakyReLU": nn.LeakyReLU(), "LeakyReLU 0.2": nn.LeakyReLU(0.2), "ELU": nn.ELU(),
        "ELU 0.5": nn.ELU(0.5), "CELU": nn.CELU(), "CELU 0.5": nn.CELU(0.5), "Softshrink": nn.Softshrink(), "Softshrink 1": nn.Softshrink(1),
        "Hardshrink": nn.Hardshrink(), "Hardshrink 1": nn.Hardshrink(1), "GLU": nn.GLU(), "GLU 0": nn.GLU(0), "Softmax 1": nn.Softmax(1),
        "LogSoftmax 0": nn.LogSoftmax(0), "Softmin 1": nn.Softmin(1), "Threshold 1 20": nn.Threshold(1, 20), "PReLU": nn.PReLU(),
        "PReLU 6": nn.PReLU(6), "RReLU eval": nn.RReLU().eval(),
    }
    for name, module in activations.items():
        layer(name, module, uniform(4, 6, low=-4, high=4))
    layer("Softmax2d", nn.Softmax2d(), uniform(2, 3, 2, 2))
    return tensors


OPTIMIZERS = {
    "SGD": lambda p: optim.SGD(p, lr=0.05),
    "SGD momentum": lambda p: optim.SGD(p, lr=0.05, momentum=0.9),
    "SGD dampening": lambda p: optim.SGD(p, lr=0.05, momentum=0.9, dampening=0.3, weight_decay=0.01),
    "SGD nesterov": lambda p: optim.SGD(p, lr=0.02, momentum=0.9, nesterov=True, weight_decay=0.01),
    "SGD maximize": lambda p: optim.SGD(p, lr=0.0001, momentum=0.5, weight_decay=0.1, maximize=True),
    "Adam": lambda p: optim.Adam(p, lr=0.01),
    "Adam decay": lambda p: optim.Adam(p, lr=0.01, betas=(0.8, 0.95), eps=1e-6, weight_decay=0.1),
    "Adam amsgrad": lambda p: optim.Adam(p, lr=0.02, amsgrad=True),
    "Adam maximize": lambda p: optim.Adam(p, lr=0.001, maximize=True, weight_decay=0.1),
    "AdamW": lambda p: optim.AdamW(p, lr=0.01),
    "AdamW decay amsgrad": lambda p: optim.AdamW(p, lr=0.02, weight_decay=0.2, amsgrad=True, eps=1e-5),
    "AdamW maximize": lambda p: optim.AdamW(p, lr=0.001, maximize=True),
    "RMSprop": lambda p: optim.RMSprop(p, lr=0.005),
    "RMSprop momentum": lambda p: optim.RMSprop(p, lr=0.002, alpha=0.9, momentum=0.8, weight_decay=0.05),
    "RMSprop centered": lambda p: optim.RMSprop(p, lr=0.002, centered=True, eps=1e-3),
    "RMSprop centered momentum": lambda p: optim.RMSprop(p, lr=0.001, centered=True, momentum=0.5, eps=1e-3),
    "Adagrad": lambda p: optim.Adagrad(p, lr=0.05),
    "Adagrad decay": lambda p: optim.Adagrad(p, lr=0.1, lr_decay=0.05, weight_decay=0.02, initial_accumulator_value=0.1, eps=1e-6),
    "Adagrad maximize": lambda p: optim.Adagrad(p, lr=0.001, maximize=True),
}


def optimizers():
    tensors = {"inputs": uniform(16, 4).double(), "targets": uniform(16, 2).double()}
    start = [uniform(6, 4), uniform(6), uniform(2, 6), uniform(2), uniform(7)]
    for i, p in enumerate(start):
        tensors[f"start/{i}"] = p.double()

    def train(name, make, steps=100, change=lambda step, p: None, dtype=torch.float64):
        p = [x.to(dtype).clone().requires_grad_() for x in start]
        optimizer = make(p)
        for step in range(steps):
            optimizer.zero_grad()
            hidden = torch.tanh(F.linear(tensors["inputs"].to(dtype), p[0], p[1]))
            loss = F.mse_loss(F.linear(hidden, p[2], p[3]), tensors["targets"].to(dtype)) + (p[4] ** 2).sum() * 0.1
            loss.backward()
            change(step, p)
            optimizer.step()
        for i, x in enumerate(p):
            tensors[f"{name}/{i}"] = x.detach().double()

    for name, make in OPTIMIZERS.items():
        train(f"end/{name}", make)
        train(f"short/{name}", make, 10, dtype=torch.float32)

    def forget(step, p):
        if step % 3 == 0:
            p[4].grad = None

    for name in ("SGD momentum", "Adam", "RMSprop", "Adagrad decay"):
        train(f"absent/{name}", OPTIMIZERS[name], 20, forget)
    groups = lambda p: optim.Adam([{"params": p[:2]}, {"params": p[2:], "lr": 0.1, "weight_decay": 0.1}], lr=0.01)
    train("groups/Adam", groups, 30)
    train("clip/norm", OPTIMIZERS["SGD"], 20, lambda step, p: torch.nn.utils.clip_grad_norm_(p, 0.5))
    train("clip/norm 1", OPTIMIZERS["SGD"], 20, lambda step, p: torch.nn.utils.clip_grad_norm_(p, 0.5, norm_type=1))
    train("clip/norm inf", OPTIMIZERS["SGD"], 20, lambda step, p: torch.nn.utils.clip_grad_norm_(p, 0.1, norm_type=float("inf")))
    train("clip/value", OPTIMIZERS["SGD"], 20, lambda step, p: torch.nn.utils.clip_grad_value_(p, 0.05))
    return tensors


FOLDER.mkdir(exist_ok=True)
for make in (losses, layers, optimizers):
    tensors = make()
    path = FOLDER / f"{make.__name__}.safetensors"
    safetensors.torch.save_file({k: v.contiguous() for k, v in tensors.items()}, path)
    path.chmod(0o644)
    print(path.name, len(tensors), "tensors,", path.stat().st_size, "bytes")
