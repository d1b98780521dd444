"""Makes the golden cases of HearthONNX: models, their inputs, and the outputs that ONNX Runtime computes.

    pip install onnx onnxruntime
    python Tests/Goldens/make_onnx.py

One file, cases.npz: `NAME|model` has the bytes of a model, `NAME|in|VALUE` and `NAME|out|VALUE` what goes in and comes
out. Models of old operator sets stand beside new ones, since the meaning of operators has changed on the way.
"""

from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

TARGET = Path(__file__).parent.parent / "HearthONNXTests" / "Goldens" / "cases.npz"
MICROSOFT = "com.microsoft"
random = np.random.default_rng(7)
arrays = {}


def floats(*shape):
    return random.standard_normal(shape).astype(np.float32)


def type_of(value):
    return helper.np_dtype_to_tensor_dtype(value.dtype)


def add(name, nodes, inputs, outputs, opset=21, constants={}, functions=(), named=None, check=None):
    """A case: `outputs` are names, `check` computes what ONNX Runtime cannot."""
    values = [
        helper.make_tensor_value_info(k, type_of(v), named.get(k, v.shape) if named else v.shape)
        for k, v in inputs.items()
    ]
    initializers = [numpy_helper.from_array(v, k) for k, v in constants.items()]
    results = [onnx.ValueInfoProto(name=o) for o in outputs]
    graph = helper.make_graph(nodes, name, values, results, initializers)
    sets = [helper.make_opsetid("", opset), helper.make_opsetid(MICROSOFT, 1), helper.make_opsetid("own", 1)]
    model = helper.make_model(graph, opset_imports=sets, functions=list(functions), ir_version=8)
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    found = session.run(None, inputs)
    arrays[f"{name}|model"] = np.frombuffer(model.SerializeToString(), np.uint8)
    for key, value in inputs.items():
        arrays[f"{name}|in|{key}"] = value
    for output, value in zip(session.get_outputs(), found):
        arrays[f"{name}|out|{output.name}"] = value


def node(kind, inputs, outputs, domain="", **attributes):
    return helper.make_node(kind, inputs.split(), outputs.split(), domain=domain, **attributes)


def microsoft():
    x, y = floats(2, 3, 8), floats(2, 3, 8)
    bias = floats(8)
    add("gelu", [node("Gelu", "x", "y", MICROSOFT)], {"x": x}, ["y"])
    add("fast_gelu", [node("FastGelu", "x b", "y", MICROSOFT)], {"x": x}, ["y"], constants={"b": bias})
    add("bias_gelu", [node("BiasGelu", "x b", "y", MICROSOFT)], {"x": x}, ["y"], constants={"b": bias})
    add("quick_gelu", [node("QuickGelu", "x", "y", MICROSOFT, alpha=1.5)], {"x": x}, ["y"])
    add("fused_matmul", [node("FusedMatMul", "a b", "y", MICROSOFT, alpha=0.5, transA=1, transB=1)],
        {"a": floats(2, 4, 3), "b": floats(2, 5, 4)}, ["y"])
    add("skip_layer_norm",
        [node("SkipLayerNormalization", "x s g b c", "y m i sum", MICROSOFT, epsilon=1e-5)],
        {"x": x, "s": y}, ["y", "sum"], constants={"g": floats(8), "b": floats(8), "c": bias})
    add("skip_simplified",
        [node("SkipSimplifiedLayerNormalization", "x s g", "y m i sum", MICROSOFT, epsilon=1e-5)],
        {"x": x, "s": y}, ["y", "sum"], constants={"g": floats(8)})
    add("simplified", [node("SimplifiedLayerNormalization", "x g", "y", "", epsilon=1e-5, axis=-1)],
        {"x": x}, ["y"], constants={"g": floats(8)})
    add("embed", [node("EmbedLayerNormalization", "w s e p t g b m", "y n", MICROSOFT, epsilon=1e-6)],
        {"w": np.array([[1, 4, 2], [0, 3, 3]], np.int32), "s": np.array([[0, 0, 1], [1, 0, 1]], np.int32),
         "m": np.array([[1, 1, 0], [1, 1, 1]], np.int32)},
        ["y", "n"], constants={"e": floats(6, 8), "p": floats(5, 8), "t": floats(2, 8), "g": floats(8), "b": floats(8)})
    weights = {"w": floats(8, 24), "b": floats(24)}
    add("attention_packed", [node("Attention", "x w b m", "y", MICROSOFT, num_heads=2)],
        {"x": x, "m": np.array([[1, 1, 0], [1, 1, 1]], np.int32)}, ["y"], constants=weights)
    add("attention_causal", [node("Attention", "x w b", "y", MICROSOFT, num_heads=2, unidirectional=1)],
        {"x": x}, ["y"], constants=weights)
    add("multi_head", [node("MultiHeadAttention", "q k v b", "y pk pv", MICROSOFT, num_heads=2)],
        {"q": x, "k": y, "v": floats(2, 3, 8)}, ["y", "pk", "pv"], constants={"b": floats(24)})
    angles = {"c": floats(10, 2), "s": floats(10, 2)}
    add("rotary", [node("RotaryEmbedding", "x p c s", "y", MICROSOFT, interleaved=1)],
        {"x": floats(2, 2, 3, 4), "p": np.array([[0, 4, 2], [7, 8, 9]], np.int64)}, ["y"], constants=angles)
    add("fused_conv", [node("FusedConv", "x w b", "y", MICROSOFT, activation="LeakyRelu", activation_params=[0.1],
                            pads=[1, 0, 1, 0])],
        {"x": floats(1, 2, 5, 5)}, ["y"], constants={"w": floats(3, 2, 3, 3), "b": floats(3)})


