import CommandLineKit
import FastKernels
import FullyConvolutional
import Interchange
import Tensors

/// A network and the tensors of a weight file that belong to it.
///
/// ```swift
/// let loaded = try LoadedNetwork(weights: "fcn8s.pth")      // recognised by its tensors' names
/// let scores = try loaded.fast(threads: .all).forward(picture)
/// ```
struct LoadedNetwork {
  let name: NetworkName
  /// The network with the file's number of classes and channels.
  let network: Network
  let file: WeightFile
  /// The file's tensors by parameter name, all of the network's shapes.
  let tensors: [String: WeightEntry]

  /// Finds the tensors of a network in a weight file; nothing but the header is read.
  ///
  /// - Parameter name: the network; if nil it is recognised from what the file says of itself, or
  ///   from the tensors' names.
  /// - Throws: what ``Interchange/WeightFile/open(_:)`` throws; `ExitStatus` 65 with every tensor
  ///   that is missing, unknown or of another shape.
  init(weights path: String, as name: NetworkName? = nil) throws {
    let file = try WeightFile.open(path)
    let entries = WeightNames.canonical(file.entries)
    guard let name = name ?? file.statedNetwork ?? NetworkName(recognizing: entries.map(\.name))
    else {
      throw ExitStatus.data(
        "\(path) holds \(entries.count) tensors whose names are of no known network; "
          + "\(listed(NetworkName.allCases.map(\.rawValue))) are known, and convbook convert "
          + "--list \(path) shows the names")
    }
    let shapes = Dictionary(entries.map { ($0.name, $0.shape) }) { first, _ in first }
    let network = name.network(fitting: { shapes[$0] })
    do {
      tensors = try WeightMatcher.match(
        entries, to: network.parameters.map { ExpectedTensor(name: $0.name, shape: $0.shape) })
    } catch {
      throw ExitStatus.data("\(path) as \(network.name): \(error)")
    }
    (self.name, self.network, self.file) = (name, network, file)
  }

  /// The number of classes.
  var classes: Int { network.channels[network.layers.last!.name]! }

  /// The numbers of the tensors, read from the file when they are asked for.
  var source: WeightSource {
    WeightSource(
      shape: { tensors[$0]?.shape },
      read: { name, body in
        let entry = tensors[name]!
        try entry.withUnsafeFloats(body)
        entry.release()
      })
  }

  /// The network with its weights packed for the fast kernels.
  func fast(exact: Bool = false, threads: Threads = .all) throws -> FastNetwork {
    try FastNetwork(network, weights: source, exact: exact, threads: threads)
  }
}

extension WeightFile {
  /// What the file's text says under a name.
  func stated(_ key: String) -> String? {
    metadata.first { $0.key == key }?.value
  }

  /// The network that the file says it is for.
  var statedNetwork: NetworkName? {
    stated("network").flatMap(NetworkName.init(rawValue:))
  }
}

extension NetworkName {
  /// The network of this name.
  ///
  /// - Throws: `ExitStatus` 64, with the nearest name, if there is none.
  init(typed word: String) throws(ExitStatus) {
    let names = Self.allCases.map(\.rawValue)
    guard let name = NetworkName(rawValue: word) else {
      let suggestion = nearest(to: word, among: names).map { "; did you mean \($0)?" } ?? ""
      throw .usage("there is no network \"\(word)\"; it must be \(listed(names))\(suggestion)")
    }
    self = name
  }
}
