#!/usr/bin/env python3
"""Writes onnx-cases.safetensors: small ONNX models, what goes in, and what onnxruntime gives.

    python3 -m pip install numpy onnx onnxruntime safetensors
    python3 make-onnx.py

Each case is three tensors: NAME.onnx, the model's bytes; NAME.x and NAME.y.
"""
import pathlib

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper
from safetensors.numpy import save_file

random = np.random.default_rng(13)
tensors = {}


def noise(*shape):
    return random.standard_normal(shape).astype(np.float32).round(2)


def case(name, nodes, x, weights={}, opset=13, open_axes=(), typed=()):
    """A model of these nodes, from x to y; weights are arrays by name."""
    x = noise(*x) if isinstance(x, tuple) else x
    shape = [f"n{i}" if i in open_axes else extent for i, extent in enumerate(x.shape)]
    kept = []
    read = {name for node in nodes for name in node.input}
    for key, array in weights.items():
        if key not in read:
            continue
        array = np.asarray(array)
        if key in typed:  # in the field of its type
            values = array.view(np.uint16) if array.dtype == np.float16 else array
            kind = helper.np_dtype_to_tensor_dtype(array.dtype)
            proto = TensorProto(name=key, dims=array.shape, data_type=kind)
            field = {"f4": "float_data", "f8": "double_data", "i8": "int64_data"}.get(
                array.dtype.str[1:], "int32_data")
            getattr(proto, field).extend(values.flatten().tolist())
            kept.append(proto)
        else:
            kept.append(numpy_helper.from_array(array, key))
    graph = helper.make_graph(
        nodes, "graph", [helper.make_tensor_value_info("x", TensorProto.FLOAT, shape)],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, None)], kept)
    model = helper.make_model(
        graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=4 if opset < 11 else 8)
    data = model.SerializeToString()
    session = onnxruntime.InferenceSession(data, providers=["CPUExecutionProvider"])
    (y,) = session.run(["y"], {"x": x})
    tensors[f"{name}.onnx"] = np.frombuffer(data, np.uint8)
    tensors[f"{name}.x"], tensors[f"{name}.y"] = x, y.astype(np.float32)


def node(kind, inputs="x", outputs="y", **attributes):
    return helper.make_node(
        kind, inputs.split(" ") if inputs else [], outputs.split(" "), **attributes)


def ints(*numbers):
    return np.array(numbers, np.int64)


K = {"w": noise(4, 3, 3, 2), "b": noise(4)}
case("conv", [node("Conv", "x w b", strides=[2, 1], pads=[1, 0, 2, 1], dilations=[1, 2])],
     (2, 3, 7, 6), K)
case("conv same upper", [node("Conv", "x w", auto_pad="SAME_UPPER", strides=[2, 2])], (1, 3, 6, 7), K)
case("conv same lower", [node("Conv", "x w", auto_pad="SAME_LOWER", strides=[2, 1])], (1, 3, 6, 7), K)
case("conv groups", [node("Conv", "x w b", group=2)], (1, 4, 5, 5),
     {"w": noise(6, 2, 3, 3), "b": noise(6)})
case("conv line", [node("Conv", "x w b", strides=[2], pads=[1, 1])], (1, 3, 11),
     {"w": noise(5, 3, 4), "b": noise(5)})
case("line pooled in the plane", [
    node("Conv", "x w", "a"), node("Unsqueeze", "a two", "b"),
    node("AveragePool", "b", "c", kernel_shape=[1, 2], strides=[1, 2]),
    node("Squeeze", "c two")], (1, 3, 11), {"w": noise(5, 3, 4), "two": ints(2)})
U = {"w": noise(3, 4, 3, 4), "b": noise(4)}
case("convT", [node("ConvTranspose", "x w b", strides=[2, 3], pads=[1, 0, 0, 2],
                    output_padding=[1, 2])], (1, 3, 4, 3), U)
case("convT shape", [node("ConvTranspose", "x w", strides=[2, 3], output_shape=[8, 10])],
     (1, 3, 4, 3), U)
case("convT shape upper", [node("ConvTranspose", "x w", strides=[2, 3], output_shape=[8, 10],
                                auto_pad="SAME_UPPER")], (1, 3, 4, 3), U)
case("convT same", [node("ConvTranspose", "x w", strides=[2, 2], auto_pad="SAME_LOWER")],
     (1, 3, 4, 3), U)
case("convT groups", [node("ConvTranspose", "x w b", group=3, strides=[2, 2])], (1, 3, 4, 3),
     {"w": noise(3, 2, 2, 2), "b": noise(6)})