def versions():
    x = floats(2, 3, 4)
    add("softmax_7", [node("Softmax", "x", "y", axis=1)], {"x": x}, ["y"], opset=7)
    add("softmax_13", [node("Softmax", "x", "y", axis=1)], {"x": x}, ["y"], opset=13)
    add("clip_6", [node("Clip", "x", "y", min=-0.5, max=0.5)], {"x": x}, ["y"], opset=7)
    add("dropout_7", [node("Dropout", "x", "y", ratio=0.5)], {"x": x}, ["y"], opset=7)
    add("slice_9", [node("Slice", "x", "y", axes=[1, 2], starts=[0, -3], ends=[2, 100])], {"x": x}, ["y"], opset=9)
    add("slice_13", [node("Slice", "x s e a t", "y")], {"x": x}, ["y"], opset=13,
        constants={"s": np.array([-1, 0]), "e": np.array([-100, 4]), "a": np.array([1, 2]), "t": np.array([-1, 2])})
    add("squeeze_11", [node("Squeeze", "x", "y", axes=[0])], {"x": floats(1, 3, 1)}, ["y"], opset=11)
    add("unsqueeze_11", [node("Unsqueeze", "x", "y", axes=[0, 4])], {"x": x}, ["y"], opset=11)
    add("split_11", [node("Split", "x", "y z", axis=2, split=[1, 3])], {"x": x}, ["y", "z"], opset=11)
    add("split_18", [node("Split", "x", "y z", axis=1, num_outputs=2)], {"x": x}, ["y", "z"], opset=18)
    add("reduce_11", [node("ReduceMean", "x", "y", axes=[1], keepdims=0)], {"x": x}, ["y"], opset=11)
    add("reduce_18", [node("ReduceMean", "x a", "y", keepdims=0)], {"x": x}, ["y"], opset=18,
        constants={"a": np.array([-1, 0])})
    add("pad_2", [node("Pad", "x", "y", mode="reflect", pads=[0, 1, 2, 0, 0, 1])], {"x": x}, ["y"], opset=9)
    add("upsample_9", [node("Upsample", "x s", "y", mode="linear")], {"x": floats(1, 1, 2, 3)}, ["y"], opset=9,
        constants={"s": np.array([1, 1, 2, 3], np.float32)})
    add("resize_10", [node("Resize", "x s", "y", mode="nearest")], {"x": floats(1, 1, 4, 4)}, ["y"], opset=10,
        constants={"s": np.array([1, 1, 0.6, 1.7], np.float32)})
    add("topk_1", [node("TopK", "x", "y i", axis=-1, k=2)], {"x": x}, ["y", "i"], opset=9)


