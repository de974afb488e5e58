import ConvolutionArithmetic
import Primitives
import Tensors

/// Questions on weights, on calls of frameworks and on what things cost.
extension QuizDraw {
  mutating func weights() -> QuizQuestion? {
    switch number(0...2) {
    case 0: countOfWeights()
    case 1: layoutOfWeights()
    default: weightBetween()
    }
  }

  private mutating func countOfWeights() -> QuizQuestion? {
    let (k, groups) = (number(1...5), number(1...3) == 1 ? 2 : 1)
    let (c, m) = (number(1...8) * groups, number(1...8) * groups)
    let kernels = m * (c / groups) * k * k
    return asks(
      7,
      "A convolution from \(counted(c, "channel")) to \(m), kernel \(k)×\(k)"
        + (groups > 1 ? ", \(groups) groups" : "")
        + ", with biases. How many numbers does it learn?",
      Fraction(kernels + m),
      [
        "out · in\(groups > 1 ? "/groups" : "") · k · k + out = \(m)·\(c / groups)·\(k)·\(k) + \(m) = "
          + "\(kernels + m)"
      ])
  }

  private mutating func layoutOfWeights() -> QuizQuestion? {
    let layer: WeightedLayer = number(0...1) == 0 ? .convolution : .transposedConvolution
    let frameworks = Framework.allCases
    let framework = frameworks[number(0...frameworks.count - 1)]
    let sizes = [number(8...19), number(20...32), number(2...3), number(4...5)]
    let names = ["in", "out", "kernel height", "kernel width"]
    let dimensions = weightDimensions(of: layer, in: framework).map { name in
      name.hasSuffix(" / groups") ? "\(name.dropLast(" / groups".count))" : name
    }
    let axis = number(0...3)
    guard let which = names.firstIndex(of: dimensions[axis]) else { return nil }
    return asks(
      16,
      "A \(layer == .convolution ? "" : "transposed ")convolution from \(sizes[0]) channels to "
        + "\(sizes[1]), kernel \(sizes[2])×\(sizes[3]). How long is axis \(axis), counted from 0, of its "
        + "weights in \(framework.rawValue)?",
      Fraction(sizes[which]),
      [
        "\(framework.rawValue): \(dimensions.joined(separator: " × ")); axis \(axis) is \(dimensions[axis])"
      ])
  }

  /// Which kernel cell lies between two cells.
  private mutating func weightBetween() -> QuizQuestion? {
    let (k, s) = (number(2...5), number(1...3))
    let (p, d) = (number(0...2), number(1...2))
    let isTransposed = number(0...1) == 1
    guard let window = try? Window(kernelSize: k, stride: s, dilation: d, padding: p),
      let axis = try? window.axis(input: number(6...16))
    else { return nil }
    let taps = axis.taps
    guard !taps.isEmpty else { return nil }
    let tap = taps[number(0...taps.count - 1)]
    let (i, o) = (tap.input, tap.output)
    return asks(
      isTransposed ? 11 : 9,
      "A \(isTransposed ? "transposed " : "")convolution along a row: kernel \(k), stride \(s), padding "
        + "\(p)\(d > 1 ? ", dilation \(d)" : ""). Through which kernel cell, counted from 0, does output cell "
        + "\(isTransposed ? i : o) hear of input cell \(isTransposed ? o : i)?",
      Fraction(tap.kernel),
      [
        (isTransposed
          ? "input cell \(o) puts kernel cell j on output cell"
          : "kernel cell j meets, at output cell \(o), input cell")
          + " \(o)·s + j\(d > 1 ? "·d" : "") − p = \(o * s - p) + j\(d > 1 ? "·\(d)" : "")",
        "\(i) = \(o * s - p) + \(tap.kernel)\(d > 1 ? "·\(d)" : ""), so j = \(tap.kernel)",
      ])
  }

  /// Four lines of PyTorch, of which one gives the size that is asked for.
  mutating func framework() -> QuizQuestion? {
    let kind = number(0...2)
    let input = number(5...30)
    var lines: [(call: String, size: Int, working: String)] = []
    for _ in 0..<12 {
      let (k, s) = (number(2...5), number(1...3))
      let (p, extra) = (number(0...k / 2), number(0...1))
      guard let window = try? Window(kernelSize: k, stride: s, padding: p) else { continue }
      let own: Window
      switch kind {
      case 0: own = window
      case 1:
        guard let up = try? window.transposed(outputPadding: min(extra, s - 1)) else { continue }
        own = up
      default: own = window.rounding(extra == 1 ? .ceil : .floor)
      }
      guard let working = try? own.substitution(input: input) else { continue }
      let size = working.result
      let layer: FrameworkLayer.Kind
      if kind == 2 {
        layer = .maxPooling(Pooling(rows: own, columns: own))
      } else {
        guard let convolution = try? Convolution(rows: own, columns: own) else { continue }
        layer = .convolution(convolution)
      }
      let calls = FrameworkLayer(layer, inputChannels: 1, outputChannels: 1).frameworkCalls
      guard let call = calls.first(where: { $0.framework == .pytorch })?.call,
        !lines.contains(where: { $0.size == size || $0.call == call })
      else { continue }
      lines.append((call, size, working.numbersLine))
      if lines.count == 4 { break }
    }
    guard lines.count == 4 else { return nil }
    let right = number(0...3)
    return asks(
      kind == 0 ? 5 : kind == 1 ? 14 : 8,
      "Which of these makes \(lines[right].size)×\(lines[right].size) of \(input)×\(input)?\n"
        + lines.enumerated().map { "\($0 + 1): \($1.call)" }.joined(separator: "\n"),
      Fraction(right + 1),
      lines.enumerated().map { "\($0 + 1): \($1.working)" })
  }

  mutating func costs() -> QuizQuestion? {
    let (k, c, m, o) = (number(1...4), number(1...8), number(1...8), number(3...12))
    switch number(0...3) {
    case 0:
      return asks(
        23,
        "A convolution from \(counted(c, "channel")) to \(m), kernel \(k)×\(k), gives maps of \(o)×\(o). How "
          + "many multiply-adds is that?",
        Fraction(o * o * m * c * k * k),
        ["each of \(o)·\(o)·\(m) outputs adds up \(c)·\(k)·\(k) products: \(o * o * m * c * k * k)"]
      )
    case 1:
      return asks(
        22,
        "A fully connected layer reads \(counted(c, "map")) of \(o)×\(o) and has \(m) outputs. How many "
          + "weights has it, without biases?",
        Fraction(m * c * o * o),
        ["out · channels · height · width = \(m)·\(c)·\(o)·\(o) = \(m * c * o * o)"])
    case 2:
      return asks(
        36,
        "im2col writes out all windows: \(counted(c, "channel")), kernel \(k)×\(k), \(o)×\(o) outputs. How "
          + "many numbers has that matrix?",
        Fraction(c * k * k * o * o),
        [
          "a row for each kernel cell, a column for each output: \(c)·\(k)·\(k) × \(o)·\(o) = \(c * k * k * o * o)"
        ])
    default:
      let outputs = 2 * number(2...20)
      return asks(
        37,
        "A kernel of 3 along a row, \(outputs) outputs. How many multiplications does Winograd's F(2,3) need?",
        Fraction(2 * outputs),
        [
          "two outputs at a time take 4 multiplications in place of 6: \(outputs)/2·4 = \(2 * outputs)"
        ])
    }
  }
}
