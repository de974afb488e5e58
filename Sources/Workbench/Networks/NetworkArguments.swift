import FastKernels
import Interchange
import Networks
import Tensors
import Training

extension NetworkName {
  /// The network of this name.
  ///
  /// - Throws: `ExitStatus` 64, with the nearest name, if there is none.
  init(typed word: String, or others: String = "") throws(ExitStatus) {
    let names = Self.allCases.map(\.rawValue)
    guard let name = NetworkName(rawValue: word) else {
      let suggestion = nearest(to: word, among: names).map { "; did you mean \($0)?" } ?? ""
      throw .usage(
        "there is no network \"\(word)\"; it must be \(listed(names))\(others)\(suggestion)")
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

/// The weight file of `--weights`; if it is not given, the one that comes with the book for the network:
/// FCN-8s, unless another is named.
///
/// - Throws: `ExitStatus` 64 if no weights of that network come with the book.
func weightFile(_ arguments: Arguments, for network: NetworkName?) throws(ExitStatus) -> String {
  if let file = arguments["weights"] { return file }
  let network = network ?? .fcn8s
  guard let path = TrainedWeights.path(of: network) else {
    let shipped = TrainedWeights.networks.map(\.rawValue)
    throw .usage(
      shipped.contains(network.rawValue)
        ? "--weights is missing, and \(TrainedWeights.missing("the file that stands in for it"))"
        : "--weights is missing; \(listed(shipped)) come with weights of their own, all others need a "
          + "file: fcn8s_from_caffe.pth of torchfcn or fcn8s-heavy-pascal.caffemodel of the authors, "
          + "or what train or convert makes")
  }
  return path
}
