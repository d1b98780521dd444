"""The tutorial's program in PyTorch, as its authors wrote it. Prints the seconds of an epoch of training and the images
per second of the loader alone, as one JSON object.

usage: tutorial.py DIR   (the folder that has MNIST/raw)
"""

import json
import sys
import time

import torch
import torch.nn as nn
import torchvision
from torch.utils.data import DataLoader, random_split

transform = torchvision.transforms.Compose(
    [torchvision.transforms.ToTensor(), torchvision.transforms.Normalize((0.5,), (0.5,))]
)
dataset = torchvision.datasets.MNIST(root=sys.argv[1], train=True, transform=transform)
training = random_split(dataset, [42_000, 9_000, 9_000])[0]
loader = DataLoader(training, batch_size=64, shuffle=True)


class NeuralNetwork(nn.Module):
    def __init__(self, input_size, hidden_size, output_size):
        super().__init__()
        self.fc1 = nn.Linear(input_size, hidden_size)
        self.fc2 = nn.Linear(hidden_size, output_size)

    def forward(self, x):
        return self.fc2(torch.relu(self.fc1(x.flatten(1))))


model = NeuralNetwork(784, 128, 10)
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.Adam(model.parameters(), lr=0.001)
start = time.perf_counter()
total = 0.0
for inputs, labels in loader:
    optimizer.zero_grad()
    loss = criterion(model(inputs), labels)
    loss.backward()
    optimizer.step()
    total += loss.item() * inputs.size(0)
epoch = time.perf_counter() - start
start = time.perf_counter()
images = sum(len(labels) for _, labels in DataLoader(dataset, batch_size=64, shuffle=True))
print(
    json.dumps(
        {"tutorial-epoch": epoch, "tutorial-loader-per-second": images / (time.perf_counter() - start)}
    )
)
