import ConvolutionArithmetic
import LessonKit
import Primitives
import Tensors

extension Lesson {
  /// Lesson 35: pixel accuracy, mean accuracy, mean IU, frequency-weighted IU.
  static var metrics: Lesson {
    Lesson(
      number: 35, slug: "metrics", title: "Metrics", part: .learning,
      question: "How good are the labels, in one number, or four?",
      corrects: "95 % of the pixels are right, so the network works."
    ) { _ in
      let truth = Tensor([[0, 0, 1, 1], [0, 0, 1, 1]])
      let labels = Tensor([[0, 0, 0, 1], [0, 1, 0, 1]])
      var matrix = ConfusionMatrix(classes: 2)
      try matrix.add(truth: truth, labels: labels)
      let counts = matrix.counts

      prose("Eight pixels, two classes. What is true, and what a network said:")
      grids(Grid(.input, truth, title: "truth"), Grid(.output, labels, title: "labels"))
      prose(
        "Count every pixel into a matrix: the row is its true class, the column the class it was given. "
          + "On the diagonal stand the pixels that are right.")
      grids(
        Grid(
          .matrix, title: "confusion matrix", rows: counts.map { $0.map { Grid.Cell("\($0)") } },
          rowLabels: ["truly 0", "truly 1"]))
      claim("3 1 / 2 2", counts, equals: [[3, 1], [2, 2]])

      heading("By hand")
      let ius = (0..<2).map { matrix.intersectionOverUnion(of: $0)! }
      formula(
        "pixel accuracy    right/all = (\(counts[0][0]) + \(counts[1][1]))/\(matrix.total) "
          + "= \(matrix.pixelAccuracy!)",
        "accuracy of 0     \(counts[0][0])/\(matrix.pixels(of: 0)) = \(matrix.accuracy(of: 0)!)",
        "accuracy of 1     \(counts[1][1])/\(matrix.pixels(of: 1)) = \(matrix.accuracy(of: 1)!)",
        "mean accuracy     (\(matrix.accuracy(of: 0)!) + \(matrix.accuracy(of: 1)!))/2 "
          + "= \(try matrix.meanAccuracy()!)")
      prose(
        "Intersection over union, IU, asks more. For one class take the pixels that are truly of it or "
          + "were given to it: the union. The share that is both is the IU. So a class pays for pixels "
          + "it missed and for pixels it took from others.")
      formula(
        "IU of 0           \(counts[0][0])/(\(counts[0][0]) + \(counts[0][1]) + \(counts[1][0])) = \(ius[0])",
        "IU of 1           \(counts[1][1])/(\(counts[1][1]) + \(counts[1][0]) + \(counts[0][1])) = \(ius[1])"
      )
      predict(
        "What is their mean?", answer: "\(try matrix.meanIU()!)",
        why: "(\(ius[0]) + \(ius[1]))/2 = \(try matrix.meanIU()!)")
      claim("accuracy .625", matrix.pixelAccuracy!, equals: Fraction(625, 1000))
      claim(
        "IU .5 and .4, mean .45", ius + [try matrix.meanIU()!],
        equals: [
          Fraction(1, 2), Fraction(2, 5), Fraction(45, 100),
        ])

      heading("Three classes")
      let three = ConfusionMatrix(counts: [[6, 1, 1], [1, 3, 0], [0, 2, 2]])
      grids(
        Grid(
          .matrix, title: "confusion matrix",
          rows: three.counts.map { $0.map { Grid.Cell("\($0)") } },
          rowLabels: (0..<3).map { "truly \($0)" }))
      table(
        ["class", "pixels", "right", "union", "IU"],
        rows: (0..<3).map { c in
          let union =
            three.pixels(of: c) + three.counts.reduce(0) { $0 + $1[c] } - three.counts[c][c]
          return [
            "\(c)", "\(three.pixels(of: c))", "\(three.counts[c][c])", "\(union)",
            "\(three.intersectionOverUnion(of: c)!)",
          ]
        })
      let four = [
        three.pixelAccuracy!, try three.meanAccuracy()!, try three.meanIU()!,
        try three.frequencyWeightedIU()!,
      ]
      table(
        ["metric", "exactly", "decimal"],
        rows: zip(
          ["pixel accuracy", "mean accuracy", "mean IU", "frequency-weighted IU"], four
        ).map { [$0, "\($1)", decimal($1, 6)] })
      claim(
        "the frequency-weighted one weighs each IU with the pixels of its class",
        four[3],
        equals: (0..<3).map {
          three.intersectionOverUnion(of: $0)! * Fraction(three.pixels(of: $0), three.total)
        }.reduce(0, +))

      heading("The rule")
      formula(
        "n[i][j]: pixels of class i that were given class j;  t[i]: pixels of class i",
        "pixel accuracy     Σ n[i][i] / Σ t[i]",
        "mean accuracy      mean of  n[i][i] / t[i]",
        "mean IU            mean of  n[i][i] / (t[i] + Σ n[j][i] − n[i][i])",
        "frequency-weighted Σ t[i]·IU[i] / Σ t[i]")

      heading("The mistake: a network that sees nothing")
      let lazy = ConfusionMatrix(counts: [[95, 0], [5, 0]])
      prose(
        "A picture has 95 background pixels and 5 of a cat. A network that says background everywhere:"
      )
      let scores = [
        lazy.pixelAccuracy!, try lazy.meanAccuracy()!, try lazy.meanIU()!,
        try lazy.frequencyWeightedIU()!,
      ]
      table(
        ["pixel accuracy", "mean accuracy", "mean IU", "frequency-weighted IU"],
        rows: [scores.map { decimal($0, 4) }])
      claim("accuracy praises it", scores[0], equals: Fraction(95, 100))
      claim("mean IU does not: the cat's IU is 0", lazy.intersectionOverUnion(of: 1)!, equals: 0)
      prose(
        "The mean gives the cat as much weight as the background, however small it is. This is why "
          + "papers quote mean IU.")

      heading("Where it breaks: what is counted")
      let hole = Tensor([[0, 0, 1, 255], [0, 0, 1, 255]])
      var masked = ConfusionMatrix(classes: 3)
      try masked.add(truth: hole, labels: labels)
      prose(
        "Ignored pixels, label 255, are not counted, whatever was said there. And a class that neither "
          + "occurs nor was given has no IU, 0/0; the mean leaves it out. Of three classes:")
      grids(Grid(.input, hole, title: "truth"), Grid(.output, labels, title: "labels"))
      claim("6 of 8 pixels are counted", masked.total, equals: 6)
      claim(
        "class 2 has no IU", masked.intersectionOverUnion(of: 2).map { "\($0)" } ?? "none",
        equals: "none")
      var apart: [Fraction] = []
      let halves = [
        (Tensor(row: [0, 0, 0, 1]), Tensor(row: [0, 0, 0, 0])),
        (Tensor(row: [1, 1, 1, 1]), Tensor(row: [1, 1, 1, 1])),
      ]
      var joined = ConfusionMatrix(classes: 2)
      for (truth, labels) in halves {
        var one = ConfusionMatrix(classes: 2)
        try one.add(truth: truth, labels: labels)
        apart.append(try one.meanIU()!)
        try joined.add(truth: truth, labels: labels)
      }
      prose(
        "One matrix for all pictures, and the metrics at the end. The mean of each picture's mean IU is "
          + "another number. Two pictures of four pixels:")
      for (index, (truth, labels)) in halves.enumerated() {
        grids(
          Grid(.input, truth, title: "truth \(index + 1)"),
          Grid(.output, labels, title: "labels \(index + 1)"))
      }
      formula(
        "picture by picture:  (\(apart[0]) + \(apart[1]))/2 = \((apart[0] + apart[1]) / 2)",
        "one matrix:          \(try joined.meanIU()!)")
      claim(
        "they differ", try joined.meanIU()!, differsFrom: (apart[0] + apart[1]) / 2)

      heading("In FCN")
      prose(
        "The paper gives all four. FCN-8s has 90.3 % of the pixels right and a mean IU of 62.7 %: mean IU "
          + "asks every class alike, and each wrong pixel counts against two of them. Lesson 30 showed how "
          + "three pixels of shift hurt a thin object most.")
    }
  }
}
