#!/usr/bin/env python3
"""How well could the best scores label drawn scenes, if there is a cell of scores every 32, 16, 8, 4
or 2 pixels, enlarged bilinearly? Prints the IU of every class, for each stride.

    python3 Docs/score_limits.py                 # needs numpy and PyTorch, about two minutes

There is no network here: the scores themselves are what learns, for each scene its own, by the loss
that the networks have. What is lost is lost by the stride. The first cell lies where that of the
book's small network does.
"""
import argparse

import torch
import torch.nn.functional as F

import synthetic_scenes

CLASSES = 6
# Stride, cells a side, and where the crop begins.
STRIDES = [(32, 3, 0), (16, 8, 8), (8, 18, 12), (4, 36, 10), (2, 68, 5)]
RATE = 0.5


def bilinear(size):
    tent = 1 - (torch.arange(size) - (size / 2 - 0.5)).abs() / (size / 2)
    return (tent[:, None] * tent[None, :])[None, None].repeat(CLASSES, 1, 1, 1)


def enlarged(scores, stride, offset, side):
    y = F.conv_transpose2d(scores, bilinear(2 * stride), stride=stride, groups=CLASSES)
    return y[:, :, offset:offset + side, offset:offset + side]


def ious(labels, given):
    n = torch.bincount((labels * CLASSES + given).flatten(), minlength=CLASSES ** 2)
    n = n.view(CLASSES, CLASSES).double()
    return (n.diag() / (n.sum(0) + n.sum(1) - n.diag())).tolist()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--scenes", type=int, default=24)
    parser.add_argument("--seed", type=int, default=4242)
    parser.add_argument("--iterations", type=int, default=80)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    labels = torch.from_numpy(synthetic_scenes.scenes(options.scenes, options.seed)[1]).long()
    side = labels.shape[-1]
    print("stride  mean IU  background disc square triangle ring cross")
    for stride, cells, offset in STRIDES:
        scores = torch.zeros(options.scenes, CLASSES, cells, cells, requires_grad=True)
        descent = torch.optim.Adam([scores], lr=RATE)
        for iteration in range(options.iterations):
            # Over the last half the rate goes down to 0 in a line.
            left = (options.iterations - iteration) / (options.iterations / 2)
            for group in descent.param_groups:
                group["lr"] = RATE * min(1, left)
            loss = F.cross_entropy(enlarged(scores, stride, offset, side), labels, reduction="sum")
            descent.zero_grad()
            loss.backward()
            descent.step()
        with torch.no_grad():
            iou = ious(labels, enlarged(scores, stride, offset, side).argmax(1))
        print(f"{stride:6}  {sum(iou) / CLASSES:7.3f}  " + " ".join(f"{x:.3f}" for x in iou),
              flush=True)


main()
