import ConvolutionArithmetic
import Primitives
import Tensors

extension TraceReader {
  /// Input by input: what each cell adds to which output cells.
  func scatterTrace(cell: (row: Int, column: Int)?) throws(GeometryError) -> Trace {
    let equations =
      try cell.map { cell throws(GeometryError) in try self.equations(cell: cell) } ?? []
    return Trace(
      form: .scatter, notes: paddingNotes,
      given: inputGrids(padded: false, cell: cell) + kernelGrids,
      stamps: isRow ? rowStamps : mapStamps, equations: equations, outcome: outputGrids(cell: cell))
  }

  /// Contributions of every input cell: `[input cell][output cell]`, nil where no tap leads.
  private func contributions(picture: Int, toChannel channel: Int) -> [[Scalar?]] {
    let area = traced.input.size.area
    var result: [[Scalar?]] = Array(
      repeating: Array(repeating: nil, count: output.size.area), count: channels.input * area)
    for row in 0..<output.height {
      for column in 0..<output.width {
        for meeting in meetings(picture: picture, channel: channel, row: row, column: column) {
          let from =
            meeting.inputChannel * area + meeting.inputRow * traced.input.width
            + meeting.inputColumn
          let to = row * output.width + column
          result[from][to] = (result[from][to] ?? .zero) + number(of: meeting) * meeting.factor
        }
      }
    }
    return result
  }

  private func cells(_ values: ArraySlice<Scalar?>) -> [Grid.Cell] {
    values.map { $0.map { Grid.Cell(numberText($0)) } ?? Grid.Cell(Grid.dot, .empty) }
  }

  /// Every output map of every picture.
  private var outputMaps: [(picture: Int, channel: Int)] {
    (0..<output.batch).flatMap { picture in (0..<output.channels).map { (picture, $0) } }
  }

  /// Rows: one grid for each output map, a line for each input cell and their sum.
  private var rowStamps: [Grid] {
    outputMaps.map { picture, channel in
      let all = contributions(picture: picture, toChannel: channel)
      var rows = all.map { cells($0[...]) }
      var labels = all.indices.map { index in
        let (map, column) = (index / traced.input.width, index % traced.input.width)
        return inputNames.cell(picture, map, 0, column)
          + " is \(numberText(traced.input[picture, map, 0, column]))"
      }
      if let bias = traced.bias {
        rows.append(Array(repeating: Grid.Cell(numberText(bias[channel])), count: output.width))
        labels.append("bias")
      }
      rows.append(
        (0..<output.width).map { Grid.Cell(numberText(output[picture, channel, 0, $0])) })
      labels.append("sum")
      return Grid(
        .output, title: "stamps on the \(outputNames.map(picture, channel))",
        size: output.size, rows: rows, rowLabels: labels)
    }
  }

  /// Maps: one grid for each input cell and output map.
  private var mapStamps: [Grid] {
    outputMaps.flatMap { picture, channel in
      contributions(picture: picture, toChannel: channel).enumerated().map { index, values in
        let area = traced.input.size.area
        let (map, row, column) = (
          index / area, index % area / traced.input.width, index % traced.input.width
        )
        let stamp = MapNames("", traced.input, isRow: isRow).cell(picture, map, row, column)
        return Grid(
          .output,
          title: "\(numberText(traced.input[picture, map, row, column])) at\(stamp)"
            + (output.batch * output.channels > 1
              ? ", on \(outputNames.map(picture, channel))" : ""),
          size: output.size,
          rows: (0..<output.height).map {
            cells(values[$0 * output.width..<($0 + 1) * output.width])
          })
      }
    }
  }
}
