#!/usr/bin/env python3
"""Writes Tiles.swift: the innermost loops, with every accumulator a variable of its own.

Swift keeps an accumulator in a register only if it is a named variable (arrays of them are not
unrolled), so the 1...14 row counts are written out by this script:

    python3 Sources/KernelsBaseline/generate-tiles.py > Sources/KernelsBaseline/Tiles.swift
"""

HEADER = '''\
// Written by generate-tiles.py; do not edit.
//
// A tile is the innermost product: `rows` rows of activations times `columns` outputs. Its sums stay
// in registers over the whole run of channels. Per channel it loads the weights once (they are shared
// by all rows) and one number per row, so that the two multiply-add units never wait for a load.
//
// shape    registers  rows × columns            accumulators
// 14x32    32 × 512   14 × 32 = 14 × 2 SIMD16   28
// 6x16     16 × 256    6 × 16 =  6 × 2 SIMD8    12
// 6x16 arm 32 × 128    6 × 16 =  6 × 4 SIMD4    24
// 3x16     16 × 128    3 × 16 =  3 × 4 SIMD4    12
'''

SHAPES = [
    ("#if TILE_14x32", 16, 14, 2),
    ("#elseif TILE_6x16", 8, 6, 2),
    ("#elseif arch(arm64)", 4, 6, 4),
    ("#else", 4, 3, 4),
]


def tile(width, rows, vectors, planar):
    """One function: `rows` rows by `vectors` vectors."""
    out = []
    cells = [(r, v) for r in range(rows) for v in range(vectors)]
    if planar:
        out.append(f"  private func planar{rows}(")
        out.append("    _ a: Floats, _ step: Int, _ offsets: UnsafePointer<Int>, _ depth: Int,")
        out.append("    _ b: Floats, _ c: MutableFloats")
        out.append("  ) {")
    else:
        out.append(f"  private func tile{rows}(")
        out.append("    _ a: Floats, _ aStep: Int, _ blocks: Int, _ b: Floats,")
        out.append("    _ c: MutableFloats, _ cStep: Int, _ accumulate: Bool")
        out.append("  ) {")
    for r in range(rows):
        out.append("    " + "; ".join(f"var s{r}v{v} = Vector.zero" for v in range(vectors)))
    out.append("    var w = UnsafeRawPointer(b)")
    if planar:
        out.append("    for k in 0..<depth {")
        out.append("      let p = a + offsets[k]")
    else:
        out.append("    var p = a")
        out.append("    for _ in 0..<blocks {")
        out.append("      for k in 0..<16 {")
    pad = "      " if planar else "        "
    for v in range(vectors):
        out.append(f"{pad}let b{v} = w.load(fromByteOffset: {v * width * 4}, as: Vector.self)")
    for r in range(rows):
        if planar:
            index = "0" if r == 0 else ("step" if r == 1 else f"{r} &* step")
        else:
            index = "k" if r == 0 else f"{r * 16} &+ k"
        out.append(f"{pad}let a{r} = Vector(repeating: p[{index}])")
        for v in range(vectors):
            out.append(f"{pad}s{r}v{v} = multiplyAdd(a{r}, b{v}, s{r}v{v})")
    out.append(f"{pad}w += {vectors * width * 4}")
    if not planar:
        out.append("      }")
        out.append("      p += aStep")
    out.append("    }")

    per = 16 // width  # vectors in a block of 16 channels

    def place(r, v):
        block, part = divmod(v, per)
        offset = r * 16 + part * width
        if planar:
            return f"{(block * 16 + r * vectors * width + part * width) * 4}"
        return f"{offset * 4}" if block == 0 else f"cStep * {block * 4} + {offset * 4}"

    out.append("    let d = UnsafeMutableRawPointer(c)")
    if not planar:
        out.append("    if accumulate {")
        for r, v in cells:
            out.append(
                f"      s{r}v{v} += d.load(fromByteOffset: {place(r, v)}, as: Vector.self)")
        out.append("    }")
    for r, v in cells:
        out.append(f"    d.storeBytes(of: s{r}v{v}, toByteOffset: {place(r, v)}, as: Vector.self)")
    out.append("  }")
    return out


