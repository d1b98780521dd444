"""Writes the golden files of the networks in HearthVisionTests with PyTorch and torchvision.

    python Tests/Goldens/make_models.py

`models.json.gz` has for every network of torchvision's the number of parameters, and names and shapes of the state dict
in its order. `models.safetensors.gz` has for some of them, and for small ones built like them, what they compute: with
weights and images that a rule gives (see `numbers`), so that neither is stored.

    name/logits      of two images, in evaluation
    name/loss        the cross entropy with the classes 1 and 3, while training, without dropout
    name/gradients   for each parameter the product of its gradient with `numbers`, and its length
    name/noise       how far PyTorch's own float32 is from its float64 in the three, as the test measures it

All are computed in float64. The auxiliary head of `inception_v3` needs large images, so it is left out there, and
`inception_v3_aux/logits` is what it says of images of 299 × 299 while training.
"""

import gzip
import json
import sys
from pathlib import Path

import numpy as np
import safetensors.torch
import torch
import torchvision
from torch import nn
from torchvision import models

FOLDER = Path(__file__).parent.parent / "HearthVisionTests" / "Goldens"
VALUES = [
    "alexnet", "vgg11_bn", "resnet18", "resnet50", "resnext50_32x4d", "densenet121", "squeezenet1_0", "squeezenet1_1",
    "googlenet", "inception_v3", "mobilenet_v2", "mobilenet_v3_small", "mobilenet_v3_large", "mnasnet0_5",
    "shufflenet_v2_x0_5", "shufflenet_v2_x1_0", "efficientnet_b0", "efficientnet_b5", "efficientnet_v2_s",
    "regnet_y_400mf", "regnet_x_400mf", "convnext_tiny", "swin_t",
]
SIZES = {"inception_v3": 96, "inception_v3_aux": 299, "vit": 24, "vit_pre_logits": 24, "swin": 40, "swin_v2": 40, "lenet": 28}


def numbers(count, seed):
    """In -0.5 ..< 0.5, by mixing the bits of the position."""
    with np.errstate(over="ignore"):
        x = (np.arange(count, dtype=np.uint32) + np.uint32(seed * 7919 + 1)) * np.uint32(0x9E3779B1)
        x ^= x >> np.uint32(15)
        x *= np.uint32(0x85EBCA77)
        x ^= x >> np.uint32(13)
    return (x >> np.uint32(8)).astype(np.float64) / 2**24 - 0.5


def fill(model):
    """Weights of variance 1 / fan-in, normalisations near the identity."""
    with torch.no_grad():
        for position, (name, tensor) in enumerate(model.state_dict().items()):
            if not tensor.is_floating_point() or name.endswith("relative_coords_table"):
                continue
            u = numbers(tensor.numel(), position)
            fan_in = int(np.prod(tensor.shape[1:]))
            if name.endswith(("running_var", ".weight")) and tensor.dim() == 1:
                u = 1 + 0.5 * u
            elif tensor.dim() > 1 and fan_in > 1:
                u = u * np.sqrt(12 / fan_in)
            else:
                u = 0.2 * u
            tensor.copy_(torch.from_numpy(u.astype(np.float32)).reshape(tensor.shape))
    for module in model.modules():
        if isinstance(module, (nn.Dropout, torchvision.ops.StochasticDepth)):
            module.p = 0
    return model


class LeNet(nn.Module):
    def __init__(self, num_classes):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 6, 5, padding=2)
        self.conv2 = nn.Conv2d(6, 16, 5)
        self.fc1 = nn.Linear(400, 120)
        self.fc2 = nn.Linear(120, 84)
        self.fc3 = nn.Linear(84, num_classes)

    def forward(self, x):
        x = nn.functional.avg_pool2d(self.conv1(x).tanh(), 2)
        x = nn.functional.avg_pool2d(self.conv2(x).tanh(), 2)
        return self.fc3(self.fc2(self.fc1(x.flatten(1)).tanh()).tanh())


