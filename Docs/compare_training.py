#!/usr/bin/env python3
"""Compares convbook with PyTorch on staged training: time, memory, and the four metrics.

    swift build -c release
    python3 Docs/compare_training.py --convbook .build/release/convbook

It needs numpy and PyTorch. Both programs train the same networks (classifier, FCN-32s, FCN-16s,
FCN-8s) on the same synthetic scenes with the same recipe and as many threads, one after the other
within each round, each in a process of its own; every other round PyTorch begins. A round has its
own seed for the initial weights and the order of the pictures. Ratios are taken within a round.
The machine should have nothing else to do: where threads must share cores with others, PyTorch's wait
for each other, and ratios come out too large. The load before each run is printed.

PyTorch has the faster of its layouts (channels last, see --layout) and of its ways to upsample (a
group for each class, see --dense). The pictures of both are drawn before the clock starts.

    python3 Docs/compare_training.py --only pytorch      # that side alone
"""
import argparse
import json
import os
import pathlib
import resource
import shlex
import statistics
import subprocess
import sys
import tempfile
import time

import numpy

import synthetic_scenes

CLASSES = 6
BLOCKS = [(1, 16), (2, 32), (3, 56), (2, 40), (1, 40)]
CLASSIFIER = 64
PADDING = 17
BATCH = 2
# Stage, iterations, learning rate, and the part of it, at its end, over which the rate goes down to 0
# in a line.
STAGES = [("classifier", 1600, 0.0025, 0.5), ("32s", 1000, 0.015, 0.5), ("16s", 1000, 0.02, 0.5),
          ("8s", 7000, 0.04, 1)]
# Over so many iterations the rate rises to that.
WARM_UP = 100
MOMENTUM, DECAY = 0.9, 5e-4
METRICS = ["pixelAccuracy", "meanAccuracy", "meanIU", "frequencyWeightedIU"]
# How many pictures, and what `convbook train` adds to its own seed to draw them.
TRAINING, VALIDATION, SINGLE = (2000, 1 << 32), (100, 0), (1000, 2 << 32)
# How many shapes a scene to learn from has.
SHAPES = (12, 24)


