import ConvolutionArithmetic
import LessonKit
import Networks
import Primitives
import Tensors

extension Lesson {
  /// Lesson 22: a fully connected layer is a convolution with a large kernel.
  static var fullyConnectedAndConvolution: Lesson {
    Lesson(
      number: 22, slug: "fully-connected-and-convolution",
      title: "FC to conv, and conv to FC", part: .densePrediction,
      question: "What is left of a classifier's fully connected layer if pictures may grow?",
      corrects: "The kernels of a convolutionised fully connected layer are 4096×1×1."
    ) { _ in
      let maps = Tensor(shape: [1, 2, 2, 2], elements: [1, 2, 3, 4, 5, 6, 7, 8])
      let weight = Tensor(
        shape: [2, 8], elements: [1, 0, 0, -1, 2, 0, 0, 1] + [0, 1, 1, 0, 0, -1, 0, 0])
      let line = maps.reshaped([8])
      let answers = try linear(line, weight)
      let kernels = try convolutionKernels(fromFullyConnected: weight, channels: 2, size: 2)
      let example = try TraceCase.convolution(maps, kernels)
      let y = example.output

      prose(
        "A classifier ends in fully connected layers: all cells of all maps are laid out in one line, "
          + "and each answer is a sum over the whole line, with a weight for every number. Here are two "
          + "maps of 2×2, so a line of 8, and two answers.")
      grids(
        Grid(.input, maps, title: "map 0"), Grid(.input, maps, title: "map 1", channel: 1))
      formula(
        "line      " + cellsText(line),
        "weights 0 " + cellsText(Tensor(row: Array(weight.elements[0..<8]))),
        "weights 1 " + cellsText(Tensor(row: Array(weight.elements[8..<16]))),
        "answer 0 = "
          + sumText(
            zip(line.elements, weight.elements).map { "\($0)·" + ($1 < 0 ? "(\($1))" : "\($1)") })
          + " = \(answers[0])")

      heading("The same numbers, folded")
      prose(
        "Fold the line of weights the way the line of numbers was unfolded: the first four make a 2×2 "
          + "kernel for map 0, the last four one for map 1. Nothing moves in memory; only the shape is "
          + "read differently, (2, 8) as (2, 2, 2, 2).")
      grids(folded(kernels))
      formula(try (0..<2).map { try example.equation(row: 0, column: 0, channel: $0).text })
      claim(
        "the convolution gives the fully connected answers", y.elements, equals: answers.elements)
      claim("the numbers stand in the same order", kernels.elements, equals: weight.elements)

      heading("A larger input")
      let wide = Tensor(
        shape: [1, 2, 2, 3], elements: [1, 2, 0, 3, 4, 1] + [5, 6, 2, 7, 8, 3])
      prose("Now the maps are 2×3. The fully connected layer is lost:")
      grids(Grid(.input, wide, title: "map 0"), Grid(.input, wide, title: "map 1", channel: 1))
      let message = refusal { try linear(wide.reshaped([12]), weight) }
      claim(
        "it can't read \(wide.shape.count) numbers", evidence: message ?? "it did",
        holds: message != nil)
      let map = try convolve(wide, kernels)
      predict(
        "The convolution with the same kernels is not. How many cells does each of its output maps have?",
        answer: "\(map.size.area)",
        why:
          "A window of 2×2 stands in \(map.height) place downwards and in \(map.width) to the right."
      )
      grids((0..<2).map { Grid(.output, map, title: "answer \($0)", channel: $0) })
      let left = try linear(crop(wide, offset: 0, size: 2).reshaped([8]), weight)
      let right = try linear(
        crop(wide, offset: Size(height: 0, width: 1), size: 2).reshaped([8]), weight)
      claim(
        "each cell is the old layer on its own 2×2 window",
        (0..<2).flatMap { [map[0, $0, 0, 0], map[0, $0, 0, 1]] },
        equals: [left[0], right[0], left[1], right[1]])

      heading("The rule")
      formula(
        "fully connected  weights (outputs, channels·height·width)",
        "convolution      kernels (outputs, channels, height, width), no padding")
      prose(
        "A fully connected layer is a convolution whose kernel covers the whole map. A layer that follows "
          + "another fully connected layer reads a map of 1×1, so its kernel is 1×1.")

      heading("And back")
      prose(
        "The other way round, too: a convolution is a fully connected layer, but a wasteful one. That "
          + "was lesson 9: most weights are zero, and the rest are copies.")
      let matrix = try convolutionMatrix(kernels, inputSize: wide.size)
      let nonZero = matrix.elements.filter { $0 != 0 }.count
      formula(
        "as a convolution:    \(kernels.shape.count) weights",
        "as a fully connected layer from \(wide.shape.count) to \(map.shape.count) numbers: "
          + "\(matrix.shape.count) weights, \(nonZero) of them not 0")
      claim(
        "the matrix times the line gives the same maps",
        try linear(wide.reshaped([12]), matrix).elements, equals: map.elements)
      claim(
        "folding and unfolding cancel", try fullyConnectedWeights(fromConvolution: kernels),
        equals: weight)

      heading("Where it breaks: the order of the line")
      prose(
        "PyTorch and Caffe unfold map by map. Keras unfolds cell by cell, all maps of a cell together. "
          + "Fold weights of one kind in the manner of the other and every shape fits, and the answers "
          + "are wrong:")
      let mixed = try convolutionKernels(
        fromFullyConnected: weight, channels: 2, size: 2, order: .rowColumnChannel)
      let wrong = try convolve(maps, mixed)
      grids(folded(mixed))
      claim("folded in the other order", wrong.elements, differsFrom: answers.elements)

      heading("The mistake")
      let vgg = Network.vgg16()
      let fc6 = vgg.parameters.first { $0.name == "fc6.weight" }!.shape
      let fc7 = vgg.parameters.first { $0.name == "fc7.weight" }!.shape
      let answer = try vgg.shapes(input: 224)[vgg.layers.firstIndex { $0.name == "fc6" }!]
      prose(
        "One reads that the new kernels are 4096×1×1. That is the shape of the answer, for one picture of "
          + "224×224. The kernels must cover what the layer read before:")
      table(
        ["VGG16", "what comes out", "kernels (out, in, height, width)", "weights"],
        rows: [
          ["fc6", "\(answer)", "\(fc6)", grouped(fc6.count)],
          ["fc7", "\(answer)", "\(fc7)", grouped(fc7.count)],
        ])
      claim(
        "7·7·512·4096 weights in fc6, as many as the fully connected layer had", fc6.count,
        equals: 7 * 7 * 512 * 4096)

      heading("In FCN")
      let sizes = [224, 256, 384, 500]
      let outputs = try sizes.map { try vgg.shapes(input: Size($0)).last!.size }
      let down = try vgg.path(to: "fc6").roundingDown
      prose(
        "So VGG16, folded, takes larger pictures and answers with a map of scores. How large it is depends "
          + "on how the poolings round (lesson 8): Caffe, and so FCN, rounds up, PyTorch's VGG16 down."
      )
      table(
        ["picture", "map, rounded up", "map, rounded down"],
        rows: try zip(sizes, outputs).map { size, up in
          ["\(size)×\(size)", "\(up)", "\(Size(try down.sizes(input: size).last!))"]
        })
      claim("a picture of 384×384 gives a map of 6×6", outputs[2], equals: 6)
      prose(
        "Not one weight was changed or trained again. Whether each cell of that map is really what the "
          + "classifier would say about its part of the picture is the next lesson.")
    }
  }
}

/// The kernels of two answers for two maps.
private func folded(_ kernels: Tensor<Int>) -> [Grid] {
  (0..<4).map {
    Grid(
      .kernel, kernels, title: "answer \($0 / 2), map \($0 % 2)", batch: $0 / 2, channel: $0 % 2)
  }
}
