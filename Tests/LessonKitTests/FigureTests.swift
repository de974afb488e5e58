import ConvolutionArithmetic
import Primitives
import Tensors
import Testing

@testable import LessonKit

/// What a figure shows is read back from its SVG, and compared with the geometry's taps and with what the
/// primitives compute.
@Suite struct FigureTests {
  /// Every small geometry with its input.
  private static let cases: [(layer: Convolution, input: Size)] = {
    var cases: [(Convolution, Size)] = []
    for input in [Size(height: 1, width: 4), Size(height: 2, width: 3)] {
      for kernel in [Size(1), Size(2), Size(height: 1, width: 3)] {
        for stride in 1...2 {
          for padding in 0...1 {
            for dilation in 1...2 {
              guard
                let layer = try? Convolution(
                  kernelSize: kernel, stride: Size(stride), padding: Padding(Size(padding)),
                  dilation: Size(dilation))
              else { continue }
              for layer in [layer, try? layer.transposed()].compactMap(\.self)
              where (try? layer.geometry(input: input)) != nil {
                cases.append((layer, input))
              }
            }
          }
        }
      }
    }
    return cases
  }()

  /// -2, -1, 0, …
  private func kernel(_ layer: Convolution) -> Tensor<Int> {
    Tensor<Int>.ramp([1, 1, layer.kernelSize.height, layer.kernelSize.width]).map { $0 - 3 }
  }

  private func example(_ layer: Convolution, _ input: Size) throws -> TraceCase<Int> {
    try TraceCase(
      Tensor<Int>.ramp([1, 1, input.height, input.width]), kernel(layer), by: layer)
  }

