internal import Interchange
public import Tensors

/// A tensor that a network needs.
public struct ExpectedTensor: Hashable, Sendable {
  public let name: String
  public let shape: Shape

  public init(name: String, shape: Shape) { (self.name, self.shape) = (name, shape) }
}

/// Finds the tensors of a network among those of a file.
public enum WeightMatcher {
  /// The entries by name, each with the expected shape.
  ///
  /// A shape matches if it is equal, if one is a fully connected layer's (out, in) and the other the same
  /// layer as a convolution, (out, channels, height, width) with as many inputs, or if the file has kernels
  /// along one axis, (out, channels, length), which are one cell high here.
  ///
  /// - Parameters:
  ///   - entries: the tensors of a file, under the network's names (see ``WeightNames``).
  ///   - expected: what the network needs.
  ///   - optional: names that may be missing from the file.
  ///   - ignored: names that may be in the file although the network has no use for them.
  /// - Throws: ``WeightMismatch``, which counts everything that is wrong, and not the first thing only.
  public static func match(
    _ entries: [WeightEntry], to expected: [ExpectedTensor], optional: Set<String> = [],
    ignored: Set<String> = []
  ) throws(WeightMismatch) -> [String: WeightEntry] {
    let found = Dictionary(entries.map { ($0.name, $0) }) { first, _ in first }
    let needed = Set(expected.map(\.name))
    var matched: [String: WeightEntry] = [:]
    var mismatch = WeightMismatch(
      unknown: entries.map(\.name).filter { !needed.contains($0) && !ignored.contains($0) })
    for tensor in expected {
      guard let entry = found[tensor.name] else {
        if !optional.contains(tensor.name) { mismatch.missing.append(tensor.name) }
        continue
      }
      if let fitting = fitted(entry, to: tensor.shape) {
        matched[tensor.name] = fitting
      } else {
        mismatch.mismatched.append(
          .init(name: tensor.name, got: entry.shape, expected: tensor.shape))
      }
    }
    guard mismatch.isEmpty else { throw mismatch }
    return matched
  }

  private static func fitted(_ entry: WeightEntry, to shape: Shape) -> WeightEntry? {
    if entry.shape == shape { return entry }
    let ranks = (entry.shape.rank, shape.rank)
    // Along one axis kernels are one cell high.
    if ranks == (3, 4), shape[2] == 1, entry.shape.dimensions == [shape[0], shape[1], shape[3]] {
      return entry.reshaped(shape)
    }
    guard ranks == (2, 4) || ranks == (4, 2), entry.shape[0] == shape[0],
      entry.shape.count == shape.count
    else { return nil }
    return entry.reshaped(shape)
  }
}

/// How a file's tensors differ from those that a network needs: all differences together.
public struct WeightMismatch: Error, Equatable, CustomStringConvertible {
  /// A tensor whose shape is not the network's.
  public struct Shapes: Equatable, Sendable {
    public let name: String
    public let got: Shape
    public let expected: Shape
  }

  /// The network's tensors that the file lacks.
  public internal(set) var missing: [String] = []
  /// The file's tensors that the network does not know.
  public internal(set) var unknown: [String]
  public internal(set) var mismatched: [Shapes] = []

  init(unknown: [String]) {
    self.unknown = unknown
  }

  var isEmpty: Bool { missing.isEmpty && unknown.isEmpty && mismatched.isEmpty }

  /// One sentence: how many are missing, unknown and of another shape, what their names have in
  /// common, and three of each.
  public var description: String {
    let start = "the weights do not fit the network: "
    let means = unknown.count { $0.hasSuffix(".running_mean") }
    guard means == 0 else {
      return start
        + "they are of one with batch norm (\(means) of them are running means), as vgg16_bn is, which "
        + "this one does not have; take those of the same network without batch norm"
    }
    var parts: [String] = []
    if !missing.isEmpty { parts.append("missing \(Self.list(missing))") }
    if !unknown.isEmpty {
      // Where nothing else is wrong, the rest of the file would do.
      let wayOut =
        missing.isEmpty && mismatched.isEmpty
        ? "; save the others without \(unknown.count == 1 ? "it" : "them")" : ""
      parts.append("unknown \(Self.list(unknown))\(wayOut)")
    }
    if !mismatched.isEmpty {
      let shapes = mismatched.prefix(3).map {
        "\($0.name.printable) got \($0.got), expected \($0.expected)"
      }
      let rest = mismatched.count > 3 ? ["\(mismatched.count - 3) more"] : []
      parts.append("of another shape: \((shapes + rest).joined(separator: "; "))")
    }
    return start + parts.joined(separator: "; ")
  }

  /// `2 tensors (a, b)`
  private static func list(_ names: [String]) -> String {
    "\(counted(names.count, "tensor")) (\(names.summary))"
  }
}
