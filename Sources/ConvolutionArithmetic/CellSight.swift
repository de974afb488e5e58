import Tensors

/// The first and the last input that each cell of a layer sees.
///
/// Cells repeat: `count` cells further on, every layer below has moved by whole cells, and so has what
/// is seen. One period of cells is therefore kept, and a layer's is made from the one below: through a
/// window a cell sees from the first that any of its taps sees to the last.
struct CellSight {
  /// What the cells of one period see; nil of one that meets nothing but the gaps of a transposed
  /// convolution.
  private let seen: [ClosedRange<Int>?]
  /// Inputs from a cell to the one a period later.
  private let advance: Int
  /// Where an input lies on this layer; where streams meet that lie differently, in the middle of what
  /// they see together.
  private let map: CoordinateMap
  /// Whether cells further on see from an input further on to one further on: then the first and the
  /// last tap tell what a window sees.
  private let isOrdered: Bool

  /// The input sees itself.
  static let input = CellSight(unchecked: [0...0], advance: 1, map: .identity)

  private init(unchecked seen: [ClosedRange<Int>?], advance: Int, map: CoordinateMap) {
    (self.seen, self.advance, self.map) = (seen, advance, map)
    let next = seen.dropFirst() + [seen[0].map { $0.moved(by: advance) }]
    isOrdered = zip(seen, next).allSatisfy { cell, next in
      guard let cell, let next else { return false }
      return cell.lowerBound <= next.lowerBound && cell.upperBound <= next.upperBound
    }
  }

  /// What a period of `count` cells sees.
  private init(
    count: Int, advance: Int, map: CoordinateMap,
    seen: (_ cell: Int) throws(GeometryError) -> ClosedRange<Int>?
  ) throws(GeometryError) {
    guard count <= mostPhases else { throw tooManyPhases("the receptive field has", count) }
    var cells: [ClosedRange<Int>?] = []
    cells.reserveCapacity(count)
    for cell in 0..<count { cells.append(try seen(cell)) }
    // Sums of positions stay far from the end of what an integer holds.
    guard
      cells.allSatisfy({
        abs($0?.lowerBound ?? 0) < farthest && abs($0?.upperBound ?? 0) < farthest
      })
    else { throw GeometryError("what a cell sees lies beyond position \(farthest)") }
    self.init(unchecked: cells, advance: advance, map: map)
  }

  /// What a cell sees of all these, each of which reads the same cell.
  init(joining streams: [CellSight]) throws(GeometryError) {
    var count = 1
    for stream in streams {
      let (one, other) = (try streams[0].jump(), try stream.jump())
      guard one == other else {
        throw GeometryError(
          "two streams that meet have different jumps: cells of the one are \(one) apart on the input, "
            + "of the other \(other)")
      }
      let period = stream.seen.count
      count = try exactProduct(count, period / greatestCommonDivisor(count, period))
    }
    let turns = count / streams[0].seen.count
    let joined = try CellSight(
      count: count, advance: exactProduct(streams[0].advance, turns), map: streams[0].map
    ) { (cell) throws(GeometryError) in
      var seen: ClosedRange<Int>?
      for stream in streams { seen = hull(seen, try stream[cell]) }
      return seen
    }
    let isAlike = streams.allSatisfy { $0.map == streams[0].map }
    self = isAlike ? joined : try joined.centered()
  }

  /// The same with a map by which cells lie in the middle of what they see, on average over the phases.
  private func centered() throws(GeometryError) -> CellSight {
    // Cell c begins c · advance / count inputs behind the first.
    var (sum, cells, places) = (0, 0, 0)
    for (cell, seen) in seen.enumerated() {
      guard let seen else { continue }
      let (next, overflows) = sum.addingReportingOverflow(seen.lowerBound + seen.upperBound)
      guard !overflows else { throw GeometryError("what cells see does not fit 64 bits") }
      (sum, cells, places) = (next, cells + 1, places + cell)
    }
    guard cells > 0 else { return self }
    let moved = try exactProduct(2 * places, advance)
    let (rest, overflows) = try exactProduct(sum, seen.count).subtractingReportingOverflow(moved)
    guard !overflows else { throw GeometryError("what cells see does not fit 64 bits") }
    let start = Fraction(rest, try exactProduct(2 * cells, seen.count))
    let back = CoordinateMap(scale: try jump(), shift: start)
    return CellSight(unchecked: seen, advance: advance, map: try back.inverse())
  }

  private func jump() throws(GeometryError) -> Fraction { try map.inverse().scale }

  /// What cell `cell` sees, of any period.
  private subscript(cell: Int) -> ClosedRange<Int>? {
    get throws(GeometryError) {
      let turn = floorDivide(cell, seen.count)
      guard let first = seen[cell - turn * seen.count] else { return nil }
      return turn == 0 ? first : first.moved(by: try exactProduct(turn, advance))
    }
  }

