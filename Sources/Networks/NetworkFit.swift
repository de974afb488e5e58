public import ConvolutionArithmetic
public import Tensors

/// Which extents of a picture a network takes along one axis.
///
/// The extent of every layer is a function of the picture's that repeats: a window that steps over s
/// cells gives ⌊(i + …)/s⌋ + 1, so that s cells more of what it reads give exactly one more of what it
/// makes; a transposed one gives s more for each; the rest passes cells on. So there is a period, the
/// least number of picture cells by which every stream that is compared grows by whole cells, and a
/// period more of the picture adds the same to an extent wherever one begins. That holds as long as every
/// window has a cell, and since no extent shrinks when the picture grows, it does from some least size
/// on. So is every demand of a join linear from there on, period by period: it is always met, or never,
/// or once, or from a size on, or up to one. Two walks for each size of the first period tell all.
public struct NetworkFit: Hashable, Sendable {
  /// The extents that go through.
  public let passing: SizeSet
  /// Those that do and leave nothing over on the way to a crop: the two streams of every crop differ by
  /// the same at both ends, whatever the size, as U-Net's authors ask it.
  public let fitting: SizeSet
  /// Those that come back as large.
  public let same: SizeSet
  /// How many cells more come out than went in, for extents that fit and have an output that grows with
  /// them; nil if none do.
  public let growth: ClosedRange<Int>?
  /// After how many cells the rule repeats.
  public let period: Int
  /// The least extent for which every window has a cell; nil if there is none.
  public let least: Int?
}

extension Network {
  /// Which extents go through along an axis.
  ///
  /// - Throws: `GeometryError` if the rule repeats only after more cells than are tried.
  public func fit(along axis: Axis = .height) throws(GeometryError) -> NetworkFit {
    if let bound, let layer = bound.blind.first {
      throw GeometryError(
        "\(layer) is computed from the size of the picture by a rule that the book does not follow, so that "
          + "which sizes fit is not known; network shows it for each, as in --input "
          + "\(bound.size.height)x\(bound.size.width)")
    }
    return try NetworkAxis(self, along: axis, isStretched: true).fit()
  }
}

extension Network {
  /// The first fully connected layer for a picture of this size: a convolution without padding whose
  /// kernel is the whole map, and more than a cell.
  public func fullyConnected(input size: Size) -> Layer? {
    guard let shapes = try? knownShapes(input: size) else { return nil }
    let sizes = Dictionary(
      uniqueKeysWithValues: zip(layers.map { $0.name }, shapes.map { $0?.size }))
    return layers.first { layer in
      guard case .convolution(let convolution, _, _, _) = layer.operation else { return false }
      return !convolution.isPadded && convolution.effectiveKernelSize == sizes[layer.inputs[0]]
        && convolution.kernelSize.area > 1
    }
  }

  /// The extents that go through for which a convolution's kernel is the whole map: those that it takes
  /// if it is fully connected, and does not slide.
  public func extents(
    covering layer: Layer, along axis: Axis, in fit: NetworkFit
  ) -> ClosedRange<Int>? {
    let line = NetworkAxis(self, along: axis)
    guard let kernel = (try? layer.operation.window(along: axis))?.effectiveKernelSize,
      let place = layers.firstIndex(of: layer), let least = fit.passing.next(atLeast: 1)
    else { return nil }
    func cells(_ input: Int) -> Int {
      (try? line.walk(input: input))?.extents[line.inputs[place][0]] ?? .max
    }
    /// The first extent from which the map has more cells than so many.
    func first(above count: Int) -> Int {
      var (low, high) = (least - 1, least + fit.period)
      while cells(high) <= count { high += high - low }
      while low + 1 < high {
        let middle = (low + high) / 2
        if cells(middle) > count { high = middle } else { low = middle }
      }
      return high
    }
    let (begin, end) = (first(above: kernel - 1), first(above: kernel))
    return begin < end ? begin...(end - 1) : nil
  }
}

extension NetworkAxis {
  /// The smallest extent for which every window has a cell; nil if none is found.
  ///
  /// No extent shrinks when the picture grows, so it is found by halving.
  var least: Int? {
    func works(_ input: Int) -> Bool { (try? walk(input: input)) != nil }
    var high = 1
    while !works(high) {
      high *= 2
      if high > largestExtent { return nil }
    }
    var low = high / 2
    while low + 1 < high {
      let middle = (low + high) / 2
      if works(middle) { high = middle } else { low = middle }
    }
    return high
  }

