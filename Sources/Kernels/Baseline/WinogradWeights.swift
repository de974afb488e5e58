import KernelInterface

// G g Gᵀ of 7×7 kernels in double precision, rounded once, for a panel of outputs at a time. The row of G for the
// finite point p is (1, p, p², …) / Π (p − other points), for ∞ it is (0, …, 0, 1).

/// Transformed weights: [frequency][panel][input][tileColumns].
func packWinograd(
  _ job: UnsafeRawPointer, _ firstPanel: Int, _ endPanel: Int, _: Int, _: Int,
  _ scratch: MutableFloats
) {
  let j = job.load(as: PackJob.self)
  let n = 8
  let k = 7
  let columns = tileColumns
  let inputs = (j.inputs + 15) / 16 * 16
  let frequencyStep = j.frequencyStep
  let doubles = UnsafeMutableRawPointer(scratch).assumingMemoryBound(to: Double.self)
  let g = doubles  // n × k
  let kernel = doubles + 64  // k × k × columns
  let half = kernel + k * k * columns  // n × k × columns
  fillEvaluation(g, n, k)
  for panel in firstPanel..<endPanel {
    for input in 0..<inputs {
      let to = j.packed + (panel * inputs + input) * columns
      if input >= j.inputs {
        for f in 0..<(n * n) {
          for column in 0..<columns { to[f * frequencyStep + column] = 0 }
        }
        continue
      }
      for column in 0..<columns {
        let output = panel * columns + column
        if output < j.outputs {
          let from = j.source + output * j.outputStep + input * j.inputStep
          for t in 0..<(k * k) { kernel[t * columns + column] = Double(from[j.taps[t]]) }
        } else {
          for t in 0..<(k * k) { kernel[t * columns + column] = 0 }
        }
      }
      var column = 0
      while column < columns {
        for x in 0..<k {
          let from = UnsafeRawPointer(kernel + x * columns + column)
          evaluate(g, n, k, from, k * columns * 8) { i, value in
            UnsafeMutableRawPointer(half + (i * k + x) * columns + column).storeBytes(
              of: value, as: SIMD8<Double>.self)
          }
        }
        for i in 0..<n {
          let from = UnsafeRawPointer(half + i * k * columns + column)
          evaluate(g, n, k, from, columns * 8) { f, value in
            let cell = to + (i * n + f) * frequencyStep + column
            for lane in 0..<8 { cell[lane] = Float(value[lane]) }
          }
        }
        column += 8
      }
    }
  }
}

/// G times a line of k cells, 8 outputs at a time. The points come in pairs ±p, whose even powers are
/// the same and whose odd powers differ in sign.
@inline(__always)
private func evaluate(
  _ g: UnsafeMutablePointer<Double>, _ n: Int, _ k: Int, _ from: UnsafeRawPointer, _ step: Int,
  _ store: (Int, SIMD8<Double>) -> Void
) {
  store(0, SIMD8<Double>(repeating: g[0]) * from.load(as: SIMD8<Double>.self))
  var i = 1
  while i < n - 1 {
    var even = SIMD8<Double>.zero
    var odd = SIMD8<Double>.zero
    for t in 0..<k {
      let term =
        SIMD8<Double>(repeating: g[i * k + t])
        * from.load(fromByteOffset: t * step, as: SIMD8<Double>.self)
      if t % 2 == 0 { even += term } else { odd += term }
    }
    store(i, even + odd)
    store(i + 1, even - odd)
    i += 2
  }
  store(n - 1, from.load(fromByteOffset: (k - 1) * step, as: SIMD8<Double>.self))
}

private func fillEvaluation(_ g: UnsafeMutablePointer<Double>, _ n: Int, _ k: Int) {
  for i in 0..<n {
    for t in 0..<k { g[i * k + t] = 0 }
    if i == n - 1 {
      g[i * k + k - 1] = 1
      continue
    }
    var factor = 1.0
    for other in 0..<(n - 1) where other != i {
      factor *= winogradPoint(i) - winogradPoint(other)
    }
    var power = 1.0
    for t in 0..<k {
      g[i * k + t] = power / factor
      power *= winogradPoint(i)
    }
  }
}

/// Finite point i: 0, +, −, +, −, …
private func winogradPoint(_ i: Int) -> Double {
  if i == 0 { return 0 }
  let size = winograd7Point((i - 1) / 2)
  return i % 2 == 1 ? size : -size
}
