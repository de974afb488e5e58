public import Tensors

/// A named tensor of a weight file. Its values are read when they are asked for.
public struct WeightEntry: Sendable {
  /// The tensor's name: `conv1_1.weight`
  public let name: String
  /// The extents, outermost first.
  public let shape: Shape
  /// The number format in the file; values come as `Float` from every format.
  public let type: ElementType

  /// The file's name, for messages.
  let origin: String
  let block: ByteBlock
  /// Where the cells lie in the block, after `skipped` bytes.
  let layout: StridedLayout
  let skipped: Int
  let decoder: ElementDecoder

  init(
    name: String, origin: String, block: ByteBlock, layout: StridedLayout, skipped: Int = 0,
    decoder: ElementDecoder
  ) {
    self.name = name
    self.origin = origin
    self.block = block
    self.layout = layout
    self.skipped = skipped
    self.decoder = decoder
    shape = layout.shape
    type = decoder.type
  }

  private init(_ entry: WeightEntry, name: String, layout: StridedLayout) {
    self.init(
      name: name, origin: entry.origin, block: entry.block, layout: layout,
      skipped: entry.skipped, decoder: entry.decoder)
  }

  /// A tensor in memory as an entry, for writing it.
  public init(name: String, tensor: Tensor<Float>) {
    let native: ByteOrder = 1.littleEndian == 1 ? .little : .big
    self.init(
      name: name, origin: "memory", block: ByteBlock(.memory(tensor.elements)),
      layout: StridedLayout(rowMajor: tensor.shape),
      decoder: ElementDecoder(type: .float32, byteOrder: native))
  }

  /// The same tensor under another name.
  public func renamed(_ name: String) -> WeightEntry {
    WeightEntry(self, name: name, layout: layout)
  }

  /// The same cells under another shape, or `nil` if it has not as many cells, or if the cells do
  /// not lie in row-major order.
  public func reshaped(_ shape: Shape) -> WeightEntry? {
    guard shape.count == self.shape.count, layout.isRowMajor else { return nil }
    return WeightEntry(
      self, name: name, layout: StridedLayout(rowMajor: shape, offset: layout.offset))
  }

  /// The same cells with the dimensions in another order: `[1, 0]` is the transposed matrix.
  public func permuted(_ axes: [Int]) -> WeightEntry {
    precondition(axes.sorted() == Array(0..<shape.rank), "each axis once")
    return WeightEntry(
      self, name: name,
      layout: StridedLayout(
        shape: Shape(axes.map { shape[$0] }), strides: axes.map { layout.strides[$0] },
        offset: layout.offset))
  }
}
