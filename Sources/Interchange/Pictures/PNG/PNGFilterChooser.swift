/// Filters rows by the prediction that leaves the smallest sum of differences, a good guess of
/// what compresses best.
struct PNGFilterChooser {
  private let bytesPerPixel: Int
  private let zeros: [UInt8]
  private var candidates: [[UInt8]]

  init(rowBytes: Int, bytesPerPixel: Int) {
    self.bytesPerPixel = bytesPerPixel
    zeros = [UInt8](repeating: 0, count: rowBytes)
    candidates = (0...4).map { [UInt8($0)] + [UInt8](repeating: 0, count: rowBytes) }
  }

  /// Appends the filter byte and the filtered row; `above` has as many bytes as `row`.
  mutating func append(
    _ row: UnsafeBufferPointer<UInt8>, above: UnsafeBufferPointer<UInt8>?,
    to result: inout [UInt8]
  ) {
    if let above {
      filter(row, above)
    } else {
      zeros.withUnsafeBufferPointer { filter(row, $0) }
    }
    // The distance from 0 of each byte taken as a signed number.
    let sums = candidates.map { candidate in
      candidate.withUnsafeBufferPointer { bytes in
        var sum = 0
        for i in 1..<bytes.count { sum &+= Int(Int8(bitPattern: bytes[i]).magnitude) }
        return sum
      }
    }
    let best = sums.indices.min { sums[$0] < sums[$1] } ?? 0
    result.append(contentsOf: candidates[best])
  }

  private mutating func filter(
    _ row: UnsafeBufferPointer<UInt8>, _ above: UnsafeBufferPointer<UInt8>
  ) {
    predict(0, row, above) { _, _, _ in 0 }
    predict(1, row, above) { left, _, _ in left }
    predict(2, row, above) { _, above, _ in above }
    predict(3, row, above) { left, above, _ in
      UInt8(truncatingIfNeeded: (UInt16(left) &+ UInt16(above)) >> 1)
    }
    predict(4, row, above) { PNGFilter.paeth(left: $0, above: $1, corner: $2) }
  }

  /// Fills candidate `kind`; the prediction is made from the bytes to the left, above, and above
  /// the one to the left.
  @inline(__always)
  private mutating func predict(
    _ kind: Int, _ row: UnsafeBufferPointer<UInt8>, _ above: UnsafeBufferPointer<UInt8>,
    _ prediction: (UInt8, UInt8, UInt8) -> UInt8
  ) {
    let step = bytesPerPixel
    candidates[kind].withUnsafeMutableBufferPointer { output in
      for i in 0..<min(step, row.count) {
        output[i &+ 1] = row[i] &- prediction(0, above[i], 0)
      }
      var i = step
      while i < row.count {
        output[i &+ 1] = row[i] &- prediction(row[i &- step], above[i], above[i &- step])
        i &+= 1
      }
    }
  }
}
