#!/usr/bin/env python3
"""Writes slim-gradients.safetensors with PyTorch: losses, gradients and a few steps of training.

    python3 make-gradients.py

The networks are those of SmallNetwork.swift, in the same layers and with few channels. Weights and
pictures are rounded to 16 bits, so that every program computes with the same numbers; the rest is
computed in 64 bits and rounded to 32. Gradients by 64×64 and 63×63 kernels are left out, for they
are larger than all the others together.
"""
import pathlib

import torch
import torch.nn.functional as F
from safetensors.torch import save_file

FOLDER = pathlib.Path(__file__).parent
CLASSES = 3
CHANNELS = [2, 3, 4, 5, 6]
CLASSIFIER = 7
PADDING = 40
ALEXNET = [2, 4, 6, 4, 4]
PICTURES = (2, 3, 9, 7)
LABELS = [0, 1, 2, 255]
# Large, so that the steps and the decay are seen.
RATE, MOMENTUM, DECAY, STEPS = 0.02, 0.9, 0.1, 4

generator = torch.Generator().manual_seed(2016)


def noise(*shape, scale=1.0, mean=0.0):
    sample = torch.randn(*shape, generator=generator, dtype=torch.float64)
    return ((mean + sample) * scale).half().double()


def add_convolution(weights, name, outputs, inputs, size, gain=1):
    # More often positive than not, so that no ReLU shuts a whole stream.
    scale = gain * (2 / inputs) ** 0.5 / size
    weights[name + ".weight"] = noise(outputs, inputs, size, size, scale=scale, mean=0.15)
    weights[name + ".bias"] = noise(outputs, scale=0.1, mean=3)


def bilinear(size):
    factor = (size + 1) // 2
    centre = factor - 1 if size % 2 else factor - 0.5
    tent = 1 - (torch.arange(size, dtype=torch.float64) - centre).abs() / factor
    kernel = torch.zeros(CLASSES, CLASSES, size, size, dtype=torch.float64)
    for channel in range(CLASSES):
        kernel[channel, channel] = tent[:, None] * tent[None, :]
    return kernel


def fcn_weights():
    weights, inputs = {}, 3
    for block, channels in enumerate(CHANNELS, 1):
        add_convolution(weights, f"conv{block}_1", channels, inputs, 3)
        inputs = channels
    add_convolution(weights, "fc6", CLASSIFIER, inputs, 3)
    add_convolution(weights, "fc7", CLASSIFIER, CLASSIFIER, 1)
    add_convolution(weights, "score_fr", CLASSES, CLASSIFIER, 1, gain=0.15)
    add_convolution(weights, "score_pool4", CLASSES, CHANNELS[3], 1, gain=0.15)
    add_convolution(weights, "score_pool3", CLASSES, CHANNELS[2], 1, gain=0.15)
    return weights


