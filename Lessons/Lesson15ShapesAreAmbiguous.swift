import ConvolutionArithmetic
import LessonKit
import Primitives
import Tensors

extension Lesson {
  /// Lesson 15: several sizes go to one.
  static var shapesAreAmbiguous: Lesson {
    Lesson(
      number: 15, slug: "shapes-are-ambiguous", title: "Shapes are ambiguous",
      part: .matrixAndTranspose,
      question: "Does the transpose restore the size that went in?",
      corrects: "A transposed convolution with the same numbers always restores the shape.",
      parameters: [.input: 18, .kernel: 5, .stride: 3, .padding: 2], upTo: [.input: 10_000]
    ) { own throws(GeometryError) in
      let (i, k, s, p) = (own[.input], own[.kernel], own[.stride], own[.padding])
      let window = try Window(kernelSize: k, stride: s, padding: p)
      let transposed = try window.transposed()
      let o = try window.outputSize(input: i)
      try mustLeaveSomething(of: transposed, input: o)
      let back = try transposed.outputSize(input: o)
      let family = window.inputSizes(output: o)!
      let others = family.filter { $0 != i }
      let counts = (
        forth: try convolve(
          Tensor<Int>.ramp([1, 1, 1, i]), Tensor<Int>.ramp([1, 1, 1, k]), stride: across(s),
          padding: beside(p)
        ).width,
        back: try transposedConvolve(
          Tensor<Int>.ramp([1, 1, 1, o]), Tensor<Int>.ramp([1, 1, 1, k]), stride: across(s),
          padding: beside(p)
        ).width
      )

      prose(
        "Only if the division came out. Take kernel \(k), stride \(s), padding \(p), and an input of "
          + "\(counted(i, "cell")). Forward:")
      formula(try window.substitution(input: i).lines)
      prose("And back, with the same kernel, stride and padding:")
      formula(try transposed.substitution(input: o).lines)
      claim(
        "\(counted(i, "cell")) became \(o), and \(o) became \(back)",
        evidence: "computed with arrays: \(counts.forth) and \(counts.back)",
        holds: counts == (o, back))

      heading("The whole family")
      predict(
        "Which input sizes go to \(o), besides \(i)?",
        answer: others.isEmpty ? "none" : others.map(String.init).joined(separator: " "),
        why: s == 1
          ? "Stride 1 drops nothing, so each input size has an output size of its own."
          : "Stride \(s) drops a rest of 0 to \(s - 1), so \(s) neighbours share one output size.",
        anyOrder: true, also: others.isEmpty ? ["no other", "nothing", "0", "no"] : [])
      table(
        ["input", "rest (i + 2p − k) mod s", "output", "back", "back with output padding = rest"],
        rows: try family.map { size throws(GeometryError) in
          let rest = (size + 2 * p - k) % s
          let exact = try window.transposed(outputPadding: rest)
          return [
            "\(size)", "\(rest)", "\(try window.outputSize(input: size))",
            "\(try transposed.outputSize(input: o))", "\(try exact.outputSize(input: o))",
          ]
        })
      claim(
        s == 1 ? "\(i) alone goes to \(o)" : "\(s == 2 ? "both" : "all \(s)") of them go to \(o)",
        evidence: s == 1
          ? "\(i) + 1 goes to \(try window.outputSize(input: i + 1))"
          : "\(family.lowerBound) \(s == 2 ? "and" : "to") \(family.upperBound), each tried",
        holds: try family.map { size throws(GeometryError) in try window.outputSize(input: size) }
          == Array(repeating: o, count: s))
      claim(
        s == 1
          ? "with stride 1 every division comes out, so the input is restored"
          : "without output padding only the input whose division comes out is restored",
        evidence:
          "back comes \(back), and (\(back) + 2·\(p) − \(k)) mod \(s) = \((back + 2 * p - k) % s)",
        holds: (back + 2 * p - k) % s == 0 && (s > 1 || back == i))
      claim(
        s == 1
          ? "with the output padding 0 of its rest it is as well"
          : "with output padding all of them are", evidence: "the last column equals the first",
        holds: try family.map { size throws(GeometryError) in
          try window.transposed(outputPadding: (size + 2 * p - k) % s).outputSize(input: o)
        } == Array(family))

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
        "“The decoder mirrors the encoder, so the shapes match.” They match for the size "
          + "it was tried with. Then somebody feeds another picture. Kernel 3, stride 2, padding 1, five "
          + "times down and five times up:")
      let down = try Window(kernelSize: 3, stride: 2, padding: 1)
      let roundTrips = try [481, 500, 512].map { size throws(GeometryError) in
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
        "FCN must give each pixel a label, the class it shows, in a picture of any size, and its stride is 32. Instead of "
          + "choosing one of 32 sizes by output padding, it makes the output larger than the picture whatever the "
          + "size, and crops. That is what the padding of 100 is for (lesson 26).")
    }
  }
}

/// How many small geometries restore their input size with and without output padding.
private func sweep() throws(GeometryError) -> (tried: Int, restored: Int, bare: Int) {
  var (tried, restored, bare) = (0, 0, 0)
  for k in 1...5 {
    for s in 1...4 {
      for p in 0...(k / 2) {
        let window = try Window(kernelSize: k, stride: s, padding: p)
        for i in k...20 {
          let o = try window.outputSize(input: i)
          let a = (i + 2 * p - k) % s
          tried += 1
          if try window.transposed(outputPadding: a).outputSize(input: o) == i {
            restored += 1
          }
          if (try? window.transposed().outputSize(input: o)) == i { bare += 1 }
        }
      }
    }
  }
  return (tried, restored, bare)
}

/// The sizes on the way down and, without output padding, up again.
private func roundTrip(
  _ size: Int, down window: Window, times: Int
) throws(GeometryError) -> (down: [Int], up: [Int]) {
  var down = [size]
  for _ in 0..<times { down.append(try window.outputSize(input: down.last!)) }
  var up = [down.last!]
  for _ in 0..<times { up.append(try window.transposed().outputSize(input: up.last!)) }
  return (down, up)
}
