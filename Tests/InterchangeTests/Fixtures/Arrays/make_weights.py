"""Writes the weight fixtures with PyTorch, NumPy, safetensors and protobuf: python3 make_weights.py

Every file holds ramps (0, 1, 2, ...) or simple functions of them, so that tests can say what to
expect as arithmetic.
"""

import collections
import os
import struct
import zipfile

import numpy as np
import torch
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
from safetensors.torch import save_file

os.chdir(os.path.dirname(os.path.abspath(__file__)))
os.makedirs("weights", exist_ok=True)
os.chdir("weights")


def ramp(*shape, dtype=torch.float32):
    return torch.arange(int(np.prod(shape))).reshape(shape).to(dtype)


# --- safetensors: every dtype; 0, 1, 2 are exact in all of them -------------------------------
types = {
    "BOOL": torch.bool, "U8": torch.uint8, "I8": torch.int8, "F8_E5M2": torch.float8_e5m2,
    "F8_E4M3": torch.float8_e4m3fn, "I16": torch.int16, "U16": torch.uint16, "F16": torch.float16,
    "BF16": torch.bfloat16, "I32": torch.int32, "U32": torch.uint32, "F32": torch.float32,
    "F64": torch.float64, "I64": torch.int64, "U64": torch.uint64,
}
save_file({name: ramp(3, dtype=t) for name, t in types.items()}, "dtypes.safetensors",
          metadata={"format": "pt", "quote": 'a "b" \\ é'})
save_file({"b": ramp(2, 3), "a": ramp(0, 4), "c.d": ramp(1)}, "plain.safetensors")

# All values of the small floats, with PyTorch's own widening beside them.
every8 = torch.arange(256).to(torch.uint8)
every16 = torch.arange(0, 65536, 37).to(torch.int32).to(torch.uint16)
small = {
    "e5m2": every8.view(torch.float8_e5m2), "e4m3": every8.view(torch.float8_e4m3fn),
    "f16": every16.view(torch.float16), "bf16": every16.view(torch.bfloat16),
}
save_file({name: t.clone() for name, t in small.items()} | {f"{name}.wide": t.to(torch.float32) for name, t in small.items()},
          "small-floats.safetensors")

# --- PyTorch ----------------------------------------------------------------------------------
base = ramp(24)
shared = ramp(4, 6)
state = collections.OrderedDict([
    ("plain", ramp(2, 3)),
    ("offset", base[5:11].reshape(2, 3)),
    ("transposed", ramp(2, 3).t()),
    ("strided", shared[::2, 1::2]),
    ("shared", shared),
    ("expanded", torch.tensor([7.0]).expand(2, 2)),
    ("scalar", torch.tensor(2.5)),
    ("empty", torch.zeros(0, 3)),
    ("parameter", torch.nn.Parameter(ramp(3))),
    ("half", ramp(3, dtype=torch.float16)),
    ("bfloat", ramp(3, dtype=torch.bfloat16)),
    ("double", ramp(3, dtype=torch.float64) / 3),
    ("long", ramp(3, dtype=torch.int64)),
    ("int", ramp(3, dtype=torch.int32)),
    ("short", ramp(3, dtype=torch.int16)),
    ("char", -ramp(3, dtype=torch.int8)),
    ("byte", ramp(3, dtype=torch.uint8)),
    ("bool", ramp(3, dtype=torch.bool)),
])
state._metadata = collections.OrderedDict([("", {"version": 1})])
torch.save(state, "state.pth")
torch.save(state, "state-legacy.pth", _use_new_zipfile_serialization=False)
module = torch.nn.Sequential(torch.nn.Conv2d(2, 3, (1, 2)), torch.nn.BatchNorm2d(3))
with torch.no_grad():
    module[0].weight.copy_(ramp(3, 2, 1, 2))
    module[0].bias.copy_(ramp(3))
optimizer = torch.optim.SGD(module.parameters(), lr=0.1, momentum=0.9)
module(ramp(1, 2, 3, 3)).sum().backward()
optimizer.step()
with torch.no_grad():
    module[0].weight.copy_(ramp(3, 2, 1, 2))
    module[0].bias.copy_(ramp(3))
