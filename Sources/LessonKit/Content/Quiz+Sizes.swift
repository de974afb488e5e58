import ConvolutionArithmetic
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
