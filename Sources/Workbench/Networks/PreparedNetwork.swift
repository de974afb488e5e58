import FastKernels
import Networks

/// A network read from a weight file and packed, or packed by an earlier start.
struct PreparedNetwork {
  /// The network, ready to run.
  let network: FastNetwork
  private let cache: PackedCache?

  /// Reads, checks and packs the weights, showing how far it is.
  ///
  /// - Parameter usesCache: whether weights packed earlier may be used, and these kept.
  init(_ file: NetworkFile, exact: Bool, threads: Threads, usesCache: Bool) throws {
    if let note = file.note { printError("convbook: \(note)") }
    let content = try file.scan(threads: threads)
    let cache = usesCache ? PackedCache(file.network, content: content, exact: exact) : nil
    let packed = try cache?.open(FastNetwork.packedLayers(of: file.network), threads: threads)
    let line = ProgressLine()
    defer { line.end() }
    network = try FastNetwork(
      file.network, weights: file.weights, packed: packed ?? [:], exact: exact, threads: threads,
      progress: { line.show("packing weights", $0) })
    // A layer that has another size than what was kept for it was packed again.
    let isKept = network.packedWeights.allSatisfy { $0.weights.count == packed?[$0.layer]?.count }
    self.cache = isKept ? nil : cache
  }

  /// Keeps the packed weights for the next start, if they were packed in this one.
  func save() {
    cache?.save(network.packedWeights, threads: network.threads)
  }
}
