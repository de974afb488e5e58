public import ConvolutionArithmetic
import Primitives
public import Tensors

extension TraceCase {
  /// The trace as it is shown: of one cell with both its questions, where it comes from and where it
  /// goes.
  ///
  /// - Throws: `GeometryError` if neither the output nor, with a kernel, the input has such a cell.
  public func steps(
    _ form: TraceForm = .window, cell: (row: Int, column: Int)? = nil
  ) throws(GeometryError) -> [Step] {
    guard case .convolution(let kernels) = arithmetic else {
      let trace = try trace(form, cell: cell)
      if let forward {
        let maps = Step.grids(forward.maps, operators: forward.maps.count == 2 ? ["→"] : [])
        return (forward.maps.isEmpty ? [] : [maps]) + [.trace(trace)]
      }
      let lines = Step.formula(trace.equations.map { $0.text })
      return trace.outcome.count == 1
        ? [.grids(trace.given + trace.outcome, operators: ["→"]), lines]
        : [.grids(trace.given, operators: []), lines, .grids(trace.outcome, operators: [])]
    }
    guard let cell else { return [.trace(try trace(form))] }
    let name = name(cell.row, cell.column)
    var steps: [Step] = []
    if output.size.has(cell) {
      steps.append(.heading("Where does \(outputNames.word) \(name) come from?"))
      steps.append(.trace(try trace(form, cell: cell)))
    } else {
      steps.append(.prose("The \(outputNames.word) has no cell \(name); it is \(output.size)."))
    }
    if input.size.has(cell) {
      steps.append(.heading("Where does \(inputNames.word) \(name) go?"))
      steps.append(.formula(destinations(kernels, of: cell)))
    } else {
      steps.append(.prose("The \(inputNames.word) has no cell \(name); it is \(input.size)."))
    }
    return steps
  }

  private func name(_ row: Int, _ column: Int) -> String {
    isRow ? "\(column)" : "(\(row), \(column))"
  }

  /// A line for each output cell that reads the input cell, through which kernel cell; with the product
  /// where there is one picture of one map, and one output map.
  private func destinations(_ kernels: Kernels, of cell: (row: Int, column: Int)) -> [String] {
    let (geometry, weight) = (kernels.geometry, kernels.weight)
    let isOne = weight.batch * weight.channels * input.channels * input.batch == 1
    let lines = geometry.rows.destinations(ofGiven: cell.row).flatMap { row in
      geometry.columns.destinations(ofGiven: cell.column).map { column in
        let line =
          "\(outputNames.word) \(name(row.result, column.result)) through kernel "
          + name(row.kernel, column.kernel)
        guard isOne else { return line }
        let (value, factor) = (
          input[0, 0, cell.row, cell.column], weight[0, 0, row.kernel, column.kernel]
        )
        return line
          + ": \(numberText(value))·\(Equation.factor(numberText(factor))) = "
          + numberText(value * factor)
      }
    }
    return lines.isEmpty ? ["nowhere: no \(outputNames.word) reads it"] : lines
  }
}

extension Size {
  package func has(_ cell: (row: Int, column: Int)) -> Bool {
    (0..<height).contains(cell.row) && (0..<width).contains(cell.column)
  }
}

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

/// Rows of numbers as they are typed: `1,2/3,4`. Where a number has a / of its own, rows end in ; and so
/// does a number alone, which would be a size.
package func typed(_ rows: [[String]]) -> String {
  let lines = rows.map { $0.joined(separator: ",") }
  let isPlain =
    !lines.contains { $0.contains("/") }
    && (lines.count > 1 || lines[0].contains { ",.".contains($0) })
  return isPlain ? lines.joined(separator: "/") : lines.map { $0 + ";" }.joined()
}

extension TraceCase {
  /// What to type for this trace of a convolution; nil where there is more than one map, which can't be
  /// typed.
  ///
  /// ```swift
  /// try TraceCase.convolution(Tensor([[1, 2], [3, 4]]), Tensor([[1, 0]]), stride: 2).command()
  /// // "convbook trace conv --input 1,2/3,4 --weight 1,0 --stride 2"
  /// ```
  public func command(_ form: TraceForm = .window) -> String? {
    guard let (name, input, weight, options) = typedCase else { return nil }
    func quoted(_ text: String) -> String { text.contains(";") ? "'\(text)'" : text }
    return "convbook trace \(name) --input \(quoted(input)) --weight \(quoted(weight))"
      + options.map { " --\($0.name) \($0.value)" }.joined()
      + (form == .window ? "" : " --form \(form.rawValue)")
  }

