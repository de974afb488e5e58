import ConvolutionArithmetic
import Tensors

extension Geometry {
  /// The taps of every output cell of a row, cell by cell.
  ///
  /// A tap of a map is a pair of taps, one of each axis. It is again written as one ``Tap``, with the
  /// positions of the output, input and kernel cell counted row by row in their own map.
  func cellTaps(ofOutputRow row: Int, columns columnTaps: [[Tap]]) -> [[Tap]] {
    let rowTaps = rows.taps(ofOutput: row)
    return columnTaps.map { pairs(rowTaps, $0) }
  }

  /// The taps of every input cell of a row, cell by cell.
  func cellTaps(ofInputRow row: Int, columns columnTaps: [[Tap]]) -> [[Tap]] {
    let rowTaps = rows.taps(ofInput: row)
    return columnTaps.map { pairs(rowTaps, $0) }
  }

  private func pairs(_ rowTaps: [Tap], _ columnTaps: [Tap]) -> [Tap] {
    var taps: [Tap] = []
    taps.reserveCapacity(rowTaps.count * columnTaps.count)
    for row in rowTaps {
      for column in columnTaps {
        taps.append(
          Tap(
            output: row.output * columns.outputSize + column.output,
            input: row.input * columns.inputSize + column.input,
            kernel: row.kernel * columns.window.kernelSize + column.kernel))
      }
    }
    return taps
  }
}

extension Tensor {
  /// The position in row-major order of the first cell of a map: batch or out, channel or in.
  func start(_ batch: Int, _ channel: Int) -> Int {
    (batch * channels + channel) * height * width
  }
}
