"""Makes the pictures of this folder with Pillow, ImageMagick, netpbm and libjpeg's tools.

    python3 make.py

needs Pillow and NumPy, and the commands `convert` (or what the variable CONVERT names), `pnmtopng`,
`pamdepth`, `cjpeg`, `djpeg` and `jpegtran`. Beside each picture that is to be compared stands a
.ppm with the pixels that libpng (through Pillow) or libjpeg (through djpeg) finds in it.
"""

import io
import os
import pathlib
import struct
import subprocess
import zlib

import numpy as np
from PIL import Image, ImageOps

here = pathlib.Path(__file__).parent
convert = os.environ.get("CONVERT", "convert")
folders = {name: here / name for name in ("PNG", "JPEG", "PNM", "Refused")}
for folder in folders.values():
    folder.mkdir(exist_ok=True)
random = np.random.default_rng(1)


def run(*command, stdin=b""):
    return subprocess.run(command, input=stdin, stdout=subprocess.PIPE, check=True).stdout


def ppm(pixels):
    height, width = pixels.shape[:2]
    kind = b"P6" if pixels.ndim == 3 else b"P5"
    largest = b"65535" if pixels.dtype == np.uint16 else b"255"
    head = kind + b"\n%d %d\n" % (width, height) + largest + b"\n"
    return head + pixels.astype(">u2" if pixels.dtype == np.uint16 else "u1").tobytes()


def scene(height, width, channels=3):
    """Smooth colours, an edge and some noise."""
    y, x = np.mgrid[0:height, 0:width]
    planes = [127 + 100 * np.sin(x / (5 + 2 * c) + y / (9 - c)) for c in range(channels)]
    pixels = np.stack(planes, -1)
    pixels[(x - width / 2) ** 2 + (y - height / 2) ** 2 < (height / 4) ** 2] = 230
    return np.clip(pixels + random.normal(0, 6, pixels.shape), 0, 255).astype(np.uint8)


# PNG: every colour type and depth, plain and interlaced.

small = scene(13, 11, 4)
wide = (small.astype(np.uint16) << 8) | random.integers(0, 256, small.shape).astype(np.uint16)


def chunk(name, content):
    body = name + content
    return struct.pack(">I", len(content)) + body + struct.pack(">I", zlib.crc32(body))


def packed(samples, depth):
    """Rows of samples (height, width * channels), `depth` bits each."""
    if depth == 16:
        return samples.astype(">u2").view(np.uint8).reshape(samples.shape[0], -1)
    bits = np.unpackbits(samples.astype(np.uint8)[..., None], axis=-1)[..., 8 - depth :]
    return np.packbits(bits.reshape(samples.shape[0], -1), axis=-1)


def png_by_hand(samples, depth, color_type, filters, extra=b"", passes=((0, 0, 1, 1),)):
    """Exercises the filters in turn; `extra` are chunks before the data."""
    height, width, channels = samples.shape
    step = max(1, channels * depth // 8)
    data = b""
    for left, top, right, down in passes:
        part = samples[top::down, left::right]
        if part.size == 0:
            continue
        above = None
        for number, row in enumerate(packed(part.reshape(part.shape[0], -1), depth)):
            row = row.astype(int)
            if above is None:
                above = np.zeros_like(row)
            left_bytes = np.concatenate([np.zeros(step, int), row])[: len(row)]
            corner = np.concatenate([np.zeros(step, int), above])[: len(row)]
            guess = left_bytes + above - corner
            distances = [abs(guess - left_bytes), abs(guess - above), abs(guess - corner)]
            paeth = np.choose(np.argmin(distances, axis=0), [left_bytes, above, corner])
            kind = filters[number % len(filters)]
            prediction = [0, left_bytes, above, (left_bytes + above) // 2, paeth][kind]
            data += bytes([kind]) + ((row - prediction) % 256).astype(np.uint8).tobytes()
            above = row
    head = struct.pack(">IIBBBBB", width, height, depth, color_type, 0, 0, int(len(passes) > 1))
    compressed = zlib.compress(data, 9)
    half = len(compressed) // 2
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + extra
        + chunk(b"IDAT", compressed[:half]) + chunk(b"IDAT", b"") + chunk(b"IDAT", compressed[half:])
        + chunk(b"IEND", b"")
    )


ADAM7 = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))
NAMES = {0: "grey", 2: "rgb", 3: "indexed", 4: "grey-alpha", 6: "rgba"}
CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}

