import ConvolutionArithmetic
import LessonKit
import Primitives
import Tensors

extension Lesson {
  /// Lesson 15: several sizes go to one.
  static let shapesAreAmbiguous = Lesson(
    number: 15, slug: "shapes-are-ambiguous", title: "Shapes are ambiguous",
    part: .matrixAndTranspose,
    question: "Does the transpose restore the size that went in?",
    corrects: "A transposed convolution with the same numbers always restores the shape.",
    exercises: ["restoredSizes"],
    parameters: [.input: 18, .kernel: 5, .stride: 3, .padding: 2], upTo: [.input: 10_000]
  ) { own in
    let (i, k, s, p) = (own[.input], own[.kernel], own[.stride], own[.padding])
    let window = try Window(kernelSize: k, stride: s, padding: p)
    let transposed = try TransposedWindow(of: window)
    let o = try window.outputSize(input: i)
    let back = try transposed.outputSize(input: o)
    let family = window.inputSizes(output: o)!

    prose(
      "Only if the division came out. Take kernel \(k), stride \(s), padding \(p), and an input of "
        + "\(i) cells. Forward:")
    formula(try window.substitution(input: i).lines)
    prose("And back, with the same kernel, stride and padding:")
    formula(try transposed.substitution(input: o).lines)
    claim(
      "\(i) cells became \(o), and \(o) became \(back)",
      evidence: "computed with arrays: "
        + "\(try convolve(Tensor<Int>.ramp([1, 1, 1, i]), Tensor<Int>.ramp([1, 1, 1, k]), stride: across(s), padding: beside(p)).width)"
        + " and "
        + "\(try transposedConvolve(Tensor<Int>.ramp([1, 1, 1, o]), Tensor<Int>.ramp([1, 1, 1, k]), stride: across(s), padding: beside(p)).width)",
      holds: back <= i)

    heading("The whole family")
    predict(
      "Which inputs go to \(o), beside \(i)?",
      answer: family.filter { $0 != i }.map(String.init).joined(separator: " "),
      why: "Stride \(s) drops a rest of 0 to \(s - 1), so \(s) neighbours share one output size.")
    table(
      ["input", "rest (i + 2p − k) mod s", "output", "back", "back with output padding = rest"],
      rows: try family.map { size in
        let rest = (size + 2 * p - k) % s
        let exact = try TransposedWindow(of: window, outputPadding: rest)
        return [
          "\(size)", "\(rest)", "\(try window.outputSize(input: size))",
          "\(try transposed.outputSize(input: o))", "\(try exact.outputSize(input: o))",
        ]
      })
    claim(
      "all \(s) of them go to \(o)",
      evidence: "\(family.lowerBound) to \(family.upperBound), each tried",
      holds: try family.allSatisfy { try window.outputSize(input: $0) == o }
        && (family.count == s || family.lowerBound == 1))
    claim(
      "without output padding only the input whose division comes out is restored",
      evidence:
        "back comes \(back), and (\(back) + 2·\(p) − \(k)) mod \(s) = \((back + 2 * p - k) % s)",
      holds: (back + 2 * p - k) % s == 0)
    claim(
      "with output padding all of them are", evidence: "the last column equals the first",
      holds: try family.allSatisfy { size in
        try TransposedWindow(of: window, outputPadding: (size + 2 * p - k) % s)
          .outputSize(input: o) == size
      })

    heading("The rule")
    formula(
      "a = (i + 2p − k) mod s                the output padding that restores i",
      "o′ = s(o − 1) + k − 2p + a = i        for every i, k, s, p that fit")
    prose("Here it is for small numbers, all of them:")
    let (tried, restored, bare) = try sweep()
    claim(
      "with a, every shape comes back", evidence: "\(restored) of \(tried) cases",
      holds: restored == tried)
    claim(
      "without it, many do not", evidence: "\(bare) of \(tried) cases come back",
      holds: bare < tried)

    heading("The mistake")
    prose(
      "“The decoder mirrors the encoder, so the shapes match.” They match for the one size "
        + "it was tried with. Then somebody feeds another picture. Kernel 3, stride 2, padding 1, five "
        + "times down and five times up:")
    let down = try Window(kernelSize: 3, stride: 2, padding: 1)
    let roundTrips = try [481, 500, 512].map { size in
      try roundTrip(size, down: down, times: 5)
    }
    table(
      ["picture", "down", "up again"],
      rows: roundTrips.map { trip in
        [
          "\(trip.down[0])", trip.down.dropFirst().map(String.init).joined(separator: " "),
          trip.up.dropFirst().map(String.init).joined(separator: " "),
        ]
      })
    claim(
      "481 comes back, and 500 and 512 come back as 481",
      evidence: roundTrips.map { "\($0.down[0]) → \($0.up.last!)" }
        .joined(separator: ", "),
      holds: roundTrips.map { $0.up.last! } == [481, 481, 481])

    heading("In FCN")
    prose(
      "FCN must give one label for each pixel of a picture of any size, and its stride is 32. Instead of "
        + "choosing 32 sizes by output padding, it makes the output larger than the picture whatever the "
        + "size, and crops. That is what the padding of 100 is for (lesson 26).")
  }
}

/// How many small geometries restore their input size with and without output padding.
private func sweep() throws -> (tried: Int, restored: Int, bare: Int) {
  var (tried, restored, bare) = (0, 0, 0)
  for k in 1...5 {
    for s in 1...4 {
      for p in 0...(k / 2) {
        let window = try Window(kernelSize: k, stride: s, padding: p)
        for i in k...20 {
          let o = try window.outputSize(input: i)
          let a = (i + 2 * p - k) % s
          tried += 1
          if try TransposedWindow(of: window, outputPadding: a).outputSize(input: o) == i {
            restored += 1
          }
          if (try? TransposedWindow(of: window).outputSize(input: o)) == i { bare += 1 }
        }
      }
    }
  }
  return (tried, restored, bare)
}

/// The sizes on the way down and, without output padding, up again.
private func roundTrip(
  _ size: Int, down window: Window, times: Int
) throws -> (down: [Int], up: [Int]) {
  var down = [size]
  for _ in 0..<times { down.append(try window.outputSize(input: down.last!)) }
  var up = [down.last!]
  for _ in 0..<times { up.append(try TransposedWindow(of: window).outputSize(input: up.last!)) }
  return (down, up)
}
