"""Measures in Optuna what the example Tuning measures in Hearth: medians of the best of 100 trials, or the cost of a trial.

usage: tune.py [--seeds N] | tune.py --overhead FILE
"""

import argparse
import math
import statistics
import time

import optuna

optuna.logging.set_verbosity(optuna.logging.ERROR)
arguments = argparse.ArgumentParser()
arguments.add_argument("--seeds", type=int, default=5)
arguments.add_argument("--overhead")
options = arguments.parse_args()

A = [[10, 3, 17, 3.5, 1.7, 8], [0.05, 10, 17, 0.1, 8, 14], [3, 3.5, 1.7, 10, 17, 8], [17, 8, 0.05, 10, 0.1, 14]]
P = [
    [0.1312, 0.1696, 0.5569, 0.0124, 0.8283, 0.5886], [0.2329, 0.4135, 0.8307, 0.3736, 0.1004, 0.9991],
    [0.2348, 0.1451, 0.3522, 0.2883, 0.3047, 0.6650], [0.4047, 0.8828, 0.8732, 0.5743, 0.1091, 0.0381],
]


def branin(x):
    a = x[1] - 5.1 / (4 * math.pi**2) * x[0] ** 2 + 5 / math.pi * x[0] - 6
    return a * a + 10 * (1 - 1 / (8 * math.pi)) * math.cos(x[0]) + 10


def hartmann(x):
    return -sum(
        w * math.exp(-sum(a * (v - p) ** 2 for a, v, p in zip(A[i], x, P[i]))) for i, w in enumerate([1, 1.2, 3, 3.2]))


def rosenbrock(x):
    return sum(100 * (x[i + 1] - x[i] ** 2) ** 2 + (1 - x[i]) ** 2 for i in range(3))


if options.overhead:
    study = optuna.create_study(storage=f"sqlite:///{options.overhead}", sampler=optuna.samplers.RandomSampler(0))
    start = time.perf_counter()
    study.optimize(lambda trial: trial.suggest_float("x", 0, 1), n_trials=1000)
    print((time.perf_counter() - start), "ms a trial")
else:
    print("| function | random | tpe |\n| --- | ---: | ---: |")
    for name, function, ranges in [
        ("Branin", branin, [(-5, 10), (0, 15)]), ("Hartmann 6", hartmann, [(0, 1)] * 6),
        ("Rosenbrock 4", rosenbrock, [(-5, 10)] * 4),
    ]:
        row = []
        for sampler in [optuna.samplers.RandomSampler, optuna.samplers.TPESampler]:
            best = []
            for seed in range(options.seeds):
                study = optuna.create_study(sampler=sampler(seed=seed))
                study.optimize(
                    lambda trial: function([trial.suggest_float(f"x{i}", *r) for i, r in enumerate(ranges)]), n_trials=100)
                best.append(study.best_value)
            row.append(statistics.median(best))
        print(f"| {name} | {row[0]} | {row[1]} |", flush=True)
