"""The synthetic scenes of `convbook scene` in numpy, byte by byte the same.

    scene(7)                      # what `convbook scene --seed 7` draws
    scenes(400, seed=1)           # (400, 128, 128, 3) bytes, and (400, 128, 128) labels
    single_shapes(1000, seed=3)   # (1000, 96, 96, 3) bytes, and 1000 labels

For programs that are compared with convbook: they learn from its pictures. The definitions are in
Sources/Training, and check(convbook) tells whether these here are the same.
"""
import pathlib
import struct
import subprocess
import tempfile
import zlib

import numpy

UNIT = 16  # of lengths, in a pixel
DISC, SQUARE, TRIANGLE, RING, CROSS = 1, 2, 3, 4, 5
PAINTS = {DISC: (196, 92, 72), RING: (196, 92, 72), SQUARE: (72, 108, 196), CROSS: (72, 108, 196),
          TRIANGLE: (88, 168, 84)}
MASK = (1 << 64) - 1
STEP = 0x9E3779B97F4A7C15


class SplitMix64:
    def __init__(self, seed):
        self.state = seed & MASK

    def next(self):
        self.state = (self.state + STEP) & MASK
        z = self.state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
        return z ^ (z >> 31)

    def integer(self, low, high):
        return low + self.next() % (high - low + 1)

    def many(self, count):
        """The next numbers at once."""
        with numpy.errstate(over="ignore"):
            z = numpy.uint64(self.state) + numpy.uint64(STEP) * numpy.arange(
                1, count + 1, dtype=numpy.uint64)
            z = (z ^ (z >> numpy.uint64(30))) * numpy.uint64(0xBF58476D1CE4E5B9)
            z = (z ^ (z >> numpy.uint64(27))) * numpy.uint64(0x94D049BB133111EB)
            return z ^ (z >> numpy.uint64(31))


def seed_of_part(index, seed):
    return SplitMix64(SplitMix64(seed).next() + index).next()


def toward_zero(a, b):
    return a // b if a >= 0 else -(-a // b)


def random_shape(random, size, radii):
    kind = random.integer(1, 5)
    radius = UNIT * size * random.integer(*radii) // 1000
    row = random.integer(radius, UNIT * size - radius)
    column = random.integer(radius, UNIT * size - radius)
    n, quarters = random.integer(-424, 424), random.integer(0, 3)
    even, odd, scale = 1024 * 1024 - n * n, 2 * 1024 * n, 1024 * 1024 + n * n
    cosine, sine = [(even, odd), (-odd, even), (-even, -odd), (odd, -even)][quarters]
    light = random.integer(-30, 30)
    color = [part + light + random.integer(-20, 20) for part in PAINTS[kind]]
    return kind, radius, row, column, (cosine, sine, scale), color