  func fit() throws(GeometryError) -> NetworkFit {
    guard let least else {
      let none = SizeSet(modulus: 1, [])
      return NetworkFit(
        passing: none, fitting: none, same: none, growth: nil, period: 1, least: nil)
    }
    let period = try period(least: least)
    var (passing, fitting, same):
      ([SizeSet.Progression], [SizeSet.Progression], [SizeSet.Progression])
    (passing, fitting, same) = ([], [], [])
    var growth: ClosedRange<Int>?
    for first in least..<least + period {
      let (now, later) = (try demands(input: first), try demands(input: first + period))
      var turns = [Turns(), Turns(), Turns()]
      for (demand, next) in zip(now, later) {
        let step = next.amount - demand.amount
        // Each set asks for more than the one before; being as large, for nothing but going through.
        if !demand.isStrict { turns[0].meet(demand, step: step) }
        if demand.kind != .output { turns[1].meet(demand, step: step) }
        if !demand.isStrict || demand.kind == .output { turns[2].meet(demand, step: step) }
      }
      func progression(_ turns: Turns) -> SizeSet.Progression? {
        turns.isNever
          ? nil
          : SizeSet.Progression(
            modulus: period, first: first + turns.first * period,
            last: turns.last.map { first + $0 * period })
      }
      passing += [progression(turns[0])].compactMap { $0 }
      if let whole = progression(turns[1]) {
        fitting.append(whole)
        if let output = now.last, output.kind == .output, later.last == output, whole.last == nil {
          let (amount, range) = (output.amount, growth ?? output.amount...output.amount)
          growth = min(range.lowerBound, amount)...max(range.upperBound, amount)
        }
      }
      // Of what comes out of a layer that the book does not have nobody knows.
      if now.last?.kind == .output { same += [progression(turns[2])].compactMap { $0 } }
    }
    return NetworkFit(
      passing: SizeSet(modulus: period, passing), fitting: SizeSet(modulus: period, fitting),
      same: SizeSet(modulus: period, same), growth: growth, period: period, least: least)
  }

  /// What is asked of a picture, and at last that it come back as large.
  func demands(input: Int) throws(GeometryError) -> [Demand] {
    let walk = try walk(input: input)
    let output = walk.extents[inputs.count - 1].map {
      Demand(layer: inputs.count - 1, kind: .output, amount: $0 - input)
    }
    return walk.demands + [output].compactMap { $0 }
  }

  /// After how many picture cells every stream that is compared has grown by whole cells.
  private func period(least: Int) throws(GeometryError) -> Int {
    // Of each layer: so many picture cells more make so many more of its own.
    var rates: [(picture: Int, cells: Int)] = []
    func tooLong(_ count: Int? = nil) -> GeometryError {
      GeometryError(
        "which sizes fit repeats only after \(count.map { "\($0)" } ?? "more than 2⁶²") cells, and at "
          + "most \(mostCells / inputs.count) are tried for \(inputs.count) layers")
    }
    func product(_ a: Int, _ b: Int) throws(GeometryError) -> Int {
      let (product, overflows) = a.multipliedReportingOverflow(by: b)
      guard !overflows else { throw tooLong() }
      return product
    }
    for (index, layer) in network.layers.enumerated() {
      let read = inputs[index].map { rates[$0] }
      var rate = read.first ?? (1, 1)
      /// Every `step` cells read give `gain` more.
      func scale(by gain: Int, for step: Int) throws(GeometryError) {
        let turns = step / greatestCommonDivisor(rate.cells, step)
        rate = (
          try product(rate.picture, turns), try product(product(rate.cells, turns) / step, gain)
        )
      }
      if let window = try layer.operation.window(along: axis) {
        try window.isTransposed
          ? scale(by: window.stride, for: 1) : scale(by: 1, for: window.stride)
      } else {
        switch layer.operation {
        case .globalPool, .cut: rate = (1, 0)
        case _ where layer.operation.takesSizeOfSecond: rate = read[1]
        case .resize(let resize):
          switch resize.target {
          case .size, .second: rate = (1, 0)
          case .factors(let down, let across):
            let factor = axis == .height ? down : across
            try scale(by: factor.numerator, for: factor.denominator)
          }
        default:
          // A join grows with its wide streams.
          rate = read.first { $0.cells > 0 } ?? rate
        }
      }
      rates.append(rate)
    }
    let compared = Set(try walk(input: least).demands.flatMap { inputs[$0.layer] })
    var period = 1
    for index in compared.union([inputs.count - 1]) {
      let other = rates[index].picture
      period = try product(period, other / greatestCommonDivisor(period, other))
      guard try product(period, inputs.count) <= mostCells else { throw tooLong(period) }
    }
    return period
  }
}

/// The most extents that are computed to find a rule.
private let mostCells = 20_000_000

/// The periods in which demands are met that grow by the same from one to the next.
private struct Turns {
  var first = 0
  var last: Int?
  var isNever: Bool { first > last ?? first }

  /// Leaves those in which amount + turn · step meets the demand.
  mutating func meet(_ demand: NetworkAxis.Demand, step: Int) {
    let amount = demand.amount
    if step == 0 {
      if !demand.isMet { last = -1 }
    } else if demand.kind == .room {
      // Rounded towards where there is more room.
      let (turn, rest) = (-amount).quotientAndRemainder(dividingBy: step)
      if step > 0 {
        first = max(first, turn + (rest > 0 ? 1 : 0))
      } else {
        last = min(last ?? turn, amount < 0 ? -1 : turn)
      }
    } else {
      let turn = -amount / step
      guard turn >= first, turn * step == -amount else { return last = -1 }
      (first, last) = (turn, min(last ?? turn, turn))
    }
  }
}
