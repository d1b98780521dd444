"""Lets onnx and ONNX Runtime judge models that Hearth has exported.

    HEARTH_ONNX_EXPORTS=/tmp/exports swift test -c release --disable-testable-imports --filter ExportTests
    python Tests/Goldens/check_onnx_export.py /tmp/exports [--delete]

Without an argument the folder is the one that HEARTH_ONNX_EXPORTS names. For each NAME.onnx the folder has NAME.0.npz, NAME.1.npz, …: arrays `in:X` and `out:Y`, one file for each run, whose named
sizes differ. Each model must pass the checker with full shape inference, and ONNX Runtime must give the same outputs.
"""

import gc
import os
import sys
from pathlib import Path

import numpy as np

try:
    import onnx
    import onnxruntime
except ImportError:
    print("onnx or onnxruntime is missing, so exported models are read by Hearth alone")
    sys.exit(0)


def difference(found, expected):
    """How far two arrays are apart: nothing where they are equal, words where they are not comparable."""
    if found.dtype != expected.dtype or found.shape != expected.shape:
        return f"{found.dtype}{list(found.shape)} instead of {expected.dtype}{list(expected.shape)}"
    if not np.issubdtype(expected.dtype, np.floating):
        return None if np.array_equal(found, expected) else f"{np.sum(found != expected)} elements differ"
    # Results of new weights may be of any size, and small ones among them are what large ones leave when they cancel.
    finite = np.abs(expected[np.isfinite(expected)])
    scale = max(1.0, float(finite.max())) if finite.size else 1.0
    if np.allclose(found, expected, rtol=1e-4, atol=1e-4 * scale, equal_nan=True):
        return None
    return f"largest difference {np.nanmax(np.abs(found - expected)):.3g}"


def check(path):
    onnx.checker.check_model(str(path), full_check=True)
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    wrong = []
    runs = sorted(path.parent.glob(glob(path.stem)))
    for run in runs:
        arrays = np.load(run)
        inputs = {key[3:]: arrays[key] for key in arrays if key.startswith("in:")}
        used = {value.name for value in session.get_inputs()}
        names = [key[4:] for key in arrays if key.startswith("out:")]
        results = session.run(names, {name: array for name, array in inputs.items() if name in used})
        for name, result in zip(names, results):
            found = difference(result, arrays["out:" + name])
            if found:
                wrong.append(f"{run.name} {name}: {found}")
    if len(runs) < 2:
        wrong.append(f"{len(runs)} runs")
    return wrong


def glob(stem):
    return stem.replace("[", "[[]") + ".[0-9].npz"


def main():
    arguments = [word for word in sys.argv[1:] if not word.startswith("--")]
    folder = Path(arguments[0] if arguments else os.environ["HEARTH_ONNX_EXPORTS"])
    failed = 0
    paths = sorted(folder.glob("*.onnx"))
    for path in paths:
        try:
            wrong = check(path)
        except Exception as error:
            wrong = [f"{type(error).__name__}: {str(error)[:600]}"]
        gc.collect()
        print(path.stem, "ok" if not wrong else "WRONG", flush=True)
        for line in wrong:
            print("   ", line)
        failed += bool(wrong)
        if "--delete" in sys.argv:
            for file in [path, Path(str(path) + ".data"), *folder.glob(glob(path.stem))]:
                file.unlink(missing_ok=True)
    print(f"{len(paths) - failed} of {len(paths)} models agree")
    sys.exit(failed > 0 or not paths)


main()