def inside(shape, size):
    kind, radius, row, column, (cosine, sine, scale), _ = shape
    centres = UNIT * numpy.arange(size, dtype=numpy.int64) + UNIT // 2
    down, right = (centres - row)[:, None], (centres - column)[None]
    squared = down * down + right * right
    half_stroke = max(2 * UNIT, 13 * radius // 100)
    if kind == DISC:
        return squared <= radius * radius
    if kind == RING:
        hole = max(0, radius - 2 * half_stroke)
        return (squared <= radius * radius) & (squared >= hole * hole)
    v, u = cosine * down - sine * right, abs(sine * down + cosine * right)
    if kind == SQUARE:
        return 5 * numpy.maximum(u, abs(v)) <= 4 * radius * scale
    if kind == CROSS:
        short, long = numpy.minimum(u, abs(v)), numpy.maximum(u, abs(v))
        return (short <= half_stroke * scale) & (long <= radius * scale)
    tip = 5 * radius * scale // 4
    return (2 * v <= tip) & (26 * u <= 15 * (tip + v))


def scene(seed, size=128, counts=(2, 5), radii=(110, 240)):
    """(size, size, 3) bytes, and (size, size) labels."""
    random = SplitMix64(seed)
    corners = []
    for _ in range(3):
        level = random.integer(85, 165)
        corners.append([level + random.integer(-8, 8) for _ in range(3)])
    shapes = [random_shape(random, size, radii) for _ in range(random.integer(*counts))]
    noise = SplitMix64(random.next()).many(size * size).reshape(size, size) >> numpy.uint64(1)

    labels = numpy.zeros((size, size), numpy.uint8)
    levels = numpy.zeros((size, size, 3), numpy.int64)  # in 65536ths
    for channel in range(3):
        start, right, down = (corner[channel] for corner in corners)
        step = toward_zero((right - start) << 16, size)
        starts = [(start << 16) + toward_zero(((down - start) << 16) * row, size)
                  for row in range(size)]
        levels[:, :, channel] = numpy.array(starts)[:, None] + step * numpy.arange(size)[None]
    for shape in shapes:
        mask = inside(shape, size)
        labels[mask] = shape[0]
        levels[mask] = numpy.array(shape[-1]) << 16
    for channel in range(3):
        bits = (noise >> numpy.uint64(21 * channel)).astype(numpy.int64) & 0x1FFFFF
        total = (bits & 0x7F) + (bits >> 7 & 0x7F) + (bits >> 14)
        levels[:, :, channel] += ((2 * total - 381) << 12) + (1 << 15)
    return numpy.clip(levels >> 16, 0, 255).astype(numpy.uint8), labels


def scenes(count, seed, size=128, counts=(2, 5)):
    pairs = [scene(seed_of_part(index, seed), size, counts) for index in range(count)]
    return tuple(numpy.stack(part) for part in zip(*pairs))


def single_shapes(count, seed, size=96):
    pairs = [scene(seed_of_part(index, seed), size, (1, 1), (200, 420)) for index in range(count)]
    return (numpy.stack([pixels for pixels, _ in pairs]),
            numpy.array([labels.max() - 1 for _, labels in pairs], numpy.uint8))


def read_png(path):
    """The bytes of a PNG of eight bits without interlacing: (height, width, channels)."""
    data, position, packed = pathlib.Path(path).read_bytes(), 8, b""
    while position < len(data):
        length, kind = struct.unpack(">I4s", data[position:position + 8])
        chunk = data[position + 8:position + 8 + length]
        if kind == b"IHDR":
            width, height, depth, color, _, _, interlaced = struct.unpack(">IIBBBBB", chunk)
            channels = {0: 1, 2: 3, 3: 1}[color]
            assert depth == 8 and interlaced == 0, path
        packed += chunk if kind == b"IDAT" else b""
        position += length + 12
    rows = numpy.frombuffer(zlib.decompress(packed), numpy.uint8).reshape(height, -1)
    above, result = [0] * (width * channels), []
    for row in rows.tolist():
        kind, line = row[0], row[1:]
        for i in range(len(line)):
            a = line[i - channels] if i >= channels else 0
            b, c = above[i], above[i - channels] if i >= channels else 0
            nearest = min((abs(b - c), 0, a), (abs(a - c), 1, b), (abs(a + b - 2 * c), 2, c))[2]
            line[i] = (line[i] + [0, a, b, (a + b) // 2, nearest][kind]) & 255
        result.append(line)
        above = line
    return numpy.array(result, numpy.uint8).reshape(height, width, channels)


def check(convbook, seeds=range(5)):
    """Stops if convbook draws other scenes than these."""
    with tempfile.TemporaryDirectory() as folder:
        picture, labels = f"{folder}/scene.png", f"{folder}/labels.png"
        for seed in seeds:
            subprocess.run([convbook, "scene", "--seed", str(seed), "--output", picture,
                            "--labels", labels], check=True, stdout=subprocess.DEVNULL)
            pixels, truth = scene(seed)
            same = (numpy.array_equal(read_png(picture), pixels)
                    and numpy.array_equal(read_png(labels)[:, :, 0], truth))
            assert same, f"convbook draws another scene {seed} than synthetic_scenes.py"
