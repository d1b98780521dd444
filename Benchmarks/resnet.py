"""Trains torchvision's ResNet-18 as `hearth train folder TRAIN --model resnet18 --augment …` does, and tests it.

usage: resnet.py FOLDER [--epochs N] [--seed N]     FOLDER has train/ and test/
Prints the share of the test pictures that are told right.
"""

import argparse

import torch
import torchvision
from torch.utils.data import DataLoader, Subset
from torchvision import transforms as T
from torchvision.datasets import ImageFolder

arguments = argparse.ArgumentParser()
arguments.add_argument("folder")
arguments.add_argument("--epochs", type=int, default=3)
arguments.add_argument("--seed", type=int, default=0)
options = arguments.parse_args()
torch.set_num_threads(2)
torch.manual_seed(options.seed)
normalize = T.Normalize((0.4914, 0.4822, 0.4465), (0.247, 0.2435, 0.2616))
augmented = T.Compose([T.RandomCrop(32, padding=4), T.RandomHorizontalFlip(), T.ToTensor(), normalize])
training = ImageFolder(options.folder + "/train", augmented)
# Of the files the same share as Hearth's split has.
chosen = torch.randperm(len(training))[: int(0.7 * len(training))]
testing = ImageFolder(options.folder + "/test", T.Compose([T.ToTensor(), normalize]))
model = torchvision.models.resnet18(num_classes=10)
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
criterion = torch.nn.CrossEntropyLoss()
for _ in range(options.epochs):
    model.train()
    for images, labels in DataLoader(Subset(training, chosen.tolist()), 64, shuffle=True):
        optimizer.zero_grad()
        criterion(model(images), labels).backward()
        optimizer.step()
model.eval()
with torch.no_grad():
    right = sum((model(x).argmax(1) == y).sum().item() for x, y in DataLoader(testing, 256))
print(right / len(testing))
