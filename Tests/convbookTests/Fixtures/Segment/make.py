#!/usr/bin/env python3
"""Makes the fixtures of SegmentPictureTests, with PyTorch, Pillow, NumPy and safetensors:

  scene.jpg          a made-up landscape of 375 rows and 500 columns, as a photograph is
  slim.safetensors   FCN-8s with few channels and 5 classes, seeded random weights
  labels.png         the labels that PyTorch gives for them (Caffe's preprocessing)
"""

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image
from safetensors.torch import save_file

HEIGHT, WIDTH, CLASSES = 375, 500, 5
CHANNELS, HIDDEN = [4, 6, 8, 10, 12], 12
random = np.random.default_rng(20150607)


def noise(octaves):
    """Clouds: noise at several scales, each half as strong as the next larger."""
    total = np.zeros((HEIGHT, WIDTH))
    for octave in octaves:
        small = random.normal(size=(HEIGHT // octave + 2, WIDTH // octave + 2))
        picture = Image.fromarray(small.astype(np.float32)).resize(
            (WIDTH, HEIGHT), Image.BICUBIC)
        total += np.asarray(picture) * octave
    return total / sum(octaves)


def scene():
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH].astype(float)
    sky = np.stack([90 + 0.3 * y, 140 + 0.25 * y, 215 + 0.05 * y], -1)
    sky += 45 * np.clip(noise([96, 48, 24]), 0, None)[..., None]
    land = np.stack([95 + 0 * y, 120 - 0.1 * y, 60 + 0 * y], -1)
    land += 40 * noise([32, 16, 8, 4])[..., None] * [1, 1.2, 0.7]
    hills = 210 + 30 * np.sin(x / 70) + 25 * noise([128, 64])
    picture = np.where((y > hills)[..., None], land, sky)
    for row, column, radius, color in [
        (260, 120, 55, (190, 60, 50)), (300, 330, 70, (60, 70, 150)),
        (110, 400, 35, (245, 225, 140)), (230, 430, 40, (220, 215, 205)),
    ]:
        distance = np.hypot(y - row, (x - column) * 0.9)
        light = 1.15 - 0.5 * np.clip((x - column + y - row) / (2 * radius), -1, 1)
        inside = np.clip(radius - distance, 0, 1)[..., None]
        picture = picture * (1 - inside) + inside * light[..., None] * np.array(color)
    picture += random.normal(scale=2, size=picture.shape)
    return Image.fromarray(np.clip(picture, 0, 255).astype(np.uint8))


def conv(weights, name, outputs, inputs, size):
    deviation = (2 / (inputs * size * size)) ** 0.5
    weights[name + ".weight"] = torch.randn(outputs, inputs, size, size) * deviation
    weights[name + ".bias"] = torch.randn(outputs) * 0.1


def bilinear(weights, name, size):
    factor = size // 2
    line = 1 - (torch.arange(size) - (size - 1) / 2).abs() / factor
    kernel = torch.zeros(CLASSES, CLASSES, size, size)
    kernel[range(CLASSES), range(CLASSES)] = line[:, None] * line[None, :]
    weights[name + ".weight"] = kernel


def make_weights():
    weights, inputs = {}, 3
    for block, (count, outputs) in enumerate(zip([2, 2, 3, 3, 3], CHANNELS), 1):
        for number in range(1, count + 1):
            conv(weights, f"conv{block}_{number}", outputs, inputs, 3)
            inputs = outputs
    conv(weights, "fc6", HIDDEN, CHANNELS[4], 7)
    conv(weights, "fc7", HIDDEN, HIDDEN, 1)
    conv(weights, "score_fr", CLASSES, HIDDEN, 1)
    conv(weights, "score_pool4", CLASSES, CHANNELS[3], 1)
    conv(weights, "score_pool3", CLASSES, CHANNELS[2], 1)
    bilinear(weights, "upscore2", 4)
    bilinear(weights, "upscore_pool4", 4)
    bilinear(weights, "upscore8", 16)
    return weights


def features(weights, x):
    """The maps that the three score layers read."""
    def layer(x, name, padding=1):
        return F.relu(F.conv2d(x, weights[name + ".weight"], weights[name + ".bias"],
                               padding=padding))

    maps = {}
    for block, count in enumerate([2, 2, 3, 3, 3], 1):
        for number in range(1, count + 1):
            x = layer(x, f"conv{block}_{number}", 100 if (block, number) == (1, 1) else 1)
        x = F.max_pool2d(x, 2, 2, ceil_mode=True)
        maps[f"score_pool{block}"] = x
    maps["score_fr"] = layer(layer(x, "fc6", 0), "fc7", 0)
    return maps


def balance(weights, maps):
    """Scores of mean 0 and deviation 1 in each stream, so that every class occurs."""
    for name in ["score_fr", "score_pool4", "score_pool3"]:
        score = F.conv2d(maps[name], weights[name + ".weight"])
        mean, deviation = score.mean((0, 2, 3)), score.std((0, 2, 3)) + 1e-6
        weights[name + ".weight"] /= deviation[:, None, None, None]
        weights[name + ".bias"] = -mean / deviation


def scores(weights, maps):
    def score(name):
        return F.conv2d(maps[name], weights[name + ".weight"], weights[name + ".bias"])

    def upscore(x, name, stride):
        return F.conv_transpose2d(x, weights[name + ".weight"], stride=stride)

    def crop(x, offset, like):
        return x[:, :, offset:offset + like.shape[2], offset:offset + like.shape[3]]

    x = upscore(score("score_fr"), "upscore2", 2)
    x = x + crop(score("score_pool4"), 5, x)
    x = upscore(x, "upscore_pool4", 2)
    x = x + crop(score("score_pool3"), 9, x)
    return upscore(x, "upscore8", 8)[:, :, 31:31 + HEIGHT, 31:31 + WIDTH]


torch.manual_seed(20150607)
scene().save("scene.jpg", quality=85)
rgb = np.asarray(Image.open("scene.jpg").convert("RGB")).astype(np.float32)
means = np.array([104.00698793, 116.66876762, 122.67891434], np.float32)
x = torch.from_numpy((rgb[:, :, ::-1] - means).transpose(2, 0, 1).copy())[None]
weights = make_weights()
with torch.no_grad():
    balance(weights, features(weights, x))
    labels = scores(weights, features(weights, x)).argmax(1)[0]
save_file(weights, "slim.safetensors")
Image.fromarray(labels.numpy().astype(np.uint8)).save("labels.png", optimize=True)
print("pixels of each class:", np.bincount(labels.flatten(), minlength=CLASSES))
