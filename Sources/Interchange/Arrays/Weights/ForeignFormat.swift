/// A format that people have weights in and that is not read, or that comes in place of weights: what
/// it is, and the way out.
struct ForeignFormat {
  let name: String
  let wayOut: String

  var error: InterchangeError { InterchangeError("it is \(name); \(wayOut)") }

  private init(_ name: String, _ wayOut: String) {
    (self.name, self.wayOut) = (name, wayOut)
  }

  /// What arrays by name become a file of ours with.
  private static func savez(_ arrays: String) -> String {
    "in Python, numpy.savez('weights.npz', \(arrays)) makes a file that is read"
  }

  // MARK: By the first bytes

  /// The format of these bytes, nil if it is none of these.
  ///
  /// - Parameter path: decides where a format has no beginning of its own.
  init?(of bytes: UnsafeRawBufferPointer, path: String) {
    let file = Beginning(bytes: bytes, path: path.lowercased())
    guard let found = Self.page(file) ?? Self.container(file) ?? Self.framework(file) else {
      return nil
    }
    self = found
  }

  private struct Beginning {
    let bytes: UnsafeRawBufferPointer
    let path: String

    func has(_ text: String, at place: Int = 0) -> Bool { has(Array(text.utf8), at: place) }

    func has(_ magic: [UInt8], at place: Int = 0) -> Bool {
      bytes.dropFirst(place).starts(with: magic)
    }

    /// The first letters after white space and a mark of the byte order, in small letters.
    var text: String {
      let blank: Set<UInt8> = [0x20, 0x09, 0x0A, 0x0D, 0xEF, 0xBB, 0xBF]
      let letters = bytes.prefix(200).drop { blank.contains($0) }
      return String(decoding: letters, as: UTF8.self).lowercased()
    }
  }

  /// What a download gives in place of the file.
  private static func page(_ file: Beginning) -> ForeignFormat? {
    let text = file.text
    if ["<!doctype", "<html", "<head", "<?xml"].contains(where: text.hasPrefix) {
      return ForeignFormat(
        "a web page and not the weights",
        "the link led to a page about them: fetch what its download button leads to")
    }
    if text.hasPrefix("version https://git-lfs") {
      return ForeignFormat("a Git LFS pointer and not the weights", "run git lfs pull")
    }
    if text.hasPrefix("{") || text.hasPrefix("[") {
      return ForeignFormat(
        "text in JSON, perhaps the index of weights in several files, or an error message",
        "give the weights themselves")
    }
    if file.has([0xFF, 0xD8, 0xFF]) || file.has([0x89, 0x50, 0x4E, 0x47]) || file.has("GIF8")
      || file.has("%PDF")
    {
      return ForeignFormat("a picture or a document", "give the weights")
    }
    return nil
  }

  /// Files around files.
  private static func container(_ file: Beginning) -> ForeignFormat? {
    if file.has("ustar", at: 257) {
      return ForeignFormat(
        "a tar file, as PyTorch wrote before 2017 and as archives are",
        "unpack it if it is an archive; else load and save it again with any PyTorch since, for "
          + "example torch.save(torch.load(path), path)")
    }
    let compressed: [(String, [UInt8])] = [
      ("gzip", [0x1F, 0x8B]), ("xz", [0xFD, 0x37, 0x7A, 0x58, 0x5A]), ("bzip2", Array("BZh".utf8)),
      ("zstd", [0x28, 0xB5, 0x2F, 0xFD]), ("7z", [0x37, 0x7A, 0xBC, 0xAF]),
      ("rar", Array("Rar!".utf8)),
    ]
    if let (program, _) = compressed.first(where: { file.has($0.1) }) {
      return ForeignFormat("compressed by \(program)", "unpack it first")
    }
    if file.has(NPYHeader.magic) {
      return ForeignFormat(
        "a single .npy array, and weights are many", "use an .npz: numpy.savez('weights.npz', ...)")
    }
    return nil
  }

