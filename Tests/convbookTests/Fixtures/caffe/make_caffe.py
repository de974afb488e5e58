"""Writes a small network as Caffe keeps it, and what it gives in PyTorch by Caffe's rules:
deploy.prototxt, net.caffemodel, x.npy and y.npy beside this file.

    python3 make_caffe.py
"""

import struct
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

here = Path(__file__).parent
rng = np.random.default_rng(13)

PROTOTXT = """name: "small"
layer { name: "data" type: "Input" top: "data" input_param { shape { dim: 1 dim: 3 dim: 11 dim: 14 } } }
layer {
  name: "conv"  type: "Convolution"  bottom: "data"  top: "conv"
  convolution_param { num_output: 4 kernel_size: 3 pad: 1 stride: 2 bias_term: false }
}
layer { name: "bn" type: "BatchNorm" bottom: "conv" top: "conv" batch_norm_param { eps: 0.001 } }
layer { name: "scale" type: "Scale" bottom: "conv" top: "conv" scale_param { bias_term: true } }
layer { name: "relu" type: "ReLU" bottom: "conv" top: "conv" relu_param { negative_slope: 0.1 } }
layer { name: "pool" type: "Pooling" bottom: "conv" top: "pool" pooling_param { kernel_size: 2 stride: 2 } }
layer {
  # No weights in the file: bilinear, each channel by itself.
  name: "up"  type: "Deconvolution"  bottom: "pool"  top: "up"
  convolution_param {
    num_output: 4 group: 4 kernel_size: 4 stride: 2 bias_term: false
    weight_filler { type: "bilinear" }
  }
}
layer { name: "upc" type: "Crop" bottom: "up" bottom: "conv" top: "upc" crop_param { axis: 2 offset: 1 } }
layer {
  name: "sum"  type: "Eltwise"  bottom: "conv"  bottom: "upc"  top: "sum"
  eltwise_param { operation: SUM coeff: 0.5 coeff: -2 }
}
layer { name: "bias" type: "Bias" bottom: "sum" top: "sum" }
layer { name: "prelu" type: "PReLU" bottom: "sum" top: "sum" }
layer { name: "fc" type: "InnerProduct" bottom: "sum" top: "fc" inner_product_param { num_output: 5 } }
layer { name: "prob" type: "Softmax" bottom: "fc" top: "prob" }
"""


def numbers(*shape):
    return rng.normal(size=shape).astype("<f4")


# BatchNorm keeps sums, and of how much they are sums.
count = np.array([999.5], "<f4")
mean, variance = numbers(4), rng.uniform(0.5, 2, 4).astype("<f4")
blobs = {
    ("conv", "Convolution"): [numbers(4, 3, 3, 3)],
    ("bn", "BatchNorm"): [mean * count, variance * count, count],
    ("scale", "Scale"): [numbers(4), numbers(4)],
    ("bias", "Bias"): [numbers(4)],
    ("prelu", "PReLU"): [numbers(4)],
    ("fc", "InnerProduct"): [numbers(5, 4 * 6 * 7) / 100, numbers(5)],
    # The file of a training net has more layers than the one that is deployed.
    ("loss1/classifier", "InnerProduct"): [numbers(2, 3), numbers(2)],
}


def varint(value):
    out = b""
    while value > 127:
        out, value = out + bytes([value & 127 | 128]), value >> 7
    return out + bytes([value])


def field(number, content):
    return varint(number << 3 | 2) + varint(len(content)) + content


model = field(1, b"small")
for (name, kind), arrays in blobs.items():
    layer = field(1, name.encode()) + field(2, kind.encode())
    for array in arrays:
        shape = field(1, b"".join(varint(extent) for extent in array.shape))
        layer += field(7, field(7, shape) + field(5, array.tobytes()))
    model += field(100, layer)

x = numbers(2, 3, 11, 14)
w = {name: [torch.tensor(np.asarray(a)).double() for a in arrays] for (name, _), arrays in blobs.items()}
conv = F.conv2d(torch.tensor(x).double(), w["conv"][0], stride=2, padding=1)
conv = F.batch_norm(conv, torch.tensor(mean).double(), torch.tensor(variance).double(), eps=0.001)
conv = conv * w["scale"][0].view(1, -1, 1, 1) + w["scale"][1].view(1, -1, 1, 1)
conv = F.leaky_relu(conv, 0.1)
pool = F.max_pool2d(conv, 2, 2, ceil_mode=True)
line = torch.tensor([0.25, 0.75, 0.75, 0.25]).double()
kernel = (line[:, None] * line).expand(4, 1, 4, 4)
up = F.conv_transpose2d(pool, kernel, stride=2, groups=4)[:, :, 1:7, 1:8]
total = 0.5 * conv - 2 * up + w["bias"][0].view(1, -1, 1, 1)
total = F.prelu(total, w["prelu"][0])
prob = F.softmax(F.linear(total.flatten(1), *w["fc"]), 1)

(here / "deploy.prototxt").write_text(PROTOTXT)
(here / "net.caffemodel").write_bytes(model)
np.save(here / "x.npy", x)
np.save(here / "y.npy", prob.numpy()[:, :, None, None])
