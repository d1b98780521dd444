"""Writes `image_layers.safetensors.gz` of HearthNNTests with PyTorch: convolutions, pooling, normalisation, padding and
resizing as modules.

    python Tests/Goldens/make_image_layers.py

A case `BatchNorm2d/in0` … is a layer that was called in training mode, once for each input, and once more in evaluation:
`out0`, `out1`, …, and `eval`. `grad` is the gradient of the first input for the loss of the first result, `state/…` what
the layer started with, `stategrad/…` the gradients of its parameters and `after/…` its buffers at the end. The weights of
a loss are those of make_operations.py.
"""

import gzip
from pathlib import Path

import safetensors.torch
import torch
from torch import nn

FILE = Path(__file__).parent.parent / "HearthNNTests" / "Goldens" / "image_layers.safetensors.gz"
generator = torch.Generator().manual_seed(31)
tensors = {}


def uniform(*shape):
    return torch.rand(shape, generator=generator, dtype=torch.float64) * 2 - 1


def weights(x):
    return (((torch.arange(x.numel()) * 7 % 11) - 5) / 4).reshape(x.shape).to(x.dtype)


def layer(name, module, *shapes):
    module.double()
    with torch.no_grad():
        for p in module.parameters():
            p.copy_(uniform(*p.shape))
    for key, value in module.state_dict().items():
        tensors[f"{name}/state/{key}"] = value.clone()
    inputs = [uniform(*shape) for shape in shapes]
    first = inputs[0].clone().requires_grad_()
    module.train()
    for i, x in enumerate(inputs):
        tensors[f"{name}/in{i}"] = x
        y = module(first if i == 0 else x)
        tensors[f"{name}/out{i}"] = y.detach().clone().contiguous()
        if i == 0:
            parameters = list(module.named_parameters())
            gradients = torch.autograd.grad(y, [first] + [p for _, p in parameters], weights(y))
            tensors[f"{name}/grad"] = gradients[0].contiguous().clone()
            for (key, _), g in zip(parameters, gradients[1:]):
                tensors[f"{name}/stategrad/{key}"] = g.contiguous().clone()
    module.eval()
    tensors[f"{name}/eval"] = module(inputs[0]).detach().clone().contiguous()
    for key, value in module.named_buffers():
        tensors[f"{name}/after/{key}"] = value.clone()


