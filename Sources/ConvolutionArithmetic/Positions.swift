internal import Tensors

/// Positions of an axis, as the runs of neighbours that they make: sorted, disjoint, not touching.
///
/// ```swift
/// // What one output of a window with dilation 2 and three cells sees: 0, 2 and 4.
/// try Positions(0...0).seen(through: Window(kernelSize: 3, dilation: 2)).runs   // [0...0, 2...2, 4...4]
/// ```
public struct Positions: Hashable, Sendable {
  /// The runs, from the first on.
  public private(set) var runs: [ClosedRange<Int>]

  public init(_ run: ClosedRange<Int>) { runs = [run] }

  /// All positions of some runs, in any order.
  init(_ all: [ClosedRange<Int>]) {
    runs = []
    for run in all.sorted(by: { $0.lowerBound < $1.lowerBound }) {
      if let last = runs.last, run.lowerBound <= last.upperBound + 1 {
        runs[runs.count - 1] = last.lowerBound...max(last.upperBound, run.upperBound)
      } else {
        runs.append(run)
      }
    }
  }

  /// Whether a position is among them.
  public func contains(_ position: Int) -> Bool { runs.contains { $0.contains(position) } }

  func union(_ other: Positions) -> Positions { Positions(runs + other.runs) }

  /// The inputs, padding included, that a layer reads for these outputs.
  ///
  /// - Throws: ``GeometryError`` if positions do not fit 64 bits, or there are too many runs of them.
  func seen(through layer: AxisLayer) throws(GeometryError) -> Positions {
    switch layer.operation {
    case .window(let window): window.isTransposed ? try reading(window) : try seen(through: window)
    case .crop(let offset, _):
      Positions(runs.map { ($0.lowerBound + offset)...($0.upperBound + offset) })
    }
  }

  /// The inputs that a window reads at these positions of it: o·s − p + d·k.
  func seen(through window: Window) throws(GeometryError) -> Positions {
    var inputs: [ClosedRange<Int>] = []
    for run in runs {
      let first = try exactProduct(run.lowerBound, window.stride) - window.paddingBefore
      let last = try exactProduct(run.upperBound, window.stride) - window.paddingBefore
      let (count, reach) = (run.count, window.effectiveKernelSize - 1)
      if window.dilation == 1 && (count == 1 || window.kernelSize >= window.stride)
        || window.stride == 1 && (window.kernelSize == 1 || count >= window.dilation)
      {
        // Neighbouring windows leave nothing out between them.
        inputs.append(first...(last + reach))
      } else if window.dilation == 1 || count <= window.kernelSize && window.stride > 1 {
        try checkCount(inputs.count + count * (window.dilation == 1 ? 1 : window.kernelSize))
        for origin in stride(from: first, through: last, by: window.stride) {
          inputs += window.cells(at: origin)
        }
      } else {
        try checkCount(inputs.count + window.kernelSize * (window.stride == 1 ? 1 : count))
        for cell in 0..<window.kernelSize {
          let shift = cell * window.dilation
          inputs +=
            window.stride == 1
            ? [(first + shift)...(last + shift)]
            : stride(from: first + shift, through: last + shift, by: window.stride)
              .map { $0...$0 }
        }
      }
    }
    return Positions(inputs)
  }

  /// The positions of a window at which it reads one of these.
  func reading(_ window: Window) throws(GeometryError) -> Positions {
    var outputs: [ClosedRange<Int>] = []
    let isWhole = window.dilation == 1
    try checkCount(runs.count * (isWhole ? 1 : window.kernelSize))
    for run in runs {
      for cell in 0..<(isWhole ? 1 : window.kernelSize) {
        let shift = window.paddingBefore - cell * window.dilation
        let reach = isWhole ? window.kernelSize - 1 : 0
        let first = ceilDivide(run.lowerBound + shift - reach, window.stride)
        let last = floorDivide(run.upperBound + shift, window.stride)
        if first <= last { outputs.append(first...last) }
      }
    }
    return Positions(outputs)
  }

  private func checkCount(_ count: Int) throws(GeometryError) {
    guard count <= 1 << 20 else {
      throw GeometryError("what a cell sees has \(count) pieces; at most \(1 << 20) are followed")
    }
  }
}

extension Window {
  /// The inputs that it reads when its first cell lies there.
  fileprivate func cells(at origin: Int) -> [ClosedRange<Int>] {
    dilation == 1
      ? [origin...(origin + kernelSize - 1)]
      : (0..<kernelSize).map { (origin + $0 * dilation)...(origin + $0 * dilation) }
  }
}

/// Why a geometry is impossible: one sentence that names what came and what is valid.
public struct GeometryError: Error, Equatable, CustomStringConvertible {
  public let description: String

  public init(_ description: String) {
    self.description = description
  }
}

/// The largest extent, stride, dilation or padding that is computed with: one thousand million, so
/// that no product of two of them overflows; ten thousand where an `Int` has 32 bits.
public let largestExtent = Int.bitWidth < 64 ? 10_000 : 1_000_000_000

/// Checks that `value` lies between `least` and ``largestExtent``.
func require(_ name: String, _ value: Int, atLeast least: Int) throws(GeometryError) {
  guard value >= least && value <= largestExtent else {
    throw GeometryError("\(name) is \(value); it must be from \(least) to \(largestExtent)")
  }
}

/// `a / b` rounded down, also below zero; `b` is above zero.
func floorDivide(_ a: Int, _ b: Int) -> Int {
  a >= 0 ? a / b : -((b - 1 - a) / b)
}

/// `a / b` rounded up, also below zero; `b` is above zero.
func ceilDivide(_ a: Int, _ b: Int) -> Int {
  -floorDivide(-a, b)
}

/// The product, or the error that it does not fit.
func exactProduct(_ a: Int, _ b: Int) throws(GeometryError) -> Int {
  let (product, overflow) = a.multipliedReportingOverflow(by: b)
  guard !overflow, abs(product) < Int.max / 8 else {
    throw GeometryError("\(a) · \(b) cells are too many; positions go up to \(Int.max / 8)")
  }
  return product
}

/// The result of exact arithmetic, or a geometry's error that it does not fit.
func exactly<Value>(
  _ compute: () throws(FractionOverflow) -> Value
) throws(GeometryError) -> Value {
  do {
    return try compute()
  } catch {
    throw GeometryError(error.description)
  }
}