def pytorch_side(options):
    """Trains in this process; returns what convbook writes into its log."""
    import torch
    import torch.nn.functional as F
    from torch import nn

    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    layout = getattr(torch, options.layout)

    def pictures(pair):
        pixels, labels = pair
        # Bytes, as a careful program keeps them; only a batch at a time becomes larger numbers.
        return torch.from_numpy(pixels.transpose(0, 3, 1, 2).copy()), torch.from_numpy(labels)

    def bilinear(size):
        tent = 1 - (torch.arange(size) - (size / 2 - 0.5)).abs() / (size / 2)
        return tent[:, None] * tent[None, :]

    class Backbone(nn.Module):
        def __init__(self, padding):
            super().__init__()
            self.blocks, inputs = nn.ModuleList(), 3
            for count, channels in BLOCKS:
                layers = []
                for _ in range(count):
                    layers.append(nn.Conv2d(inputs, channels, 3,
                                            padding=padding if inputs == 3 else 1))
                    layers.append(nn.ReLU(inplace=True))
                    inputs = channels
                self.blocks.append(nn.Sequential(*layers, nn.MaxPool2d(2, 2, ceil_mode=True)))
            self.fc6 = nn.Conv2d(inputs, CLASSIFIER, 3)
            self.fc7 = nn.Conv2d(CLASSIFIER, CLASSIFIER, 1)
            for layer in self.modules():
                if isinstance(layer, nn.Conv2d):
                    nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
                    nn.init.zeros_(layer.bias)

        def forward(self, x):
            pools = []
            for block in self.blocks:
                x = block(x)
                pools.append(x)
            x = F.relu(self.fc6(x), inplace=True)
            return F.relu(self.fc7(x), inplace=True), pools[3], pools[2]

    class Classifier(nn.Module):
        def __init__(self):
            super().__init__()
            self.backbone = Backbone(padding=1)
            self.fc8 = nn.Conv2d(CLASSIFIER, CLASSES - 1, 1)
            nn.init.normal_(self.fc8.weight, 0, 0.01)
            nn.init.zeros_(self.fc8.bias)

        def forward(self, x):
            return self.fc8(self.backbone(x)[0]).flatten(1)

    class FCN(nn.Module):
        def __init__(self, stride):
            super().__init__()
            self.backbone = Backbone(PADDING)
            self.score_fr = self.score(CLASSIFIER)
            self.stride = stride
            if stride <= 16:
                self.upscore2, self.score_pool4 = self.upsample(2), self.score(BLOCKS[3][1])
            if stride <= 8:
                self.upscore_pool4, self.score_pool3 = self.upsample(2), self.score(BLOCKS[2][1])
            setattr(self, f"upscore{stride}", self.upsample(stride))
            self.offset = {32: PADDING - 17, 16: PADDING - 9, 8: PADDING - 5}[stride]

        @staticmethod
        def score(inputs):
            layer = nn.Conv2d(inputs, CLASSES, 1)
            nn.init.zeros_(layer.weight)
            nn.init.zeros_(layer.bias)
            return layer

        @staticmethod
        def upsample(factor):
            groups = 1 if options.dense else CLASSES
            layer = nn.ConvTranspose2d(CLASSES, CLASSES, 2 * factor, factor, bias=False,
                                       groups=groups)
            kernels = torch.zeros_like(layer.weight)
            for channel in range(CLASSES):
                kernels[channel, channel if options.dense else 0] = bilinear(2 * factor)
            layer.weight = nn.Parameter(kernels, requires_grad=False)
            return layer

        def forward(self, x):
            def cut(x, offset, like):
                return x[:, :, offset:offset + like.shape[2], offset:offset + like.shape[3]]

            h, pool4, pool3 = self.backbone(x)
            h = self.score_fr(h)
            if self.stride <= 16:
                h = self.upscore2(h)
                h = h + cut(self.score_pool4(pool4), 1, h)
            if self.stride <= 8:
                h = self.upscore_pool4(h)
                h = h + cut(self.score_pool3(pool3), 1, h)
            return cut(getattr(self, f"upscore{self.stride}")(h), self.offset, x)

    def floats(pixels):
        return ((pixels.float() - 127.5) / 64).contiguous(memory_format=layout)

    def laid(picture, way):
        """Mirrored and turned, in one of eight ways; rows and columns are the last two axes."""
        if way & 1:
            picture = picture.flip(-1)
        if way & 2:
            picture = picture.flip(-2)
        return picture.transpose(-1, -2) if way & 4 else picture

    def learn(net, pixels, labels, iterations, rate, cooling, seed):
        learned = [(name, p) for name, p in net.named_parameters() if p.requires_grad]
        optimizer = torch.optim.SGD(
            [{"params": [p for name, p in learned if name.endswith("weight")]},
             {"params": [p for name, p in learned if name.endswith("bias")],
              "lr": 2 * rate, "weight_decay": 0}], lr=rate, momentum=MOMENTUM, weight_decay=DECAY)
        generator, order = torch.Generator().manual_seed(seed), []
        net.to(memory_format=layout).train()
        losses, start = [], time.perf_counter()
        end = cooling * iterations
        for iteration in range(iterations):
            for group, multiple in zip(optimizer.param_groups, (1, 2)):
                group["lr"] = (multiple * rate * min(1, (iterations - iteration) / end)
                               * min(1, (iteration + 1) / WARM_UP))
            if len(order) < BATCH:
                order = torch.randperm(len(pixels), generator=generator)
            chosen, order = order[:BATCH], order[BATCH:]
            ways = torch.randint(8, (BATCH,), generator=generator).tolist()
            batch = torch.stack([laid(pixels[i], way) for i, way in zip(chosen, ways)])
            truth = labels[chosen] if labels.ndim == 1 else torch.stack(
                [laid(labels[i], way) for i, way in zip(chosen, ways)])
            loss = F.cross_entropy(net(floats(batch)), truth.long(), ignore_index=255)
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
        return time.perf_counter() - start, losses

    @torch.no_grad()
    def metrics(net, pixels, labels):
        net.eval()
        counts = torch.zeros(CLASSES * CLASSES, dtype=torch.int64)
        for first in range(0, len(pixels), BATCH):
            given = net(floats(pixels[first:first + BATCH])).argmax(1)
            truth = labels[first:first + BATCH].long()
            counts += torch.bincount((truth * CLASSES + given).flatten(), minlength=CLASSES ** 2)
        n = counts.view(CLASSES, CLASSES).double()
        t, right = n.sum(1), n.diag()
        iu = right / (t + n.sum(0) - right)
        values = [right.sum() / t.sum(), (right / t).mean(), iu.mean(), (t * iu).sum() / t.sum()]
        return dict(zip(METRICS, map(float, values)))

    def drawn(draw, count, offset, **more):
        return pictures(draw(count, options.seed + offset, **more))

    scenes = drawn(synthetic_scenes.scenes, *TRAINING, counts=SHAPES)
    validation = drawn(synthetic_scenes.scenes, *VALIDATION)
    single = drawn(synthetic_scenes.single_shapes, *SINGLE)
    before = peak_memory(resource.getrusage(resource.RUSAGE_SELF))
    stages, net = [], None
    for index, (name, iterations, rate, cooling) in enumerate(STAGES):
        iterations = max(1, int(iterations * options.share))
        earlier = net.state_dict() if net else {}
        net = Classifier() if name == "classifier" else FCN(int(name[:-1]))
        # Every tensor that the stage before has under the same name.
        own = net.state_dict()
        net.load_state_dict({key: value for key, value in earlier.items() if key in own},
                            strict=False)
        pixels, labels = single if name == "classifier" else scenes
        seconds, losses = learn(net, pixels, labels, iterations, rate, cooling,
                                10 * options.seed + index)
        stages.append({
            "name": name, "iterations": iterations, "seconds": seconds,
            "imagesPerSecond": BATCH * iterations / seconds, "loss": statistics.mean(losses[-20:]),
            "metrics": None if name == "classifier" else metrics(net, *validation)})
    return {"program": f"PyTorch {torch.__version__}", "stages": stages,
            "memoryBeforeTraining": before}