  /// What the live book's laboratory has behind the `#` of its address to show this; nil where that takes
  /// one number for an option that differs along the axes here, and of a gradient.
  ///
  /// ```swift
  /// try TraceCase.convolution(Tensor([[1, 2], [3, 4]]), Tensor([[1], [0]]), stride: 2).link()
  /// // "conv&input=1,2/3,4&weight=1/0&stride=2"
  /// ```
  public func link(_ form: TraceForm = .window) -> String? {
    guard forward == nil, let (name, input, weight, options) = typedCase, input.utf8.count < 500,
      isRow || weight.contains("/") || weight.contains(";"),
      !options.contains(where: { $0.value.contains(",") })
    else { return nil }
    return "\(name)&input=\(input)&weight=\(weight)"
      + options.map { "&\($0.name)=\($0.value)" }.joined()
      + (form == .window ? "" : "&form=\(form.rawValue)")
  }

  /// The operation, its numbers, and the options that are not the usual ones, as they are typed.
  private var typedCase:
    (name: String, input: String, weight: String, options: [(name: String, value: String)])?
  {
    guard case .convolution(let kernels) = arithmetic else { return nil }
    let (convolution, weight) = (kernels.convolution, kernels.weight)
    guard input.batch * input.channels == 1, weight.batch * weight.channels == 1,
      kernels.bias == nil, convolution.padding.isSymmetric
    else { return nil }
    // Rows have one axis, and one number for each option.
    let isRow = input.height == 1 && weight.height == 1
    let padding = Size(height: convolution.padding.top, width: convolution.padding.left)
    let options = [
      ("stride", convolution.stride, 1), ("padding", padding, 0),
      ("dilation", convolution.dilation, 1), ("output-padding", convolution.outputPadding, 0),
    ].compactMap { name, size, usual -> (name: String, value: String)? in
      guard isRow ? size.width != usual : size != Size(usual) else { return nil }
      let isOne = isRow || size.height == size.width
      return (name, isOne ? "\(size.width)" : "\(size.height),\(size.width)")
    }
    return (
      convolution.isTransposed ? "conv-transpose" : "conv", typed(input.cellTexts()),
      typed(weight.cellTexts()), options
    )
  }
}

/// An exact number, or nothing where one did not fit: whatever is computed from that does not fit
/// either, so that one look at the result tells whether all of it is exact.
public struct Exact: Divisible, Hashable, Sendable, CustomStringConvertible {
  public let value: Fraction?

  public init(_ value: Fraction) { self.value = value }
  public init(_ value: Int) { self.value = Fraction(value) }
  public init(integerLiteral value: Int) { self.init(value) }
  public init?<T: BinaryInteger>(exactly source: T) {
    guard let value = Fraction(exactly: source) else { return nil }
    self.init(value)
  }

  private init(
    _ a: Exact, _ b: Exact, _ combine: (Fraction, Fraction) throws(FractionOverflow) -> Fraction
  ) {
    guard let a = a.value, let b = b.value else {
      value = nil
      return
    }
    do throws(FractionOverflow) { value = try combine(a, b) } catch { value = nil }
  }

  public static func + (a: Exact, b: Exact) -> Exact {
    Exact(a, b) { a, b throws(FractionOverflow) in try a.adding(b) }
  }
  public static func - (a: Exact, b: Exact) -> Exact {
    Exact(a, b) { a, b throws(FractionOverflow) in try a.subtracting(b) }
  }
  public static func * (a: Exact, b: Exact) -> Exact {
    Exact(a, b) { a, b throws(FractionOverflow) in try a.multiplied(by: b) }
  }
  public static func / (a: Exact, b: Exact) -> Exact {
    Exact(a, b) { a, b throws(FractionOverflow) in try a.divided(by: b) }
  }
  public static func *= (a: inout Exact, b: Exact) { a = a * b }
  public static func < (a: Exact, b: Exact) -> Bool {
    guard let a = a.value, let b = b.value else { return false }
    return a < b
  }

  public var magnitude: Exact { self < 0 ? 0 - self : self }
  public var description: String { value?.description ?? "too large" }
}
