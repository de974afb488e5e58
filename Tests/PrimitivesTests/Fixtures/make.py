"""Writes cases.json and arrays.npy: what PyTorch and ONNX's reference evaluator compute.

    python3 make.py

cases.json lists the cases: the operation, its options, and for each array its shape and where it
begins in arrays.npy, which holds all numbers one after the other as 32-bit floats. Inputs are random
multiples of 1/8 between -2 and 2, so that sums of products are exact in any order.

Made with torch 2.15 and onnx 1.23; needs numpy as well.
"""

import itertools
import json
import pathlib

import numpy as np
import onnx
import onnx.reference
import torch
import torch.nn.functional as F

SEED = 1603_07285
random = np.random.default_rng(SEED)
cases, numbers, length = [], [], 0


def draw(*shape):
    return (random.integers(-16, 17, shape) / 8).astype(np.float32)


def add(op, by, arrays, **options):
    global length
    places = {}
    for name, array in arrays.items():
        if isinstance(array, torch.Tensor):
            array = array.detach().numpy()
        array = np.asarray(array, dtype=np.float32)
        places[name] = {"shape": list(array.shape), "at": length}
        numbers.append(array.ravel())
        length += array.size
    cases.append({"op": op, "by": by, **options, "arrays": places})


def tensor(array):
    return torch.tensor(array, requires_grad=True)


def sides(padding):
    return [padding[0], padding[1], padding[0], padding[1]]


# Convolutions and their gradients: unequal sizes, strides, paddings and dilations, and groups.
geometries = [
    # kernel, stride, padding, dilation
    ((3, 3), (1, 1), (1, 1), (1, 1)),
    ((3, 2), (2, 1), (1, 0), (1, 2)),
    ((2, 3), (1, 3), (0, 2), (2, 1)),
    ((1, 1), (2, 3), (0, 0), (1, 1)),
    ((4, 1), (3, 2), (2, 1), (1, 1)),
    ((2, 4), (2, 2), (3, 3), (2, 1)),
    ((1, 5), (1, 1), (0, 4), (1, 2)),
    ((3, 3), (2, 2), (1, 1), (3, 1)),
]
channel_counts = [(1, 1, 1), (3, 2, 1), (4, 6, 2), (3, 6, 3)]

