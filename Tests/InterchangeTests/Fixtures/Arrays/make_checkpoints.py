"""Writes checkpoints as people keep them, with PyTorch and NumPy: python3 make_checkpoints.py

Each holds the model's tensors, ramps (0, 1, 2, ...), among values of other kinds.
"""

import argparse
import collections
import datetime
import os
import pathlib
import random
import warnings
import zipfile

import h5py
import numpy as np
import torch

warnings.simplefilter("ignore")
os.chdir(os.path.dirname(os.path.abspath(__file__)))
os.makedirs("checkpoints", exist_ok=True)
os.chdir("checkpoints")


def ramp(*shape, dtype=torch.float32):
    return torch.arange(int(np.prod(shape))).reshape(shape).to(dtype)


def model():
    return collections.OrderedDict([("conv.weight", ramp(2, 1, 1, 2)), ("conv.bias", ramp(2))])


# pytorch-fcn's trainer: the best mean IU is a NumPy scalar.
momentum = {"state": {0: {"momentum_buffer": ramp(2, 1, 1, 2)}}, "param_groups": [{"lr": 1e-10}]}
torch.save({"epoch": 3, "iteration": 4000, "arch": "FCN32s", "optim_state_dict": momentum,
            "model_state_dict": model(), "best_mean_iu": np.float64(0.63)}, "pytorch-fcn.pth")

# Everything that a training program has at hand, beside the model.
Stage = collections.namedtuple("Stage", "name rate")
Stage.__module__, Stage.__qualname__ = "stages", "Stage"
import sys
import types
sys.modules["stages"] = types.SimpleNamespace(Stage=Stage)
beside = {
    "epoch": torch.tensor(3), "rng": torch.arange(8, dtype=torch.uint8),
    "args": argparse.Namespace(lr=0.1, gpu=[0, 1]), "seen": collections.Counter("fcn"),
    "date": datetime.datetime(2015, 3, 8, 12), "size": torch.Size([1, 3]),
    "device": torch.device("cpu"), "dtype": torch.float16, "path": pathlib.PurePosixPath("/data"),
    "default": collections.defaultdict(list, {"loss": [0.5]}), "queue": collections.deque([1, 2]),
    "set": {1}, "frozen": frozenset([2]), "complex": 1 + 2j, "bytes": b"\x00\xff",
    "array": bytearray(b"\x01"), "big": 1 << 300, "negative": -(1 << 70), "array of numbers": np.arange(3.0),
    "numpy": np.float32(0.5), "random": random.Random(1).getstate()[:1] + (None,), "stage": Stage("fcn8s", 1e-12),
    "optimizer": {"state": {0: {"exp_avg": ramp(2, 1, 1, 2)}}}, "scheduler": {"last_epoch": 2},
    "function": len, "class": collections.OrderedDict, "nothing": None, "text": "Ä" * 300,
    "complex tensor": torch.zeros(1, dtype=torch.complex64), "sparse": torch.eye(2).to_sparse(),
}
for protocol in range(2, 6):
    torch.save(beside | {"net": model()}, f"protocol{protocol}.pth", pickle_protocol=protocol)
    torch.save({key: value for key, value in beside.items() if key != "complex tensor"} | {"net": model()},
               f"protocol{protocol}-legacy.pth",
               pickle_protocol=protocol, _use_new_zipfile_serialization=False)

torch.save({"model": model(), "ema": model(), "epoch": 3}, "two.pth")
torch.save({"model": {"encoder": model()}, "ema": None}, "deep.pth")
torch.save({"state": collections.defaultdict(None, model())}, "default.pth")
torch.save({"conv.weight": ramp(2, 1, 1, 2), "sparse": torch.eye(2).to_sparse()}, "sparse.pth")
torch.save({"conv.weight": torch.zeros(2, 1, 1, 2, dtype=torch.complex64), "conv.bias": ramp(2)},
           "complex.pth")
torch.save({"conv.weight": ramp(2, 1, 1, 2), "window": torch.zeros(3, dtype=torch.complex64),
            "steps": torch.quantize_per_tensor(ramp(4), 0.5, 0, torch.quint8), "conv.bias": ramp(2)},
           "beside-legacy.pth", _use_new_zipfile_serialization=False)


class Kernel(torch.Tensor):
    pass


Kernel.__module__, Kernel.__qualname__ = "kernels", "Kernel"
sys.modules["kernels"] = types.SimpleNamespace(Kernel=Kernel)
parameter = torch.nn.Parameter(ramp(3))
parameter.note = "kept"
torch.save({"float8": ramp(2, 2).to(torch.float8_e4m3fn), "uint16": ramp(3, dtype=torch.uint16),
            "class": ramp(2, 2).as_subclass(Kernel), "parameter": parameter}, "newer.pth")
torch.save({"model": torch.nn.Conv2d(1, 2, (1, 2)), "epoch": 3}, "whole-in-dict.pth")

# As an archive program writes a .pth that was unpacked and packed again.
torch.save(model(), "stored.pth")
with zipfile.ZipFile("stored.pth") as source, \
        zipfile.ZipFile("packed-again.pth", "w", zipfile.ZIP_DEFLATED) as target:
    for member in source.infolist():
        target.writestr(zipfile.ZipInfo(member.filename), source.read(member), zipfile.ZIP_DEFLATED)
os.remove("stored.pth")

# --- Formats that are not read --------------------------------------------------------------------
class Scripted(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = torch.nn.Parameter(ramp(2))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x + self.weight


torch.jit.save(torch.jit.script(Scripted()), "script.pt")
with h5py.File("weights.h5", "w", libver="latest") as file:
    file.create_group("block1_conv1")

# --- Kernels in TensorFlow's order: (height, width, inputs, outputs) ------------------------------
# VGG16's first layers and fully connected ones, 2 channels wide, under the names that Keras, slim and
# the vgg16_weights.npz of 2016 give them.
np.savez("keras.npz", **{
    "block1_conv1/kernel:0": np.arange(3 * 3 * 3 * 2, dtype="f4").reshape(3, 3, 3, 2),
    "block1_conv1/bias:0": np.arange(2, dtype="f4"),
    "fc2/kernel:0": np.arange(6, dtype="f4").reshape(2, 3), "fc2/bias:0": np.arange(3, dtype="f4"),
    "predictions/kernel:0": np.arange(12, dtype="f4").reshape(3, 4),
})
for name in os.listdir("."):
    os.chmod(name, 0o644)