def dispatch(rows):
    out = []
    out.append("  /// Products of `rows` rows (16 floats apart) with one panel of weights.")
    out.append("  ///")
    out.append("  /// The channels are summed in runs of `run` blocks of 16, each from zero, and the runs")
    out.append("  /// are added up: the weights of a run stay in the nearest cache, and the rounding errors")
    out.append("  /// of a long sum shrink with the length of its pieces.")
    out.append("  func panelProduct(")
    out.append("    _ activations: Floats, _ aStep: Int, _ rows: Int, _ blocks: Int, _ runLength: Int,")
    out.append("    _ b: Floats, _ c: MutableFloats, _ cStep: Int, _ add: Bool")
    out.append("  ) {")
    out.append("    let tiles = (rows + tileRows - 1) / tileRows")
    out.append("    let low = rows / tiles")
    out.append("    let extra = rows % tiles")
    out.append("    var k = 0")
    out.append("    while k < blocks {")
    out.append("      let run = blocks - k < runLength ? blocks - k : runLength")
    out.append("      let accumulate = add || k > 0")
    out.append("      let weights = b + k * 16 * tileColumns")
    out.append("      var a = activations + k * aStep")
    out.append("      var to = c")
    out.append("      for i in 0..<tiles {")
    out.append("        let count = i < extra ? low + 1 : low")
    out.append("        switch count {")
    for r in range(1, rows + 1):
        label = f"case {r}:" if r < rows else "default:"
        out.append(f"        {label} tile{r}(a, aStep, run, weights, to, cStep, accumulate)")
    out.append("        }")
    out.append("        a += count * 16")
    out.append("        to += count * 16")
    out.append("      }")
    out.append("      k += run")
    out.append("    }")
    out.append("  }")
    return out


def planar_dispatch(rows):
    out = []
    out.append("  /// Products of `rows` pixels of planar maps (`step` floats apart) with one panel.")
    out.append("  /// Term k is found at `offsets[k]`; the sums go to rows of `tileColumns` floats.")
    out.append("  func planarProduct(")
    out.append("    _ pixels: Floats, _ step: Int, _ rows: Int, _ offsets: UnsafePointer<Int>,")
    out.append("    _ depth: Int, _ b: Floats, _ c: MutableFloats")
    out.append("  ) {")
    out.append("    var row = 0")
    out.append("    while row < rows {")
    out.append(f"      let count = rows - row < {rows} ? rows - row : {rows}")
    out.append("      let a = pixels + row * step")
    out.append("      let to = c + row * tileColumns")
    out.append("      switch count {")
    for r in range(1, rows + 1):
        label = f"case {r}:" if r < rows else "default:"
        out.append(f"      {label} planar{r}(a, step, offsets, depth, b, to)")
    out.append("      }")
    out.append("      row += count")
    out.append("    }")
    out.append("  }")
    return out


def main():
    lines = HEADER.splitlines() + [
        "",
        "typealias Floats = UnsafePointer<Float>",
        "typealias MutableFloats = UnsafeMutablePointer<Float>",
        "",
        "@inline(__always)",
        "private func multiplyAdd(_ a: Vector, _ b: Vector, _ c: Vector) -> Vector {",
        "  #if FUSED || arch(arm64)",
        "    c.addingProduct(a, b)",
        "  #else",
        "    c + a * b  // without the instruction, addingProduct is a call per lane",
        "  #endif",
        "}",
        "",
    ]
    for condition, width, rows, vectors in SHAPES:
        lines.append(condition)
        lines.append("")
        lines.append(f"  typealias Vector = SIMD{width}<Float>")
        lines.append(f"  let tileRows = {rows}")
        lines.append(f"  let tileColumns = {width * vectors}")
        lines.append("")
        for r in range(1, rows + 1):
            lines += tile(width, r, vectors, False) + [""]
        lines += dispatch(rows) + [""]
        planar = min(rows, 6)
        for r in range(1, planar + 1):
            lines += tile(width, r, vectors, True) + [""]
        lines += planar_dispatch(planar) + [""]
    lines.append("#endif")
    print("\n".join(lines))


main()
