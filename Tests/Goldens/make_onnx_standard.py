"""Writes the cases of the ONNX standard, which are inside the onnx package, into a folder for StandardCases.

    pip install onnx
    python Tests/Goldens/make_onnx_standard.py /tmp/onnx_cases
    HEARTH_ONNX_CASES=/tmp/onnx_cases swift test -c release --disable-testable-imports --filter StandardCases
"""

import os
import sys

import numpy as np
from onnx.backend.test.case.node import collect_testcases

folder = sys.argv[1]
os.makedirs(folder, exist_ok=True)
models = {}
for case in collect_testcases(None):
    graph = case.model.graph
    values = list(graph.input) + list(graph.output)
    if any(not v.type.HasField("tensor_type") for v in values):
        continue
    arrays = [np.asarray(x) for s in case.data_sets for x in list(s[0]) + list(s[1])]
    if any(x.dtype.kind not in "fiub" for x in arrays):
        continue
    if any(node.domain in ("ai.onnx.preview.training", "ai.onnx.ml") for node in graph.node):
        continue
    known = {i.name for i in graph.initializer}
    names = [i.name for i in graph.input if i.name not in known]
    np.savez(f"{folder}/{case.name}.npz", **{k: np.asarray(x) for k, x in zip(names, case.data_sets[0][0])})
    models[f"{case.name}|model"] = np.frombuffer(case.model.SerializeToString(), np.uint8)
np.savez(f"{folder}/inputs.npz", **models)
print(f"{len(models)} cases in {folder}")
