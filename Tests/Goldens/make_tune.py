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
    """At which step each of several curves of steps and values, one after another, was stopped; -1 where it was not."""
    study = optuna.create_study(direction=direction, pruner=pruner)
    steps = []
    for curve in curves:
        trial = study.ask()
        for step, value in curve:
            trial.report(value, step)
            if trial.should_prune():
                study.tell(trial, state=optuna.trial.TrialState.PRUNED)
                steps.append(step)
                break
        else:
            study.tell(trial, 0.0)
            steps.append(-1)
    return steps


def pruners():
    random = np.random.default_rng(5)
    curves = []
    for _ in range(40):
        values = (random.normal() + np.cumsum(random.normal(size=20) * 0.3)).round(3).tolist()
        curves.append(list(enumerate(values, 1)))
    kinds = {
        "median": optuna.pruners.MedianPruner(), "median late": optuna.pruners.MedianPruner(3, 4, 2),
        "percentile": optuna.pruners.PercentilePruner(25.0), "halving": optuna.pruners.SuccessiveHalvingPruner(1, reduction_factor=4),
        "halving late": optuna.pruners.SuccessiveHalvingPruner(2, reduction_factor=3),
    }
    # With steps left out, 0 among those that are there, and values that are no numbers or have no end.
    ragged = []
    for number in range(60):
        kept = random.random(20) < 0.6
        values = (random.normal() + np.cumsum(random.normal(size=20) * 0.3)).round(3)
        values[random.random(20) < 0.1] = np.nan
        values[random.random(20) < 0.05] = np.inf if number % 2 else -np.inf
        if number % 9 == 8:
            values[:] = np.nan
        ragged.append([(step, value) for step, value in enumerate(values.tolist()) if kept[step]])
    intervals = {
        "median": optuna.pruners.MedianPruner(), "median every 3": optuna.pruners.MedianPruner(3, 2, 3),
        "percentile every 5": optuna.pruners.PercentilePruner(70.0, 2, 0, 5),
    }
    ways = ["minimize", "maximize"]
    return {
        "curves": curves,
        "steps": {f"{name} {way}": pruned(pruner, way, curves) for name, pruner in kinds.items() for way in ways},
        # JSON has no numbers for these.
        "ragged": [[[step, value if np.isfinite(value) else str(value)] for step, value in curve] for curve in ragged],
        "ragged steps": {f"{name} {way}": pruned(pruner, way, ragged) for name, pruner in intervals.items() for way in ways},
    }


sobol = (torch.quasirandom.SobolEngine(21, scramble=False).draw(40, dtype=torch.float64)).tolist()
TARGET.write_text(json.dumps({"sobol": sobol, "process": process(), "pruners": pruners()}) + "\n")
print(TARGET.stat().st_size, "bytes")
