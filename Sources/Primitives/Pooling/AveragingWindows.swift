import ConvolutionArithmetic
import Tensors

/// The windows of an average pooling: the cells each reads, and the number its sum is divided by.
struct AveragingWindows {
  let geometry: Geometry
  let rowTaps: [[Tap]]
  let columnTaps: [[Tap]]
  private let rowCounts: [Int]
  private let columnCounts: [Int]
  private let fixedDivisor: Int?

  init(
    _ window: Window2D, inputSize: Size, rounding: Rounding, countIncludePad: Bool, divisor: Int?
  ) throws(GeometryError) {
    if let divisor, divisor == 0 {
      throw GeometryError("the divisor is 0; any other whole number will do")
    }
    geometry = try window.geometry(input: inputSize, rounding: rounding)
    _ = try cellCount(geometry.outputSize.height, geometry.outputSize.width)
    rowTaps = geometry.rows.tapsByOutput
    columnTaps = geometry.columns.tapsByOutput
    rowCounts =
      countIncludePad
      ? geometry.rows.cellsInPaddedInput(paddingAfter: window.rows.paddingAfter)
      : rowTaps.map(\.count)
    columnCounts =
      countIncludePad
      ? geometry.columns.cellsInPaddedInput(paddingAfter: window.columns.paddingAfter)
      : columnTaps.map(\.count)
    fixedDivisor = divisor
  }

  /// What the sum of a window is divided by; nil for a window that reads no input cell.
  func divisor(row: Int, column: Int) -> Int? {
    guard !rowTaps[row].isEmpty, !columnTaps[column].isEmpty else { return nil }
    return fixedDivisor ?? rowCounts[row] * columnCounts[column]
  }
}

extension Axis {
  /// For each output, the kernel cells that meet the input or its padding, not what is beyond.
  fileprivate func cellsInPaddedInput(paddingAfter: Int) -> [Int] {
    (0..<outputSize).map { output in
      let room = inputSize + paddingAfter - position(output: output, kernel: 0)
      return min(kernelSize, max(0, (room + dilation - 1) / dilation))
    }
  }
}
