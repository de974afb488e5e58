#!/usr/bin/env python3
"""Compares convbook with other programs on FCN-8s: time, error against float64, labels, growth.

    swift build -c release
    python3 Docs/compare_performance.py --convbook .build/release/convbook

It needs numpy and PyTorch, and measures onnxruntime, ncnn and MNN where they are installed. All
programs compute the same seeded weights on the same picture, one after the other within each round,
so that a busy moment hits all of them; ratios are taken within a round, and their medians count.
"""
import argparse
import importlib.util
import json
import os
import pathlib
import statistics
import struct
import subprocess
import sys
import tempfile
import time

import numpy
import torch
import torch.nn.functional as F

BLOCKS = [(2, 64), (2, 128), (3, 256), (3, 512), (3, 512)]
CLASSES = 21


def seeded_weights():
    """He's variance, bilinear upsampling, small biases: every stream counts."""
    random, weights, inputs = numpy.random.default_rng(8), {}, 3

    def add(name, outputs, inputs, size):
        deviation = numpy.float32((2 / (inputs * size * size)) ** 0.5)
        kernels = random.standard_normal((outputs, inputs, size, size), dtype=numpy.float32)
        kernels *= deviation
        weights[name + ".weight"] = kernels
        weights[name + ".bias"] = random.standard_normal(outputs, dtype=numpy.float32)

    for block, (count, channels) in enumerate(BLOCKS, 1):
        for number in range(1, count + 1):
            add(f"conv{block}_{number}", channels, inputs, 3)
            inputs = channels
    for name, outputs, inputs, size in [
            ("fc6", 4096, 512, 7), ("fc7", 4096, 4096, 1), ("score_fr", CLASSES, 4096, 1),
            ("score_pool4", CLASSES, 512, 1), ("score_pool3", CLASSES, 256, 1)]:
        add(name, outputs, inputs, size)
    for name, size in [("upscore2", 4), ("upscore_pool4", 4), ("upscore8", 16)]:
        tent = 1 - abs(numpy.arange(size) - (size / 2 - 0.5)) / (size / 2)
        kernels = numpy.zeros((CLASSES, CLASSES, size, size), numpy.float32)
        kernels[range(CLASSES), range(CLASSES)] = tent[:, None] * tent
        weights[name + ".weight"] = kernels
    return weights


def write_safetensors(path, tensors):
    header, offset = {}, 0
    for name, tensor in tensors.items():
        header[name] = {"dtype": "F32", "shape": list(tensor.shape),
                        "data_offsets": [offset, offset + tensor.nbytes]}
        offset += tensor.nbytes
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        for tensor in tensors.values():
            file.write(tensor.tobytes())


class FCN8s(torch.nn.Module):
    def __init__(self, weights):
        super().__init__()
        for name, tensor in weights.items():
            self.register_buffer(name.replace(".", "_"), torch.from_numpy(tensor))

    def convolve(self, name, x, padding=0):
        return F.conv2d(x, getattr(self, name + "_weight"), getattr(self, name + "_bias"),
                        padding=padding)

    def upsample(self, name, x, stride):
        return F.conv_transpose2d(x, getattr(self, name + "_weight"), stride=stride)

    def forward(self, x):
        def cut(x, offset, like):
            return x[:, :, offset:offset + like.shape[2], offset:offset + like.shape[3]]

        h, pools = x, []
        for block, (count, _) in enumerate(BLOCKS, 1):
            for number in range(1, count + 1):
                h = F.relu(self.convolve(f"conv{block}_{number}", h,
                                         100 if block == number == 1 else 1))
            h = F.max_pool2d(h, 2, 2, ceil_mode=True)
            pools.append(h)
        h = F.relu(self.convolve("fc6", h))
        h = F.relu(self.convolve("fc7", h))
        h = self.upsample("upscore2", self.convolve("score_fr", h), 2)
        h = self.upsample("upscore_pool4", h + cut(self.convolve("score_pool4", pools[3]), 5, h), 2)
        h = h + cut(self.convolve("score_pool3", pools[2]), 9, h)
        return cut(self.upsample("upscore8", h, 8), 31, x)


