"""Writes the golden file of the losses and distances that make_networks.py leaves out, for HearthNNTests.

    python Tests/Goldens/make_losses.py

`losses2.safetensors` has cases `name/in0`, `name/out0` and `name/grad0` (of `sum(out * weights)`) in float64; what
stands behind `#` in a name tells inputs apart, not options. `adaptive/…` are the parts of one
AdaptiveLogSoftmaxWithLoss. Focal loss over classes and Dice loss, which PyTorch has not, are written down here.
"""

from pathlib import Path

import safetensors.torch
import torch
import torch.nn.functional as F
from torch import nn
from torchvision.ops import sigmoid_focal_loss

FOLDER = Path(__file__).parent.parent / "HearthNNTests" / "Goldens"
generator = torch.Generator().manual_seed(41)
tensors = {}


def uniform(*shape, low=-2.0, high=2.0):
    return torch.rand(shape, generator=generator, dtype=torch.float64) * (high - low) + low


def classes(*shape, count=5):
    return torch.randint(0, count, shape, generator=generator)


def signs(*shape):
    return classes(*shape, count=2).double() * 2 - 1


def record(name, function, *inputs, leaves=None):
    """`leaves`: how many inputs have gradients; by default all that are floating-point."""
    wanted = [x.is_floating_point() and i < (9 if leaves is None else leaves) for i, x in enumerate(inputs)]
    xs = [x.clone().requires_grad_(w) for x, w in zip(inputs, wanted)]
    out = function(*xs)
    weights = (((torch.arange(out.numel()) * 7 % 11) - 5) / 4).reshape(out.shape).double()
    grads = torch.autograd.grad(out, [x for x, w in zip(xs, wanted) if w], weights, allow_unused=True, materialize_grads=True)
    grads = iter(grads)
    for i, x in enumerate(xs):
        tensors[f"{name}/in{i}"] = inputs[i].clone()
        if wanted[i]:
            tensors[f"{name}/grad{i}"] = next(grads).clone()
    tensors[f"{name}/out0"] = out.detach().clone()


def focal(x, y, weight, gamma, reduction):
    p = x.softmax(1).movedim(1, -1).gather(-1, y.unsqueeze(-1)).squeeze(-1)
    loss = -((1 - p) ** gamma) * p.log()
    if weight is not None:
        loss = loss * weight[y]
    return {"mean": loss.mean, "sum": loss.sum, "none": lambda: loss}[reduction]()


def dice(x, t, squared, smooth, reduction):
    p = x.sigmoid() if x.shape[1] == 1 else x.softmax(1)
    p, t = p.flatten(2), t.flatten(2)
    sizes = (p * p).sum(2) + (t * t).sum(2) if squared else p.sum(2) + t.sum(2)
    loss = 1 - (2 * (p * t).sum(2) + smooth) / (sizes + smooth)
    return {"mean": loss.mean, "sum": loss.sum, "none": lambda: loss}[reduction]()


