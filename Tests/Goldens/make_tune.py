"""Writes the golden file of HearthTuneTests: Sobol's points by PyTorch, a Gaussian process by scikit-learn, and what
Optuna's pruners decide.

    python Tests/Goldens/make_tune.py
"""

import json
from pathlib import Path

import numpy as np
import optuna
import torch
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import ConstantKernel, Matern, WhiteKernel

TARGET = Path(__file__).parent.parent / "HearthTuneTests" / "Goldens" / "tune.json"
optuna.logging.set_verbosity(optuna.logging.WARNING)


def process():
    random = np.random.default_rng(3)
    points = random.random((12, 2))
    values = np.sin(5 * points[:, 0]) + points[:, 1] ** 2
    standard = (values - values.mean()) / values.std()
    kernel = ConstantKernel(1.3) * Matern([0.4, 0.9], nu=2.5) + WhiteKernel(1e-3 + 1e-10)
    fitted = GaussianProcessRegressor(kernel, optimizer=None, alpha=0).fit(points, standard)
    asked = random.random((6, 2))
    mean, deviation = fitted.predict(asked, return_std=True)
    # Of the function, without the noise of a measurement.
    deviation = np.sqrt(deviation**2 - 1e-3 - 1e-10)
    return {
        "points": points.tolist(), "values": values.tolist(), "asked": asked.tolist(),
        "mean": (mean * values.std() + values.mean()).tolist(), "deviation": (deviation * values.std()).tolist(),
    }


def pruned(pruner, direction, curves):
    """At which step each of several curves, one after another, was stopped; -1 where it was not."""
    study = optuna.create_study(direction=direction, pruner=pruner)
    steps = []
    for curve in curves:
        trial = study.ask()
        for step, value in enumerate(curve, 1):
            trial.report(value, step)
            if trial.should_prune():
                study.tell(trial, state=optuna.trial.TrialState.PRUNED)
                steps.append(step)
                break
        else:
            study.tell(trial, curve[-1])
            steps.append(-1)
    return steps


def pruners():
    random = np.random.default_rng(5)
    curves = [(random.normal() + np.cumsum(random.normal(size=20) * 0.3)).round(3).tolist() for _ in range(40)]
    kinds = {
        "median": optuna.pruners.MedianPruner(), "median late": optuna.pruners.MedianPruner(3, 4, 2),
        "percentile": optuna.pruners.PercentilePruner(25.0), "halving": optuna.pruners.SuccessiveHalvingPruner(1, reduction_factor=4),
        "halving late": optuna.pruners.SuccessiveHalvingPruner(2, reduction_factor=3),
    }
    return {
        "curves": curves,
        "steps": {f"{name} {way}": pruned(pruner, way, curves) for name, pruner in kinds.items() for way in ["minimize", "maximize"]},
    }


sobol = (torch.quasirandom.SobolEngine(21, scramble=False).draw(40, dtype=torch.float64)).tolist()
TARGET.write_text(json.dumps({"sobol": sobol, "process": process(), "pruners": pruners()}) + "\n")
print(TARGET.stat().st_size, "bytes")