def structure():
    x = floats(2, 3)
    inner = helper.make_function(
        "own", "Scaled", ["a", "b"], ["c"],
        [helper.make_node("Mul", ["a", "b"], ["t"]), helper.make_node("Add", ["t", "a"], ["c"])],
        [helper.make_opsetid("", 18)])
    leaky = onnx.FunctionProto()
    leaky.CopyFrom(helper.make_function(
        "own", "Twice", ["a"], ["c"],
        [helper.make_node("LeakyRelu", ["a"], ["t"]), helper.make_node("Scaled", ["t", "a"], ["c"], domain="own")],
        [helper.make_opsetid("", 18), helper.make_opsetid("own", 1)], ["slope"]))
    reference = leaky.node[0].attribute.add()
    reference.name, reference.ref_attr_name, reference.type = "alpha", "slope", onnx.AttributeProto.FLOAT
    add("functions", [node("Twice", "x", "y", "own", slope=0.25)], {"x": x}, ["y"], opset=18,
        functions=[inner, leaky])
    body = helper.make_graph(
        [node("Add", "state x", "next"), node("Less", "i limit", "more"), node("Identity", "next", "shown")],
        "body",
        [helper.make_tensor_value_info("i", TensorProto.INT64, []),
         helper.make_tensor_value_info("go", TensorProto.BOOL, []),
         helper.make_tensor_value_info("state", TensorProto.FLOAT, [2, 3])],
        [helper.make_tensor_value_info("more", TensorProto.BOOL, []),
         helper.make_tensor_value_info("next", TensorProto.FLOAT, [2, 3]),
         helper.make_tensor_value_info("shown", TensorProto.FLOAT, [2, 3])],
        [numpy_helper.from_array(np.array(3, np.int64), "limit")])
    add("loop_outer", [helper.make_node("Loop", ["m", "", "x"], ["last", "all"], body=body)], {"x": x},
        ["last", "all"], opset=16, constants={"m": np.array(4, np.int64)})
    branches = [
        helper.make_graph([node("Mul", "x two", "r")], kind, [],
                          [helper.make_tensor_value_info("r", TensorProto.FLOAT, [2, 3])],
                          [numpy_helper.from_array(np.array(value, np.float32), "two")])
        for kind, value in (("then", 2), ("else", -2))
    ]
    add("branch", [helper.make_node("If", ["c"], ["y"], then_branch=branches[0], else_branch=branches[1])],
        {"x": x, "c": np.array(False)}, ["y"], opset=16)
    add("shape_arithmetic",
        [node("Shape", "x", "s"), node("Gather", "s zero", "n"), node("Unsqueeze", "n axes", "u"),
         node("Concat", "u rest", "to", axis=0), node("Reshape", "x to", "y")],
        {"x": floats(2, 3, 4)}, ["y"], named={"x": ["batch", 3, 4]},
        constants={"zero": np.array(0), "axes": np.array([0]), "rest": np.array([-1])})
    add("wide_unsigned", [node("Add", "a b", "y"), node("Cast", "y", "z", to=TensorProto.FLOAT)],
        {"a": np.array([2**32 - 1, 5], np.uint32), "b": np.array([3, 7], np.uint32)}, ["y", "z"])
    add("unsigned_long", [node("Div", "a b", "y"), node("Cast", "a", "f", to=TensorProto.DOUBLE)],
        {"a": np.array([2**64 - 1, 2**63, 9], np.uint64), "b": np.array([3, 2**63 + 1, 2], np.uint64)}, ["y", "f"])
    for direction in ("forward", "reverse", "bidirectional"):
        n = 2 if direction == "bidirectional" else 1
        add(f"lstm_{direction}",
            [node("LSTM", "x w r b l", "y h c", direction=direction, hidden_size=3)],
            {"x": floats(4, 2, 5), "l": np.array([4, 2], np.int32)}, ["y", "h", "c"], opset=14,
            constants={"w": floats(n, 12, 5), "r": floats(n, 12, 3), "b": floats(n, 24)})
        add(f"gru_{direction}",
            [node("GRU", "x w r b", "y h", direction=direction, hidden_size=3, linear_before_reset=1)],
            {"x": floats(4, 2, 5)}, ["y", "h"], opset=14,
            constants={"w": floats(n, 9, 5), "r": floats(n, 9, 3), "b": floats(n, 18)})
        add(f"lstm_fused_{direction}", [node("LSTM", "x w r b", "y h c", direction=direction, hidden_size=3)],
            {"x": floats(4, 2, 5)}, ["y", "h", "c"], opset=14,
            constants={"w": floats(n, 12, 5), "r": floats(n, 12, 3), "b": floats(n, 24)})
    add("max_pool_indices", [node("MaxPool", "x", "y i", kernel_shape=[2, 3], strides=[2, 1], pads=[1, 1, 0, 1])],
        {"x": floats(1, 2, 5, 6)}, ["y", "i"])
    add("average_uneven", [node("AveragePool", "x", "y", kernel_shape=[3, 2], strides=[2, 2], pads=[0, 1, 1, 0],
                                ceil_mode=0, count_include_pad=1)], {"x": floats(1, 2, 6, 7)}, ["y"])
    add("quantised_conv",
        [node("QLinearConv", "x xs xz w ws wz ys yz b", "y", pads=[1, 1, 1, 1])],
        {"x": random.integers(0, 256, (1, 2, 5, 5)).astype(np.uint8)}, ["y"],
        constants={"xs": np.float32(0.02), "xz": np.uint8(120), "w": random.integers(-128, 128, (3, 2, 3, 3)).astype(np.int8),
                   "ws": np.array([0.01, 0.02, 0.03], np.float32), "wz": np.zeros(3, np.int8), "ys": np.float32(0.1),
                   "yz": np.uint8(7), "b": np.array([5, -300, 800], np.int32)})


microsoft()
versions()
structure()
np.savez_compressed(TARGET, **arrays)
print(f"{TARGET}: {sum(k.endswith('|model') for k in arrays)} cases, {TARGET.stat().st_size} bytes")
