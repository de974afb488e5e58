import ConvolutionArithmetic
import LessonKit
import Primitives
import Tensors

extension Lesson {
  /// Lesson 11: each input cell stamps the kernel.
  static var scatter: Lesson {
    Lesson(
      number: 11, slug: "scatter", title: "Scatter: each input cell stamps the kernel",
      part: .matrixAndTranspose,
      question: "What does a transposed convolution do, without any matrix?",
      corrects: "Where two stamps meet, the later one covers the earlier."
    ) { _ in
      let y = Tensor([[0, 1], [2, 3]])
      let square = try TraceCase.transposed(y, y)
      let result = square.output

      prose(
        "Think of a rubber stamp. Each input cell takes the kernel, multiplies it by its own value, and "
          + "stamps it onto the output, with its corner at the cell's own place. Where stamps overlap, "
          + "the numbers add up. Here the input and the kernel happen to be the same map:")
      trace(try square.trace(.scatter))
      prose("Add the four stamps cell by cell. The middle cell gets something from all four:")
      formula(try square.equation(row: 1, column: 1).text)
      claim(
        "the stamps give what the transposed matrix gives",
        try convolveByMatrix(y, y, by: Convolution(of: y).transposed()), equals: result)

      heading("With a stride")
      let x = Tensor(row: [1, 2])
      let w = Tensor(row: [1, 2, 3])
      let spaced = try TraceCase.transposed(x, w, stride: across(2))
      let out = spaced.output
      prose(
        "In a convolution the stride moves the window over the input. Here it moves the stamp over the "
          + "output: with stride 2, neighbouring input cells stamp 2 cells apart.")
      predict(
        "Input \(cellsText(x)), kernel \(cellsText(w)), stride 2. What comes out?",
        answer: cellsText(out),
        why: "1 stamps 1 2 3 at cell 0, and 2 stamps 2 4 6 at cell 2. Cell 2 gets 3 + 2.")
      trace(try spaced.trace(.scatter))
      claim(
        "2 stamps of 3 cells, 2 apart, reach over 2·(2 − 1) + 3 cells", out.width,
        equals: 2 * (2 - 1) + 3)

      heading("The rule")
      formula(
        "x̂[i] = Σ over taps (o, i, k) of  y[o] · w[k],  where i = o·s + k·d − p",
        "o′ = s(i′ − 1) + d(k − 1) + 1 − 2p")
      prose(
        "A tap keeps its names: o is still the cell on the small side, which is now the input, and i the "
          + "cell on the large side, which is now the output. The sizes of a transposed convolution get "
          + "a prime, so that nothing changes its meaning: it takes i′ cells in and gives o′ out.")
      prose(
        "A convolution gathers: each output asks which inputs it reads. A transposed convolution "
          + "scatters: each input tells which outputs it feeds. Both walk through the same list of taps, "
          + "and you may read either of them in both ways. Here is the gathering of the one above:")
      formula(try spaced.trace().equations.map(\.text))

      heading("The mistake")
      let covered = overwritten(x, w, stride: 2, size: out.width)
      prose(
        "If the later stamp covered the earlier, cell 2 would be 2, and it would matter who stamps "
          + "first. Sums have no first:")
      table(
        ["stamps that meet", "output"],
        rows: [["add up", cellsText(out)], ["cover each other", cellsText(covered)]])
      claim("covering is not what the layer does", covered, differsFrom: out)
      let reversedInput = Tensor(row: Array(x.elements.reversed()))
      let mirrored = try transposedConvolve(reversedInput, w.flipped(), stride: across(2))
      claim(
        "seen in a mirror, everything is mirrored: no end of the row is special",
        mirrored, equals: out.flipped())

      heading("Where it breaks: overlap is uneven")
      let ones = try transposedConvolve(
        Tensor(row: [1, 1, 1]), Tensor(row: [1, 1, 1]), stride: across(2))
      prose(
        "With a kernel of 3 and stride 2 some output cells get one stamp and some get two. Ones in, and "
          + "a kernel of ones, give \(cellsText(ones)). Lesson 17 is about that pattern.")
      claim("the stamps do not cover the output evenly", Set(ones.elements).count, differsFrom: 1)

      heading("In FCN")
      let up = try transposedConvolve(
        Tensor<Int>.ramp([1, 1, 1, 16]), Tensor<Int>.ramp([1, 1, 1, 64]), stride: across(32))
      prose(
        "FCN-32s makes its whole picture with a single layer of this kind: stamps of 64×64, placed 32 "
          + "apart. A map 16 cells wide becomes \(up.width) wide.")
      claim("16 cells become 32·(16 − 1) + 64", up.width, equals: 32 * (16 - 1) + 64)
      ownNumbers(
        "The stamps of the map and those of the row:", square.command(.scatter),
        spaced.command(.scatter))
    }
  }
}

/// What stamps would give if they covered each other instead of adding up.
private func overwritten(
  _ x: Tensor<Int>, _ w: Tensor<Int>, stride: Int, size: Int
) -> Tensor<Int> {
  var result = Tensor<Int>.zeros([1, 1, 1, size])
  for (position, value) in x.elements.enumerated() {
    for (offset, weight) in w.elements.enumerated() {
      result[position * stride + offset] = value * weight
    }
  }
  return result
}