weight = torch.tensor([0.5, 1.0, 2.0, 0.25, 1.5], dtype=torch.float64)
x, y, z, rows = uniform(4, 5), uniform(4, 5), uniform(4, 5), classes(4)
for r in ("mean", "sum", "none"):
    record(f"margin_ranking {r}", lambda a, b, t: F.margin_ranking_loss(a, b, t, reduction=r), x, y, signs(4, 5), leaves=2)
    record(f"margin_ranking {r} 0.7", lambda a, b, t: F.margin_ranking_loss(a, b, t, margin=0.7, reduction=r), x[0], y[0], signs(5), leaves=2)
    record(f"hinge_embedding {r}", lambda a, t: F.hinge_embedding_loss(a, t, reduction=r), x, signs(4, 5), leaves=1)
    record(f"hinge_embedding {r} 0.5", lambda a, t: F.hinge_embedding_loss(a, t, margin=0.5, reduction=r), x, signs(4, 5), leaves=1)
    record(f"soft_margin {r}", lambda a, t: F.soft_margin_loss(a, t, reduction=r), x, signs(4, 5), leaves=1)
    record(f"cosine_embedding {r}", lambda a, b, t: F.cosine_embedding_loss(a, b, t, reduction=r), x, y, signs(4), leaves=2)
    record(f"cosine_embedding {r} -0.4", lambda a, b, t: F.cosine_embedding_loss(a, b, t, margin=-0.4, reduction=r), x, y, -signs(4), leaves=2)
    record(f"cosine_embedding {r} #vector", lambda a, b, t: F.cosine_embedding_loss(a, b, t, reduction=r), x[0], y[0], torch.tensor(-1.0).double(), leaves=2)
    record(f"triplet {r}", lambda a, b, c: F.triplet_margin_loss(a, b, c, reduction=r), x, y, z)
    record(f"triplet {r} 0.5 p=1", lambda a, b, c: F.triplet_margin_loss(a, b, c, margin=0.5, p=1, reduction=r), x, y, z)
    record(f"triplet {r} 2.5 swap", lambda a, b, c: F.triplet_margin_loss(a, b, c, margin=2.5, swap=True, reduction=r), x, y, z)
    record(f"triplet {r} #vector", lambda a, b, c: F.triplet_margin_loss(a, b, c, reduction=r), x[1], y[1], z[1])
    record(f"triplet_distance {r}", lambda a, b, c: F.triplet_margin_with_distance_loss(a, b, c, reduction=r), x, y, z)
    cosine = lambda a, b: 1 - F.cosine_similarity(a, b)
    record(f"triplet_distance {r} cosine swap", lambda a, b, c: F.triplet_margin_with_distance_loss(a, b, c, distance_function=cosine, margin=0.3, swap=True, reduction=r), x, y, z)
    for p in (1, 2):
        record(f"multi_margin {r} p={p}", lambda a, t: F.multi_margin_loss(a, t, p=p, reduction=r), x, rows)
        record(f"multi_margin {r} p={p} 0.4 weighted", lambda a, t: F.multi_margin_loss(a, t, p=p, margin=0.4, weight=weight, reduction=r), x, rows)
    record(f"multi_margin {r} p=1 #vector", lambda a, t: F.multi_margin_loss(a, t, reduction=r), x[0], rows[0])
    lists = torch.tensor([[3, 0, -1, 1, 1], [-1, 0, 0, 0, 0], [4, 3, 2, 1, 0], [2, -1, -1, 2, -1]])
    record(f"multi_label_margin {r}", lambda a, t: F.multilabel_margin_loss(a, t, reduction=r), x, lists)
    record(f"multi_label_margin {r} #vector", lambda a, t: F.multilabel_margin_loss(a, t, reduction=r), x[0], lists[0])
    marks = classes(4, 5, count=2).double()
    record(f"multi_label_soft_margin {r}", lambda a, t: F.multilabel_soft_margin_loss(a, t, reduction=r), x, marks, leaves=1)
    record(f"multi_label_soft_margin {r} weighted", lambda a, t: F.multilabel_soft_margin_loss(a, t, weight, reduction=r), x, marks, leaves=1)
    counts = classes(4, 5, count=6).double()
    record(f"poisson {r}", lambda a, t: F.poisson_nll_loss(a, t, reduction=r), x, counts, leaves=1)
    record(f"poisson {r} full", lambda a, t: F.poisson_nll_loss(a, t, full=True, reduction=r), x, counts, leaves=1)
    record(f"poisson {r} rate", lambda a, t: F.poisson_nll_loss(a, t, log_input=False, full=True, reduction=r), x.exp(), counts, leaves=1)
    variance = uniform(4, 5, low=0.1, high=2)
    record(f"gaussian {r}", lambda a, t, v: F.gaussian_nll_loss(a, t, v, reduction=r), x, y, variance)
    record(f"gaussian {r} full #column", lambda a, t, v: F.gaussian_nll_loss(a, t, v, full=True, reduction=r), x, y, variance[:, :1])
    record(f"gaussian {r} 0.5 #short", lambda a, t, v: F.gaussian_nll_loss(a, t, v, eps=0.5, reduction=r), x, y, variance[:, 2])
    for alpha, gamma in ((0.25, 2.0), (-1, 2.0), (0.6, 1.5)):
        record(f"sigmoid_focal {r} {alpha} {gamma}", lambda a, t: sigmoid_focal_loss(a, t, alpha, gamma, r), x, marks, leaves=1)
    for w in (None, weight):
        record(f"focal {r}{'' if w is None else ' weighted'}", lambda a, t: focal(a, t, w, 2.0, r), x, rows)
        record(f"focal {r}{'' if w is None else ' weighted'} #images", lambda a, t: focal(a, t, w, 2.0, r), uniform(2, 5, 3), classes(2, 3))
    one_hot = F.one_hot(classes(2, 4, count=3), 3).movedim(-1, 1).double()
    for squared in (False, True):
        s = " squared" if squared else ""
        record(f"dice {r}{s}", lambda a, t: dice(a, t, squared, 1.0, r), uniform(2, 3, 4), one_hot, leaves=1)
        record(f"dice {r}{s} #binary", lambda a, t: dice(a, t, squared, 1.0, r), uniform(2, 1, 3, 2), classes(2, 1, 3, 2, count=2).double(), leaves=1)
        record(f"dice {r}{s} #classes", lambda a, t: dice(a, F.one_hot(t, 3).movedim(-1, 1).double(), squared, 1.0, r), uniform(2, 3, 4), classes(2, 4, count=3))
    for blank, zero in ((0, False), (2, True)):
        labels = torch.tensor([[1, 3, 3, 4], [4, 1, 0, 0], [3, 3, 3, 3]])
        labels = torch.where(labels == 2, 1, labels) if blank == 2 else labels.clamp(min=1)
        name = f"ctc {r} blank={blank}" + (" zero" if zero else "")
        ctc = lambda a, t, n, m: F.ctc_loss(a.log_softmax(2), t, n, m, blank, r, zero)
        lengths, sizes = torch.tensor([8, 6, 7 if not zero else 5]), torch.tensor([4, 2, 4])
        record(f"{name} #padded", ctc, uniform(8, 3, 5), labels, lengths, sizes)
        joined = torch.cat([row[:n] for row, n in zip(labels, sizes)])
        record(f"{name} #joined", ctc, uniform(8, 3, 5), joined, lengths, sizes)
        record(f"{name} #empty", ctc, uniform(4, 2, 5), labels[:2], torch.tensor([4, 3]), torch.tensor([0, 1]))
    record(f"ctc {r} blank=0 #one", lambda a, t, n, m: F.ctc_loss(a.log_softmax(1), t, n[0], m[0], 0, r), uniform(8, 5), torch.tensor([1, 1, 2]), torch.tensor([8]), torch.tensor([3]))