checkpoint = {
    "epoch": 3, "arch": "FCN8s", "best_mean_iu": 0.65, "big": 2**40, "nothing": None, "flag": True,
    "optim_state_dict": optimizer.state_dict(), "model_state_dict": module.state_dict(),
}
torch.save(checkpoint, "checkpoint.pth")
torch.save(checkpoint, "checkpoint-legacy.pth", _use_new_zipfile_serialization=False)
torch.save({"state_dict": {"model_state_dict": {"deep": ramp(2)}}}, "nested.pth")
torch.save(module, "module.pth")
torch.save(ramp(2), "tensor.pth")
torch.save({"epoch": 3}, "no-tensors.pth")
torch.serialization.set_crc32_options(False)
torch.save({"a": ramp(2, 3)}, "no-checksums.pth")
torch.serialization.set_crc32_options(True)

# A file as a big-endian machine writes it: PyTorch swaps the bytes when it loads it here.
names = ["plain", "double", "long", "short", "half", "bfloat"]
big = {name: state[name] for name in names}
torch.save(big, "big-little.pth")
with zipfile.ZipFile("big-little.pth") as source, zipfile.ZipFile("big.pth", "w") as target:
    for member in source.infolist():
        data = source.read(member)
        folder, _, rest = member.filename.partition("/")
        if rest == "byteorder":
            data = b"big"
        elif rest.startswith("data/"):
            width = big[names[int(rest[5:])]].element_size()
            data = np.frombuffer(data, f"u{width}").byteswap().tobytes()
        target.writestr(zipfile.ZipInfo("big/" + rest), data)
os.remove("big-little.pth")
loaded = torch.load("big.pth")
assert all(torch.equal(loaded[name], big[name]) for name in names), loaded


# --- The first form of a tensor's call, and a view of a storage, as PyTorch 0.1 wrote ------------
def text(value):
    data = value.encode()
    return b"X" + struct.pack("<I", len(data)) + data


def pickled(body):
    return b"\x80\x02" + body + b"."


storage = (b"(" + text("storage") + b"ctorch\nFloatStorage\n" + text("11") + text("cpu") + b"K\x0c"
           + b"(" + text("12") + b"K\x02K\x0at" + b"tQ")
tensor = b"ctorch._utils\n_rebuild_tensor\n(" + storage + b"K\x01(K\x02K\x03t(K\x03K\x01ttR"
old = pickled(b"\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19") + pickled(b"M\xe9\x03")
old += pickled(b"}(" + text("protocol_version") + b"M\xe9\x03" + text("little_endian") + b"\x88u")
old += pickled(b"ccollections\nOrderedDict\n](](U\x03old" + tensor + b"ee\x85R")
old += pickled(b"]" + text("11") + b"a") + struct.pack("<q", 12)
old += np.arange(12, dtype="<f4").tobytes()
with open("old-form.pth", "wb") as file:
    file.write(old)
loaded = torch.load("old-form.pth", weights_only=False)
assert loaded["old"].tolist() == [[3, 4, 5], [6, 7, 8]], loaded

# --- npz ----------------------------------------------------------------------------------------
arrays = {"a.weight": ramp(2, 3).numpy(), "half": np.float16([0.5, -2]),
          "columns": np.asfortranarray(ramp(2, 3).numpy()), "big": np.arange(4, dtype=">f8")}
np.savez("stored.npz", **arrays)
np.savez_compressed("deflated.npz", **arrays)
# Every number in its 64-bit place, as in a file of more than 4 GB.
limit, zipfile.ZIP64_LIMIT = zipfile.ZIP64_LIMIT, 1
with zipfile.ZipFile("wide.npz", "w") as target:
    for name, array in arrays.items():
        with target.open(name + ".npy", "w", force_zip64=True) as member:
            np.lib.format.write_array(member, array)
zipfile.ZIP64_LIMIT = limit
np.savez_compressed("zeros.npz", zeros=np.zeros((400, 1000), np.float32))
np.savez_compressed("bomb.npz", zeros=np.zeros(5_000_000, np.float32))
with zipfile.ZipFile("other.zip", "w") as target:
    target.writestr("readme.txt", "nothing here")

