"""Compares `convbook apply` with the node tests of the onnx package."""

import collections

import numpy
from onnx import helper
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
        if len(outputs) > 1:
            raise LeftOut("the indices of max pooling")
        return {"input": inputs[0]}, options, outputs[0]
    options["groups"] = attributes.get("group", 1)
    if "output_padding" in attributes:
        options["output-padding"] = numbers(attributes["output_padding"])
    if "output_shape" in attributes:
        raise LeftOut("an output shape to reach")
    names = ["input", "weight", "bias"]
    return dict(zip(names, inputs)), options, outputs[0]


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


def along_axis(operation, attributes, inputs, outputs):
    axis = attributes.get("axis", -1 if operation == "softmax" else 0)
    expected = outputs[0]
    if operation == "argmax":
        if attributes.get("select_last_index", 0):
            raise LeftOut("the last of equal largest values")
        if attributes.get("keepdims", 1):
            expected = expected.squeeze(axis)
    return {"input": inputs[0]}, {"axis": axis}, expected


def cases():
    found, left_out = [], collections.defaultdict(list)
    for test in collect_testcases():
        nodes = list(test.model.graph.node)
        if len(nodes) != 1 or nodes[0].op_type not in OPERATIONS:
            continue
        node, operation = nodes[0], OPERATIONS[nodes[0].op_type]
        attributes = {a.name: helper.get_attribute_value(a) for a in node.attribute}
        for inputs, outputs in test.data_sets:
            try:
                if operation == "linear":
                    case = linear(attributes, inputs, outputs)
                elif operation in ("softmax", "argmax"):
                    case = along_axis(operation, attributes, inputs, outputs)
                else:
                    case = windowed(operation, attributes, inputs, outputs)
                found.append(Case(test.name, operation, *case))
            except LeftOut as reason:
                left_out[str(reason)].append(test.name)
    return found, left_out


if __name__ == "__main__":
    settings = arguments(__doc__)
    report(*cases(), settings)
