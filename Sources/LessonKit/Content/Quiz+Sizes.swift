import ConvolutionArithmetic
import Primitives
import Tensors

/// Questions on sizes, on what a cell sees and on where maps lie.
extension QuizDraw {
  mutating func convolution() -> QuizQuestion? {
    let (k, s) = (number(1...7), number(1...4))
    let (p, d) = (number(0...k / 2), number(0...3) == 0 ? 2 : 1)
    let i = number(1...64)
    guard let window = try? Window(kernelSize: k, stride: s, dilation: d, padding: p) else {
      return nil
    }
    return size(
      of: window, input: i, lesson: d > 1 ? 6 : s > 1 ? 5 : p > 0 ? 4 : 3,
      "A convolution: input i = \(i), kernel \(k), stride \(s), padding \(p)"
        + (d > 1 ? ", dilation \(d)" : ""))
  }

  mutating func transposed() -> QuizQuestion? {
    let (k, s) = (number(2...8), number(1...4))
    let (p, a) = (number(0...k / 2), number(0...s - 1))
    let i = number(1...32)
    guard
      let window = try? Window(kernelSize: k, stride: s, padding: p).transposed(outputPadding: a)
    else { return nil }
    return size(
      of: window, input: i, lesson: a > 0 ? 14 : p > 0 ? 13 : 11,
      "A transposed convolution: input i′ = \(i), kernel \(k), stride \(s), padding \(p), "
        + "output padding \(a)")
  }

  mutating func pooling() -> QuizQuestion? {
    let (k, s) = (number(2...4), number(1...4))
    let (p, ceil) = (number(0...k / 2), number(0...1) == 1)
    let i = number(2...64)
    guard let window = try? Window(kernelSize: k, stride: s, padding: p), i + 2 * p >= k else {
      return nil
    }
    return size(
      of: window.rounding(ceil ? .ceil : .floor), input: i, lesson: 8,
      "A pooling with \(ceil ? "ceil" : "floor"): input i = \(i), kernel \(k), stride \(s), "
        + "padding \(p)")
  }

  private func size(
    of window: Window, input: Int, lesson: Int, _ layer: String
  ) -> QuizQuestion? {
    guard let working = try? window.substitution(input: input) else { return nil }
    return asks(lesson, "\(layer). How many outputs?", Fraction(working.result), [working.line])
  }

  /// How many input cells a cell sees, how far apart neighbours look, or where the first one looks.
  mutating func receptiveField() -> QuizQuestion? {
    let asked = number(0...3)
    var windows: [Window] = []
    for _ in 0..<number(2...3) {
      let (k, s) = (number(1...5), number(1...3))
      guard k > 1 || s > 1,
        let window = try? Window(
          kernelSize: k, stride: s, padding: asked == 3 ? number(0...k / 2) : 0)
      else { return nil }
      windows.append(window)
    }
    let layers = windows.map {
      "kernel \($0.kernelSize) stride \($0.stride)"
        + (asked == 3 ? " padding \($0.paddingBefore)" : "")
    }.joined(separator: ", then ")
    guard let field = try? windows.map({ AxisLayer("layer", $0) }).receptiveField() else {
      return nil
    }
    var (size, jump, start) = (1, 1, Fraction(0))
    var working: [String] = []
    for window in windows {
      let (k, s, p) = (window.kernelSize, window.stride, window.paddingBefore)
      switch asked {
      case 2: working.append("the step becomes \(jump)·\(s) = \(jump * s)")
      case 3:
        let next = start + Fraction((k - 1) * jump, 2) - Fraction(p * jump)
        working.append(
          "k=\(k), p=\(p): \(start) + ((\(k) − 1)/2 − \(p))·\(jump) = \(next); the step becomes "
            + "\(jump)·\(s) = \(jump * s)")
        start = next
      default:
        let next = size + (k - 1) * jump
        working.append(
          "k=\(k): \(size) + \(k - 1)·\(jump) = \(next); the step becomes \(jump)·\(s) = \(jump * s)"
        )
        size = next
      }
      jump *= s
    }
    switch asked {
    case 2:
      return asks(
        24,
        "Layers: \(layers). How many input cells lie between where neighbouring output cells look?",
        field.jump, working)
    case 3:
      return asks(
        24,
        "Layers: \(layers). At which input position, counted from 0, is the centre of what output cell "
          + "0 sees?", field.start, working)
    default:
      return asks(
        24, "Layers: \(layers). How many input cells does one output cell see?",
        Fraction(field.size), working)
    }
  }