case("max ceil", [node("MaxPool", kernel_shape=[3, 2], strides=[2, 2], ceil_mode=1)], (1, 2, 6, 7))
case("max dilated", [node("MaxPool", kernel_shape=[2, 3], dilations=[2, 1], pads=[1, 1, 0, 1])],
     (1, 2, 6, 7))
case("avg", [node("AveragePool", kernel_shape=[3, 3], strides=[2, 2], pads=[1, 1, 1, 1])],
     (1, 2, 6, 7))
case("avg with padding", [node("AveragePool", kernel_shape=[3, 3], pads=[1, 1, 1, 1],
                               count_include_pad=1)], (1, 2, 6, 7))
case("avg same", [node("AveragePool", kernel_shape=[2, 2], auto_pad="SAME_UPPER")], (1, 2, 6, 7))
case("global", [node("GlobalMaxPool")], (1, 3, 4, 5))
case("mean over the map", [node("ReduceMean", axes=[-1, -2], keepdims=0)], (1, 3, 4, 5))

F = {"w": noise(60, 4), "t": noise(4, 60), "b": noise(4), "c": noise(1)}
case("gemm", [node("Flatten", "x", "f"), node("Gemm", "f w b")], (1, 3, 4, 5), F)
case("gemm turned", [node("Flatten", "x", "f"),
                     node("Gemm", "f t c", transB=1, alpha=0.5, beta=2.0)], (1, 3, 4, 5), F)
case("matmul", [node("Reshape", "x s", "f"), node("MatMul", "f w", "m"), node("Add", "b m")],
     (1, 3, 4, 5), F | {"s": ints(0, -1)})
case("channels last", [
    node("Transpose", "x", "t", perm=[0, 2, 3, 1]), node("MatMul", "t w", "m"),
    node("Add", "m b", "a"), node("Transpose", "a", "y", perm=[0, 3, 1, 2])], (1, 3, 4, 5),
    {"w": noise(3, 6), "b": noise(6)})
case("flattened channels last", [
    node("Transpose", "x", "l", perm=[0, 2, 3, 1]), node("Flatten", "l", "f"),
    node("Gemm", "f w b")], (1, 3, 4, 5), F)

B = {"s": noise(3), "b": noise(3), "m": noise(3), "v": abs(noise(3)) + np.float32(0.5)}
case("bn", [node("BatchNormalization", "x s b m v", epsilon=0.01)], (2, 3, 2, 3), B)
case("lrn", [node("LRN", size=3, alpha=0.3, beta=0.6, bias=2.0)], (1, 5, 2, 3))
case("softmax", [node("Softmax", axis=1)], (1, 4, 2, 3))
case("softmax of old", [node("GlobalAveragePool", "x", "g"), node("Softmax", "g")],
     (1, 4, 2, 3), opset=9)
case("log softmax", [node("LogSoftmax", axis=-3)], (1, 4, 2, 3))
case("prelu", [node("PRelu", "x s")], (1, 3, 2, 3), {"s": noise(3, 1, 1)})
case("activations", [
    node("LeakyRelu", "x", "a", alpha=0.2), node("Elu", "a", "b", alpha=0.5),
    node("HardSigmoid", "b", "c"), node("Softplus", "c", "d"), node("Tanh", "d", "e"),
    node("HardSwish", "e", "f"), node("Clip", "f low", "g"), node("Abs", "g", "h"),
    node("Exp", "h", "i"), node("Log", "i", "j"), node("Sigmoid", "j", "k"),
    node("Clip", "k low high")], (1, 3, 2, 3),
    {"low": np.float32(-0.1), "high": np.float32(0.7)}, opset=14)
case("clip of old", [node("Clip", min=-0.5, max=0.5)], (1, 3, 2, 3), opset=7)
case("gelu", [node("Gelu")], (1, 3, 2, 3), opset=20)
G = {"root": np.float32(2 ** 0.5), "one": np.float32(1), "half": np.float32(0.5)}
E = [node("Div", "x root", "a"), node("Erf", "a", "e"), node("Add", "one e", "s")]
case("gelu written out", E + [node("Mul", "x s", "m"), node("Mul", "m half")], (1, 3, 2, 3), G)
case("gelu with half first", E + [node("Mul", "x half", "m"), node("Mul", "m s")], (1, 3, 2, 3), G)
case("gelu with half within", E + [node("Mul", "s half", "m"), node("Mul", "m x")], (1, 3, 2, 3), G)
case("arithmetic", [
    node("Mul", "x two", "a"), node("Sub", "one a", "b"), node("Div", "b c", "d"),
    node("Add", "c d", "e"), node("Pow", "e two", "f"), node("Div", "one f", "g"),
    node("Sqrt", "g", "h"), node("Sub", "h c", "i"), node("Sub", "c i", "j"),
    node("Neg", "j", "k"), node("Max", "k one")], (1, 3, 2, 3),
    {"one": np.float32(1), "two": np.float32(2), "c": noise(3, 1, 1) + np.float32(4)})