  /// What is seen by cells `first`, `first + step` and so on, `count` of them.
  ///
  /// After as many as have all phases, each sees what one before saw, moved on: so the first ones tell
  /// the first input, and the last ones the last.
  private func seen(
    from first: Int, step: Int, count: Int
  ) throws(GeometryError) -> ClosedRange<Int>? {
    guard count > 0 else { return nil }
    let phases = isOrdered ? 1 : seen.count / greatestCommonDivisor(seen.count, step)
    let head = min(count, phases)
    var result: ClosedRange<Int>?
    for number in 0..<head {
      result = hull(result, try self[first + number * step])
      result = hull(result, try self[first + (count - 1 - number) * step])
    }
    return result
  }

  /// What the cells of a layer see that reads this one.
  func through(_ layer: AxisLayer) throws(GeometryError) -> CellSight {
    let map = try map.then(layer.coordinateMap)
    switch layer.operation {
    case .crop(let offset, _):
      return try CellSight(count: seen.count, advance: advance, map: map) {
        (cell) throws(GeometryError) in try self[cell + offset]
      }
    case .window(let window):
      return window.isTransposed
        ? try transposed(window, map: map) : try sliding(window, map: map)
    }
  }

  private func sliding(
    _ window: Window, map: CoordinateMap
  ) throws(GeometryError) -> CellSight {
    let (stride, dilation) = (window.stride, window.dilation)
    let common = greatestCommonDivisor(seen.count, stride)
    let count = seen.count / common
    try checkWork(count, window.kernelSize, step: dilation)
    return try CellSight(
      count: count, advance: exactProduct(advance, stride / common), map: map
    ) { (cell) throws(GeometryError) in
      try self.seen(
        from: exactProduct(cell, stride) - window.paddingBefore, step: dilation,
        count: window.kernelSize)
    }
  }

  /// Output o meets kernel cell k at input (o + p − d·k) / s, wherever that is whole.
  private func transposed(
    _ window: Window, map: CoordinateMap
  ) throws(GeometryError) -> CellSight {
    let (stride, dilation) = (window.stride, window.dilation)
    let common = greatestCommonDivisor(stride, dilation)
    let count = try exactProduct(seen.count, stride)
    guard count <= mostPhases else { throw tooManyPhases("the receptive field has", count) }
    // The first kernel cell that meets outputs of each phase of the stride; every (stride / common)th
    // behind it does, too.
    var firstKernelCell = Array(repeating: window.kernelSize, count: stride)
    for kernel in (0..<min(window.kernelSize, stride / common)).reversed() {
      firstKernelCell[kernel * (dilation % stride) % stride] = kernel
    }
    let (skip, step) = (stride / common, dilation / common)
    try checkWork(count, (window.kernelSize - 1) / skip + 1, step: step)
    return try CellSight(count: count, advance: advance, map: map) { (cell) throws(GeometryError) in
      let place = cell + window.paddingBefore
      let kernel = firstKernelCell[place - floorDivide(place, stride) * stride]
      guard kernel < window.kernelSize else { return nil }
      let taps = (window.kernelSize - 1 - kernel) / skip + 1
      let nearest = floorDivide(place - dilation * kernel, stride)
      return try self.seen(from: nearest - (taps - 1) * step, step: step, count: taps)
    }
  }

  /// Refuses what would take minutes: it needs gaps, many phases and a large kernel.
  private func checkWork(
    _ count: Int, _ taps: Int, step: Int
  ) throws(GeometryError) {
    guard !isOrdered else { return }
    let phases = min(taps, seen.count / greatestCommonDivisor(seen.count, step))
    guard try exactProduct(count, phases) <= 1 << 24 else {
      throw GeometryError(
        "what a cell sees has \(count) phases of \(phases) pieces; at most \(1 << 24) are followed")
    }
  }

  /// The receptive field that this is.
  func field() throws(GeometryError) -> ReceptiveField {
    let back = try map.inverse()
    return ReceptiveField(
      sizeByPhase: seen.map { $0?.count ?? 0 }, jump: back.scale, start: back.shift)
  }
}

/// The most phases that are listed.
let mostPhases = 1_000_000

func tooManyPhases(_ what: String, _ count: Int? = nil) -> GeometryError {
  GeometryError(
    "\(what) \(count.map { "\($0)" } ?? "too many") phases; at most \(mostPhases) are listed")
}

/// Positions up to here are followed.
private let farthest = Int.max / 8

private func hull(_ a: ClosedRange<Int>?, _ b: ClosedRange<Int>?) -> ClosedRange<Int>? {
  guard let a, let b else { return a ?? b }
  return min(a.lowerBound, b.lowerBound)...max(a.upperBound, b.upperBound)
}

extension ClosedRange<Int> {
  fileprivate func moved(by distance: Int) -> ClosedRange<Int> {
    (lowerBound + distance)...(upperBound + distance)
  }
}
