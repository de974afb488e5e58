import ConvolutionArithmetic
import LessonKit
import Networks
import Primitives
import Tensors

extension Lesson {
  /// Lesson 41: slopes along a path are multiplied, and paths are added.
  static var theChainRule: Lesson {
    Lesson(
      number: 41, slug: "the-chain-rule", title: "The chain rule", part: .understood,
      question:
        "A number goes through three steps. By how much does the end move when the start does?",
      corrects: "Each step adds its slope, so the slope of the whole is their sum."
    ) { _ in
      let x = Fraction(3)
      let a = 2 * x
      let b = a + 1
      let loss = b * b
      prose(
        "Three steps: double a number, add 1, square. From \(x) come \(a), \(b) and \(loss). Call the last "
          + "one the loss. If the start moves by a little, by how many times as much does the end move?"
      )
      formula("x = \(x)", "a = 2·x = \(a)", "b = a + 1 = \(b)", "L = b·b = \(loss)")

      heading("By trying")
      let end = { (x: Fraction) -> Fraction in (2 * x + 1) * (2 * x + 1) }
      let pushes = [Fraction(1), Fraction(1, 10), Fraction(1, 100)]
      let slopes = pushes.map { (end(x + $0) - end(x - $0)) / (2 * $0) }
      prose(
        "Push x by h, up and down, and divide what the loss moves by what x moved, 2·h. Lesson 33 did it with "
          + "whole pushes:")
      table(
        ["h", "L(x + h)", "L(x − h)", "slope"],
        rows: zip(pushes, slopes).map {
          ["\($0)", "\(end(x + $0))", "\(end(x - $0))", "\($1)"]
        })

      heading("Step by step")
      let steps = [Fraction(2), 1, 2 * b]
      prose(
        "Now each step by itself. A push on x is doubled in a. A push on a is the same push on b. A push on b "
          + "changes b·b by 2·b times as much, at b = \(b) so by \(2 * b) times. Each step passes on, "
          + "larger or smaller, what came:")
      table(
        ["step", "its slope", "here"],
        rows: [
          ["a = 2·x", "2", "\(steps[0])"], ["b = a + 1", "1", "\(steps[1])"],
          ["L = b·b", "2·b", "\(steps[2])"],
        ])
      let product = steps.reduce(1, *)
      formula("slope of L by x = \(steps[2])·\(steps[1])·\(steps[0]) = \(product)")
      claim("the product of the slopes is what trying gave", Set(slopes), equals: [product])
      let one = 1
      let (there, slope): (Int, Int) = (2 * one + 1, 2 * (2 * one + 1) * 2)
      predict(
        "Start at x = \(one) instead. What is the slope of the loss by x?",
        answer: "\(slope)",
        why:
          "b is \(there) there, so the slopes are 2, 1 and 2·\(there), and their product is "
          + "\(slope). The slope of the square depends on b: that is why going back needs "
          + "the numbers of the way forward.")

      heading("From the end")
      let byB = 2 * b
      let byA = byB * 1
      let byX = byA * 2
      prose(
        "Multiply from the end, and every number between gets its own slope on the way: the gradient of the "
          + "loss by b, by a, by x. One walk back, and all of them are known. That walk is called the "
          + "backward pass; a step needs to know what comes from behind, and its own slope, and "
          + "nothing else.")
      formula(
        "by L:  1", "by b:  1·2·b = \(byB)", "by a:  \(byB)·1 = \(byA)", "by x:  \(byA)·2 = \(byX)")

      heading("On taps: many paths")
      let row = Tensor(row: [1, 2, 3, 4, 5])
      let (first, second) = (Tensor(row: [1, 0, -1]), Tensor(row: [2, 1]))
      let middle = try convolve(row, first)
      let out = try convolve(middle, second)
      let g = Tensor(row: [1, -3])
      let start = 2
      let paths = pathsFrom(start, through: first, second, g)
      prose(
        "Two convolutions, one behind the other, and a loss that grows with their two outputs by \(g[0]) and "
          + "\(g[1]), as in lesson 33. Input cell \(start) reaches the loss on several paths: it is read by "
          + "middle cells, and these by output cells. Along a path the weights are multiplied; over "
          + "paths the products are added:")
      grids(
        Grid(.input, row), Grid(.kernel, first), Grid(.kernel, second), Grid(.output, out),
        between: "∗", "∗", "=")
      table(
        ["input cell", "middle cell", "output cell", "product"],
        rows: paths.map {
          [
            "\(start)", "\($0.middle)", "\($0.output)",
            "\(first[$0.first])·\(second[$0.second])·(\(g[$0.output])) = \($0.product(first, second, g))",
          ]
        })
      let sum = paths.map { $0.product(first, second, g) }.reduce(0, +)
      formula("gradient by input cell \(start) = \(sum)")
      let byMiddle = try convolutionInputGradient(g, second, inputSize: middle.size)
      let byInput = try convolutionInputGradient(byMiddle, first, inputSize: row.size)
      prose(
        "Nobody lists paths. Two transposed convolutions, from the end, add them all up at once:")
      grids(
        Grid(.output, g, title: "gradient by the output"),
        Grid(.output, byMiddle, title: "by the middle"),
        Grid(.input, byInput, title: "by the input"),
        between: "→", "→")
      claim("the sum over the paths is that cell of the backward pass", sum, equals: byInput[start])
      let tried = try row.elements.indices.map { cell -> Int in
        var pushed = row
        pushed[cell] += 1
        return dot(try convolve(convolve(pushed, first), second), g) - dot(out, g)
      }
      claim("and every cell is what trying gives", byInput.elements, equals: tried)

      heading("The rule")
      formula(
        "slope of a chain = product of the slopes of its steps",
        "several paths    = the sum of their products",
        "backward pass    : gradient by a step's input",
        "                   = gradient by its output, times its slope there")

      heading("The mistake")
      prose(
        "Adding slopes along a chain: \(steps[0]) + \(steps[1]) + \(steps[2]) = \(steps.reduce(0, +)). A step "
          + "that passes nothing on (slope 0, such as ReLU below 0) shows that this cannot be: whatever "
          + "the other steps do, the start is then without effect.")
      claim("the sum is not the slope", steps.reduce(0, +), differsFrom: product)

      heading("Where it breaks: long chains")
      let length = 20
      let half = (0..<length).reduce(Fraction(1)) { product, _ in product * Fraction(1, 2) }
      let twice = (0..<length).reduce(1) { product, _ in product * 2 }
      prose(
        "A product of many numbers is seldom near 1. \(length) steps of slope ½ leave \(half) of a push, "
          + "and \(length) steps of slope 2 make \(grouped(twice)) of it. The first layers of a deep "
          + "network learn nothing, or everything flies apart; how weights begin decides which "
          + "(lesson 46).")

      heading("In FCN")
      let deep = Network.fcn8s().layers.filter {
        if case .convolution = $0.operation {
          $0.name.hasPrefix("conv") || $0.name.hasPrefix("fc")
        } else {
          false
        }
      }.count
      prose(
        "From the first kernel of FCN-8s to its scores a path leads through \(deep) convolutions, as many "
          + "ReLUs, five poolings and three upsampling steps; over how many paths one would have to "
          + "add, lesson 39 counts. The backward pass costs about as much as two forward passes, "
          + "however many paths there are: for each layer one walk over its taps for the input, and "
          + "one for the kernel.")
      ownNumbers(
        "The last of the two steps back, cell by cell: which taps each gradient came from. Any trace goes "
          + "backwards so:",
        backward(try TraceCase.convolution(row, first), byMiddle))
    }
  }
}

/// One way from an input cell through two rows of taps.
private struct Path {
  let first: Int
  let middle: Int
  let second: Int
  let output: Int

  func product(_ w: Tensor<Int>, _ v: Tensor<Int>, _ g: Tensor<Int>) -> Int {
    w[first] * v[second] * g[output]
  }
}

/// All ways from an input cell to the outputs, through two convolutions without padding.
private func pathsFrom(
  _ input: Int, through w: Tensor<Int>, _ v: Tensor<Int>, _ outputs: Tensor<Int>
) -> [Path] {
  w.elements.indices.flatMap { first -> [Path] in
    let middle = input - first
    return v.elements.indices.compactMap { second in
      let output = middle - second
      return outputs.elements.indices.contains(output) && middle < outputs.width + v.width - 1
        ? Path(first: first, middle: middle, second: second, output: output) : nil
    }
  }
}
