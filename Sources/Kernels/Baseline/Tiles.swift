// Written by Tests/FastKernelsTests/TileSource.swift; do not edit.
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

import Builtin

typealias Floats = UnsafePointer<Float>
typealias MutableFloats = UnsafeMutablePointer<Float>

@inline(__always)
private func multiplyAdd(_ a: Vector, _ b: Vector, _ c: Vector) -> Vector {
  #if FUSED || arch(arm64)
    c.addingProduct(a, b)
  #else
    c + a * b  // without the instruction, addingProduct is a call per lane
  #endif
}

/// Asks for the `count` cache lines from `first` on, before they are needed.
@inline(__always)
func prefetch(_ from: Floats, _ first: Int, _ count: Int) {
  // To be read, in the nearest cache, as data.
  for line in first..<(first + count) {
    Builtin.int_prefetch_RawPointer(
      UnsafeRawPointer(from + line * 16)._rawValue, (0 as Int32)._value, (3 as Int32)._value,
      (1 as Int32)._value)
  }
}

#if TILE_14x32

  typealias Vector = SIMD16<Float>
  let tileRows = 14
  let tileColumns = 32

  private func tile1(
    _ a: Floats, _ aStep: Int, _ blocks: Int, _ b: Floats,
    _ c: MutableFloats, _ cStep: Int, _ accumulate: Bool, _ after: Floats, _ lines: Int
  ) {
    var s0v0 = Vector.zero; var s0v1 = Vector.zero
    var w = UnsafeRawPointer(b)
    var p = a
    for block in 0..<blocks {
      prefetch(p + 16, 0, 1)
      prefetch(after, block &* lines, lines)
      for k in 0..<16 {
        let b0 = w.load(fromByteOffset: 0, as: Vector.self)
        let b1 = w.load(fromByteOffset: 64, as: Vector.self)
        let a0 = Vector(repeating: p[k])
        s0v0 = multiplyAdd(a0, b0, s0v0)
        s0v1 = multiplyAdd(a0, b1, s0v1)
        w += 128
      }
      p += aStep
    }
    let d = UnsafeMutableRawPointer(c)
    if accumulate {
      s0v0 += d.load(fromByteOffset: 0, as: Vector.self)
      s0v1 += d.load(fromByteOffset: cStep * 4 + 0, as: Vector.self)
    }
    d.storeBytes(of: s0v0, toByteOffset: 0, as: Vector.self)
    d.storeBytes(of: s0v1, toByteOffset: cStep * 4 + 0, as: Vector.self)
  }

  private func tile2(
    _ a: Floats, _ aStep: Int, _ blocks: Int, _ b: Floats,
    _ c: MutableFloats, _ cStep: Int, _ accumulate: Bool, _ after: Floats, _ lines: Int
  ) {
    var s0v0 = Vector.zero; var s0v1 = Vector.zero
    var s1v0 = Vector.zero; var s1v1 = Vector.zero
    var w = UnsafeRawPointer(b)
    var p = a
    for block in 0..<blocks {
      prefetch(p + 32, 0, 2)
      prefetch(after, block &* lines, lines)
      for k in 0..<16 {
        let b0 = w.load(fromByteOffset: 0, as: Vector.self)
        let b1 = w.load(fromByteOffset: 64, as: Vector.self)
        let a0 = Vector(repeating: p[k])
        s0v0 = multiplyAdd(a0, b0, s0v0)
        s0v1 = multiplyAdd(a0, b1, s0v1)
        let a1 = Vector(repeating: p[16 &+ k])
        s1v0 = multiplyAdd(a1, b0, s1v0)
        s1v1 = multiplyAdd(a1, b1, s1v1)
        w += 128
      }
      p += aStep
    }
    let d = UnsafeMutableRawPointer(c)
    if accumulate {
      s0v0 += d.load(fromByteOffset: 0, as: Vector.self)
      s0v1 += d.load(fromByteOffset: cStep * 4 + 0, as: Vector.self)
      s1v0 += d.load(fromByteOffset: 64, as: Vector.self)
      s1v1 += d.load(fromByteOffset: cStep * 4 + 64, as: Vector.self)
    }
    d.storeBytes(of: s0v0, toByteOffset: 0, as: Vector.self)
    d.storeBytes(of: s0v1, toByteOffset: cStep * 4 + 0, as: Vector.self)
    d.storeBytes(of: s1v0, toByteOffset: 64, as: Vector.self)
    d.storeBytes(of: s1v1, toByteOffset: cStep * 4 + 64, as: Vector.self)
  }

  private func tile3(
    _ a: Floats, _ aStep: Int, _ blocks: Int, _ b: Floats,
    _ c: MutableFloats, _ cStep: Int, _ accumulate: Bool, _ after: Floats, _ lines: Int
  ) {
    var s0v0 = Vector.zero; var s0v1 = Vector.zero
    var s1v0 = Vector.zero; var s1v1 = Vector.zero
    var s2v0 = Vector.zero; var s2v1 = Vector.zero
    var w = UnsafeRawPointer(b)
    var p = a
    for block in 0..<blocks {
      prefetch(p + 48, 0, 3)
      prefetch(after, block &* lines, lines)
      for k in 0..<16 {
        let b0 = w.load(fromByteOffset: 0, as: Vector.self)
        let b1 = w.load(fromByteOffset: 64, as: Vector.self)
        let a0 = Vector(repeating: p[k])
        s0v0 = multiplyAdd(a0, b0, s0v0)
        s0v1 = multiplyAdd(a0, b1, s0v1)
        let a1 = Vector(repeating: p[16 &+ k])
        s1v0 = multiplyAdd(a1, b0, s1v0)
        s1v1 = multiplyAdd(a1, b1, s1v1)
        let a2 = Vector(repeating: p[32 &+ k])
        s2v0 = multiplyAdd(a2, b0, s2v0)
        s2v1 = multiplyAdd(a2, b1, s2v1)
        w += 128
      }
      p += aStep
    }
    let d = UnsafeMutableRawPointer(c)
    if accumulate {
      s0v0 += d.load(fromByteOffset: 0, as: Vector.self)
      s0v1 += d.load(fromByteOffset: cStep * 4 + 0, as: Vector.self)
      s1v0 += d.load(fromByteOffset: 64, as: Vector.self)
      s1v1 += d.load(fromByteOffset: cStep * 4 + 64, as: Vector.self)
      s2v0 += d.load(fromByteOffset: 128, as: Vector.self)
      s2v1 += d.load(fromByteOffset: cStep * 4 + 128, as: Vector.self)
    }
    d.storeBytes(of: s0v0, toByteOffset: 0, as: Vector.self)
    d.storeBytes(of: s0v1, toByteOffset: cStep * 4 + 0, as: Vector.self)
    d.storeBytes(of: s1v0, toByteOffset: 64, as: Vector.self)
    d.storeBytes(of: s1v1, toByteOffset: cStep * 4 + 64, as: Vector.self)
    d.storeBytes(of: s2v0, toByteOffset: 128, as: Vector.self)
    d.storeBytes(of: s2v1, toByteOffset: cStep * 4 + 128, as: Vector.self)
  }

  private func tile4(
    _ a: Floats, _ aStep: Int, _ blocks: Int, _ b: Floats,
    _ c: MutableFloats, _ cStep: Int, _ accumulate: Bool, _ after: Floats, _ lines: Int
  ) {
    var s0v0 = Vector.zero; var s0v1 = Vector.zero
    var s1v0 = Vector.zero; var s1v1 = Vector.zero
    var s2v0 = Vector.zero; var s2v1 = Vector.zero
    var s3v0 = Vector.zero; var s3v1 = Vector.zero
    var w = UnsafeRawPointer(b)
    var p = a
    for block in 0..<blocks {
      prefetch(p + 64, 0, 4)
      prefetch(after, block &* lines, lines)
      for k in 0..<16 {
        let b0 = w.load(fromByteOffset: 0, as: Vector.self)
        let b1 = w.load(fromByteOffset: 64, as: Vector.self)
        let a0 = Vector(repeating: p[k])
        s0v0 = multiplyAdd(a0, b0, s0v0)
        s0v1 = multiplyAdd(a0, b1, s0v1)
        let a1 = Vector(repeating: p[16 &+ k])
        s1v0 = multiplyAdd(a1, b0, s1v0)
        s1v1 = multiplyAdd(a1, b1, s1v1)
        let a2 = Vector(repeating: p[32 &+ k])
        s2v0 = multiplyAdd(a2, b0, s2v0)
        s2v1 = multiplyAdd(a2, b1, s2v1)
        let a3 = Vector(repeating: p[48 &+ k])
        s3v0 = multiplyAdd(a3, b0, s3v0)
        s3v1 = multiplyAdd(a3, b1, s3v1)
        w += 128
      }
      p += aStep
    }
    let d = UnsafeMutableRawPointer(c)
    if accumulate {
      s0v0 += d.load(fromByteOffset: 0, as: Vector.self)
      s0v1 += d.load(fromByteOffset: cStep * 4 + 0, as: Vector.self)
      s1v0 += d.load(fromByteOffset: 64, as: Vector.self)
      s1v1 += d.load(fromByteOffset: cStep * 4 + 64, as: Vector.self)
      s2v0 += d.load(fromByteOffset: 128, as: Vector.self)
      s2v1 += d.load(fromByteOffset: cStep * 4 + 128, as: Vector.self)
      s3v0 += d.load(fromByteOffset: 192, as: Vector.self)
      s3v1 += d.load(fromByteOffset: cStep * 4 + 192, as: Vector.self)
    }
    d.storeBytes(of: s0v0, toByteOffset: 0, as: Vector.self)
    d.storeBytes(of: s0v1, toByteOffset: cStep * 4 + 0, as: Vector.self)
    d.storeBytes(of: s1v0, toByteOffset: 64, as: Vector.self)
    d.storeBytes(of: s1v1, toByteOffset: cStep * 4 + 64, as: Vector.self)
    d.storeBytes(of: s2v0, toByteOffset: 128, as: Vector.self)
    d.storeBytes(of: s2v1, toByteOffset: cStep * 4 + 128, as: Vector.self)
    d.storeBytes(of: s3v0, toByteOffset: 192, as: Vector.self)
    d.storeBytes(of: s3v1, toByteOffset: cStep * 4 + 192, as: Vector.self)
  }

  private func tile5(
    _ a: Floats, _ aStep: Int, _ blocks: Int, _ b: Floats,
    _ c: MutableFloats, _ cStep: Int, _ accumulate: Bool, _ after: Floats, _ lines: Int
  ) {
    var s0v0 = Vector.zero; var s0v1 = Vector.zero
    var s1v0 = Vector.zero; var s1v1 = Vector.zero
    var s2v0 = Vector.zero; var s2v1 = Vector.zero
    var s3v0 = Vector.zero; var s3v1 = Vector.zero
    var s4v0 = Vector.zero; var s4v1 = Vector.zero
    var w = UnsafeRawPointer(b)
    var p = a
    for block in 0..<blocks {
      prefetch(p + 80, 0, 5)
      prefetch(after, block &* lines, lines)
      for k in 0..<16 {
        let b0 = w.load(fromByteOffset: 0, as: Vector.self)
        let b1 = w.load(fromByteOffset: 64, as: Vector.self)
        let a0 = Vector(repeating: p[k])
        s0v0 = multiplyAdd(a0, b0, s0v0)
        s0v1 = multiplyAdd(a0, b1, s0v1)
        let a1 = Vector(repeating: p[16 &+ k])
        s1v0 = multiplyAdd(a1, b0, s1v0)
        s1v1 = multiplyAdd(a1, b1, s1v1)
        let a2 = Vector(repeating: p[32 &+ k])
        s2v0 = multiplyAdd(a2, b0, s2v0)
        s2v1 = multiplyAdd(a2, b1, s2v1)
        let a3 = Vector(repeating: p[48 &+ k])
        s3v0 = multiplyAdd(a3, b0, s3v0)
        s3v1 = multiplyAdd(a3, b1, s3v1)
        let a4 = Vector(repeating: p[64 &+ k])
        s4v0 = multiplyAdd(a4, b0, s4v0)
        s4v1 = multiplyAdd(a4, b1, s4v1)
        w += 128
      }
      p += aStep
    }
    let d = UnsafeMutableRawPointer(c)
    if accumulate {
      s0v0 += d.load(fromByteOffset: 0, as: Vector.self)
      s0v1 += d.load(fromByteOffset: cStep * 4 + 0, as: Vector.self)
      s1v0 += d.load(fromByteOffset: 64, as: Vector.self)
      s1v1 += d.load(fromByteOffset: cStep * 4 + 64, as: Vector.self)
      s2v0 += d.load(fromByteOffset: 128, as: Vector.self)
      s2v1 += d.load(fromByteOffset: cStep * 4 + 128, as: Vector.self)
      s3v0 += d.load(fromByteOffset: 192, as: Vector.self)
      s3v1 += d.load(fromByteOffset: cStep * 4 + 192, as: Vector.self)
      s4v0 += d.load(fromByteOffset: 256, as: Vector.self)
      s4v1 += d.load(fromByteOffset: cStep * 4 + 256, as: Vector.self)
    }
    d.storeBytes(of: s0v0, toByteOffset: 0, as: Vector.self)
    d.storeBytes(of: s0v1, toByteOffset: cStep * 4 + 0, as: Vector.self)
    d.storeBytes(of: s1v0, toByteOffset: 64, as: Vector.self)
    d.storeBytes(of: s1v1, toByteOffset: cStep * 4 + 64, as: Vector.self)
    d.storeBytes(of: s2v0, toByteOffset: 128, as: Vector.self)
    d.storeBytes(of: s2v1, toByteOffset: cStep * 4 + 128, as: Vector.self)
    d.storeBytes(of: s3v0, toByteOffset: 192, as: Vector.self)
    d.storeBytes(of: s3v1, toByteOffset: cStep * 4 + 192, as: Vector.self)
    d.storeBytes(of: s4v0, toByteOffset: 256, as: Vector.self)
    d.storeBytes(of: s4v1, toByteOffset: cStep * 4 + 256, as: Vector.self)
  }

  private func tile6(
    _ a: Floats, _ aStep: Int, _ blocks: Int, _ b: Floats,
    _ c: MutableFloats, _ cStep: Int, _ accumulate: Bool, _ after: Floats, _ lines: Int
  ) {
    var s0v0 = Vector.zero; var s0v1 = Vector.zero
    var s1v0 = Vector.zero; var s1v1 = Vector.zero
    var s2v0 = Vector.zero; var s2v1 = Vector.zero
    var s3v0 = Vector.zero; var s3v1 = Vector.zero
    var s4v0 = Vector.zero; var s4v1 = Vector.zero
    var s5v0 = Vector.zero; var s5v1 = Vector.zero
    var w = UnsafeRawPointer(b)
    var p = a
    for block in 0..<blocks {
      prefetch(p + 96, 0, 6)
      prefetch(after, block &* lines, lines)
      for k in 0..<16 {
        let b0 = w.load(fromByteOffset: 0, as: Vector.self)
        let b1 = w.load(fromByteOffset: 64, as: Vector.self)
        let a0 = Vector(repeating: p[k])
        s0v0 = multiplyAdd(a0, b0, s0v0)
        s0v1 = multiplyAdd(a0, b1, s0v1)
        let a1 = Vector(repeating: p[16 &+ k])
        s1v0 = multiplyAdd(a1, b0, s1v0)
        s1v1 = multiplyAdd(a1, b1, s1v1)
        let a2 = Vector(repeating: p[32 &+ k])
        s2v0 = multiplyAdd(a2, b0, s2v0)
        s2v1 = multiplyAdd(a2, b1, s2v1)
        let a3 = Vector(repeating: p[48 &+ k])
        s3v0 = multiplyAdd(a3, b0, s3v0)
        s3v1 = multiplyAdd(a3, b1, s3v1)
        let a4 = Vector(repeating: p[64 &+ k])
        s4v0 = multiplyAdd(a4, b0, s4v0)
        s4v1 = multiplyAdd(a4, b1, s4v1)
        let a5 = Vector(repeating: p[80 &+ k])
        s5v0 = multiplyAdd(a5, b0, s5v0)
        s5v1 = multiplyAdd(a5, b1, s5v1)
        w += 128
      }
      p += aStep
    }
    let d = UnsafeMutableRawPointer(c)
    if accumulate {
      s0v0 += d.load(fromByteOffset: 0, as: Vector.self)
      s0v1 += d.load(fromByteOffset: cStep * 4 + 0, as: Vector.self)
      s1v0 += d.load(fromByteOffset: 64, as: Vector.self)
      s1v1 += d.load(fromByteOffset: cStep * 4 + 64, as: Vector.self)
      s2v0 += d.load(fromByteOffset: 128, as: Vector.self)
      s2v1 += d.load(fromByteOffset: cStep * 4 + 128, as: Vector.self)
      s3v0 += d.load(fromByteOffset: 192, as: Vector.self)
      s3v1 += d.load(fromByteOffset: cStep * 4 + 192, as: Vector.self)
      s4v0 += d.load(fromByteOffset: 256, as: Vector.self)
      s4v1 += d.load(fromByteOffset: cStep * 4 + 256, as: Vector.self)
      s5v0 += d.load(fromByteOffset: 320, as: Vector.self)
      s5v1 += d.load(fromByteOffset: cStep * 4 + 320, as: Vector.self)
    }
    d.storeBytes(of: s0v0, toByteOffset: 0, as: Vector.self)
    d.storeBytes(of: s0v1, toByteOffset: cStep * 4 + 0, as: Vector.self)
    d.storeBytes(of: s1v0, toByteOffset: 64, as: Vector.self)
    d.storeBytes(of: s1v1, toByteOffset: cStep * 4 + 64, as: Vector.self)
    d.storeBytes(of: s2v0, toByteOffset: 128, as: Vector.self)
    d.storeBytes(of: s2v1, toByteOffset: cStep * 4 + 128, as: Vector.self)
    d.storeBytes(of: s3v0, toByteOffset: 192, as: Vector.self)
    d.storeBytes(of: s3v1, toByteOffset: cStep * 4 + 192, as: Vector.self)
    d.storeBytes(of: s4v0, toByteOffset: 256, as: Vector.self)
    d.storeBytes(of: s4v1, toByteOffset: cStep * 4 + 256, as: Vector.self)
    d.storeBytes(of: s5v0, toByteOffset: 320, as: Vector.self)
    d.storeBytes(of: s5v1, toByteOffset: cStep * 4 + 320, as: Vector.self)
  }

  private func tile7(
    _ a: Floats, _ aStep: Int, _ blocks: Int, _ b: Floats,
    _ c: MutableFloats, _ cStep: Int, _ accumulate: Bool, _ after: Floats, _ lines: Int
  ) {
    var s0v0 = Vector.zero; var s0v1 = Vector.zero
    var s1v0 = Vector.zero; var s1v1 = Vector.zero
    var s2v0 = Vector.zero; var s2v1 = Vector.zero
    var s3v0 = Vector.zero; var s3v1 = Vector.zero
    var s4v0 = Vector.zero; var s4v1 = Vector.zero
    var s5v0 = Vector.zero; var s5v1 = Vector.zero
    var s6v0 = Vector.zero; var s6v1 = Vector.zero
    var w = UnsafeRawPointer(b)
    var p = a
    for block in 0..<blocks {
      prefetch(p + 112, 0, 7)
      prefetch(after, block &* lines, lines)
      for k in 0..<16 {
        let b0 = w.load(fromByteOffset: 0, as: Vector.self)
        let b1 = w.load(fromByteOffset: 64, as: Vector.self)
        let a0 = Vector(repeating: p[k])
        s0v0 = multiplyAdd(a0, b0, s0v0)
        s0v1 = multiplyAdd(a0, b1, s0v1)
        let a1 = Vector(repeating: p[16 &+ k])
        s1v0 = multiplyAdd(a1, b0, s1v0)
        s1v1 = multiplyAdd(a1, b1, s1v1)
        let a2 = Vector(repeating: p[32 &+ k])
        s2v0 = multiplyAdd(a2, b0, s2v0)
        s2v1 = multiplyAdd(a2, b1, s2v1)
        let a3 = Vector(repeating: p[48 &+ k])
        s3v0 = multiplyAdd(a3, b0, s3v0)
        s3v1 = multiplyAdd(a3, b1, s3v1)
        let a4 = Vector(repeating: p[64 &+ k])
        s4v0 = multiplyAdd(a4, b0, s4v0)
        s4v1 = multiplyAdd(a4, b1, s4v1)
        let a5 = Vector(repeating: p[80 &+ k])
        s5v0 = multiplyAdd(a5, b0, s5v0)
        s5v1 = multiplyAdd(a5, b1, s5v1)
        let a6 = Vector(repeating: p[96 &+ k])
        s6v0 = multiplyAdd(a6, b0, s6v0)
        s6v1 = multiplyAdd(a6, b1, s6v1)
        w += 128
      }
      p += aStep
    }
    let d = UnsafeMutableRawPointer(c)
    if accumulate {
      s0v0 += d.load(fromByteOffset: 0, as: Vector.self)
      s0v1 += d.load(fromByteOffset: cStep * 4 + 0, as: Vector.self)
      s1v0 += d.load(fromByteOffset: 64, as: Vector.self)
      s1v1 += d.load(fromByteOffset: cStep * 4 + 64, as: Vector.self)
      s2v0 += d.load(fromByteOffset: 128, as: Vector.self)
      s2v1 += d.load(fromByteOffset: cStep * 4 + 128, as: Vector.self)
      s3v0 += d.load(fromByteOffset: 192, as: Vector.self)
      s3v1 += d.load(fromByteOffset: cStep * 4 + 192, as: Vector.self)
      s4v0 += d.load(fromByteOffset: 256, as: Vector.self)
      s4v1 += d.load(fromByteOffset: cStep * 4 + 256, as: Vector.self)
      s5v0 += d.load(fromByteOffset: 320, as: Vector.self)
      s5v1 += d.load(fromByteOffset: cStep * 4 + 320, as: Vector.self)
      s6v0 += d.load(fromByteOffset: 384, as: Vector.self)
      s6v1 += d.load(fromByteOffset: cStep * 4 + 384, as: Vector.self)
    }
    d.storeBytes(of: s0v0, toByteOffset: 0, as: Vector.self)
    d.storeBytes(of: s0v1, toByteOffset: cStep * 4 + 0, as: Vector.self)
    d.storeBytes(of: s1v0, toByteOffset: 64, as: Vector.self)
    d.storeBytes(of: s1v1, toByteOffset: cStep * 4 + 64, as: Vector.self)
    d.storeBytes(of: s2v0, toByteOffset: 128, as: Vector.self)
    d.storeBytes(of: s2v1, toByteOffset: cStep * 4 + 128, as: Vector.self)
    d.storeBytes(of: s3v0, toByteOffset: 192, as: Vector.self)
    d.storeBytes(of: s3v1, toByteOffset: cStep * 4 + 192, as: Vector.self)
    d.storeBytes(of: s4v0, toByteOffset: 256, as: Vector.self)
    d.storeBytes(of: s4v1, toByteOffset: cStep * 4 + 256, as: Vector.self)
    d.storeBytes(of: s5v0, toByteOffset: 320, as: Vector.self)
    d.storeBytes(of: s5v1, toByteOffset: cStep * 4 + 320, as: Vector.self)
    d.storeBytes(of: s6v0, toByteOffset: 384, as: Vector.self)
    d.storeBytes(of: s6v1, toByteOffset: cStep * 4 + 384, as: Vector.self)
  }

  private func tile8(
    _ a: Floats, _ aStep: Int, _ blocks: Int, _ b: Floats,
    _ c: MutableFloats, _ cStep: Int, _ accumulate: Bool, _ after: Floats, _ lines: Int
  ) {
    var s0v0 = Vector.zero; var s0v1 = Vector.zero
    var s1v0 = Vector.zero; var s1v1 = Vector.zero
    var s2v0 = Vector.zero; var s2v1 = Vector.zero
    var s3v0 = Vector.zero; var s3v1 = Vector.zero
    var s4v0 = Vector.zero; var s4v1 = Vector.zero
    var s5v0 = Vector.zero; var s5v1 = Vector.zero
    var s6v0 = Vector.zero; var s6v1 = Vector.zero
    var s7v0 = Vector.zero; var s7v1 = Vector.zero
    var w = UnsafeRawPointer(b)
    var p = a
    for block in 0..<blocks {
      prefetch(p + 128, 0, 8)
      prefetch(after, block &* lines, lines)
      for k in 0..<16 {
        let b0 = w.load(fromByteOffset: 0, as: Vector.self)
        let b1 = w.load(fromByteOffset: 64, as: Vector.self)
        let a0 = Vector(repeating: p[k])
        s0v0 = multiplyAdd(a0, b0, s0v0)
        s0v1 = multiplyAdd(a0, b1, s0v1)
        let a1 = Vector(repeating: p[16 &+ k])
        s1v0 = multiplyAdd(a1, b0, s1v0)
        s1v1 = multiplyAdd(a1, b1, s1v1)
        let a2 = Vector(repeating: p[32 &+ k])
        s2v0 = multiplyAdd(a2, b0, s2v0)
        s2v1 = multiplyAdd(a2, b1, s2v1)
        let a3 = Vector(repeating: p[48 &+ k])
        s3v0 = multiplyAdd(a3, b0, s3v0)
        s3v1 = multiplyAdd(a3, b1, s3v1)
        let a4 = Vector(repeating: p[64 &+ k])
        s4v0 = multiplyAdd(a4, b0, s4v0)
        s4v1 = multiplyAdd(a4, b1, s4v1)
        let a5 = Vector(repeating: p[80 &+ k])
        s5v0 = multiplyAdd(a5, b0, s5v0)
        s5v1 = multiplyAdd(a5, b1, s5v1)
        let a6 = Vector(repeating: p[96 &+ k])
        s6v0 = multiplyAdd(a6, b0, s6v0)
        s6v1 = multiplyAdd(a6, b1, s6v1)
        let a7 = Vector(repeating: p[112 &+ k])
        s7v0 = multiplyAdd(a7, b0, s7v0)
        s7v1 = multiplyAdd(a7, b1, s7v1)
        w += 128
      }
      p += aStep
    }
    let d = UnsafeMutableRawPointer(c)
    if accumulate {
      s0v0 += d.load(fromByteOffset: 0, as: Vector.self)
      s0v1 += d.load(fromByteOffset: cStep * 4 + 0, as: Vector.self)
      s1v0 += d.load(fromByteOffset: 64, as: Vector.self)
      s1v1 += d.load(fromByteOffset: cStep * 4 + 64, as: Vector.self)
      s2v0 += d.load(fromByteOffset: 128, as: Vector.self)
      s2v1 += d.load(fromByteOffset: cStep * 4 + 128, as: Vector.self)
      s3v0 += d.load(fromByteOffset: 192, as: Vector.self)
      s3v1 += d.load(fromByteOffset: cStep * 4 + 192, as: Vector.self)
      s4v0 += d.load(fromByteOffset: 256, as: Vector.self)
      s4v1 += d.load(fromByteOffset: cStep * 4 + 256, as: Vector.self)
      s5v0 += d.load(fromByteOffset: 320, as: Vector.self)
      s5v1 += d.load(fromByteOffset: cStep * 4 + 320, as: Vector.self)
      s6v0 += d.load(fromByteOffset: 384, as: Vector.self)
      s6v1 += d.load(fromByteOffset: cStep * 4 + 384, as: Vector.self)
      s7v0 += d.load(fromByteOffset: 448, as: Vector.self)
      s7v1 += d.load(fromByteOffset: cStep * 4 + 448, as: Vector.self)
    }
    d.storeBytes(of: s0v0, toByteOffset: 0, as: Vector.self)
    d.storeBytes(of: s0v1, toByteOffset: cStep * 4 + 0, as: Vector.self)
    d.storeBytes(of: s1v0, toByteOffset: 64, as: Vector.self)
    d.storeBytes(of: s1v1, toByteOffset: cStep * 4 + 64, as: Vector.self)
    d.storeBytes(of: s2v0, toByteOffset: 128, as: Vector.self)
    d.storeBytes(of: s2v1, toByteOffset: cStep * 4 + 128, as: Vector.self)
    d.storeBytes(of: s3v0, toByteOffset: 192, as: Vector.self)
    d.storeBytes(of: s3v1, toByteOffset: cStep * 4 + 192, as: Vector.self)
    d.storeBytes(of: s4v0, toByteOffset: 256, as: Vector.self)
    d.storeBytes(of: s4v1, toByteOffset: cStep * 4 + 256, as: Vector.self)
    d.storeBytes(of: s5v0, toByteOffset: 320, as: Vector.self)
    d.storeBytes(of: s5v1, toByteOffset: cStep * 4 + 320, as: Vector.self)
    d.storeBytes(of: s6v0, toByteOffset: 384, as: Vector.self)
    d.storeBytes(of: s6v1, toByteOffset: cStep * 4 + 384, as: Vector.self)
    d.storeBytes(of: s7v0, toByteOffset: 448, as: Vector.self)
    d.storeBytes(of: s7v1, toByteOffset: cStep * 4 + 448, as: Vector.self)
  }

  private func tile9(
    _ a: Floats, _ aStep: Int, _ blocks: Int, _ b: Floats,
    _ c: MutableFloats, _ cStep: Int, _ accumulate: Bool, _ after: Floats, _ lines: Int
  ) {
    var s0v0 = Vector.zero; var s0v1 = Vector.zero
    var s1v0 = Vector.zero; var s1v1 = Vector.zero
    var s2v0 = Vector.zero; var s2v1 = Vector.zero
    var s3v0 = Vector.zero; var s3v1 = Vector.zero
    var s4v0 = Vector.zero; var s4v1 = Vector.zero
    var s5v0 = Vector.zero; var s5v1 = Vector.zero
    var s6v0 = Vector.zero; var s6v1 = Vector.zero
    var s7v0 = Vector.zero; var s7v1 = Vector.zero
    var s8v0 = Vector.zero; var s8v1 = Vector.zero
    var w = UnsafeRawPointer(b)
    var p = a
    for block in 0..<blocks {
      prefetch(p + 144, 0, 9)
      prefetch(after, block &* lines, lines)
      for k in 0..<16 {
        let b0 = w.load(fromByteOffset: 0, as: Vector.self)
        let b1 = w.load(fromByteOffset: 64, as: Vector.self)
        let a0 = Vector(repeating: p[k])
        s0v0 = multiplyAdd(a0, b0, s0v0)
        s0v1 = multiplyAdd(a0, b1, s0v1)
        let a1 = Vector(repeating: p[16 &+ k])
        s1v0 = multiplyAdd(a1, b0, s1v0)
        s1v1 = multiplyAdd(a1, b1, s1v1)
        let a2 = Vector(repeating: p[32 &+ k])
        s2v0 = multiplyAdd(a2, b0, s2v0)
        s2v1 = multiplyAdd(a2, b1, s2v1)
        let a3 = Vector(repeating: p[48 &+ k])
        s3v0 = multiplyAdd(a3, b0, s3v0)
        s3v1 = multiplyAdd(a3, b1, s3v1)
        let a4 = Vector(repeating: p[64 &+ k])
        s4v0 = multiplyAdd(a4, b0, s4v0)
        s4v1 = multiplyAdd(a4, b1, s4v1)
        let a5 = Vector(repeating: p[80 &+ k])
        s5v0 = multiplyAdd(a5, b0, s5v0)
        s5v1 = multiplyAdd(a5, b1, s5v1)
        let a6 = Vector(repeating: p[96 &+ k])
        s6v0 = multiplyAdd(a6, b0, s6v0)
        s6v1 = multiplyAdd(a6, b1, s6v1)
        let a7 = Vector(repeating: p[112 &+ k])
        s7v0 = multiplyAdd(a7, b0, s7v0)
        s7v1 = multiplyAdd(a7, b1, s7v1)
        let a8 = Vector(repeating: p[128 &+ k])
        s8v0 = multiplyAdd(a8, b0, s8v0)
        s8v1 = multiplyAdd(a8, b1, s8v1)
        w += 128
      }
      p += aStep
    }
    let d = UnsafeMutableRawPointer(c)
    if accumulate {
      s0v0 += d.load(fromByteOffset: 0, as: Vector.self)
      s0v1 += d.load(fromByteOffset: cStep * 4 + 0, as: Vector.self)
      s1v0 += d.load(fromByteOffset: 64, as: Vector.self)
      s1v1 += d.load(fromByteOffset: cStep * 4 + 64, as: Vector.self)
      s2v0 += d.load(fromByteOffset: 128, as: Vector.self)
      s2v1 += d.load(fromByteOffset: cStep * 4 + 128, as: Vector.self)
      s3v0 += d.load(fromByteOffset: 192, as: Vector.self)
      s3v1 += d.load(fromByteOffset: cStep * 4 + 192, as: Vector.self)
      s4v0 += d.load(fromByteOffset: 256, as: Vector.self)
      s4v1 += d.load(fromByteOffset: cStep * 4 + 256, as: Vector.self)
      s5v0 += d.load(fromByteOffset: 320, as: Vector.self)
      s5v1 += d.load(fromByteOffset: cStep * 4 + 320, as: Vector.self)
      s6v0 += d.load(fromByteOffset: 384, as: Vector.self)
      s6v1 += d.load(fromByteOffset: cStep * 4 + 384, as: Vector.self)
      s7v0 += d.load(fromByteOffset: 448, as: Vector.self)
      s7v1 += d.load(fromByteOffset: cStep * 4 + 448, as: Vector.self)
      s8v0 += d.load(fromByteOffset: 512, as: Vector.self)
      s8v1 += d.load(fromByteOffset: cStep * 4 + 512, as: Vector.self)
    }
    d.storeBytes(of: s0v0, toByteOffset: 0, as: Vector.self)
    d.storeBytes(of: s0v1, toByteOffset: cStep * 4 + 0, as: Vector.self)
    d.storeBytes(of: s1v0, toByteOffset: 64, as: Vector.self)
    d.storeBytes(of: s1v1, toByteOffset: cStep * 4 + 64, as: Vector.self)
    d.storeBytes(of: s2v0, toByteOffset: 128, as: Vector.self)
    d.storeBytes(of: s2v1, toByteOffset: cStep * 4 + 128, as: Vector.self)
    d.storeBytes(of: s3v0, toByteOffset: 192, as: Vector.self)
    d.storeBytes(of: s3v1, toByteOffset: cStep * 4 + 192, as: Vector.self)
    d.storeBytes(of: s4v0, toByteOffset: 256, as: Vector.self)
    d.storeBytes(of: s4v1, toByteOffset: cStep * 4 + 256, as: Vector.self)
    d.storeBytes(of: s5v0, toByteOffset: 320, as: Vector.self)
    d.storeBytes(of: s5v1, toByteOffset: cStep * 4 + 320, as: Vector.self)
    d.storeBytes(of: s6v0, toByteOffset: 384, as: Vector.self)
    d.storeBytes(of: s6v1, toByteOffset: cStep * 4 + 384, as: Vector.self)
    d.storeBytes(of: s7v0, toByteOffset: 448, as: Vector.self)
    d.storeBytes(of: s7v1, toByteOffset: cStep * 4 + 448, as: Vector.self)
    d.storeBytes(of: s8v0, toByteOffset: 512, as: Vector.self)
    d.storeBytes(of: s8v1, toByteOffset: cStep * 4 + 512, as: Vector.self)
  }

  private func tile10(
    _ a: Floats, _ aStep: Int, _ blocks: Int, _ b: Floats,
    _ c: MutableFloats, _ cStep: Int, _ accumulate: Bool, _ after: Floats, _ lines: Int
  ) {
    var s0v0 = Vector.zero; var s0v1 = Vector.zero
    var s1v0 = Vector.zero; var s1v1 = Vector.zero
    var s2v0 = Vector.zero; var s2v1 = Vector.zero
    var s3v0 = Vector.zero; var s3v1 = Vector.zero
    var s4v0 = Vector.zero; var s4v1 = Vector.zero
    var s5v0 = Vector.zero; var s5v1 = Vector.zero
    var s6v0 = Vector.zero; var s6v1 = Vector.zero
    var s7v0 = Vector.zero; var s7v1 = Vector.zero
    var s8v0 = Vector.zero; var s8v1 = Vector.zero
    var s9v0 = Vector.zero; var s9v1 = Vector.zero
    var w = UnsafeRawPointer(b)
    var p = a
    for block in 0..<blocks {
      prefetch(p + 160, 0, 10)
      prefetch(after, block &* lines, lines)
      for k in 0..<16 {
        let b0 = w.load(fromByteOffset: 0, as: Vector.self)
        let b1 = w.load(fromByteOffset: 64, as: Vector.self)
        let a0 = Vector(repeating: p[k])
        s0v0 = multiplyAdd(a0, b0, s0v0)
        s0v1 = multiplyAdd(a0, b1, s0v1)
        let a1 = Vector(repeating: p[16 &+ k])
        s1v0 = multiplyAdd(a1, b0, s1v0)
        s1v1 = multiplyAdd(a1, b1, s1v1)
        let a2 = Vector(repeating: p[32 &+ k])
        s2v0 = multiplyAdd(a2, b0, s2v0)
        s2v1 = multiplyAdd(a2, b1, s2v1)
        let a3 = Vector(repeating: p[48 &+ k])
        s3v0 = multiplyAdd(a3, b0, s3v0)
        s3v1 = multiplyAdd(a3, b1, s3v1)
        let a4 = Vector(repeating: p[64 &+ k])
        s4v0 = multiplyAdd(a4, b0, s4v0)
        s4v1 = multiplyAdd(a4, b1, s4v1)
        let a5 = Vector(repeating: p[80 &+ k])
        s5v0 = multiplyAdd(a5, b0, s5v0)
        s5v1 = multiplyAdd(a5, b1, s5v1)
        let a6 = Vector(repeating: p[96 &+ k])
        s6v0 = multiplyAdd(a6, b0, s6v0)
        s6v1 = multiplyAdd(a6, b1, s6v1)
        let a7 = Vector(repeating: p[112 &+ k])
        s7v0 = multiplyAdd(a7, b0, s7v0)
        s7v1 = multiplyAdd(a7, b1, s7v1)
        let a8 = Vector(repeating: p[128 &+ k])
        s8v0 = multiplyAdd(a8, b0, s8v0)
        s8v1 = multiplyAdd(a8, b1, s8v1)
        let a9 = Vector(repeating: p[144 &+ k])
        s9v0 = multiplyAdd(a9, b0, s9v0)
        s9v1 = multiplyAdd(a9, b1, s9v1)
        w += 128
      }
      p += aStep
    }
    let d = UnsafeMutableRawPointer(c)
    if accumulate {
      s0v0 += d.load(fromByteOffset: 0, as: Vector.self)
      s0v1 += d.load(fromByteOffset: cStep * 4 + 0, as: Vector.self)
      s1v0 += d.load(fromByteOffset: 64, as: Vector.self)
      s1v1 += d.load(fromByteOffset: cStep * 4 + 64, as: Vector.self)
      s2v0 += d.load(fromByteOffset: 128, as: Vector.self)
      s2v1 += d.load(fromByteOffset: cStep * 4 + 128, as: Vector.self)
      s3v0 += d.load(fromByteOffset: 192, as: Vector.self)
      s3v1 += d.load(fromByteOffset: cStep * 4 + 192, as: Vector.self)
      s4v0 += d.load(fromByteOffset: 256, as: Vector.self)
      s4v1 += d.load(fromByteOffset: cStep * 4 + 256, as: Vector.self)
      s5v0 += d.load(fromByteOffset: 320, as: Vector.self)
      s5v1 += d.load(fromByteOffset: cStep * 4 + 320, as: Vector.self)
      s6v0 += d.load(fromByteOffset: 384, as: Vector.self)
      s6v1 += d.load(fromByteOffset: cStep * 4 + 384, as: Vector.self)
      s7v0 += d.load(fromByteOffset: 448, as: Vector.self)
      s7v1 += d.load(fromByteOffset: cStep * 4 + 448, as: Vector.self)
      s8v0 += d.load(fromByteOffset: 512, as: Vector.self)
      s8v1 += d.load(fromByteOffset: cStep * 4 + 512, as: Vector.self)
      s9v0 += d.load(fromByteOffset: 576, as: Vector.self)
      s9v1 += d.load(fromByteOffset: cStep * 4 + 576, as: Vector.self)
    }
    d.storeBytes(of: s0v0, toByteOffset: 0, as: Vector.self)
    d.storeBytes(of: s0v1, toByteOffset: cStep * 4 + 0, as: Vector.self)
    d.storeBytes(of: s1v0, toByteOffset: 64, as: Vector.self)
    d.storeBytes(of: s1v1, toByteOffset: cStep * 4 + 64, as: Vector.self)
    d.storeBytes(of: s2v0, toByteOffset: 128, as: Vector.self)
    d.storeBytes(of: s2v1, toByteOffset: cStep * 4 + 128, as: Vector.self)
    d.storeBytes(of: s3v0, toByteOffset: 192, as: Vector.self)
    d.storeBytes(of: s3v1, toByteOffset: cStep * 4 + 192, as: Vector.self)
    d.storeBytes(of: s4v0, toByteOffset: 256, as: Vector.self)
    d.storeBytes(of: s4v1, toByteOffset: cStep * 4 + 256, as: Vector.self)
    d.storeBytes(of: s5v0, toByteOffset: 320, as: Vector.self)
    d.storeBytes(of: s5v1, toByteOffset: cStep * 4 + 320, as: Vector.self)
    d.storeBytes(of: s6v0, toByteOffset: 384, as: Vector.self)
    d.storeBytes(of: s6v1, toByteOffset: cStep * 4 + 384, as: Vector.self)
    d.storeBytes(of: s7v0, toByteOffset: 448, as: Vector.self)
    d.storeBytes(of: s7v1, toByteOffset: cStep * 4 + 448, as: Vector.self)
    d.storeBytes(of: s8v0, toByteOffset: 512, as: Vector.self)
    d.storeBytes(of: s8v1, toByteOffset: cStep * 4 + 512, as: Vector.self)
    d.storeBytes(of: s9v0, toByteOffset: 576, as: Vector.self)
    d.storeBytes(of: s9v1, toByteOffset: cStep * 4 + 576, as: Vector.self)
  }

  private func tile11(
    _ a: Floats, _ aStep: Int, _ blocks: Int, _ b: Floats,
    _ c: MutableFloats, _ cStep: Int, _ accumulate: Bool, _ after: Floats, _ lines: Int
  ) {
    var s0v0 = Vector.zero; var s0v1 = Vector.zero
    var s1v0 = Vector.zero; var s1v1 = Vector.zero
    var s2v0 = Vector.zero; var s2v1 = Vector.zero
    var s3v0 = Vector.zero; var s3v1 = Vector.zero
    var s4v0 = Vector.zero; var s4v1 = Vector.zero
    var s5v0 = Vector.zero; var s5v1 = Vector.zero
    var s6v0 = Vector.zero; var s6v1 = Vector.zero
    var s7v0 = Vector.zero; var s7v1 = Vector.zero
    var s8v0 = Vector.zero; var s8v1 = Vector.zero
    var s9v0 = Vector.zero; var s9v1 = Vector.zero
    var s10v0 = Vector.zero; var s10v1 = Vector.zero
    var w = UnsafeRawPointer(b)
    var p = a
    for block in 0..<blocks {
      prefetch(p + 176, 0, 11)
      prefetch(after, block &* lines, lines)
      for k in 0..<16 {
        let b0 = w.load(fromByteOffset: 0, as: Vector.self)
        let b1 = w.load(fromByteOffset: 64, as: Vector.self)
        let a0 = Vector(repeating: p[k])
        s0v0 = multiplyAdd(a0, b0, s0v0)
        s0v1 = multiplyAdd(a0, b1, s0v1)
        let a1 = Vector(repeating: p[16 &+ k])
        s1v0 = multiplyAdd(a1, b0, s1v0)
        s1v1 = multiplyAdd(a1, b1, s1v1)
        let a2 = Vector(repeating: p[32 &+ k])
        s2v0 = multiplyAdd(a2, b0, s2v0)
        s2v1 = multiplyAdd(a2, b1, s2v1)
        let a3 = Vector(repeating: p[48 &+ k])
        s3v0 = multiplyAdd(a3, b0, s3v0)
        s3v1 = multiplyAdd(a3, b1, s3v1)
        let a4 = Vector(repeating: p[64 &+ k])
        s4v0 = multiplyAdd(a4, b0, s4v0)
        s4v1 = multiplyAdd(a4, b1, s4v1)
        let a5 = Vector(repeating: p[80 &+ k])
        s5v0 = multiplyAdd(a5, b0, s5v0)
        s5v1 = multiplyAdd(a5, b1, s5v1)
        let a6 = Vector(repeating: p[96 &+ k])
        s6v0 = multiplyAdd(a6, b0, s6v0)
        s6v1 = multiplyAdd(a6, b1, s6v1)
        let a7 = Vector(repeating: p[112 &+ k])
        s7v0 = multiplyAdd(a7, b0, s7v0)
        s7v1 = multiplyAdd(a7, b1, s7v1)
        let a8 = Vector(repeating: p[128 &+ k])
        s8v0 = multiplyAdd(a8, b0, s8v0)
        s8v1 = multiplyAdd(a8, b1, s8v1)
        let a9 = Vector(repeating: p[144 &+ k])
        s9v0 = multiplyAdd(a9, b0, s9v0)
        s9v1 = multiplyAdd(a9, b1, s9v1)
        let a10 = Vector(repeating: p[160 &+ k])
        s10v0 = multiplyAdd(a10, b0, s10v0)
        s10v1 = multiplyAdd(a10, b1, s10v1)
        w += 128
      }
      p += aStep
    }
    let d = UnsafeMutableRawPointer(c)
    if accumulate {
      s0v0 += d.load(fromByteOffset: 0, as: Vector.self)
      s0v1 += d.load(fromByteOffset: cStep * 4 + 0, as: Vector.self)
      s1v0 += d.load(fromByteOffset: 64, as: Vector.self)
      s1v1 += d.load(fromByteOffset: cStep * 4 + 64, as: Vector.self)
      s2v0 += d.load(fromByteOffset: 128, as: Vector.self)
      s2v1 += d.load(fromByteOffset: cStep * 4 + 128, as: Vector.self)
      s3v0 += d.load(fromByteOffset: 192, as: Vector.self)
      s3v1 += d.load(fromByteOffset: cStep * 4 + 192, as: Vector.self)
      s4v0 += d.load(fromByteOffset: 256, as: Vector.self)
      s4v1 += d.load(fromByteOffset: cStep * 4 + 256, as: Vector.self)
      s5v0 += d.load(fromByteOffset: 320, as: Vector.self)
      s5v1 += d.load(fromByteOffset: cStep * 4 + 320, as: Vector.self)
      s6v0 += d.load(fromByteOffset: 384, as: Vector.self)
      s6v1 += d.load(fromByteOffset: cStep * 4 + 384, as: Vector.self)
      s7v0 += d.load(fromByteOffset: 448, as: Vector.self)
      s7v1 += d.load(fromByteOffset: cStep * 4 + 448, as: Vector.self)
      s8v0 += d.load(fromByteOffset: 512, as: Vector.self)
      s8v1 += d.load(fromByteOffset: cStep * 4 + 512, as: Vector.self)
      s9v0 += d.load(fromByteOffset: 576, as: Vector.self)
      s9v1 += d.load(fromByteOffset: cStep * 4 + 576, as: Vector.self)
      s10v0 += d.load(fromByteOffset: 640, as: Vector.self)
      s10v1 += d.load(fromByteOffset: cStep * 4 + 640, as: Vector.self)
    }
    d.storeBytes(of: s0v0, toByteOffset: 0, as: Vector.self)
    d.storeBytes(of: s0v1, toByteOffset: cStep * 4 + 0, as: Vector.self)
    d.storeBytes(of: s1v0, toByteOffset: 64, as: Vector.self)
    d.storeBytes(of: s1v1, toByteOffset: cStep * 4 + 64, as: Vector.self)
    d.storeBytes(of: s2v0, toByteOffset: 128, as: Vector.self)
    d.storeBytes(of: s2v1, toByteOffset: cStep * 4 + 128, as: Vector.self)
    d.storeBytes(of: s3v0, toByteOffset: 192, as: Vector.self)
    d.storeBytes(of: s3v1, toByteOffset: cStep * 4 + 192, as: Vector.self)
    d.storeBytes(of: s4v0, toByteOffset: 256, as: Vector.self)
    d.storeBytes(of: s4v1, toByteOffset: cStep * 4 + 256, as: Vector.self)
    d.storeBytes(of: s5v0, toByteOffset: 320, as: Vector.self)
    d.storeBytes(of: s5v1, toByteOffset: cStep * 4 + 320, as: Vector.self)
    d.storeBytes(of: s6v0, toByteOffset: 384, as: Vector.self)
    d.storeBytes(of: s6v1, toByteOffset: cStep * 4 + 384, as: Vector.self)
    d.storeBytes(of: s7v0, toByteOffset: 448, as: Vector.self)
    d.storeBytes(of: s7v1, toByteOffset: cStep * 4 + 448, as: Vector.self)
    d.storeBytes(of: s8v0, toByteOffset: 512, as: Vector.self)
    d.storeBytes(of: s8v1, toByteOffset: cStep * 4 + 512, as: Vector.self)
    d.storeBytes(of: s9v0, toByteOffset: 576, as: Vector.self)
    d.storeBytes(of: s9v1, toByteOffset: cStep * 4 + 576, as: Vector.self)
    d.storeBytes(of: s10v0, toByteOffset: 640, as: Vector.self)
    d.storeBytes(of: s10v1, toByteOffset: cStep * 4 + 640, as: Vector.self)
  }

  private func tile12(
    _ a: Floats, _ aStep: Int, _ blocks: Int, _ b: Floats,
    _ c: MutableFloats, _ cStep: Int, _ accumulate: Bool, _ after: Floats, _ lines: Int
  ) {
    var s0v0 = Vector.zero; var s0v1 = Vector.zero
    var s1v0 = Vector.zero; var s1v1 = Vector.zero
    var s2v0 = Vector.zero; var s2v1 = Vector.zero
    var s3v0 = Vector.zero; var s3v1 = Vector.zero
    var s4v0 = Vector.zero; var s4v1 = Vector.zero
    var s5v0 = Vector.zero; var s5v1 = Vector.zero
    var s6v0 = Vector.zero; var s6v1 = Vector.zero
    var s7v0 = Vector.zero; var s7v1 = Vector.zero
    var s8v0 = Vector.zero; var s8v1 = Vector.zero
    var s9v0 = Vector.zero; var s9v1 = Vector.zero
    var s10v0 = Vector.zero; var s10v1 = Vector.zero
    var s11v0 = Vector.zero; var s11v1 = Vector.zero
    var w = UnsafeRawPointer(b)
    var p = a
    for block in 0..<blocks {
      prefetch(p + 192, 0, 12)
      prefetch(after, block &* lines, lines)
      for k in 0..<16 {
        let b0 = w.load(fromByteOffset: 0, as: Vector.self)
        let b1 = w.load(fromByteOffset: 64, as: Vector.self)
        let a0 = Vector(repeating: p[k])
        s0v0 = multiplyAdd(a0, b0, s0v0)
        s0v1 = multiplyAdd(a0, b1, s0v1)
        let a1 = Vector(repeating: p[16 &+ k])
        s1v0 = multiplyAdd(a1, b0, s1v0)
        s1v1 = multiplyAdd(a1, b1, s1v1)
        let a2 = Vector(repeating: p[32 &+ k])
        s2v0 = multiplyAdd(a2, b0, s2v0)
        s2v1 = multiplyAdd(a2, b1, s2v1)
        let a3 = Vector(repeating: p[48 &+ k])
        s3v0 = multiplyAdd(a3, b0, s3v0)
        s3v1 = multiplyAdd(a3, b1, s3v1)
        let a4 = Vector(repeating: p[64 &+ k])
        s4v0 = multiplyAdd(a4, b0, s4v0)
        s4v1 = multiplyAdd(a4, b1, s4v1)
        let a5 = Vector(repeating: p[80 &+ k])
        s5v0 = multiplyAdd(a5, b0, s5v0)
        s5v1 = multiplyAdd(a5, b1, s5v1)
        let a6 = Vector(repeating: p[96 &+ k])
        s6v0 = multiplyAdd(a6, b0, s6v0)
        s6v1 = multiplyAdd(a6, b1, s6v1)
        let a7 = Vector(repeating: p[112 &+ k])
        s7v0 = multiplyAdd(a7, b0, s7v0)
        s7v1 = multiplyAdd(a7, b1, s7v1)
        let a8 = Vector(repeating: p[128 &+ k])
        s8v0 = multiplyAdd(a8, b0, s8v0)
        s8v1 = multiplyAdd(a8, b1, s8v1)
        let a9 = Vector(repeating: p[144 &+ k])
        s9v0 = multiplyAdd(a9, b0, s9v0)
        s9v1 = multiplyAdd(a9, b1, s9v1)
        let a10 = Vector(repeating: p[160 &+ k])
        s10v0 = multiplyAdd(a10, b0, s10v0)
        s10v1 = multiplyAdd(a10, b1, s10v1)
        let a11 = Vector(repeating: p[176 &+ k])
        s11v0 = multiplyAdd(a11, b0, s11v0)
        s11v1 = multiplyAdd(a11, b1, s11v1)
        w += 128
      }
      p += aStep
    }
    let d = UnsafeMutableRawPointer(c)
    if accumulate {
      s0v0 += d.load(fromByteOffset: 0, as: Vector.self)
      s0v1 += d.load(fromByteOffset: cStep * 4 + 0, as: Vector.self)
      s1v0 += d.load(fromByteOffset: 64, as: Vector.self)
      s1v1 += d.load(fromByteOffset: cStep * 4 + 64, as: Vector.self)
      s2v0 += d.load(fromByteOffset: 128, as: Vector.self)
      s2v1 += d.load(fromByteOffset: cStep * 4 + 128, as: Vector.self)
      s3v0 += d.load(fromByteOffset: 192, as: Vector.self)
      s3v1 += d.load(fromByteOffset: cStep * 4 + 192, as: Vector.self)
      s4v0 += d.load(fromByteOffset: 256, as: Vector.self)
      s4v1 += d.load(fromByteOffset: cStep * 4 + 256, as: Vector.self)
      s5v0 += d.load(fromByteOffset: 320, as: Vector.self)
      s5v1 += d.load(fromByteOffset: cStep * 4 + 320, as: Vector.self)
      s6v0 += d.load(fromByteOffset: 384, as: Vector.self)
      s6v1 += d.load(fromByteOffset: cStep * 4 + 384, as: Vector.self)
      s7v0 += d.load(fromByteOffset: 448, as: Vector.self)
      s7v1 += d.load(fromByteOffset: cStep * 4 + 448, as: Vector.self)
      s8v0 += d.load(fromByteOffset: 512, as: Vector.self)
      s8v1 += d.load(fromByteOffset: cStep * 4 + 512, as: Vector.self)
      s9v0 += d.load(fromByteOffset: 576, as: Vector.self)
      s9v1 += d.load(fromByteOffset: cStep * 4 + 576, as: Vector.self)
      s10v0 += d.load(fromByteOffset: 640, as: Vector.self)
      s10v1 += d.load(fromByteOffset: cStep * 4 + 640, as: Vector.self)
      s11v0 += d.load(fromByteOffset: 704, as: Vector.self)
      s11v1 += d.load(fromByteOffset: cStep * 4 + 704, as: Vector.self)
    }
    d.storeBytes(of: s0v0, toByteOffset: 0, as: Vector.self)
    d.storeBytes(of: s0v1, toByteOffset: cStep * 4 + 0, as: Vector.self)
    d.storeBytes(of: s1v0, toByteOffset: 64, as: Vector.self)
    d.storeBytes(of: s1v1, toByteOffset: cStep * 4 + 64, as: Vector.self)
    d.storeBytes(of: s2v0, toByteOffset: 128, as: Vector.self)
    d.storeBytes(of: s2v1, toByteOffset: cStep * 4 + 128, as: Vector.self)
    d.storeBytes(of: s3v0, toByteOffset: 192, as: Vector.self)
    d.storeBytes(of: s3v1, toByteOffset: cStep * 4 + 192, as: Vector.self)
    d.storeBytes(of: s4v0, toByteOffset: 256, as: Vector.self)
    d.storeBytes(of: s4v1, toByteOffset: cStep * 4 + 256, as: Vector.self)
    d.storeBytes(of: s5v0, toByteOffset: 320, as: Vector.self)
    d.storeBytes(of: s5v1, toByteOffset: cStep * 4 + 320, as: Vector.self)
    d.storeBytes(of: s6v0, toByteOffset: 384, as: Vector.self)
    d.storeBytes(of: s6v1, toByteOffset: cStep * 4 + 384, as: Vector.self)
    d.storeBytes(of: s7v0, toByteOffset: 448, as: Vector.self)
    d.storeBytes(of: s7v1, toByteOffset: cStep * 4 + 448, as: Vector.self)
    d.storeBytes(of: s8v0, toByteOffset: 512, as: Vector.self)
    d.storeBytes(of: s8v1, toByteOffset: cStep * 4 + 512, as: Vector.self)
    d.storeBytes(of: s9v0, toByteOffset: 576, as: Vector.self)
    d.storeBytes(of: s9v1, toByteOffset: cStep * 4 + 576, as: Vector.self)
    d.storeBytes(of: s10v0, toByteOffset: 640, as: Vector.self)
    d.storeBytes(of: s10v1, toByteOffset: cStep * 4 + 640, as: Vector.self)
    d.storeBytes(of: s11v0, toByteOffset: 704, as: Vector.self)
    d.storeBytes(of: s11v1, toByteOffset: cStep * 4 + 704, as: Vector.self)
  }

  private func tile13(
    _ a: Floats, _ aStep: Int, _ blocks: Int, _ b: Floats,
    _ c: MutableFloats, _ cStep: Int, _ accumulate: Bool, _ after: Floats, _ lines: Int
  ) {
    var s0v0 = Vector.zero; var s0v1 = Vector.zero
    var s1v0 = Vector.zero; var s1v1 = Vector.zero
    var s2v0 = Vector.zero; var s2v1 = Vector.zero
    var s3v0 = Vector.zero; var s3v1 = Vector.zero
    var s4v0 = Vector.zero; var s4v1 = Vector.zero
    var s5v0 = Vector.zero; var s5v1 = Vector.zero
    var s6v0 = Vector.zero; var s6v1 = Vector.zero
    var s7v0 = Vector.zero; var s7v1 = Vector.zero
    var s8v0 = Vector.zero; var s8v1 = Vector.zero
    var s9v0 = Vector.zero; var s9v1 = Vector.zero
    var s10v0 = Vector.zero; var s10v1 = Vector.zero
    var s11v0 = Vector.zero; var s11v1 = Vector.zero
    var s12v0 = Vector.zero; var s12v1 = Vector.zero
    var w = UnsafeRawPointer(b)
    var p = a
    for block in 0..<blocks {
      prefetch(p + 208, 0, 13)
      prefetch(after, block &* lines, lines)
      for k in 0..<16 {
        let b0 = w.load(fromByteOffset: 0, as: Vector.self)
        let b1 = w.load(fromByteOffset: 64, as: Vector.self)
        let a0 = Vector(repeating: p[k])
        s0v0 = multiplyAdd(a0, b0, s0v0)
        s0v1 = multiplyAdd(a0, b1, s0v1)
        let a1 = Vector(repeating: p[16 &+ k])
        s1v0 = multiplyAdd(a1, b0, s1v0)
        s1v1 = multiplyAdd(a1, b1, s1v1)
        let a2 = Vector(repeating: p[32 &+ k])
        s2v0 = multiplyAdd(a2, b0, s2v0)
        s2v1 = multiplyAdd(a2, b1, s2v1)
        let a3 = Vector(repeating: p[48 &+ k])
        s3v0 = multiplyAdd(a3, b0, s3v0)
        s3v1 = multiplyAdd(a3, b1, s3v1)
        let a4 = Vector(repeating: p[64 &+ k])
        s4v0 = multiplyAdd(a4, b0, s4v0)
        s4v1 = multiplyAdd(a4, b1, s4v1)
        let a5 = Vector(repeating: p[80 &+ k])
        s5v0 = multiplyAdd(a5, b0, s5v0)
        s5v1 = multiplyAdd(a5, b1, s5v1)
        let a6 = Vector(repeating: p[96 &+ k])
        s6v0 = multiplyAdd(a6, b0, s6v0)
        s6v1 = multiplyAdd(a6, b1, s6v1)
        let a7 = Vector(repeating: p[112 &+ k])
        s7v0 = multiplyAdd(a7, b0, s7v0)
        s7v1 = multiplyAdd(a7, b1, s7v1)
        let a8 = Vector(repeating: p[128 &+ k])
        s8v0 = multiplyAdd(a8, b0, s8v0)
        s8v1 = multiplyAdd(a8, b1, s8v1)
        let a9 = Vector(repeating: p[144 &+ k])
        s9v0 = multiplyAdd(a9, b0, s9v0)
        s9v1 = multiplyAdd(a9, b1, s9v1)
        let a10 = Vector(repeating: p[160 &+ k])
        s10v0 = multiplyAdd(a10, b0, s10v0)
        s10v1 = multiplyAdd(a10, b1, s10v1)
        let a11 = Vector(repeating: p[176 &+ k])
        s11v0 = multiplyAdd(a11, b0, s11v0)
        s11v1 = multiplyAdd(a11, b1, s11v1)
        let a12 = Vector(repeating: p[192 &+ k])
        s12v0 = multiplyAdd(a12, b0, s12v0)
        s12v1 = multiplyAdd(a12, b1, s12v1)
        w += 128
      }
      p += aStep
    }
    let d = UnsafeMutableRawPointer(c)
    if accumulate {
      s0v0 += d.load(fromByteOffset: 0, as: Vector.self)
      s0v1 += d.load(fromByteOffset: cStep * 4 + 0, as: Vector.self)
      s1v0 += d.load(fromByteOffset: 64, as: Vector.self)
      s1v1 += d.load(fromByteOffset: cStep * 4 + 64, as: Vector.self)
      s2v0 += d.load(fromByteOffset: 128, as: Vector.self)
      s2v1 += d.load(fromByteOffset: cStep * 4 + 128, as: Vector.self)
      s3v0 += d.load(fromByteOffset: 192, as: Vector.self)
      s3v1 += d.load(fromByteOffset: cStep * 4 + 192, as: Vector.self)
      s4v0 += d.load(fromByteOffset: 256, as: Vector.self)
      s4v1 += d.load(fromByteOffset: cStep * 4 + 256, as: Vector.self)
      s5v0 += d.load(fromByteOffset: 320, as: Vector.self)
      s5v1 += d.load(fromByteOffset: cStep * 4 + 320, as: Vector.self)
      s6v0 += d.load(fromByteOffset: 384, as: Vector.self)
      s6v1 += d.load(fromByteOffset: cStep * 4 + 384, as: Vector.self)
      s7v0 += d.load(fromByteOffset: 448, as: Vector.self)
      s7v1 += d.load(fromByteOffset: cStep * 4 + 448, as: Vector.self)
      s8v0 += d.load(fromByteOffset: 512, as: Vector.self)
      s8v1 += d.load(fromByteOffset: cStep * 4 + 512, as: Vector.self)
      s9v0 += d.load(fromByteOffset: 576, as: Vector.self)
      s9v1 += d.load(fromByteOffset: cStep * 4 + 576, as: Vector.self)
      s10v0 += d.load(fromByteOffset: 640, as: Vector.self)
      s10v1 += d.load(fromByteOffset: cStep * 4 + 640, as: Vector.self)
      s11v0 += d.load(fromByteOffset: 704, as: Vector.self)
      s11v1 += d.load(fromByteOffset: cStep * 4 + 704, as: Vector.self)
      s12v0 += d.load(fromByteOffset: 768, as: Vector.self)
      s12v1 += d.load(fromByteOffset: cStep * 4 + 768, as: Vector.self)
    }
    d.storeBytes(of: s0v0, toByteOffset: 0, as: Vector.self)
    d.storeBytes(of: s0v1, toByteOffset: cStep * 4 + 0, as: Vector.self)
    d.storeBytes(of: s1v0, toByteOffset: 64, as: Vector.self)
    d.storeBytes(of: s1v1, toByteOffset: cStep * 4 + 64, as: Vector.self)
    d.storeBytes(of: s2v0, toByteOffset: 128, as: Vector.self)
    d.storeBytes(of: s2v1, toByteOffset: cStep * 4 + 128, as: Vector.self)
    d.storeBytes(of: s3v0, toByteOffset: 192, as: Vector.self)
    d.storeBytes(of: s3v1, toByteOffset: cStep * 4 + 192, as: Vector.self)
    d.storeBytes(of: s4v0, toByteOffset: 256, as: Vector.self)
    d.storeBytes(of: s4v1, toByteOffset: cStep * 4 + 256, as: Vector.self)
    d.storeBytes(of: s5v0, toByteOffset: 320, as: Vector.self)
    d.storeBytes(of: s5v1, toByteOffset: cStep * 4 + 320, as: Vector.self)
    d.storeBytes(of: s6v0, toByteOffset: 384, as: Vector.self)
    d.storeBytes(of: s6v1, toByteOffset: cStep * 4 + 384, as: Vector.self)
    d.storeBytes(of: s7v0, toByteOffset: 448, as: Vector.self)
    d.storeBytes(of: s7v1, toByteOffset: cStep * 4 + 448, as: Vector.self)
    d.storeBytes(of: s8v0, toByteOffset: 512, as: Vector.self)
    d.storeBytes(of: s8v1, toByteOffset: cStep * 4 + 512, as: Vector.self)
    d.storeBytes(of: s9v0, toByteOffset: 576, as: Vector.self)
    d.storeBytes(of: s9v1, toByteOffset: cStep * 4 + 576, as: Vector.self)
    d.storeBytes(of: s10v0, toByteOffset: 640, as: Vector.self)
    d.storeBytes(of: s10v1, toByteOffset: cStep * 4 + 640, as: Vector.self)
    d.storeBytes(of: s11v0, toByteOffset: 704, as: Vector.self)
    d.storeBytes(of: s11v1, toByteOffset: cStep * 4 + 704, as: Vector.self)
    d.storeBytes(of: s12v0, toByteOffset: 768, as: Vector.self)
    d.storeBytes(of: s12v1, toByteOffset: cStep * 4 + 768, as: Vector.self)
  }

  private func tile14(
    _ a: Floats, _ aStep: Int, _ blocks: Int, _ b: Floats,
    _ c: MutableFloats, _ cStep: Int, _ accumulate: Bool, _ after: Floats, _ lines: Int
  ) {
    var s0v0 = Vector.zero; var s0v1 = Vector.zero
    var s1v0 = Vector.zero; var s1v1 = Vector.zero
    var s2v0 = Vector.zero; var s2v1 = Vector.zero
    var s3v0 = Vector.zero; var s3v1 = Vector.zero
    var s4v0 = Vector.zero; var s4v1 = Vector.zero
    var s5v0 = Vector.zero; var s5v1 = Vector.zero
    var s6v0 = Vector.zero; var s6v1 = Vector.zero
    var s7v0 = Vector.zero; var s7v1 = Vector.zero
    var s8v0 = Vector.zero; var s8v1 = Vector.zero
    var s9v0 = Vector.zero; var s9v1 = Vector.zero
    var s10v0 = Vector.zero; var s10v1 = Vector.zero
    var s11v0 = Vector.zero; var s11v1 = Vector.zero
    var s12v0 = Vector.zero; var s12v1 = Vector.zero
    var s13v0 = Vector.zero; var s13v1 = Vector.zero
    var w = UnsafeRawPointer(b)
    var p = a
    for block in 0..<blocks {
      prefetch(p + 224, 0, 14)
      prefetch(after, block &* lines, lines)
      for k in 0..<16 {
        let b0 = w.load(fromByteOffset: 0, as: Vector.self)
        let b1 = w.load(fromByteOffset: 64, as: Vector.self)
        let a0 = Vector(repeating: p[k])
        s0v0 = multiplyAdd(a0, b0, s0v0)
        s0v1 = multiplyAdd(a0, b1, s0v1)
        let a1 = Vector(repeating: p[16 &+ k])
        s1v0 = multiplyAdd(a1, b0, s1v0)
        s1v1 = multiplyAdd(a1, b1, s1v1)
        let a2 = Vector(repeating: p[32 &+ k])
        s2v0 = multiplyAdd(a2, b0, s2v0)
        s2v1 = multiplyAdd(a2, b1, s2v1)
        let a3 = Vector(repeating: p[48 &+ k])
        s3v0 = multiplyAdd(a3, b0, s3v0)
        s3v1 = multiplyAdd(a3, b1, s3v1)
        let a4 = Vector(repeating: p[64 &+ k])
        s4v0 = multiplyAdd(a4, b0, s4v0)
        s4v1 = multiplyAdd(a4, b1, s4v1)
        let a5 = Vector(repeating: p[80 &+ k])
        s5v0 = multiplyAdd(a5, b0, s5v0)
        s5v1 = multiplyAdd(a5, b1, s5v1)
        let a6 = Vector(repeating: p[96 &+ k])
        s6v0 = multiplyAdd(a6, b0, s6v0)
        s6v1 = multiplyAdd(a6, b1, s6v1)
        let a7 = Vector(repeating: p[112 &+ k])
        s7v0 = multiplyAdd(a7, b0, s7v0)
        s7v1 = multiplyAdd(a7, b1, s7v1)
        let a8 = Vector(repeating: p[128 &+ k])
        s8v0 = multiplyAdd(a8, b0, s8v0)
        s8v1 = multiplyAdd(a8, b1, s8v1)
        let a9 = Vector(repeating: p[144 &+ k])
        s9v0 = multiplyAdd(a9, b0, s9v0)
        s9v1 = multiplyAdd(a9, b1, s9v1)
        let a10 = Vector(repeating: p[160 &+ k])
        s10v0 = multiplyAdd(a10, b0, s10v0)
        s10v1 = multiplyAdd(a10, b1, s10v1)
        let a11 = Vector(repeating: p[176 &+ k])
        s11v0 = multiplyAdd(a11, b0, s11v0)
        s11v1 = multiplyAdd(a11, b1, s11v1)
        let a12 = Vector(repeating: p[192 &+ k])
        s12v0 = multiplyAdd(a12, b0, s12v0)
        s12v1 = multiplyAdd(a12, b1, s12v1)
        let a13 = Vector(repeating: p[208 &+ k])
        s13v0 = multiplyAdd(a13, b0, s13v0)
        s13v1 = multiplyAdd(a13, b1, s13v1)
        w += 128
      }
      p += aStep
    }
    let d = UnsafeMutableRawPointer(c)
    if accumulate {
      s0v0 += d.load(fromByteOffset: 0, as: Vector.self)
      s0v1 += d.load(fromByteOffset: cStep * 4 + 0, as: Vector.self)
      s1v0 += d.load(fromByteOffset: 64, as: Vector.self)
      s1v1 += d.load(fromByteOffset: cStep * 4 + 64, as: Vector.self)
      s2v0 += d.load(fromByteOffset: 128, as: Vector.self)
      s2v1 += d.load(fromByteOffset: cStep * 4 + 128, as: Vector.self)
      s3v0 += d.load(fromByteOffset: 192, as: Vector.self)
      s3v1 += d.load(fromByteOffset: cStep * 4 + 192, as: Vector.self)
      s4v0 += d.load(fromByteOffset: 256, as: Vector.self)
      s4v1 += d.load(fromByteOffset: cStep * 4 + 256, as: Vector.self)
      s5v0 += d.load(fromByteOffset: 320, as: Vector.self)
      s5v1 += d.load(fromByteOffset: cStep * 4 + 320, as: Vector.self)
      s6v0 += d.load(fromByteOffset: 384, as: Vector.self)
      s6v1 += d.load(fromByteOffset: cStep * 4 + 384, as: Vector.self)
      s7v0 += d.load(fromByteOffset: 448, as: Vector.self)
      s7v1 += d.load(fromByteOffset: cStep * 4 + 448, as: Vector.self)
      s8v0 += d.load(fromByteOffset: 512, as: Vector.self)
      s8v1 += d.load(fromByteOffset: cStep * 4 + 512, as: Vector.self)
      s9v0 += d.load(fromByteOffset: 576, as: Vector.self)
      s9v1 += d.load(fromByteOffset: cStep * 4 + 576, as: Vector.self)
      s10v0 += d.load(fromByteOffset: 640, as: Vector.self)
      s10v1 += d.load(fromByteOffset: cStep * 4 + 640, as: Vector.self)
      s11v0 += d.load(fromByteOffset: 704, as: Vector.self)
      s11v1 += d.load(fromByteOffset: cStep * 4 + 704, as: Vector.self)
      s12v0 += d.load(fromByteOffset: 768, as: Vector.self)
      s12v1 += d.load(fromByteOffset: cStep * 4 + 768, as: Vector.self)
      s13v0 += d.load(fromByteOffset: 832, as: Vector.self)
      s13v1 += d.load(fromByteOffset: cStep * 4 + 832, as: Vector.self)
    }
    d.storeBytes(of: s0v0, toByteOffset: 0, as: Vector.self)
    d.storeBytes(of: s0v1, toByteOffset: cStep * 4 + 0, as: Vector.self)
    d.storeBytes(of: s1v0, toByteOffset: 64, as: Vector.self)
    d.storeBytes(of: s1v1, toByteOffset: cStep * 4 + 64, as: Vector.self)
    d.storeBytes(of: s2v0, toByteOffset: 128, as: Vector.self)
    d.storeBytes(of: s2v1, toByteOffset: cStep * 4 + 128, as: Vector.self)
    d.storeBytes(of: s3v0, toByteOffset: 192, as: Vector.self)
    d.storeBytes(of: s3v1, toByteOffset: cStep * 4 + 192, as: Vector.self)
    d.storeBytes(of: s4v0, toByteOffset: 256, as: Vector.self)
    d.storeBytes(of: s4v1, toByteOffset: cStep * 4 + 256, as: Vector.self)
    d.storeBytes(of: s5v0, toByteOffset: 320, as: Vector.self)
    d.storeBytes(of: s5v1, toByteOffset: cStep * 4 + 320, as: Vector.self)
    d.storeBytes(of: s6v0, toByteOffset: 384, as: Vector.self)
    d.storeBytes(of: s6v1, toByteOffset: cStep * 4 + 384, as: Vector.self)
    d.storeBytes(of: s7v0, toByteOffset: 448, as: Vector.self)
    d.storeBytes(of: s7v1, toByteOffset: cStep * 4 + 448, as: Vector.self)
    d.storeBytes(of: s8v0, toByteOffset: 512, as: Vector.self)
    d.storeBytes(of: s8v1, toByteOffset: cStep * 4 + 512, as: Vector.self)
    d.storeBytes(of: s9v0, toByteOffset: 576, as: Vector.self)
    d.storeBytes(of: s9v1, toByteOffset: cStep * 4 + 576, as: Vector.self)
    d.storeBytes(of: s10v0, toByteOffset: 640, as: Vector.self)
    d.storeBytes(of: s10v1, toByteOffset: cStep * 4 + 640, as: Vector.self)
    d.storeBytes(of: s11v0, toByteOffset: 704, as: Vector.self)
    d.storeBytes(of: s11v1, toByteOffset: cStep * 4 + 704, as: Vector.self)
    d.storeBytes(of: s12v0, toByteOffset: 768, as: Vector.self)
    d.storeBytes(of: s12v1, toByteOffset: cStep * 4 + 768, as: Vector.self)
    d.storeBytes(of: s13v0, toByteOffset: 832, as: Vector.self)
    d.storeBytes(of: s13v1, toByteOffset: cStep * 4 + 832, as: Vector.self)
  }

  /// Products of `rows` rows (16 floats apart) with one panel of weights.
  ///
  /// The channels are summed in runs of `run` blocks of 16, each from zero, and the runs
  /// are added up: the weights of a run stay in the nearest cache, and the rounding errors
  /// of a long sum shrink with the length of its pieces. Meanwhile the weights of the next run
  /// are fetched; behind the last come those of the next product, at `next`.
  /// It is asked for a few lines at a time, since a processor waits who asks for many at once.
  func panelProduct(
    _ activations: Floats, _ aStep: Int, _ rows: Int, _ blocks: Int, _ runLength: Int,
    _ b: Floats, _ next: Floats, _ c: MutableFloats, _ cStep: Int, _ add: Bool
  ) {
    let tiles = (rows + tileRows - 1) / tileRows
    let low = rows / tiles
    let extra = rows % tiles
    var k = 0
    while k < blocks {
      let run = blocks - k < runLength ? blocks - k : runLength
      let accumulate = add || k > 0
      let weights = b + k * 16 * tileColumns
      let after = k + run < blocks ? weights + run * 16 * tileColumns : next
      let lines = (run * tileColumns + tiles * run - 1) / (tiles * run)
      var a = activations + k * aStep
      var to = c
      for i in 0..<tiles {
        let count = i < extra ? low + 1 : low
        let ahead = after + i * run * lines * 16
        switch count {
        case 1: tile1(a, aStep, run, weights, to, cStep, accumulate, ahead, lines)
        case 2: tile2(a, aStep, run, weights, to, cStep, accumulate, ahead, lines)
        case 3: tile3(a, aStep, run, weights, to, cStep, accumulate, ahead, lines)
        case 4: tile4(a, aStep, run, weights, to, cStep, accumulate, ahead, lines)
        case 5: tile5(a, aStep, run, weights, to, cStep, accumulate, ahead, lines)
        case 6: tile6(a, aStep, run, weights, to, cStep, accumulate, ahead, lines)
        case 7: tile7(a, aStep, run, weights, to, cStep, accumulate, ahead, lines)
        case 8: tile8(a, aStep, run, weights, to, cStep, accumulate, ahead, lines)
        case 9: tile9(a, aStep, run, weights, to, cStep, accumulate, ahead, lines)
        case 10: tile10(a, aStep, run, weights, to, cStep, accumulate, ahead, lines)
        case 11: tile11(a, aStep, run, weights, to, cStep, accumulate, ahead, lines)
        case 12: tile12(a, aStep, run, weights, to, cStep, accumulate, ahead, lines)
        case 13: tile13(a, aStep, run, weights, to, cStep, accumulate, ahead, lines)
        default: tile14(a, aStep, run, weights, to, cStep, accumulate, ahead, lines)
        }
        a += count * 16
        to += count * 16
      }
      k += run
    }
  }

  private func planar1(
    _ a: Floats, _ step: Int, _ offsets: UnsafePointer<Int>, _ depth: Int,
    _ b: Floats, _ c: MutableFloats
  ) {
    var s0v0 = Vector.zero; var s0v1 = Vector.zero
    var w = UnsafeRawPointer(b)
    for k in 0..<depth {
      let p = a + offsets[k]
      let b0 = w.load(fromByteOffset: 0, as: Vector.self)
      let b1 = w.load(fromByteOffset: 64, as: Vector.self)
      let a0 = Vector(repeating: p[0])
      s0v0 = multiplyAdd(a0, b0, s0v0)
      s0v1 = multiplyAdd(a0, b1, s0v1)
      w += 128
    }
    let d = UnsafeMutableRawPointer(c)
    d.storeBytes(of: s0v0, toByteOffset: 0, as: Vector.self)
    d.storeBytes(of: s0v1, toByteOffset: 64, as: Vector.self)
  }

  private func planar2(
    _ a: Floats, _ step: Int, _ offsets: UnsafePointer<Int>, _ depth: Int,
    _ b: Floats, _ c: MutableFloats
  ) {
    var s0v0 = Vector.zero; var s0v1 = Vector.zero
    var s1v0 = Vector.zero; var s1v1 = Vector.zero
    var w = UnsafeRawPointer(b)
    for k in 0..<depth {
      let p = a + offsets[k]
      let b0 = w.load(fromByteOffset: 0, as: Vector.self)
      let b1 = w.load(fromByteOffset: 64, as: Vector.self)
      let a0 = Vector(repeating: p[0])
      s0v0 = multiplyAdd(a0, b0, s0v0)
      s0v1 = multiplyAdd(a0, b1, s0v1)
      let a1 = Vector(repeating: p[step])
      s1v0 = multiplyAdd(a1, b0, s1v0)
      s1v1 = multiplyAdd(a1, b1, s1v1)
      w += 128
    }
    let d = UnsafeMutableRawPointer(c)
    d.storeBytes(of: s0v0, toByteOffset: 0, as: Vector.self)
    d.storeBytes(of: s0v1, toByteOffset: 64, as: Vector.self)
    d.storeBytes(of: s1v0, toByteOffset: 128, as: Vector.self)
    d.storeBytes(of: s1v1, toByteOffset: 192, as: Vector.self)
  }

  private func planar3(
    _ a: Floats, _ step: Int, _ offsets: UnsafePointer<Int>, _ depth: Int,
    _ b: Floats, _ c: MutableFloats
  ) {
    var s0v0 = Vector.zero; var s0v1 = Vector.zero
    var s1v0 = Vector.zero; var s1v1 = Vector.zero
    var s2v0 = Vector.zero; var s2v1 = Vector.zero
    var w = UnsafeRawPointer(b)
    for k in 0..<depth {
      let p = a + offsets[k]
      let b0 = w.load(fromByteOffset: 0, as: Vector.self)
      let b1 = w.load(fromByteOffset: 64, as: Vector.self)
      let a0 = Vector(repeating: p[0])
      s0v0 = multiplyAdd(a0, b0, s0v0)
      s0v1 = multiplyAdd(a0, b1, s0v1)
      let a1 = Vector(repeating: p[step])
      s1v0 = multiplyAdd(a1, b0, s1v0)
      s1v1 = multiplyAdd(a1, b1, s1v1)
      let a2 = Vector(repeating: p[2 &* step])
      s2v0 = multiplyAdd(a2, b0, s2v0)
      s2v1 = multiplyAdd(a2, b1, s2v1)
      w += 128
    }
    let d = UnsafeMutableRawPointer(c)
    d.storeBytes(of: s0v0, toByteOffset: 0, as: Vector.self)
    d.storeBytes(of: s0v1, toByteOffset: 64, as: Vector.self)
    d.storeBytes(of: s1v0, toByteOffset: 128, as: Vector.self)
    d.storeBytes(of: s1v1, toByteOffset: 192, as: Vector.self)
    d.storeBytes(of: s2v0, toByteOffset: 256, as: Vector.self)
    d.storeBytes(of: s2v1, toByteOffset: 320, as: Vector.self)
  }

  private func planar4(
    _ a: Floats, _ step: Int, _ offsets: UnsafePointer<Int>, _ depth: Int,
    _ b: Floats, _ c: MutableFloats
  ) {
    var s0v0 = Vector.zero; var s0v1 = Vector.zero
    var s1v0 = Vector.zero; var s1v1 = Vector.zero
    var s2v0 = Vector.zero; var s2v1 = Vector.zero
    var s3v0 = Vector.zero; var s3v1 = Vector.zero
    var w = UnsafeRawPointer(b)
    for k in 0..<depth {
      let p = a + offsets[k]
      let b0 = w.load(fromByteOffset: 0, as: Vector.self)
      let b1 = w.load(fromByteOffset: 64, as: Vector.self)
      let a0 = Vector(repeating: p[0])
      s0v0 = multiplyAdd(a0, b0, s0v0)
      s0v1 = multiplyAdd(a0, b1, s0v1)
      let a1 = Vector(repeating: p[step])
      s1v0 = multiplyAdd(a1, b0, s1v0)
      s1v1 = multiplyAdd(a1, b1, s1v1)
      let a2 = Vector(repeating: p[2 &* step])
      s2v0 = multiplyAdd(a2, b0, s2v0)
      s2v1 = multiplyAdd(a2, b1, s2v1)
      let a3 = Vector(repeating: p[3 &* step])
      s3v0 = multiplyAdd(a3, b0, s3v0)
      s3v1 = multiplyAdd(a3, b1, s3v1)
      w += 128
    }
    let d = UnsafeMutableRawPointer(c)
    d.storeBytes(of: s0v0, toByteOffset: 0, as: Vector.self)
    d.storeBytes(of: s0v1, toByteOffset: 64, as: Vector.self)
    d.storeBytes(of: s1v0, toByteOffset: 128, as: Vector.self)
    d.storeBytes(of: s1v1, toByteOffset: 192, as: Vector.self)
    d.storeBytes(of: s2v0, toByteOffset: 256, as: Vector.self)
    d.storeBytes(of: s2v1, toByteOffset: 320, as: Vector.self)
    d.storeBytes(of: s3v0, toByteOffset: 384, as: Vector.self)
    d.storeBytes(of: s3v1, toByteOffset: 448, as: Vector.self)
  }

  private func planar5(
    _ a: Floats, _ step: Int, _ offsets: UnsafePointer<Int>, _ depth: Int,
    _ b: Floats, _ c: MutableFloats
  ) {
    var s0v0 = Vector.zero; var s0v1 = Vector.zero
    var s1v0 = Vector.zero; var s1v1 = Vector.zero
    var s2v0 = Vector.zero; var s2v1 = Vector.zero
    var s3v0 = Vector.zero; var s3v1 = Vector.zero
    var s4v0 = Vector.zero; var s4v1 = Vector.zero
    var w = UnsafeRawPointer(b)
    for k in 0..<depth {
      let p = a + offsets[k]
      let b0 = w.load(fromByteOffset: 0, as: Vector.self)
      let b1 = w.load(fromByteOffset: 64, as: Vector.self)
      let a0 = Vector(repeating: p[0])
      s0v0 = multiplyAdd(a0, b0, s0v0)
      s0v1 = multiplyAdd(a0, b1, s0v1)
      let a1 = Vector(repeating: p[step])
      s1v0 = multiplyAdd(a1, b0, s1v0)
      s1v1 = multiplyAdd(a1, b1, s1v1)
      let a2 = Vector(repeating: p[2 &* step])
      s2v0 = multiplyAdd(a2, b0, s2v0)
      s2v1 = multiplyAdd(a2, b1, s2v1)
      let a3 = Vector(repeating: p[3 &* step])
      s3v0 = multiplyAdd(a3, b0, s3v0)
      s3v1 = multiplyAdd(a3, b1, s3v1)
      let a4 = Vector(repeating: p[4 &* step])
      s4v0 = multiplyAdd(a4, b0, s4v0)
      s4v1 = multiplyAdd(a4, b1, s4v1)
      w += 128
    }
    let d = UnsafeMutableRawPointer(c)
    d.storeBytes(of: s0v0, toByteOffset: 0, as: Vector.self)
    d.storeBytes(of: s0v1, toByteOffset: 64, as: Vector.self)
    d.storeBytes(of: s1v0, toByteOffset: 128, as: Vector.self)
    d.storeBytes(of: s1v1, toByteOffset: 192, as: Vector.self)
    d.storeBytes(of: s2v0, toByteOffset: 256, as: Vector.self)
    d.storeBytes(of: s2v1, toByteOffset: 320, as: Vector.self)
    d.storeBytes(of: s3v0, toByteOffset: 384, as: Vector.self)
    d.storeBytes(of: s3v1, toByteOffset: 448, as: Vector.self)
    d.storeBytes(of: s4v0, toByteOffset: 512, as: Vector.self)
    d.storeBytes(of: s4v1, toByteOffset: 576, as: Vector.self)
  }

  private func planar6(
    _ a: Floats, _ step: Int, _ offsets: UnsafePointer<Int>, _ depth: Int,
    _ b: Floats, _ c: MutableFloats
  ) {
    var s0v0 = Vector.zero; var s0v1 = Vector.zero
    var s1v0 = Vector.zero; var s1v1 = Vector.zero
    var s2v0 = Vector.zero; var s2v1 = Vector.zero
    var s3v0 = Vector.zero; var s3v1 = Vector.zero
    var s4v0 = Vector.zero; var s4v1 = Vector.zero
    var s5v0 = Vector.zero; var s5v1 = Vector.zero
    var w = UnsafeRawPointer(b)
    for k in 0..<depth {
      let p = a + offsets[k]
      let b0 = w.load(fromByteOffset: 0, as: Vector.self)
      let b1 = w.load(fromByteOffset: 64, as: Vector.self)
      let a0 = Vector(repeating: p[0])
      s0v0 = multiplyAdd(a0, b0, s0v0)
      s0v1 = multiplyAdd(a0, b1, s0v1)
      let a1 = Vector(repeating: p[step])
      s1v0 = multiplyAdd(a1, b0, s1v0)
      s1v1 = multiplyAdd(a1, b1, s1v1)
      let a2 = Vector(repeating: p[2 &* step])
      s2v0 = multiplyAdd(a2, b0, s2v0)
      s2v1 = multiplyAdd(a2, b1, s2v1)
      let a3 = Vector(repeating: p[3 &* step])
      s3v0 = multiplyAdd(a3, b0, s3v0)
      s3v1 = multiplyAdd(a3, b1, s3v1)
      let a4 = Vector(repeating: p[4 &* step])
      s4v0 = multiplyAdd(a4, b0, s4v0)
      s4v1 = multiplyAdd(a4, b1, s4v1)
      let a5 = Vector(repeating: p[5 &* step])
      s5v0 = multiplyAdd(a5, b0, s5v0)
      s5v1 = multiplyAdd(a5, b1, s5v1)
      w += 128
    }
    let d = UnsafeMutableRawPointer(c)
    d.storeBytes(of: s0v0, toByteOffset: 0, as: Vector.self)
    d.storeBytes(of: s0v1, toByteOffset: 64, as: Vector.self)
    d.storeBytes(of: s1v0, toByteOffset: 128, as: Vector.self)
    d.storeBytes(of: s1v1, toByteOffset: 192, as: Vector.self)
    d.storeBytes(of: s2v0, toByteOffset: 256, as: Vector.self)
    d.storeBytes(of: s2v1, toByteOffset: 320, as: Vector.self)
    d.storeBytes(of: s3v0, toByteOffset: 384, as: Vector.self)
    d.storeBytes(of: s3v1, toByteOffset: 448, as: Vector.self)
    d.storeBytes(of: s4v0, toByteOffset: 512, as: Vector.self)
    d.storeBytes(of: s4v1, toByteOffset: 576, as: Vector.self)
    d.storeBytes(of: s5v0, toByteOffset: 640, as: Vector.self)
    d.storeBytes(of: s5v1, toByteOffset: 704, as: Vector.self)
  }

  /// Products of `rows` pixels of planar maps (`step` floats apart) with one panel.
  /// Term k is found at `offsets[k]`; the sums go to rows of `tileColumns` floats.
  func planarProduct(
    _ pixels: Floats, _ step: Int, _ rows: Int, _ offsets: UnsafePointer<Int>,
    _ depth: Int, _ b: Floats, _ c: MutableFloats
  ) {
    var row = 0
    while row < rows {
      let count = rows - row < 6 ? rows - row : 6
      let a = pixels + row * step
      let to = c + row * tileColumns
      switch count {
      case 1: planar1(a, step, offsets, depth, b, to)
      case 2: planar2(a, step, offsets, depth, b, to)
      case 3: planar3(a, step, offsets, depth, b, to)
      case 4: planar4(a, step, offsets, depth, b, to)
      case 5: planar5(a, step, offsets, depth, b, to)
      default: planar6(a, step, offsets, depth, b, to)
      }
      row += count
    }
  }