  /// Files of other programs for neural networks.
  private static func framework(_ file: Beginning) -> ForeignFormat? {
    let hdf: [UInt8] = [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A]
    if file.has("MATLAB 5.0 MAT-file") || file.has("MATLAB 7.3 MAT-file") {
      return ForeignFormat(
        "a MATLAB file (.mat)",
        savez("**{n: a for n, a in scipy.io.loadmat(path).items() if n[0] != '_'}"))
    }
    // It may begin after a block that belongs to somebody else.
    if [0, 512, 1024, 2048].contains(where: { file.has(hdf, at: $0) }) {
      return ForeignFormat(
        "an HDF5 file, as Keras writes (.h5)",
        savez("**{v.path: v.numpy() for v in model.weights}"))
    }
    if file.has("GGUF") { return ForeignFormat("a GGUF file", "give the weights it was made from") }
    if file.has("TFL3", at: 4) {
      return ForeignFormat(
        "a TensorFlow Lite model (.tflite)",
        "its numbers are often rounded to 8 bits: give the weights it was made from")
    }
    if file.path.hasSuffix(".mlmodel") {
      return ForeignFormat("a Core ML model", "give the weights it was made from")
    }
    // The footer of a table of names, or the data beside it, which has no beginning.
    let isTable = file.has(
      [0x57, 0xFB, 0x80, 0x8B, 0x24, 0x75, 0x47, 0xDB], at: max(0, file.bytes.count - 8))
    if isTable || file.path.contains(".data-0") {
      return ForeignFormat(
        "a part of a TensorFlow checkpoint",
        savez("**{n: tf.train.load_variable(path, n) for n, _ in tf.train.list_variables(path)}"))
    }
    if file.has([0x08, 0x01, 0x12]) || file.path.hasSuffix(".pb") || file.path.hasSuffix(".meta") {
      return ForeignFormat(
        "a graph of TensorFlow", savez("**{v.name: v.numpy() for v in model.variables}"))
    }
    // The version of the format, then who made it, its text, its graph, or its operators.
    if file.bytes.count > 2, file.bytes[0] == 0x08, (2...31).contains(file.bytes[1]),
      [0x12, 0x1A, 0x22, 0x32, 0x3A, 0x42].contains(file.bytes[2])
    {
      return ForeignFormat(
        "an ONNX model",
        savez(
          "**{t.name: onnx.numpy_helper.to_array(t) for t in onnx.load(path).graph.initializer}"))
    }
    if file.has([0x12, 0x01, 0, 0, 0, 0, 0, 0]) {
      return ForeignFormat(
        "an MXNet file (.params)", savez("**{n: a.asnumpy() for n, a in mx.nd.load(path).items()}"))
    }
    if file.has([0, 0, 0, 0, 1, 0, 0, 0]) || file.has([0, 0, 0, 0, 2, 0, 0, 0]) {
      return ForeignFormat(
        "a Darknet file (.weights)", "its numbers have no names; save them with some")
    }
    return nil
  }

  // MARK: By the members of a zip

  /// The format of a zip with these members, nil if it is none of these.
  init?(zip names: [String]) {
    func has(_ ending: String) -> Bool {
      names.contains { $0 == ending || $0.hasSuffix("/\(ending)") }
    }
    if has("constants.pkl") || names.contains(where: { $0.contains("/code/") }) {
      self.init(
        "a TorchScript program",
        "nothing in a file is executed here: torch.save(torch.jit.load(path).state_dict(), path)")
    } else if has("archive_format") || has("serialized_exported_program.json")
      || has("serialized_state_dict.pt")
    {
      self.init(
        "a program that torch.export wrote (.pt2)",
        "torch.save(torch.export.load(path).state_dict, path) saves its tensors alone")
    } else if has("model.weights.h5") {
      self.init(
        "a Keras model (.keras)", Self.savez("**{v.path: v.numpy() for v in model.weights}"))
    } else if let inner = names.first(where: { name in
      [".pth", ".pt", ".safetensors", ".caffemodel", ".npz", ".h5", ".onnx", ".bin"]
        .contains { name.lowercased().hasSuffix($0) }
    }) {
      self.init("a zip around \(inner.printable)", "unpack it first")
    } else {
      return nil
    }
  }
}
