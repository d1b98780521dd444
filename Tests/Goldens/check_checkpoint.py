"""Goes on in PyTorch from the checkpoint that CheckpointTests wrote.

    mkdir /tmp/written
    HEARTH_WRITTEN=/tmp/written swift test -c release --disable-testable-imports --filter CheckpointTests
    HEARTH_WRITTEN=/tmp/written python Tests/Goldens/check_checkpoint.py
"""

import os
from pathlib import Path

import torch

WRITTEN = Path(os.environ["HEARTH_WRITTEN"])


def check():
    """Model and optimizer take their states whole, and training goes on."""
    checkpoint = torch.load(WRITTEN / "trained_checkpoint.pth", weights_only=True)
    model = torch.nn.Sequential(torch.nn.Linear(2, 16), torch.nn.ReLU(), torch.nn.Linear(16, 3))
    model.load_state_dict(checkpoint["model"])
    optimizer = torch.optim.Adam(model.parameters())
    optimizer.load_state_dict(checkpoint["optimizer"])
    group = optimizer.param_groups[0]
    assert group["lr"] == 0.02 and tuple(group["betas"]) == (0.9, 0.999) and group["amsgrad"] is False, group
    for parameter in model.parameters():
        state = optimizer.state[parameter]
        # Two epochs of 40 samples in batches of 8.
        assert state["step"].item() == 10, state["step"]
        assert state["exp_avg"].shape == state["exp_avg_sq"].shape == parameter.shape
        assert state["exp_avg_sq"].min() >= 0 and state["exp_avg"].abs().max() > 0
    assert [record["epoch"] for record in checkpoint["history"]] == [1, 2]
    assert checkpoint["position"] == {
        "epoch": 2, "batch": 0, "loss_sum": 0.0, "samples": 0, "interrupted": False,
    }
    inputs = torch.rand(64, 2) * 2 - 1
    x, y = inputs[:, 0], inputs[:, 1]
    targets = torch.where(x + y > 0.4, 2, torch.where(x > y, 1, 0))
    losses = []
    for _ in range(50):
        optimizer.zero_grad()
        loss = torch.nn.functional.cross_entropy(model(inputs), targets)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    assert losses[-1] < 0.7 * losses[0], losses


if __name__ == "__main__":
    check()
    print("PyTorch goes on from Hearth's checkpoint")
