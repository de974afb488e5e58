import FastKernels
import Interchange
import Networks
import Tensors
import WeightFiles

/// A weight file opened for a network: everything that can be wrong with it is found here.
struct NetworkFile {
  /// The network, with as many channels and classes as the file has.
  let network: Network
  /// The tensors by parameter name.
  let entries: [String: WeightEntry]
  /// The file.
  let path: String
  /// What a person should know who runs the network; nil if there is nothing.
  let note: String?

  /// Opens a file and matches its tensors with the network's.
  ///
  /// - Throws: what ``WeightFile/open(_:)`` throws; `ExitStatus` 65 if tensors are missing, unknown or
  ///   of another shape, all in one sentence.
  init(_ path: String, for name: NetworkName) throws {
    try self.init(WeightFile.open(path), for: name)
  }

  /// Matches the tensors of an open file with the network's.
  init(_ file: WeightFile, for name: NetworkName) throws(ExitStatus) {
    let found = WeightNames.canonical(file.entries)
    let shapes = Dictionary(found.map { ($0.name, $0.shape) }) { first, _ in first }
    network = name.network(fitting: { shapes[$0] })
    path = file.path
    note = file.orderNote.map { "\(file.path): \($0)" }
    do {
      try file.checkThatNoneIsUnread(Set(network.parameters.map(\.name)))
    } catch {
      throw ExitStatus.data(error.description)
    }
    entries = try Self.matched(found, of: path, for: network)
  }

  /// Matches the tensors of an open file with those of any network, whose layers' names they have.
  init(_ file: WeightFile, for network: Network) throws(ExitStatus) {
    let shared = network.sharedParameters
    let needed = Set(
      network.parameters.map(\.name).filter { !network.isUpsampling($0) && shared[$0] == nil })
    let isNamed = needed.isSubset(of: file.entries.map(\.name))
    do {
      try file.checkThatNoneIsUnread(needed)
    } catch {
      throw ExitStatus.data(error.description)
    }
    // Caffe passes over layers that the net does not have: those of training alone are in the file too.
    let layers = Set(network.layers.map(\.name))
    let extra = file.entries.filter { entry in
      file.format == .caffemodel && !layers.contains(entry.name.layerOfTensor)
    }
    let passed =
      extra.isEmpty
      ? nil : "\(file.path): of no layer here, not used: \(extra.map(\.name).summary)"
    let found = file.keeping { entry in !extra.contains { $0.name == entry.name } }.entries
    let notes = [file.orderNote.map { "\(file.path): \($0)" }, passed].compactMap(\.self)
    try self.init(
      isNamed ? found : WeightNames.canonical(found), of: file.path, for: network,
      note: notes.isEmpty ? nil : notes.joined(separator: "; "))
  }

  /// Matches tensors, however they were found, with those of a network.
  init(
    _ found: [WeightEntry], of path: String, for network: Network, note: String? = nil
  ) throws(ExitStatus) {
    (self.network, self.path, self.note) = (network, path, note)
    entries = try Self.matched(found, of: path, for: network)
  }

  /// The tensors by parameter name. Kernels of upsampling may be missing, and PyTorch counts the batches
  /// that its normalizations have seen.
  private static func matched(
    _ found: [WeightEntry], of path: String, for network: Network
  ) throws(ExitStatus) -> [String: WeightEntry] {
    // Of tensors that are one and the same a file may have the first alone.
    let names = Set(found.map(\.name))
    let others = network.sharedParameters.compactMap { name, owner in
      names.contains(name) ? nil : found.first { $0.name == owner }?.renamed(name)
    }
    do {
      return try WeightMatcher.match(
        found + others,
        to: network.parameters.map { ExpectedTensor(name: $0.name, shape: $0.shape) },
        optional: Set(network.parameters.map(\.name).filter(network.isUpsampling)),
        ignored: Set(found.map(\.name).filter { $0.hasSuffix(".num_batches_tracked") }))
    } catch {
      throw .data("\(path), for \(network.name): \(error)")
    }
  }

  /// The files of the tensors as they were when they were opened.
  var files: [FileStamp] {
    Set(entries.values.compactMap(\.stamp)).sorted { $0.text < $1.text }
  }

  /// Whether every tensor is in a file.
  var isInFiles: Bool { entries.values.allSatisfy { $0.stamp != nil } }

  /// Where in their files the tensors lie.
  var places: [String] {
    network.parameters.map { "\($0.name): \(entries[$0.name]?.place ?? "")" }
  }

  /// Reads all tensors once.
  ///
  /// - Throws: `ExitStatus` 65 that names all tensors with values that are not finite.
  /// - Returns: what the content is known by, the tensors in the network's order.
  func scan(threads: Threads) throws -> [UInt64] {
    var hash: [UInt64] = []
    var problems: [String] = []
    for parameter in network.parameters {
      guard let entry = entries[parameter.name] else {
        hash += [0, 0]
        continue
      }
      let scan = try entry.withUnsafeFloats { FastKernels.scan($0, threads: threads) }
      entry.release()
      hash += scan.hash
      if scan.nonFinite > 0 {
        problems.append("\(parameter.name) (\(scan.nonFinite) of \(parameter.shape.count))")
      }
    }
    guard problems.isEmpty else {
      throw ExitStatus.data(
        "\(path) has values that are infinite or not a number (NaN) in "
          + "\(counted(problems.count, "tensor")) of \(entries.count): \(problems.summary)"
      )
    }
    return hash
  }

  /// The tensors as the network reads them; bilinear kernels where upsampling layers have none.
  var weights: WeightSource {
    let source = WeightSource(shape: { entries[$0]?.shape }) { name, body in
      let entry = entries[name]!
      try entry.withUnsafeFloats { numbers in try body(numbers) { entry.release($0) } }
      // The packed weights are what is used from now on.
      entry.release()
    }
    return source.fillingBilinear(network)
  }
}

extension String {
  /// `conv1` of `conv1.weight`.
  fileprivate var layerOfTensor: String {
    lastIndex(of: ".").map { String(self[..<$0]) } ?? self
  }
}
