"""Sends whole networks from PyTorch to Hearth and back: loaded strictly on both sides, equal results, equal weights.

    python Tests/Goldens/check_models.py        # after `swift build -c release --build-tests`
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import safetensors.torch
import torch

try:
    from torchvision import models
except ImportError:
    print("no torchvision: networks are not exchanged")
    sys.exit()

NAMES = ["resnet18", "mobilenet_v3_small", "vit_b_16"]
ROOT = Path(__file__).parent.parent.parent

with tempfile.TemporaryDirectory() as folder:
    torch.manual_seed(0)
    sent = {}
    for name in NAMES:
        model = models.get_model(name).eval()
        with torch.no_grad():
            for p in model.parameters():
                # A new head of a transformer is 0.
                p.add_(0.01 * torch.randn_like(p))
            images = torch.randn(2, 3, 224, 224)
            logits = model(images)
        sent[name] = model.state_dict()
        torch.save(sent[name], f"{folder}/{name}.pth")
        safetensors.torch.save_file({"images": images, "logits": logits}, f"{folder}/{name}.safetensors")
    test = ["swift", "test", "-c", "release", "--skip-build", "--filter", "ModelExchangeTests"]
    subprocess.run(test, cwd=ROOT, env={**os.environ, "HEARTH_MODELS": folder}, check=True)
    for name in NAMES:
        state = torch.load(f"{folder}/{name}_from_hearth.pth", weights_only=True)
        models.get_model(name).load_state_dict(state)
        assert list(state) == list(sent[name]), name
        assert all(torch.equal(state[key], sent[name][key]) for key in state), name
        print(name, "went to Hearth and back:", len(state), "tensors")
