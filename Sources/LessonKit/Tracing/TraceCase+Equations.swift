public import ConvolutionArithmetic
import Primitives
import Tensors

extension TraceCase {
  /// One cell that is read: where it lies, the kernel cell that it meets, what it is multiplied by.
  struct Meeting {
    let given: Equation.Place?
    /// Where it lies, if that is on padding.
    var outside: Equation.Place?
    var kernel: Equation.Place?
    var factor: Scalar?
  }

  /// What one cell of the output reads: by map, then row, then column.
  func meetings(at place: Equation.Place, picture: Int = 0) -> [Meeting] {
    func cells(_ rows: [Int], _ columns: [Int]) -> [Meeting] {
      rows.flatMap { row in
        columns.map { Meeting(given: .init(map: place.map, row: row, column: $0)) }
      }
    }
    switch arithmetic {
    case .convolution(let kernels):
      return kernels.meetings(at: place)
    case .gathering(let gathering): return gathering.meetings(picture, place)
    case .largest(let geometry, _):
      return cells(
        geometry.rows.taps(ofOutput: place.row).map { $0.input },
        geometry.columns.taps(ofOutput: place.column).map { $0.input })
    case .mean(let windows):
      return cells(
        windows.rowTaps[place.row].map { $0.input },
        windows.columnTaps[place.column].map { $0.input })
    case .blend(let rows, let columns):
      return rows[place.row].flatMap { row in
        columns[place.column].map { column in
          Meeting(
            given: .init(map: place.map, row: row.cell, column: column.cell),
            factor: row.weight * column.weight)
        }
      }
    case .rows(let weight, _):
      return (0..<input.width).map { column in
        Meeting(
          given: .init(row: place.row, column: column),
          kernel: .init(row: place.column, column: column),
          factor: weight[0, 0, place.column, column])
      }
    case .softmax(let alongRows), .argmax(let alongRows):
      return alongRows
        ? cells([place.row], Array(0..<input.width))
        : cells(Array(0..<input.height), [place.column])
    }
  }

  /// The places on padding that a pooling's window covers: they are no numbers to it.
  private func passed(at place: Equation.Place) -> [Equation.Place] {
    let geometry: Geometry
    switch arithmetic {
    case .largest(let own, _): geometry = own
    case .mean(let windows): geometry = windows.geometry
    default: return []
    }
    let (rows, columns) = (geometry.rows, geometry.columns)
    return (0..<rows.window.kernelSize).flatMap { down in
      (0..<columns.window.kernelSize).compactMap { right in
        if rows.input(output: place.row, kernel: down) != nil,
          columns.input(output: place.column, kernel: right) != nil
        {
          return nil
        }
        return Equation.Place(
          map: place.map, row: rows.position(output: place.row, kernel: down),
          column: columns.position(output: place.column, kernel: right))
      }
    }
  }

