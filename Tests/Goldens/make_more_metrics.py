"""Writes what scikit-learn says about predictions beyond make_metrics.py, for HearthTrainTests.

    python Tests/Goldens/make_more_metrics.py

`more_metrics.json`. Specificity and calibration error, which scikit-learn has not, are written down here.
"""

import json
import math
import warnings
from pathlib import Path

import numpy as np
from sklearn import metrics as m
from scipy.special import expit, log_softmax, softmax

FOLDER = Path(__file__).parent.parent / "HearthTrainTests" / "Goldens"
warnings.simplefilter("ignore")
rng = np.random.default_rng(15)


def number(x):
    return None if x is None or not math.isfinite(x) else float(x)


def classes(name, target, scores):
    n = scores.shape[1]
    labels = list(range(n))
    predicted = scores.argmax(1)
    p = softmax(scores, axis=1)
    result = {"name": name, "target": target.tolist(), "scores": scores.ravel().tolist()}
    for average in ("macro", "micro", "weighted"):
        a = {"average": average, "zero_division": 0}
        result[f"f2.0_{average}"] = m.fbeta_score(target, predicted, beta=2, **a)
        result[f"f0.5_{average}"] = m.fbeta_score(target, predicted, beta=0.5, **a)
        result[f"jaccard_{average}"] = m.jaccard_score(target, predicted, **a)
        outcomes = m.multilabel_confusion_matrix(target, predicted)
        tn, fp = outcomes[:, 0, 0], outcomes[:, 0, 1]
        support = outcomes[:, 1].sum(1)
        each = np.divide(tn, tn + fp, out=np.zeros(len(tn)), where=tn + fp > 0)
        micro = tn.sum() / (tn + fp).sum() if (tn + fp).sum() else 0
        result[f"specificity_{average}"] = float({"macro": each.mean(), "micro": micro, "weighted": np.average(each, weights=support)}[average])
        one_hot = np.eye(n)[target]
        try:
            result[f"roc_auc_{average}"] = number(m.roc_auc_score(one_hot, p, average=average))
        except ValueError:
            result[f"roc_auc_{average}"] = None
        result[f"average_precision_{average}"] = number(m.average_precision_score(one_hot, p, average=average))
    for kind in ("true", "pred", "all"):
        result[f"normalized_{kind}"] = np.nan_to_num(m.confusion_matrix(target, predicted, labels=labels, normalize=kind)).ravel().tolist()
    result["balanced_accuracy"] = m.balanced_accuracy_score(target, predicted)
    for weights in (None, "linear", "quadratic"):
        result[f"cohen_kappa_{weights}"] = number(m.cohen_kappa_score(target, predicted, labels=labels, weights=weights))
    result["matthews"] = m.matthews_corrcoef(target, predicted)
    result["hamming_loss"] = m.hamming_loss(target, predicted)
    result["log_loss"] = m.log_loss(target, p, labels=labels)
    result["brier"] = float(((p - one_hot) ** 2).sum(1).mean())
    if len(set(target)) == n:
        assert abs(result["brier"] - m.brier_score_loss(target, p, labels=labels, scale_by_half=False)) < 1e-12
    bins = np.clip(np.ceil(p.max(1) * 15).astype(int) - 1, 0, 14)
    right = predicted == target
    result["calibration_error"] = sum(abs((right[bins == b] - p.max(1)[bins == b]).sum()) for b in range(15)) / len(target)
    result["perplexity"] = math.exp(-log_softmax(scores, axis=1)[np.arange(len(target)), target].mean())
    return result


def binary(name, target, scores):
    p = expit(scores)
    fpr, tpr, roc = m.roc_curve(target, scores)
    full = m.roc_curve(target, scores, drop_intermediate=False)
    precision, recall, pr = m.precision_recall_curve(target, scores)
    clean = lambda x: [number(v) for v in x]
    return {
        "name": name, "target": target.tolist(), "scores": scores.tolist(),
        "roc_auc": number(m.roc_auc_score(target, scores)), "average_precision": m.average_precision_score(target, scores),
        "roc": [clean(fpr), clean(tpr), clean(roc[1:])], "roc_full": [clean(x) for x in (full[0], full[1], full[2][1:])],
        "precision_recall": [clean(precision), clean(recall), clean(pr)],
        "log_loss": m.log_loss(target, p, labels=[0, 1]), "brier": m.brier_score_loss(target, p, labels=[0, 1]),
    }