#elseif TILE_6x16

  typealias Vector = SIMD8<Float>
  let tileRows = 6
  let tileColumns = 16

  private func tile1(
    _ a: Floats, _ aStep: Int, _ blocks: Int, _ b: Floats,
    _ c: MutableFloats, _ cStep: Int, _ accumulate: Bool, _ after: Floats, _ lines: Int
  ) {
    var s0v0 = Vector.zero; var s0v1 = Vector.zero
    var w = UnsafeRawPointer(b)
    var p = a
    for block in 0..<blocks {
      prefetch(p + 16, 0, 1)
      prefetch(after, block &* lines, lines)
      for k in 0..<16 {
        let b0 = w.load(fromByteOffset: 0, as: Vector.self)
        let b1 = w.load(fromByteOffset: 32, as: Vector.self)
        let a0 = Vector(repeating: p[k])
        s0v0 = multiplyAdd(a0, b0, s0v0)
        s0v1 = multiplyAdd(a0, b1, s0v1)
        w += 64
      }
      p += aStep
    }
    let d = UnsafeMutableRawPointer(c)
    if accumulate {
      s0v0 += d.load(fromByteOffset: 0, as: Vector.self)
      s0v1 += d.load(fromByteOffset: 32, as: Vector.self)
    }
    d.storeBytes(of: s0v0, toByteOffset: 0, as: Vector.self)
    d.storeBytes(of: s0v1, toByteOffset: 32, as: Vector.self)
  }

  private func tile2(
    _ a: Floats, _ aStep: Int, _ blocks: Int, _ b: Floats,
    _ c: MutableFloats, _ cStep: Int, _ accumulate: Bool, _ after: Floats, _ lines: Int
  ) {
    var s0v0 = Vector.zero; var s0v1 = Vector.zero
    var s1v0 = Vector.zero; var s1v1 = Vector.zero
    var w = UnsafeRawPointer(b)
    var p = a
    for block in 0..<blocks {
      prefetch(p + 32, 0, 2)
      prefetch(after, block &* lines, lines)
      for k in 0..<16 {
        let b0 = w.load(fromByteOffset: 0, as: Vector.self)
        let b1 = w.load(fromByteOffset: 32, as: Vector.self)
        let a0 = Vector(repeating: p[k])
        s0v0 = multiplyAdd(a0, b0, s0v0)
        s0v1 = multiplyAdd(a0, b1, s0v1)
        let a1 = Vector(repeating: p[16 &+ k])
        s1v0 = multiplyAdd(a1, b0, s1v0)
        s1v1 = multiplyAdd(a1, b1, s1v1)
        w += 64
      }
      p += aStep
    }
    let d = UnsafeMutableRawPointer(c)
    if accumulate {
      s0v0 += d.load(fromByteOffset: 0, as: Vector.self)
      s0v1 += d.load(fromByteOffset: 32, as: Vector.self)
      s1v0 += d.load(fromByteOffset: 64, as: Vector.self)
      s1v1 += d.load(fromByteOffset: 96, as: Vector.self)
    }
    d.storeBytes(of: s0v0, toByteOffset: 0, as: Vector.self)
    d.storeBytes(of: s0v1, toByteOffset: 32, as: Vector.self)
    d.storeBytes(of: s1v0, toByteOffset: 64, as: Vector.self)
    d.storeBytes(of: s1v1, toByteOffset: 96, as: Vector.self)
  }

  private func tile3(
    _ a: Floats, _ aStep: Int, _ blocks: Int, _ b: Floats,
    _ c: MutableFloats, _ cStep: Int, _ accumulate: Bool, _ after: Floats, _ lines: Int
  ) {
    var s0v0 = Vector.zero; var s0v1 = Vector.zero
    var s1v0 = Vector.zero; var s1v1 = Vector.zero
    var s2v0 = Vector.zero; var s2v1 = Vector.zero
    var w = UnsafeRawPointer(b)
    var p = a
    for block in 0..<blocks {
      prefetch(p + 48, 0, 3)
      prefetch(after, block &* lines, lines)
      for k in 0..<16 {
        let b0 = w.load(fromByteOffset: 0, as: Vector.self)
        let b1 = w.load(fromByteOffset: 32, as: Vector.self)
        let a0 = Vector(repeating: p[k])
        s0v0 = multiplyAdd(a0, b0, s0v0)
        s0v1 = multiplyAdd(a0, b1, s0v1)
        let a1 = Vector(repeating: p[16 &+ k])
        s1v0 = multiplyAdd(a1, b0, s1v0)
        s1v1 = multiplyAdd(a1, b1, s1v1)
        let a2 = Vector(repeating: p[32 &+ k])
        s2v0 = multiplyAdd(a2, b0, s2v0)
        s2v1 = multiplyAdd(a2, b1, s2v1)
        w += 64
      }
      p += aStep
    }
    let d = UnsafeMutableRawPointer(c)
    if accumulate {
      s0v0 += d.load(fromByteOffset: 0, as: Vector.self)
      s0v1 += d.load(fromByteOffset: 32, as: Vector.self)
      s1v0 += d.load(fromByteOffset: 64, as: Vector.self)
      s1v1 += d.load(fromByteOffset: 96, as: Vector.self)
      s2v0 += d.load(fromByteOffset: 128, as: Vector.self)
      s2v1 += d.load(fromByteOffset: 160, as: Vector.self)
    }
    d.storeBytes(of: s0v0, toByteOffset: 0, as: Vector.self)
    d.storeBytes(of: s0v1, toByteOffset: 32, as: Vector.self)
    d.storeBytes(of: s1v0, toByteOffset: 64, as: Vector.self)
    d.storeBytes(of: s1v1, toByteOffset: 96, as: Vector.self)
    d.storeBytes(of: s2v0, toByteOffset: 128, as: Vector.self)
    d.storeBytes(of: s2v1, toByteOffset: 160, as: Vector.self)
  }

  private func tile4(
    _ a: Floats, _ aStep: Int, _ blocks: Int, _ b: Floats,
    _ c: MutableFloats, _ cStep: Int, _ accumulate: Bool, _ after: Floats, _ lines: Int
  ) {
    var s0v0 = Vector.zero; var s0v1 = Vector.zero
    var s1v0 = Vector.zero; var s1v1 = Vector.zero
    var s2v0 = Vector.zero; var s2v1 = Vector.zero
    var s3v0 = Vector.zero; var s3v1 = Vector.zero
    var w = UnsafeRawPointer(b)
    var p = a
    for block in 0..<blocks {
      prefetch(p + 64, 0, 4)
      prefetch(after, block &* lines, lines)
      for k in 0..<16 {
        let b0 = w.load(fromByteOffset: 0, as: Vector.self)
        let b1 = w.load(fromByteOffset: 32, as: Vector.self)
        let a0 = Vector(repeating: p[k])
        s0v0 = multiplyAdd(a0, b0, s0v0)
        s0v1 = multiplyAdd(a0, b1, s0v1)
        let a1 = Vector(repeating: p[16 &+ k])
        s1v0 = multiplyAdd(a1, b0, s1v0)
        s1v1 = multiplyAdd(a1, b1, s1v1)
        let a2 = Vector(repeating: p[32 &+ k])
        s2v0 = multiplyAdd(a2, b0, s2v0)
        s2v1 = multiplyAdd(a2, b1, s2v1)
        let a3 = Vector(repeating: p[48 &+ k])
        s3v0 = multiplyAdd(a3, b0, s3v0)
        s3v1 = multiplyAdd(a3, b1, s3v1)
        w += 64
      }
      p += aStep
    }
    let d = UnsafeMutableRawPointer(c)
    if accumulate {
      s0v0 += d.load(fromByteOffset: 0, as: Vector.self)
      s0v1 += d.load(fromByteOffset: 32, as: Vector.self)
      s1v0 += d.load(fromByteOffset: 64, as: Vector.self)
      s1v1 += d.load(fromByteOffset: 96, as: Vector.self)
      s2v0 += d.load(fromByteOffset: 128, as: Vector.self)
      s2v1 += d.load(fromByteOffset: 160, as: Vector.self)
      s3v0 += d.load(fromByteOffset: 192, as: Vector.self)
      s3v1 += d.load(fromByteOffset: 224, as: Vector.self)
    }
    d.storeBytes(of: s0v0, toByteOffset: 0, as: Vector.self)
    d.storeBytes(of: s0v1, toByteOffset: 32, as: Vector.self)
    d.storeBytes(of: s1v0, toByteOffset: 64, as: Vector.self)
    d.storeBytes(of: s1v1, toByteOffset: 96, as: Vector.self)
    d.storeBytes(of: s2v0, toByteOffset: 128, as: Vector.self)
    d.storeBytes(of: s2v1, toByteOffset: 160, as: Vector.self)
    d.storeBytes(of: s3v0, toByteOffset: 192, as: Vector.self)
    d.storeBytes(of: s3v1, toByteOffset: 224, as: Vector.self)
  }

  private func tile5(
    _ a: Floats, _ aStep: Int, _ blocks: Int, _ b: Floats,
    _ c: MutableFloats, _ cStep: Int, _ accumulate: Bool, _ after: Floats, _ lines: Int
  ) {
    var s0v0 = Vector.zero; var s0v1 = Vector.zero
    var s1v0 = Vector.zero; var s1v1 = Vector.zero
    var s2v0 = Vector.zero; var s2v1 = Vector.zero
    var s3v0 = Vector.zero; var s3v1 = Vector.zero
    var s4v0 = Vector.zero; var s4v1 = Vector.zero
    var w = UnsafeRawPointer(b)
    var p = a
    for block in 0..<blocks {
      prefetch(p + 80, 0, 5)
      prefetch(after, block &* lines, lines)
      for k in 0..<16 {
        let b0 = w.load(fromByteOffset: 0, as: Vector.self)
        let b1 = w.load(fromByteOffset: 32, as: Vector.self)
        let a0 = Vector(repeating: p[k])
        s0v0 = multiplyAdd(a0, b0, s0v0)
        s0v1 = multiplyAdd(a0, b1, s0v1)
        let a1 = Vector(repeating: p[16 &+ k])
        s1v0 = multiplyAdd(a1, b0, s1v0)
        s1v1 = multiplyAdd(a1, b1, s1v1)
        let a2 = Vector(repeating: p[32 &+ k])
        s2v0 = multiplyAdd(a2, b0, s2v0)
        s2v1 = multiplyAdd(a2, b1, s2v1)
        let a3 = Vector(repeating: p[48 &+ k])
        s3v0 = multiplyAdd(a3, b0, s3v0)
        s3v1 = multiplyAdd(a3, b1, s3v1)
        let a4 = Vector(repeating: p[64 &+ k])
        s4v0 = multiplyAdd(a4, b0, s4v0)
        s4v1 = multiplyAdd(a4, b1, s4v1)
        w += 64
      }
      p += aStep
    }
    let d = UnsafeMutableRawPointer(c)
    if accumulate {
      s0v0 += d.load(fromByteOffset: 0, as: Vector.self)
      s0v1 += d.load(fromByteOffset: 32, as: Vector.self)
      s1v0 += d.load(fromByteOffset: 64, as: Vector.self)
      s1v1 += d.load(fromByteOffset: 96, as: Vector.self)
      s2v0 += d.load(fromByteOffset: 128, as: Vector.self)
      s2v1 += d.load(fromByteOffset: 160, as: Vector.self)
      s3v0 += d.load(fromByteOffset: 192, as: Vector.self)
      s3v1 += d.load(fromByteOffset: 224, as: Vector.self)
      s4v0 += d.load(fromByteOffset: 256, as: Vector.self)
      s4v1 += d.load(fromByteOffset: 288, as: Vector.self)
    }
    d.storeBytes(of: s0v0, toByteOffset: 0, as: Vector.self)
    d.storeBytes(of: s0v1, toByteOffset: 32, as: Vector.self)
    d.storeBytes(of: s1v0, toByteOffset: 64, as: Vector.self)
    d.storeBytes(of: s1v1, toByteOffset: 96, as: Vector.self)
    d.storeBytes(of: s2v0, toByteOffset: 128, as: Vector.self)
    d.storeBytes(of: s2v1, toByteOffset: 160, as: Vector.self)
    d.storeBytes(of: s3v0, toByteOffset: 192, as: Vector.self)
    d.storeBytes(of: s3v1, toByteOffset: 224, as: Vector.self)
    d.storeBytes(of: s4v0, toByteOffset: 256, as: Vector.self)
    d.storeBytes(of: s4v1, toByteOffset: 288, as: Vector.self)
  }

  private func tile6(
    _ a: Floats, _ aStep: Int, _ blocks: Int, _ b: Floats,
    _ c: MutableFloats, _ cStep: Int, _ accumulate: Bool, _ after: Floats, _ lines: Int
  ) {
    var s0v0 = Vector.zero; var s0v1 = Vector.zero
    var s1v0 = Vector.zero; var s1v1 = Vector.zero
    var s2v0 = Vector.zero; var s2v1 = Vector.zero
    var s3v0 = Vector.zero; var s3v1 = Vector.zero
    var s4v0 = Vector.zero; var s4v1 = Vector.zero
    var s5v0 = Vector.zero; var s5v1 = Vector.zero
    var w = UnsafeRawPointer(b)
    var p = a
    for block in 0..<blocks {
      prefetch(p + 96, 0, 6)
      prefetch(after, block &* lines, lines)
      for k in 0..<16 {
        let b0 = w.load(fromByteOffset: 0, as: Vector.self)
        let b1 = w.load(fromByteOffset: 32, as: Vector.self)
        let a0 = Vector(repeating: p[k])
        s0v0 = multiplyAdd(a0, b0, s0v0)
        s0v1 = multiplyAdd(a0, b1, s0v1)
        let a1 = Vector(repeating: p[16 &+ k])
        s1v0 = multiplyAdd(a1, b0, s1v0)
        s1v1 = multiplyAdd(a1, b1, s1v1)
        let a2 = Vector(repeating: p[32 &+ k])
        s2v0 = multiplyAdd(a2, b0, s2v0)
        s2v1 = multiplyAdd(a2, b1, s2v1)
        let a3 = Vector(repeating: p[48 &+ k])
        s3v0 = multiplyAdd(a3, b0, s3v0)
        s3v1 = multiplyAdd(a3, b1, s3v1)
        let a4 = Vector(repeating: p[64 &+ k])
        s4v0 = multiplyAdd(a4, b0, s4v0)
        s4v1 = multiplyAdd(a4, b1, s4v1)
        let a5 = Vector(repeating: p[80 &+ k])
        s5v0 = multiplyAdd(a5, b0, s5v0)
        s5v1 = multiplyAdd(a5, b1, s5v1)
        w += 64
      }
      p += aStep
    }
    let d = UnsafeMutableRawPointer(c)
    if accumulate {
      s0v0 += d.load(fromByteOffset: 0, as: Vector.self)
      s0v1 += d.load(fromByteOffset: 32, as: Vector.self)
      s1v0 += d.load(fromByteOffset: 64, as: Vector.self)
      s1v1 += d.load(fromByteOffset: 96, as: Vector.self)
      s2v0 += d.load(fromByteOffset: 128, as: Vector.self)
      s2v1 += d.load(fromByteOffset: 160, as: Vector.self)
      s3v0 += d.load(fromByteOffset: 192, as: Vector.self)
      s3v1 += d.load(fromByteOffset: 224, as: Vector.self)
      s4v0 += d.load(fromByteOffset: 256, as: Vector.self)
      s4v1 += d.load(fromByteOffset: 288, as: Vector.self)
      s5v0 += d.load(fromByteOffset: 320, as: Vector.self)
      s5v1 += d.load(fromByteOffset: 352, as: Vector.self)
    }
    d.storeBytes(of: s0v0, toByteOffset: 0, as: Vector.self)
    d.storeBytes(of: s0v1, toByteOffset: 32, as: Vector.self)
    d.storeBytes(of: s1v0, toByteOffset: 64, as: Vector.self)
    d.storeBytes(of: s1v1, toByteOffset: 96, as: Vector.self)
    d.storeBytes(of: s2v0, toByteOffset: 128, as: Vector.self)
    d.storeBytes(of: s2v1, toByteOffset: 160, as: Vector.self)
    d.storeBytes(of: s3v0, toByteOffset: 192, as: Vector.self)
    d.storeBytes(of: s3v1, toByteOffset: 224, as: Vector.self)
    d.storeBytes(of: s4v0, toByteOffset: 256, as: Vector.self)
    d.storeBytes(of: s4v1, toByteOffset: 288, as: Vector.self)
    d.storeBytes(of: s5v0, toByteOffset: 320, as: Vector.self)
    d.storeBytes(of: s5v1, toByteOffset: 352, as: Vector.self)
  }

  /// Products of `rows` rows (16 floats apart) with one panel of weights.
  ///
  /// The channels are summed in runs of `run` blocks of 16, each from zero, and the runs
  /// are added up: the weights of a run stay in the nearest cache, and the rounding errors
  /// of a long sum shrink with the length of its pieces. Meanwhile the weights of the next run
  /// are fetched; behind the last come those of the next product, at `next`.
  /// It is asked for a few lines at a time, since a processor waits who asks for many at once.
  func panelProduct(
    _ activations: Floats, _ aStep: Int, _ rows: Int, _ blocks: Int, _ runLength: Int,
    _ b: Floats, _ next: Floats, _ c: MutableFloats, _ cStep: Int, _ add: Bool
  ) {
    let tiles = (rows + tileRows - 1) / tileRows
    let low = rows / tiles
    let extra = rows % tiles
    var k = 0
    while k < blocks {
      let run = blocks - k < runLength ? blocks - k : runLength
      let accumulate = add || k > 0
      let weights = b + k * 16 * tileColumns
      let after = k + run < blocks ? weights + run * 16 * tileColumns : next
      let lines = (run * tileColumns + tiles * run - 1) / (tiles * run)
      var a = activations + k * aStep
      var to = c
      for i in 0..<tiles {
        let count = i < extra ? low + 1 : low
        let ahead = after + i * run * lines * 16
        switch count {
        case 1: tile1(a, aStep, run, weights, to, cStep, accumulate, ahead, lines)
        case 2: tile2(a, aStep, run, weights, to, cStep, accumulate, ahead, lines)
        case 3: tile3(a, aStep, run, weights, to, cStep, accumulate, ahead, lines)
        case 4: tile4(a, aStep, run, weights, to, cStep, accumulate, ahead, lines)
        case 5: tile5(a, aStep, run, weights, to, cStep, accumulate, ahead, lines)
        default: tile6(a, aStep, run, weights, to, cStep, accumulate, ahead, lines)
        }
        a += count * 16
        to += count * 16
      }
      k += run
    }
  }

  private func planar1(
    _ a: Floats, _ step: Int, _ offsets: UnsafePointer<Int>, _ depth: Int,
    _ b: Floats, _ c: MutableFloats
  ) {
    var s0v0 = Vector.zero; var s0v1 = Vector.zero
    var w = UnsafeRawPointer(b)
    for k in 0..<depth {
      let p = a + offsets[k]
      let b0 = w.load(fromByteOffset: 0, as: Vector.self)
      let b1 = w.load(fromByteOffset: 32, as: Vector.self)
      let a0 = Vector(repeating: p[0])
      s0v0 = multiplyAdd(a0, b0, s0v0)
      s0v1 = multiplyAdd(a0, b1, s0v1)
      w += 64
    }
    let d = UnsafeMutableRawPointer(c)
    d.storeBytes(of: s0v0, toByteOffset: 0, as: Vector.self)
    d.storeBytes(of: s0v1, toByteOffset: 32, as: Vector.self)
  }

  private func planar2(
    _ a: Floats, _ step: Int, _ offsets: UnsafePointer<Int>, _ depth: Int,
    _ b: Floats, _ c: MutableFloats
  ) {
    var s0v0 = Vector.zero; var s0v1 = Vector.zero
    var s1v0 = Vector.zero; var s1v1 = Vector.zero
    var w = UnsafeRawPointer(b)
    for k in 0..<depth {
      let p = a + offsets[k]
      let b0 = w.load(fromByteOffset: 0, as: Vector.self)
      let b1 = w.load(fromByteOffset: 32, as: Vector.self)
      let a0 = Vector(repeating: p[0])
      s0v0 = multiplyAdd(a0, b0, s0v0)
      s0v1 = multiplyAdd(a0, b1, s0v1)
      let a1 = Vector(repeating: p[step])
      s1v0 = multiplyAdd(a1, b0, s1v0)
      s1v1 = multiplyAdd(a1, b1, s1v1)
      w += 64
    }
    let d = UnsafeMutableRawPointer(c)
    d.storeBytes(of: s0v0, toByteOffset: 0, as: Vector.self)
    d.storeBytes(of: s0v1, toByteOffset: 32, as: Vector.self)
    d.storeBytes(of: s1v0, toByteOffset: 64, as: Vector.self)
    d.storeBytes(of: s1v1, toByteOffset: 96, as: Vector.self)
  }

  private func planar3(
    _ a: Floats, _ step: Int, _ offsets: UnsafePointer<Int>, _ depth: Int,
    _ b: Floats, _ c: MutableFloats
  ) {
    var s0v0 = Vector.zero; var s0v1 = Vector.zero
    var s1v0 = Vector.zero; var s1v1 = Vector.zero
    var s2v0 = Vector.zero; var s2v1 = Vector.zero
    var w = UnsafeRawPointer(b)
    for k in 0..<depth {
      let p = a + offsets[k]
      let b0 = w.load(fromByteOffset: 0, as: Vector.self)
      let b1 = w.load(fromByteOffset: 32, as: Vector.self)
      let a0 = Vector(repeating: p[0])
      s0v0 = multiplyAdd(a0, b0, s0v0)
      s0v1 = multiplyAdd(a0, b1, s0v1)
      let a1 = Vector(repeating: p[step])
      s1v0 = multiplyAdd(a1, b0, s1v0)
      s1v1 = multiplyAdd(a1, b1, s1v1)
      let a2 = Vector(repeating: p[2 &* step])
      s2v0 = multiplyAdd(a2, b0, s2v0)
      s2v1 = multiplyAdd(a2, b1, s2v1)
      w += 64
    }
    let d = UnsafeMutableRawPointer(c)
    d.storeBytes(of: s0v0, toByteOffset: 0, as: Vector.self)
    d.storeBytes(of: s0v1, toByteOffset: 32, as: Vector.self)
    d.storeBytes(of: s1v0, toByteOffset: 64, as: Vector.self)
    d.storeBytes(of: s1v1, toByteOffset: 96, as: Vector.self)
    d.storeBytes(of: s2v0, toByteOffset: 128, as: Vector.self)
    d.storeBytes(of: s2v1, toByteOffset: 160, as: Vector.self)
  }

  private func planar4(
    _ a: Floats, _ step: Int, _ offsets: UnsafePointer<Int>, _ depth: Int,
    _ b: Floats, _ c: MutableFloats
  ) {
    var s0v0 = Vector.zero; var s0v1 = Vector.zero
    var s1v0 = Vector.zero; var s1v1 = Vector.zero
    var s2v0 = Vector.zero; var s2v1 = Vector.zero
    var s3v0 = Vector.zero; var s3v1 = Vector.zero
    var w = UnsafeRawPointer(b)
    for k in 0..<depth {
      let p = a + offsets[k]
      let b0 = w.load(fromByteOffset: 0, as: Vector.self)
      let b1 = w.load(fromByteOffset: 32, as: Vector.self)
      let a0 = Vector(repeating: p[0])
      s0v0 = multiplyAdd(a0, b0, s0v0)
      s0v1 = multiplyAdd(a0, b1, s0v1)
      let a1 = Vector(repeating: p[step])
      s1v0 = multiplyAdd(a1, b0, s1v0)
      s1v1 = multiplyAdd(a1, b1, s1v1)
      let a2 = Vector(repeating: p[2 &* step])
      s2v0 = multiplyAdd(a2, b0, s2v0)
      s2v1 = multiplyAdd(a2, b1, s2v1)
      let a3 = Vector(repeating: p[3 &* step])
      s3v0 = multiplyAdd(a3, b0, s3v0)
      s3v1 = multiplyAdd(a3, b1, s3v1)
      w += 64
    }
    let d = UnsafeMutableRawPointer(c)
    d.storeBytes(of: s0v0, toByteOffset: 0, as: Vector.self)
    d.storeBytes(of: s0v1, toByteOffset: 32, as: Vector.self)
    d.storeBytes(of: s1v0, toByteOffset: 64, as: Vector.self)
    d.storeBytes(of: s1v1, toByteOffset: 96, as: Vector.self)
    d.storeBytes(of: s2v0, toByteOffset: 128, as: Vector.self)
    d.storeBytes(of: s2v1, toByteOffset: 160, as: Vector.self)
    d.storeBytes(of: s3v0, toByteOffset: 192, as: Vector.self)
    d.storeBytes(of: s3v1, toByteOffset: 224, as: Vector.self)
  }

  private func planar5(
    _ a: Floats, _ step: Int, _ offsets: UnsafePointer<Int>, _ depth: Int,
    _ b: Floats, _ c: MutableFloats
  ) {
    var s0v0 = Vector.zero; var s0v1 = Vector.zero
    var s1v0 = Vector.zero; var s1v1 = Vector.zero
    var s2v0 = Vector.zero; var s2v1 = Vector.zero
    var s3v0 = Vector.zero; var s3v1 = Vector.zero
    var s4v0 = Vector.zero; var s4v1 = Vector.zero
    var w = UnsafeRawPointer(b)
    for k in 0..<depth {
      let p = a + offsets[k]
      let b0 = w.load(fromByteOffset: 0, as: Vector.self)
      let b1 = w.load(fromByteOffset: 32, as: Vector.self)
      let a0 = Vector(repeating: p[0])
      s0v0 = multiplyAdd(a0, b0, s0v0)
      s0v1 = multiplyAdd(a0, b1, s0v1)
      let a1 = Vector(repeating: p[step])
      s1v0 = multiplyAdd(a1, b0, s1v0)
      s1v1 = multiplyAdd(a1, b1, s1v1)
      let a2 = Vector(repeating: p[2 &* step])
      s2v0 = multiplyAdd(a2, b0, s2v0)
      s2v1 = multiplyAdd(a2, b1, s2v1)
      let a3 = Vector(repeating: p[3 &* step])
      s3v0 = multiplyAdd(a3, b0, s3v0)
      s3v1 = multiplyAdd(a3, b1, s3v1)
      let a4 = Vector(repeating: p[4 &* step])
      s4v0 = multiplyAdd(a4, b0, s4v0)
      s4v1 = multiplyAdd(a4, b1, s4v1)
      w += 64
    }
    let d = UnsafeMutableRawPointer(c)
    d.storeBytes(of: s0v0, toByteOffset: 0, as: Vector.self)
    d.storeBytes(of: s0v1, toByteOffset: 32, as: Vector.self)
    d.storeBytes(of: s1v0, toByteOffset: 64, as: Vector.self)
    d.storeBytes(of: s1v1, toByteOffset: 96, as: Vector.self)
    d.storeBytes(of: s2v0, toByteOffset: 128, as: Vector.self)
    d.storeBytes(of: s2v1, toByteOffset: 160, as: Vector.self)
    d.storeBytes(of: s3v0, toByteOffset: 192, as: Vector.self)
    d.storeBytes(of: s3v1, toByteOffset: 224, as: Vector.self)
    d.storeBytes(of: s4v0, toByteOffset: 256, as: Vector.self)
    d.storeBytes(of: s4v1, toByteOffset: 288, as: Vector.self)
  }

  private func planar6(
    _ a: Floats, _ step: Int, _ offsets: UnsafePointer<Int>, _ depth: Int,
    _ b: Floats, _ c: MutableFloats
  ) {
    var s0v0 = Vector.zero; var s0v1 = Vector.zero
    var s1v0 = Vector.zero; var s1v1 = Vector.zero
    var s2v0 = Vector.zero; var s2v1 = Vector.zero
    var s3v0 = Vector.zero; var s3v1 = Vector.zero
    var s4v0 = Vector.zero; var s4v1 = Vector.zero
    var s5v0 = Vector.zero; var s5v1 = Vector.zero
    var w = UnsafeRawPointer(b)
    for k in 0..<depth {
      let p = a + offsets[k]
      let b0 = w.load(fromByteOffset: 0, as: Vector.self)
      let b1 = w.load(fromByteOffset: 32, as: Vector.self)
      let a0 = Vector(repeating: p[0])
      s0v0 = multiplyAdd(a0, b0, s0v0)
      s0v1 = multiplyAdd(a0, b1, s0v1)
      let a1 = Vector(repeating: p[step])
      s1v0 = multiplyAdd(a1, b0, s1v0)
      s1v1 = multiplyAdd(a1, b1, s1v1)
      let a2 = Vector(repeating: p[2 &* step])
      s2v0 = multiplyAdd(a2, b0, s2v0)
      s2v1 = multiplyAdd(a2, b1, s2v1)
      let a3 = Vector(repeating: p[3 &* step])
      s3v0 = multiplyAdd(a3, b0, s3v0)
      s3v1 = multiplyAdd(a3, b1, s3v1)
      let a4 = Vector(repeating: p[4 &* step])
      s4v0 = multiplyAdd(a4, b0, s4v0)
      s4v1 = multiplyAdd(a4, b1, s4v1)
      let a5 = Vector(repeating: p[5 &* step])
      s5v0 = multiplyAdd(a5, b0, s5v0)
      s5v1 = multiplyAdd(a5, b1, s5v1)
      w += 64
    }
    let d = UnsafeMutableRawPointer(c)
    d.storeBytes(of: s0v0, toByteOffset: 0, as: Vector.self)
    d.storeBytes(of: s0v1, toByteOffset: 32, as: Vector.self)
    d.storeBytes(of: s1v0, toByteOffset: 64, as: Vector.self)
    d.storeBytes(of: s1v1, toByteOffset: 96, as: Vector.self)
    d.storeBytes(of: s2v0, toByteOffset: 128, as: Vector.self)
    d.storeBytes(of: s2v1, toByteOffset: 160, as: Vector.self)
    d.storeBytes(of: s3v0, toByteOffset: 192, as: Vector.self)
    d.storeBytes(of: s3v1, toByteOffset: 224, as: Vector.self)
    d.storeBytes(of: s4v0, toByteOffset: 256, as: Vector.self)
    d.storeBytes(of: s4v1, toByteOffset: 288, as: Vector.self)
    d.storeBytes(of: s5v0, toByteOffset: 320, as: Vector.self)
    d.storeBytes(of: s5v1, toByteOffset: 352, as: Vector.self)
  }

  /// Products of `rows` pixels of planar maps (`step` floats apart) with one panel.
  /// Term k is found at `offsets[k]`; the sums go to rows of `tileColumns` floats.
  func planarProduct(
    _ pixels: Floats, _ step: Int, _ rows: Int, _ offsets: UnsafePointer<Int>,
    _ depth: Int, _ b: Floats, _ c: MutableFloats
  ) {
    var row = 0
    while row < rows {
      let count = rows - row < 6 ? rows - row : 6
      let a = pixels + row * step
      let to = c + row * tileColumns
      switch count {
      case 1: planar1(a, step, offsets, depth, b, to)
      case 2: planar2(a, step, offsets, depth, b, to)
      case 3: planar3(a, step, offsets, depth, b, to)
      case 4: planar4(a, step, offsets, depth, b, to)
      case 5: planar5(a, step, offsets, depth, b, to)
      default: planar6(a, step, offsets, depth, b, to)
      }
      row += count
    }
  }

