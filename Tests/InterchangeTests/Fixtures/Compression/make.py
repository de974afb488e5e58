"""Makes the compressed files of this folder with Python's zlib; the content is `content()` below."""

import pathlib
import zlib

here = pathlib.Path(__file__).parent


def content():
    """Text-like, random and constant stretches, with matches up to 19000 bytes back."""
    state = 1
    out = bytearray()
    for i in range(24000):
        state = (state * 1103515245 + 12345) % 2**31
        random = state >> 16
        if i < 4000:
            out.append(97 + min(random % 26, (random >> 5) % 26))
        elif i < 7000:
            out.append(random % 256)
        elif i < 8000:
            out.append(7)
        else:
            out.append(out[i - 3 - random % 5] if i % 7 or i < 20000 else out[i - 19000])
    return bytes(out)


def write(name, level, strategy, wbits=15):
    coder = zlib.compressobj(level, zlib.DEFLATED, wbits, 8, strategy)
    (here / name).write_bytes(coder.compress(content()) + coder.flush())


write("stored.zlib", 0, zlib.Z_DEFAULT_STRATEGY)
write("fixed.zlib", 9, zlib.Z_FIXED)
write("dynamic.zlib", 9, zlib.Z_DEFAULT_STRATEGY)
write("huffman.zlib", 6, zlib.Z_HUFFMAN_ONLY)
write("dynamic.raw", 1, zlib.Z_DEFAULT_STRATEGY, -15)
