import ConvolutionArithmetic
import Tensors

extension TraceCase {
  /// Contributions of every input cell to one map: `[input cell][output cell]`, nil where no tap leads.
  private func contributions(picture: Int, toChannel channel: Int) -> [[Scalar?]] {
    var result: [[Scalar?]] = Array(
      repeating: Array(repeating: nil, count: output.size.area),
      count: input.channels * input.size.area)
    for row in 0..<output.height {
      for column in 0..<output.width {
        for meeting in meetings(at: .init(map: channel, row: row, column: column)) {
          guard let given = meeting.given, let factor = meeting.factor else { continue }
          let (from, to) = (position(given), row * output.width + column)
          result[from][to] =
            (result[from][to] ?? .zero) + input[picture, given.map, given.row, given.column]
            * factor
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
  func rowStamps(_ kernels: Kernels) -> [Grid] {
    outputMaps.map { picture, channel in
      let all = contributions(picture: picture, toChannel: channel)
      var rows = all.map { cells($0[...]) }
      var labels = all.indices.map { index in
        let (map, column) = (index / input.width, index % input.width)
        return inputNames.cell(picture, map, 0, column)
          + " is \(numberText(input[picture, map, 0, column]))"
      }
      if let bias = kernels.bias {
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

  /// Maps: one grid for each input cell and output map, and one for its bias.
  func mapStamps(_ kernels: Kernels) -> [Grid] {
    outputMaps.flatMap { picture, channel in
      let bias = kernels.bias.map { bias in
        Grid(
          .output, title: "bias on \(outputNames.map(picture, channel))", size: output.size,
          rows: Array(
            repeating: Array(repeating: Grid.Cell(numberText(bias[channel])), count: output.width),
            count: output.height))
      }
      return contributions(picture: picture, toChannel: channel).enumerated().map { index, values in
        let area = input.size.area
        let (map, row, column) = (
          index / area, index % area / input.width, index % input.width
        )
        let stamp = MapNames("", input, isRow: isRow).cell(picture, map, row, column)
        return Grid(
          .output,
          title: "\(numberText(input[picture, map, row, column])) at\(stamp)"
            + (output.batch * output.channels > 1
              ? ", on \(outputNames.map(picture, channel))" : ""),
          size: output.size,
          rows: (0..<output.height).map {
            cells(values[$0 * output.width..<($0 + 1) * output.width])
          })
      } + (bias.map { [$0] } ?? [])
    }
  }
}
