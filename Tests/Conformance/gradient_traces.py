"""Holds `convbook trace ... --backward` against torch.autograd.

    swift build --product convbook
    python3 -m pip install numpy torch
    python3 Tests/Conformance/gradient_traces.py [--binary PATH] [--cases N]

Random small layers of every operation that has a trace, with whole numbers: each cell of the gradient by the
input, the kernel and the bias must be the one of PyTorch, and the terms of its sum must add up to it.
"""

import argparse
import json
import pathlib
import random
import re
import subprocess
import tempfile
import unicodedata
from fractions import Fraction

import numpy as np
import torch
import torch.nn.functional as F

torch.set_default_dtype(torch.float64)
parser = argparse.ArgumentParser()
parser.add_argument("--binary", default=".build/debug/convbook")
parser.add_argument("--cases", type=int, default=200)
settings = parser.parse_args()
folder = pathlib.Path(tempfile.mkdtemp())
chance = random.Random(17)


def whole(*shape):
    return torch.tensor(np.array([chance.randint(-9, 9) for _ in range(int(np.prod(shape)))]).reshape(shape) * 1.0)


def pair():
    return chance.randint(1, 3), chance.randint(1, 3)


def words(option, value):
    return [f"--{option}", ",".join(map(str, value))]


def case():
    """An operation, its arrays, its words, and the same layer in PyTorch."""
    name = chance.choice(["conv", "conv", "conv-transpose", "conv-transpose", "max-pool", "avg-pool", "bilinear", "linear"])
    n, c, h, w = chance.randint(1, 2), chance.choice([1, 2, 4]), chance.randint(2, 6), chance.randint(2, 6)
    x, k, s, d = whole(n, c, h, w), pair(), pair(), pair()
    p = tuple(chance.randint(0, 2) for _ in range(2))
    if name == "conv":
        groups = chance.choice([g for g in (1, 2) if c % g == 0])
        kernel = whole(2, c // groups, *k)
        return name, [x, kernel], words("stride", s) + words("dilation", d) + words("padding", p) + ["--groups", str(groups)], (
            lambda x, w, b: F.conv2d(x, w, b, s, p, d, groups)), 2
    if name == "conv-transpose":
        groups = chance.choice([g for g in (1, 2) if c % g == 0])
        kernel = whole(c, 2, *k)
        extra = tuple(chance.randint(0, max(a, b) - 1) for a, b in zip(s, d))
        options = words("stride", s) + words("dilation", d) + words("padding", p) + words("output-padding", extra)
        return name, [x, kernel], options + ["--groups", str(groups)], (
            lambda x, w, b: F.conv_transpose2d(x, w, b, s, p, extra, groups, d)), 2 * groups
    if name in ("max-pool", "avg-pool"):
        k = (chance.randint(1, min(3, h)), chance.randint(1, min(3, w)))
        p = tuple(chance.randint(0, e // 2) for e in k)
        ceil = chance.random() < 0.5
        options = ["--kernel", ",".join(map(str, k))] + words("stride", s) + words("padding", p) + ["--ceil-mode"] * ceil
        if name == "max-pool":
            return name, [x], options, lambda x, w, b: F.max_pool2d(x, k, s, p, 1, ceil), 0
        counts = chance.random() < 0.5
        return name, [x], options + ["--count-include-pad"] * counts, (
            lambda x, w, b: F.avg_pool2d(x, k, s, p, ceil, counts)), 0
    if name == "bilinear":
        corners = chance.random() < 0.5
        return name, [x], words("scale", s) + ["--align-corners"] * corners, (
            lambda x, w, b: F.interpolate(x, scale_factor=s, mode="bilinear", align_corners=corners)), 0
    x = whole(n, 4)
    return name, [x, whole(3, 4)], [], lambda x, w, b: F.linear(x, w, b), 3


def number(text):
    """A fraction, also one of a single sign such as ¾."""
    sign, text = (-1, text[1:]) if text[0] in "-−" else (1, text)
    if len(text) == 1 and not text.isascii():
        return sign * Fraction(unicodedata.numeric(text)).limit_denominator(10)
    return sign * Fraction(text)


def traced(arguments):
    run = subprocess.run([settings.binary, "trace", *arguments, "--format", "json"], capture_output=True, text=True)
    if run.returncode != 0:
        return None, run.stderr.strip()
    trace = [step for step in json.loads(run.stdout)["steps"] if step["kind"] == "trace"][0]
    values = []
    for equation in trace["equations"]:
        text = equation if isinstance(equation, str) else equation["text"]
        parts = text.split(" = ")
        values.append(number(parts[-1].split(" (")[0]))
        if len(parts) == 3:
            total = Fraction(0)
            # a·b + c·d − e·f: what is below 0 is taken away.
            for term in re.split(r" (?=[+−-] )", parts[1]):
                sign, term = (-1, term[2:]) if term[:2] in ("- ", "− ") else (1, term.removeprefix("+ "))
                product = Fraction(sign)
                for factor in term.split("·"):
                    product *= number(factor.strip("()"))
                total += product
            assert total == values[-1], text
    return values, ""


checked = cells = wrong = 0
while checked < settings.cases:
    name, arrays, options, layer, biases = case()
    bias = torch.zeros(biases, requires_grad=True) if biases else None
    arrays = [a.requires_grad_() for a in arrays]
    try:
        y = layer(arrays[0], arrays[1] if len(arrays) > 1 else None, bias)
    except RuntimeError:
        continue  # no such layer
    gradient = whole(*y.shape)
    files = [folder / f"{stem}.npy" for stem in ("input", "weight", "gradient")]
    for file, array in zip(files, arrays + [None] * (2 - len(arrays)) + [gradient]):
        if array is not None:
            np.save(file, array.detach().numpy().astype(np.float64))
    words_of_case = [name, "--input", str(files[0])] + (["--weight", str(files[1])] if len(arrays) > 1 else []) + options
    words_of_case += ["--backward", "--gradient", str(files[2])]
    wanted = dict(zip(["input", "kernel"], arrays))
    if bias is not None:
        wanted["bias"] = bias
    slopes = torch.autograd.grad(y, list(wanted.values()), gradient)
    for target, slope in zip(wanted, slopes):
        values, error = traced(words_of_case + ["--of", target])
        expected = slope.flatten().tolist()
        checked += 1
        cells += len(expected)
        if values is None or len(values) != len(expected) or any(
                abs(float(a) - b) > 1e-9 for a, b in zip(values, expected)):
            wrong += 1
            print(" ".join(words_of_case), "--of", target, error or f"{values} is not {expected}")

# Softmax's numbers are rounded to six digits.
for _ in range(20):
    x = whole(chance.randint(1, 3), 4).requires_grad_()
    axis = chance.choice([0, 1])
    gradient = whole(*x.shape)
    slope = torch.autograd.grad(x.softmax(axis), x, gradient)[0].flatten().tolist()
    rows = lambda t: "".join(",".join(str(int(v)) for v in row) + ";" for row in t.tolist())
    values, error = None, ""
    run = subprocess.run(
        [settings.binary, "trace", "softmax", f"--input={rows(x)}", "--axis", str(axis if len(x) > 1 else 0), "--backward",
         f"--gradient={rows(gradient)}", "--format", "json"], capture_output=True, text=True)
    if len(x) == 1 and axis == 0:
        continue  # a row alone is of rank 1
    checked += 1
    trace = [s for s in json.loads(run.stdout)["steps"] if s["kind"] == "trace"][0]
    texts = [e if isinstance(e, str) else e["text"] for e in trace["equations"]]
    got = [float(t.split(" = ")[-1].split(" (")[0]) for t in texts]
    cells += len(got)
    if len(got) != len(slope) or any(abs(a - b) > 1e-6 for a, b in zip(got, slope)):
        wrong += 1
        print("softmax", rows(x), axis, got, slope)

print(f"{checked} gradients of {cells} cells, {wrong} wrong")
raise SystemExit(wrong > 0)
