"""Measures in PyTorch what `hearth bench` measures in Hearth, under the same names. Prints one JSON object.

usage: peer.py [--threads N] [--filter NAME] [--data DIR]
"""

import argparse
import json
import statistics
import time

import torch
import torch.nn as nn

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
