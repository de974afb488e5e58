import ConvolutionArithmetic
import LessonKit
import Primitives
import Tensors

extension Lesson {
  /// Lesson 8: the largest or the mean of each window.
  static var pooling: Lesson {
    Lesson(
      number: 8, slug: "pooling", title: "Pooling: floor, ceil and Caffe's rule",
      part: .slidingWindow,
      question: "What does a window without weights do, and what if it hangs over the end?",
      corrects: "A 2×2 pooling halves the map, so 175 becomes 87.",
      parameters: [.input: 5, .kernel: 2, .stride: 2, .padding: 1], upTo: [.input: 100_000]
    ) { own throws(GeometryError) in
      let x = Tensor([[3, 1, 0, 2], [0, 2, 5, 1], [1, 0, 2, 2], [4, 1, 0, 3]])
      let largest = try maxPool(x, kernelSize: 2)
      let mean = try averagePool(x.map { Fraction($0) }, kernelSize: 2)

      prose(
        "Pooling slides a window too, but multiplies nothing. Max pooling keeps the largest number of "
          + "each window, average pooling the mean. Usually the stride equals the kernel, so that the "
          + "windows do not overlap, and each channel is pooled on its own.")
      figure(
        try TraceCase.maxPool(x, by: try Pooling(kernelSize: 2, stride: 2)).figure(cell: (0, 0)))
      grids(
        Grid(.input, x, window: Region(rows: 0..<2, columns: 0..<2)),
        Grid(.output, largest, title: "output, largest"),
        Grid(.output, mean, title: "output, mean"),
        between: "→", "")
      let corner = [x[0, 0, 0, 0], x[0, 0, 0, 1], x[0, 0, 1, 0], x[0, 0, 1, 1]]
      formula(
        "largest of \(corner.map(String.init).joined(separator: ", ")) = \(corner.max()!)",
        "mean (\(corner.map(String.init).joined(separator: " + ")))/4 = \(Fraction(corner.reduce(0, +), 4))"
      )
      claim(
        "the first cells of the two outputs are these",
        evidence: "\(largest[0]) and \(mean[0])",
        holds: largest[0] == corner.max()! && mean[0] == Fraction(corner.reduce(0, +), 4))

      heading("A window over the end")
      prose(
        "Take 5 cells, windows of 2, stride 2. Two windows fit and one cell is left. A convolution "
          + "drops it (the floor). A pooling may also keep the last window, half empty (the ceil): it "
          + "simply takes the largest of what is there.")
      let row = Tensor(row: [3, 1, 0, 2, 7])
      let pooled = try [Rounding.floor, .ceil].map { rounding throws(GeometryError) in
        try maxPool(row, kernelSize: across(2), rounding: rounding)
      }
      grids(
        Grid(.input, row), Grid(.output, pooled[0], title: "output, floor"),
        Grid(.output, pooled[1], title: "output, ceil"), between: "→", "")
      formula(
        "floor: ⌊(5 − 2)/2⌋ + 1 = \(pooled[0].width)", "ceil:  ⌈(5 − 2)/2⌉ + 1 = \(pooled[1].width)"
      )
      claim(
        "with ceil the last cell counts", pooled[1].elements.last!, equals: row.elements.last!)
      claim(
        "with floor it is lost", evidence: "\(cellsText(pooled[0])) has no 7",
        holds: !pooled[0].elements.contains(7))

      heading("The rules, three of them")
      formula(
        "floor   o = ⌊(i + 2p − k)/s⌋ + 1",
        "ceil    o = ⌈(i + 2p − k)/s⌉ + 1, less 1 if (o − 1)s ≥ i + p",
        "caffe   the same as ceil, but less 1 only if p > 0")
      prose(
        "PyTorch has floor and, as `ceil_mode`, ceil; Caffe has its own rule and uses it unless told "
          + "otherwise. Why “less 1”: the last window must begin before the end of the input, counted with "
          + "its left padding. One that begins there or later reads no input cell, and nothing has no "
          + "largest number.")
      let (i, k, s, p) = (own[.input], own[.kernel], own[.stride], own[.padding])
      let window = try Window(kernelSize: k, stride: s, padding: p)
      let raw = ceiling(i + 2 * p - k, s) + 1
      let clipped = try window.rounding(.ceil).outputSize(input: i)
      prose(
        "Input \(i), kernel \(k), stride \(s), padding \(p):"
          + (2 * p > k
            ? " (PyTorch refuses a padding above half the kernel, with which several windows can lie "
              + "outside.)" : ""))
      formula(
        "⌈(\(i) + 2·\(p) − \(k))/\(s)⌉ + 1 = \(raw)",
        "the last of them begins at (\(raw) − 1)·\(s) = \((raw - 1) * s); input and left padding "
          + "end at \(i) + \(p) = \(i + p)",
        "so the output has \(counted(clipped, "cell"))")
      claim(
        "the last window is dropped exactly if it begins at the end or after it",
        evidence:
          "(\(raw) − 1)·\(s) = \((raw - 1) * s) against \(i + p): \(counted(raw, "window")), \(raw - clipped) dropped",
        holds: clipped == ((raw - 1) * s >= i + p ? raw - 1 : raw))
      let two = try Window(kernelSize: 2, stride: 2)
      let (up, down) = (
        try two.rounding(.caffe).outputSize(input: 175), try two.outputSize(input: 175)
      )
      predict(
        "FCN pools a map of 175 cells with kernel 2 and stride 2, by Caffe's rule. How many remain?",
        answer: "\(up)", why: "⌈(175 − 2)/2⌉ + 1 = \(up). With the floor it would be \(down).")
      table(
        ["input", "kernel", "stride", "padding", "floor", "ceil", "caffe"],
        rows: try [(175, 2, 2, 0), (5, 2, 2, 1), (5, 1, 3, 0), (500, 2, 2, 0)].map {
          i, k, s, p throws(GeometryError) in
          let window = try Window(kernelSize: k, stride: s, padding: p)
          return try [i, k, s, p].map(String.init)
            + Rounding.allCases.map { rounding throws(GeometryError) in
              "\(try window.rounding(rounding).outputSize(input: i))"
            }
        })
      prose(
        "The third line is a curiosity: where the kernel is smaller than the stride, Caffe keeps a "
          + "window that reads nothing at all, and PyTorch does not.")

      heading("The border")
      let beside1 = try [true, false].map { isCounted throws(GeometryError) in
        try averagePool(
          row.map { Fraction($0) }, kernelSize: across(2), padding: beside(1),
          countIncludePad: isCounted)
      }
      prose(
        "A padding zero is never the largest: max pooling leaves the padding out, even where all "
          + "numbers are below 0. A mean may leave it out or count it as 0. PyTorch and Caffe count it "
          + "(PyTorch unless `count_include_pad` is off); Keras divides by the cells that are there, and "
          + "so does ONNX unless told otherwise. Kernel 2, stride 2, padding 1:")
      grids(
        Grid(.input, row, padding: beside(1), window: Region(rows: 0..<1, columns: 0..<2)),
        Grid(.output, beside1[0], title: "output, zeros counted"),
        Grid(.output, beside1[1], title: "output, cells alone"), between: "→", "")
      formula(
        "zeros counted  (0 + \(row[0]))/2 = \(beside1[0][0])",
        "cells alone    \(row[0])/1 = \(beside1[1][0])")
      claim(
        "the two means part at the border alone",
        evidence: "\(cellsText(beside1[0])) and \(cellsText(beside1[1]))",
        holds: beside1[0][0] != beside1[1][0]
          && beside1[0].elements.dropFirst() == beside1[1].elements.dropFirst())
      let negative = try maxPool(
        row.map { $0 - 10 }, kernelSize: across(2), padding: beside(1))
      claim(
        "10 less in every cell makes the largest 10 less, at the border too",
        negative,
        equals: try maxPool(row, kernelSize: across(2), padding: beside(1)).map { $0 - 10 })

      heading("The mistake")
      prose(
        "“A 2×2 pooling halves the map” holds for even sizes. For odd ones a half cell is left, and the "
          + "rules disagree about it.")
      claim("floor and Caffe's rule part at 175", up, differsFrom: down)
      let odd = (1...200).filter { $0 > 1 }.filter {
        (try? two.rounding(.caffe).outputSize(input: $0)) != (try? two.outputSize(input: $0))
      }
      claim(
        "of the sizes 2 to 200, they differ for the odd ones and for no other",
        evidence: "\(odd.count) sizes, the first \(odd[0]), the last \(odd[odd.count - 1])",
        holds: odd == Array(stride(from: 3, through: 199, by: 2)))

      heading("In FCN")
      var sizes = [500 + 200 - 2]
      var floored = sizes
      for _ in 0..<5 {
        sizes.append(try two.rounding(.caffe).outputSize(input: sizes.last!))
        floored.append(try two.outputSize(input: floored.last!))
      }
      prose("A 500-pixel picture, after the padding of 100, goes through five poolings:")
      table(
        ["rule", "conv1", "pool1", "pool2", "pool3", "pool4", "pool5"],
        rows: [["caffe"] + sizes.map(String.init), ["floor"] + floored.map(String.init)])
      claim("the maps differ from the second pooling on", sizes[2], differsFrom: floored[2])
      prose(
        "Load Caffe's weights into a network that pools with the floor: they fit, and nothing complains. "
          + "But from the second pooling on every map is a cell short.")
    }
  }
}

/// `a / b` rounded up; `b` is above zero.
private func ceiling(_ a: Int, _ b: Int) -> Int { -Fraction(-a, b).floor }
