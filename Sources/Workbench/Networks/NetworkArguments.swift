import FastKernels
import Interchange
import Networks
import Tensors

/// The network that the first operand names.
func networkName(_ arguments: Arguments) throws(ExitStatus) -> NetworkName {
  let names = NetworkName.allCases.map(\.rawValue)
  guard let word = arguments.operands.first else {
    throw .usage("which network? It must be \(listed(names))")
  }
  return try NetworkName(typed: word)
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

/// The threads of `--threads`; all processors if it is not given.
func threads(_ arguments: Arguments) throws(ExitStatus) -> Threads {
  try arguments.integer("threads", in: 1...1024).map(Threads.init) ?? .all
}

/// Refuses a picture for which the memory would not suffice.
func checkMemory(
  _ network: Network, input: Size, batch: Int = 1, exact: Bool
) throws {
  let need = try MemoryNeed(network, input: input, batch: batch, exact: exact)
  guard let available = SystemMemory.available, need.total > available else { return }
  throw ExitStatus.data(
    "\(network.name) on a picture of \(input) needs \(gigabytes(need.total)) of memory "
      + "(\(gigabytes(need.maps)) for maps, \(gigabytes(need.weights)) for weights); "
      + "\(gigabytes(available)) are available")
}