pngs = []
for color_type, depths in {0: (1, 2, 4, 8, 16), 2: (8, 16), 3: (1, 2, 4, 8), 4: (8, 16), 6: (8, 16)}.items():
    for depth in depths:
        samples = (wide >> (16 - depth))[..., : CHANNELS[color_type]]
        extra = b""
        if color_type == 3:
            palette = random.integers(0, 256, 3 * 2**depth).astype(np.uint8)
            extra = chunk(b"PLTE", palette.tobytes()) + chunk(b"tRNS", b"\x00\x80")
        if color_type == 0:
            extra = chunk(b"tRNS", struct.pack(">H", int(samples[0, 0, 0])))
        if color_type == 2:
            extra = chunk(b"tRNS", struct.pack(">HHH", *map(int, samples[0, 0])))
        for name, passes in {"": ((0, 0, 1, 1),), "-interlaced": ADAM7}.items():
            stem = f"{NAMES[color_type]}-{depth}{name}"
            filters = (4, 3, 2, 1, 0) if name else (1, 2, 3, 4, 0, 4, 3)
            content = png_by_hand(samples, depth, color_type, filters, extra, passes)
            (folders["PNG"] / f"{stem}.png").write_bytes(content)
            pngs.append(stem)

# Sizes for which some of the interlaced passes are empty.

for height, width in ((1, 1), (1, 4), (2, 3), (5, 1), (9, 2)):
    samples = wide[:height, :width, :3] >> 8
    (folders["PNG"] / f"tiny-{height}x{width}.png").write_bytes(
        png_by_hand(samples, 8, 2, (4, 2), passes=ADAM7)
    )
    pngs.append(f"tiny-{height}x{width}")

# PNG by other programs.

rgb = small[..., :3].copy()
Image.fromarray(rgb).save(folders["PNG"] / "pillow.png", optimize=True)
Image.fromarray(small, "RGBA").quantize(9).save(folders["PNG"] / "pillow-indexed.png")
(folders["PNG"] / "netpbm.png").write_bytes(run("pnmtopng", "-interlace", stdin=ppm(rgb)))
for kind in ("PNG8", "PNG24", "PNG32", "PNG48", "PNG64", "PNG00"):
    (folders["PNG"] / f"magick-{kind}.png").write_bytes(
        run(convert, "ppm:-", "-strip", "-interlace", "PNG", f"{kind}:-", stdin=ppm(wide[..., :3]))
    )
(folders["PNG"] / "magick-bilevel.png").write_bytes(
    run(convert, "ppm:-", "-strip", "-monochrome", "png:-", stdin=ppm(rgb))
)
pngs += ["pillow", "pillow-indexed", "netpbm", "magick-bilevel"]
pngs += [f"magick-{kind}" for kind in ("PNG8", "PNG24", "PNG32", "PNG48", "PNG64", "PNG00")]


def high_bytes(path):
    """What libpng finds in the file, by netpbm, as bytes: 16 bits keep the high byte."""
    pnm = run("pngtopnm", str(path))
    kind, size, data = pnm.split(b"\n", 2)
    largest = b"1"
    if kind != b"P4":
        largest, data = data.split(b"\n", 1)
    width, height = map(int, size.split())
    if kind == b"P4":
        bits = np.unpackbits(np.frombuffer(data, np.uint8).reshape(height, -1), axis=1)[:, :width]
        values = 255 * (1 - bits.astype(int))
    else:
        largest = int(largest)
        values = np.frombuffer(data, ">u2" if largest > 255 else "u1").astype(int)
        values = values >> 8 if largest > 255 else values * 255 // largest
    values = values.reshape(height, width, -1)
    return np.broadcast_to(values, (height, width, 3)).astype(np.uint8)


