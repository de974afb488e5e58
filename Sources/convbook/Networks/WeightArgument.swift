import CommandLineKit

/// The weight file of `--weights`.
///
/// - Throws: `ExitStatus` 64 that says where weights come from, if it is not given.
func weightFile(_ arguments: Arguments) throws(ExitStatus) -> String {
  guard let file = arguments["weights"] else {
    throw .usage(
      "--weights is missing: the file with what the network has learned, such as "
        + "fcn8s_from_caffe.pth of torchfcn or fcn8s-heavy-pascal.caffemodel of its authors; "
        + "or make one with train or convert")
  }
  return file
}