for index, (kernel, stride, padding, dilation) in enumerate(geometries):
    for c_in, c_out, groups in channel_counts:
        bias = (index + groups) % 2 == 0
        x = tensor(draw(1 + index % 2, c_in, 8, 7))
        w = tensor(draw(c_out, c_in // groups, *kernel))
        b = tensor(draw(c_out)) if bias else None
        y = F.conv2d(x, w, b, stride, padding, dilation, groups)
        dy = torch.tensor(draw(*y.shape))
        y.backward(dy)
        arrays = {"x": x, "w": w, "y": y, "dy": dy, "dx": x.grad, "dw": w.grad}
        if bias:
            arrays |= {"b": b, "db": b.grad}
        add("conv", "PyTorch", arrays, stride=stride, padding=sides(padding), dilation=dilation,
            groups=groups)

output_paddings = [(0, 0), (1, 0), (1, 2), (1, 2), (2, 1), (1, 0), (0, 1), (2, 1)]
for index, (kernel, stride, padding, dilation) in enumerate(geometries):
    for c_in, c_out, groups in channel_counts:
        for output_padding in sorted({(0, 0), output_paddings[index]}):
            if (groups + index) % 2 and output_padding == (0, 0):
                continue
            bias = (index + groups) % 2 == 1
            x = tensor(draw(1 + index % 2, c_in, 4, 3 if kernel[1] < 5 else 2))
            w = tensor(draw(c_in, c_out // groups, *kernel))
            b = tensor(draw(c_out)) if bias else None
            try:
                y = F.conv_transpose2d(x, w, b, stride, padding, output_padding, groups, dilation)
            except RuntimeError:
                continue
            dy = torch.tensor(draw(*y.shape))
            y.backward(dy)
            arrays = {"x": x, "w": w, "y": y, "dy": dy, "dx": x.grad, "dw": w.grad}
            if bias:
                arrays |= {"b": b, "db": b.grad}
            add("conv-transpose", "PyTorch", arrays, stride=stride, padding=sides(padding),
                dilation=dilation, groups=groups, outputPadding=output_padding)

# Pooling.
pools = [
    # size, kernel, stride, padding, dilation
    ((6, 6), (2, 2), (2, 2), (0, 0), (1, 1)),
    ((7, 5), (2, 2), (2, 2), (0, 0), (1, 1)),
    ((5, 5), (2, 2), (2, 2), (1, 1), (1, 1)),
    ((7, 6), (3, 2), (2, 1), (1, 0), (1, 1)),
    ((8, 7), (3, 3), (3, 2), (1, 1), (1, 1)),
    ((5, 4), (1, 1), (3, 2), (0, 0), (1, 1)),
    ((9, 7), (3, 2), (2, 3), (1, 1), (2, 3)),
    ((6, 9), (2, 5), (1, 4), (1, 2), (3, 1)),
]
for (size, kernel, stride, padding, dilation), ceil in itertools.product(pools, (False, True)):
    rounding = "ceil" if ceil else "floor"
    x = tensor(draw(2, 2, *size))
    y, indices = F.max_pool2d(x, kernel, stride, padding, dilation, ceil, return_indices=True)
    dy = torch.tensor(draw(*y.shape))
    y.backward(dy)
    arrays = {"x": x, "y": y, "indices": indices, "dy": dy, "dx": x.grad}
    if all(k <= s for k, s in zip(kernel, stride)):
        arrays["unpooled"] = torch.ops.aten.max_unpool2d(y, indices, size)
    add("max-pool", "PyTorch", arrays, kernel=kernel, stride=stride, padding=sides(padding),
        dilation=dilation, rounding=rounding)
    if dilation != (1, 1):
        continue
    for include, divisor in ((True, None), (False, None), (True, 3)):
        x = tensor(draw(1, 2, *size))
        y = F.avg_pool2d(x, kernel, stride, padding, ceil, include, divisor)
        dy = torch.tensor(draw(*y.shape))
        y.backward(dy)
        add("avg-pool", "PyTorch", {"x": x, "y": y, "dy": dy, "dx": x.grad}, kernel=kernel,
            stride=stride, padding=sides(padding), dilation=dilation, rounding=rounding,
            countIncludePad=include, **({"divisor": divisor} if divisor else {}))
x = draw(1, 1, 5, 6)
x[0, 0, 1, 1] = x[0, 0, 3, 4] = np.nan
x[0, 0, 0, 3] = -np.inf
y, indices = F.max_pool2d(torch.tensor(x), (2, 2), (1, 2), return_indices=True)
add("max-pool", "PyTorch", {"x": x, "y": y, "indices": indices}, kernel=(2, 2), stride=(1, 2),
    padding=[0] * 4, dilation=(1, 1), rounding="floor")

# Upsampling.
for (size, scale), align in itertools.product(
        [((3, 4), (2, 2)), ((2, 5), (3, 2)), ((1, 3), (4, 5)), ((4, 1), (1, 3))], (False, True)):
    x = draw(2, 2, *size)
    y = F.interpolate(torch.tensor(x), scale_factor=tuple(map(float, scale)), mode="bilinear",
                      align_corners=align)
    add("bilinear", "PyTorch", {"x": x, "y": y}, scale=scale, alignCorners=align)

# Classifier and loss.
for axis in (0, 1, 2, -1):
    x = tensor(10 * draw(2, 3, 4, 2))
    y = torch.softmax(x, axis)
    dy = torch.tensor(draw(*y.shape))
    y.backward(dy)
    add("softmax", "PyTorch",
        {"x": x, "y": y, "log": torch.log_softmax(x, axis), "dy": dy, "dx": x.grad}, axis=axis)
    x = draw(2, 3, 4, 2)
    add("argmax", "PyTorch", {"x": x, "y": torch.tensor(x).argmax(axis, keepdim=True)}, axis=axis)

for reduction in ("sum", "mean"):
    scores = tensor(4 * draw(2, 4, 3, 5))
    labels = random.integers(0, 4, (2, 3, 5))
    labels[random.random(labels.shape) < 0.3] = 255
    loss = F.cross_entropy(scores, torch.tensor(labels), ignore_index=255, reduction=reduction)
    loss.backward()
    add("cross-entropy", "PyTorch",
        {"x": scores, "labels": labels[:, None], "y": loss, "dx": scores.grad},
        reduction=reduction)

x, w, b = tensor(draw(3, 5)), tensor(draw(4, 5)), tensor(draw(4))
y = F.linear(x, w, b)
dy = torch.tensor(draw(*y.shape))
y.backward(dy)
add("linear", "PyTorch", {"x": x, "w": w, "b": b, "y": y, "dy": dy, "dx": x.grad, "dw": w.grad,
                          "db": b.grad})

x = draw(2, 7, 2, 3)
add("lrn", "PyTorch",
    {"x": x, "y": F.local_response_norm(torch.tensor(x), 5, alpha=0.5, beta=0.75, k=2)})
x = draw(2, 3, 5, 6)
add("columns", "PyTorch",
    {"x": x, "y": F.unfold(torch.tensor(x), (2, 3), (1, 2), (1, 0), (2, 1))},
    kernel=(2, 3), stride=(2, 1), padding=[1, 0, 1, 0], dilation=(1, 2))


# ONNX's reference evaluator, chiefly for paddings that differ from side to side.
def evaluate(op, inputs, outputs=1, **attributes):
    names = [f"i{n}" for n in range(len(inputs))]
    results = [f"o{n}" for n in range(outputs)]
    node = onnx.helper.make_node(op, names, results, **attributes)
    graph = onnx.helper.make_graph(
        [node], "case",
        [onnx.helper.make_tensor_value_info(n, onnx.TensorProto.FLOAT, a.shape)
         for n, a in zip(names, inputs)],
        [onnx.helper.make_value_info(n, onnx.TypeProto()) for n in results])
    model = onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", 22)])
    return onnx.reference.ReferenceEvaluator(model).run(None, dict(zip(names, inputs)))


asymmetric = [
    # kernel, stride, padding (top, left, bottom, right), dilation
    ((3, 2), (1, 2), [0, 1, 2, 0], (1, 1)),
    ((2, 3), (2, 1), [1, 0, 0, 2], (2, 1)),
    ((3, 3), (2, 3), [2, 1, 0, 1], (1, 2)),
    ((1, 4), (1, 1), [0, 3, 0, 0], (1, 1)),
    ((4, 2), (3, 2), [0, 0, 3, 1], (1, 3)),
]
for kernel, stride, padding, dilation in asymmetric:
    for c_in, c_out, groups in channel_counts[1:]:
        x, w, b = draw(1, c_in, 7, 8), draw(c_out, c_in // groups, *kernel), draw(c_out)
        y, = evaluate("Conv", [x, w, b], strides=stride, pads=padding, dilations=dilation,
                      group=groups)
        add("conv", "ONNX", {"x": x, "w": w, "b": b, "y": y}, stride=stride, padding=padding,
            dilation=dilation, groups=groups)
    x, w, b = draw(1, 3, 4, 5), draw(3, 2, *kernel), draw(2)
    output_padding = [s - 1 for s in stride]
    y, = evaluate("ConvTranspose", [x, w, b], strides=stride, pads=padding, dilations=dilation,
                  output_padding=output_padding)
    add("conv-transpose", "ONNX", {"x": x, "w": w, "b": b, "y": y}, stride=stride,
        padding=padding, dilation=dilation, groups=1, outputPadding=output_padding)
    x = draw(1, 2, 8, 9)
    # Only negative numbers, so that a padding that wins is seen. With stride 1 and dilation 1 the
    # reference evaluator takes the paddings in another order than the standard says.
    if stride != (1, 1):
        y, = evaluate("MaxPool", [x - 3], strides=stride, pads=padding, dilations=dilation,
                      kernel_shape=kernel)
        add("max-pool", "ONNX", {"x": x - 3, "y": y}, kernel=kernel, stride=stride,
            padding=padding, dilation=dilation, rounding="floor")
    for include, ceil in itertools.product((0, 1), (0, 1)):
        hang = [(i + p + q - d * (k - 1) - 1) % s for i, p, q, d, k, s in
                zip((8, 9), padding[:2], padding[2:], dilation, kernel, stride)]
        # With a ceil, the reference evaluator puts half of the cells that hang over in front.
        if ceil and any(h and s - h > 1 for h, s in zip(hang, stride)):
            continue
        y, = evaluate("AveragePool", [x], strides=stride, pads=padding, dilations=dilation,
                      kernel_shape=kernel, count_include_pad=include, ceil_mode=ceil)
        add("avg-pool", "ONNX", {"x": x, "y": y}, kernel=kernel, stride=stride, padding=padding,
            dilation=dilation, rounding="ceil" if ceil else "floor", countIncludePad=bool(include))

here = pathlib.Path(__file__).parent
np.save(here / "arrays.npy", np.concatenate(numbers))
lines = ",\n".join(json.dumps(case, separators=(",", ":")) for case in cases)
(here / "cases.json").write_text(f'{{"seed":{SEED},"cases":[\n{lines}\n]}}\n')
print(f"{len(cases)} cases, {length} numbers")
