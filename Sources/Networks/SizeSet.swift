import ConvolutionArithmetic
import Tensors

/// The sizes of a picture for which something holds: progressions that never end, and single ones.
///
/// ```swift
/// // U-Net without padding: 188, 204, 220 and so on
/// SizeSet.Progression(modulus: 16, first: 188, last: nil)   // 12 more than a multiple of 16, from 188
/// ```
public struct SizeSet: Hashable, Sendable {
  /// Every `modulus`-th size, from the first to the last, or without end.
  public struct Progression: Hashable, Sendable {
    public let modulus: Int
    public let first: Int
    /// The last one; nil if there is none.
    public let last: Int?

    /// What is left of each of its sizes when it is divided by the modulus.
    public var remainder: Int { first % modulus }

    func next(atLeast size: Int) -> Int? {
      let next = size <= first ? first : size + (modulus - (size - first) % modulus) % modulus
      return next <= last ?? next ? next : nil
    }

    func previous(atMost size: Int) -> Int? {
      guard size >= first else { return nil }
      let most = min(size, last ?? size)
      return most - (most - first) % modulus
    }
  }

  /// Those without end, by their remainders, and then the others.
  public let progressions: [Progression]

  /// Those of some progressions of one modulus, of which each has a remainder of its own, said as
  /// shortly as possible.
  ///
  /// Progressions that are together one of a smaller modulus become that one; what they have before
  /// all of them have begun is told apart.
  init(modulus: Int, _ progressions: [Progression]) {
    let endless = progressions.filter { $0.last == nil }
    let first = Dictionary(uniqueKeysWithValues: endless.map { ($0.remainder, $0.first) })
    let divisor =
      (1...modulus).first { divisor in
        modulus % divisor == 0 && first.keys.allSatisfy { first[($0 + divisor) % modulus] != nil }
      } ?? modulus
    var joined: [Progression] = []
    var single = progressions.flatMap { progression in
      progression.last.map { Array(stride(from: progression.first, through: $0, by: modulus)) }
        ?? []
    }
    for (_, parts) in Dictionary(grouping: endless, by: { $0.first % divisor }) {
      // The last size that is missing is the one before the first of the part that begins last.
      let missing = parts.map { $0.first - modulus }.max()!
      joined.append(Progression(modulus: divisor, first: missing + divisor, last: nil))
      for part in parts {
        single += stride(from: part.first, through: missing, by: modulus)
      }
    }
    joined.sort { $0.remainder < $1.remainder }
    // Neighbours are told together.
    var runs: [ClosedRange<Int>] = []
    for size in single.sorted() {
      if let run = runs.last, size <= run.upperBound + 1 {
        runs[runs.count - 1] = run.lowerBound...max(run.upperBound, size)
      } else {
        runs.append(size...size)
      }
    }
    self.progressions =
      joined + runs.map { Progression(modulus: 1, first: $0.lowerBound, last: $0.upperBound) }
  }

  public var isEmpty: Bool { progressions.isEmpty }

  /// Whether a size is one of them.
  public func contains(_ size: Int) -> Bool { next(atLeast: size) == size }

  /// The smallest that is not below `size`; nil if there is none.
  public func next(atLeast size: Int) -> Int? {
    progressions.compactMap { $0.next(atLeast: size) }.min()
  }

  /// The largest that is not above `size`; nil if there is none.
  public func previous(atMost size: Int) -> Int? {
    progressions.compactMap { $0.previous(atMost: size) }.max()
  }
}

extension SizeSet {
  /// The rule in words.
  ///
  /// `every size from 1`, `every multiple of 16 from 16`, `12 more than a multiple of 16, from 188`,
  /// `0 to 15 more than a multiple of 32, from 64`, `only 224`
  public var text: String {
    var parts = endlessRuns.map { run in
      let (progression, count) = run
      let (modulus, first) = (progression.modulus, progression.first)
      if modulus == 1 { return "every size from \(first)" }
      let (least, most) = (progression.remainder, progression.remainder + count - 1)
      if most == 0 { return "every multiple of \(modulus) from \(first)" }
      return
        "\(least)\(count > 1 ? " to \(most)" : "") more than a multiple of \(modulus), from \(first)"
    }
    let more = parts.count - 6
    if more > 1 { parts[6...] = ["\(more) more remainders of \(progressions[0].modulus)"] }
    let single = progressions.filter { $0.last != nil }.map { run in
      run.first == run.last ? "\(run.first)" : "\(run.first) to \(run.last!)"
    }
    if !single.isEmpty {
      let shown = single.prefix(8).joined(separator: ", ") + (single.count > 8 ? ", …" : "")
      parts.append((parts.isEmpty ? "only " : "also ") + shown)
    }
    return parts.isEmpty ? "none" : parts.joined(separator: "; ")
  }

