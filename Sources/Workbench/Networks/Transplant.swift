import ConvolutionArithmetic
import Interchange
import Networks
import Primitives
import Tensors
import WeightFiles

/// The tensors of one network made from those of another: what both have is taken over, the score
/// layers begin at zero and the transposed convolutions as bilinear interpolation.
///
/// From a VGG16 classifier its fully connected layers become convolutions: fc6 (4096, 25088) is read
/// as (4096, 512, 7, 7), number by number in the same order.
struct Transplant {
  let network: Network
  /// All tensors of the network, in its order.
  let entries: [WeightEntry]
  /// The names of those that the file did not have.
  let made: [String]
  /// The names of the file's tensors that the network has no use for.
  let dropped: [String]

  /// - Parameters:
  ///   - classes: the number of classes; if nil, the file's own, or the network's usual one.
  ///   - swapsColors: whether the first kernels are turned from red, green, blue to blue, green, red,
  ///     or back.
  /// - Throws: `ExitStatus` 65 with every tensor that is missing, unknown or of another shape.
  init(
    _ file: WeightFile, into name: NetworkName, classes: Int?, swapsColors: Bool = false
  ) throws {
    let entries = WeightNames.canonical(file.entries)
    let isClassifier = name == .vgg16
    // The classifier's classes are not those of the pixels.
    let own = entries.filter { isClassifier || !$0.name.hasPrefix("fc8.") }
    let shapes = Dictionary(own.map { ($0.name, $0.shape) }) { first, _ in first }
    let score = isClassifier ? "fc8" : name == .uNet ? "score" : "score_fr"
    network = name.network(fitting: { tensor in
      guard let classes, tensor.hasPrefix("\(score).") else { return shapes[tensor] }
      return tensor == "\(score).bias" ? [classes] : nil
    })
    let expected = network.parameters.map { ExpectedTensor(name: $0.name, shape: $0.shape) }
    let makeable =
      name.labelsPictures ? Set(expected.map(\.name).filter(Self.isScoreOrUpscore)) : []
    // With another number of classes the old scores mean nothing.
    let isFresh = Self.scoresDiffer(shapes, expected) && classes != nil
    let kept = isFresh ? own.filter { !makeable.contains($0.name) } : own
    let needless = kept.map(\.name).filter { name.labelsPictures && Self.isScoreOrUpscore($0) }
    try Self.checkHeads(needless, of: file, into: network)
    try file.checkThatNoneIsUnread(
      Set(expected.map(\.name)).subtracting(isFresh ? makeable : []))
    let matched: [String: WeightEntry]
    do {
      matched = try WeightMatcher.match(
        kept, to: expected, optional: makeable, ignored: Set(needless))
    } catch {
      throw ExitStatus.data("\(file.path) into \(network.name): \(error)")
    }
    let fresh = expected.filter { matched[$0.name] == nil }
    try SystemMemory.check(
      fresh.reduce(0) { $0 + $1.shape.count * MemoryLayout<Float>.size },
      for: "what \(network.name) lacks, \(fresh.map(\.name).summary),")
    self.entries = try expected.enumerated().map { index, tensor in
      guard let entry = matched[tensor.name] else {
        return WeightEntry(name: tensor.name, tensor: Self.fresh(tensor))
      }
      return swapsColors && index == 0 ? try Self.swapped(entry, of: file) : entry
    }
    made = fresh.map(\.name)
    dropped = zip(file.entries, entries).filter { matched[$1.name] == nil }.map { $0.0.name }
  }

  /// Refuses score layers that no network of ours has: they were trained, and would be lost.
  private static func checkHeads(
    _ names: [String], of file: WeightFile, into network: Network
  ) throws(ExitStatus) {
    let networks = NetworkName.allCases.map { $0.network() }
    let known = Set(networks.flatMap { $0.parameters.map(\.name) })
    let homeless = names.filter { !known.contains($0) }
    guard homeless.isEmpty else {
      throw .data(
        "\(file.path) into \(network.name): \(homeless.summary) find no place there, and what "
          + "they were trained for would be lost; give those that should be the network's own its "
          + "names (\(network.parameters.map(\.name).filter(isScoreOrUpscore).summary)), and leave "
          + "the others out of the file")
    }
  }

  /// Kernels that read the three colours in the opposite order.
  private static func swapped(_ kernels: WeightEntry, of file: WeightFile) throws -> WeightEntry {
    guard kernels.shape.rank == 4, kernels.shape[1] == 3 else {
      throw ExitStatus.data(
        "\(file.path): \(kernels.name) has the shape \(kernels.shape), which does not read three "
          + "colours; leave out --swap-colors")
    }
    let area = kernels.shape[2] * kernels.shape[3]
    let elements = try kernels.values()
    return WeightEntry(
      name: kernels.name,
      tensor: Tensor(
        shape: kernels.shape,
        elements: elements.indices.map { index in
          let color = index / area % 3
          return elements[index + (2 - 2 * color) * area]
        }))
  }

  private static func isScoreOrUpscore(_ name: String) -> Bool {
    name.hasPrefix("score") || name.hasPrefix("upscore")
  }

  private static func scoresDiffer(
    _ shapes: [String: Shape], _ expected: [ExpectedTensor]
  ) -> Bool {
    expected.contains { tensor in
      isScoreOrUpscore(tensor.name) && shapes[tensor.name].map { $0 != tensor.shape } ?? false
    }
  }

  private static func fresh(_ tensor: ExpectedTensor) -> Tensor<Float> {
    guard tensor.name.hasPrefix("upscore") else { return .zeros(tensor.shape) }
    return bilinearKernels(classes: tensor.shape[0], kernelSize: Size(tensor.shape[2]))
  }
}
