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
    let step = bytesPerPixel
    for kind in candidates.indices {
      candidates[kind].withUnsafeMutableBufferPointer { output in
        for i in 0..<row.count {
          let left = i < step ? 0 : row[i &- step]
          let corner = i < step ? 0 : above[i &- step]
          let prediction: UInt8 =
            switch kind {
            case 0: 0
            case 1: left
            case 2: above[i]
            case 3: UInt8(truncatingIfNeeded: (UInt16(left) &+ UInt16(above[i])) >> 1)
            default: PNGFilter.paeth(left: left, above: above[i], corner: corner)
            }
          output[i &+ 1] = row[i] &- prediction
        }
      }
    }
  }
}
