import ConvolutionArithmetic
import Primitives
import Tensors
import Testing

@testable import LessonKit

/// What is marked around a cell, against the taps of every cell.
@Suite struct SightTests {
  private typealias Place = Equation.Place

  @Test func `of every small convolution each cell marks what it reads, and nothing else`() throws {
    for i in 1...5 {
      for k in 1...3 {
        for s in 1...3 {
          for d in 1...2 {
            for p in 0...2 {
              let (x, w) = (ramp(2, i), ramp(1, k))
              let across = { Size(height: 1, width: $0) }
              let padding = Padding(Size(height: 0, width: p))
              if let example = try? TraceCase.convolution(
                x, w, stride: across(s), padding: padding, dilation: across(d))
              {
                try check(example, "i = \(i), k = \(k), s = \(s), d = \(d), p = \(p)")
              }
              if let example = try? TraceCase.transposed(
                x, w, stride: across(s), padding: padding, dilation: across(d))
              {
                try check(example, "transposed, i = \(i), k = \(k), s = \(s), d = \(d), p = \(p)")
              }
            }
          }
        }
      }
    }
  }

  @Test func `channels, groups and every other operation`() throws {
    let x = Tensor<Int>.ramp([2, 4, 3, 4])
    try check(.convolution(x, .ramp([4, 2, 2, 2]), bias: [1, 2, 3, 4], groups: 2), "groups")
    try check(.transposed(x, .ramp([4, 3, 2, 2]), stride: 2, groups: 2), "transposed groups")
    try check(.maxPool(x, by: Pooling(kernelSize: 2, stride: 1, padding: 1)), "maximum")
    let exact = x.map { Fraction($0) }
    try check(.averagePool(exact, by: Pooling(kernelSize: 2)), "mean")
    try check(.bilinear(exact, scale: 2), "bilinear")
    let rows = Tensor<Int>.ramp([2, 3])
    try check(.linear(rows, .ramp([4, 3])), "linear")
    for axis in [0, 1] {
      let texts = ["1", "2", "3", "4", "5", "6"]
      try check(.softmax(rows.map(Double.init), axis: axis, texts: texts), "softmax \(axis)")
      try check(.argmax(rows.map(Double.init), axis: axis, texts: texts), "argmax \(axis)")
    }
  }

  @Test func `gradients, by whatever`() throws {
    func back(_ forward: TraceCase<Fraction>, _ target: GradientTarget) throws {
      let gradient = forward.output.map { $0 + 1 }
      try check(forward.gradient(by: target, ofOutput: gradient), "\(forward.caption), \(target)")
    }
    let x = Tensor<Int>.ramp([1, 4, 3, 4]).map { Fraction($0) }
    let w = Tensor<Int>.ramp([4, 2, 2, 2]).map { Fraction($0) }
    for target in GradientTarget.allCases {
      try back(.convolution(x, w, padding: 1, groups: 2), target)
      try back(.transposed(x, w, stride: 2, groups: 2), target)
      try back(.linear(w.reshaped([4, 8]), w.reshaped([4, 8])), target)
    }
    try back(.maxPool(x, by: Pooling(kernelSize: 2, stride: 1)), .input)
    try back(.averagePool(x, by: Pooling(kernelSize: 2)), .input)
    try back(.bilinear(x, scale: 2), .input)
  }

