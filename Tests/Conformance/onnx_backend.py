"""Compares `convbook apply` with the backend tests of the onnx package."""

import collections
import pathlib

import numpy
import onnx
from onnx import helper, numpy_helper
from onnx.backend.test.case.node import collect_testcases

from suite import Case, arguments, numbers, report

OPERATIONS = {
    "Conv": "conv",
    "ConvTranspose": "conv-transpose",
    "MaxPool": "max-pool",
    "AveragePool": "avg-pool",
    "Gemm": "linear",
    "Softmax": "softmax",
    "ArgMax": "argmax",
}


class LeftOut(Exception):
    pass


def padding(attributes, spatial):
    rule = attributes.get("auto_pad", b"NOTSET").decode()
    if rule != "NOTSET":
        return {"SAME_UPPER": "same-upper", "SAME_LOWER": "same-lower", "VALID": "valid"}[rule]
    pads = attributes.get("pads", [0] * 2 * spatial)
    before, after = list(pads[:spatial]), list(pads[spatial:])
    if spatial == 1:
        before, after = [0] + before, [0] + after
    return ",".join(map(str, before + after))


def windowed(operation, attributes, inputs, outputs):
    spatial = inputs[0].ndim - 2
    if spatial > 2:
        raise LeftOut("three spatial dimensions")
    options = {"padding": padding(attributes, spatial)}
    for attribute, option in [("strides", "stride"), ("dilations", "dilation")]:
        options[option] = numbers(attributes.get(attribute, [1] * spatial))
    if operation.endswith("pool"):
        options["kernel"] = numbers(attributes["kernel_shape"])
        if attributes.get("ceil_mode", 0):
            options["ceil-mode"] = True
        if operation == "avg-pool" and attributes.get("count_include_pad", 0):
            options["count-include-pad"] = True
        return {"input": inputs[0]}, options, outputs[0]
    options["groups"] = attributes.get("group", 1)
    if "output_padding" in attributes:
        options["output-padding"] = numbers(attributes["output_padding"])
    if "output_shape" in attributes:
        options.update(reaching(attributes, inputs[0].shape[2:], inputs[1].shape[2:]))
    names = ["input", "weight", "bias"]
    return dict(zip(names, inputs)), options, outputs[0]


def reaching(attributes, size, kernel):
    """The padding, or the output padding, by which a transposed convolution reaches a shape."""
    spatial = len(size)
    ones = [1] * spatial
    beyond = [
        s * (i - 1) + d * (k - 1) + 1 - o
        for i, k, s, d, o in zip(
            size, kernel, attributes.get("strides", ones), attributes.get("dilations", ones),
            attributes["output_shape"][-spatial:])
    ]
    upper = attributes.get("auto_pad", b"NOTSET") == b"SAME_UPPER"
    taken = [max(0, cells) for cells in beyond]
    before = [cells // 2 if upper else cells - cells // 2 for cells in taken]
    after = [cells - first for cells, first in zip(taken, before)]
    if spatial == 1:
        before, after = [0] + before, [0] + after
    return {
        "padding": ",".join(map(str, before + after)),
        "output-padding": numbers([max(0, -cells) for cells in beyond]),
    }


def linear(attributes, inputs, outputs):
    """A general matrix product, where it is what a linear layer computes."""
    a, b = inputs[0], inputs[1]
    if attributes.get("transA", 0):
        raise LeftOut("a matrix product that no linear layer computes")
    weight = b if attributes.get("transB", 0) else b.T
    weight = weight * numpy.float32(attributes.get("alpha", 1))
    arrays = {"input": a, "weight": numpy.ascontiguousarray(weight)}
    if len(inputs) > 2:
        bias = inputs[2] * numpy.float32(attributes.get("beta", 1))
        if bias.size not in (1, weight.shape[0]) or (bias.ndim == 2 and bias.shape[0] != 1):
            raise LeftOut("a matrix product that no linear layer computes")
        arrays["bias"] = numpy.ascontiguousarray(
            numpy.broadcast_to(bias.reshape(-1), weight.shape[:1]))
    return arrays, {}, outputs[0]


def along_axis(operation, attributes, inputs, outputs, model):
    axis = attributes.get("axis", -1 if operation == "softmax" else 0)
    if operation == "softmax" and model.opset_import[0].version < 13 and inputs[0].ndim > 2:
        raise LeftOut("the softmax of old, over all axes from one on")
    expected = outputs[0]
    if operation == "argmax":
        if attributes.get("select_last_index", 0):
            raise LeftOut("the last of equal largest values")
        if attributes.get("keepdims", 1):
            expected = expected.squeeze(axis)
    return {"input": inputs[0]}, {"axis": axis}, expected


def models():
    """Name, model and data of the node tests, and of the single operators converted from PyTorch."""
    for test in collect_testcases():
        for inputs, outputs in test.data_sets:
            yield test.name, test.model, list(inputs), list(outputs)
    data = pathlib.Path(onnx.__file__).parent / "backend/test/data"
    for test in sorted(data.glob("pytorch-*/test_*")):
        model = onnx.load(test / "model.onnx")
        for folder in sorted(test.glob("test_data_set_*")):
            yield test.name, model, arrays(folder, "input"), arrays(folder, "output")


def arrays(folder, kind):
    count = len(list(folder.glob(f"{kind}_*.pb")))
    return [load_array(folder / f"{kind}_{i}.pb") for i in range(count)]


def load_array(path):
    return numpy_helper.to_array(onnx.TensorProto.FromString(path.read_bytes()))


def cases():
    found, left_out = [], collections.defaultdict(list)
    for name, model, inputs, outputs in models():
        nodes = list(model.graph.node)
        if len(nodes) != 1 or nodes[0].op_type not in OPERATIONS:
            continue
        node, operation = nodes[0], OPERATIONS[nodes[0].op_type]
        attributes = {a.name: helper.get_attribute_value(a) for a in node.attribute}
        constants = {c.name: numpy_helper.to_array(c) for c in model.graph.initializer}
        given = dict(zip([i.name for i in model.graph.input if i.name not in constants], inputs))
        inputs = [{**constants, **given}[i] for i in node.input if i]
        try:
            if operation == "linear":
                case = linear(attributes, inputs, outputs)
            elif operation in ("softmax", "argmax"):
                case = along_axis(operation, attributes, inputs, outputs, model)
            else:
                case = windowed(operation, attributes, inputs, outputs)
            found.append(Case(name, operation, *case))
        except LeftOut as reason:
            left_out[str(reason)].append(name)
    return found, left_out


if __name__ == "__main__":
    settings = arguments(__doc__)
    report(*cases(), settings)
