"""Writes what scikit-learn says about predictions, and how PyTorch's Adam goes on from a saved state, for
HearthTrainTests.

    python Tests/Goldens/make_metrics.py

Needs numpy, scikit-learn and torch. The same files come out every time.
"""

import json
import re
import warnings
from pathlib import Path

import numpy as np
import torch
from sklearn import metrics

FOLDER = Path(__file__).parent.parent / "HearthTrainTests" / "Goldens"


def rounded(scores):
    """Scores as float32 that JSON carries exactly, no two of a row the same: libraries break ties differently."""
    return np.round(scores * 65536) / 65536 + np.arange(scores.shape[1]) / 2**20


def cases():
    """Targets and scores: classes that are never predicted, never true, neither; one sample; all wrong."""
    rng = np.random.default_rng(5)
    scores = rounded(rng.normal(size=(200, 5)))
    target = np.where(rng.random(200) < 0.6, scores.argmax(1), rng.integers(0, 5, 200))
    yield "plain", target, scores
    never_predicted = scores.copy()
    never_predicted[:, 2] -= 100
    yield "never_predicted", target, never_predicted
    yield "never_true", np.where(target == 3, 1, target), scores
    neither = scores.copy()
    neither[:, 4] -= 100
    yield "neither", np.where(target == 4, 0, target), neither
    yield "one_sample", np.array([2]), scores[:1]
    yield "all_wrong", (scores.argmax(1) + 1) % 5, scores
    yield "one_class", np.zeros(7, int), rounded(np.eye(5)[np.zeros(7, int)])


def classification(name, target, scores):
    predicted = scores.argmax(1)
    labels = list(range(5))
    result = {
        "name": name,
        "target": target.tolist(),
        "scores": scores.ravel().tolist(),
        "accuracy": metrics.accuracy_score(target, predicted),
        "matrix": metrics.confusion_matrix(target, predicted, labels=labels).ravel().tolist(),
        "top2": metrics.top_k_accuracy_score(target, scores, k=2, labels=labels),
        "top3": metrics.top_k_accuracy_score(target, scores, k=3, labels=labels),
    }
    for kind in ("precision", "recall", "f1"):
        score = getattr(metrics, f"{kind}_score")
        for average in ("macro", "micro", "weighted"):
            result[f"{kind}_{average}"] = score(target, predicted, average=average, zero_division=0)
        result[f"{kind}_classes"] = score(target, predicted, labels=labels, average=None, zero_division=0).tolist()
    if len(set(target) | set(predicted)) == 5:
        names = ["ant", "bee", "caterpillar", "dog", "eel"]
        report = metrics.classification_report(target, predicted, target_names=names, digits=3, zero_division=0)
        # Where every prediction is wrong, scikit-learn counts in floating point.
        result["report"] = re.sub(r" (\d+)\.0$", r" \1", report, flags=re.MULTILINE)
    return result


def regression():
    rng = np.random.default_rng(6)
    output, target = rounded(rng.normal(size=(30, 3))), rounded(rng.normal(size=(30, 3)))
    return {
        "output": output.ravel().tolist(),
        "target": target.ravel().tolist(),
        "mse": metrics.mean_squared_error(target, output),
        "mae": metrics.mean_absolute_error(target, output),
    }


def adam():
    """Ten steps on a fixed loss, a saved state, and the weights of ten more steps."""
    torch.manual_seed(3)
    model = torch.nn.Sequential(torch.nn.Linear(4, 3), torch.nn.Tanh(), torch.nn.Linear(3, 2))
    optimizer = torch.optim.Adam(
        [
            {"params": model[0].parameters(), "lr": 0.02},
            {"params": model[2].parameters(), "lr": 0.01, "weight_decay": 0.1, "betas": (0.8, 0.99)},
        ]
    )
    inputs, targets = torch.randn(16, 4), torch.randn(16, 2)

    def steps():
        for _ in range(10):
            optimizer.zero_grad()
            torch.nn.functional.mse_loss(model(inputs), targets).backward()
            optimizer.step()

    steps()
    before = {name: tensor.clone() for name, tensor in model.state_dict().items()}
    torch.save(
        {"model": before, "optimizer": optimizer.state_dict(), "inputs": inputs, "targets": targets},
        FOLDER / "adam_before.pth",
    )
    steps()
    torch.save(model.state_dict(), FOLDER / "adam_after.pth")


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    golden = {"classification": [classification(*case) for case in cases()], "regression": regression()}
    (FOLDER / "metrics.json").write_text(json.dumps(golden) + "\n")
    adam()
