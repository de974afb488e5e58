#!/usr/bin/env python3
"""Writes onnx-relations.safetensors: models whose maps take the sizes of others, as PyTorch exports them,
and the sizes that onnxruntime gives for many pictures.

    python3 -m pip install numpy torch onnx onnxscript onnxruntime safetensors
    python3 make-onnx-relations.py

Each case is NAME.onnx, the model's bytes; NAME.sizes, rows of the height and the width of a picture and
of what comes out, 0 where onnxruntime refuses it; and NAME.x and NAME.y for one picture.
"""
import io
import pathlib
import tempfile

import numpy as np
import onnx
import onnxruntime
import torch
from safetensors.numpy import save_file
from torch import nn
from torch.nn import functional as F

torch.manual_seed(0)


class Two(nn.Module):
    def __init__(self, first, second, up, last):
        super().__init__()
        self.a, self.b, self.up, self.last = first, second, up, last


class Resized(Two):
    def forward(self, x):
        a = F.relu(self.a(x))
        b = self.up(F.relu(self.b(a)))
        b = F.interpolate(b, size=a.shape[-2:], mode="bilinear", align_corners=False)
        return F.interpolate(self.last(torch.cat([b, a], 1)), size=x.shape[-2:], mode="nearest")


class Cut(Two):
    def forward(self, x):
        a = F.relu(self.a(x))
        b = self.up(F.relu(self.b(a)))[:, :, 1 : 1 + a.shape[2], 1 : 1 + a.shape[3]]
        return self.last(torch.cat([b, a], 1))[:, :, : x.shape[2], : x.shape[3]]


class Center(Two):
    def forward(self, x):
        a = F.relu(self.a(x))
        b = self.up(F.relu(self.b(F.max_pool2d(a, 2))))
        row, column = (a.shape[2] - b.shape[2]) // 2, (a.shape[3] - b.shape[3]) // 2
        skip = a[:, :, row : row + b.shape[2], column : column + b.shape[3]]
        return self.last(torch.cat([skip, b], 1))


class Padded(Two):
    def forward(self, x):
        a = F.relu(self.a(x))
        b = self.up(F.relu(self.b(F.max_pool2d(a, 2))))
        rows, columns = a.size()[2] - b.size()[2], a.size()[3] - b.size()[3]
        b = F.pad(b, [columns // 2, columns - columns // 2, rows // 2, rows - rows // 2])
        return self.last(torch.cat([a, b], 1))


class Twice(nn.Module):
    def __init__(self):
        super().__init__()
        self.a, self.b = nn.Conv2d(3, 3, 3, 2, 1), nn.Conv2d(3, 2, 3)

    def forward(self, x):
        y = F.relu(self.a(x))
        y = F.interpolate(y, size=(y.shape[2] * 2, y.shape[3] * 2), mode="bilinear")
        return self.b(y[:, :, 1:-1, 2:-1])


class ThreeQuarters(Twice):
    def forward(self, x):
        size = (x.shape[2] * 3 // 4, x.shape[3] * 3 // 4)
        return self.b(F.interpolate(F.relu(self.a(x)), size=size, mode="bilinear"))


def bare(model):
    """Without what tells where in the source each node comes from."""
    for node in model.graph.node:
        node.doc_string = ""
        del node.metadata_props[:]
    del model.graph.value_info[:], model.graph.metadata_props[:], model.metadata_props[:]
    return model.SerializeToString()


models = {
    "resized": Resized(nn.Conv2d(3, 3, 3, 2, 1), nn.Conv2d(3, 4, 3, 2, 1), nn.Conv2d(4, 2, 1), nn.Conv2d(5, 2, 3, 1, 1)),
    "cut": Cut(nn.Conv2d(3, 3, 3, 2, 1), nn.Conv2d(3, 4, 3, 2, 1), nn.ConvTranspose2d(4, 2, 4, 2), nn.ConvTranspose2d(5, 2, 4, 2)),
    "center": Center(nn.Conv2d(3, 3, 3), nn.Conv2d(3, 4, 3), nn.ConvTranspose2d(4, 2, 2, 2), nn.Conv2d(5, 2, 3)),
    "padded": Padded(nn.Conv2d(3, 3, 3, 1, 1), nn.Conv2d(3, 4, 3, 1, 1), nn.ConvTranspose2d(4, 2, 2, 2), nn.Conv2d(5, 2, 3, 1, 1)),
    "twice": Twice(),
    "three quarters": ThreeQuarters(),
}
tensors = {}
for name, model in models.items():
    model.eval()
    for exporter in ("old", "new"):
        x = torch.randn(1, 3, 50, 46)
        if exporter == "old":
            buffer = io.BytesIO()
            torch.onnx.export(
                model, (x,), buffer, dynamo=False, opset_version=11, input_names=["x"],
                dynamic_axes={"x": {2: "h", 3: "w"}})
            content = bare(onnx.load_from_string(buffer.getvalue()))
        else:
            sizes = [torch.export.Dim(axis, min=16, max=999) for axis in "hw"]
            with tempfile.TemporaryDirectory() as folder:
                path = pathlib.Path(folder) / "m.onnx"
                torch.onnx.export(
                    model, (x,), str(path), dynamo=True, input_names=["x"], external_data=False,
                    dynamic_shapes={"x": dict(zip((2, 3), sizes))}, verbose=False)
                content = bare(onnx.load(path))
        session = onnxruntime.InferenceSession(content)

        def run(picture):
            try:
                return session.run(None, {session.get_inputs()[0].name: picture})[0]
            except Exception:
                return None

        rows = []
        for extent in range(17, 81):
            for height, width in ((extent, 46), (50, extent)):
                y = run(np.zeros((1, 3, height, width), np.float32))
                rows.append([height, width] + ([0, 0] if y is None else list(y.shape[2:])))
        picture = torch.randn(1, 3, 21, 18).numpy()
        key = f"{name}, {exporter}"
        tensors[f"{key}.onnx"] = np.frombuffer(content, np.uint8).copy()
        tensors[f"{key}.sizes"] = np.array(rows, np.int32)
        tensors[f"{key}.x"] = picture
        tensors[f"{key}.y"] = run(picture)
save_file(tensors, pathlib.Path(__file__).parent / "onnx-relations.safetensors")
