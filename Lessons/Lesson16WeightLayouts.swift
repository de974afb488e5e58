import ConvolutionArithmetic
import LessonKit
import Primitives
import Tensors

extension Lesson {
  /// Lesson 16: which dimension of a weight array means what.
  static var weightLayouts: Lesson {
    Lesson(
      number: 16, slug: "weight-layouts", title: "Weight layouts",
      part: .matrixAndTranspose,
      question: "Which dimension of a weight array is which?",
      corrects:
        "Weights are (out, in, height, width), so those of a transposed convolution are too."
    ) { _ in
      let w = Tensor<Int>.ramp([2, 3, 1, 2])
      let x = stack([[[1, 2, 3]], [[1, 0, 1]], [[2, 2, 2]]])
      let y = try convolve(x, w)

      prose(
        "A convolution from 3 channels to 2 has weights (out, in, height, width), here \(w.shape). Its "
          + "transpose goes from 2 channels to 3, with the very same array: not a number is moved. So "
          + "what the transpose calls its input channels is the first dimension, and the second is its "
          + "output.")
      let back = try transposedConvolve(y, w)
      grids((0..<3).map { Grid(.input, x, title: "input map \($0)", channel: $0) })
      grids(
        (0..<6).map {
          Grid(
            .kernel, w, title: "weights [\($0 / 3), \($0 % 3)]", batch: $0 / 3, channel: $0 % 3)
        })
      grids((0..<2).map { Grid(.output, y, title: "output map \($0)", channel: $0) })
      table(
        ["layer", "channels in", "channels out", "weights", "read as"],
        rows: [
          [
            "convolution", "\(x.channels)", "\(y.channels)", "\(w.shape)",
            "(out, in/g, height, width)",
          ],
          [
            "its transpose", "\(y.channels)", "\(back.channels)", "\(w.shape)",
            "(in, out/g, height, width)",
          ],
        ])
      claim("the transpose returns to the shape of the input", back.shape, equals: x.shape)
      let scoring = Tensor<Float>.zeros([512, 21, 4, 4])
      let scored = try transposedConvolve(Tensor<Float>.zeros([1, 512, 1, 1]), scoring)
      predict(
        "A transposed convolution takes 512 channels to 21 with a 4×4 kernel. What is the shape of its "
          + "weights in PyTorch?",
        answer: "\(scoring.shape)",
        why:
          "First in, then out. With an array of that shape, \(512) maps in give \(scored.channels) out."
      )

      heading("The mistake, caught and uncaught")
      prose("Where the two counts differ, the library notices:")
      let message = refusal { try transposedConvolve(x, w) }
      claim("three channels do not fit", evidence: message ?? "computed", holds: message != nil)
      prose(
        "Where they are equal, as between 21 classes and 21 classes, nobody does. Two maps of one cell, "
          + "a 1×1 kernel. The first number of its array is the row here, the second the column:")
      let cells = Tensor(shape: [1, 2, 1, 1], elements: [1, 10])
      let square = Tensor(shape: [2, 2, 1, 1], elements: [1, 2, 3, 4])
      let right = try transposedConvolve(cells, square)
      let wrong = try transposedConvolve(cells, square.channelsExchanged())
      grids(
        Grid(.input, cells, title: "map 0"), Grid(.input, cells, title: "map 1", channel: 1),
        Grid(
          .matrix, title: "weights",
          rows: (0..<2).map { row in (0..<2).map { Grid.Cell("\(square[row, $0, 0, 0])") } }))
      table(
        ["weights read as", "output map 0", "output map 1"],
        rows: [
          ["(in, out), right", "1·1 + 10·3 = \(right[0])", "1·2 + 10·4 = \(right[1])"],
          ["(out, in), wrong", "1·1 + 10·2 = \(wrong[0])", "1·3 + 10·4 = \(wrong[1])"],
        ])
      let (sums, swapped): ([Int], [Int]) = (
        [1 * 1 + 10 * 3, 1 * 2 + 10 * 4], [1 * 1 + 10 * 2, 1 * 3 + 10 * 4]
      )
      claim("the layer gives the sums of the first line", right.elements, equals: sums)
      claim(
        "with the extents exchanged it gives those of the second, and no error", wrong.elements,
        equals: swapped)

      heading("The rules of four libraries")
      let layers: [(String, WeightedLayer)] = [
        ("convolution", .convolution), ("transposed", .transposedConvolution),
        ("fully connected", .fullyConnected),
      ]
      table(
        ["library"] + layers.map(\.0),
        rows: Framework.allCases.map { library in
          [library.rawValue]
            + layers.map {
              "(" + weightDimensions(of: $0.1, in: library).joined(separator: ", ") + ")"
            }
        })
      prose(
        "PyTorch, Caffe and ONNX agree (ONNX for a fully connected layer with `transB = 1`, as PyTorch "
          + "exports it). Keras puts the kernel first and the channels last, and its transposed layer "
          + "has no groups:")
      let keras = try convertLayout(w, of: .convolution, from: .pytorch, to: .keras)
      formula("\(w.shape) in PyTorch is \(keras.shape) in Keras")
      claim(
        "there and back is the same array",
        try convertLayout(keras, of: .convolution, from: .keras, to: .pytorch), equals: w)
      claim(
        "reshaping is not converting: the shape fits, the numbers are in other places",
        w.reshaped(keras.shape).elements, differsFrom: keras.elements)

      heading("Groups")
      prose(
        "With g groups a kernel meets only its own run of channels, so one of the two extents is divided "
          + "by g. In the three that agree it is the second: in/g in a convolution, out/g in a transposed "
          + "one.")
      let four = Tensor(shape: [1, 4, 1, 1], elements: [1, 2, 3, 4])
      let depthwise = Tensor(shape: [4, 1, 1, 1], elements: [1, 10, 100, 1000])
      let each = try transposedConvolve(four, depthwise, groups: 4)
      formula(
        "channels  " + cellsText(Tensor(row: four.elements)),
        "weights   " + cellsText(Tensor(row: depthwise.elements)))
      claim(
        "4 channels in 4 groups: weights (4, 1, 1, 1), each channel on its own", each.elements,
        equals: [1 * 1, 2 * 10, 3 * 100, 4 * 1000])

      heading("Where it breaks: the kernel's own direction")
      prose(
        "None of the four turns the kernel when it stores it. But the direct twin of a transposed convolution "
          + "(lesson 12) needs three changes at once: the kernel turned by 180°, the two channel extents "
          + "exchanged, and the padding p′. Forget the turn, and the shapes still fit. With the two output "
          + "maps and the weights from the beginning of this lesson:")
      let z = try convolve(
        y, w.flipped().channelsExchanged(), padding: beside(w.width - 1))
      claim("all three give the transposed convolution", z, equals: back)
      let lazy = try convolve(y, w.channelsExchanged(), padding: beside(w.width - 1))
      claim(
        "without the turn the shape fits and the numbers do not",
        evidence: "\(lazy.shape), \(cellsText(lazy)) instead of \(cellsText(back))",
        holds: lazy.shape == back.shape && lazy != back)

      heading("In FCN")
      prose(
        "The last layer of FCN-32s is stored as (21, 21, 64, 64), equal extents, so a wrong order can't be "
          + "seen from its shape. It does no harm there, since it is the same both ways: lesson 21 shows "
          + "that only its diagonal is not zero. fc6 is the other famous case: Caffe and PyTorch store its "
          + "input channel by channel, Keras pixel by pixel.")
      let stored = Tensor<Float>.zeros([21, 21, 64, 64])
      claim("it has 21·21·64·64 numbers", stored.shape.count, equals: 21 * 21 * 64 * 64)
      ownNumbers(
        "On one cell a 1×1 kernel is a fully connected layer. These lines give the two rows above, the "
          + "right and the wrong one:",
        "convbook trace linear --input \(row(cells)) --weight \(rows(square.channelsExchanged()))",
        "convbook trace linear --input \(row(cells)) --weight \(rows(square))")
    }
  }
}

/// `1,10`
private func row(_ x: Tensor<Int>) -> String {
  x.elements.map(String.init).joined(separator: ",")
}

/// `1,2/3,4`: the first dimension as rows.
private func rows(_ w: Tensor<Int>) -> String {
  (0..<w.shape[0]).map { first in
    (0..<w.shape[1]).map { "\(w[first, $0, 0, 0])" }.joined(separator: ",")
  }.joined(separator: "/")
}
