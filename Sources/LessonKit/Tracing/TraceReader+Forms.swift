import ConvolutionArithmetic
import Primitives
import Tensors

extension TraceReader {
  /// Output by output.
  func windowTrace(cell: (row: Int, column: Int)?) throws(GeometryError) -> Trace {
    let equations = try equations(cell: cell)
    return Trace(
      form: .window, notes: paddingNotes,
      given: inputGrids(padded: !isTransposed, cell: cell) + kernelGrids,
      stamps: [], equations: equations, outcome: outputGrids(cell: cell))
  }

  /// A row of the matrix for each output cell.
  func matrixTrace(cell: (row: Int, column: Int)?) throws(GeometryError) -> Trace {
    let area = traced.input.size.area
    let equations = try equations(cell: cell)
    // The matrix is the same for every picture.
    let rows = equations.filter { $0.picture == 0 }.map(\.place).map { place in
      var row = Array(repeating: Grid.Cell(Grid.dot, .empty), count: channels.input * area)
      for meeting in meetings(picture: 0, channel: place[0], row: place[1], column: place[2]) {
        let index =
          meeting.inputChannel * area + meeting.inputRow * traced.input.width + meeting.inputColumn
        row[index] = Grid.Cell(numberText(meeting.factor))
      }
      return row
    }
    return Trace(
      form: .matrix, notes: paddingNotes,
      given: [
        Grid(.matrix, title: isTransposed ? "matrix, the transpose of C" : "matrix C", rows: rows)
      ]
        + (0..<traced.input.batch).map { picture in
          let begin = picture * channels.input * area
          return Grid(
            .input,
            title: MapNames("input", pictures: traced.input.batch, maps: 1, isRow: isRow)
              .map(picture, 0) + (isRow ? "" : ", row after row"),
            rows: [
              traced.input.elements[begin..<begin + channels.input * area].map {
                Grid.Cell(numberText($0))
              }
            ])
        },
      stamps: [], equations: equations, outcome: outputGrids(cell: cell))
  }

  /// The padding p of the forward convolution and p′ of the equivalent direct one.
  var paddingNotes: [String] {
    guard isTransposed else { return [] }
    func note(_ axis: String, _ k: Int, _ d: Int, _ p: Int) -> String {
      "\(axis)p = \(p), p′ = d(k−1) − p = \(d)·(\(k)−1) − \(p) = \(d * (k - 1) - p)"
    }
    let layer = traced.convolution
    let (k, d, p) = (layer.kernelSize, layer.dilation, layer.padding)
    if isRow { return [note("", k.width, d.width, p.left)] }
    if k.height == k.width, d.height == d.width, p == Padding(Size(p.top)) {
      return [note("", k.height, d.height, p.top)]
    }
    return [
      note("rows: ", k.height, d.height, p.top), note("columns: ", k.width, d.width, p.left),
    ]
  }

  /// The input maps; the window of `cell` is marked, counted with the drawn padding.
  func inputGrids(padded: Bool, cell: (row: Int, column: Int)?) -> [Grid] {
    let padding: Padding = padded ? traced.convolution.padding : 0
    let region = cell.map { cell in
      isTransposed
        ? Region(
          rows: Set(geometry.rows.sources(ofResult: cell.row).map(\.given)),
          columns: Set(geometry.columns.sources(ofResult: cell.column).map(\.given)))
        : Region(
          rows: Set(
            (0..<traced.convolution.kernelSize.height).map {
              geometry.rows.position(output: cell.row, kernel: $0) + padding.top
            }),
          columns: Set(
            (0..<traced.convolution.kernelSize.width).map {
              geometry.columns.position(output: cell.column, kernel: $0) + padding.left
            }))
    }
    return traced.input.grids(inputNames, .input, padding: padding, window: region)
  }

  /// The kernels: one map for each pair of channels that meet.
  var kernelGrids: [Grid] {
    let (first, second) = (traced.weight.batch, traced.weight.channels)
    return (0..<first).flatMap { a in
      (0..<second).map { b in
        Grid(
          .kernel, traced.weight,
          title: first * second > 1 ? "kernel [\(a)][\(b)]" : nil, batch: a, channel: b)
      }
    }
  }

  /// The output maps, `cell` marked.
  func outputGrids(cell: (row: Int, column: Int)?) -> [Grid] {
    output.grids(
      outputNames, .output, window: cell.map { Region(row: $0.row, column: $0.column) })
  }
}
