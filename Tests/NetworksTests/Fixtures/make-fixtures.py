#!/usr/bin/env python3
"""Writes the slim networks of this folder with PyTorch: weights, pictures and scores.

    python3 make-fixtures.py

The graphs are the published ones with few channels. Weights are rounded to 16 bits, so that the
files stay small and every program computes with the same numbers; scores are computed in float64.
"""
import pathlib

import torch
import torch.nn.functional as F
from safetensors.torch import save_file

FOLDER = pathlib.Path(__file__).parent
CLASSES = 3
BLOCKS = [(2, 8), (2, 10), (3, 12), (3, 9), (3, 16)]
CLASSIFIER = 20
ALEXNET = [8, 12, 10, 12, 8]
SIZES = [(1, 1), (33, 28), (7, 61), (30, 17)]

generator = torch.Generator().manual_seed(2015)


def noise(*shape, scale=1.0):
    return torch.randn(*shape, generator=generator, dtype=torch.float64) * scale


def add_convolution(weights, name, outputs, inputs, size):
    weights[name + ".weight"] = noise(outputs, inputs, size, size, scale=(2 / inputs) ** 0.5 / size)
    weights[name + ".bias"] = noise(outputs, scale=0.1)


def rounded(weights):
    return {name: tensor.half() for name, tensor in weights.items()}


def vgg_weights():
    weights, inputs = {}, 3
    for block, (count, channels) in enumerate(BLOCKS, 1):
        for number in range(1, count + 1):
            add_convolution(weights, f"conv{block}_{number}", channels, inputs, 3)
            inputs = channels
    add_convolution(weights, "fc6", CLASSIFIER, inputs, 7)
    add_convolution(weights, "fc7", CLASSIFIER, CLASSIFIER, 1)
    add_convolution(weights, "score_fr", CLASSES, CLASSIFIER, 1)
    add_convolution(weights, "score_pool4", CLASSES, BLOCKS[3][1], 1)
    add_convolution(weights, "score_pool3", CLASSES, BLOCKS[2][1], 1)
    # As after training: no two classes alike, and no zeros between classes.
    for name, size in [("upscore2", 4), ("upscore_pool4", 4), ("upscore8", 16), ("upscore16", 32)]:
        weights[name + ".weight"] = noise(CLASSES, CLASSES, size, size, scale=1 / size)
    weights["upscore.weight"] = bilinear(64)
    return rounded(weights)


def bilinear(size):
    factor = (size + 1) // 2
    centre = factor - 1 if size % 2 else factor - 0.5
    tent = 1 - (torch.arange(size, dtype=torch.float64) - centre).abs() / factor
    kernel = torch.zeros(CLASSES, CLASSES, size, size, dtype=torch.float64)
    for channel in range(CLASSES):
        kernel[channel, channel] = tent[:, None] * tent[None, :]
    return kernel


def vgg_scores(weights, x, variant):
    def convolve(name, x, padding=0):
        return F.conv2d(x, weights[name + ".weight"], weights[name + ".bias"], padding=padding)

    def upsample(name, x, stride):
        return F.conv_transpose2d(x, weights[name + ".weight"], stride=stride)

    def cut(x, offset, like):
        return x[:, :, offset:offset + like.shape[2], offset:offset + like.shape[3]]

    h, pools = x, []
    for block, (count, _) in enumerate(BLOCKS, 1):
        for number in range(1, count + 1):
            h = F.relu(convolve(f"conv{block}_{number}", h, 100 if block == number == 1 else 1))
        h = F.max_pool2d(h, 2, 2, ceil_mode=True)
        pools.append(h)
    h = F.relu(convolve("fc6", h))
    h = F.relu(convolve("fc7", h))
    h = convolve("score_fr", h)
    if variant == "fcn32s":
        return cut(upsample("upscore", h, 32), 19, x)
    at_once = variant == "fcn8s-at-once"
    h = upsample("upscore2", h, 2)
    h = h + cut(convolve("score_pool4", pools[3] * (0.01 if at_once else 1)), 5, h)
    if variant == "fcn16s":
        return cut(upsample("upscore16", h, 16), 27, x)
    h = upsample("upscore_pool4", h, 2)
    h = h + cut(convolve("score_pool3", pools[2] * (0.0001 if at_once else 1)), 9, h)
    return cut(upsample("upscore8", h, 8), 31, x)


def alexnet_weights():
    weights = {}
    inputs = [3, ALEXNET[0] // 2, ALEXNET[1], ALEXNET[2] // 2, ALEXNET[3] // 2]
    for number, (outputs, group, size) in enumerate(zip(ALEXNET, inputs, [11, 5, 3, 3, 3]), 1):
        add_convolution(weights, f"conv{number}", outputs, group, size)
    add_convolution(weights, "fc6", CLASSIFIER, ALEXNET[4], 6)
    add_convolution(weights, "fc7", CLASSIFIER, CLASSIFIER, 1)
    add_convolution(weights, "score_fr", CLASSES, CLASSIFIER, 1)
    weights["upscore.weight"] = bilinear(63)
    return rounded(weights)


def alexnet_scores(weights, x):
    def convolve(name, x, **options):
        return F.conv2d(x, weights[name + ".weight"], weights[name + ".bias"], **options)

    def pool(x):
        return F.max_pool2d(x, 3, 2, ceil_mode=True)

    h = pool(F.relu(convolve("conv1", x, stride=4, padding=100)))
    h = F.local_response_norm(h, 5, 1e-4, 0.75)
    h = pool(F.relu(convolve("conv2", h, padding=2, groups=2)))
    h = F.local_response_norm(h, 5, 1e-4, 0.75)
    h = F.relu(convolve("conv3", h, padding=1))
    h = F.relu(convolve("conv4", h, padding=1, groups=2))
    h = pool(F.relu(convolve("conv5", h, padding=1, groups=2)))
    h = F.relu(convolve("fc6", h))
    h = F.relu(convolve("fc7", h))
    h = F.conv_transpose2d(convolve("score_fr", h), weights["upscore.weight"], stride=32)
    return h[:, :, 18:18 + x.shape[2], 18:18 + x.shape[3]]


def main():
    vgg, alexnet = vgg_weights(), alexnet_weights()
    save_file(vgg, FOLDER / "slim-vgg.safetensors")
    save_file(alexnet, FOLDER / "slim-alexnet.safetensors")
    wide = lambda weights: {name: tensor.double() for name, tensor in weights.items()}
    vgg, alexnet = wide(vgg), wide(alexnet)
    results = {}
    for height, width in SIZES:
        x = noise(1, 3, height, width, scale=8).float()
        results[f"x.{height}x{width}"] = x
        for variant in ["fcn32s", "fcn16s", "fcn8s", "fcn8s-at-once"]:
            scores = vgg_scores(vgg, x.double(), variant)
            results[f"{variant}.{height}x{width}"] = scores.float().contiguous()
        scores = alexnet_scores(alexnet, x.double())
        results[f"fcn-alexnet.{height}x{width}"] = scores.float().contiguous()
    save_file(results, FOLDER / "slim-scores.safetensors")


main()