  /// Where scores that were upsampled have to be cropped to lie on the input.
  mutating func crop() -> QuizQuestion? {
    let p = number(0...12)
    let (k, s) = (number(1...5), number(1...2))
    guard let first = try? Window(kernelSize: k, stride: s, padding: p) else { return nil }
    var windows = [first]
    if number(0...1) == 1, let pool = try? Window(kernelSize: 2, stride: 2) { windows.append(pool) }
    let factor = windows.reduce(1) { $0 * $1.stride }
    guard factor > 1, let up = try? Window(kernelSize: 2 * factor, stride: factor).transposed()
    else {
      return nil
    }
    windows.append(up)
    var map = CoordinateMap.identity
    var working: [String] = []
    for (index, window) in windows.enumerated() {
      guard let next = try? map.then(CoordinateMap(window)) else { return nil }
      map = next
      working.append("after layer \(index + 1): input position x lies at \(map)")
    }
    guard let offset = try? cropOffset(of: map, to: .identity) else { return nil }
    let names = windows.map { window in
      window.isTransposed
        ? "a transposed convolution of kernel \(window.kernelSize) stride \(window.stride)"
        : "kernel \(window.kernelSize) stride \(window.stride) padding \(window.paddingBefore)"
    }
    return asks(
      25,
      "Layers: \(names.joined(separator: ", then ")). How many cells are cropped off before, so that the "
        + "result lies on the input?",
      Fraction(offset), working + ["cropping \(offset) brings x to x"])
  }
}

/// Questions on kernels that are turned, and on layers that enlarge.
extension QuizDraw {
  mutating func kernels() -> QuizQuestion? {
    number(0...1) == 0 ? turned() : bilinear()
  }

  /// What true convolution gives, which meets the kernel from its end.
  private mutating func turned() -> QuizQuestion? {
    let (x, w) = (numbers(number(4...6)), numbers(3))
    func row(_ numbers: [Int]) -> Tensor<Fraction> { Tensor(row: numbers.map { Fraction($0) }) }
    guard let asWritten = try? TraceCase.convolution(row(x), row(w)),
      let turned = try? TraceCase.convolution(row(x), row(w.reversed()))
    else { return nil }
    let cell = number(0...turned.output.width - 1)
    let answer = turned.output[0, 0, 0, cell]
    guard answer != asWritten.output[0, 0, 0, cell],
      let equation = try? turned.equation(row: 0, column: cell)
    else { return nil }
    return asks(
      2,
      "True convolution, which turns the kernel: input \(spaced(x)), kernel \(spaced(w)), stride 1, no "
        + "padding. What is output cell \(cell), counted from 0?",
      answer, ["the kernel turned: \(spaced(w.reversed()))", equation.text])
  }

  private mutating func bilinear() -> QuizQuestion? {
    let k = number(3...8)
    let tent = bilinearWeights(k)
    let (y, x) = (number(0...k - 1), number(0...k - 1))
    let value = tent[y] * tent[x]
    return asks(
      18,
      "A bilinear kernel of \(k)×\(k), as FCN's layers that enlarge have it. What stands in row \(y), column "
        + "\(x), both counted from 0?",
      value,
      [
        "along one axis: \(tent.map { "\($0)" }.joined(separator: " "))",
        "row times column: \(tent[y])·\(tent[x]) = \(value)",
      ])
  }

  mutating func upsampling() -> QuizQuestion? {
    switch number(0...4) {
    case 0: entryOfTranspose()
    case 1: zeroInsertion()
    case 2: inputSizes()
    case 3: outputPaddingBack()
    default: spreadOfTwo()
    }
  }

