import ConvolutionArithmetic
import LessonKit
import Networks
import Primitives
import Tensors

extension Lesson {
  /// Lesson 36: windows as columns, kernels as rows.
  static var im2colLesson: Lesson {
    Lesson(
      number: 36, slug: "im2col", title: "Convolution as a matrix product", part: .fast,
      question: "How is a convolution computed fast?",
      corrects: "Unrolling the windows (im2col) saves multiplications."
    ) { _ in
      let x = Tensor<Int>.ramp([1, 1, 4, 4])
      let w = Tensor([[1, 0, -1], [2, 0, 1], [0, 1, 0]])
      let columns = try windowColumns(x, by: Convolution(kernelSize: 3)).reshaped([9, 4])
      let row = w.reshaped([1, 9])
      let product = try matrixProduct(row, columns)
      let y = try convolve(x, w)

      prose(
        "There is hardly anything that computers do as fast as multiplying matrices. So a convolution is "
          + "made into a matrix product. Lesson 9 unrolled the kernel, into a matrix that is mostly zeros. Here the input is "
          + "unrolled instead: every window becomes a column.")
      grids(Grid(.input, x, window: Region(rows: 0..<3, columns: 1..<4)), Grid(.kernel, w))
      prose("The window in brackets, read row by row, is column 1 of this matrix:")
      grids(
        Grid(
          .matrix, columns.reshaped([1, 1, 9, 4]), title: "windows as columns",
          window: Region(rows: Set(0..<9), columns: [1])))
      prose("The kernel, read in the same order, is a row. Row times matrix:")
      grids(Grid(.kernel, row.reshaped([1, 1, 1, 9]), title: "kernel as a row"))
      heading("By hand")
      formula(
        (0..<4).map { column in
          "column \(column): "
            + sumText((0..<9).map { "\(columns[$0, column])·" + sign(row[0, $0]) })
            + " = \(product[0, column])"
        })
      claim("the product, folded to 2×2, is the convolution", product.elements, equals: y.elements)

      heading("Channels stack")
      let many = Tensor<Int>.ramp([1, 3, 5, 4])
      let kernels = Tensor<Int>(
        shape: [2, 3, 3, 2], elements: (0..<36).map { $0 % 5 - 2 })
      let unrolled = try windowColumns(many, by: Convolution(kernelSize: Size(height: 3, width: 2)))
      prose(
        "With several input channels their windows stand below each other; with several output channels "
          + "there are several rows. A \(kernels.shape) kernel tensor is that matrix of rows already, "
          + "without moving a number.")
      let rows = kernels.reshaped([2, 18])
      let matrix = unrolled.reshaped([unrolled.shape[1], unrolled.shape[2]])
      formula(
        "kernels \(rows.shape) times windows \(matrix.shape) = output (\(rows.shape[0]), \(matrix.shape[1]))"
      )
      claim(
        "three channels in, two out: equal", try matrixProduct(rows, matrix).elements,
        equals: try convolve(many, kernels).elements)

      heading("The mistake: what it saves")
      predict(
        "The loop over taps multiplies 9 times for each of the 4 outputs. And the matrix product?",
        answer: "\(row.shape.count * columns.shape[1])",
        why: "1·9·4 = \(row.shape.count * columns.shape[1]), the same products in another order.")
      prose(
        "Nothing is saved; on the contrary, the input has been copied out \(columns.shape.count) cells "
          + "long instead of \(x.shape.count). What is gained is order: the numbers stand in memory as "
          + "they are needed, and each one, once loaded, is used for many outputs.")
      let timesRead = Dictionary(grouping: columns.elements, by: { $0 }).mapValues(\.count)
      let seen = Tensor(shape: x.shape, elements: x.elements.map { timesRead[$0] ?? 0 })
      grids(Grid(.input, seen, title: "how often each input cell is copied"))
      claim("the copies sum to 9·4", seen.elements.reduce(0, +), equals: 9 * y.shape.count)

      heading("The rule")
      formula(
        "columns[(c, k), o] = x[c, i]   for every tap (o, i, k), 0 in the padding",
        "y = kernels · columns",
        "memory: channels·k²·outputs     work: out·channels·k²·outputs")

      heading("Where it breaks: memory")
      let net = Network.fcn8s()
      let size = try net.shape(of: "conv1_2", input: 500).size
      let needed = 64 * 9 * size.area
      let input = 64 * size.area
      table(
        ["conv1_2 of FCN-8s at 500×500", "numbers", "as 4-byte numbers"],
        rows: [
          ["input, 64×\(size)", grouped(input), megabytes(input)],
          ["windows as columns", grouped(needed), megabytes(needed)],
        ])
      claim("nine times the input", needed, equals: 9 * input)
      prose(
        "So fast programs need not build the whole matrix. They gather a strip of columns, multiply, and "
          + "take the next; the strip stays in the processor's own memory. This book's fast kernels do "
          + "so. Two special cases need no copy at all, for the columns are the input as it lies in "
          + "memory:")
      let point = Tensor<Int>(shape: [1, 3, 1, 1], elements: [1, 2, 3])
      let flat = try windowColumns(many, by: Convolution(kernelSize: 1))
      claim(
        "a kernel of 1×1: the columns are the input itself", flat.elements, equals: many.elements)
      claim(
        "so a 1×1 convolution is a matrix product of what is there",
        try matrixProduct(point.reshaped([1, 3]), many.reshaped([3, 20])).elements,
        equals: try convolve(many, point).elements)
      let block = try windowColumns(x, by: Convolution(kernelSize: 2, stride: 2))
      let all = try windowColumns(x, by: Convolution(kernelSize: 4))
      claim("a window as large as the map: the line of lesson 22", all.elements, equals: x.elements)
      prose(
        "Windows that do not overlap, stride and kernel 2, hold every number once, so the matrix is no "
          + "larger than the input. But the numbers stand in another order, so they must be copied:"
      )
      formula("columns: " + cellsText(Tensor(row: block.elements)))
      claim("sorted, they are the input", block.elements.sorted(), equals: x.elements)
      claim("as they stand, they are not", block.elements, differsFrom: x.elements)

      heading("And backwards")
      let g = Tensor([[1, 0], [0, 2]])
      let spread = try matrixProduct(row.transposed(), g.reshaped([1, 4]))
      var back = Tensor<Int>.zeros(x.shape)
      for k in 0..<9 {
        for o in 0..<4 { back[0, 0, o / 2 + k / 3, o % 2 + k % 3] += spread[k, o] }
      }
      prose(
        "A transposed convolution is the same, turned round: the transposed kernel matrix times the input "
          + "gives columns, and each column is added back to where its window stood. For 1 0 / 0 2:"
      )
      grids(Grid(.output, back))
      claim("it is the transposed convolution", back, equals: try transposedConvolve(g, w))

      heading("In FCN")
      let whole = try NetworkTable(net, input: 500)
      let three = whole.rows.filter { $0.layer.name.hasPrefix("conv") }
        .reduce(0) { $0 + $1.multiplyAdds }
      prose(
        "FCN-8s at 500×500 is \(decimal(Double(whole.multiplyAdds) / 1e9, 1)) thousand million "
          + "multiply-adds, \(decimal(100 * Double(three) / Double(whole.multiplyAdds), 0)) % of them in 3×3 "
          + "convolutions. All of it can be done as matrix products, so how fast the network is depends most of all on how well "
          + "one matrix product is written. For 3×3 there is one more trick, which does save "
          + "multiplications.")
    }
  }
}

/// What so many 4-byte numbers take, in millions of bytes, rounded.
private func megabytes(_ numbers: Int) -> String {
  "\(grouped(Double(numbers) * 4 / 1e6)) MB"
}

private func sign(_ value: Int) -> String { value < 0 ? "(\(value))" : "\(value)" }
