public import Interchange
public import Tensors

/// A named tensor of a weight file. Its values are read when they are asked for.
public struct WeightEntry: Sendable {
  /// The tensor's name: `conv1_1.weight`
  public let name: String
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

  /// A tensor whose numbers cannot be had: asking for them throws why.
  package init(name: String, shape: Shape, missing problem: FileProblem) {
    self.init(
      name: name, origin: "", block: ByteBlock(.missing(problem)),
      layout: StridedLayout(rowMajor: shape),
      decoder: ElementDecoder(type: .float32, byteOrder: .little))
  }

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

extension WeightEntry {
  /// All values in row-major order: 16-bit formats widened, doubles rounded, integers converted.
  ///
  /// The file's pages are given back while it is read: memory holds the values once.
  ///
  /// - Throws: ``InterchangeError`` if the data is damaged.
  public func values() throws -> [Float] {
    try SystemMemory.check(
      shape.count * MemoryLayout<Float>.size, for: "\(origin): \(name.printable) \(shape)")
    return try [Float](unsafeUninitializedCapacity: shape.count) { target, initialized in
      guard let start = target.baseAddress, shape.count > 0 else { return }
      try forEachPiece { bytes, first in decoder.floats(bytes, into: start + first) }
      initialized = shape.count
    }
  }

  /// All values as a tensor.
  ///
  /// - Throws: ``InterchangeError`` if the data is damaged.
  public func tensor() throws -> Tensor<Float> {
    Tensor(shape: shape, elements: try values())
  }

  /// What `body` returns for all values in row-major order.
  ///
  /// No copy is made if the file holds 32-bit floats in order and aligned, as `.safetensors` and
  /// zip `.pth` files do. The pointer must not be used after `body` returns.
  ///
  /// - Throws: ``InterchangeError`` if the data is damaged, or what `body` throws.
  public func withUnsafeFloats<Result>(
    _ body: (UnsafeBufferPointer<Float>) throws -> Result
  ) throws -> Result {
    if decoder.isNative, layout.isRowMajor {
      let direct: Result? = try withBlock { all in
        let start = skipped + layout.offset * MemoryLayout<Float>.size
        let bytes = UnsafeRawBufferPointer(
          rebasing: all[start..<start + shape.count * MemoryLayout<Float>.size])
        let alignment = Int(bitPattern: bytes.baseAddress) % MemoryLayout<Float>.alignment
        guard alignment == 0 else { return nil }
        return try body(bytes.assumingMemoryBound(to: Float.self))
      }
      if let direct { return direct }
    }
    return try values().withUnsafeBufferPointer(body)
  }

  /// Tells the system that the tensor's part of the file is not needed in memory now.
  ///
  /// For use after ``withUnsafeFloats(_:)``, or within it for a range of the values, when they were copied
  /// elsewhere.
  public func release(_ values: Range<Int>? = nil) {
    guard let values else { return block.release() }
    // Others do not lie in the file as they are handed out.
    guard decoder.isNative, layout.isRowMajor else { return }
    let first = skipped + layout.offset * MemoryLayout<Float>.size
    block.release(first + values.lowerBound * 4..<first + values.upperBound * 4)
  }

  /// The stamp of the file that holds the values; nil if none does.
  public var stamp: FileStamp? { block.stamp }

  /// Where in that file they lie, and how they are read: a file that has not changed has them there.
  public var place: String {
    "\(block.place) \(skipped) \(layout.offset) \(layout.shape) \(layout.strides) \(decoder.type) "
      + "\(decoder.byteOrder)"
  }

  /// Whether the file has whole numbers.
  package var isWhole: Bool {
    switch type {
    case .float8e5m2, .float8e4m3, .float16, .bfloat16, .float32, .float64: false
    default: true
    }
  }