for stem in pngs:
    (folders["PNG"] / f"{stem}.ppm").write_bytes(ppm(high_bytes(folders["PNG"] / f"{stem}.png")))

# JPEG: libjpeg's compressor, each with what its decompressor finds.

photo = scene(37, 43)
jpegs = {}


def jpeg(stem, *options, pixels=photo):
    jpegs[stem] = run("cjpeg", *options, stdin=ppm(pixels))


for sampling in ("1x1", "2x1", "1x2", "2x2", "4x1", "1x4", "4x2", "2x4"):
    jpeg(f"baseline-{sampling}", "-quality", "85", "-sample", sampling)
for sampling in ("1x1", "2x1", "2x2"):
    jpeg(f"progressive-{sampling}", "-progressive", "-quality", "90", "-sample", sampling)
jpeg("luma-half", "-quality", "85", "-sample", "1x1,2x2,2x1")
jpeg("grey", "-grayscale", "-quality", "80", "-optimize")
jpeg("grey-progressive", "-grayscale", "-progressive", "-quality", "80")
jpeg("rgb", "-rgb", "-quality", "85")
jpeg("restart-blocks", "-restart", "2B", "-sample", "2x2")
jpeg("restart-progressive", "-restart", "1", "-progressive", "-sample", "2x1")
jpeg("coarse", "-quality", "3", "-sample", "2x2")
jpeg("fine", "-quality", "100", "-sample", "1x1")
for size in ((1, 1), (1, 20), (20, 1), (3, 4), (4, 3), (8, 8), (16, 16), (17, 33)):
    jpeg(f"size-{size[0]}x{size[1]}", "-sample", "2x2", pixels=scene(*size))
scans = here / "scans.txt"
scans.write_text("0;\n2;\n1;\n")
jpeg("not-interleaved", "-scans", str(scans), "-sample", "2x2")
scans.write_text("0,1,2: 0-0, 0, 2;\n0: 1-9, 0, 2;\n2: 1-63, 0, 1;\n1: 1-63, 0, 1;\n0: 10-63, 0, 2;\n"
                 "0: 1-63, 2, 1;\n0,1,2: 0-0, 2, 1;\n0,1,2: 0-0, 1, 0;\n2: 1-63, 1, 0;\n1: 1-63, 1, 0;\n0: 1-63, 1, 0;\n")
jpeg("progressive-many-scans", "-scans", str(scans), "-sample", "2x2")
scans.unlink()
for stem, content in jpegs.items():
    (folders["JPEG"] / f"{stem}.jpg").write_bytes(content)
    pnm = run("djpeg", "-rgb", "-pnm", str(folders["JPEG"] / f"{stem}.jpg"))
    (folders["JPEG"] / f"{stem}.ppm").write_bytes(pnm)

# EXIF orientations 1 to 8, both byte orders, made by Pillow: all show the same picture.

upright = scene(16, 24)
turns = {1: None, 2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180,
         4: Image.Transpose.FLIP_TOP_BOTTOM, 5: Image.Transpose.TRANSPOSE,
         6: Image.Transpose.ROTATE_90, 7: Image.Transpose.TRANSVERSE, 8: Image.Transpose.ROTATE_270}
for orientation, turn in turns.items():
    picture = Image.fromarray(upright)
    stored = picture.transpose(turn) if turn is not None else picture
    order = b"II" if orientation % 2 else b"MM"
    mark = "<" if orientation % 2 else ">"
    exif = b"Exif\0\0" + order + struct.pack(mark + "HIH", 42, 8, 2)
    exif += struct.pack(mark + "HHI4s", 0x010F, 2, 4, b"abc\0")
    exif += struct.pack(mark + "HHIHH", 0x0112, 3, 1, orientation, 0) + bytes(4)
    path = folders["JPEG"] / f"orientation-{orientation}.jpg"
    stored.save(path, quality=95, subsampling=0, exif=exif)
    upright_pixels = np.array(ImageOps.exif_transpose(Image.open(path)))
    (folders["JPEG"] / f"orientation-{orientation}.ppm").write_bytes(ppm(upright_pixels))

# What is refused.