#elseif arch(arm64)

  typealias Vector = SIMD4<Float>
  let tileRows = 6
  let tileColumns = 16

  private func tile1(
    _ a: Floats, _ aStep: Int, _ blocks: Int, _ b: Floats,
    _ c: MutableFloats, _ cStep: Int, _ accumulate: Bool, _ after: Floats, _ lines: Int
  ) {
    var s0v0 = Vector.zero; var s0v1 = Vector.zero; var s0v2 = Vector.zero; var s0v3 = Vector.zero
    var w = UnsafeRawPointer(b)
    var p = a
    for block in 0..<blocks {
      prefetch(p + 16, 0, 1)
      prefetch(after, block &* lines, lines)
      for k in 0..<16 {
        let b0 = w.load(fromByteOffset: 0, as: Vector.self)
        let b1 = w.load(fromByteOffset: 16, as: Vector.self)
        let b2 = w.load(fromByteOffset: 32, as: Vector.self)
        let b3 = w.load(fromByteOffset: 48, as: Vector.self)
        let a0 = Vector(repeating: p[k])
        s0v0 = multiplyAdd(a0, b0, s0v0)
        s0v1 = multiplyAdd(a0, b1, s0v1)
        s0v2 = multiplyAdd(a0, b2, s0v2)
        s0v3 = multiplyAdd(a0, b3, s0v3)
        w += 64
      }
      p += aStep
    }
    let d = UnsafeMutableRawPointer(c)
    if accumulate {
      s0v0 += d.load(fromByteOffset: 0, as: Vector.self)
      s0v1 += d.load(fromByteOffset: 16, as: Vector.self)
      s0v2 += d.load(fromByteOffset: 32, as: Vector.self)
      s0v3 += d.load(fromByteOffset: 48, as: Vector.self)
    }
    d.storeBytes(of: s0v0, toByteOffset: 0, as: Vector.self)
    d.storeBytes(of: s0v1, toByteOffset: 16, as: Vector.self)
    d.storeBytes(of: s0v2, toByteOffset: 32, as: Vector.self)
    d.storeBytes(of: s0v3, toByteOffset: 48, as: Vector.self)
  }

  private func tile2(
    _ a: Floats, _ aStep: Int, _ blocks: Int, _ b: Floats,
    _ c: MutableFloats, _ cStep: Int, _ accumulate: Bool, _ after: Floats, _ lines: Int
  ) {
    var s0v0 = Vector.zero; var s0v1 = Vector.zero; var s0v2 = Vector.zero; var s0v3 = Vector.zero
    var s1v0 = Vector.zero; var s1v1 = Vector.zero; var s1v2 = Vector.zero; var s1v3 = Vector.zero
    var w = UnsafeRawPointer(b)
    var p = a
    for block in 0..<blocks {
      prefetch(p + 32, 0, 2)
      prefetch(after, block &* lines, lines)
      for k in 0..<16 {
        let b0 = w.load(fromByteOffset: 0, as: Vector.self)
        let b1 = w.load(fromByteOffset: 16, as: Vector.self)
        let b2 = w.load(fromByteOffset: 32, as: Vector.self)
        let b3 = w.load(fromByteOffset: 48, as: Vector.self)
        let a0 = Vector(repeating: p[k])
        s0v0 = multiplyAdd(a0, b0, s0v0)
        s0v1 = multiplyAdd(a0, b1, s0v1)
        s0v2 = multiplyAdd(a0, b2, s0v2)
        s0v3 = multiplyAdd(a0, b3, s0v3)
        let a1 = Vector(repeating: p[16 &+ k])
        s1v0 = multiplyAdd(a1, b0, s1v0)
        s1v1 = multiplyAdd(a1, b1, s1v1)
        s1v2 = multiplyAdd(a1, b2, s1v2)
        s1v3 = multiplyAdd(a1, b3, s1v3)
        w += 64
      }
      p += aStep
    }
    let d = UnsafeMutableRawPointer(c)
    if accumulate {
      s0v0 += d.load(fromByteOffset: 0, as: Vector.self)
      s0v1 += d.load(fromByteOffset: 16, as: Vector.self)
      s0v2 += d.load(fromByteOffset: 32, as: Vector.self)
      s0v3 += d.load(fromByteOffset: 48, as: Vector.self)
      s1v0 += d.load(fromByteOffset: 64, as: Vector.self)
      s1v1 += d.load(fromByteOffset: 80, as: Vector.self)
      s1v2 += d.load(fromByteOffset: 96, as: Vector.self)
      s1v3 += d.load(fromByteOffset: 112, as: Vector.self)
    }
    d.storeBytes(of: s0v0, toByteOffset: 0, as: Vector.self)
    d.storeBytes(of: s0v1, toByteOffset: 16, as: Vector.self)
    d.storeBytes(of: s0v2, toByteOffset: 32, as: Vector.self)
    d.storeBytes(of: s0v3, toByteOffset: 48, as: Vector.self)
    d.storeBytes(of: s1v0, toByteOffset: 64, as: Vector.self)
    d.storeBytes(of: s1v1, toByteOffset: 80, as: Vector.self)
    d.storeBytes(of: s1v2, toByteOffset: 96, as: Vector.self)
    d.storeBytes(of: s1v3, toByteOffset: 112, as: Vector.self)
  }

  private func tile3(
    _ a: Floats, _ aStep: Int, _ blocks: Int, _ b: Floats,
    _ c: MutableFloats, _ cStep: Int, _ accumulate: Bool, _ after: Floats, _ lines: Int
  ) {
    var s0v0 = Vector.zero; var s0v1 = Vector.zero; var s0v2 = Vector.zero; var s0v3 = Vector.zero
    var s1v0 = Vector.zero; var s1v1 = Vector.zero; var s1v2 = Vector.zero; var s1v3 = Vector.zero
    var s2v0 = Vector.zero; var s2v1 = Vector.zero; var s2v2 = Vector.zero; var s2v3 = Vector.zero
    var w = UnsafeRawPointer(b)
    var p = a
    for block in 0..<blocks {
      prefetch(p + 48, 0, 3)
      prefetch(after, block &* lines, lines)
      for k in 0..<16 {
        let b0 = w.load(fromByteOffset: 0, as: Vector.self)
        let b1 = w.load(fromByteOffset: 16, as: Vector.self)
        let b2 = w.load(fromByteOffset: 32, as: Vector.self)
        let b3 = w.load(fromByteOffset: 48, as: Vector.self)
        let a0 = Vector(repeating: p[k])
        s0v0 = multiplyAdd(a0, b0, s0v0)
        s0v1 = multiplyAdd(a0, b1, s0v1)
        s0v2 = multiplyAdd(a0, b2, s0v2)
        s0v3 = multiplyAdd(a0, b3, s0v3)
        let a1 = Vector(repeating: p[16 &+ k])
        s1v0 = multiplyAdd(a1, b0, s1v0)
        s1v1 = multiplyAdd(a1, b1, s1v1)
        s1v2 = multiplyAdd(a1, b2, s1v2)
        s1v3 = multiplyAdd(a1, b3, s1v3)
        let a2 = Vector(repeating: p[32 &+ k])
        s2v0 = multiplyAdd(a2, b0, s2v0)
        s2v1 = multiplyAdd(a2, b1, s2v1)
        s2v2 = multiplyAdd(a2, b2, s2v2)
        s2v3 = multiplyAdd(a2, b3, s2v3)
        w += 64
      }
      p += aStep
    }
    let d = UnsafeMutableRawPointer(c)
    if accumulate {
      s0v0 += d.load(fromByteOffset: 0, as: Vector.self)
      s0v1 += d.load(fromByteOffset: 16, as: Vector.self)
      s0v2 += d.load(fromByteOffset: 32, as: Vector.self)
      s0v3 += d.load(fromByteOffset: 48, as: Vector.self)
      s1v0 += d.load(fromByteOffset: 64, as: Vector.self)
      s1v1 += d.load(fromByteOffset: 80, as: Vector.self)
      s1v2 += d.load(fromByteOffset: 96, as: Vector.self)
      s1v3 += d.load(fromByteOffset: 112, as: Vector.self)
      s2v0 += d.load(fromByteOffset: 128, as: Vector.self)
      s2v1 += d.load(fromByteOffset: 144, as: Vector.self)
      s2v2 += d.load(fromByteOffset: 160, as: Vector.self)
      s2v3 += d.load(fromByteOffset: 176, as: Vector.self)
    }
    d.storeBytes(of: s0v0, toByteOffset: 0, as: Vector.self)
    d.storeBytes(of: s0v1, toByteOffset: 16, as: Vector.self)
    d.storeBytes(of: s0v2, toByteOffset: 32, as: Vector.self)
    d.storeBytes(of: s0v3, toByteOffset: 48, as: Vector.self)
    d.storeBytes(of: s1v0, toByteOffset: 64, as: Vector.self)
    d.storeBytes(of: s1v1, toByteOffset: 80, as: Vector.self)
    d.storeBytes(of: s1v2, toByteOffset: 96, as: Vector.self)
    d.storeBytes(of: s1v3, toByteOffset: 112, as: Vector.self)
    d.storeBytes(of: s2v0, toByteOffset: 128, as: Vector.self)
    d.storeBytes(of: s2v1, toByteOffset: 144, as: Vector.self)
    d.storeBytes(of: s2v2, toByteOffset: 160, as: Vector.self)
    d.storeBytes(of: s2v3, toByteOffset: 176, as: Vector.self)
  }

  private func tile4(
    _ a: Floats, _ aStep: Int, _ blocks: Int, _ b: Floats,
    _ c: MutableFloats, _ cStep: Int, _ accumulate: Bool, _ after: Floats, _ lines: Int
  ) {
    var s0v0 = Vector.zero; var s0v1 = Vector.zero; var s0v2 = Vector.zero; var s0v3 = Vector.zero
    var s1v0 = Vector.zero; var s1v1 = Vector.zero; var s1v2 = Vector.zero; var s1v3 = Vector.zero
    var s2v0 = Vector.zero; var s2v1 = Vector.zero; var s2v2 = Vector.zero; var s2v3 = Vector.zero
    var s3v0 = Vector.zero; var s3v1 = Vector.zero; var s3v2 = Vector.zero; var s3v3 = Vector.zero
    var w = UnsafeRawPointer(b)
    var p = a
    for block in 0..<blocks {
      prefetch(p + 64, 0, 4)
      prefetch(after, block &* lines, lines)
      for k in 0..<16 {
        let b0 = w.load(fromByteOffset: 0, as: Vector.self)
        let b1 = w.load(fromByteOffset: 16, as: Vector.self)
        let b2 = w.load(fromByteOffset: 32, as: Vector.self)
        let b3 = w.load(fromByteOffset: 48, as: Vector.self)
        let a0 = Vector(repeating: p[k])
        s0v0 = multiplyAdd(a0, b0, s0v0)
        s0v1 = multiplyAdd(a0, b1, s0v1)
        s0v2 = multiplyAdd(a0, b2, s0v2)
        s0v3 = multiplyAdd(a0, b3, s0v3)
        let a1 = Vector(repeating: p[16 &+ k])
        s1v0 = multiplyAdd(a1, b0, s1v0)
        s1v1 = multiplyAdd(a1, b1, s1v1)
        s1v2 = multiplyAdd(a1, b2, s1v2)
        s1v3 = multiplyAdd(a1, b3, s1v3)
        let a2 = Vector(repeating: p[32 &+ k])
        s2v0 = multiplyAdd(a2, b0, s2v0)
        s2v1 = multiplyAdd(a2, b1, s2v1)
        s2v2 = multiplyAdd(a2, b2, s2v2)
        s2v3 = multiplyAdd(a2, b3, s2v3)
        let a3 = Vector(repeating: p[48 &+ k])
        s3v0 = multiplyAdd(a3, b0, s3v0)
        s3v1 = multiplyAdd(a3, b1, s3v1)
        s3v2 = multiplyAdd(a3, b2, s3v2)
        s3v3 = multiplyAdd(a3, b3, s3v3)
        w += 64
      }
      p += aStep
    }
    let d = UnsafeMutableRawPointer(c)
    if accumulate {
      s0v0 += d.load(fromByteOffset: 0, as: Vector.self)
      s0v1 += d.load(fromByteOffset: 16, as: Vector.self)
      s0v2 += d.load(fromByteOffset: 32, as: Vector.self)
      s0v3 += d.load(fromByteOffset: 48, as: Vector.self)
      s1v0 += d.load(fromByteOffset: 64, as: Vector.self)
      s1v1 += d.load(fromByteOffset: 80, as: Vector.self)
      s1v2 += d.load(fromByteOffset: 96, as: Vector.self)
      s1v3 += d.load(fromByteOffset: 112, as: Vector.self)
      s2v0 += d.load(fromByteOffset: 128, as: Vector.self)
      s2v1 += d.load(fromByteOffset: 144, as: Vector.self)
      s2v2 += d.load(fromByteOffset: 160, as: Vector.self)
      s2v3 += d.load(fromByteOffset: 176, as: Vector.self)
      s3v0 += d.load(fromByteOffset: 192, as: Vector.self)
      s3v1 += d.load(fromByteOffset: 208, as: Vector.self)
      s3v2 += d.load(fromByteOffset: 224, as: Vector.self)
      s3v3 += d.load(fromByteOffset: 240, as: Vector.self)
    }
    d.storeBytes(of: s0v0, toByteOffset: 0, as: Vector.self)
    d.storeBytes(of: s0v1, toByteOffset: 16, as: Vector.self)
    d.storeBytes(of: s0v2, toByteOffset: 32, as: Vector.self)
    d.storeBytes(of: s0v3, toByteOffset: 48, as: Vector.self)
    d.storeBytes(of: s1v0, toByteOffset: 64, as: Vector.self)
    d.storeBytes(of: s1v1, toByteOffset: 80, as: Vector.self)
    d.storeBytes(of: s1v2, toByteOffset: 96, as: Vector.self)
    d.storeBytes(of: s1v3, toByteOffset: 112, as: Vector.self)
    d.storeBytes(of: s2v0, toByteOffset: 128, as: Vector.self)
    d.storeBytes(of: s2v1, toByteOffset: 144, as: Vector.self)
    d.storeBytes(of: s2v2, toByteOffset: 160, as: Vector.self)
    d.storeBytes(of: s2v3, toByteOffset: 176, as: Vector.self)
    d.storeBytes(of: s3v0, toByteOffset: 192, as: Vector.self)
    d.storeBytes(of: s3v1, toByteOffset: 208, as: Vector.self)
    d.storeBytes(of: s3v2, toByteOffset: 224, as: Vector.self)
    d.storeBytes(of: s3v3, toByteOffset: 240, as: Vector.self)
  }

  private func tile5(
    _ a: Floats, _ aStep: Int, _ blocks: Int, _ b: Floats,
    _ c: MutableFloats, _ cStep: Int, _ accumulate: Bool, _ after: Floats, _ lines: Int
  ) {
    var s0v0 = Vector.zero; var s0v1 = Vector.zero; var s0v2 = Vector.zero; var s0v3 = Vector.zero
    var s1v0 = Vector.zero; var s1v1 = Vector.zero; var s1v2 = Vector.zero; var s1v3 = Vector.zero
    var s2v0 = Vector.zero; var s2v1 = Vector.zero; var s2v2 = Vector.zero; var s2v3 = Vector.zero
    var s3v0 = Vector.zero; var s3v1 = Vector.zero; var s3v2 = Vector.zero; var s3v3 = Vector.zero
    var s4v0 = Vector.zero; var s4v1 = Vector.zero; var s4v2 = Vector.zero; var s4v3 = Vector.zero
    var w = UnsafeRawPointer(b)
    var p = a
    for block in 0..<blocks {
      prefetch(p + 80, 0, 5)
      prefetch(after, block &* lines, lines)
      for k in 0..<16 {
        let b0 = w.load(fromByteOffset: 0, as: Vector.self)
        let b1 = w.load(fromByteOffset: 16, as: Vector.self)
        let b2 = w.load(fromByteOffset: 32, as: Vector.self)
        let b3 = w.load(fromByteOffset: 48, as: Vector.self)
        let a0 = Vector(repeating: p[k])
        s0v0 = multiplyAdd(a0, b0, s0v0)
        s0v1 = multiplyAdd(a0, b1, s0v1)
        s0v2 = multiplyAdd(a0, b2, s0v2)
        s0v3 = multiplyAdd(a0, b3, s0v3)
        let a1 = Vector(repeating: p[16 &+ k])
        s1v0 = multiplyAdd(a1, b0, s1v0)
        s1v1 = multiplyAdd(a1, b1, s1v1)
        s1v2 = multiplyAdd(a1, b2, s1v2)
        s1v3 = multiplyAdd(a1, b3, s1v3)
        let a2 = Vector(repeating: p[32 &+ k])
        s2v0 = multiplyAdd(a2, b0, s2v0)
        s2v1 = multiplyAdd(a2, b1, s2v1)
        s2v2 = multiplyAdd(a2, b2, s2v2)
        s2v3 = multiplyAdd(a2, b3, s2v3)
        let a3 = Vector(repeating: p[48 &+ k])
        s3v0 = multiplyAdd(a3, b0, s3v0)
        s3v1 = multiplyAdd(a3, b1, s3v1)
        s3v2 = multiplyAdd(a3, b2, s3v2)
        s3v3 = multiplyAdd(a3, b3, s3v3)
        let a4 = Vector(repeating: p[64 &+ k])
        s4v0 = multiplyAdd(a4, b0, s4v0)
        s4v1 = multiplyAdd(a4, b1, s4v1)
        s4v2 = multiplyAdd(a4, b2, s4v2)
        s4v3 = multiplyAdd(a4, b3, s4v3)
        w += 64
      }
      p += aStep
    }
    let d = UnsafeMutableRawPointer(c)
    if accumulate {
      s0v0 += d.load(fromByteOffset: 0, as: Vector.self)
      s0v1 += d.load(fromByteOffset: 16, as: Vector.self)
      s0v2 += d.load(fromByteOffset: 32, as: Vector.self)
      s0v3 += d.load(fromByteOffset: 48, as: Vector.self)
      s1v0 += d.load(fromByteOffset: 64, as: Vector.self)
      s1v1 += d.load(fromByteOffset: 80, as: Vector.self)
      s1v2 += d.load(fromByteOffset: 96, as: Vector.self)
      s1v3 += d.load(fromByteOffset: 112, as: Vector.self)
      s2v0 += d.load(fromByteOffset: 128, as: Vector.self)
      s2v1 += d.load(fromByteOffset: 144, as: Vector.self)
      s2v2 += d.load(fromByteOffset: 160, as: Vector.self)
      s2v3 += d.load(fromByteOffset: 176, as: Vector.self)
      s3v0 += d.load(fromByteOffset: 192, as: Vector.self)
      s3v1 += d.load(fromByteOffset: 208, as: Vector.self)
      s3v2 += d.load(fromByteOffset: 224, as: Vector.self)
      s3v3 += d.load(fromByteOffset: 240, as: Vector.self)
      s4v0 += d.load(fromByteOffset: 256, as: Vector.self)
      s4v1 += d.load(fromByteOffset: 272, as: Vector.self)
      s4v2 += d.load(fromByteOffset: 288, as: Vector.self)
      s4v3 += d.load(fromByteOffset: 304, as: Vector.self)
    }
    d.storeBytes(of: s0v0, toByteOffset: 0, as: Vector.self)
    d.storeBytes(of: s0v1, toByteOffset: 16, as: Vector.self)
    d.storeBytes(of: s0v2, toByteOffset: 32, as: Vector.self)
    d.storeBytes(of: s0v3, toByteOffset: 48, as: Vector.self)
    d.storeBytes(of: s1v0, toByteOffset: 64, as: Vector.self)
    d.storeBytes(of: s1v1, toByteOffset: 80, as: Vector.self)
    d.storeBytes(of: s1v2, toByteOffset: 96, as: Vector.self)
    d.storeBytes(of: s1v3, toByteOffset: 112, as: Vector.self)
    d.storeBytes(of: s2v0, toByteOffset: 128, as: Vector.self)
    d.storeBytes(of: s2v1, toByteOffset: 144, as: Vector.self)
    d.storeBytes(of: s2v2, toByteOffset: 160, as: Vector.self)
    d.storeBytes(of: s2v3, toByteOffset: 176, as: Vector.self)
    d.storeBytes(of: s3v0, toByteOffset: 192, as: Vector.self)
    d.storeBytes(of: s3v1, toByteOffset: 208, as: Vector.self)
    d.storeBytes(of: s3v2, toByteOffset: 224, as: Vector.self)
    d.storeBytes(of: s3v3, toByteOffset: 240, as: Vector.self)
    d.storeBytes(of: s4v0, toByteOffset: 256, as: Vector.self)
    d.storeBytes(of: s4v1, toByteOffset: 272, as: Vector.self)
    d.storeBytes(of: s4v2, toByteOffset: 288, as: Vector.self)
    d.storeBytes(of: s4v3, toByteOffset: 304, as: Vector.self)
  }

  private func tile6(
    _ a: Floats, _ aStep: Int, _ blocks: Int, _ b: Floats,
    _ c: MutableFloats, _ cStep: Int, _ accumulate: Bool, _ after: Floats, _ lines: Int
  ) {
    var s0v0 = Vector.zero; var s0v1 = Vector.zero; var s0v2 = Vector.zero; var s0v3 = Vector.zero
    var s1v0 = Vector.zero; var s1v1 = Vector.zero; var s1v2 = Vector.zero; var s1v3 = Vector.zero
    var s2v0 = Vector.zero; var s2v1 = Vector.zero; var s2v2 = Vector.zero; var s2v3 = Vector.zero
    var s3v0 = Vector.zero; var s3v1 = Vector.zero; var s3v2 = Vector.zero; var s3v3 = Vector.zero
    var s4v0 = Vector.zero; var s4v1 = Vector.zero; var s4v2 = Vector.zero; var s4v3 = Vector.zero
    var s5v0 = Vector.zero; var s5v1 = Vector.zero; var s5v2 = Vector.zero; var s5v3 = Vector.zero
    var w = UnsafeRawPointer(b)
    var p = a
    for block in 0..<blocks {
      prefetch(p + 96, 0, 6)
      prefetch(after, block &* lines, lines)
      for k in 0..<16 {
        let b0 = w.load(fromByteOffset: 0, as: Vector.self)
        let b1 = w.load(fromByteOffset: 16, as: Vector.self)
        let b2 = w.load(fromByteOffset: 32, as: Vector.self)
        let b3 = w.load(fromByteOffset: 48, as: Vector.self)
        let a0 = Vector(repeating: p[k])
        s0v0 = multiplyAdd(a0, b0, s0v0)
        s0v1 = multiplyAdd(a0, b1, s0v1)
        s0v2 = multiplyAdd(a0, b2, s0v2)
        s0v3 = multiplyAdd(a0, b3, s0v3)
        let a1 = Vector(repeating: p[16 &+ k])
        s1v0 = multiplyAdd(a1, b0, s1v0)
        s1v1 = multiplyAdd(a1, b1, s1v1)
        s1v2 = multiplyAdd(a1, b2, s1v2)
        s1v3 = multiplyAdd(a1, b3, s1v3)
        let a2 = Vector(repeating: p[32 &+ k])
        s2v0 = multiplyAdd(a2, b0, s2v0)
        s2v1 = multiplyAdd(a2, b1, s2v1)
        s2v2 = multiplyAdd(a2, b2, s2v2)
        s2v3 = multiplyAdd(a2, b3, s2v3)
        let a3 = Vector(repeating: p[48 &+ k])
        s3v0 = multiplyAdd(a3, b0, s3v0)
        s3v1 = multiplyAdd(a3, b1, s3v1)
        s3v2 = multiplyAdd(a3, b2, s3v2)
        s3v3 = multiplyAdd(a3, b3, s3v3)
        let a4 = Vector(repeating: p[64 &+ k])
        s4v0 = multiplyAdd(a4, b0, s4v0)
        s4v1 = multiplyAdd(a4, b1, s4v1)
        s4v2 = multiplyAdd(a4, b2, s4v2)
        s4v3 = multiplyAdd(a4, b3, s4v3)
        let a5 = Vector(repeating: p[80 &+ k])
        s5v0 = multiplyAdd(a5, b0, s5v0)
        s5v1 = multiplyAdd(a5, b1, s5v1)
        s5v2 = multiplyAdd(a5, b2, s5v2)
        s5v3 = multiplyAdd(a5, b3, s5v3)
        w += 64
      }
      p += aStep
    }
    let d = UnsafeMutableRawPointer(c)
    if accumulate {
      s0v0 += d.load(fromByteOffset: 0, as: Vector.self)
      s0v1 += d.load(fromByteOffset: 16, as: Vector.self)
      s0v2 += d.load(fromByteOffset: 32, as: Vector.self)
      s0v3 += d.load(fromByteOffset: 48, as: Vector.self)
      s1v0 += d.load(fromByteOffset: 64, as: Vector.self)
      s1v1 += d.load(fromByteOffset: 80, as: Vector.self)
      s1v2 += d.load(fromByteOffset: 96, as: Vector.self)
      s1v3 += d.load(fromByteOffset: 112, as: Vector.self)
      s2v0 += d.load(fromByteOffset: 128, as: Vector.self)
      s2v1 += d.load(fromByteOffset: 144, as: Vector.self)
      s2v2 += d.load(fromByteOffset: 160, as: Vector.self)
      s2v3 += d.load(fromByteOffset: 176, as: Vector.self)
      s3v0 += d.load(fromByteOffset: 192, as: Vector.self)
      s3v1 += d.load(fromByteOffset: 208, as: Vector.self)
      s3v2 += d.load(fromByteOffset: 224, as: Vector.self)
      s3v3 += d.load(fromByteOffset: 240, as: Vector.self)
      s4v0 += d.load(fromByteOffset: 256, as: Vector.self)
      s4v1 += d.load(fromByteOffset: 272, as: Vector.self)
      s4v2 += d.load(fromByteOffset: 288, as: Vector.self)
      s4v3 += d.load(fromByteOffset: 304, as: Vector.self)
      s5v0 += d.load(fromByteOffset: 320, as: Vector.self)
      s5v1 += d.load(fromByteOffset: 336, as: Vector.self)
      s5v2 += d.load(fromByteOffset: 352, as: Vector.self)
      s5v3 += d.load(fromByteOffset: 368, as: Vector.self)
    }
    d.storeBytes(of: s0v0, toByteOffset: 0, as: Vector.self)
    d.storeBytes(of: s0v1, toByteOffset: 16, as: Vector.self)
    d.storeBytes(of: s0v2, toByteOffset: 32, as: Vector.self)
    d.storeBytes(of: s0v3, toByteOffset: 48, as: Vector.self)
    d.storeBytes(of: s1v0, toByteOffset: 64, as: Vector.self)
    d.storeBytes(of: s1v1, toByteOffset: 80, as: Vector.self)
    d.storeBytes(of: s1v2, toByteOffset: 96, as: Vector.self)
    d.storeBytes(of: s1v3, toByteOffset: 112, as: Vector.self)
    d.storeBytes(of: s2v0, toByteOffset: 128, as: Vector.self)
    d.storeBytes(of: s2v1, toByteOffset: 144, as: Vector.self)
    d.storeBytes(of: s2v2, toByteOffset: 160, as: Vector.self)
    d.storeBytes(of: s2v3, toByteOffset: 176, as: Vector.self)
    d.storeBytes(of: s3v0, toByteOffset: 192, as: Vector.self)
    d.storeBytes(of: s3v1, toByteOffset: 208, as: Vector.self)
    d.storeBytes(of: s3v2, toByteOffset: 224, as: Vector.self)
    d.storeBytes(of: s3v3, toByteOffset: 240, as: Vector.self)
    d.storeBytes(of: s4v0, toByteOffset: 256, as: Vector.self)
    d.storeBytes(of: s4v1, toByteOffset: 272, as: Vector.self)
    d.storeBytes(of: s4v2, toByteOffset: 288, as: Vector.self)
    d.storeBytes(of: s4v3, toByteOffset: 304, as: Vector.self)
    d.storeBytes(of: s5v0, toByteOffset: 320, as: Vector.self)
    d.storeBytes(of: s5v1, toByteOffset: 336, as: Vector.self)
    d.storeBytes(of: s5v2, toByteOffset: 352, as: Vector.self)
    d.storeBytes(of: s5v3, toByteOffset: 368, as: Vector.self)
  }

  /// Products of `rows` rows (16 floats apart) with one panel of weights.
  ///
  /// The channels are summed in runs of `run` blocks of 16, each from zero, and the runs
  /// are added up: the weights of a run stay in the nearest cache, and the rounding errors
  /// of a long sum shrink with the length of its pieces. Meanwhile the weights of the next run
  /// are fetched; behind the last come those of the next product, at `next`.
  /// It is asked for a few lines at a time, since a processor waits who asks for many at once.
  func panelProduct(
    _ activations: Floats, _ aStep: Int, _ rows: Int, _ blocks: Int, _ runLength: Int,
    _ b: Floats, _ next: Floats, _ c: MutableFloats, _ cStep: Int, _ add: Bool
  ) {
    let tiles = (rows + tileRows - 1) / tileRows
    let low = rows / tiles
    let extra = rows % tiles
    var k = 0
    while k < blocks {
      let run = blocks - k < runLength ? blocks - k : runLength
      let accumulate = add || k > 0
      let weights = b + k * 16 * tileColumns
      let after = k + run < blocks ? weights + run * 16 * tileColumns : next
      let lines = (run * tileColumns + tiles * run - 1) / (tiles * run)
      var a = activations + k * aStep
      var to = c
      for i in 0..<tiles {
        let count = i < extra ? low + 1 : low
        let ahead = after + i * run * lines * 16
        switch count {
        case 1: tile1(a, aStep, run, weights, to, cStep, accumulate, ahead, lines)
        case 2: tile2(a, aStep, run, weights, to, cStep, accumulate, ahead, lines)
        case 3: tile3(a, aStep, run, weights, to, cStep, accumulate, ahead, lines)
        case 4: tile4(a, aStep, run, weights, to, cStep, accumulate, ahead, lines)
        case 5: tile5(a, aStep, run, weights, to, cStep, accumulate, ahead, lines)
        default: tile6(a, aStep, run, weights, to, cStep, accumulate, ahead, lines)
        }
        a += count * 16
        to += count * 16
      }
      k += run
    }
  }

  private func planar1(
    _ a: Floats, _ step: Int, _ offsets: UnsafePointer<Int>, _ depth: Int,
    _ b: Floats, _ c: MutableFloats
  ) {
    var s0v0 = Vector.zero; var s0v1 = Vector.zero; var s0v2 = Vector.zero; var s0v3 = Vector.zero
    var w = UnsafeRawPointer(b)
    for k in 0..<depth {
      let p = a + offsets[k]
      let b0 = w.load(fromByteOffset: 0, as: Vector.self)
      let b1 = w.load(fromByteOffset: 16, as: Vector.self)
      let b2 = w.load(fromByteOffset: 32, as: Vector.self)
      let b3 = w.load(fromByteOffset: 48, as: Vector.self)
      let a0 = Vector(repeating: p[0])
      s0v0 = multiplyAdd(a0, b0, s0v0)
      s0v1 = multiplyAdd(a0, b1, s0v1)
      s0v2 = multiplyAdd(a0, b2, s0v2)
      s0v3 = multiplyAdd(a0, b3, s0v3)
      w += 64
    }
    let d = UnsafeMutableRawPointer(c)
    d.storeBytes(of: s0v0, toByteOffset: 0, as: Vector.self)
    d.storeBytes(of: s0v1, toByteOffset: 16, as: Vector.self)
    d.storeBytes(of: s0v2, toByteOffset: 32, as: Vector.self)
    d.storeBytes(of: s0v3, toByteOffset: 48, as: Vector.self)
  }

  private func planar2(
    _ a: Floats, _ step: Int, _ offsets: UnsafePointer<Int>, _ depth: Int,
    _ b: Floats, _ c: MutableFloats
  ) {
    var s0v0 = Vector.zero; var s0v1 = Vector.zero; var s0v2 = Vector.zero; var s0v3 = Vector.zero
    var s1v0 = Vector.zero; var s1v1 = Vector.zero; var s1v2 = Vector.zero; var s1v3 = Vector.zero
    var w = UnsafeRawPointer(b)
    for k in 0..<depth {
      let p = a + offsets[k]
      let b0 = w.load(fromByteOffset: 0, as: Vector.self)
      let b1 = w.load(fromByteOffset: 16, as: Vector.self)
      let b2 = w.load(fromByteOffset: 32, as: Vector.self)
      let b3 = w.load(fromByteOffset: 48, as: Vector.self)
      let a0 = Vector(repeating: p[0])
      s0v0 = multiplyAdd(a0, b0, s0v0)
      s0v1 = multiplyAdd(a0, b1, s0v1)
      s0v2 = multiplyAdd(a0, b2, s0v2)
      s0v3 = multiplyAdd(a0, b3, s0v3)
      let a1 = Vector(repeating: p[step])
      s1v0 = multiplyAdd(a1, b0, s1v0)
      s1v1 = multiplyAdd(a1, b1, s1v1)
      s1v2 = multiplyAdd(a1, b2, s1v2)
      s1v3 = multiplyAdd(a1, b3, s1v3)
      w += 64
    }
    let d = UnsafeMutableRawPointer(c)
    d.storeBytes(of: s0v0, toByteOffset: 0, as: Vector.self)
    d.storeBytes(of: s0v1, toByteOffset: 16, as: Vector.self)
    d.storeBytes(of: s0v2, toByteOffset: 32, as: Vector.self)
    d.storeBytes(of: s0v3, toByteOffset: 48, as: Vector.self)
    d.storeBytes(of: s1v0, toByteOffset: 64, as: Vector.self)
    d.storeBytes(of: s1v1, toByteOffset: 80, as: Vector.self)
    d.storeBytes(of: s1v2, toByteOffset: 96, as: Vector.self)
    d.storeBytes(of: s1v3, toByteOffset: 112, as: Vector.self)
  }

  private func planar3(
    _ a: Floats, _ step: Int, _ offsets: UnsafePointer<Int>, _ depth: Int,
    _ b: Floats, _ c: MutableFloats
  ) {
    var s0v0 = Vector.zero; var s0v1 = Vector.zero; var s0v2 = Vector.zero; var s0v3 = Vector.zero
    var s1v0 = Vector.zero; var s1v1 = Vector.zero; var s1v2 = Vector.zero; var s1v3 = Vector.zero
    var s2v0 = Vector.zero; var s2v1 = Vector.zero; var s2v2 = Vector.zero; var s2v3 = Vector.zero
    var w = UnsafeRawPointer(b)
    for k in 0..<depth {
      let p = a + offsets[k]
      let b0 = w.load(fromByteOffset: 0, as: Vector.self)
      let b1 = w.load(fromByteOffset: 16, as: Vector.self)
      let b2 = w.load(fromByteOffset: 32, as: Vector.self)
      let b3 = w.load(fromByteOffset: 48, as: Vector.self)
      let a0 = Vector(repeating: p[0])
      s0v0 = multiplyAdd(a0, b0, s0v0)
      s0v1 = multiplyAdd(a0, b1, s0v1)
      s0v2 = multiplyAdd(a0, b2, s0v2)
      s0v3 = multiplyAdd(a0, b3, s0v3)
      let a1 = Vector(repeating: p[step])
      s1v0 = multiplyAdd(a1, b0, s1v0)
      s1v1 = multiplyAdd(a1, b1, s1v1)
      s1v2 = multiplyAdd(a1, b2, s1v2)
      s1v3 = multiplyAdd(a1, b3, s1v3)
      let a2 = Vector(repeating: p[2 &* step])
      s2v0 = multiplyAdd(a2, b0, s2v0)
      s2v1 = multiplyAdd(a2, b1, s2v1)
      s2v2 = multiplyAdd(a2, b2, s2v2)
      s2v3 = multiplyAdd(a2, b3, s2v3)
      w += 64
    }
    let d = UnsafeMutableRawPointer(c)
    d.storeBytes(of: s0v0, toByteOffset: 0, as: Vector.self)
    d.storeBytes(of: s0v1, toByteOffset: 16, as: Vector.self)
    d.storeBytes(of: s0v2, toByteOffset: 32, as: Vector.self)
    d.storeBytes(of: s0v3, toByteOffset: 48, as: Vector.self)
    d.storeBytes(of: s1v0, toByteOffset: 64, as: Vector.self)
    d.storeBytes(of: s1v1, toByteOffset: 80, as: Vector.self)
    d.storeBytes(of: s1v2, toByteOffset: 96, as: Vector.self)
    d.storeBytes(of: s1v3, toByteOffset: 112, as: Vector.self)
    d.storeBytes(of: s2v0, toByteOffset: 128, as: Vector.self)
    d.storeBytes(of: s2v1, toByteOffset: 144, as: Vector.self)
    d.storeBytes(of: s2v2, toByteOffset: 160, as: Vector.self)
    d.storeBytes(of: s2v3, toByteOffset: 176, as: Vector.self)
  }

  private func planar4(
    _ a: Floats, _ step: Int, _ offsets: UnsafePointer<Int>, _ depth: Int,
    _ b: Floats, _ c: MutableFloats
  ) {
    var s0v0 = Vector.zero; var s0v1 = Vector.zero; var s0v2 = Vector.zero; var s0v3 = Vector.zero
    var s1v0 = Vector.zero; var s1v1 = Vector.zero; var s1v2 = Vector.zero; var s1v3 = Vector.zero
    var s2v0 = Vector.zero; var s2v1 = Vector.zero; var s2v2 = Vector.zero; var s2v3 = Vector.zero
    var s3v0 = Vector.zero; var s3v1 = Vector.zero; var s3v2 = Vector.zero; var s3v3 = Vector.zero
    var w = UnsafeRawPointer(b)
    for k in 0..<depth {
      let p = a + offsets[k]
      let b0 = w.load(fromByteOffset: 0, as: Vector.self)
      let b1 = w.load(fromByteOffset: 16, as: Vector.self)
      let b2 = w.load(fromByteOffset: 32, as: Vector.self)
      let b3 = w.load(fromByteOffset: 48, as: Vector.self)
      let a0 = Vector(repeating: p[0])
      s0v0 = multiplyAdd(a0, b0, s0v0)
      s0v1 = multiplyAdd(a0, b1, s0v1)
      s0v2 = multiplyAdd(a0, b2, s0v2)
      s0v3 = multiplyAdd(a0, b3, s0v3)
      let a1 = Vector(repeating: p[step])
      s1v0 = multiplyAdd(a1, b0, s1v0)
      s1v1 = multiplyAdd(a1, b1, s1v1)
      s1v2 = multiplyAdd(a1, b2, s1v2)
      s1v3 = multiplyAdd(a1, b3, s1v3)
      let a2 = Vector(repeating: p[2 &* step])
      s2v0 = multiplyAdd(a2, b0, s2v0)
      s2v1 = multiplyAdd(a2, b1, s2v1)
      s2v2 = multiplyAdd(a2, b2, s2v2)
      s2v3 = multiplyAdd(a2, b3, s2v3)
      let a3 = Vector(repeating: p[3 &* step])
      s3v0 = multiplyAdd(a3, b0, s3v0)
      s3v1 = multiplyAdd(a3, b1, s3v1)
      s3v2 = multiplyAdd(a3, b2, s3v2)
      s3v3 = multiplyAdd(a3, b3, s3v3)
      w += 64
    }
    let d = UnsafeMutableRawPointer(c)
    d.storeBytes(of: s0v0, toByteOffset: 0, as: Vector.self)
    d.storeBytes(of: s0v1, toByteOffset: 16, as: Vector.self)
    d.storeBytes(of: s0v2, toByteOffset: 32, as: Vector.self)
    d.storeBytes(of: s0v3, toByteOffset: 48, as: Vector.self)
    d.storeBytes(of: s1v0, toByteOffset: 64, as: Vector.self)
    d.storeBytes(of: s1v1, toByteOffset: 80, as: Vector.self)
    d.storeBytes(of: s1v2, toByteOffset: 96, as: Vector.self)
    d.storeBytes(of: s1v3, toByteOffset: 112, as: Vector.self)
    d.storeBytes(of: s2v0, toByteOffset: 128, as: Vector.self)
    d.storeBytes(of: s2v1, toByteOffset: 144, as: Vector.self)
    d.storeBytes(of: s2v2, toByteOffset: 160, as: Vector.self)
    d.storeBytes(of: s2v3, toByteOffset: 176, as: Vector.self)
    d.storeBytes(of: s3v0, toByteOffset: 192, as: Vector.self)
    d.storeBytes(of: s3v1, toByteOffset: 208, as: Vector.self)
    d.storeBytes(of: s3v2, toByteOffset: 224, as: Vector.self)
    d.storeBytes(of: s3v3, toByteOffset: 240, as: Vector.self)
  }

  private func planar5(
    _ a: Floats, _ step: Int, _ offsets: UnsafePointer<Int>, _ depth: Int,
    _ b: Floats, _ c: MutableFloats
  ) {
    var s0v0 = Vector.zero; var s0v1 = Vector.zero; var s0v2 = Vector.zero; var s0v3 = Vector.zero
    var s1v0 = Vector.zero; var s1v1 = Vector.zero; var s1v2 = Vector.zero; var s1v3 = Vector.zero
    var s2v0 = Vector.zero; var s2v1 = Vector.zero; var s2v2 = Vector.zero; var s2v3 = Vector.zero
    var s3v0 = Vector.zero; var s3v1 = Vector.zero; var s3v2 = Vector.zero; var s3v3 = Vector.zero
    var s4v0 = Vector.zero; var s4v1 = Vector.zero; var s4v2 = Vector.zero; var s4v3 = Vector.zero
    var w = UnsafeRawPointer(b)
    for k in 0..<depth {
      let p = a + offsets[k]
      let b0 = w.load(fromByteOffset: 0, as: Vector.self)
      let b1 = w.load(fromByteOffset: 16, as: Vector.self)
      let b2 = w.load(fromByteOffset: 32, as: Vector.self)
      let b3 = w.load(fromByteOffset: 48, as: Vector.self)
      let a0 = Vector(repeating: p[0])
      s0v0 = multiplyAdd(a0, b0, s0v0)
      s0v1 = multiplyAdd(a0, b1, s0v1)
      s0v2 = multiplyAdd(a0, b2, s0v2)
      s0v3 = multiplyAdd(a0, b3, s0v3)
      let a1 = Vector(repeating: p[step])
      s1v0 = multiplyAdd(a1, b0, s1v0)
      s1v1 = multiplyAdd(a1, b1, s1v1)
      s1v2 = multiplyAdd(a1, b2, s1v2)
      s1v3 = multiplyAdd(a1, b3, s1v3)
      let a2 = Vector(repeating: p[2 &* step])
      s2v0 = multiplyAdd(a2, b0, s2v0)
      s2v1 = multiplyAdd(a2, b1, s2v1)
      s2v2 = multiplyAdd(a2, b2, s2v2)
      s2v3 = multiplyAdd(a2, b3, s2v3)
      let a3 = Vector(repeating: p[3 &* step])
      s3v0 = multiplyAdd(a3, b0, s3v0)
      s3v1 = multiplyAdd(a3, b1, s3v1)
      s3v2 = multiplyAdd(a3, b2, s3v2)
      s3v3 = multiplyAdd(a3, b3, s3v3)
      let a4 = Vector(repeating: p[4 &* step])
      s4v0 = multiplyAdd(a4, b0, s4v0)
      s4v1 = multiplyAdd(a4, b1, s4v1)
      s4v2 = multiplyAdd(a4, b2, s4v2)
      s4v3 = multiplyAdd(a4, b3, s4v3)
      w += 64
    }
    let d = UnsafeMutableRawPointer(c)
    d.storeBytes(of: s0v0, toByteOffset: 0, as: Vector.self)
    d.storeBytes(of: s0v1, toByteOffset: 16, as: Vector.self)
    d.storeBytes(of: s0v2, toByteOffset: 32, as: Vector.self)
    d.storeBytes(of: s0v3, toByteOffset: 48, as: Vector.self)
    d.storeBytes(of: s1v0, toByteOffset: 64, as: Vector.self)
    d.storeBytes(of: s1v1, toByteOffset: 80, as: Vector.self)
    d.storeBytes(of: s1v2, toByteOffset: 96, as: Vector.self)
    d.storeBytes(of: s1v3, toByteOffset: 112, as: Vector.self)
    d.storeBytes(of: s2v0, toByteOffset: 128, as: Vector.self)
    d.storeBytes(of: s2v1, toByteOffset: 144, as: Vector.self)
    d.storeBytes(of: s2v2, toByteOffset: 160, as: Vector.self)
    d.storeBytes(of: s2v3, toByteOffset: 176, as: Vector.self)
    d.storeBytes(of: s3v0, toByteOffset: 192, as: Vector.self)
    d.storeBytes(of: s3v1, toByteOffset: 208, as: Vector.self)
    d.storeBytes(of: s3v2, toByteOffset: 224, as: Vector.self)
    d.storeBytes(of: s3v3, toByteOffset: 240, as: Vector.self)
    d.storeBytes(of: s4v0, toByteOffset: 256, as: Vector.self)
    d.storeBytes(of: s4v1, toByteOffset: 272, as: Vector.self)
    d.storeBytes(of: s4v2, toByteOffset: 288, as: Vector.self)
    d.storeBytes(of: s4v3, toByteOffset: 304, as: Vector.self)
  }

  private func planar6(
    _ a: Floats, _ step: Int, _ offsets: UnsafePointer<Int>, _ depth: Int,
    _ b: Floats, _ c: MutableFloats
  ) {
    var s0v0 = Vector.zero; var s0v1 = Vector.zero; var s0v2 = Vector.zero; var s0v3 = Vector.zero
    var s1v0 = Vector.zero; var s1v1 = Vector.zero; var s1v2 = Vector.zero; var s1v3 = Vector.zero
    var s2v0 = Vector.zero; var s2v1 = Vector.zero; var s2v2 = Vector.zero; var s2v3 = Vector.zero
    var s3v0 = Vector.zero; var s3v1 = Vector.zero; var s3v2 = Vector.zero; var s3v3 = Vector.zero
    var s4v0 = Vector.zero; var s4v1 = Vector.zero; var s4v2 = Vector.zero; var s4v3 = Vector.zero
    var s5v0 = Vector.zero; var s5v1 = Vector.zero; var s5v2 = Vector.zero; var s5v3 = Vector.zero
    var w = UnsafeRawPointer(b)
    for k in 0..<depth {
      let p = a + offsets[k]
      let b0 = w.load(fromByteOffset: 0, as: Vector.self)
      let b1 = w.load(fromByteOffset: 16, as: Vector.self)
      let b2 = w.load(fromByteOffset: 32, as: Vector.self)
      let b3 = w.load(fromByteOffset: 48, as: Vector.self)
      let a0 = Vector(repeating: p[0])
      s0v0 = multiplyAdd(a0, b0, s0v0)
      s0v1 = multiplyAdd(a0, b1, s0v1)
      s0v2 = multiplyAdd(a0, b2, s0v2)
      s0v3 = multiplyAdd(a0, b3, s0v3)
      let a1 = Vector(repeating: p[step])
      s1v0 = multiplyAdd(a1, b0, s1v0)
      s1v1 = multiplyAdd(a1, b1, s1v1)
      s1v2 = multiplyAdd(a1, b2, s1v2)
      s1v3 = multiplyAdd(a1, b3, s1v3)
      let a2 = Vector(repeating: p[2 &* step])
      s2v0 = multiplyAdd(a2, b0, s2v0)
      s2v1 = multiplyAdd(a2, b1, s2v1)
      s2v2 = multiplyAdd(a2, b2, s2v2)
      s2v3 = multiplyAdd(a2, b3, s2v3)
      let a3 = Vector(repeating: p[3 &* step])
      s3v0 = multiplyAdd(a3, b0, s3v0)
      s3v1 = multiplyAdd(a3, b1, s3v1)
      s3v2 = multiplyAdd(a3, b2, s3v2)
      s3v3 = multiplyAdd(a3, b3, s3v3)
      let a4 = Vector(repeating: p[4 &* step])
      s4v0 = multiplyAdd(a4, b0, s4v0)
      s4v1 = multiplyAdd(a4, b1, s4v1)
      s4v2 = multiplyAdd(a4, b2, s4v2)
      s4v3 = multiplyAdd(a4, b3, s4v3)
      let a5 = Vector(repeating: p[5 &* step])
      s5v0 = multiplyAdd(a5, b0, s5v0)
      s5v1 = multiplyAdd(a5, b1, s5v1)
      s5v2 = multiplyAdd(a5, b2, s5v2)
      s5v3 = multiplyAdd(a5, b3, s5v3)
      w += 64
    }
    let d = UnsafeMutableRawPointer(c)
    d.storeBytes(of: s0v0, toByteOffset: 0, as: Vector.self)
    d.storeBytes(of: s0v1, toByteOffset: 16, as: Vector.self)
    d.storeBytes(of: s0v2, toByteOffset: 32, as: Vector.self)
    d.storeBytes(of: s0v3, toByteOffset: 48, as: Vector.self)
    d.storeBytes(of: s1v0, toByteOffset: 64, as: Vector.self)
    d.storeBytes(of: s1v1, toByteOffset: 80, as: Vector.self)
    d.storeBytes(of: s1v2, toByteOffset: 96, as: Vector.self)
    d.storeBytes(of: s1v3, toByteOffset: 112, as: Vector.self)
    d.storeBytes(of: s2v0, toByteOffset: 128, as: Vector.self)
    d.storeBytes(of: s2v1, toByteOffset: 144, as: Vector.self)
    d.storeBytes(of: s2v2, toByteOffset: 160, as: Vector.self)
    d.storeBytes(of: s2v3, toByteOffset: 176, as: Vector.self)
    d.storeBytes(of: s3v0, toByteOffset: 192, as: Vector.self)
    d.storeBytes(of: s3v1, toByteOffset: 208, as: Vector.self)
    d.storeBytes(of: s3v2, toByteOffset: 224, as: Vector.self)
    d.storeBytes(of: s3v3, toByteOffset: 240, as: Vector.self)
    d.storeBytes(of: s4v0, toByteOffset: 256, as: Vector.self)
    d.storeBytes(of: s4v1, toByteOffset: 272, as: Vector.self)
    d.storeBytes(of: s4v2, toByteOffset: 288, as: Vector.self)
    d.storeBytes(of: s4v3, toByteOffset: 304, as: Vector.self)
    d.storeBytes(of: s5v0, toByteOffset: 320, as: Vector.self)
    d.storeBytes(of: s5v1, toByteOffset: 336, as: Vector.self)
    d.storeBytes(of: s5v2, toByteOffset: 352, as: Vector.self)
    d.storeBytes(of: s5v3, toByteOffset: 368, as: Vector.self)
  }

  /// Products of `rows` pixels of planar maps (`step` floats apart) with one panel.
  /// Term k is found at `offsets[k]`; the sums go to rows of `tileColumns` floats.
  func planarProduct(
    _ pixels: Floats, _ step: Int, _ rows: Int, _ offsets: UnsafePointer<Int>,
    _ depth: Int, _ b: Floats, _ c: MutableFloats
  ) {
    var row = 0
    while row < rows {
      let count = rows - row < 6 ? rows - row : 6
      let a = pixels + row * step
      let to = c + row * tileColumns
      switch count {
      case 1: planar1(a, step, offsets, depth, b, to)
      case 2: planar2(a, step, offsets, depth, b, to)
      case 3: planar3(a, step, offsets, depth, b, to)
      case 4: planar4(a, step, offsets, depth, b, to)
      case 5: planar5(a, step, offsets, depth, b, to)
      default: planar6(a, step, offsets, depth, b, to)
      }
      row += count
    }
  }