  private func check<Scalar>(_ example: TraceCase<Scalar>, _ name: String) throws {
    let (input, output) = (example.input, example.output)
    for map in 0..<output.channels {
      for place in places(output.size, map) {
        let equation = try example.equation(row: place.row, column: place.column, channel: map)
        let read = Set(equation.terms.compactMap(\.given))
        for from in 0..<input.channels {
          // Where it comes from …
          if example.inputMaps(ofOutput: map).contains(from) {
            let sight = try example.sight(ofOutput: place, showing: from)
            #expect(sight.equations == [equation], "\(name), \(place)")
            #expect(
              Set(marked(sight.given[0], from)).filter { inside($0, input.size) }
                == read.filter { $0.map == from }, "\(name), \(place)")
            #expect(marked(sight.outcome, map) == [place], "\(name), \(place)")
          }
          // … is where each of those goes.
          for cell in places(input.size, from) {
            let isRead = example.readers(of: cell, inMap: map).contains(place)
            #expect(isRead == read.contains(cell), "\(name), \(cell) to \(place)")
          }
        }
      }
      for cell in places(input.size, 0) {
        let sight = try example.sight(ofInput: cell, showing: map)
        #expect(marked(sight.given[0], 0) == [cell], "\(name), \(cell)")
        #expect(
          marked(sight.outcome, map) == example.readers(of: cell, inMap: map), "\(name), \(cell)")
      }
    }
  }

  @Test func `the stamps of all input cells add up to the output, and so does what they send`()
    throws
  {
    let example = try TraceCase.transposed(
      Tensor<Int>.ramp([1, 1, 3, 4]), .ramp([1, 1, 3, 2]), stride: Size(height: 2, width: 1))
    let size = example.output.size
    var sums = Array(repeating: 0, count: size.area)
    for cell in places(example.input.size, 0) {
      let stamp = try example.sight(ofInput: cell, .scatter).outcome
      for (index, text) in texts(stamp).enumerated() { sums[index] += Int(text) ?? 0 }
    }
    #expect(sums == example.output.elements)
    for place in places(size, 0) {
      let sent = try example.sight(ofOutput: place, .scatter).given[1]
      #expect(
        texts(sent).reduce(0) { $0 + (Int($1) ?? 0) }
          == example.output[0, 0, place.row, place.column])
    }
  }

  @Test func `the matrix and the inserted zeros are those of the whole trace`() throws {
    let example = try TraceCase.transposed(
      Tensor<Int>.ramp([1, 1, 2, 3]), .ramp([1, 1, 2, 2]), stride: 2, padding: 1)
    let place = Place(row: 1, column: 2)
    let matrix = try example.sight(ofOutput: place, .matrix).given[0]
    let whole = try example.trace(.matrix).given[0]
    #expect(texts(matrix) == whole.rows.joined().map(\.text))
    let sight = try example.sight(ofOutput: place, .zeroInsertion)
    let trace = try example.trace(.zeroInsertion, cell: (1, 2))
    #expect(sight.equations == trace.equations)
    #expect(texts(sight.given[0]) == trace.given[1].rows.joined().map(\.text))
    #expect(texts(sight.given[1]) == trace.given[2].rows.joined().map(\.text))
    #expect(
      marked(sight.given[0], 0).count
        == trace.given[1].rows.joined().count { $0.mark == .window })
  }

  @Test func `a form that an operation does not have is refused`() throws {
    let example = try TraceCase.convolution(ramp(1, 3), ramp(1, 2))
    #expect(throws: GeometryError.self) {
      try example.sight(ofOutput: Place(row: 0, column: 0), .zeroInsertion)
    }
    #expect(throws: GeometryError.self) {
      try example.sight(ofInput: Place(row: 0, column: 0), .zeroInsertion)
    }
  }

  private func ramp(_ rows: Int, _ columns: Int) -> Tensor<Int> { .ramp([1, 1, rows, columns]) }

  private func places(_ size: Size, _ map: Int) -> [Place] {
    (0..<size.height).flatMap { row in
      (0..<size.width).map { Place(map: map, row: row, column: $0) }
    }
  }

  private func inside(_ place: Place, _ size: Size) -> Bool {
    (0..<size.height).contains(place.row) && (0..<size.width).contains(place.column)
  }

  private func texts(_ plane: Plane) -> [String] {
    plane.rows.flatMap { plane.cells($0, plane.columns).map(\.text) }
  }

  private func marked(_ plane: Plane, _ map: Int) -> [Place] {
    plane.rows.flatMap { row in
      zip(plane.columns, plane.cells(row, plane.columns)).filter { $1.mark == .window }.map {
        Place(map: map, row: row, column: $0.0)
      }
    }
  }
}
