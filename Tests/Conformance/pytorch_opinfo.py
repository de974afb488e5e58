"""Compares `convbook apply` with the samples by which PyTorch tests its own operators."""

import collections
import warnings

import torch
from torch.testing._internal.common_methods_invocations import op_db

from suite import Case, arguments, numbers, report

OPERATIONS = {
    "nn.functional.conv1d": "conv",
    "nn.functional.conv2d": "conv",
    "nn.functional.conv_transpose1d": "conv-transpose",
    "nn.functional.conv_transpose2d": "conv-transpose",
    "nn.functional.max_pool1d": "max-pool",
    "nn.functional.max_pool2d": "max-pool",
    "nn.functional.avg_pool1d": "avg-pool",
    "nn.functional.avg_pool2d": "avg-pool",
    "nn.functional.linear": "linear",
    "nn.functional.softmax": "softmax",
    "softmax": "softmax",
    "nn.functional.interpolate": "bilinear",
    "nn.functional.upsample_bilinear": "bilinear",
    "argmax": "argmax",
}

# The names of the arguments after the input, in the order in which they may be given without names.
POSITIONAL = {
    "conv": ["weight", "bias", "stride", "padding", "dilation", "groups"],
    "conv-transpose": [
        "weight", "bias", "stride", "padding", "output_padding", "groups", "dilation"],
    "max-pool": ["kernel_size", "stride", "padding", "dilation", "ceil_mode", "return_indices"],
    "avg-pool": [
        "kernel_size", "stride", "padding", "ceil_mode", "count_include_pad", "divisor_override"],
    "linear": ["weight", "bias"],
    "softmax": ["dim"],
    "argmax": ["dim", "keepdim"],
    "bilinear": ["size", "scale_factor", "mode", "align_corners"],
}


class LeftOut(Exception):
    pass


def named(operation, sample):
    names = POSITIONAL[operation]
    return {**dict(zip(names, sample.args)), **sample.kwargs}


def translate(operation, dimensions, given, x, expected):
    """The arrays, options and expected result of one sample, in the words of `convbook apply`."""
    arrays, options = {"input": x}, {}
    if operation in ("conv", "conv-transpose", "linear"):
        arrays["weight"] = given.pop("weight")
        bias = given.pop("bias", None)
        if bias is not None:
            arrays["bias"] = bias
    if operation == "bilinear":
        return interpolation(given, x, expected)
    if operation in ("softmax", "argmax"):
        given.pop("dtype", None)
        if given.get("dim") is None:
            raise LeftOut("the argmax over all axes at once")
        options["axis"] = given.pop("dim")
        if given.pop("keepdim", False):
            expected = expected.squeeze(options["axis"])
        if x.dim() == 0:
            raise LeftOut("a scalar, which has no axis")
    for name, option in [
        ("kernel_size", "kernel"), ("stride", "stride"), ("dilation", "dilation"),
        ("output_padding", "output-padding"), ("groups", "groups"),
    ]:
        value = given.pop(name, None)
        if value is not None and value != ():
            options[option] = numbers(value)
    if dimensions == 2 and x.dim() == 3 and "kernel" in options and "," not in options["kernel"]:
        # Two numbers tell a single picture from a stack of sequences.
        options["kernel"] = f"{options['kernel']},{options['kernel']}"
    padding = given.pop("padding", None)
    if padding is not None:
        options["padding"] = padding if isinstance(padding, str) else numbers(padding)
    if given.pop("ceil_mode", False):
        options["ceil-mode"] = True
    if operation == "avg-pool" and given.pop("count_include_pad", True):
        options["count-include-pad"] = True
    if given.pop("divisor_override", None) is not None:
        raise LeftOut("divisor_override")
    if given.pop("return_indices", False):
        expected = expected[0]
    if given:
        raise LeftOut(f"arguments {sorted(given)}")
    return arrays, options, expected


def interpolation(given, x, expected):
    if given.get("mode", "bilinear") not in ("bilinear", "linear"):
        raise LeftOut("an interpolation that is not bilinear")
    if x.dim() > 4:
        raise LeftOut("three spatial dimensions")
    scale = given.get("scale_factor")
    factors = [b / a for a, b in zip(x.shape[2:], expected.shape[2:])]
    if any(factor != int(factor) for factor in factors):
        raise LeftOut("an interpolation by a factor that is not whole")
    if scale is not None and given.get("recompute_scale_factor") is None and any(
        factor != s for factor, s in zip(factors, [scale] * 2 if isinstance(scale, (int, float)) else scale)
    ):
        raise LeftOut("an interpolation by a factor that is not whole")
    options = {"scale": numbers(factors)}
    # upsample_bilinear has no mode: it always aligns the corners.
    if given.get("align_corners", "mode" not in given):
        options["align-corners"] = True
    return {"input": x}, options, expected


def cases():
    found, left_out = [], collections.defaultdict(list)
    for op in op_db:
        if op.name not in OPERATIONS:
            continue
        operation = OPERATIONS[op.name]
        dimensions = next((int(c) for c in op.name if c.isdigit()), 0)
        torch.manual_seed(0)
        for i, sample in enumerate(op.sample_inputs("cpu", torch.float32)):
            name = f"{op.name}{'.' + op.variant_test_name if op.variant_test_name else ''} {i}"
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                result = op(sample.input, *sample.args, **sample.kwargs)
            try:
                arrays, options, expected = translate(
                    operation, dimensions, named(operation, sample), sample.input, result)
            except LeftOut as reason:
                left_out[str(reason)].append(op.name)
                continue
            arrays = {key: value.detach().numpy() for key, value in arrays.items()}
            found.append(Case(name, operation, arrays, options, expected.detach().numpy()))
    return found, left_out


if __name__ == "__main__":
    settings = arguments(__doc__)
    report(*cases(), settings)
