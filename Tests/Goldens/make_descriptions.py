"""Writes how PyTorch prints modules, for HearthNNTests.

    python Tests/Goldens/make_descriptions.py

`descriptions.json` has the text of each module under the name that the test gives its own.
"""

import json
from pathlib import Path

from torch import nn

FOLDER = Path(__file__).parent.parent / "HearthNNTests" / "Goldens"


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(4, 8)
        self.blocks = nn.ModuleList([nn.Linear(8, 8), nn.Linear(8, 8), nn.ReLU(), nn.Linear(8, 8), nn.Linear(8, 8)])
        self.head = nn.Sequential(nn.Flatten(), nn.Linear(8, 2, bias=False))


MODULES = {
    "relu": nn.ReLU(), "sigmoid": nn.Sigmoid(), "gelu": nn.GELU(), "gelu tanh": nn.GELU(approximate="tanh"),
    "softplus": nn.Softplus(beta=2.0, threshold=10.0), "hardtanh": nn.Hardtanh(-2.0, 3.0),
    "leaky relu": nn.LeakyReLU(0.2), "elu": nn.ELU(0.5), "celu": nn.CELU(1.5), "softshrink": nn.Softshrink(0.3),
    "hardshrink": nn.Hardshrink(), "glu": nn.GLU(), "softmax": nn.Softmax(dim=1), "log softmax": nn.LogSoftmax(dim=-1),
    "softmin": nn.Softmin(dim=0), "threshold": nn.Threshold(0.1, 20.0), "prelu": nn.PReLU(3), "softmax2d": nn.Softmax2d(),
    "rrelu": nn.RReLU(0.1, 0.3), "linear": nn.Linear(3, 4), "linear plain": nn.Linear(3, 4, bias=False),
    "bilinear": nn.Bilinear(3, 4, 5), "dropout": nn.Dropout(0.25), "dropout2d": nn.Dropout2d(),
    "alpha dropout": nn.AlphaDropout(0.1), "feature alpha dropout": nn.FeatureAlphaDropout(),
    "conv1d": nn.Conv1d(4, 8, 3), "conv2d": nn.Conv2d(4, 8, (3, 5), stride=2, padding=(1, 2), bias=False),
    "conv2d same": nn.Conv2d(4, 8, 3, padding="same", dilation=2, groups=2, padding_mode="reflect"),
    "conv2d valid": nn.Conv2d(4, 8, 3, padding="valid"), "conv3d": nn.Conv3d(1, 2, 3, padding=1),
    "conv transpose2d": nn.ConvTranspose2d(4, 8, 3, stride=2, padding=1, output_padding=1, dilation=2, groups=2),
    "conv transpose1d": nn.ConvTranspose1d(4, 6, 3, bias=False),
    "embedding": nn.Embedding(10, 3), "embedding options": nn.Embedding(
        10, 3, padding_idx=2, max_norm=1.5, norm_type=1.0, scale_grad_by_freq=True),
    "embedding bag": nn.EmbeddingBag(10, 3), "embedding bag options": nn.EmbeddingBag(
        10, 3, mode="sum", padding_idx=1, max_norm=2.0, scale_grad_by_freq=True),
    "batch norm": nn.BatchNorm2d(6), "batch norm options": nn.BatchNorm1d(
        6, eps=0.001, momentum=None, affine=False, track_running_stats=False),
    "instance norm": nn.InstanceNorm2d(6), "layer norm": nn.LayerNorm(10), "layer norm plain": nn.LayerNorm(
        (3, 4), elementwise_affine=False), "rms norm": nn.RMSNorm(8), "group norm": nn.GroupNorm(2, 6),
    "group norm plain": nn.GroupNorm(3, 6, affine=False), "local response norm": nn.LocalResponseNorm(5),
    "constant pad": nn.ConstantPad2d((1, 2, 3, 4), 0.5), "zero pad": nn.ZeroPad2d(2),
    "reflection pad": nn.ReflectionPad1d(3), "replication pad": nn.ReplicationPad2d((1, 1, 2, 2)),
    "circular pad": nn.CircularPad1d((1, 2)), "adaptive avg pool": nn.AdaptiveAvgPool2d(1),
    "adaptive max pool": nn.AdaptiveMaxPool2d((5, 7)), "avg pool1d": nn.AvgPool1d(2),
    "avg pool2d": nn.AvgPool2d((2, 3), stride=1, padding=1), "max pool": nn.MaxPool2d(2),
    "max pool options": nn.MaxPool2d((3, 2), stride=2, padding=1, dilation=2, ceil_mode=True),
    "max unpool": nn.MaxUnpool2d(2), "lp pool": nn.LPPool2d(2.0, 3), "fractional": nn.FractionalMaxPool2d(3, output_size=5),
    "rnn": nn.RNN(5, 6), "lstm": nn.LSTM(5, 6, num_layers=2, batch_first=True, dropout=0.1, bidirectional=True),
    "lstm projected": nn.LSTM(5, 6, bias=False, proj_size=3), "gru": nn.GRU(5, 6), "rnn cell": nn.RNNCell(5, 6),
    "rnn cell relu": nn.RNNCell(5, 6, bias=False, nonlinearity="relu"), "lstm cell": nn.LSTMCell(5, 6),
    "identity": nn.Identity(), "flatten": nn.Flatten(), "unflatten": nn.Unflatten(1, (2, 5)),
    "pixel shuffle": nn.PixelShuffle(3), "pixel unshuffle": nn.PixelUnshuffle(2), "channel shuffle": nn.ChannelShuffle(2),
    "upsample": nn.Upsample(scale_factor=2), "upsample size": nn.Upsample(size=(4, 5), mode="nearest"),
    "unfold": nn.Unfold((2, 3)), "fold": nn.Fold(4, 2, padding=1),
    "sequential": nn.Sequential(nn.Flatten(), nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 10)),
    "empty": nn.Sequential(), "block": Block(),
}

(FOLDER / "descriptions.json").write_text(json.dumps({name: repr(m) for name, m in MODULES.items()}, indent=1) + "\n")