def peak_memory(usage):
    """Bytes: Linux counts kilobytes, macOS bytes."""
    return usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def run(command, log):
    """A program in its own process: its log, its wall time and the most memory that it had."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"{shlex.join(command)} ended with status {process.returncode}")
    result = json.loads(pathlib.Path(log).read_text())
    # convbook's stages may be called fcn32s, as the files are.
    result["stages"] = {stage["name"].removeprefix("fcn"): stage for stage in result["stages"]}
    return result | {"wall": time.perf_counter() - start, "memory": peak_memory(usage)}


def spread(values, digits=1):
    least, most = f"{min(values):.{digits}f}", f"{max(values):.{digits}f}"
    return f"{statistics.median(values):.{digits}f} ({least} … {most})"


def compare(options, folder):
    def convbook(seed):
        output = folder / f"weights-{seed}"
        return run([options.convbook, "train", "--output", str(output), "--seed", str(seed),
                    "--threads", str(options.threads), *shlex.split(options.train_options)],
                   output / "log.json")

    def pytorch(seed):
        log = folder / f"pytorch-{seed}.json"
        command = [sys.executable, __file__, "--only", "pytorch", "--log", str(log), "--seed",
                   str(seed), "--threads", str(options.threads), "--layout", options.layout,
                   "--share", str(options.share)]
        return run(command + (["--dense"] if options.dense else []), log)

    programs = {"convbook": convbook, "PyTorch": pytorch}
    results = {name: [] for name in programs}
    for seed in range(options.rounds):
        order = list(programs) if seed % 2 == 0 else list(reversed(programs))
        for name in order:
            load = os.getloadavg()[0]
            results[name].append(programs[name](seed))
            stages = results[name][-1]["stages"]
            print(f"  round {seed + 1}, {name}, load {load:.1f}: " + ", ".join(
                f"{stage} {values['seconds']:.1f} s" for stage, values in stages.items()),
                flush=True)
    tables(results)


def tables(results):
    ours, theirs = results["convbook"], results["PyTorch"]
    print("\n| stage | convbook, s | images/s | PyTorch, s | images/s | PyTorch / convbook |")
    print("|---|---|---|---|---|---|")
    totals = [[], []]
    for stage, *_ in STAGES:
        seconds = [[r["stages"][stage]["seconds"] for r in side] for side in (ours, theirs)]
        speed = [statistics.median(r["stages"][stage]["imagesPerSecond"] for r in side)
                 for side in (ours, theirs)]
        for total, values in zip(totals, seconds):
            total.append(values)
        ratios = [b / a for a, b in zip(*seconds)]
        print(f"| {stage} | {spread(seconds[0])} | {speed[0]:.0f} | {spread(seconds[1])} | "
              f"{speed[1]:.0f} | {spread(ratios, 2)} |")
    a, b = ([sum(stages) for stages in zip(*total)] for total in totals)
    print(f"| all | {spread(a)} | | {spread(b)} | | {spread([y / x for x, y in zip(a, b)], 2)} |")
    a, b = ([r["memory"] / 1e6 for r in side] for side in (ours, theirs))
    print(f"| peak memory, MB | {spread(a, 0)} | | {spread(b, 0)} | | "
          f"{spread([y / x for x, y in zip(a, b)], 2)} |")
    before = statistics.median(r["memoryBeforeTraining"] for r in theirs) / 1e6
    print(f"\nPyTorch had {before:.0f} MB before training: interpreter, libraries and pictures.")

    print("\n| seed | network | program | pixel acc. | mean acc. | mean IU | f.w. IU |")
    print("|---|---|---|---|---|---|---|")
    for seed in range(len(ours)):
        for stage, *_ in STAGES[1:]:
            for name, side in results.items():
                values = side[seed]["stages"][stage]
                values = values.get("metrics") or values
                scores = [f"{values[m]:.3f}" if m in values else "" for m in METRICS]
                print(f"| {seed} | FCN-{stage} | {name} | " + " | ".join(scores) + " |")


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--convbook", default=".build/release/convbook")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--layout", default="channels_last",
                        choices=["channels_last", "contiguous_format"])
    parser.add_argument("--dense", action="store_true",
                        help="PyTorch upsamples with kernels between all classes, mostly zeros")
    parser.add_argument("--train-options", default="", help="more options for convbook train")
    parser.add_argument("--only", choices=["pytorch"])
    parser.add_argument("--seed", type=int, default=0, help="with --only")
    parser.add_argument("--share", type=float, default=1,
                        help="PyTorch trains this part of the iterations, to try the script")
    parser.add_argument("--log", help="with --only: a file for the results")
    options = parser.parse_args()
    if options.only:
        result = json.dumps(pytorch_side(options), indent=2)
        if options.log:
            pathlib.Path(options.log).write_text(result)
        print(result)
        return
    synthetic_scenes.check(options.convbook)
    with tempfile.TemporaryDirectory() as folder:
        compare(options, pathlib.Path(folder))


main()
