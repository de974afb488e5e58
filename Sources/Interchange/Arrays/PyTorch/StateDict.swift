internal import Tensors

/// The named tensors of a pickle: the dict itself, or the one that a checkpoint nests.
struct StateDict {
  let tensors: [(name: String, tensor: PickledTensor)]

  /// The names under which checkpoints keep the model's tensors.
  private static let nests = ["model_state_dict", "state_dict"]

  init(_ pickle: Pickle) throws {
    var root = pickle.root
    // Checkpoints of checkpoints are rare; a dict that nests itself would never end.
    for _ in 0..<4 {
      guard case .dict(let number) = root,
        let inner = Self.nests.lazy.compactMap({ pickle.dict(number, in: $0) }).first
      else { break }
      root = inner
    }
    guard case .dict(let number) = root else {
      throw InterchangeError(
        "it holds no dict of tensors; save model.state_dict(), or a dict with model_state_dict")
    }
    var names: Set<String> = []
    var tensors: [(name: String, tensor: PickledTensor)] = []
    for (key, value) in pickle.dicts[number] {
      guard case .text(let name) = key, case .tensor(let index) = value else { continue }
      guard names.insert(name).inserted else {
        throw InterchangeError("its dict has the name \(name.printable) twice")
      }
      tensors.append((name, pickle.tensors[index]))
    }
    guard !tensors.isEmpty || pickle.dicts[number].isEmpty else {
      let keys = pickle.dicts[number].prefix(5).compactMap { pair in
        if case .text(let key) = pair.key { "'\(key.printable)'" } else { nil }
      }
      throw InterchangeError(
        "its dict holds no tensors, only \(keys.joined(separator: ", ")); expected them there or "
          + "under 'model_state_dict'")
    }
    self.tensors = tensors
  }
}

extension Pickle {
  /// The dict that a dict holds under a name.
  fileprivate func dict(_ number: Int, in key: String) -> PickleValue? {
    for (candidate, value) in dicts[number] {
      if case .text(key) = candidate, case .dict = value { return value }
    }
    return nil
  }
}

extension PickledTensor {
  /// The tensor as an entry of a file.
  ///
  /// - Parameter block: its storage's numbers.
  func entry(
    _ name: String, path: String, block: ByteBlock, byteOrder: ByteOrder
  ) throws -> WeightEntry {
    let shown = name.printable
    let shape: Shape
    do { shape = try Shape(validating: extents) } catch {
      throw InterchangeError("of \(shown): \(error.description)")
    }
    let (start, overflow) = offset.addingReportingOverflow(storage.viewOffset)
    let layout = StridedLayout(shape: shape, strides: strides, offset: overflow ? -1 : start)
    guard let needed = layout.elementsNeeded, needed <= storage.count else {
      throw InterchangeError(
        "\(shown) has the shape \(shape), strides \(strides) and offset \(offset), which is more "
          + "than its storage of \(storage.count) elements holds")
    }
    // Strides of 0 repeat cells: a small file could claim any number of them.
    guard shape.count <= max(storage.count, 1 << 16) else {
      throw InterchangeError(
        "\(shown) repeats the \(storage.count) elements of its storage to fill the shape \(shape)")
    }
    return WeightEntry(
      name: name, origin: path, block: block, layout: layout,
      decoder: ElementDecoder(type: storage.type, byteOrder: byteOrder))
  }
}
