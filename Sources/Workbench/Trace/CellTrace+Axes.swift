import LessonKit
import Primitives
import Tensors

extension CellTrace {
  /// A fully connected layer: each output adds up all inputs.
  func linearSteps() throws -> [Step] {
    let weight = try TraceArray(
      arguments.required("weight", "the weights, a row for each output: 1,0/0,1"), "--weight")
    let bias = try arguments["bias"].map { try rowOfNumbers($0, "--bias") }
    guard weight.shape.rank <= 2, input.shape.rank <= 2 else {
      throw ExitStatus.data(
        "the input has shape \(input.shape) and the weights \(weight.shape); a trace of linear takes "
          + "rows")
    }
    func rows(_ array: TraceArray) -> TraceArray {
      array.shape.rank == 2 ? array : array.reshaped([1, array.shape[0]])
    }
    let (x, w) = (rows(input), rows(weight))
    if let exactX = x.fractions, let exactW = w.fractions, bias == nil || bias?.fractions != nil {
      let terms =
        CommonDenominator(exactX.elements).largest
        * CommonDenominator(exactW.elements).largest * SizeBound(exactX.elements.count)
      let offsets = CommonDenominator(bias?.fractions?.elements ?? [])
      let scale =
        CommonDenominator(exactX.elements).denominator
        * CommonDenominator(exactW.elements).denominator
      guard
        (terms * offsets.denominator + offsets.largest * scale).bound != nil,
        (scale * offsets.denominator).bound != nil
      else { throw notExact() }
      return try linearSteps(exactX, exactW, bias?.fractions?.elements)
    }
    return try linearSteps(x.doubles, w.doubles, bias?.doubles.elements)
  }

  private func linearSteps<Scalar: Numeric & Sendable>(
    _ x: Tensor<Scalar>, _ w: Tensor<Scalar>, _ bias: [Scalar]?
  ) throws -> [Step] {
    let size = Size(height: x.shape[0], width: w.shape[0])
    try checkLength(size)
    let y = try linear(x, w, bias: bias)
    let names = MapNames("output", pictures: 1, maps: 1, isRow: size.height == 1)
    var lines: [Line] = []
    for row in 0..<size.height {
      for column in 0..<size.width where isShown(row, column) {
        var terms = (0..<x.shape[1]).map { j in
          let factor = numberText(w[column, j])
          return "\(numberText(x[row, j]))·\(factor.hasPrefix("-") ? "(\(factor))" : factor)"
        }
        if let bias { terms.append(numberText(bias[column])) }
        lines.append(
          Line(
            cell: names.cell(0, 0, row, column), expression: sum(terms),
            value: numberText(y[row, column])))
      }
    }
    func map(_ tensor: Tensor<Scalar>) -> Tensor<Scalar> {
      tensor.reshaped([1, 1, tensor.shape[0], tensor.shape[1]])
    }
    return try steps(
      [Grid(.input, map(x)), Grid(.kernel, map(w), title: "weights, a row for each output")],
      [Grid(.output, map(y))], lines, size)
  }

  /// Softmax and argmax: each looks along one axis of the numbers.
  func axisSteps() throws -> [Step] {
    guard input.shape.rank <= 2 else {
      throw ExitStatus.data(
        "the input has shape \(input.shape); a trace of \(options.operation.rawValue) takes a row or "
          + "rows")
    }
    let x = input.doubles
    let axis = options.axis ?? x.shape.rank - 1
    let exact = input.fractions.map { $0.elements.map { numberText($0) } }
    let texts = exact ?? x.elements.map { numberText($0) }
    let shares = try softmax(x, axis: axis)
    let winners = try argmax(x, axis: axis, keepingAxis: true)
    let rows = x.shape.rank == 2 ? x.shape[0] : 1
    let columns = x.shape[x.shape.rank - 1]
    let isAlongRows = x.shape.rank == 1 || axis == 1 || axis == -1
    let isSoftmax = options.operation == .softmax
    let size =
      isSoftmax
      ? Size(height: rows, width: columns)
      : Size(height: isAlongRows ? rows : 1, width: isAlongRows ? 1 : columns)
    try checkLength(size)
    func lane(_ row: Int, _ column: Int) -> [String] {
      isAlongRows
        ? (0..<columns).map { texts[row * columns + $0] }
        : (0..<rows).map { texts[$0 * columns + column] }
    }
    func value(_ row: Int, _ column: Int) -> String {
      isSoftmax
        ? roundedText(shares[row * columns + column]) : "\(winners[row * size.width + column])"
    }
    let names = MapNames("output", pictures: 1, maps: 1, isRow: size.height == 1)
    var lines: [Line] = []
    for row in 0..<size.height {
      for column in 0..<size.width where isShown(row, column) {
        let lane = lane(row, column)
        lines.append(
          Line(
            cell: names.cell(0, 0, row, column),
            expression: isSoftmax
              ? "e^\(texts[row * columns + column])/(\(lane.map { "e^\($0)" }.joined(separator: " + ")))"
              : "the position of the first largest of \(lane.joined(separator: ", "))",
            value: value(row, column)))
      }
    }
    func grid(_ role: Grid.Role, _ size: Size, _ text: (Int, Int) -> String) -> Grid {
      Grid(
        role, size: size,
        rows: (0..<size.height).map { row in
          (0..<size.width).map { Grid.Cell(text(row, $0)) }
        })
    }
    return try steps(
      [grid(.input, Size(height: rows, width: columns)) { texts[$0 * columns + $1] }],
      [grid(.output, size, value)], lines, size)
  }
}

/// A number from 0 to 1 with six digits after the point.
func roundedText(_ value: Double) -> String {
  guard value.isFinite else { return numberText(value) }
  let millionths = Int((value * 1_000_000).rounded())
  let digits = String(millionths % 1_000_000)
  return "\(millionths / 1_000_000).\(String(repeating: "0", count: 6 - digits.count))\(digits)"
}
