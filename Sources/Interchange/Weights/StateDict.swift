internal import Interchange
internal import Tensors

/// The named tensors of a pickle: those of the dict itself, or of the one that a checkpoint nests.
///
/// A checkpoint keeps the model's tensors under a name of its author's choice. It is found as the only
/// dict that has kernels, or else the only one that has tensors at all.
struct StateDict {
  let tensors: [(name: String, tensor: PickledTensor)]
  let unread: [UnreadTensor]

  /// The names under which PyTorch's own examples keep the model; they decide where several dicts have
  /// tensors.
  fileprivate static let usual = ["model_state_dict", "state_dict"]

  init(_ pickle: Pickle) throws {
    guard pickle.items(pickle.root) != nil else { throw Self.noDict(pickle) }
    let search = Search(pickle)
    let found = search.decided
    guard found.count == 1 else {
      guard !found.isEmpty else { throw Self.noTensors(pickle) }
      let places = found.map { "'\($0.path.printable)'" }
      throw InterchangeError(
        "\(found.count) of its dicts hold tensors, under \(places.summary); save one of them alone: "
          + "torch.save(torch.load(path)[\(places[0])], path)")
    }
    var names: Set<String> = []
    var tensors: [(name: String, tensor: PickledTensor)] = []
    var unread: [UnreadTensor] = []
    for (key, value) in found[0].items {
      guard case .text(let name) = key else { continue }
      if case .object(let number) = value, pickle.objects[number].isTensor {
        let reason =
          "is \(pickle.objects[number].name.printable), which is not read; dense tensors of real "
          + "numbers are"
        unread.append(UnreadTensor(name: name, reason: reason))
      }
      guard case .tensor(let index) = value else { continue }
      guard names.insert(name).inserted else {
        throw InterchangeError("its dict has the name \(name.printable) twice")
      }
      tensors.append((name, pickle.tensors[index]))
    }
    (self.tensors, self.unread) = (tensors, unread)
  }

  private static func noDict(_ pickle: Pickle) -> InterchangeError {
    if case .object(let number) = pickle.root, !pickle.objects[number].isTensor {
      return InterchangeError(
        "it holds a whole \(pickle.objects[number].name.printable) and no dict of tensors; nothing "
          + "in a file is executed here, so save model.state_dict() alone")
    }
    return InterchangeError(
      "it holds no dict of tensors; save model.state_dict(), or a dict with model_state_dict")
  }

  private static func noTensors(_ pickle: Pickle) -> InterchangeError {
    let isNumPy = pickle.items(pickle.root)!.contains { pair in
      guard case .object(let number) = pair.value else { return false }
      return pickle.objects[number].name.hasPrefix("numpy")
    }
    if isNumPy {
      return InterchangeError(
        "its dict holds NumPy arrays and no tensors; in Python, numpy.savez('weights.npz', **arrays) "
          + "makes a file that is read")
    }
    let values = pickle.items(pickle.root)!.compactMap { pair -> String? in
      guard case .text(let key) = pair.key else { return nil }
      guard case .object(let number) = pair.value else { return "'\(key.printable)'" }
      return "'\(key.printable)' (\(pickle.objects[number].name.printable))"
    }
    return InterchangeError(
      "its dict holds no tensors, only \(values.summary); expected them there or under "
        + "'model_state_dict'; save model.state_dict()")
  }
}

/// Looks for the dicts of a pickle that hold tensors.
private struct Search {
  struct Found {
    /// The keys that lead to it; empty for the root.
    let path: String
    let items: [(key: PickleValue, value: PickleValue)]
    let hasKernels: Bool
  }

  private let pickle: Pickle
  private(set) var found: [Found] = []
  /// Dicts that were looked at: one may nest itself.
  private var seen: Set<Int> = []

  init(_ pickle: Pickle) {
    self.pickle = pickle
    look(at: pickle.root, path: "", depth: 0)
  }

  /// The one dict that is meant, or all that may be.
  var decided: [Found] {
    let kernels = found.filter(\.hasKernels)
    let candidates = kernels.isEmpty ? found : kernels
    guard candidates.count > 1 else {
      // An empty dict is an empty model.
      let items = pickle.items(pickle.root)!
      return candidates.isEmpty && items.isEmpty
        ? [Found(path: "", items: items, hasKernels: false)] : candidates
    }
    for name in StateDict.usual {
      if let usual = candidates.first(where: { $0.path == name }) { return [usual] }
    }
    return candidates
  }

  private mutating func look(at value: PickleValue, path: String, depth: Int) {
    guard depth < 5, let items = pickle.items(value) else { return }
    if case .dict(let number) = value, !seen.insert(number).inserted { return }
    let tensors = items.compactMap { pair -> PickledTensor? in
      guard case .text = pair.key, case .tensor(let number) = pair.value else { return nil }
      return pickle.tensors[number]
    }
    let hasKernels = tensors.contains { $0.extents.count >= 2 }
    if !tensors.isEmpty { found.append(Found(path: path, items: items, hasKernels: hasKernels)) }
    guard !hasKernels else { return }
    for (key, value) in items {
      // What an optimizer remembers of each tensor has the tensor's shape.
      guard case .text(let name) = key, !name.lowercased().contains("optim") else { continue }
      look(at: value, path: path.isEmpty ? name : "\(path).\(name)", depth: depth + 1)
    }
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
    let shape = try Shape(extents, of: shown)
    let (start, overflow) = offset.addingReportingOverflow(storage.viewOffset)
    let layout = StridedLayout(shape: shape, strides: strides, offset: overflow ? -1 : start)
    guard let needed = layout.elementsNeeded, needed <= storage.count else {
      throw InterchangeError(
        "\(shown) has the shape \(shape), strides \(Shape.text(strides)) and offset \(offset), which is more "
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