def alexnet_weights():
    weights = {}
    inputs = [3, ALEXNET[0] // 2, ALEXNET[1], ALEXNET[2] // 2, ALEXNET[3] // 2]
    for number, (outputs, group, size) in enumerate(zip(ALEXNET, inputs, [11, 5, 3, 3, 3]), 1):
        add_convolution(weights, f"conv{number}", outputs, group, size)
    add_convolution(weights, "fc6", CLASSIFIER, ALEXNET[4], 6)
    add_convolution(weights, "fc7", CLASSIFIER, CLASSIFIER, 1)
    add_convolution(weights, "score_fr", CLASSES, CLASSIFIER, 1, gain=0.03)
    return weights


def convolve(weights, name, x, **options):
    return F.conv2d(x, weights[name + ".weight"], weights[name + ".bias"], **options)


def upsample(weights, name, x, stride):
    return F.conv_transpose2d(x, weights[name + ".weight"], stride=stride)


def cut(x, offset, like):
    return x[:, :, offset:offset + like.shape[2], offset:offset + like.shape[3]]


def fcn(weights, x, variant):
    h, pools = x, []
    for block in range(1, 6):
        padding = PADDING if block == 1 else 1
        h = F.relu(convolve(weights, f"conv{block}_1", h, padding=padding))
        h = F.max_pool2d(h, 2, 2, ceil_mode=True)
        pools.append(h)
    h = F.relu(convolve(weights, "fc6", h))
    h = F.relu(convolve(weights, "fc7", h))
    h = convolve(weights, "score_fr", h)
    if variant == "fcn32s":
        return cut(upsample(weights, "upscore", h, 32), PADDING - 17, x)
    h = upsample(weights, "upscore2", h, 2)
    h = h + cut(convolve(weights, "score_pool4", pools[3]), 1, h)
    if variant == "fcn16s":
        return cut(upsample(weights, "upscore16", h, 16), PADDING - 9, x)
    h = upsample(weights, "upscore_pool4", h, 2)
    h = h + cut(convolve(weights, "score_pool3", pools[2]), 1, h)
    return cut(upsample(weights, "upscore8", h, 8), PADDING - 5, x)


def alexnet(weights, x, _):
    def pool(x):
        return F.max_pool2d(x, 3, 2, ceil_mode=True)

    h = pool(F.relu(convolve(weights, "conv1", x, stride=4, padding=100)))
    h = F.local_response_norm(h, 5, 1e-4, 0.75)
    h = pool(F.relu(convolve(weights, "conv2", h, padding=2, groups=2)))
    h = F.local_response_norm(h, 5, 1e-4, 0.75)
    h = F.relu(convolve(weights, "conv3", h, padding=1))
    h = F.relu(convolve(weights, "conv4", h, padding=1, groups=2))
    h = pool(F.relu(convolve(weights, "conv5", h, padding=1, groups=2)))
    h = F.relu(convolve(weights, "fc6", h))
    h = F.relu(convolve(weights, "fc7", h))
    h = upsample(weights, "upscore", convolve(weights, "score_fr", h), 32)
    return cut(h, 18, x)


UPSAMPLING = {
    "fcn32s": {"upscore": 64}, "fcn16s": {"upscore2": 4, "upscore16": 32},
    "fcn8s": {"upscore2": 4, "upscore_pool4": 4, "upscore8": 16}, "fcn-alexnet": {"upscore": 63},
}


def main():
    shared = {"fcn": fcn_weights(), "alexnet": alexnet_weights()}
    results = {f"{family}.{name}": tensor.half()
               for family, weights in shared.items() for name, tensor in weights.items()}
    # Normalisation divides by squares of large numbers.
    pictures = {"fcn": noise(*PICTURES), "alexnet": noise(*PICTURES, scale=16)}
    labels = torch.tensor(LABELS)[
        torch.randint(len(LABELS), (PICTURES[0], *PICTURES[2:]), generator=generator)]
    results |= {f"{family}.x": x.half() for family, x in pictures.items()}
    results["labels"] = labels[:, None].half()

    for variant, upsampling in UPSAMPLING.items():
        family, network = ("alexnet", alexnet) if "alexnet" in variant else ("fcn", fcn)
        weights, x = shared[family], pictures[family]
        weights = weights | {f"{name}.weight": bilinear(k) for name, k in upsampling.items()}
        weights = {name: tensor.clone().requires_grad_() for name, tensor in weights.items()}
        for reduction in ["sum", "mean"]:
            scores = network(weights, x, variant)
            loss = F.cross_entropy(scores, labels, ignore_index=255, reduction=reduction)
            results[f"{variant}.loss.{reduction}"] = loss.detach().float()
        loss.backward()
        for name, tensor in weights.items():
            if tensor.grad is not None and tensor.shape[-1] < 63:
                assert tensor.grad.abs().max() > 0, (variant, name)
                results[f"{variant}.gradient.{name}"] = tensor.grad.float().contiguous()

    # FCN-8s learns: biases at twice the rate and without decay, upsampling not at all.
    fixed = {f"{name}.weight": bilinear(k) for name, k in UPSAMPLING["fcn8s"].items()}
    weights = {name: tensor.clone().requires_grad_() for name, tensor in shared["fcn"].items()}
    optimizer = torch.optim.SGD(
        [{"params": [w for name, w in weights.items() if name.endswith("weight")]},
         {"params": [w for name, w in weights.items() if name.endswith("bias")],
          "lr": 2 * RATE, "weight_decay": 0}],
        lr=RATE, momentum=MOMENTUM, weight_decay=DECAY)
    losses = []
    for _ in range(STEPS):
        optimizer.zero_grad()
        scores = fcn(weights | fixed, pictures["fcn"], "fcn8s")
        loss = F.cross_entropy(scores, labels, ignore_index=255)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    results["training.losses"] = torch.tensor(losses)
    results["training.settings"] = torch.tensor([RATE, MOMENTUM, DECAY])
    for name, tensor in weights.items():
        results[f"trained.{name}"] = tensor.detach().float().contiguous()
    save_file(results, FOLDER / "slim-gradients.safetensors")
    print({name: value.item() for name, value in results.items() if ".loss." in name}, losses)


main()