layer("Conv1d", nn.Conv1d(2, 3, 3), (2, 2, 6))
layer("Conv1d circular", nn.Conv1d(2, 4, 3, padding=2, padding_mode="circular", groups=2, bias=False), (2, 2, 6))
layer("Conv2d", nn.Conv2d(2, 3, 3, padding=1), (2, 2, 4, 5))
layer("Conv2d strided", nn.Conv2d(4, 2, (3, 2), stride=(2, 1), padding=(1, 0), dilation=(1, 2), groups=2), (1, 4, 6, 5))
layer("Conv2d reflect same", nn.Conv2d(2, 2, (2, 3), padding="same", padding_mode="reflect"), (1, 2, 4, 5))
layer("Conv2d replicate", nn.Conv2d(2, 2, 3, padding=(2, 1), padding_mode="replicate"), (1, 2, 4, 5))
layer("Conv2d valid unbatched", nn.Conv2d(2, 2, 3, padding="valid"), (2, 4, 5))
layer("Conv3d", nn.Conv3d(2, 2, 2, padding=(0, 1, 0)), (1, 2, 3, 2, 4))
layer("ConvTranspose1d", nn.ConvTranspose1d(2, 3, 3, stride=2, output_padding=1), (2, 2, 4))
layer("ConvTranspose2d", nn.ConvTranspose2d(4, 2, 3, stride=2, padding=1, output_padding=1, groups=2), (1, 4, 3, 3))
layer("ConvTranspose3d", nn.ConvTranspose3d(2, 2, 2, bias=False), (1, 2, 2, 2, 3))
layer("MaxPool1d", nn.MaxPool1d(2), (2, 2, 5))
layer("MaxPool2d", nn.MaxPool2d(3, stride=2, padding=1, ceil_mode=True), (1, 2, 6, 6))
layer("MaxPool3d", nn.MaxPool3d((1, 2, 2)), (1, 2, 2, 4, 4))
layer("AvgPool1d", nn.AvgPool1d(3, stride=1), (2, 2, 5))
layer("AvgPool2d", nn.AvgPool2d(3, stride=2, padding=1, count_include_pad=False), (1, 2, 6, 6))
layer("AvgPool3d", nn.AvgPool3d(2, divisor_override=3), (1, 2, 2, 4, 4))
layer("LPPool2d", nn.LPPool2d(2, 2), (1, 2, 4, 4))
for d in (1, 2, 3):
    shape = (1, 2, 5, 4, 3)[: d + 2]
    layer(f"AdaptiveAvgPool{d}d", getattr(nn, f"AdaptiveAvgPool{d}d")(2), shape)
    layer(f"AdaptiveMaxPool{d}d", getattr(nn, f"AdaptiveMaxPool{d}d")(2), shape)
    layer(f"BatchNorm{d}d", getattr(nn, f"BatchNorm{d}d")(2), (3, *shape[1:]), (2, *shape[1:]))
    layer(f"InstanceNorm{d}d", getattr(nn, f"InstanceNorm{d}d")(2, affine=True, track_running_stats=True), (3, *shape[1:]), (2, *shape[1:]))
    layer(f"ReflectionPad{d}d", getattr(nn, f"ReflectionPad{d}d")(1), shape)
    layer(f"ReplicationPad{d}d", getattr(nn, f"ReplicationPad{d}d")(2), shape)
    layer(f"CircularPad{d}d", getattr(nn, f"CircularPad{d}d")(1), shape)
    layer(f"ZeroPad{d}d", getattr(nn, f"ZeroPad{d}d")(1), shape)
    layer(f"ConstantPad{d}d", getattr(nn, f"ConstantPad{d}d")(1, 0.5), shape)
layer("BatchNorm1d vectors", nn.BatchNorm1d(3), (4, 3), (5, 3))
layer("BatchNorm2d cumulative", nn.BatchNorm2d(2, momentum=None), (2, 2, 2, 2), (2, 2, 3, 2), (2, 2, 2, 2))
layer("BatchNorm2d plain", nn.BatchNorm2d(2, eps=0.1, affine=False, track_running_stats=False), (2, 2, 2, 2))
layer("InstanceNorm2d plain", nn.InstanceNorm2d(2), (2, 2, 3, 3))
layer("InstanceNorm2d unbatched", nn.InstanceNorm2d(2), (2, 3, 3))
layer("GroupNorm", nn.GroupNorm(2, 4), (2, 4, 3, 2))
layer("LayerNorm", nn.LayerNorm((3, 2)), (2, 3, 2))
layer("LayerNorm no bias", nn.LayerNorm(4, bias=False), (2, 3, 4))
layer("LayerNorm plain", nn.LayerNorm(4, elementwise_affine=False), (2, 3, 4))
layer("RMSNorm", nn.RMSNorm(4), (2, 3, 4))
layer("LocalResponseNorm", nn.LocalResponseNorm(3, alpha=0.1), (2, 4, 2, 2))
layer("Upsample", nn.Upsample(scale_factor=2), (1, 2, 3, 2))
layer("Upsample bilinear", nn.Upsample(size=(5, 4), mode="bilinear"), (1, 2, 3, 2))
layer("UpsamplingBilinear2d", nn.UpsamplingBilinear2d(scale_factor=2), (1, 2, 3, 2))
layer("Unfold", nn.Unfold(2, stride=2), (1, 2, 4, 4))
layer("Fold", nn.Fold((4, 4), 2, stride=2), (1, 8, 4))
layer("PixelShuffle", nn.PixelShuffle(2), (1, 4, 2, 3))
layer("PixelUnshuffle", nn.PixelUnshuffle(2), (1, 2, 4, 2))
layer("ChannelShuffle", nn.ChannelShuffle(2), (1, 4, 2, 2))
FILE.write_bytes(gzip.compress(safetensors.torch.save(tensors), 9, mtime=0))
print(len({name.split("/")[0] for name in tensors}), "layers,", FILE.stat().st_size, "bytes")