def write_ncnn(folder, weights, height, width):
    """The network in ncnn's own format: a list of layers, and their weights one after another."""
    layers, data, blobs = [], [], 0

    def add(kind, name, inputs, outputs, options):
        nonlocal blobs
        blobs += len(outputs)
        layers.append(" ".join([kind, name, str(len(inputs)), str(len(outputs)), *inputs, *outputs,
                                options]))
        return outputs[0]

    def convolve(name, x, padding=0, relu=True):
        kernels = weights[name + ".weight"].numpy()
        data.append(struct.pack("<I", 0) + kernels.tobytes())
        data.append(weights[name + ".bias"].numpy().tobytes())
        return add("Convolution", name, [x], [name],
                   f"0={kernels.shape[0]} 1={kernels.shape[2]} 4={padding} 5=1 6={kernels.size} "
                   f"9={int(relu)}")

    def upsample(name, x, stride):
        kernels = weights[name + ".weight"].numpy()
        data.append(struct.pack("<I", 0) + kernels.tobytes())
        return add("Deconvolution", name, [x], [name],
                   f"0={kernels.shape[1]} 1={kernels.shape[2]} 3={stride} 6={kernels.size}")

    def cut(x, offset, size):
        return add("Crop", x + "c", [x], [x + "c"],
                   f"0={offset} 1={offset} 2=0 3={size[1]} 4={size[0]} 5={CLASSES}")

    size = [height + 198, width + 198]
    h = add("Input", "in0", [], ["in0"], "")
    pools = {}
    for block, (count, _) in enumerate(BLOCKS, 1):
        for number in range(1, count + 1):
            h = convolve(f"conv{block}_{number}", h, 100 if block == number == 1 else 1)
        h = add("Pooling", f"pool{block}", [h], [f"pool{block}"], "0=0 1=2 2=2 5=0")
        size = [(n + 1) // 2 for n in size]
        if block in (3, 4):
            pools[block] = h + "s"
            h = add("Split", h + "_split", [h], [h + "d", h + "s"], "")
    h = convolve("score_fr", convolve("fc7", convolve("fc6", h)), relu=False)
    size = [2 * (n - 6) + 2 for n in size]
    h = upsample("upscore2", h, 2)
    skip = cut(convolve("score_pool4", pools[4], relu=False), 5, size)
    h = add("BinaryOp", "fuse4", [h, skip], ["fuse4"], "0=0")
    size = [2 * n + 2 for n in size]
    h = upsample("upscore_pool4", h, 2)
    skip = cut(convolve("score_pool3", pools[3], relu=False), 9, size)
    h = add("BinaryOp", "fuse3", [h, skip], ["fuse3"], "0=0")
    h = upsample("upscore8", h, 8)
    add("Crop", "out0", [h], ["out0"], f"0=31 1=31 2=0 3={width} 4={height} 5={CLASSES}")
    text = f"7767517\n{len(layers)} {blobs}\n" + "\n".join(layers) + "\n"
    (folder / "fcn8s.param").write_text(text)
    with open(folder / "fcn8s.bin", "wb") as file:
        file.writelines(data)


def timed(run):
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def peers(model, x, threads, folder, wanted):
    """The programs that are installed: name → a function that computes the scores once."""
    torch.set_num_threads(threads)
    result = {"PyTorch eager": lambda: model(torch.from_numpy(x)).numpy()}
    need_onnx = [p for p in ("onnxruntime", "MNN") if p in wanted and importlib.util.find_spec(p)]
    onnx_path = str(folder / "fcn8s.onnx")
    if need_onnx:
        torch.onnx.export(model, (torch.from_numpy(x),), onnx_path, input_names=["x"],
                          output_names=["y"], dynamo=False)
    if "onnxruntime" in need_onnx:
        import onnxruntime
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        session = onnxruntime.InferenceSession(onnx_path, options,
                                               providers=["CPUExecutionProvider"])
        result["onnxruntime"] = lambda: session.run(None, {"x": x})[0]
    if "MNN" in need_onnx:
        import MNN
        converter = pathlib.Path(sys.executable).parent / "mnnconvert"
        mnn_path = str(folder / "fcn8s.mnn")
        subprocess.run([str(converter), "-f", "ONNX", "--modelFile", onnx_path, "--MNNModel",
                        mnn_path, "--bizCode", "x"], check=True, stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL, env={**os.environ, "PIP_NO_INDEX": "1"})
        net = MNN.nn.load_module_from_file(
            mnn_path, ["x"], ["y"], precision_mode=MNN.expr.PrecisionMode.High,
            thread_num=threads) if hasattr(MNN.expr, "PrecisionMode") else \
            MNN.nn.load_module_from_file(mnn_path, ["x"], ["y"], thread_num=threads)

        def run_mnn():
            picture = MNN.expr.const(x, list(x.shape), MNN.expr.NCHW)
            scores = net.forward([MNN.expr.convert(picture, MNN.expr.NC4HW4)])[0]
            return numpy.array(MNN.expr.convert(scores, MNN.expr.NCHW).read(), copy=True)
        result["MNN"] = run_mnn
    if "ncnn" in wanted and importlib.util.find_spec("ncnn"):
        import ncnn
        write_ncnn(folder, {name.replace("_weight", ".weight").replace("_bias", ".bias"): tensor
                            for name, tensor in model.named_buffers()}, x.shape[2], x.shape[3])
        ncnn_net = ncnn.Net()
        ncnn_net.opt.num_threads = threads
        ncnn_net.opt.use_fp16_packed = ncnn_net.opt.use_fp16_storage = ncnn_net.opt.use_fp16_arithmetic = False
        ncnn_net.opt.use_bf16_storage = False
        ncnn_net.load_param(str(folder / "fcn8s.param"))
        ncnn_net.load_model(str(folder / "fcn8s.bin"))

        def run_ncnn():
            extractor = ncnn_net.create_extractor()
            extractor.input("in0", ncnn.Mat(x[0]).clone())
            return numpy.array(extractor.extract("out0")[1])[None]
        result["ncnn"] = run_ncnn
    return result


def benchmark(convbook, weights, size, rounds, threads, exact=False, environment=None):
    command = [convbook, "benchmark", "fcn8s", "--input", size, "--rounds", str(rounds),
               "--threads", str(threads), "--format", "json"]
    command += ["--weights", weights] if weights else []
    command += ["--exact"] if exact else []
    output = subprocess.run(command, check=True, capture_output=True, text=True,
                            env={**os.environ, **(environment or {})})
    return json.loads(output.stdout)


def forward(convbook, weights, folder, x, threads, exact=False):
    numpy.save(folder / "x.npy", x)
    command = [convbook, "forward", "fcn8s", "--weights", weights, "--input",
               str(folder / "x.npy"), "--output", str(folder / "y.npy"), "--threads", str(threads)]
    seconds = timed(lambda: subprocess.run(command + (["--exact"] if exact else []), check=True))
    return numpy.load(folder / "y.npy"), seconds


def spread(values):
    return f"{statistics.median(values):.3f} ({min(values):.3f} … {max(values):.3f})"


def compare_times(options, weights_path, folder, model, x):
    programs = peers(model, x, options.threads, folder, options.peers.split(","))
    for run in programs.values():
        run()
    seconds = {name: [] for name in [*programs, "convbook", "convbook --exact"]}
    for _ in range(options.rounds):
        for name, run in programs.items():
            seconds[name].append(min(timed(run) for _ in range(2)))
        for name, exact in [("convbook", False), ("convbook --exact", True)]:
            report = benchmark(options.convbook, weights_path, f"{options.size}x{options.size}", 2,
                               options.threads, exact)
            seconds[name].append(min(report["seconds"]))
            if not exact:
                print(f"  convbook: {report['peakFraction']:.2f} of {report['peakGflops']:.0f} "
                      f"GFLOP/s, peak memory {report['peakMemoryBytes'] / 1e9:.2f} GB, weights "
                      f"prepared in {report['preparingSeconds']:.2f} s, {report['kernels']}",
                      flush=True)
    print("| program | seconds: median (least … most) | convbook's share of it | exact |")
    print("|---|---|---|---|")
    for name, values in seconds.items():
        shares = [a / b for a, b in zip(seconds["convbook"], values)]
        exact = [a / b for a, b in zip(seconds["convbook --exact"], values)]
        print(f"| {name} | {spread(values)} | {spread(shares)} | {spread(exact)} |", flush=True)
    return programs


def compare_errors(options, weights_path, folder, programs, weights, x):
    wide = FCN8s({name: tensor.astype(numpy.float64) for name, tensor in weights.items()})
    with torch.no_grad():
        truth = wide(torch.from_numpy(x.astype(numpy.float64))).numpy()
    del wide
    scores = {name: run() for name, run in programs.items()}
    scores["convbook"], _ = forward(options.convbook, weights_path, folder, x, options.threads)
    scores["convbook --exact"], _ = forward(
        options.convbook, weights_path, folder, x, options.threads, exact=True)
    one, _ = forward(options.convbook, weights_path, folder, x, 1)
    reference = None
    print(f"\nMean absolute score {abs(truth).mean():.4g}")
    print("| program | RMS error against float64 | × PyTorch's | labels unlike PyTorch's |")
    print("|---|---|---|---|")
    for name, values in scores.items():
        error = float(numpy.sqrt(((values.astype(numpy.float64) - truth) ** 2).mean()))
        labels = values.argmax(1)
        reference = reference or (error, labels)
        differ = int((labels != reference[1]).sum())
        print(f"| {name} | {error:.3g} | {error / reference[0]:.2f} | {differ} of {labels.size} |")
    same = numpy.array_equal(one.view(numpy.uint32), scores["convbook"].view(numpy.uint32))
    print(f"1 thread and {options.threads}: {'the same bits' if same else 'DIFFERENT bits'}")


def growth(options, weights_path):
    print("\n| picture | seconds | µs per pixel | peak memory, GB |")
    print("|---|---|---|---|")
    for side in map(int, options.sides.split(",")):
        report = benchmark(options.convbook, weights_path, f"{side}x{side}", 3 if side <= 500 else 1,
                           options.threads)
        seconds = min(report["seconds"])
        print(f"| {side}×{side} | {seconds:.3f} | {seconds * 1e6 / side ** 2:.2f} | "
              f"{report['peakMemoryBytes'] / 1e9:.2f} |", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--convbook", default=".build/release/convbook")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--size", type=int, default=500)
    parser.add_argument("--peers", default="onnxruntime,ncnn,MNN")
    parser.add_argument("--sides", default="64,125,250,500,1000,2000")
    parser.add_argument("--parts", default="times,errors,growth")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, torch.no_grad():
        folder = pathlib.Path(folder)
        weights, weights_path = seeded_weights(), str(folder / "fcn8s.safetensors")
        write_safetensors(weights_path, weights)
        x = numpy.random.default_rng(9).uniform(
            -128, 128, (1, 3, options.size, options.size)).astype(numpy.float32)
        model = FCN8s(weights).eval()
        parts = options.parts.split(",")
        if "times" in parts:
            programs = compare_times(options, weights_path, folder, model, x)
        elif "errors" in parts:
            programs = peers(model, x, options.threads, folder, options.peers.split(","))
        if "errors" in parts:
            compare_errors(options, weights_path, folder, programs, weights, x)
        if "growth" in parts:
            growth(options, weights_path)


main()
