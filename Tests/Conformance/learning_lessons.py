"""Recomputes the numbers of lessons 41 to 50 with PyTorch's automatic gradients, and looks them up in the text.

    swift build --product convbook
    python3 -m pip install numpy pillow torch
    python3 Tests/Conformance/learning_lessons.py [--binary PATH]

What the lessons compute by the book's own gradients is computed here by torch.autograd alone; each number,
rounded as the lesson rounds, must stand in the lesson's plain text.
"""

import argparse
import pathlib
import subprocess
import tempfile
from fractions import Fraction

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image

torch.set_default_dtype(torch.float64)
parser = argparse.ArgumentParser()
parser.add_argument("--binary", default=".build/debug/convbook")
binary = str(pathlib.Path(parser.parse_args().binary).resolve())
wrong = checked = 0


def text(number):
    run = subprocess.run([binary, "lesson", str(number), "--plain"], capture_output=True, text=True, check=True)
    return " ".join(run.stdout.split())


def row(*cells):
    return torch.tensor(cells, dtype=torch.float64).reshape(1, 1, 1, -1)


def fractions(tensor):
    return " ".join(str(Fraction(float(x)).limit_denominator(1000)) for x in tensor.flatten())


def expect(lesson, page, *numbers):
    global wrong, checked
    for number in numbers:
        checked += 1
        if number not in page:
            wrong += 1
            print(f"lesson {lesson}: {number!r} is not on the page")


def slopes(loss, *tensors):
    return torch.autograd.grad(loss, tensors)


# 41: a chain, and two convolutions.
page = text(41)
x = torch.tensor(3.0, requires_grad=True)
expect(41, page, f"= {int(slopes((2 * x + 1) ** 2, x)[0])}")
cells = row(1, 2, 3, 4, 5).requires_grad_()
out = F.conv2d(F.conv2d(cells, row(1, 0, -1)), row(2, 1))
expect(41, page, fractions(slopes((out * row(1, -3)).sum(), cells)[0]))

# 42: a fork, a pool, overlapping windows, an average.
page = text(42)
cells = row(2, 5, 1).requires_grad_()
expect(42, page, fractions(slopes((3 * cells * row(1, 0, 2) - cells * row(4, 1, 1)).sum(), cells)[0]))
cells = row(1, 5, 2, 2, 9, 3).requires_grad_()
expect(42, page, fractions(slopes((F.max_pool2d(cells, (1, 2)) * row(10, 20, 30)).sum(), cells)[0]))
expect(42, page, fractions(slopes(F.max_pool2d(cells, (1, 3), stride=1).sum(), cells)[0]))
expect(42, page, fractions(slopes((F.avg_pool2d(cells, (1, 2)) * row(10, 20, 30)).sum(), cells)[0]))

# 43: p − y, and softmax twice.
page = text(43)
scores = torch.tensor([0, np.log(2), 0], requires_grad=True)
label = torch.tensor(0)
expect(43, page, *[f"= {x}" for x in fractions(slopes(F.cross_entropy(scores, label), scores)[0]).split()])
sure = torch.tensor([100.0, 0, 0])
expect(43, page, f"{F.cross_entropy(sure.softmax(0), label):.4f}")
zeros = torch.zeros(21, requires_grad=True)
expect(43, page, f"{slopes(F.cross_entropy(zeros, label), zeros)[0][0]:.4f}")
expect(43, page, f"{slopes(F.cross_entropy(zeros.softmax(0), label), zeros)[0][0]:.4f}")

# 44: a whole network; the loss in bits of scores that count in powers of two.
page = text(44)
kernel = row(1, 1, -1).requires_grad_()
coarse = torch.tensor([1.0, 0]).reshape(2, 1, 1, 1).requires_grad_()
skip = torch.tensor([-1.0, 1]).reshape(2, 1, 1, 1).requires_grad_()
truth = torch.tensor([[[0, 0, 1, 1]]])


def bits(kernel, coarse, skip):
    active = F.conv2d(row(1, 0, 2, 1), kernel, padding=(0, 1)).relu()
    up = F.conv_transpose2d(
        F.conv2d(F.max_pool2d(active, (1, 2)), coarse), torch.ones(2, 1, 1, 2), stride=(1, 2), groups=2)
    scores = up + F.conv2d(active, skip)
    return F.cross_entropy(scores * np.log(2), truth, reduction="sum") / np.log(2)


loss = bits(kernel, coarse, skip)
gradients = slopes(loss, kernel, coarse, skip)
for gradient in torch.cat([g.flatten() for g in gradients]):
    expect(44, page, f"{fractions(gradient)} {gradient:.6f}")
after = bits(*[w - g / 8 for w, g in zip((kernel, coarse, skip), gradients)])
expect(44, page, f"{loss:.4f} bits", f"{after:.4f} bits")

# 45: upsampling.
page = text(45)
weights = row(0.25, 0.75, 0.75, 0.25).requires_grad_()
cells = row(1, 3).requires_grad_()
up = F.conv_transpose2d(cells, weights, stride=(1, 2), padding=(0, 1))
for gradient in slopes((up * row(2, -1, 1, 0)).sum(), cells, weights):
    expect(45, page, fractions(gradient))
