import ConvolutionArithmetic
import LessonKit
import Networks
import Primitives
import Tensors

extension Lesson {
  /// Lesson 24: what a cell sees of the picture.
  static var receptiveField: Lesson {
    Lesson(
      number: 24, slug: "receptive-field", title: "Receptive field, jump, start",
      part: .densePrediction,
      question: "Which pixels does one cell of a deep map see?",
      corrects: "A cell of a map that is 32 times smaller sees 32 pixels."
    ) { _ in
      let stack = [
        try AxisLayer("conv1", Window(kernelSize: 3)),
        try AxisLayer("pool1", Window(kernelSize: 2, stride: 2)),
        try AxisLayer("conv2", Window(kernelSize: 3, padding: 1)),
      ]
      let fields = try stack.receptiveFields()

      prose(
        "Three layers along one axis: a kernel of 3, a pooling by 2, a kernel of 3 with padding 1. Three "
          + "numbers say what a cell sees. The receptive field r: how many pixels. The jump j: how many "
          + "pixels on its neighbour looks. The start: the middle of what cell 0 sees. A pixel sees "
          + "itself: r = 1, j = 1, start = 0.")
      heading("The rule")
      formula(
        "r += (k − 1)·j", "start += ((k − 1)/2 − p)·j", "j ×= s          (last, for the next layer)"
      )
      heading("By hand")
      var (r, j, start) = (1, 1, Fraction(0))
      let lines = stack.map { layer in
        guard let window = layer.window else { return [""] }
        let (k, s, p) = (window.effectiveKernelSize, window.stride, window.paddingBefore)
        let line = [
          layer.name, "\(k), \(s), \(p)", "\(r) + \(k - 1)·\(j) = \(r + (k - 1) * j)",
          "\(start) + (\(Fraction(k - 1, 2)) − \(p))·\(j) = "
            + "\(start + (Fraction(k - 1, 2) - Fraction(p)) * Fraction(j))",
          "\(j)·\(s) = \(j * s)",
        ]
        r += (k - 1) * j
        start = start + (Fraction(k - 1, 2) - Fraction(p)) * Fraction(j)
        j *= s
        return line
      }
      table(["layer", "k, s, p", "receptive field", "start", "jump"], rows: lines)
      claim(
        "the library agrees: r, j, start",
        [Fraction(fields[2].size), fields[2].jump, fields[2].start],
        equals: [Fraction(r), Fraction(j), start])

      heading("Counted, not computed")
      prose(
        "Which pixels reach cell 2 of the last map? Light one pixel after the other, with kernels of ones "
          + "and a sum in place of the maximum, and see when the cell lights up.")
      let cell = 2
      let seen = try (0..<16).filter { pixel in
        try output(lighting: pixel, of: 16)[cell] != 0
      }
      let centre = fields[2].centre(of: cell)
      predict(
        "The start is \(start) and the jump \(j). On which pixel is cell \(cell) centred?",
        answer: "\(centre)", why: "\(start) + \(cell)·\(j) = \(centre)")
      grids(
        Grid(
          .input, Tensor(row: Array(0..<16)), title: "pixels; cell \(cell) sees those in brackets",
          window: Region(rows: [0], columns: Set(seen))))
      claim("it sees \(fields[2].size) pixels", seen.count, equals: fields[2].size)
      claim(
        "their middle is where the formula says",
        Fraction(seen.first! + seen.last!, 2), equals: centre)

      heading("VGG16, as FCN uses it")
      let net = Network.fcn8s()
      let names = ["conv1_1", "pool1", "pool2", "pool3", "pool4", "pool5", "fc6", "fc7"]
      let deep = try names.map { try net.path(to: $0).receptiveField() }
      table(
        ["layer", "receptive field", "jump", "centre of cell i, in pixels"],
        rows: zip(names, deep).map { name, field in
          let sign = field.start < 0 ? "−" : "+"
          return [
            name, "\(field.size)", "\(field.jump)",
            "\(field.jump)·i \(sign) \(decimal(field.start.magnitude, 1))",
          ]
        })
      prose(
        "The negative starts come from the padding of 100: cell 0 is centred in the margin, outside the "
          + "picture. A cell of fc6 looks at more pixels than VGG16's whole input had, 224: the three 3×3 "
          + "kernels of conv5, at a jump of 16, add 3·2·16 = \(3 * 2 * 16), and fc6's 7×7, at a jump of "
          + "32, adds 6·32 = \(6 * 32).")
      claim("pool5 sees 212", deep[5].size, equals: 212)
      claim(
        "and fc6, with its 7 at jump 32", deep[6].size, equals: deep[5].size + (7 - 1) * 32)

      heading("The mistake")
      prose(
        "A cell of pool5 stands for \(deep[5].jump) pixels and sees \(deep[5].size). Jump and receptive "
          + "field are two things: neighbours overlap by \(deep[5].size) − \(deep[5].jump) = "
          + "\(deep[5].size - deep[5].jump.numerator) pixels. If fields did not overlap, the network "
          + "would judge each patch knowing nothing of what is around it.")
      let alex = Network.fcnAlexNet()
      let steps = ["conv1", "pool1", "pool2", "conv5", "pool5"]
      prose(
        "Nor does each convolution halve its map. In VGG16 only the poolings have a stride of 2, so only "
          + "there the jump doubles; in AlexNet the first convolution has a stride of 4, and then the "
          + "poolings of 2:")
      let jumps = try steps.map { try alex.path(to: $0).receptiveField().jump }
      table(["AlexNet"] + steps, rows: [["jump"] + jumps.map(\.description)])
      let strided = try net.path(to: "fc7").filter {
        $0.window.map { $0.stride > 1 } ?? false
      }
      claim(
        "VGG16's layers with a stride", strided.map(\.name),
        equals: (1...5).map { "pool\($0)" })
      claim("the jumps of its poolings", deep[1...5].map(\.jump), equals: [2, 4, 8, 16, 32])
      claim("the jumps in AlexNet", jumps, equals: [4, 8, 16, 16, 32])

      heading("Where it breaks: on the way up")
      let up = try net.path(to: "score").receptiveField()
      let up32 = try Network.fcn32s().path(to: "score").receptiveField()
      prose(
        "Behind a transposed convolution cells may see more or less, by where they lie between the coarse "
          + "cells that they mix. FCN-8s and FCN-32s along the coarse stream, the way down to fc7 and up "
          + "again:")
      table(
        ["network", "pixels seen", "by so many of its phases"],
        rows: [("FCN-8s", up), ("FCN-32s", up32)].flatMap { name, field in
          field.sizes.map { [name, "\($0.size)", "\($0.phases) of \(field.sizeByPhase.count)"] }
        })
      claim(
        "FCN-8s sees 436 or 468 pixels, FCN-32s always 436",
        up.sizes.map(\.size) + up32.sizes.map(\.size), equals: [436, 468, 436])

      heading("In FCN")
      prose(
        "The start is half of the next lesson: it says where each map lies on the picture. And the jumps "
          + "explain the names: 32s, 16s and 8s are the jumps (strides, all in all) of the finest map that "
          + "each network reads its scores from.")
    }
  }
}

/// What the three layers make of one lit pixel, with kernels of ones and sums for maxima: every path
/// from the pixel to a cell leaves something there.
private func output(lighting pixel: Int, of width: Int) throws -> Tensor<Int> {
  var x = Tensor(row: Array(repeating: 0, count: width))
  x[0, 0, 0, pixel] = 1
  let three = Tensor(row: [1, 1, 1])
  x = try convolve(x, three)
  x = try convolve(x, Tensor(row: [1, 1]), stride: across(2))
  return try convolve(x, three, padding: beside(1))
}