  private mutating func entryOfTranspose() -> QuizQuestion? {
    let w = numbers(number(2...3))
    let (i, s, p) = (number(4...6), number(1...2), number(0...1))
    guard let window = try? Window(kernelSize: w.count, stride: s, padding: p),
      let axis = try? window.axis(input: i), let last = axis.taps.map({ $0.output }).max()
    else { return nil }
    let (row, column) = (number(0...i - 1), number(0...last))
    let tap = axis.taps.first { $0.input == row && $0.output == column }
    // Zeros are the most: not each of them is worth a question.
    guard tap != nil || number(0...3) == 0 else { return nil }
    let answer = tap.map { w[$0.kernel] } ?? 0
    let j = row - column * s + p
    return asks(
      10,
      "A convolution along a row of \(i) cells: kernel \(spaced(w)), stride \(s), padding \(p). It is a matrix "
        + "with a row for each output. What stands in row \(row), column \(column), counted from 0, of the "
        + "transpose of that matrix?",
      Fraction(answer),
      [
        "it is row \(column), column \(row) of the matrix itself: kernel cell \(row) − \(column)·\(s) + \(p)",
        tap == nil ? "there is no kernel cell \(j): 0" : "w[\(j)] = \(answer)",
      ])
  }

  private mutating func zeroInsertion() -> QuizQuestion? {
    let (k, s, i) = (number(2...6), number(2...4), number(2...12))
    let p = number(0...k - 1)
    guard let up = try? Window(kernelSize: k, stride: s, padding: p).transposed(),
      (try? up.outputSize(input: i)) != nil
    else { return nil }
    let (asksPadding, apart) = (number(0...1) == 0, (i - 1) * s + 1)
    return asks(
      12,
      "A transposed convolution along a row, done by zero insertion: input i′ = \(i), kernel \(k), stride "
        + "\(s), padding \(p). "
        + (asksPadding
          ? "How many zeros are then padded at each end?"
          : "How long is the row with its zeros between the cells, before any are padded at its ends?"),
      Fraction(asksPadding ? k - 1 - p : apart),
      [
        asksPadding
          ? "k − 1 − p = \(k) − 1 − \(p) = \(k - 1 - p)"
          : "(i′ − 1)·s + 1 = \(i - 1)·\(s) + 1 = \(apart)"
      ])
  }

  private mutating func inputSizes() -> QuizQuestion? {
    let (k, s, o) = (number(1...5), number(1...4), number(2...12))
    let p = number(0...(k - 1) / 2)
    guard let window = try? Window(kernelSize: k, stride: s, padding: p) else { return nil }
    let sizes = (1...100).filter { (try? window.outputSize(input: $0)) == o }
    guard let first = sizes.first, let last = sizes.last else { return nil }
    return asks(
      15,
      "A convolution along a row: kernel \(k), stride \(s), padding \(p). How many different input sizes "
        + "give \(o) outputs?",
      Fraction(sizes.count), ["i from \(first) to \(last): \(sizes.count)"])
  }

  private mutating func outputPaddingBack() -> QuizQuestion? {
    let (k, s, i) = (number(1...5), number(2...4), number(6...40))
    let p = number(0...(k - 1) / 2)
    guard let window = try? Window(kernelSize: k, stride: s, padding: p),
      let o = try? window.outputSize(input: i), let up = try? window.transposed(),
      let back = try? up.outputSize(input: o)
    else { return nil }
    return asks(
      15,
      "A convolution of kernel \(k), stride \(s), padding \(p) makes \(o) cells of \(i). Which output padding "
        + "must the transposed convolution with the same numbers have, to make \(i) of \(o)?",
      Fraction(i - back), ["without any it makes \(back)", "\(i) − \(back) = \(i - back)"])
  }

  private mutating func spreadOfTwo() -> QuizQuestion? {
    let (k, s) = ([number(2...6), number(2...6)], [number(2...3), number(2...3)])
    guard let first = try? Window(kernelSize: k[0], stride: s[0]).transposed(),
      let second = try? Window(kernelSize: k[1], stride: s[1]).transposed(),
      let between = try? first.outputSize(input: 1),
      let spread = try? second.outputSize(input: between)
    else { return nil }
    return asks(
      20,
      "Two transposed convolutions, kernel \(k[0]) stride \(s[0]), then kernel \(k[1]) stride \(s[1]), no "
        + "padding. As one layer of stride \(s[0] * s[1]), how long is the kernel along an axis?",
      Fraction(spread),
      [
        "one cell becomes \(between), and those (\(between) − 1)·\(s[1]) + \(k[1]) = \(spread)"
      ])
  }
}
