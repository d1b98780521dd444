"""Makes the golden cases of branches and loops in models: models whose course depends on data or on open sizes, inputs for
several courses and sizes, and the outputs that ONNX Runtime computes.

    pip install torch onnx onnxscript onnxruntime
    python Tests/Goldens/make_control_flow.py

One file, control_flow.npz: `NAME|model` has the bytes of a model, `NAME|in|RUN|VALUE` and `NAME|out|RUN|VALUE` what goes in
and comes out. Some models are made by hand, others by PyTorch's exporter of torch.cond and while_loop.
"""

import io
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from onnx import TensorProto, helper
from torch._higher_order_ops.while_loop import while_loop

TARGET = Path(__file__).parent.parent / "HearthONNXTests" / "Goldens" / "control_flow.npz"
random = np.random.default_rng(3)
arrays = {}
FLOAT, INT, BOOL = TensorProto.FLOAT, TensorProto.INT64, TensorProto.BOOL


def floats(*shape):
    return random.standard_normal(shape).astype(np.float32)


def run(name, model, runs):
    onnx.checker.check_model(model, full_check=True)
    data = model.SerializeToString()
    session = onnxruntime.InferenceSession(data, providers=["CPUExecutionProvider"])
    arrays[f"{name}|model"] = np.frombuffer(data, np.uint8)
    for i, inputs in enumerate(runs):
        for key, value in inputs.items():
            arrays[f"{name}|in|{i}|{key}"] = value
        for output, value in zip(session.get_outputs(), session.run(None, inputs)):
            arrays[f"{name}|out|{i}|{output.name}"] = value


def value(name, dtype, shape):
    return helper.make_tensor_value_info(name, dtype, shape)


def constant(name, array):
    return helper.make_node("Constant", [], [name], value=onnx.numpy_helper.from_array(np.asarray(array), name))


def add(name, nodes, inputs, outputs, runs, opset=18):
    graph = helper.make_graph(nodes, name, inputs, outputs)
    run(name, helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=8), runs)


def node(operator, inputs, outputs, **attributes):
    return helper.make_node(operator, inputs.split(), outputs.split(), **attributes)


def body(name, nodes, inputs, outputs):
    return helper.make_graph(nodes, name, inputs, outputs)


# MARK: By hand

rows = [{"x": floats(n, 3) + shift} for n in (2, 5) for shift in (3, -3)]
scores = [node("ReduceSum", "x", "total", keepdims=0), constant("zero", np.float32(0)), node("Greater", "total zero", "p")]

add(
    "if_data",
    scores + [
        helper.make_node(
            "If", ["p"], ["y", "z"],
            then_branch=body(
                "t", [node("Exp", "x", "a"), node("Shape", "x", "b")],
                [], [value("a", FLOAT, ["n", 3]), value("b", INT, [2])]),
            else_branch=body(
                "e", [node("Neg", "x", "c"), node("Shape", "x", "s"), node("Add", "s s", "d")],
                [], [value("c", FLOAT, ["n", 3]), value("d", INT, [2])]))
    ],
    [value("x", FLOAT, ["n", 3])], [value("y", FLOAT, ["n", 3]), value("z", INT, [2])], rows)

halving = body(
    "halve",
    [
        constant("half", np.float32(0.5)), node("Mul", "s half", "next"), node("Abs", "next", "size"),
        node("ReduceMax", "size", "largest", keepdims=0), constant("one", np.float32(1)),
        node("Greater", "largest one", "more"),
    ],
    [value("i", INT, []), value("c", BOOL, []), value("s", FLOAT, ["n", 3])],
    [value("more", BOOL, []), value("next", FLOAT, ["n", 3])])

add(
    "loop_until", [constant("yes", np.bool_(True)), helper.make_node("Loop", ["", "yes", "x"], ["y"], body=halving)],
    [value("x", FLOAT, ["n", 3])], [value("y", FLOAT, ["n", 3])], [{"x": r["x"] * 9} for r in rows])

add(
    "loop_if_at_all",
    scores + [constant("most", np.int64(3)), helper.make_node("Loop", ["most", "p", "x"], ["y"], body=halving)],
    [value("x", FLOAT, ["n", 3])], [value("y", FLOAT, ["n", 3])], [{"x": r["x"] * 9} for r in rows])