#else

  typealias Vector = SIMD4<Float>
  let tileRows = 3
  let tileColumns = 16

  private func tile1(
    _ a: Floats, _ aStep: Int, _ blocks: Int, _ b: Floats,
    _ c: MutableFloats, _ cStep: Int, _ accumulate: Bool, _ after: Floats, _ lines: Int
  ) {
    var s0v0 = Vector.zero; var s0v1 = Vector.zero; var s0v2 = Vector.zero; var s0v3 = Vector.zero
    var w = UnsafeRawPointer(b)
    var p = a
    for block in 0..<blocks {
      prefetch(p + 16, 0, 1)
      prefetch(after, block &* lines, lines)
      for k in 0..<16 {
        let b0 = w.load(fromByteOffset: 0, as: Vector.self)
        let b1 = w.load(fromByteOffset: 16, as: Vector.self)
        let b2 = w.load(fromByteOffset: 32, as: Vector.self)
        let b3 = w.load(fromByteOffset: 48, as: Vector.self)
        let a0 = Vector(repeating: p[k])
        s0v0 = multiplyAdd(a0, b0, s0v0)
        s0v1 = multiplyAdd(a0, b1, s0v1)
        s0v2 = multiplyAdd(a0, b2, s0v2)
        s0v3 = multiplyAdd(a0, b3, s0v3)
        w += 64
      }
      p += aStep
    }
    let d = UnsafeMutableRawPointer(c)
    if accumulate {
      s0v0 += d.load(fromByteOffset: 0, as: Vector.self)
      s0v1 += d.load(fromByteOffset: 16, as: Vector.self)
      s0v2 += d.load(fromByteOffset: 32, as: Vector.self)
      s0v3 += d.load(fromByteOffset: 48, as: Vector.self)
    }
    d.storeBytes(of: s0v0, toByteOffset: 0, as: Vector.self)
    d.storeBytes(of: s0v1, toByteOffset: 16, as: Vector.self)
    d.storeBytes(of: s0v2, toByteOffset: 32, as: Vector.self)
    d.storeBytes(of: s0v3, toByteOffset: 48, as: Vector.self)
  }

  private func tile2(
    _ a: Floats, _ aStep: Int, _ blocks: Int, _ b: Floats,
    _ c: MutableFloats, _ cStep: Int, _ accumulate: Bool, _ after: Floats, _ lines: Int
  ) {
    var s0v0 = Vector.zero; var s0v1 = Vector.zero; var s0v2 = Vector.zero; var s0v3 = Vector.zero
    var s1v0 = Vector.zero; var s1v1 = Vector.zero; var s1v2 = Vector.zero; var s1v3 = Vector.zero
    var w = UnsafeRawPointer(b)
    var p = a
    for block in 0..<blocks {
      prefetch(p + 32, 0, 2)
      prefetch(after, block &* lines, lines)
      for k in 0..<16 {
        let b0 = w.load(fromByteOffset: 0, as: Vector.self)
        let b1 = w.load(fromByteOffset: 16, as: Vector.self)
        let b2 = w.load(fromByteOffset: 32, as: Vector.self)
        let b3 = w.load(fromByteOffset: 48, as: Vector.self)
        let a0 = Vector(repeating: p[k])
        s0v0 = multiplyAdd(a0, b0, s0v0)
        s0v1 = multiplyAdd(a0, b1, s0v1)
        s0v2 = multiplyAdd(a0, b2, s0v2)
        s0v3 = multiplyAdd(a0, b3, s0v3)
        let a1 = Vector(repeating: p[16 &+ k])
        s1v0 = multiplyAdd(a1, b0, s1v0)
        s1v1 = multiplyAdd(a1, b1, s1v1)
        s1v2 = multiplyAdd(a1, b2, s1v2)
        s1v3 = multiplyAdd(a1, b3, s1v3)
        w += 64
      }
      p += aStep
    }
    let d = UnsafeMutableRawPointer(c)
    if accumulate {
      s0v0 += d.load(fromByteOffset: 0, as: Vector.self)
      s0v1 += d.load(fromByteOffset: 16, as: Vector.self)
      s0v2 += d.load(fromByteOffset: 32, as: Vector.self)
      s0v3 += d.load(fromByteOffset: 48, as: Vector.self)
      s1v0 += d.load(fromByteOffset: 64, as: Vector.self)
      s1v1 += d.load(fromByteOffset: 80, as: Vector.self)
      s1v2 += d.load(fromByteOffset: 96, as: Vector.self)
      s1v3 += d.load(fromByteOffset: 112, as: Vector.self)
    }
    d.storeBytes(of: s0v0, toByteOffset: 0, as: Vector.self)
    d.storeBytes(of: s0v1, toByteOffset: 16, as: Vector.self)
    d.storeBytes(of: s0v2, toByteOffset: 32, as: Vector.self)
    d.storeBytes(of: s0v3, toByteOffset: 48, as: Vector.self)
    d.storeBytes(of: s1v0, toByteOffset: 64, as: Vector.self)
    d.storeBytes(of: s1v1, toByteOffset: 80, as: Vector.self)
    d.storeBytes(of: s1v2, toByteOffset: 96, as: Vector.self)
    d.storeBytes(of: s1v3, toByteOffset: 112, as: Vector.self)
  }

  private func tile3(
    _ a: Floats, _ aStep: Int, _ blocks: Int, _ b: Floats,
    _ c: MutableFloats, _ cStep: Int, _ accumulate: Bool, _ after: Floats, _ lines: Int
  ) {
    var s0v0 = Vector.zero; var s0v1 = Vector.zero; var s0v2 = Vector.zero; var s0v3 = Vector.zero
    var s1v0 = Vector.zero; var s1v1 = Vector.zero; var s1v2 = Vector.zero; var s1v3 = Vector.zero
    var s2v0 = Vector.zero; var s2v1 = Vector.zero; var s2v2 = Vector.zero; var s2v3 = Vector.zero
    var w = UnsafeRawPointer(b)
    var p = a
    for block in 0..<blocks {
      prefetch(p + 48, 0, 3)
      prefetch(after, block &* lines, lines)
      for k in 0..<16 {
        let b0 = w.load(fromByteOffset: 0, as: Vector.self)
        let b1 = w.load(fromByteOffset: 16, as: Vector.self)
        let b2 = w.load(fromByteOffset: 32, as: Vector.self)
        let b3 = w.load(fromByteOffset: 48, as: Vector.self)
        let a0 = Vector(repeating: p[k])
        s0v0 = multiplyAdd(a0, b0, s0v0)
        s0v1 = multiplyAdd(a0, b1, s0v1)
        s0v2 = multiplyAdd(a0, b2, s0v2)
        s0v3 = multiplyAdd(a0, b3, s0v3)
        let a1 = Vector(repeating: p[16 &+ k])
        s1v0 = multiplyAdd(a1, b0, s1v0)
        s1v1 = multiplyAdd(a1, b1, s1v1)
        s1v2 = multiplyAdd(a1, b2, s1v2)
        s1v3 = multiplyAdd(a1, b3, s1v3)
        let a2 = Vector(repeating: p[32 &+ k])
        s2v0 = multiplyAdd(a2, b0, s2v0)
        s2v1 = multiplyAdd(a2, b1, s2v1)
        s2v2 = multiplyAdd(a2, b2, s2v2)
        s2v3 = multiplyAdd(a2, b3, s2v3)
        w += 64
      }
      p += aStep
    }
    let d = UnsafeMutableRawPointer(c)
    if accumulate {
      s0v0 += d.load(fromByteOffset: 0, as: Vector.self)
      s0v1 += d.load(fromByteOffset: 16, as: Vector.self)
      s0v2 += d.load(fromByteOffset: 32, as: Vector.self)
      s0v3 += d.load(fromByteOffset: 48, as: Vector.self)
      s1v0 += d.load(fromByteOffset: 64, as: Vector.self)
      s1v1 += d.load(fromByteOffset: 80, as: Vector.self)
      s1v2 += d.load(fromByteOffset: 96, as: Vector.self)
      s1v3 += d.load(fromByteOffset: 112, as: Vector.self)
      s2v0 += d.load(fromByteOffset: 128, as: Vector.self)
      s2v1 += d.load(fromByteOffset: 144, as: Vector.self)
      s2v2 += d.load(fromByteOffset: 160, as: Vector.self)
      s2v3 += d.load(fromByteOffset: 176, as: Vector.self)
    }
    d.storeBytes(of: s0v0, toByteOffset: 0, as: Vector.self)
    d.storeBytes(of: s0v1, toByteOffset: 16, as: Vector.self)
    d.storeBytes(of: s0v2, toByteOffset: 32, as: Vector.self)
    d.storeBytes(of: s0v3, toByteOffset: 48, as: Vector.self)
    d.storeBytes(of: s1v0, toByteOffset: 64, as: Vector.self)
    d.storeBytes(of: s1v1, toByteOffset: 80, as: Vector.self)
    d.storeBytes(of: s1v2, toByteOffset: 96, as: Vector.self)
    d.storeBytes(of: s1v3, toByteOffset: 112, as: Vector.self)
    d.storeBytes(of: s2v0, toByteOffset: 128, as: Vector.self)
    d.storeBytes(of: s2v1, toByteOffset: 144, as: Vector.self)
    d.storeBytes(of: s2v2, toByteOffset: 160, as: Vector.self)
    d.storeBytes(of: s2v3, toByteOffset: 176, as: Vector.self)
  }

  /// Products of `rows` rows (16 floats apart) with one panel of weights.
  ///
  /// The channels are summed in runs of `run` blocks of 16, each from zero, and the runs
  /// are added up: the weights of a run stay in the nearest cache, and the rounding errors
  /// of a long sum shrink with the length of its pieces. Meanwhile the weights of the next run
  /// are fetched; behind the last come those of the next product, at `next`.
  /// It is asked for a few lines at a time, since a processor waits who asks for many at once.
  func panelProduct(
    _ activations: Floats, _ aStep: Int, _ rows: Int, _ blocks: Int, _ runLength: Int,
    _ b: Floats, _ next: Floats, _ c: MutableFloats, _ cStep: Int, _ add: Bool
  ) {
    let tiles = (rows + tileRows - 1) / tileRows
    let low = rows / tiles
    let extra = rows % tiles
    var k = 0
    while k < blocks {
      let run = blocks - k < runLength ? blocks - k : runLength
      let accumulate = add || k > 0
      let weights = b + k * 16 * tileColumns
      let after = k + run < blocks ? weights + run * 16 * tileColumns : next
      let lines = (run * tileColumns + tiles * run - 1) / (tiles * run)
      var a = activations + k * aStep
      var to = c
      for i in 0..<tiles {
        let count = i < extra ? low + 1 : low
        let ahead = after + i * run * lines * 16
        switch count {
        case 1: tile1(a, aStep, run, weights, to, cStep, accumulate, ahead, lines)
        case 2: tile2(a, aStep, run, weights, to, cStep, accumulate, ahead, lines)
        default: tile3(a, aStep, run, weights, to, cStep, accumulate, ahead, lines)
        }
        a += count * 16
        to += count * 16
      }
      k += run
    }
  }

  private func planar1(
    _ a: Floats, _ step: Int, _ offsets: UnsafePointer<Int>, _ depth: Int,
    _ b: Floats, _ c: MutableFloats
  ) {
    var s0v0 = Vector.zero; var s0v1 = Vector.zero; var s0v2 = Vector.zero; var s0v3 = Vector.zero
    var w = UnsafeRawPointer(b)
    for k in 0..<depth {
      let p = a + offsets[k]
      let b0 = w.load(fromByteOffset: 0, as: Vector.self)
      let b1 = w.load(fromByteOffset: 16, as: Vector.self)
      let b2 = w.load(fromByteOffset: 32, as: Vector.self)
      let b3 = w.load(fromByteOffset: 48, as: Vector.self)
      let a0 = Vector(repeating: p[0])
      s0v0 = multiplyAdd(a0, b0, s0v0)
      s0v1 = multiplyAdd(a0, b1, s0v1)
      s0v2 = multiplyAdd(a0, b2, s0v2)
      s0v3 = multiplyAdd(a0, b3, s0v3)
      w += 64
    }
    let d = UnsafeMutableRawPointer(c)
    d.storeBytes(of: s0v0, toByteOffset: 0, as: Vector.self)
    d.storeBytes(of: s0v1, toByteOffset: 16, as: Vector.self)
    d.storeBytes(of: s0v2, toByteOffset: 32, as: Vector.self)
    d.storeBytes(of: s0v3, toByteOffset: 48, as: Vector.self)
  }

  private func planar2(
    _ a: Floats, _ step: Int, _ offsets: UnsafePointer<Int>, _ depth: Int,
    _ b: Floats, _ c: MutableFloats
  ) {
    var s0v0 = Vector.zero; var s0v1 = Vector.zero; var s0v2 = Vector.zero; var s0v3 = Vector.zero
    var s1v0 = Vector.zero; var s1v1 = Vector.zero; var s1v2 = Vector.zero; var s1v3 = Vector.zero
    var w = UnsafeRawPointer(b)
    for k in 0..<depth {
      let p = a + offsets[k]
      let b0 = w.load(fromByteOffset: 0, as: Vector.self)
      let b1 = w.load(fromByteOffset: 16, as: Vector.self)
      let b2 = w.load(fromByteOffset: 32, as: Vector.self)
      let b3 = w.load(fromByteOffset: 48, as: Vector.self)
      let a0 = Vector(repeating: p[0])
      s0v0 = multiplyAdd(a0, b0, s0v0)
      s0v1 = multiplyAdd(a0, b1, s0v1)
      s0v2 = multiplyAdd(a0, b2, s0v2)
      s0v3 = multiplyAdd(a0, b3, s0v3)
      let a1 = Vector(repeating: p[step])
      s1v0 = multiplyAdd(a1, b0, s1v0)
      s1v1 = multiplyAdd(a1, b1, s1v1)
      s1v2 = multiplyAdd(a1, b2, s1v2)
      s1v3 = multiplyAdd(a1, b3, s1v3)
      w += 64
    }
    let d = UnsafeMutableRawPointer(c)
    d.storeBytes(of: s0v0, toByteOffset: 0, as: Vector.self)
    d.storeBytes(of: s0v1, toByteOffset: 16, as: Vector.self)
    d.storeBytes(of: s0v2, toByteOffset: 32, as: Vector.self)
    d.storeBytes(of: s0v3, toByteOffset: 48, as: Vector.self)
    d.storeBytes(of: s1v0, toByteOffset: 64, as: Vector.self)
    d.storeBytes(of: s1v1, toByteOffset: 80, as: Vector.self)
    d.storeBytes(of: s1v2, toByteOffset: 96, as: Vector.self)
    d.storeBytes(of: s1v3, toByteOffset: 112, as: Vector.self)
  }

  private func planar3(
    _ a: Floats, _ step: Int, _ offsets: UnsafePointer<Int>, _ depth: Int,
    _ b: Floats, _ c: MutableFloats
  ) {
    var s0v0 = Vector.zero; var s0v1 = Vector.zero; var s0v2 = Vector.zero; var s0v3 = Vector.zero
    var s1v0 = Vector.zero; var s1v1 = Vector.zero; var s1v2 = Vector.zero; var s1v3 = Vector.zero
    var s2v0 = Vector.zero; var s2v1 = Vector.zero; var s2v2 = Vector.zero; var s2v3 = Vector.zero
    var w = UnsafeRawPointer(b)
    for k in 0..<depth {
      let p = a + offsets[k]
      let b0 = w.load(fromByteOffset: 0, as: Vector.self)
      let b1 = w.load(fromByteOffset: 16, as: Vector.self)
      let b2 = w.load(fromByteOffset: 32, as: Vector.self)
      let b3 = w.load(fromByteOffset: 48, as: Vector.self)
      let a0 = Vector(repeating: p[0])
      s0v0 = multiplyAdd(a0, b0, s0v0)
      s0v1 = multiplyAdd(a0, b1, s0v1)
      s0v2 = multiplyAdd(a0, b2, s0v2)
      s0v3 = multiplyAdd(a0, b3, s0v3)
      let a1 = Vector(repeating: p[step])
      s1v0 = multiplyAdd(a1, b0, s1v0)
      s1v1 = multiplyAdd(a1, b1, s1v1)
      s1v2 = multiplyAdd(a1, b2, s1v2)
      s1v3 = multiplyAdd(a1, b3, s1v3)
      let a2 = Vector(repeating: p[2 &* step])
      s2v0 = multiplyAdd(a2, b0, s2v0)
      s2v1 = multiplyAdd(a2, b1, s2v1)
      s2v2 = multiplyAdd(a2, b2, s2v2)
      s2v3 = multiplyAdd(a2, b3, s2v3)
      w += 64
    }
    let d = UnsafeMutableRawPointer(c)
    d.storeBytes(of: s0v0, toByteOffset: 0, as: Vector.self)
    d.storeBytes(of: s0v1, toByteOffset: 16, as: Vector.self)
    d.storeBytes(of: s0v2, toByteOffset: 32, as: Vector.self)
    d.storeBytes(of: s0v3, toByteOffset: 48, as: Vector.self)
    d.storeBytes(of: s1v0, toByteOffset: 64, as: Vector.self)
    d.storeBytes(of: s1v1, toByteOffset: 80, as: Vector.self)
    d.storeBytes(of: s1v2, toByteOffset: 96, as: Vector.self)
    d.storeBytes(of: s1v3, toByteOffset: 112, as: Vector.self)
    d.storeBytes(of: s2v0, toByteOffset: 128, as: Vector.self)
    d.storeBytes(of: s2v1, toByteOffset: 144, as: Vector.self)
    d.storeBytes(of: s2v2, toByteOffset: 160, as: Vector.self)
    d.storeBytes(of: s2v3, toByteOffset: 176, as: Vector.self)
  }

  /// Products of `rows` pixels of planar maps (`step` floats apart) with one panel.
  /// Term k is found at `offsets[k]`; the sums go to rows of `tileColumns` floats.
  func planarProduct(
    _ pixels: Floats, _ step: Int, _ rows: Int, _ offsets: UnsafePointer<Int>,
    _ depth: Int, _ b: Floats, _ c: MutableFloats
  ) {
    var row = 0
    while row < rows {
      let count = rows - row < 3 ? rows - row : 3
      let a = pixels + row * step
      let to = c + row * tileColumns
      switch count {
      case 1: planar1(a, step, offsets, depth, b, to)
      case 2: planar2(a, step, offsets, depth, b, to)
      default: planar3(a, step, offsets, depth, b, to)
      }
      row += count
    }
  }

#endif