record("cosine_similarity 1", lambda a, b: F.cosine_similarity(a, b), x, y)
record("cosine_similarity 0", lambda a, b: F.cosine_similarity(a, b, dim=0), x, y)
record("cosine_similarity -1 #broadcast", lambda a, b: F.cosine_similarity(a, b, dim=-1), x.unsqueeze(1), y.unsqueeze(0))
for p in (1.0, 2.0, 3.5, float("inf")):
    record(f"pairwise_distance {p}", lambda a, b: F.pairwise_distance(a, b, p), x, y)
    record(f"cdist {p}", lambda a, b: torch.cdist(a, b, p), x, uniform(3, 5))
    record(f"cdist {p} #batch", lambda a, b: torch.cdist(a, b, p), uniform(2, 3, 4), uniform(2, 2, 4))
    record(f"cdist {p} #equal", lambda a, b: torch.cdist(a, b, p), x[:2], x[:2].clone())
    record(f"pdist {p}", lambda a: torch.pdist(a, p), x)
    record(f"pdist {p} #one", lambda a: torch.pdist(a, p), x[:1])
record("pairwise_distance 2.0 keep", lambda a, b: F.pairwise_distance(a, b, keepdim=True), x, y)

torch.manual_seed(0)
module = nn.AdaptiveLogSoftmaxWithLoss(8, 20, cutoffs=[4, 9, 15], div_value=2.0, head_bias=True).double()
a, t = uniform(8, 8), torch.tensor([0, 3, 4, 8, 9, 14, 15, 19])
leaf = a.clone().requires_grad_()
output, loss = module(leaf, t)
named = list(module.named_parameters())
grads = torch.autograd.grad(loss, [leaf] + [p for _, p in named])
for name, value in (("in", a), ("target", t), ("output", output), ("loss", loss), ("grad", grads[0]), ("log_prob", module.log_prob(a)), ("predict", module.predict(a))):
    tensors[f"adaptive/{name}"] = value.detach().clone()
for (name, p), g in zip(named, grads[1:]):
    tensors[f"adaptive/state/{name}"], tensors[f"adaptive/stategrad/{name}"] = p.detach().clone(), g.clone()

path = FOLDER / "losses2.safetensors"
safetensors.torch.save_file({k: v.contiguous() for k, v in tensors.items()}, path)
path.chmod(0o644)
print(path.name, len(tensors), "tensors,", path.stat().st_size, "bytes")