adding = body(
    "add", [node("Add", "s x", "next"), node("Identity", "c", "more")],
    [value("i", INT, []), value("c", BOOL, []), value("s", FLOAT, ["n", 3])],
    [value("more", BOOL, []), value("next", FLOAT, ["n", 3])])
add(
    "loop_counted_by_data", [helper.make_node("Loop", ["count", "", "x"], ["y"], body=adding)],
    [value("x", FLOAT, ["n", 3]), value("count", INT, [])], [value("y", FLOAT, ["n", 3])],
    [{"x": r["x"], "count": np.array(k)} for k, r in zip((0, 1, 4, 7), rows)])

collecting = body(
    "collect",
    [
        node("Gather", "x i", "row"), node("Add", "s row", "next"), node("Mul", "next next", "square"),
        node("Identity", "c", "more"),
    ],
    [value("i", INT, []), value("c", BOOL, []), value("s", FLOAT, [3])],
    [value("more", BOOL, []), value("next", FLOAT, [3]), value("square", FLOAT, [3])])
add(
    "loop_over_rows",
    [
        node("Shape", "x", "count1", start=0, end=1), constant("axis", np.array([0])), node("Squeeze", "count1 axis", "count"),
        constant("start", np.zeros(3, np.float32)),
        helper.make_node("Loop", ["count", "", "start"], ["last", "squares"], body=collecting),
    ],
    [value("x", FLOAT, ["n", 3])], [value("last", FLOAT, [3]), value("squares", FLOAT, ["n", 3])], rows)

sums = body(
    "sums", [node("Add", "s part", "next"), node("Mul", "next next", "square")],
    [value("s", FLOAT, [3]), value("part", FLOAT, [3])], [value("next", FLOAT, [3]), value("square", FLOAT, [3])])
for name, directions in {"scan_rows": {}, "scan_backwards": dict(scan_input_directions=[1], scan_output_directions=[1])}.items():
    add(
        name,
        [
            constant("start", np.ones(3, np.float32)),
            helper.make_node(
                "Scan", ["start", "x"], ["last", "squares"], body=sums, num_scan_inputs=1, scan_output_axes=[1],
                **directions),
        ],
        [value("x", FLOAT, ["n", 3])], [value("last", FLOAT, [3]), value("squares", FLOAT, [3, "n"])], rows)

inner = body(
    "inner", [helper.make_node("Loop", ["", "yes", "x"], ["a"], body=halving)], [], [value("a", FLOAT, ["n", 3])])
add(
    "loop_in_if",
    scores + [
        constant("yes", np.bool_(True)),
        helper.make_node(
            "If", ["p"], ["y"], then_branch=inner,
            else_branch=body("e", [node("Tanh", "x", "b")], [], [value("b", FLOAT, ["n", 3])])),
    ],
    [value("x", FLOAT, ["n", 3])], [value("y", FLOAT, ["n", 3])], [{"x": r["x"] * 9} for r in rows])

# MARK: By PyTorch

torch.manual_seed(0)


class Chooser(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.a, self.b = torch.nn.Linear(3, 4), torch.nn.Linear(3, 4)

    def forward(self, x):
        return torch.cond(x.sum() > 0, lambda x: self.a(x).relu(), lambda x: self.b(x) * 2, (x,))


class Repeater(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.layer = torch.nn.Linear(3, 3)

    def forward(self, x):
        return while_loop(
            lambda i, y: (i < 6) & (y.abs().sum() > 0.5), lambda i, y: (i + 1, self.layer(y).tanh() * 0.7),
            (torch.tensor(0), x))


def export(name, module):
    rows = torch.export.Dim("rows", min=2, max=1000)
    program = torch.onnx.export(
        module.eval(), (torch.randn(4, 3),), dynamo=True, dynamic_shapes={"x": {0: rows}}, verbose=False)
    buffer = io.BytesIO()
    program.save(buffer)
    model = onnx.load_from_string(buffer.getvalue())
    run(name, model, [{"x": floats(n, 3) + shift} for n in (2, 5) for shift in (3, -3)])


for name, module in {"torch_cond": Chooser(), "torch_while_loop": Repeater()}.items():
    try:
        export(name, module)
    except Exception as error:
        print(f"PyTorch cannot export {name}: {str(error)[:300]}")

np.savez_compressed(TARGET, **arrays)
print(f"{TARGET}: {len({key.split('|')[0] for key in arrays})} models")