  /// The arithmetic of one output cell.
  ///
  /// - Throws: `GeometryError` if the output has no such cell.
  public func equation(
    row: Int, column: Int, channel: Int = 0, picture: Int = 0
  ) throws(GeometryError) -> Equation {
    guard (0..<output.batch).contains(picture), (0..<output.channels).contains(channel),
      (0..<output.height).contains(row), (0..<output.width).contains(column)
    else {
      throw GeometryError(
        "there is no output \(picture), \(channel), \(row), \(column); pictures go from 0 to "
          + "\(output.batch - 1), maps to \(output.channels - 1), rows to \(output.height - 1), "
          + "columns to \(output.width - 1)")
    }
    let place = Equation.Place(map: channel, row: row, column: column)
    var (rule, bias, insertion) = (Equation.Rule.sum, Scalar?.none, Size(1))
    switch arithmetic {
    case .convolution(let kernels):
      (bias, insertion) = (kernels.bias?[channel], kernels.insertion)
    case .rows(_, let all): bias = all?[column]
    case .largest: rule = .largest
    case .mean(let windows):
      rule = .mean(divisor: windows.divisor(row: row, column: column).map { "\($0)" } ?? "0")
    case .blend: break
    case .softmax:
      rule = .share(of: inputText(picture, place))
    case .argmax: rule = .position
    case .gathering: break
    }
    var total: Scalar = .zero
    return Equation(
      cell: outputNames.cell(picture, channel, row, column), picture: picture, place: place,
      taps: meetings(at: place, picture: picture).map { meeting in
        let hole = meeting.given.map {
          $0.row % insertion.height != 0 || $0.column % insertion.width != 0
        }
        let product = meeting.factor.map { factor in
          meeting.given.map { input[picture, $0.map, $0.row, $0.column] * factor } ?? .zero
        }
        total += product ?? .zero
        return Equation.Tap(
          given: meeting.given, position: meeting.given ?? meeting.outside ?? place,
          isHole: hole ?? false, kernel: meeting.kernel,
          input: meeting.given.map { inputText(picture, $0) } ?? "0",
          factor: meeting.factor.map { computedText($0) },
          product: product.map { computedText($0) },
          total: product == nil ? nil : computedText(total))
      },
      passed: passed(at: place), rule: rule, bias: bias.map { numberText($0) },
      value: outputText(picture, place))
  }

  /// The equations of all cells, or of one cell in every map of every picture.
  func equations(cell: (row: Int, column: Int)?) throws(GeometryError) -> [Equation] {
    try equations(
      rows: cell.map { $0.row..<$0.row + 1 } ?? 0..<output.height,
      columns: cell.map { $0.column..<$0.column + 1 } ?? 0..<output.width)
  }

  /// The equations of some rows and columns of every map of every picture.
  func equations(rows: Range<Int>, columns: Range<Int>) throws(GeometryError) -> [Equation] {
    var result: [Equation] = []
    for picture in 0..<output.batch {
      for channel in 0..<output.channels {
        for row in rows {
          for column in columns {
            result.append(
              try equation(row: row, column: column, channel: channel, picture: picture))
          }
        }
      }
    }
    return result
  }
}

extension TraceCase.Kernels {
  fileprivate func meetings(at place: Equation.Place) -> [TraceCase.Meeting] {
    let inputs = channels.inputs(ofOutput: place.map)
    let rows = taps(of: geometry.rows, at: place.row)
    let columns = taps(of: geometry.columns, at: place.column)
    return inputs.flatMap { input in
      let (first, second) = kernel(from: input, to: place.map)!
      return rows.flatMap { down in
        columns.map { right in
          let given = down.given.flatMap { row in
            right.given.map { Equation.Place(map: input, row: row, column: $0) }
          }
          return TraceCase.Meeting(
            given: given,
            outside: .init(map: input, row: down.position, column: right.position),
            kernel: .init(
              map: first * weight.channels + second, row: down.kernel, column: right.kernel),
            factor: weight[first, second, down.kernel, right.kernel])
        }
      }
    }
  }

  /// Which of the weights leads from an input map to an output map; nil if they are in different groups.
  func kernel(from input: Int, to output: Int) -> (first: Int, second: Int)? {
    let inputs = channels.inputs(ofOutput: output)
    guard inputs.contains(input) else { return nil }
    return convolution.isTransposed
      ? (input, output % (channels.output / channels.groups)) : (output, input - inputs.lowerBound)
  }

  /// The kernel cells at a cell of the result, with the given cells that they meet; nil is padding. Of
  /// a transposed convolution only those that a stamp brings there.
  private func taps(
    of axis: Axis, at cell: Int
  ) -> [(given: Int?, position: Int, kernel: Int)] {
    convolution.isTransposed
      ? axis.sources(ofResult: cell).map { ($0.given, $0.given, $0.kernel) }
      : (0..<axis.window.kernelSize).map {
        (axis.input(output: cell, kernel: $0), axis.position(output: cell, kernel: $0), $0)
      }
  }
}
