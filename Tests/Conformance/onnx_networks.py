"""Compares whole networks with onnxruntime, ONNX's shape inference and PyTorch's own counts.

    swift build -c release --product convbook
    python3 -m pip install numpy onnx onnxruntime onnxscript torch torchvision
    python3 Tests/Conformance/onnx_networks.py [--binary PATH] [--run] [NAME ...]

Every network of torchvision that is named, or a list of them, is exported with random weights. `network`
must tell PyTorch's number of parameters and multiply-adds, and for each convolution, pool and
normalization the shape that ONNX infers; with --run, `forward` must give onnxruntime's numbers within
1e-4 of the largest.
"""

import argparse
import json
import pathlib
import subprocess
import sys
import tempfile
import warnings

import numpy as np
import onnx
import onnxruntime
import torch
import torchvision
from torch.utils.flop_counter import FlopCounterMode

NAMES = """
alexnet densenet121 densenet161 densenet169 efficientnet_b0 efficientnet_b1 efficientnet_b3
efficientnet_v2_s googlenet inception_v3 mnasnet0_5 mnasnet1_0 mobilenet_v2 mobilenet_v3_large
mobilenet_v3_small regnet_x_400mf regnet_x_1_6gf regnet_y_400mf regnet_y_1_6gf resnet18 resnet34
resnet50 resnet101 resnext50_32x4d shufflenet_v2_x1_0 shufflenet_v2_x1_5 shufflenet_v2_x2_0
squeezenet1_0 squeezenet1_1 vgg11 vgg13_bn vgg16 vgg19 wide_resnet50_2
deeplabv3_mobilenet_v3_large deeplabv3_resnet50 fcn_resnet50 fcn_resnet101
lraspp_mobilenet_v3_large
""".split()
# Kinds of layers and the operators that become them, one for one and in order.
KINDS = {
    "conv": ("Conv", "Gemm"), "convT": ("ConvTranspose",), "bn": ("BatchNormalization",),
    "max": ("MaxPool", "GlobalMaxPool"), "avg": ("AveragePool", "GlobalAveragePool", "ReduceMean"),
    "cat": ("Concat",), "up": ("Resize",),
}


class First(torch.nn.Module):
    """A segmenter gives several answers by name."""

    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, x):
        return self.model(x)["out"]


def model_of(name):
    torch.manual_seed(0)
    options = {"weights": None}
    if name in ("googlenet", "inception_v3"):
        options |= {"aux_logits": False, "init_weights": False}
    segments = name.startswith(("fcn", "deeplab", "lraspp"))
    if segments:
        options["weights_backbone"] = None
    model = torchvision.models.get_model(name, **options).eval()
    for module in model.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            module.running_mean.normal_(0, 0.1)
            module.running_var.uniform_(0.75, 1.25)
    return First(model) if segments else model


def inferred(path):
    """The shapes that ONNX infers, by kind of layer, in order."""
    graph = onnx.shape_inference.infer_shapes(onnx.load(path)).graph
    shapes = {
        value.name: [d.dim_value for d in value.type.tensor_type.shape.dim]
        for value in list(graph.value_info) + list(graph.output)}
    found = {kind: [] for kind in KINDS}
    for node in graph.node:
        for kind, operators in KINDS.items():
            shape = shapes.get(node.output[0], [])
            # Numbers of the shape arithmetic are no maps.
            if node.op_type in operators and len(shape) in (2, 4):
                found[kind].append((shape + [1, 1])[1:4])
    return found


def problems(name, folder, binary, runs):
    model, size = model_of(name), 299 if name == "inception_v3" else 224
    x, path = torch.randn(1, 3, size, size), str(folder / f"{name}.onnx")
    with torch.no_grad(), FlopCounterMode(display=False) as counter:
        model(x)
    torch.onnx.export(
        model, (x,), path, dynamo=False, opset_version=13,
        training=torch.onnx.TrainingMode.PRESERVE)
    answer = subprocess.run(
        [binary, "network", path, "--format", "json"], capture_output=True, text=True)
    if answer.returncode:
        return [answer.stderr.strip()]
    table = json.loads(answer.stdout)
    found = []
    expected = sum(parameter.numel() for parameter in model.parameters())
    if table["parameters"] != expected:
        found.append(f"{table['parameters']} parameters, PyTorch {expected}")
    expected = counter.get_total_flops() // 2
    if table["multiplyAdds"] != expected:
        found.append(f"{table['multiplyAdds']} multiply-adds, PyTorch {expected}")
    for kind, shapes in inferred(path).items():
        ours = [layer["output"] for layer in table["layers"]
                if (layer["kind"] if layer["kind"] != "resize" else "up") == kind]
        # ONNX does not infer what follows from shape arithmetic; 0 is what it leaves open.
        if len(ours) != len(shapes) or any(
                e not in (0, o) for pair in zip(ours, shapes) for o, e in zip(*pair)):
            found.append(f"{kind}: {ours} instead of {shapes}")
    if runs:
        session = onnxruntime.InferenceSession(path)
        (y,) = session.run(None, {session.get_inputs()[0].name: x.numpy()})
        np.save(folder / "x.npy", x.numpy())
        answer = subprocess.run(
            [binary, "forward", path, "--input", folder / "x.npy", "--output", folder / "y.npy",
             "--no-cache"], capture_output=True, text=True)
        if answer.returncode:
            return found + [answer.stderr.strip()]
        difference = abs(np.load(folder / "y.npy").reshape(y.shape) - y).max() / abs(y).max()
        if difference > 1e-4:
            found.append(f"numbers differ by {difference:.1e} of the largest")
    pathlib.Path(path).unlink()
    return found


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--binary", default=".build/release/convbook")
    parser.add_argument("--run", action="store_true")
    parser.add_argument("names", nargs="*", default=NAMES)
    options = parser.parse_args()
    warnings.filterwarnings("ignore")
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        for name in options.names:
            found = problems(name, pathlib.Path(folder), options.binary, options.run)
            failed += bool(found)
            print(name, "; ".join(found) or "agrees", flush=True)
    print(f"{len(options.names) - failed} of {len(options.names)} agree")
    sys.exit(failed > 0)


main()
