import Networks
import Training

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
        ? "--weights is missing, and the weights that come with the book are not beside the program"
        : "--weights is missing; \(listed(shipped)) come with weights of their own, all others need a "
          + "file: fcn8s_from_caffe.pth of torchfcn or fcn8s-heavy-pascal.caffemodel of the authors, "
          + "or what train or convert makes")
  }
  return path
}
