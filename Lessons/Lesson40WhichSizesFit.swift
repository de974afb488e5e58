import ConvolutionArithmetic
import LessonKit
import Networks
import Tensors

extension Lesson {
  /// Lesson 40: which pictures go through a network that goes down and up again.
  static var whichSizesFit: Lesson {
    Lesson(
      number: 40, slug: "which-sizes-fit", title: "Which sizes fit", part: .ownNetworks,
      question: "Why does U-Net ask for 572 pixels, and what is wrong with 500?",
      corrects: "A network of convolutions takes pictures of every size."
    ) { _ in
      let step = "max1d k2; up 2; add input"
      let one = try Network.described(by: step, size: Size(height: 1, width: 8)).network
      prose(
        "A row is pooled by 2, made twice as long again, and added to what it was. With 8 cells: 8 → 4 "
          + "→ 8, and 8 + 8 go together. With 5, the pool takes two pairs and leaves the last cell over: "
          + "5 → 2 → 4, and 4 cells cannot be added to 5.")
      let cells = Array(4...9)
      table(
        ["cells in"] + cells.map(String.init),
        rows: [
          ["pooled"] + cells.map { "\($0 / 2)" }, ["and back"] + cells.map { "\($0 / 2 * 2)" },
          ["fits"] + cells.map { $0 / 2 * 2 == $0 ? "yes" : "no" },
        ])
      let rule = try one.fit(along: .width)
      claim("the book's rule for it", rule.passing.text, equals: "every multiple of 2 from 2")

      heading("The rule")
      formula("there and back: s·⌊i/s⌋, which is i only where s divides i")
      prose(
        "The floor forgets the rest of the division, and nothing on the way up can know it. Each pool "
          + "asks this of what the one before has left: a second one halves the half, so that 4 must "
          + "divide i. The rule repeats after the product of all strides.")
      let names = ["one", "two", "three"]
      let ladders = try (1...3).map { try ladder($0) }
      let rules = try ladders.map { try $0.fit(along: .width) }
      table(
        ["pools", "fits"], rows: zip(names, rules).map { [$0, $1.passing.text] })
      let wanted = 100
      let next = rules[2].passing.next(atLeast: wanted)!
      predict(
        "You have rows of \(wanted) cells and a network with three such pools. Which is the next longer "
          + "length that fits?", answer: "\(next)",
        why: "8·⌈\(wanted)/8⌉ = 8·\(next / 8) = \(next)")
      let tried = (1...64).filter { cells in
        (try? ladders[2].shapes(input: Size(height: 1, width: cells))) != nil
      }
      claim(
        "of 1 to 64 cells, tried one by one, the multiples of 8 go through", tried,
        equals: (1...8).map { 8 * $0 })

      heading("What helps")
      let size = 13
      let misfit = ladders[1].misfit(input: size, along: .width, in: rules[1])!
      prose(
        "Take \(size) cells and two pools: \(size) → \(size / 2) → \(size / 4). There \(misfit.sentence). What "
          + "helps, and how many cells then come out:")
      table(
        ["change", "comes out"],
        rows: misfit.remedies.map { [$0.sentence, $0.output.map { "\($0)" } ?? "?"] })
      prose(
        "Padding the picture costs a few cells of zeros, and the answer is cropped afterwards. A "
          + "transposed convolution in place of `up` could have an output padding (lesson 14) for each "
          + "forgotten cell. A pool that rounds up reads all, and then there is a cell too many to cut. "
          + "Cutting the longer stream gives an answer that is shorter than the picture.")
      claim(
        "every change that is told has been tried",
        misfit.remedies.allSatisfy { remedy in
          remedy.kind != .pad || rules[1].passing.contains(remedy.input)
        }, equals: true)

      heading("One short")
      let auto = try Network.described(
        by: "conv1d 8 k3 s2 p1; conv1d 8 k3 s2 p1; convT1d 8 k3 s2 p1; convT1d 1 k3 s2 p1",
        size: Size(height: 1, width: 28)
      ).network
      let padded = try Network.described(
        by: "conv1d 8 k3 s2 p1; conv1d 8 k3 s2 p1; convT1d 8 k3 s2 p1 op1; convT1d 1 k3 s2 p1 op1",
        size: Size(height: 1, width: 28)
      ).network
      let (short, long) = (try chain(auto, 28), try chain(padded, 28))
      prose(
        "Nothing is added here, so nothing is refused: an autoencoder, two convolutions of 3 with stride "
          + "2 and padding 1, and their transposes. But it does not give back what it got.")
      table(
        ["", "in", "down", "down", "up", "up"],
        rows: [
          ["as it is"] + short.map(String.init),
          ["output padding 1 on both ways up"] + long.map(String.init),
        ])
      let (autoRule, paddedRule) = (
        try auto.fit(along: .width).same, try padded.fit(along: .width).same
      )
      prose(
        "⌊(i − 1)/2⌋ + 1 is the same for 2m − 1 and 2m, and the way up answers with the smaller: 2m − 1. "
          + "So it is one short wherever i is even, and two layers lose up to three. It comes back "
          + "whole for \(autoRule.text); with the output paddings for \(paddedRule.text). A SegNet "
          + "halves with pools of 2 and is short by the rest of the division:")
      let segNet = try Network.described(
        by: "max1d k2 x5; up 2 x5", size: Size(height: 1, width: 375)
      ).network
      table(
        ["SegNet's five pools, and up again"] + ["352", "360", "375", "384"],
        rows: [
          ["comes back as"] + (try [352, 360, 375, 384].map { "\(try chain(segNet, $0).last!)" })
        ])
      claim("28 comes back as 25", short.last!, equals: 25)
      claim("and with the two output paddings as 28", long.last!, equals: 28)
      claim(
        "a SegNet gives back the multiples of 32", try segNet.fit(along: .width).same.text,
        equals: "every multiple of 32 from 32")

      heading("U-Net")
      let uNet = Network.uNet()
      let fit = try uNet.fit()
      let before = ["down1_2", "down2_2", "down3_2", "down4_2"]
      let sizes = [500, 508, 572]
      prose(
        "U-Net has no padding: each 3×3 convolution takes two rows away, so the maps that its four pools "
          + "read are not the halves of each other.")
      table(
        ["picture"] + before + ["comes out"],
        rows: try sizes.map { size in
          ["\(size)"]
            + (try before.map { "\(try uNet.shape(of: $0, input: Size(size)).size.height)" })
            + ["\(try uNet.shape(of: "score", input: Size(size)).size.height)"]
        })
      let left = uNet.misfit(input: 500, along: .height, in: fit)!
      prose(
        "At 500 pixels the last of them is odd: \(left.sentence). The skip is a crop, and a crop could "
          + "do without that row; this book lets the picture through, and others crop as much on both "
          + "sides and cannot. But then the two streams no longer end together, by \(1 << 3) pixels of the "
          + "picture. The authors ask for a size at which all pools read even maps.")
      formula(
        "the bottom has b cells, before each pool 2b + 4, and so on:",
        "i = 2·(2·(2·(2·b + 4) + 4) + 4) + 4 = 16·b + 60, and 60 = 3·16 + 12")
      prose(
        "The rule: \(fit.fitting.text). The next sizes to 500 are \(fit.fitting.previous(atMost: 500)!) and "
          + "\(fit.fitting.next(atLeast: 500)!). What comes out is always \(572 - 388) rows less, for the "
          + "border that only the padding of others fills.")
      let even = try (188...700).filter { size in
        zip(uNet.layers, try uNet.shapes(input: Size(size))).allSatisfy { layer, shape in
          !before.contains(layer.name) || shape.size.height % 2 == 0
        }
      }
      claim(
        "of 188 to 700 pixels these are the sizes at which all four pools read even maps", even,
        equals: (188...700).filter(fit.fitting.contains))
      claim(
        "and 572 is one of them, 500 not", fit.fitting.contains(572) && !fit.fitting.contains(500),
        equals: true)

      heading("In FCN")
      let small = try Network.fcn8s(backbone: .scenes).fit()
      prose(
        "FCN-8s takes \(try Network.fcn8s().fit().same.text). Its pools round up, the padding of 100 leaves "
          + "every skip longer than the stream that it meets, and the last crop is to the picture itself: "
          + "what is too much is cut off. The small FCN-8s that comes with this book has less padding, and "
          + "there the skips may end too soon; it takes \(small.passing.text). `convbook fit` tells the "
          + "rule of any network, and what helps a size that does not fit.")
      claim(
        "FCN-8s gives back every picture as large", try Network.fcn8s().fit().same.text,
        equals: "every size from 1")
    }
  }
}

/// So many pools by 2, made up for again one by one, each joined with what was before it.
private func ladder(_ pools: Int) throws -> Network {
  var lines = ["y0 = conv1d 1 k1"]
  lines += (1...pools).map { "y\($0) = max1d k2" }
  var last = "y\(pools)"
  for level in (0..<pools).reversed() {
    lines.append("u\(level) = up 2 from \(last); z\(level) = cat u\(level) y\(level)")
    last = "z\(level)"
  }
  return try Network.described(
    by: lines.joined(separator: "; "), size: Size(height: 1, width: 64)
  ).network
}

/// The cells of every layer, the row first.
private func chain(_ network: Network, _ size: Int) throws -> [Int] {
  try network.shapes(input: Size(height: 1, width: size)).map(\.size.width)
}