  /// The progressions without end, those with neighbouring remainders together: the first, and how many.
  private var endlessRuns: [(Progression, count: Int)] {
    let endless = progressions.filter { $0.last == nil }.sorted { $0.first < $1.first }
    var left = Dictionary(uniqueKeysWithValues: endless.map { ($0.first, $0) })
    var runs: [(Progression, count: Int)] = []
    for progression in endless where left[progression.first] != nil {
      var count = 0
      while left.removeValue(forKey: progression.first + count) != nil { count += 1 }
      runs.append((progression, count))
    }
    return runs
  }
}

/// The sizes of a network's maps while it is being read: those of every layer are computed once, when a
/// kernel or a padding behind it depends on them.
///
/// Whether streams that meet are equally large is left to ``Network/shapes(input:)``; a join goes on with
/// the first.
struct GrowingSizes {
  private var waiting: [Network.Layer] = []
  /// Missing are those that nobody knows.
  private var sizes: [String: Size] = [:]
  private var single: Set<String> = []

  mutating func append(_ layer: Network.Layer) { waiting.append(layer) }

  /// The size of a layer's maps for a picture of this size; nil if nobody knows.
  ///
  /// - Throws: `GeometryError` if a layer before it has no window.
  mutating func size(of name: String, input: Size) throws(GeometryError) -> Size? {
    for layer in waiting {
      let read = layer.inputs.compactMap { sizes[$0] }
      if layer.hasOneCell(behind: single) { single.insert(layer.name) }
      if case .unknown = layer.operation { continue }
      guard read.count == layer.inputs.count else { continue }
      guard !read.isEmpty else {
        sizes[layer.name] = input
        continue
      }
      let first = layer.wideInputs(single)[0]
      sizes[layer.name] = Size(
        height: try layer.extent(inputs: read.map { $0.height }, along: .height, first: first),
        width: try layer.extent(inputs: read.map { $0.width }, along: .width, first: first))
    }
    waiting = []
    return sizes[name]
  }
}

extension Network.Layer {
  /// Whether its maps have one cell whatever the picture, behind layers of which some do.
  func hasOneCell(behind single: Set<String>) -> Bool {
    switch operation {
    case .input, .unknown: false
    case .globalPool: true
    case _ where operation.takesSizeOfSecond: single.contains(inputs[1])
    case .cut(_, let size): size == 1
    case .resize(let resize) where resize.target == .size(1): true
    default:
      inputs.allSatisfy(single.contains)
        && (try? extent(inputs: inputs.map { _ in 1 }, along: .height)) == 1
        && (try? extent(inputs: inputs.map { _ in 1 }, along: .width)) == 1
    }
  }

  /// The inputs whose size a join takes: all but those of one cell, which goes with every cell of others.
  func wideInputs(_ single: Set<String>) -> [Int] {
    let all = Array(inputs.indices)
    guard operation != .concatenate else { return all }
    let wide = all.filter { !single.contains(inputs[$0]) }
    return wide.isEmpty ? all : wide
  }

  /// The cells that come out along an axis, of a join those of its first stream.
  func extent(
    inputs: [Int], along axis: Network.Axis, first: Int = 0
  ) throws(GeometryError) -> Int {
    if let window = try operation.window(along: axis) {
      return try window.outputSize(input: inputs[0])
    }
    return switch operation {
    case .globalPool: 1
    case _ where operation.takesSizeOfSecond: inputs[1]
    case .resize(let resize): try resize.outputSize(input: inputs[0], along: axis)
    case .cut(_, let size): size[axis]
    default: inputs[first]
    }
  }
}