def build(name):
    swin = models.swin_transformer
    shape = {"patch_size": [4, 4], "embed_dim": 32, "depths": [2, 2], "num_heads": [2, 4], "window_size": [4, 4]}
    vit = {"image_size": 24, "patch_size": 8, "num_layers": 3, "num_heads": 4, "hidden_dim": 64, "mlp_dim": 96}
    if name == "lenet":
        return LeNet(10)
    if name == "vit":
        return models.VisionTransformer(**vit, num_classes=10)
    if name == "vit_pre_logits":
        return models.VisionTransformer(**vit, num_classes=10, representation_size=48)
    if name == "swin":
        return models.SwinTransformer(**shape, num_classes=10)
    if name == "swin_v2":
        return models.SwinTransformer(
            **shape, num_classes=10, block=swin.SwinTransformerBlockV2, downsample_layer=swin.PatchMergingV2)
    options = {"aux_logits": False} if name == "inception_v3" else {}
    return models.get_model(name, num_classes=10, **options)


def images(name):
    size = SIZES.get(name, 64)
    shape = (2, 1 if name == "lenet" else 3, size, size)
    return torch.from_numpy(4 * numbers(int(np.prod(shape)), 999).astype(np.float32)).reshape(shape)


def results(model, x):
    logits = model.eval()(x).detach()
    out = model.train()(x)
    heads, weights = ([out], [1]) if torch.is_tensor(out) else (list(out), [1] + [0.3] * (len(out) - 1))
    target = torch.tensor([1, 3])
    loss = sum(w * nn.functional.cross_entropy(head, target) for w, head in zip(weights, heads))
    parameters = list(model.parameters())
    gradients = torch.autograd.grad(loss, parameters)
    rows = [
        [float(g.flatten().double() @ torch.from_numpy(numbers(g.numel(), i))), float(g.double().norm())]
        for i, g in enumerate(gradients)
    ]
    return logits.double(), loss.detach().double(), torch.tensor(rows, dtype=torch.float64)


def errors(found, expected):
    """The measures of the test: relative to the largest logit, to the loss, and to the length of a gradient with a
    thousandth of the length of all of them."""
    logits = (found[0] - expected[0]).abs().max() / expected[0].abs().max()
    loss = (found[1] - expected[1]).abs() / expected[1].abs()
    lengths = expected[2][:, 1:]
    gradients = ((found[2] - expected[2]).abs() / (lengths + 1e-3 * lengths.norm())).max()
    return torch.stack([logits, loss, gradients])


def values():
    tensors = {}
    for name in ["lenet", "vit", "vit_pre_logits", "swin", "swin_v2"] + VALUES:
        model, x = fill(build(name)), images(name)
        # Running averages move while training; evaluation comes first.
        single = results(model, x)
        exact = results(fill(model).double(), x.double())
        noise = errors(single, exact)
        print(f"{name:22} logits {exact[0].abs().max():9.3g}  loss {exact[1]:8.4f}  noise", [f"{e:.1e}" for e in noise])
        sys.stdout.flush()
        tensors[f"{name}/logits"] = exact[0]
        tensors[f"{name}/loss"] = exact[1]
        tensors[f"{name}/gradients"] = exact[2].float()
        tensors[f"{name}/noise"] = noise
    model = fill(models.inception_v3(num_classes=10)).double().train()
    with torch.no_grad():
        tensors["inception_v3_aux/logits"] = model(images("inception_v3_aux").double())[1]
    (FOLDER / "models.safetensors.gz").write_bytes(gzip.compress(safetensors.torch.save(tensors), 9, mtime=0))


def keys():
    # Weights that are only counted need no values.
    for name in [n for n in vars(nn.init) if n.endswith("_") and not n.startswith("_")]:
        setattr(nn.init, name, lambda tensor, *_, **__: tensor)
    table = {}
    for name in models.list_models(module=models):
        if name == "maxvit_t":
            continue
        model = models.get_model(name)
        table[name] = {
            "parameters": sum(p.numel() for p in model.parameters()),
            "tensors": [[key, list(tensor.shape)] for key, tensor in model.state_dict().items()],
        }
    text = json.dumps(table, separators=(",", ":"))
    (FOLDER / "models.json.gz").write_bytes(gzip.compress(text.encode(), 9, mtime=0))


if __name__ == "__main__":
    torch.set_num_threads(2)
    values()
    keys()