case("maps with maps", [
    node("Mul", "x x", "a"), node("Sub", "x a", "b"), node("Exp", "x", "e"),
    node("Div", "b e", "c"), node("Max", "x c b", "d"), node("Mean", "d x c", "f"),
    node("Sum", "f a b")], (1, 3, 2, 3))
case("squeeze and excite", [
    node("GlobalAveragePool", "x", "g"), node("Conv", "g w b", "c"), node("Sigmoid", "c", "s"),
    node("Mul", "s x")], (1, 3, 4, 5), {"w": noise(3, 3, 1, 1), "b": noise(3)})
case("one channel with all", [node("Conv", "x w", "c"), node("Mul", "x c")], (1, 3, 4, 5),
     {"w": noise(1, 3, 1, 1)})

case("parts", [
    node("Slice", "x a b ax", "s"), node("Split", "s", "p q", axis=1),
    node("Concat", "q p", "y", axis=-3)], (1, 4, 6, 7),
    {"a": ints(1, -6), "b": ints(9223372036854775807, 6), "ax": ints(2, 3)})
case("slice of old", [node("Slice", starts=[1, 2], ends=[3, -1], axes=[1, 2])], (1, 4, 6, 7),
     opset=9)
case("every second cell", [node("Slice", "x a b ax s")], (1, 2, 6, 7),
     {"a": ints(0, 1), "b": ints(6, 7), "ax": ints(2, 3), "s": ints(2, 3)})
case("channel by channel", [
    node("Gather", "x two", "a", axis=1), node("Unsqueeze", "a one", "b"),
    node("Concat", "b x", "y", axis=1)], (1, 3, 4, 5), {"two": np.int64(2), "one": ints(1)})
case("shuffle", [
    node("Reshape", "x s", "a"), node("Transpose", "a", "b", perm=[0, 2, 1, 3, 4]),
    node("Reshape", "b t")], (1, 6, 2, 3), {"s": ints(1, 2, 3, 2, 3), "t": ints(1, -1, 2, 3)})
case("pad", [node("Pad", "x p v")], (1, 2, 3, 4),
     {"p": ints(0, 0, 1, 2, 0, 0, 3, 0), "v": np.float32(0.5)})
case("pad mirrored", [node("Pad", mode="reflect", pads=[0, 0, 1, 2, 0, 0, 2, 0])], (1, 2, 3, 4),
     opset=9)
case("pad repeated", [node("Pad", "x p", mode="edge")], (1, 2, 3, 4),
     {"p": ints(0, 0, 1, 2, 0, 0, 3, 0)})

for mode in ["half_pixel", "asymmetric", "align_corners", "pytorch_half_pixel"]:
    case(f"linear {mode}", [node("Resize", "x  f", mode="linear",
                                 coordinate_transformation_mode=mode)], (1, 2, 3, 4),
         {"f": np.array([1, 1, 2, 1.5], np.float32)})
    for nearest in ["round_prefer_floor", "round_prefer_ceil", "floor", "ceil"]:
        case(f"nearest {mode} {nearest}",
             [node("Resize", "x   s", mode="nearest", coordinate_transformation_mode=mode,
                   nearest_mode=nearest)], (1, 2, 3, 4), {"s": ints(1, 2, 7, 8)})
case("upsample of old", [node("Upsample", "x f", mode="nearest")], (1, 2, 3, 4),
     {"f": np.array([1, 1, 2, 3], np.float32)}, opset=9)
case("upsample of 7", [node("Upsample", mode="linear", scales=[1.0, 1.0, 2.0, 2.0])],
     (1, 2, 3, 4), opset=7)
case("resize of 10", [node("Resize", "x f", mode="linear")], (1, 2, 3, 4),
     {"f": np.array([1, 1, 2, 2], np.float32)}, opset=10)

# What exporters leave behind: the picture's size read, halved, and asked for.
case("shape arithmetic", [
    node("MaxPool", "x", "a", kernel_shape=[2, 2], strides=[2, 2]), node("Shape", "x", "s"),
    node("Gather", "s two", "h"), node("Gather", "s three", "w"), node("Gather", "s zero", "n"),
    node("Constant", "", "c", value_int=2), node("Mul", "n c", "channels"),
    node("Cast", "h", "hf", to=1), node("Div", "hf half", "hd"), node("Floor", "hd", "hl"),
    node("Cast", "hl", "hi", to=7), node("Unsqueeze", "hi z", "hu"), node("Unsqueeze", "w z", "wu"),
    node("Unsqueeze", "n z", "nu"), node("Unsqueeze", "channels z", "cu"),
    node("Concat", "nu cu hu wu", "size", axis=0), node("Resize", "a   size", "y", mode="linear")],
    (1, 2, 5, 6),
    {"zero": np.int64(0), "two": np.int64(2), "three": np.int64(3), "z": ints(0),
     "half": np.float32(1)}, open_axes=(0, 2, 3))
