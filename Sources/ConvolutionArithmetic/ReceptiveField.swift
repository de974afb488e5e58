public import Tensors

/// What an output cell sees of the input: how many cells, how far apart neighbours look, and where
/// the first one looks.
///
/// ```swift
/// let field = try [
///   AxisLayer("conv", try Window(kernelSize: 3, padding: 1)),
///   AxisLayer("pool", try Window(kernelSize: 2, stride: 2)),
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
/// the output position modulo the strides that were inserted; ``sizeByPhase`` lists them. Where streams
/// meet, in an ``AxisGraph``, a cell sees what any of them sees.
public struct ReceptiveField: Hashable, Sendable {
  /// Input cells from the first to the last seen, by output position modulo the number of phases;
  /// 0 where a cell sees nothing. Dilation and strides may leave holes between the two.
  public let sizeByPhase: [Int]
  /// Input cells from one output cell to the next.
  public let jump: Fraction
  /// The centre of the first output cell, in input cells; the first of them is at 0.
  public let start: Fraction

  /// The number of input cells seen; the most, where it depends on the phase.
  public var size: Int { sizeByPhase.max() ?? 0 }

  /// The fewest and the most input cells that a cell sees; equal where the phase does not matter.
  public var range: ClosedRange<Int> { (sizeByPhase.min() ?? 0)...size }

  /// `404`, `436 or 468`, `3–9` where there are more than two sizes
  public var text: String {
    let sizes = sizes
    return switch sizes.count {
    case ...1: "\(size)"
    case 2: "\(sizes[0].size) or \(sizes[1].size)"
    default: "\(range.lowerBound)–\(range.upperBound)"
    }
  }

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

extension [AxisLayer] {
  /// What a cell of the last layer sees of the input, borders and padding not taken into account.
  ///
  /// - Throws: as ``AxisGraph/receptiveField(of:)``.
  public func receptiveField() throws(GeometryError) -> ReceptiveField {
    let graph = AxisGraph(self)
    return try graph.receptiveField(of: graph.last)
  }

  /// The receptive field after each layer.
  ///
  /// - Throws: as ``AxisGraph/receptiveField(of:)``.
  public func receptiveFields() throws(GeometryError) -> [ReceptiveField] {
    try AxisGraph(self).receptiveFields().dropFirst().map { (field) throws(GeometryError) in
      try field.get()
    }
  }
}
