"""Measures in PyTorch what `hearth bench` measures in Hearth, under the same names. Prints one JSON object.

usage: peer.py [--threads N] [--filter NAME] [--data DIR]
"""

import argparse
import json
import statistics
import time

import torch
import torch.nn as nn
import torch.nn.functional as F

arguments = argparse.ArgumentParser()
arguments.add_argument("--threads", type=int, default=2)
arguments.add_argument("--filter", default="")
options = arguments.parse_args()
torch.set_num_threads(options.threads)


def measure(work, runs, samples=7):
    for _ in range(max(runs // 4, 2)):
        work()
    times = []
    for _ in range(samples):
        start = time.perf_counter()
        for _ in range(runs):
            work()
        times.append((time.perf_counter() - start) / runs)
    return statistics.median(times)


def step(batch):
    model = nn.Sequential(nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 10))
    optimizer = torch.optim.Adam(model.parameters(), lr=0.001)
    criterion = nn.CrossEntropyLoss()
    inputs, labels = torch.randn(batch, 784), torch.randint(0, 10, (batch,))

    def work():
        optimizer.zero_grad()
        criterion(model(inputs), labels).backward()
        optimizer.step()

    return work


def recorded():
    x, y = torch.randn(8, 8, requires_grad=True), torch.randn(8, 8)
    return lambda: x * y


def large(operation):
    x = torch.randn(4096, 4096)
    return lambda: operation(x)


def product(m, k, n):
    x, y = torch.randn(m, k), torch.randn(k, n)
    return lambda: x @ y


def train(model, inputs, labels):
    optimizer = torch.optim.Adam(model.parameters(), lr=0.001)
    criterion = nn.CrossEntropyLoss()

    def work():
        optimizer.zero_grad()
        criterion(model(inputs), labels).backward()
        optimizer.step()

    return work


def cnn():
    layers = [nn.Conv2d(1, 32, 3), nn.ReLU(), nn.Conv2d(32, 64, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten()]
    model = nn.Sequential(*layers, nn.Linear(9216, 128), nn.ReLU(), nn.Linear(128, 10))
    return train(model, torch.randn(64, 1, 28, 28), torch.randint(0, 10, (64,)))


class RowLSTM(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm, self.fc = nn.LSTM(28, 128, batch_first=True), nn.Linear(128, 10)

    def forward(self, x):
        return self.fc(self.lstm(x)[0][:, -1])


def resnet(training):
    import torchvision

    model = torchvision.models.resnet18()
    if training:
        return train(model, torch.randn(8, 3, 224, 224), torch.randint(0, 1000, (8,)))
    model.eval()
    x = torch.randn(1, 3, 224, 224)

    def work():
        with torch.no_grad():
            model(x)

    return work


def convolution(backward):
    x, w = torch.randn(32, 64, 56, 56, requires_grad=backward), torch.randn(64, 64, 3, 3, requires_grad=backward)
    if not backward:
        return lambda: F.conv2d(x, w, padding=1)
    y, g = F.conv2d(x, w, padding=1), torch.randn(32, 64, 56, 56)
    return lambda: torch.autograd.grad(y, [x, w], g, retain_graph=True)


def layer(module):
    x = torch.randn(32, 64, 56, 56, requires_grad=True)

    def work():
        x.grad = None
        module(x).sum().backward()

    return work


def layer_norm():
    module, x = nn.LayerNorm(4096), torch.randn(4096, 4096)

    def work():
        with torch.no_grad():
            module(x)

    return work


def attention(length):
    q, k, v = (torch.randn(1, 8, length, 64, requires_grad=True) for _ in range(3))
    return lambda: torch.autograd.grad(F.scaled_dot_product_attention(q, k, v).sum(), [q, k, v])


# name: (work, runs of a sample, factor from seconds to the unit that is shown)
benchmarks = {
    "mlp-step-64": (lambda: step(64), 300, 1e6),
    "mlp-step-512": (lambda: step(512), 100, 1e6),
    "op-8x8-recorded": (recorded, 100_000, 1e6),
    "add-16m": (lambda: large(lambda x: x + x), 5, 1e3),
    "exp-16m": (lambda: large(torch.exp), 5, 1e3),
    "gelu-16m": (lambda: large(nn.functional.gelu), 5, 1e3),
    "softmax-16m": (lambda: large(lambda x: torch.softmax(x, 1)), 5, 1e3),
    "sum-16m": (lambda: large(lambda x: x.sum(0)), 5, 1e3),
    "transpose-16m": (lambda: large(lambda x: x.t().contiguous()), 5, 1e3),
    "matmul-64x784x128": (lambda: product(64, 784, 128), 500, 1e6),
    "matmul-784x64x128": (lambda: product(784, 64, 128), 500, 1e6),
    "matmul-512x784x128": (lambda: product(512, 784, 128), 100, 1e6),
    "matmul-64x128x10": (lambda: product(64, 128, 10), 5000, 1e6),
    "matmul-1x784x128": (lambda: product(1, 784, 128), 5000, 1e6),
    "matmul-1024": (lambda: product(1024, 1024, 1024), 10, 1e6),
    "matmul-2048": (lambda: product(2048, 2048, 2048), 3, 1e6),
    "cnn-step-64": (cnn, 5, 1e3),
    "lstm-step-64": (lambda: train(RowLSTM(), torch.randn(64, 28, 28), torch.randint(0, 10, (64,))), 20, 1e3),
    "resnet18-step-8": (lambda: resnet(True), 1, 1e3),
    "resnet18-inference": (lambda: resnet(False), 5, 1e3),
    "conv-64x64-56": (lambda: convolution(False), 3, 1e3),
    "conv-64x64-56-backward": (lambda: convolution(True), 3, 1e3),
    "batch-norm-step": (lambda: layer(nn.BatchNorm2d(64)), 3, 1e3),
    "max-pool-step": (lambda: layer(nn.MaxPool2d(3, 2, 1)), 3, 1e3),
    "group-norm-step": (lambda: layer(nn.GroupNorm(8, 64)), 3, 1e3),
    "layer-norm-16m": (layer_norm, 5, 1e3),
    "attention-512": (lambda: attention(512), 1, 1e3),
    "attention-1024": (lambda: attention(1024), 1, 1e3),
    "attention-2048": (lambda: attention(2048), 1, 1e3),
    "attention-4096": (lambda: attention(4096), 1, 1e3),
}

print(
    json.dumps(
        {
            name: measure(prepare(), runs) * factor
            for name, (prepare, runs, factor) in benchmarks.items()
            if options.filter in name
        }
    )
)