def labels(name, target, scores):
    predicted = scores > 0.5
    result = {"name": name, "target": target.ravel().tolist(), "scores": scores.ravel().tolist(), "hamming_loss": m.hamming_loss(target, predicted)}
    for average in ("macro", "micro", "weighted"):
        a = {"average": average, "zero_division": 0}
        for kind in ("precision", "recall", "f1", "jaccard"):
            result[f"{kind}_{average}"] = getattr(m, f"{kind}_score")(target, predicted, **a)
        result[f"f2.0_{average}"] = m.fbeta_score(target, predicted, beta=2, **a)
        result[f"roc_auc_{average}"] = number(m.roc_auc_score(target, scores, average=average))
        result[f"average_precision_{average}"] = number(m.average_precision_score(target, scores, average=average))
    result["f1_labels"] = m.f1_score(target, predicted, average=None, zero_division=0).tolist()
    return result


def regression(name, target, output):
    result = {
        "name": name, "target": target.ravel().tolist(), "output": output.ravel().tolist(), "outputs": 1 if target.ndim == 1 else target.shape[1],
        "mse": m.mean_squared_error(target, output), "mae": m.mean_absolute_error(target, output),
        "mape": m.mean_absolute_percentage_error(target, output), "rmse": m.root_mean_squared_error(target, output),
        "r2": number(m.r2_score(target, output)), "explained_variance": number(m.explained_variance_score(target, output)),
        "median_error": m.median_absolute_error(target, output), "max_error": float(np.abs(target - output).max()),
    }
    if target.min() > -1 and output.min() > -1:
        result["msle"] = m.mean_squared_log_error(target, output)
    return result


# A step of 1/64 makes scores equal now and then, and is carried exactly by JSON and float64.
def rounded(x):
    return np.round(x * 64) / 64


scores = rng.normal(size=(80, 4)) * 2
target = np.where(rng.random(80) < 0.6, scores.argmax(1), rng.integers(0, 4, 80))
never = scores.copy()
never[:, 1] -= 50
pairs = rounded(rng.normal(size=60) * 2)
truth = (rng.random(60) < expit(pairs)).astype(int)
marks = (rng.random((40, 3)) < 0.4).astype(int)
chances = rounded(np.clip(marks * 0.3 + rng.random((40, 3)) * 0.7, 0, 1))
absent = marks.copy()
absent[:, 1] = 0
numbers, guesses = rng.normal(size=(30, 3)) * 3 + 100, rng.normal(size=(30, 3)) * 3 + 100
golden = {
    "classes": [
        classes("plain", target, scores), classes("never predicted", target, never),
        classes("never true", np.where(target == 2, 0, target), scores),
        classes("neither", np.where(target == 1, 0, target), never), classes("one sample", np.array([2]), scores[:1]),
        classes("one class", np.zeros(5, int), np.eye(4)[np.zeros(5, int)] * 3), classes("all wrong", (scores.argmax(1) + 1) % 4, scores),
    ],
    "binary": [
        binary("plain", truth, pairs), binary("perfect", (pairs > 0).astype(int), pairs), binary("constant", truth, np.zeros(60)),
        binary("only positive", np.ones(6, int), pairs[:6]), binary("only negative", np.zeros(6, int), pairs[:6]),
        binary("one", np.array([1]), pairs[:1]), binary("certain", np.array([1, 0, 1]), np.array([-800.0, 3.0, 40.0])),
    ],
    "labels": [labels("plain", marks, chances), labels("absent", absent, chances), labels("none", marks, chances * 0.5)],
    "regression": [
        regression("three", numbers, guesses), regression("one", numbers[:, 0], guesses[:, 0]),
        regression("constant target", np.full(5, 2.0), np.arange(5.0)), regression("constant hit", np.full(5, 2.0), np.full(5, 2.0)),
        regression("constant bias", np.full(5, 2.0), np.full(5, 2.5)), regression("zero target", np.array([0.0, 1, -2]), np.array([0.5, 1, -1])),
        regression("one sample", np.array([3.0]), np.array([2.0])), regression("large", numbers[:, :2] + 1e6, guesses[:, :2] + 1e6),
    ],
}
path = FOLDER / "more_metrics.json"
path.write_text(json.dumps(golden) + "\n")
print(path.name, path.stat().st_size, "bytes")
