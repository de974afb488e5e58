import LessonKit
import Primitives
import Tensors

extension Lesson {
  /// Lesson 7: several maps in, several maps out.
  static var channelsBiasGroups: Lesson {
    Lesson(
      number: 7, slug: "channels-bias-groups", title: "Channels, bias, groups",
      part: .slidingWindow,
      question: "What happens when the input has several maps, and the output too?",
      corrects: "A 3×3 layer has nine weights."
    ) { _ in
      let x = stack([
        [[1, 0, 2], [0, 1, 0], [2, 0, 1]], [[0, 1, 0], [1, 1, 1], [0, 1, 0]],
        [[2, 2, 2], [0, 0, 0], [1, 1, 1]],
      ])
      let w = Tensor(
        shape: [2, 3, 2, 2],
        elements: [1, 0, 0, 1] + [0, 1, 1, 0] + [1, 1, 0, 0] + [2, 0, 0, 0] + [0, 0, 0, 1] + [
          1, 0, -1, 0,
        ])
      let bias = [10, 20]
      let example = try TraceCase.convolution(x, w, bias: bias)
      let y = example.output

      prose(
        "A colour picture has three maps, red, green and blue; inside a network there are hundreds. "
          + "They are called channels. Each output map has a kernel for every input map. All products "
          + "of all channels are added into one sum, and a constant, the bias, is added at the end."
      )
      figure(try example.figure(cell: (0, 0)))
      grids((0..<3).map { Grid(.input, x, title: "input map \($0)", channel: $0) })
      prose("The kernels of output map 0, one for each input map, and of output map 1:")
      for m in 0..<2 {
        grids(
          (0..<3).map { Grid(.kernel, w, title: "kernel [\(m)][\($0)]", batch: m, channel: $0) })
      }
      heading("One cell by hand")
      let first = try example.equation(row: 0, column: 0)
      formula(first.text)
      prose(
        "Four products from each of three maps, \(first.terms.count) in all, and the bias \(bias[0]). "
          + "There is one sum, not three: the channels do not stay apart.")
      let second = try example.equation(row: 0, column: 0, channel: 1)
      predict(
        "The same place in output map 1, with bias \(bias[1])?", answer: second.value,
        why: "Its own three kernels: \(second.expression) = \(second.value)")
      grids((0..<2).map { Grid(.output, y, title: "output map \($0)", channel: $0) })
      let separate = try (0..<3).map { c in
        try convolve(channel(c, of: x), kernel(0, c, of: w))
      }
      let added = Tensor(
        row: [0, 1, 2, 3].map { cell in separate.map { $0[cell] }.reduce(bias[0], +) })
      claim(
        "convolve each map alone, add the three maps and the bias: the same",
        added.elements, equals: Array(y.elements[0..<4]))

      heading("The rule")
      formula(
        "y[m, o] = bias[m] + Σ of  x[c, i] · w[m, c, k]",
        "           over all channels c and all taps (o, i, k) of o",
        "weights: out × in × kernel height × kernel width, and out biases")
      let count: Int = 2 * 3 * 2 * 2 + 2
      claim("this layer learns 2·3·2·2 + 2 numbers", w.shape.count + bias.count, equals: count)

      heading("The mistake")
      let parameters = { (m: Int, c: Int, k: Int) in m * c * k * k + m }
      prose(
        "“3×3” names only the last two extents of a kernel that has four. These four layers of "
          + "VGG16, the trunk of FCN, all say 3×3:")
      table(
        ["layer", "in", "out", "weights and biases"],
        rows: [
          ("conv1_1", 3, 64), ("conv1_2", 64, 64), ("conv2_1", 64, 128), ("conv3_2", 256, 256),
        ]
        .map { name, c, m in
          [name, "\(c)", "\(m)", "\(m)·\(c)·3·3 + \(m) = \(parameters(m, c, 3))"]
        })
      claim("conv1_1 has far more than nine", parameters(64, 3, 3), differsFrom: 9)

      heading("Groups cut the connections")
      prose(
        "With g groups, the input and output channels are cut into g runs, and an output map sees only "
          + "its own run. Four maps of one cell in, two out, two groups, all weights 1:")
      let cells = Tensor(shape: [1, 4, 1, 1], elements: [1, 2, 3, 4])
      let ones = Tensor(shape: [2, 2, 1, 1], repeating: 1)
      let grouped = try convolve(cells, ones, groups: 2)
      let whole = try convolve(cells, Tensor(shape: [2, 4, 1, 1], repeating: 1))
      table(
        ["groups", "weights", "output map 0", "output map 1"],
        rows: [
          ["1", "2·4 = 8", "1 + 2 + 3 + 4 = \(whole[0])", "1 + 2 + 3 + 4 = \(whole[1])"],
          ["2", "2·2 = 4", "1 + 2 = \(grouped[0])", "3 + 4 = \(grouped[1])"],
        ])
      claim("two groups give two sums, 1 + 2 and 3 + 4", grouped.elements, equals: [1 + 2, 3 + 4])
      var changed = cells
      changed.elements[3] = 100
      claim(
        "whatever stands in the second run, output map 0 does not see it",
        try convolve(changed, ones, groups: 2)[0], equals: grouped[0])
      let message = refusal { try convolve(cells, ones, groups: 3) }
      claim(
        "the groups must divide the channels", evidence: message ?? "computed",
        holds: message != nil)

      heading("In FCN")
      prose(
        "The layers with which FCN makes its maps large again start by treating every class, each "
          + "kind of thing that a pixel may show, alike and apart: as many groups as classes would do (lesson 21). And FCN-AlexNet has two groups in three of its layers, because in "
          + "2012 one graphics card was too small for them.")
      ownNumbers(
        "One of the three maps that are added up for output map 0, on its own. (Arrays with several "
          + "maps are traced from `.npy` files.)",
        try TraceCase.convolution(channel(0, of: x), kernel(0, 0, of: w)).command())
    }
  }
}

/// Maps as the channels of one picture.
func stack<Scalar>(_ maps: [[[Scalar]]]) -> Tensor<Scalar> {
  Tensor(
    shape: [1, maps.count, maps[0].count, maps[0][0].count],
    elements: maps.flatMap { $0.flatMap { $0 } })
}

/// One channel of a picture, as a picture of one channel.
func channel<Scalar>(_ c: Int, of x: Tensor<Scalar>) -> Tensor<Scalar> {
  Tensor((0..<x.height).map { row in (0..<x.width).map { x[0, c, row, $0] } })
}

/// The kernel from one input channel to one output channel, alone.
func kernel<Scalar>(_ m: Int, _ c: Int, of w: Tensor<Scalar>) -> Tensor<Scalar> {
  Tensor((0..<w.height).map { row in (0..<w.width).map { w[m, c, row, $0] } })
}