# --- Caffe: the messages that hold weights, from Caffe's published field numbers ------------------
F = descriptor_pb2.FieldDescriptorProto
INT, LONG, FLOAT, DOUBLE, STRING = F.TYPE_INT32, F.TYPE_INT64, F.TYPE_FLOAT, F.TYPE_DOUBLE, F.TYPE_STRING
messages = {
    "BlobShape": [("dim", 1, LONG, "packed")],
    "BlobProto": [("num", 1, INT, ""), ("channels", 2, INT, ""), ("height", 3, INT, ""),
                  ("width", 4, INT, ""), ("data", 5, FLOAT, "packed"), ("diff", 6, FLOAT, "packed"),
                  ("shape", 7, "BlobShape", ""), ("double_data", 8, DOUBLE, "packed")],
    "LooseBlob": [("data", 5, FLOAT, "repeated"), ("shape", 7, "BlobShape", "")],
    "LayerParameter": [("name", 1, STRING, ""), ("type", 2, STRING, ""),
                       ("bottom", 3, STRING, "repeated"), ("top", 4, STRING, "repeated"),
                       ("blobs", 7, "BlobProto", "repeated"), ("phase", 10, INT, "")],
    "LooseLayer": [("name", 1, STRING, ""), ("blobs", 7, "LooseBlob", "repeated")],
    "V1LayerParameter": [("bottom", 2, STRING, "repeated"), ("top", 3, STRING, "repeated"),
                         ("name", 4, STRING, ""), ("type", 5, INT, ""),
                         ("blobs", 6, "BlobProto", "repeated")],
    "NetParameter": [("name", 1, STRING, ""), ("layers", 2, "V1LayerParameter", "repeated"),
                     ("layer", 100, "LayerParameter", "repeated")],
    "LooseNet": [("name", 1, STRING, ""), ("layer", 100, "LooseLayer", "repeated")],
}
description = descriptor_pb2.FileDescriptorProto(name="caffe.proto", package="caffe", syntax="proto2")
for message, fields in messages.items():
    made = description.message_type.add(name=message)
    for name, number, kind, label in fields:
        field = made.field.add(name=name, number=number)
        field.label = F.LABEL_REPEATED if label else F.LABEL_OPTIONAL
        if isinstance(kind, str):
            field.type, field.type_name = F.TYPE_MESSAGE, ".caffe." + kind
        else:
            field.type = kind
        field.options.packed = label == "packed"
pool = descriptor_pool.DescriptorPool()
pool.Add(description)
caffe = {m: message_factory.GetMessageClass(pool.FindMessageTypeByName("caffe." + m)) for m in messages}


def fill(blob, shape, legacy=False, double=False):
    values = np.arange(int(np.prod(shape)))
    (blob.double_data if double else blob.data).extend(values.tolist())
    if legacy:
        extents = [1] * (4 - len(shape)) + list(shape)
        blob.num, blob.channels, blob.height, blob.width = extents
    else:
        blob.shape.dim.extend(shape)


second = caffe["NetParameter"](name="second version")
second.layer.add(name="data", type="Input", top=["data"])
for name, kind, shapes in [("conv1_1", "Convolution", [(2, 3, 1, 2), (2,)]),
                           ("fc6", "InnerProduct", [(3, 4), (3,)]),
                           ("upscore2", "Deconvolution", [(2, 1, 2, 2)])]:
    layer = second.layer.add(name=name, type=kind, bottom=["data"], top=[name], phase=1)
    for shape in shapes:
        fill(layer.blobs.add(), shape, double=name == "upscore2")
with open("second.caffemodel", "wb") as file:
    file.write(second.SerializeToString())

first = caffe["NetParameter"](name="first version")
for name, kind, shapes in [("conv1_1", 4, [(2, 3, 1, 2), (2,)]), ("relu", 18, []),
                           ("fc6", 14, [(3, 4), (3,)]), ("upscore2", 39, [(2, 1, 2, 2)])]:
    layer = first.layers.add(name=name, type=kind, bottom=["data"], top=[name])
    for shape in shapes:
        fill(layer.blobs.add(), shape, legacy=True)
with open("first.caffemodel", "wb") as file:
    file.write(first.SerializeToString())

loose = caffe["LooseNet"](name="numbers not packed")
blob = loose.layer.add(name="conv").blobs.add()
blob.data.extend(range(6))
blob.shape.dim.extend((1, 6))
with open("loose.caffemodel", "wb") as file:
    file.write(loose.SerializeToString())

for name in os.listdir("."):
    os.chmod(name, 0o644)
