import ConvolutionArithmetic
import Primitives
import Tensors

/// Reads the taps of a case.
struct TraceReader<Scalar: Numeric & Sendable> {
  /// One product: which input cell meets which kernel cell.
  struct Meeting {
    let picture: Int
    let inputChannel: Int
    let inputRow: Int
    let inputColumn: Int
    let factor: Scalar
  }

  let traced: TraceCase<Scalar>
  let geometry: Geometry
  let channels: ChannelGroups
  let output: Tensor<Scalar>

  init(_ traced: TraceCase<Scalar>) throws(GeometryError) {
    self.traced = traced
    channels = try ChannelGroups(
      traced.convolution, input: traced.input.shape, weight: traced.weight.shape,
      bias: traced.bias?.count)
    geometry = try traced.convolution.geometry(input: traced.input.size)
    output = try traced.output()
  }

  /// Whether all maps are single rows, so that one number names a cell.
  var isRow: Bool { traced.input.height == 1 && output.height == 1 && traced.weight.height == 1 }

  var isTransposed: Bool { traced.convolution.isTransposed }

  /// The products that one output cell adds up: by channel, then row, then column.
  func meetings(picture: Int, channel: Int, row: Int, column: Int) -> [Meeting] {
    let rows = geometry.rows.sources(ofResult: row)
    let columns = geometry.columns.sources(ofResult: column)
    let inputs = channels.inputs(ofOutput: channel)
    return inputs.flatMap { input in
      rows.flatMap { down in
        columns.map { right in
          let factor =
            isTransposed
            ? traced.weight[
              input, channel % (channels.output / channels.groups), down.kernel, right.kernel]
            : traced.weight[channel, input - inputs.lowerBound, down.kernel, right.kernel]
          return Meeting(
            picture: picture, inputChannel: input, inputRow: down.given, inputColumn: right.given,
            factor: factor)
        }
      }
    }
  }

  var inputNames: MapNames { MapNames("input", traced.input, isRow: isRow) }
  var outputNames: MapNames { MapNames("output", output, isRow: isRow) }

  func equation(
    picture: Int, channel: Int, row: Int, column: Int
  ) throws(GeometryError) -> Equation {
    guard (0..<output.batch).contains(picture), (0..<output.channels).contains(channel),
      (0..<output.height).contains(row), (0..<output.width).contains(column)
    else {
      throw GeometryError(
        "there is no output \(picture), \(channel), \(row), \(column); pictures go from 0 to "
          + "\(output.batch - 1), maps to \(output.channels - 1), rows to \(output.height - 1), "
          + "columns to \(output.width - 1)")
    }
    let meetings = meetings(picture: picture, channel: channel, row: row, column: column)
    var value = traced.bias?[channel] ?? .zero
    for meeting in meetings { value += number(of: meeting) * meeting.factor }
    let whole = channels.inputs(ofOutput: channel).count * traced.weight.size.area
    return Equation(
      cell: outputNames.cell(picture, channel, row, column),
      picture: picture, place: [channel, row, column],
      terms: meetings.map {
        Equation.Term(input: numberText(number(of: $0)), kernel: numberText($0.factor))
      },
      bias: traced.bias.map { numberText($0[channel]) },
      value: numberText(value),
      padded: isTransposed ? 0 : whole - meetings.count)
  }

  /// The input's number at a meeting.
  func number(of meeting: Meeting) -> Scalar {
    traced.input[meeting.picture, meeting.inputChannel, meeting.inputRow, meeting.inputColumn]
  }

  /// The equations of all cells, or of one cell in every map of every picture.
  func equations(cell: (row: Int, column: Int)?) throws(GeometryError) -> [Equation] {
    let rows = cell.map { $0.row..<$0.row + 1 } ?? 0..<output.height
    let columns = cell.map { $0.column..<$0.column + 1 } ?? 0..<output.width
    var result: [Equation] = []
    for picture in 0..<output.batch {
      for channel in 0..<output.channels {
        for row in rows {
          for column in columns {
            result.append(
              try equation(picture: picture, channel: channel, row: row, column: column))
          }
        }
      }
    }
    return result
  }
}
