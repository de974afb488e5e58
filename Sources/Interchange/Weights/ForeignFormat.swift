internal import Interchange

/// A format that people have weights in and that is not read, or that comes in place of weights: what
/// it is, and the way out.
enum ForeignFormat {
  /// What becomes a file of ours in Python.
  private static func savez(_ arrays: String) -> String {
    "in Python, numpy.savez('weights.npz', \(arrays)) makes a file that is read"
  }

  private static func error(_ name: String, _ wayOut: String) -> InterchangeError {
    InterchangeError("it is \(name); \(wayOut)")
  }

  // MARK: By the first bytes

  /// What the error of a file with these bytes says, nil if it is none of these.
  ///
  /// - Parameter path: decides where a format has no beginning of its own.
  static func error(of bytes: UnsafeRawBufferPointer, path: String) -> InterchangeError? {
    if let error = page(bytes) ?? named(path.lowercased(), bytes) { return error }
    return marks.first { $0.describes(bytes) }.map { error($0.name, $0.wayOut) }
  }

  /// What a download gives in place of the file.
  private static func page(_ bytes: UnsafeRawBufferPointer) -> InterchangeError? {
    // White space, and a mark of the byte order.
    let blank: Set<UInt8> = [0x20, 0x09, 0x0A, 0x0D, 0xEF, 0xBB, 0xBF]
    let start = bytes.prefix(200).drop { blank.contains($0) }
    let text = String(decoding: start, as: UTF8.self).lowercased()
    if ["<!doctype", "<html", "<head", "<?xml"].contains(where: text.hasPrefix) {
      return error(
        "a web page and not the weights",
        "the link led to a page about them: fetch what its download button leads to")
    }
    if text.hasPrefix("version https://git-lfs") {
      return error("a Git LFS pointer and not the weights", "run git lfs pull")
    }
    if text.hasPrefix("{") || text.hasPrefix("[") {
      return error(
        "text in JSON, perhaps the index of weights in several files, or an error message",
        "give the weights themselves")
    }
    return nil
  }

  /// What its name tells, or more than its beginning.
  private static func named(
    _ path: String, _ bytes: UnsafeRawBufferPointer
  ) -> InterchangeError? {
    if path.hasSuffix(".mlmodel") {
      return error("a Core ML model", "give the weights it was made from")
    }
    // The footer of a table of names, or the data beside it, which has no beginning.
    let footer: [UInt8] = [0x57, 0xFB, 0x80, 0x8B, 0x24, 0x75, 0x47, 0xDB]
    if bytes.suffix(8).elementsEqual(footer) || path.contains(".data-0") {
      return error(
        "a part of a TensorFlow checkpoint",
        savez("**{n: tf.train.load_variable(path, n) for n, _ in tf.train.list_variables(path)}"))
    }
    if bytes.starts(with: [0x08, 0x01, 0x12]) || path.hasSuffix(".pb") || path.hasSuffix(".meta") {
      return error(
        "a graph of TensorFlow", savez("**{v.name: v.numpy() for v in model.variables}"))
    }
    return nil
  }

  private static let marks: [FileMark] = {
    let picture = ("a picture or a document", "give the weights")
    let unpack = "unpack it first"
    let mat = (
      "a MATLAB file (.mat)",
      savez("**{n: a for n, a in scipy.io.loadmat(path).items() if n[0] != '_'}")
    )
    let hdf: [UInt8] = [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A]
    let darknet = ("a Darknet file (.weights)", "its numbers have no names; save them with some")
    return [
      FileMark([0xFF, 0xD8, 0xFF], picture.0, picture.1),
      FileMark([0x89, 0x50, 0x4E, 0x47], picture.0, picture.1),
      FileMark("GIF8", picture.0, picture.1), FileMark("%PDF", picture.0, picture.1),
      FileMark(
        "ustar", at: 257, "a tar file, as PyTorch wrote before 2017 and as archives are",
        "unpack it if it is an archive; else load and save it again with any PyTorch since, for "
          + "example torch.save(torch.load(path), path)"),
      FileMark([0x1F, 0x8B], "compressed by gzip", unpack),
      FileMark([0xFD, 0x37, 0x7A, 0x58, 0x5A], "compressed by xz", unpack),
      FileMark("BZh", "compressed by bzip2", unpack),
      FileMark([0x28, 0xB5, 0x2F, 0xFD], "compressed by zstd", unpack),
      FileMark([0x37, 0x7A, 0xBC, 0xAF], "compressed by 7z", unpack),
      FileMark("Rar!", "compressed by rar", unpack),
      FileMark(
        NPYHeader.magic, "a single .npy array, and weights are many",
        "use an .npz: numpy.savez('weights.npz', ...)"),
      FileMark("MATLAB 5.0 MAT-file", mat.0, mat.1),
      FileMark("MATLAB 7.3 MAT-file", mat.0, mat.1),
      FileMark("GGUF", "a GGUF file", "give the weights it was made from"),
      FileMark(
        "TFL3", at: 4, "a TensorFlow Lite model (.tflite)",
        "its numbers are often rounded to 8 bits: give the weights it was made from"),
      FileMark(
        [0x12, 0x01, 0, 0, 0, 0, 0, 0], "an MXNet file (.params)",
        savez("**{n: a.asnumpy() for n, a in mx.nd.load(path).items()}")),
      FileMark([0, 0, 0, 0, 1, 0, 0, 0], darknet.0, darknet.1),
      FileMark([0, 0, 0, 0, 2, 0, 0, 0], darknet.0, darknet.1),
    ]
      // It may begin after a block that belongs to somebody else.
      + [0, 512, 1024, 2048].map {
        FileMark(
          hdf, at: $0, "an HDF5 file, as Keras writes (.h5)",
          savez("**{v.path: v.numpy() for v in model.weights}"))
      }
  }()

  // MARK: By the members of a zip

  /// What the error of a zip with these members says, nil if it is none of these.
  static func error(zip names: [String]) -> InterchangeError? {
    func has(_ ending: String) -> Bool {
      names.contains { $0 == ending || $0.hasSuffix("/\(ending)") }
    }
    if has("constants.pkl") || names.contains(where: { $0.contains("/code/") }) {
      return error(
        "a TorchScript program",
        "nothing in a file is executed here: torch.save(torch.jit.load(path).state_dict(), path)")
    }
    if ["archive_format", "serialized_exported_program.json", "serialized_state_dict.pt"]
      .contains(where: has)
    {
      return error(
        "a program that torch.export wrote (.pt2)",
        "torch.save(torch.export.load(path).state_dict, path) saves its tensors alone")
    }
    if has("model.weights.h5") {
      return error(
        "a Keras model (.keras)", savez("**{v.path: v.numpy() for v in model.weights}"))
    }
    let inner = names.first { name in
      [".pth", ".pt", ".safetensors", ".caffemodel", ".npz", ".h5", ".onnx", ".bin"]
        .contains { name.lowercased().hasSuffix($0) }
    }
    return inner.map { error("a zip around \($0.printable)", "unpack it first") }
  }
}
