public import Tensors

/// What an output cell sees of the input: how many cells, how far apart neighbours look, and where
/// the first one looks.
///
/// ```swift
/// let field = try [
///   AxisLayer.convolution("conv", kernelSize: 3, padding: 1),
///   AxisLayer.pooling("pool", kernelSize: 2, stride: 2),
/// ].receptiveField()
/// field.size       // 3 + 1 = 4
/// field.jump       // 2
/// field.start      // ½: the centre of the first cell, in input cells
/// ```
///
/// Through windows alone, with r = j = 1 at first, each layer does
///
///     r += d(k − 1)·j      start += (d(k − 1)/2 − p)·j      j ×= s
///
/// and all cells see equally much. Through a transposed convolution the size depends on the phase,
/// the output position modulo the strides that were inserted; ``sizeByPhase`` lists them.
public struct ReceptiveField: Hashable, Sendable {
  /// Input cells from the first to the last seen, by output position modulo the number of phases;
  /// 0 where a cell sees nothing.
  public let sizeByPhase: [Int]
  /// Input cells from one output cell to the next.
  public let jump: Fraction
  /// The centre of the first output cell, in input cells; the first of them is at 0.
  public let start: Fraction

  /// The number of input cells seen; the most, where it depends on the phase.
  public var size: Int { sizeByPhase.max() ?? 0 }

  /// The different sizes with the number of phases that have each, smallest first.
  ///
  /// ```swift
  /// // FCN-8s along its coarse path: 436 in 8 phases, 468 in 24
  /// ```
  public var sizes: [(size: Int, phases: Int)] {
    var counts: [Int: Int] = [:]
    for size in sizeByPhase { counts[size, default: 0] += 1 }
    return counts.sorted { $0.key < $1.key }.map { (size: $0.key, phases: $0.value) }
  }

  /// The centre of output cell `cell`, in input cells; stops if the exact number does not fit.
  public func centre(of cell: Int) -> Fraction { start + jump * Fraction(cell) }
}

/// The most phases that are listed.
private let mostPhases = 1_000_000

extension [AxisLayer] {
  /// What a cell of the last layer sees of the input, borders and padding not taken into account.
  ///
  /// - Throws: ``GeometryError`` if exact numbers do not fit 64 bits, or there are more than a million
  ///   phases.
  public func receptiveField() throws(GeometryError) -> ReceptiveField {
    let back = try coordinateMap().inverse()
    var sizes: [Int] = []
    for phase in 0..<(try phases()) {
      sizes.append(try inputsSeen(byOutputs: phase...phase)?.count ?? 0)
    }
    return ReceptiveField(sizeByPhase: sizes, jump: back.scale, start: back.shift)
  }

  /// The receptive field after each layer.
  ///
  /// - Throws: as ``receptiveField()``.
  public func receptiveFields() throws(GeometryError) -> [ReceptiveField] {
    var fields: [ReceptiveField] = []
    for count in indices.map({ $0 + 1 }) {
      fields.append(try Array(prefix(count)).receptiveField())
    }
    return fields
  }

  /// The input positions, padding included, from the first to the last that these outputs see; nil if
  /// they see nothing.
  ///
  /// - Throws: ``GeometryError`` if positions do not fit 64 bits.
  public func inputsSeen(
    byOutputs outputs: ClosedRange<Int>
  ) throws(GeometryError) -> ClosedRange<Int>? {
    var seen = outputs
    for layer in reversed() {
      guard let inputs = try layer.inputsSeen(byOutputs: seen) else { return nil }
      seen = inputs
    }
    return seen
  }

  /// After how many output cells the pattern of what is seen repeats, moved by whole input cells.
  private func phases() throws(GeometryError) -> Int {
    var (phases, step) = (1, 1)
    for layer in reversed() {
      switch layer.operation {
      case .window(let window, _):
        step = try exactProduct(step, window.stride)
      case .transposed(let transposed):
        let stride = transposed.window.stride
        let missing = stride / greatestCommonDivisor(step, stride)
        phases = try exactProduct(phases, missing)
        step = try exactProduct(step, missing) / stride
      case .crop:
        break
      }
    }
    guard phases <= mostPhases else {
      throw GeometryError(
        "the receptive field has \(phases) phases; at most \(mostPhases) are listed")
    }
    return phases
  }
}

/// The product, or the error that it does not fit.
func exactProduct(_ a: Int, _ b: Int) throws(GeometryError) -> Int {
  let (product, overflow) = a.multipliedReportingOverflow(by: b)
  guard !overflow, abs(product) < Int.max / 8 else {
    throw GeometryError("\(a) · \(b) cells are too many; positions go up to \(Int.max / 8)")
  }
  return product
}