(folders["Refused"] / "arithmetic.jpg").write_bytes(run("cjpeg", "-arithmetic", stdin=ppm(rgb)))
Image.fromarray(rgb).save(folders["Refused"] / "small.gif")
Image.fromarray(rgb).save(folders["Refused"] / "small.bmp")

# PNM: text and binary, by netpbm's rules and by ImageMagick.

for name, options in {"text": ("-compress", "none"), "binary": ()}.items():
    for kind, depth in (("pbm", 1), ("pgm", 8), ("pgm", 16), ("ppm", 8), ("ppm", 16)):
        source = ppm(wide[..., :3])
        content = run(convert, "ppm:-", "-depth", str(depth), *options, f"{kind}:-", stdin=source)
        (folders["PNM"] / f"{name}-{depth}.{kind}").write_bytes(content)

odd = run("pamdepth", "100", stdin=ppm(wide[..., :3]))
(folders["PNM"] / "odd-100.ppm").write_bytes(odd)
(folders["PNM"] / "rounded-100.ppm").write_bytes(run("pamdepth", "255", stdin=odd))
wide_bytes = (folders["PNM"] / "binary-16.ppm").read_bytes()
(folders["PNM"] / "rounded-16.ppm").write_bytes(run("pamdepth", "255", stdin=wide_bytes))

# JPEG that is not as usual, made and read by Pillow. These lines need nothing from above.

random = np.random.default_rng(2)


def segments(content):
    """The segments before the data of the first scan, each with its marker's number, and the rest."""
    found, start = [], 2
    while not found or found[-1][0] != 0xDA:
        end = start + 2 + int.from_bytes(content[start + 2 : start + 4], "big")
        found.append((content[start + 1], content[start:end]))
        start = end
    return found, content[start:]


def without(content, marker):
    head, rest = segments(content)
    return content[:2] + b"".join(part for number, part in head if number != marker) + rest


def cut(content, part):
    """The file with so much of what follows its first scan's header, closed."""
    rest = segments(content)[1]
    return content[: len(content) - len(rest) + int(part * len(rest))] + b"\xff\xd9"


def saved(pixels, mode, **options):
    file = io.BytesIO()
    Image.fromarray(pixels, mode).save(file, "JPEG", quality=85, **options)
    return file.getvalue()


def with_adobe(content, transform):
    adobe = b"\xff\xee\0\x0eAdobe\0\x64\0\0\0\0" + bytes([transform])
    return content[:2] + adobe + without(content, 0xEE)[2:]


ink, photo = scene(21, 35, 4), scene(37, 43)
plain = saved(photo, "RGB", subsampling=2)
restarts = saved(photo, "RGB", subsampling=2, restart_marker_blocks=2)
places = [i for i in range(len(restarts) - 1) if restarts[i] == 255 and 0xD0 <= restarts[i + 1] <= 0xD7]
unusual = {
    "cmyk": with_adobe(saved(ink, "CMYK", subsampling=0), 0),
    "cmyk-progressive": with_adobe(saved(ink, "CMYK", progressive=True, subsampling=0), 0),
    "cmyk-without-adobe": without(saved(ink, "CMYK", subsampling=0), 0xEE),
    "ycck": with_adobe(saved(ink, "CMYK", subsampling=0), 2),
    "ycck-2x2": with_adobe(saved(ink, "CMYK", subsampling=2), 2),
    "without-tables": without(plain, 0xC4),
    "repeated-255": plain.replace(b"\xff\x00", b"\xff\xff\x00"),
    "cut-baseline": cut(plain, 0.6),
    "cut-at-once": cut(plain, 0),
    "cut-restarts": cut(restarts, 0.5),
    "cut-progressive": cut(saved(photo, "RGB", progressive=True, subsampling=2), 0.97),
    "lost-restart": restarts[: places[1]] + restarts[places[2] :],
}
for stem, content in unusual.items():
    (folders["JPEG"] / f"{stem}.jpg").write_bytes(content)
    pixels = np.array(Image.open(io.BytesIO(content)).convert("RGB"))
    (folders["JPEG"] / f"{stem}.ppm").write_bytes(ppm(pixels))