pairs = torch.zeros(2, 2, 1, 4, requires_grad=True)
scores = torch.tensor([1.0, 3, -2, 0]).reshape(1, 2, 1, 2)
g = torch.tensor([2.0, -1, 1, 0, -2, 1, -1, 0]).reshape(1, 2, 1, 4)
full = slopes((F.conv_transpose2d(scores, pairs, stride=(1, 2), padding=(0, 1)) * g).sum(), pairs)[0]
for i in range(2):
    for o in range(2):
        expect(45, page, f"{'ab'[i]} -> {'ab'[o]} {fractions(full[i, o])}")

# 46: two layers at zero, and scores alone at zero.
page = text(46)
runs = []
for start in (0.0, 1.0):
    feature = torch.tensor(start, requires_grad=True)
    scores = torch.zeros(21, requires_grad=True)
    runs.append([])
    for _ in range(11):
        loss = F.cross_entropy(scores * (feature * 2.0), torch.tensor(0))
        runs[-1].append((loss.item(), feature.item()))
        for weight, slope in zip((feature, scores), slopes(loss, feature, scores)):
            weight.data -= 0.1 * slope
for step in (0, 1, 2, 5, 10):
    expect(46, page, f"{step} {runs[0][step][0]:.4f} {runs[1][step][0]:.4f} {runs[1][step][1]:.4f}")

# 47: steps on a bowl, and a valley.
page = text(47)
for rate in (Fraction(1, 8), Fraction(1, 4), Fraction(3, 8), Fraction(1, 2), Fraction(5, 8)):
    w, run = Fraction(1), []
    for _ in range(5):
        run.append(str(w))
        w -= rate * 4 * w
    expect(47, page, f"{rate} " + " ".join(run))
for momentum, words in ((0, "rate 1/10"), (0.5, "rate 1/10, momentum 1/2")):
    weights = torch.tensor([1.0, 1.0], requires_grad=True)
    descent = torch.optim.SGD([weights], lr=0.1, momentum=momentum)
    for step in range(1, 1000):
        descent.zero_grad()
        (weights**2 * torch.tensor([1.0, 16.0]) / 2).sum().backward()
        descent.step()
        velocity = [descent.state[weights].get("momentum_buffer"), weights.grad][momentum == 0]
        if (weights.abs() < 0.01).all() and (velocity.abs() < 0.1).all():
            break
    expect(47, page, f"{words} {step}")

# 48 and 50: one convolution on scenes, trained by torch.optim.
folder = pathlib.Path(tempfile.mkdtemp())


def scene(seed):
    files = [folder / f"{seed}.png", folder / f"{seed}-labels.png"]
    subprocess.run(
        [binary, "scene", "--seed", str(seed), "--size", "16", "--output", files[0], "--labels", files[1]],
        check=True, capture_output=True)
    picture = torch.tensor(np.asarray(Image.open(files[0]).convert("RGB")).astype(np.float64))
    return (picture.permute(2, 0, 1) / 255 - 0.5) * 4, torch.tensor(np.asarray(Image.open(files[1])).astype(np.int64))


def batch(seeds):
    return [torch.stack(part) for part in zip(*[scene(seed) for seed in seeds])]


def train(pictures, labels, rate, steps, importance=None, at=None):
    layer = torch.nn.Conv2d(3, 6, 3, padding=1)
    torch.nn.init.zeros_(layer.weight)
    torch.nn.init.zeros_(layer.bias)
    descent = torch.optim.SGD(layer.parameters(), lr=rate, momentum=0.9)
    for step in range(steps + 1):
        if at:
            at(step, layer)
        if step == steps:
            break
        descent.zero_grad()
        each = F.cross_entropy(layer(pictures), labels, reduction="none")
        (each if importance is None else each * importance[labels]).mean().backward()
        descent.step()
    return layer


others = batch(range(21, 31))
page = text(48)
for seeds in ([2], range(1, 9)):
    examples = batch(seeds)

    def look(step, layer):
        if step in (0, 2, 5, 10, 20, 30, 40, 50, 60):
            losses = [F.cross_entropy(layer(p), l).item() for p, l in (examples, others)]
            expect(48, page, f"{step} {losses[0]:.2f} {losses[1]:.2f}")

    train(*examples, 0.1, 60, at=look)

page = text(50)
examples = batch(range(1, 9))
counts = torch.bincount(examples[1].flatten(), minlength=6).double()
inverse = counts.sum() / (6 * counts)
columns = []
for importance in (None, inverse.sqrt(), inverse):
    given = train(*examples, 0.05, 40, importance)(others[0]).argmax(1)
    same = given == others[1]
    found = [same[others[1] == c].double().mean().item() for c in range(6)]
    unions = [(same & (others[1] == c)).sum().item() / ((given == c) | (others[1] == c)).sum().item() for c in range(6)]
    columns.append(found + [same.double().mean().item(), sum(found) / 6, sum(unions) / 6])
names = "background disc square triangle ring cross".split() + ["pixel accuracy", "mean accuracy", "mean IU"]
for name, *values in zip(names, *columns):
    expect(50, page, name + " " + " ".join(f"{value:.2f}" for value in values))

print(f"{checked} numbers and rows, {wrong} not on the pages")
raise SystemExit(wrong > 0)
