"""Measures in torchvision what `hearth data speed` measures in Hearth: pictures a second that come out of a loader.

usage: images.py FOLDER STEPS [--workers N] [--rounds N]
    STEPS is a Python expression of torchvision.transforms.v2 (`RandomCrop(32, padding=4), RandomHorizontalFlip()`)
"""

import argparse
import json
import statistics
import time

import torch
from torch.utils.data import DataLoader
from torchvision.datasets import ImageFolder
from torchvision.transforms import v2

arguments = argparse.ArgumentParser()
arguments.add_argument("folder")
arguments.add_argument("steps")
arguments.add_argument("--workers", type=int, default=2)
arguments.add_argument("--rounds", type=int, default=3)
options = arguments.parse_args()
steps = eval(f"[{options.steps}]", vars(v2))
ending = [v2.ToImage(), v2.ToDtype(torch.float32, scale=True), v2.Normalize((0.5,) * 3, (0.5,) * 3)]
loader = DataLoader(
    ImageFolder(options.folder, v2.Compose(steps + ending)), 64, shuffle=True, num_workers=options.workers)
rates = []
for _ in range(options.rounds):
    start = time.perf_counter()
    count = sum(len(labels) for _, labels in loader)
    rates.append(count / (time.perf_counter() - start))
print(json.dumps({"images_per_second": round(statistics.median(rates)), "workers": options.workers}))