  @Test func `marks, factors and sums are those of the taps, in every small geometry`() throws {
    #expect(Self.cases.count > 60)
    for (layer, input) in Self.cases {
      let example = try example(layer, input)
      let geometry = try layer.geometry(input: input)
      let size = example.output.size
      let cell = (row: size.height - 1, column: size.width / 2)
      let page = try Page(example.figure(cell: cell).svg(styled: false))
      let taps = geometry.rows.sources(ofResult: cell.row).flatMap { down in
        geometry.columns.sources(ofResult: cell.column).map { right in
          (given: [down.given, right.given], kernel: [down.kernel, right.kernel])
        }
      }
      #expect(page.cells("covered", "input") == Set(taps.map(\.given)), "\(layer) \(input)")
      #expect(page.cells("covered", "kernel") == Set(taps.map(\.kernel)), "\(layer) \(input)")
      #expect(page.cells("result", "output") == [[cell.row, cell.column]])
      if !layer.isTransposed {
        #expect(
          page.cells("coveredPad", "input").count
            == layer.kernelSize.area - taps.count, "\(layer) \(input)")
      }
      for tap in taps {
        let factor = kernel(layer)[0, 0, tap.kernel[0], tap.kernel[1]]
        #expect(page.texts("note", "input")[tap.given] == "·\(factor)", "\(layer) \(input)")
      }
      #expect(page.numbers("input") == example.input.texts)
      #expect(page.numbers("output") == example.output.texts)
      #expect(page.sentence.contains(" = \(example.output[0, 0, cell.row, cell.column])"))
      #expect(page.marksLieOnTheirCells)
    }
  }

  @Test func `the stamps of a scatter are the destinations of the taps`() throws {
    for (layer, input) in Self.cases where layer.stride == 2 || layer.dilation == 2 {
      let example = try example(layer, input)
      let geometry = try layer.geometry(input: input)
      let cell = (row: input.height - 1, column: input.width / 2)
      let page = try Page(example.figure(.scatter, cell: cell).svg(styled: false))
      var products: [[Int]: String] = [:]
      for down in geometry.rows.destinations(ofGiven: cell.row) {
        for right in geometry.columns.destinations(ofGiven: cell.column) {
          let factor = kernel(layer)[0, 0, down.kernel, right.kernel]
          let product = example.input[0, 0, cell.row, cell.column] * factor
          products[[down.result, right.result]] = product < 0 ? "\(product)" : "+\(product)"
        }
      }
      #expect(page.texts("note", "output") == products, "\(layer) \(input)")
      #expect(page.cells("covered", "input") == [[cell.row, cell.column]])
      #expect(page.marksLieOnTheirCells)
      let end = try Page(example.figure(.scatter).svg(styled: false))
      #expect(end.numbers("output") == example.output.texts, "\(layer) \(input)")
    }
  }

  @Test func `zeros are inserted where the taps say so, and the matrix has their factors`() throws {
    for (layer, input) in Self.cases where layer.isTransposed && input.width > 2 {
      let example = try example(layer, input)
      let zeros = try Page(example.figure(.zeroInsertion).svg(styled: false))
      let stride = layer.stride
      let stretched = Size(
        height: (input.height - 1) * stride.height + 1, width: (input.width - 1) * stride.width + 1)
      // What a padding below zero cuts off is not drawn.
      let drawn = zeros.cells("input", "stretched").union(zeros.cells("hole", "stretched"))
      let holes = (0..<stretched.height).flatMap { row in
        (0..<stretched.width).filter { row % stride.height + $0 % stride.width > 0 }
          .map { [row, $0] }
      }.filter(drawn.contains)
      // A hole that no window covers is crossed out instead.
      let (dotted, crossed) = (zeros.cells("hole", "stretched"), zeros.cells("unread", "stretched"))
      #expect(dotted.isSubset(of: Set(holes)) && Set(holes).isSubset(of: dotted.union(crossed)))
      #expect(zeros.numbers("output") == example.output.texts)
      let matrix = try Page(example.figure(.matrix).svg(styled: false))
      let column = example.output.elements.enumerated().map { ([$0, 0], "\($1)") }
      #expect(matrix.numbers("output") == Dictionary(uniqueKeysWithValues: column))
      #expect(zeros.marksLieOnTheirCells && matrix.marksLieOnTheirCells)
    }
  }

  @Test func `each moment of an animation is the still picture of its cell`() throws {
    let example = try TraceCase.convolution(
      Tensor<Int>.ramp([1, 1, 4, 4]), Tensor<Int>.ramp([1, 1, 2, 2]), stride: 2, padding: 1)
    let whole = try SVGText(example.figure().animatedSVG(seconds: 9))
    for (index, cell) in [[0, 0], [0, 1], [0, 2], [1, 0]].enumerated() {
      let still = try Page(
        example.figure(cell: (row: cell[0], column: cell[1])).svg(styled: false))
      let now = Page(whole.elements.filter { $0.has("f9-\(index)-\(index + 1)") })
      for look in ["covered", "coveredPad", "result"] {
        for role in ["input", "kernel", "output"] {
          #expect(now.cells(look, role) == still.cells(look, role))
        }
      }
      #expect(now.sentence == still.sentence)
    }
    let style = whole.elements.first { $0.name == "style" }!.text
    #expect(style.contains("@keyframes f9-3-4{0%{visibility:hidden}33.333%{visibility:visible}"))
    #expect(style.contains("prefers-reduced-motion") && style.contains(":hover"))
  }

  @Test func `of several maps those are marked that one output map reads`() throws {
    let x = Tensor<Int>.ramp([1, 4, 2, 2])
    let w = Tensor<Int>.ramp([2, 2, 1, 2])
    let grouped = try TraceCase.convolution(x, w, bias: [1, 2], groups: 2)
    let page = try SVGText(grouped.figure(cell: (1, 0)).svg(styled: false)).elements
    // Output map 0 reads the first group: input maps 0 and 1, through kernels [0][0] and [0][1].
    for (role, maps) in [("input", ["0", "1"]), ("kernel", ["0", "1"])] {
      let marked = page.filter { $0.has("covered") && $0.attributes["data-role"] == role }
      #expect(Set(marked.compactMap { $0.attributes["data-map"] }) == Set(maps), "\(role)")
      #expect(
        marked.allSatisfy {
          $0.cells == (role == "input" ? [[1, 0], [1, 1]] : [[0, 0], [0, 1]])
        })
    }
    #expect(page.contains { $0.has("number") && $0.text == "\(grouped.output[0, 1, 1, 0])" })
  }

  @Test func `pooling shows its largest, what no output reads is crossed out`() throws {
    let pooled = try TraceCase.maxPool(
      Tensor([[3, 9, 1], [4, 2, 0], [8, 7, 6]]), by: try Pooling(kernelSize: 2, stride: 2))
    let page = try Page(pooled.figure().svg())
    #expect(page.cells("winner", "input") == [[0, 1]])
    #expect(page.cells("unread", "input") == [[0, 2], [1, 2], [2, 0], [2, 1], [2, 2]])
  }

  @Test func `with a cell an animation begins there, as if what comes before had passed`() throws {
    let example = try TraceCase.convolution(
      Tensor<Int>.ramp([1, 1, 3, 3]), Tensor<Int>.ramp([1, 1, 2, 2]))
    // Cell (1, 0) is moment 2 of 4, after 2/4 of 9 seconds.
    let moving = try example.figure(cell: (1, 0)).animatedSVG(seconds: 9)
    #expect(moving.contains("animation:9s step-end -4.500s infinite"))
    #expect(try example.figure().animatedSVG(seconds: 9).contains("animation:9s step-end infinite"))
  }

  @Test func `what is too large to be drawn says what fits, and one cell of it is drawn`() throws {
    let large = try TraceCase.convolution(
      Tensor<Int>.ramp([1, 1, 60, 60]), Tensor<Int>.ramp([1, 1, 3, 3]))
    #expect(throws: GeometryError.self) { try large.figure() }
    #expect(throws: GeometryError.self) { try large.figure(cell: (row: 60, column: 0)) }
  }
}
