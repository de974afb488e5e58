public import Tensors

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
  /// For use after ``withUnsafeFloats(_:)``, when the values were copied elsewhere.
  public func release() {
    block.release()
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