# As PyTorch's older exporter writes a border: pairs from the last axis on, turned around.
case("border turned around", [
    node("ConstantOfShape", "four", "zeros", value=numpy_helper.from_array(ints(0))),
    node("Concat", "pairs zeros", "all", axis=0), node("Reshape", "all two", "rows"),
    node("Slice", "rows last first axis back", "turned"),
    node("Transpose", "turned", "columns", perm=[1, 0]), node("Reshape", "columns list", "flat"),
    node("Cast", "flat", "pads", to=7), node("Pad", "x pads", "y", mode="reflect")], (1, 2, 5, 6),
    {"pairs": ints(1, 2, 3, 0), "four": ints(4), "two": ints(-1, 2), "list": ints(-1),
     "last": ints(-1), "first": ints(-9223372036854775807), "axis": ints(0), "back": ints(-1)})
case("fields of their type", [
    node("Cast", "h", "hf", to=1), node("Cast", "d", "df", to=1), node("Conv", "x w hf", "a"),
    node("Add", "a df", "b"), node("Reshape", "b s")], (1, 3, 4, 4),
    {"w": noise(2, 3, 3, 3), "h": noise(2).astype(np.float16),
     "d": noise(2, 1, 1).astype(np.float64), "s": ints(1, -1)}, typed=("w", "h", "d", "s"))

# Weights that are made of others, as weight normalization leaves them: g · v / ‖v‖ for each kernel.
case("weight norm", [
    node("ReduceL2", "v", "n", axes=[1, 2, 3]), node("Div", "v n", "u"), node("Mul", "u g", "w"),
    node("Conv", "x w b")], (1, 3, 5, 6),
    {"v": noise(4, 3, 3, 2), "g": noise(4, 1, 1, 1), "b": noise(4)})
case("a factor of numbers", [
    node("MatMul", "x l", "m"), node("Constant", "", "i", value_ints=[2, 3]),
    node("Reshape", "s i", "r"), node("ReduceSum", "r one", "t", keepdims=0), node("Abs", "t", "a"),
    node("Sqrt", "a", "q"), node("Reciprocal", "q", "p"), node("ReduceMax", "p", "c", keepdims=0),
    node("Mul", "m c")], (2, 4), {"l": noise(4, 3), "s": noise(6), "one": ints(1)})
# A bias of numbers that are repeated, cut, chosen and put together.
case("numbers of numbers", [
    node("Range", "zero six two", "a"), node("Tile", "a three", "b"), node("Equal", "b two", "c"),
    node("Cast", "b", "f", to=1), node("Where", "c n f", "d"), node("Reshape", "d nine", "e"),
    node("Gather", "e turned", "g", axis=1), node("Split", "g", "h i j", axis=0),
    node("Concat", "j h i", "k", axis=1), node("Slice", "k from to ax back", "l"),
    node("Transpose", "l", "m", perm=[1, 0]), node("ReduceSum", "m ax", "o", keepdims=1),
    node("Expand", "o whole", "q"), node("Squeeze", "o ax", "r"), node("ReduceProd", "r", "s"),
    node("Mod", "minus six", "u"), node("Cast", "u", "t", to=1), node("Add", "q r", "w"),
    node("Mul", "w t", "z"), node("ReduceMean", "z", "bias", axes=[0], keepdims=0),
    node("Conv", "x kernel bias")], (1, 2, 3, 4),
    {"zero": np.int64(0), "six": np.int64(6), "two": np.int64(2), "three": ints(3),
     "n": np.float32(0.5), "nine": ints(3, 3), "turned": ints(2, 0, -2), "from": ints(-1),
     "to": ints(-9), "ax": ints(1), "back": ints(-3), "whole": ints(3, 3), "minus": np.int64(-4),
     "kernel": noise(3, 2, 2, 2)})
case("channels into space", [node("DepthToSpace", blocksize=2, mode="CRD")], (2, 8, 2, 3))
case("blocks into space", [node("DepthToSpace", blocksize=2)], (2, 8, 2, 3))
case("a map of one cell", [
    node("Gemm", "x w b", "f"), node("Reshape", "f s", "m"), node("ConvTranspose", "m k", strides=[2, 2])],
    (2, 5), {"w": noise(5, 24), "b": noise(24), "s": ints(-1, 4, 2, 3), "k": noise(4, 2, 3, 3)})

save_file(tensors, pathlib.Path(__file__).parent / "onnx-cases.safetensors")