  /// All values of a tensor of whole numbers in row-major order; nil if they are none, or if one exceeds
  /// `Int.max`.
  ///
  /// - Throws: ``InterchangeError`` if the data is damaged.
  package func wholeNumbers() throws -> [Int]? {
    guard isWhole else { return nil }
    var numbers: [Int] = []
    var isTooLarge = false
    try forEachPiece { bytes, _ in
      switch decoder.values(bytes) {
      case .uint8(let values): numbers += values.map(Int.init)
      case .int32(let values): numbers += values.map(Int.init)
      case .int64(let values): numbers += values
      default: isTooLarge = true
      }
    }
    return isTooLarge ? nil : numbers
  }

  /// Some cells at a time in row-major order, as raw bytes: the bytes, and the first cell's number.
  func forEachPiece(_ body: (UnsafeRawBufferPointer, Int) throws -> Void) throws {
    let width = type.byteCount
    let step = ByteBlock.piece / 8
    try withBlock(isTransient: true) { all in
      let bytes = UnsafeRawBufferPointer(rebasing: all[skipped...])
      let isRowMajor = layout.isRowMajor
      let scratch = UnsafeMutableRawBufferPointer.allocate(
        byteCount: isRowMajor ? 0 : min(step, shape.count) * width, alignment: 8)
      defer { scratch.deallocate() }
      for first in stride(from: 0, to: shape.count, by: step) {
        let cells = first..<min(first + step, shape.count)
        if isRowMajor {
          let start = (layout.offset + first) * width
          let range = start..<start + cells.count * width
          try body(UnsafeRawBufferPointer(rebasing: bytes[range]), first)
          block.release(skipped + range.lowerBound..<skipped + range.upperBound)
        } else {
          layout.gather(cells, width: width, from: bytes, into: scratch)
          try body(UnsafeRawBufferPointer(rebasing: scratch[..<(cells.count * width)]), first)
        }
      }
    }
  }

  private func withBlock<Result>(
    isTransient: Bool = false, _ body: (UnsafeRawBufferPointer) throws -> Result
  ) throws -> Result {
    do {
      return try block.withBytes(isTransient: isTransient, body)
    } catch let error as InterchangeError {
      throw InterchangeError("\(origin): of \(name.printable), \(error.description)")
    }
  }
}

/// What a tensor's values look like at a glance.
public struct WeightStatistics: Equatable, Sendable {
  /// The least and the greatest finite value; 0 if there is none.
  public let minimum, maximum: Float
  /// The mean of the finite values; 0 if there is none.
  public let mean: Double
  /// The root of the mean squared distance of the finite values from their mean.
  public let standardDeviation: Double
  public let zeros: Int
  /// How many values are infinite or not a number.
  public let nonFinite: Int
}

extension WeightEntry {
  /// The least and greatest value, mean and spread, read piece by piece.
  ///
  /// - Throws: ``InterchangeError`` if the data is damaged.
  public func statistics() throws -> WeightStatistics {
    var (minimum, maximum) = (Float.infinity, -Float.infinity)
    // Distances from the first finite value keep the sum of squares exact where all are close.
    var (origin, sum, squares) = (0.0, 0.0, 0.0)
    var (finite, zeros) = (0, 0)
    try forEachPiece { bytes, _ in
      for value in decoder.floats(bytes) where value.isFinite {
        if finite == 0 { origin = Double(value) }
        minimum = min(minimum, value)
        maximum = max(maximum, value)
        let distance = Double(value) - origin
        sum += distance
        squares += distance * distance
        finite += 1
        zeros += value == 0 ? 1 : 0
      }
    }
    guard finite > 0 else {
      return WeightStatistics(
        minimum: 0, maximum: 0, mean: 0, standardDeviation: 0, zeros: 0,
        nonFinite: shape.count)
    }
    let mean = sum / Double(finite)
    let variance = max(squares / Double(finite) - mean * mean, 0)
    return WeightStatistics(
      minimum: minimum, maximum: maximum, mean: origin + mean,
      standardDeviation: variance.squareRoot(), zeros: zeros, nonFinite: shape.count - finite)
  }
}
