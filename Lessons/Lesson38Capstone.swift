import ConvolutionArithmetic
import FullyConvolutional
import LessonKit
import Primitives
import Tensors

extension Lesson {
  /// Lesson 38: the complete network on a picture.
  static let capstone = Lesson(
    number: 38, slug: "a-picture-segmented", title: "Capstone: a picture, segmented", part: .fast,
    question: "What does the whole network do with a picture, from pixels to labels?",
    corrects: "What happens inside such a network can't be followed."
  ) { _ in
    let size = Capstone.size
    let x = Capstone.picture
    let truth = Capstone.truth
    let net = Network.fcn8s(classes: 4, backbone: Capstone.backbone)
    let weights = Capstone.weights(of: net)

    prose(
      "Here is a picture of \(size) pixels, drawn by this lesson: a red disc and a thin red bar, a green "
        + "frame, a blue triangle, on black. Letters: a red, b green, c blue. Every 16th row and every "
        + "9th column is shown.")
    pictures(Picture("picture and true labels", labels: thinned(truth)))
    prose(
      "And here is the network: FCN-8s, every layer of lessons 22 to 31, with four channels in place of "
        + "64 to 4096. Its weights are not trained. They are written down in closed form, so that you "
        + "can say what each layer must give: the first convolution makes darkness, 1 − red − green − "
        + "blue, beside the three colours; all others hand their middle on; a score is its own channel "
        + "less the three others.")
    formula(
      "conv1_1   dark = ReLU(1 − r − g − b), r, g, b",
      "score_*   background = dark − r − g − b,  red = r − dark − g − b,  …")

    heading("On the way down")
    let stations = ["conv1_1", "pool1", "pool2", "pool3", "pool4", "pool5", "fc7", "score_fr"]
    table(
      ["layer", "maps", "sees", "jump"],
      rows: try stations.map { name in
        let field = try net.path(to: name).receptiveField()
        return [name, "\(try net.shape(of: name, input: size))", "\(field.size)", "\(field.jump)"]
      })
    let keep = ["score_fr", "score_pool4c", "score_pool3c"]
    let maps = try keep.map { name -> Tensor<Float> in
      let part = net.ending(at: name)
      return try part.run(x, Capstone.weights(of: part))
    }
    prose(
      "Three heat maps of the class red, at jump 32, 16 and 8, the finer two cropped as they are before "
        + "they are added; of the last every second cell is shown. The brighter, the higher the score:"
    )
    pictures(
      Picture("jump 32", maps[0], channel: 1), Picture("jump 16", maps[1], channel: 1),
      Picture("jump 8", shades: sampled(maps[2], every: 2, channel: 1)))
    prose(
      "A cell that holds red and black has both channels at 1, because a pooling keeps the largest of "
        + "each. Red less dark is 0, dark less red is 0: it says “one of these two, I don't know which”."
    )
    let map = try net.coordinateMap(of: "score_fr")
    let (row, column) = (nearest(map(80)), nearest(map(30)))
    let mixed = (0..<4).map { maps[0][0, $0, row, column] }
    formula(
      "the score_fr cell over pixel (80, 30), at the disc's edge: "
        + mixed.map { numberText($0) }.joined(separator: "  "))
    claim(
      "background and red are level, green and blue are behind",
      evidence: mixed.map { numberText($0) }.joined(separator: " "),
      holds: mixed[0] == mixed[1] && mixed[2] < mixed[1] && mixed[3] < mixed[1])

    heading("On the way up")
    let crops = try NetworkTable(net, input: size).rows.compactMap(\.crop)
    table(
      ["cropped", "onto", "at", "left behind"],
      rows: crops.map { [$0.cropped, $0.reference, "\($0.offset)", "\($0.rest)"] })
    predict(
      "The picture's height is \(size.height). How high is the map of scores behind the last crop?",
      answer: "\(size.height)",
      why: "The crop takes its size from the picture; that is its purpose.")
    let scores = try net.run(x, weights)
    claim("one score per class and pixel", scores.shape, equals: [1, 4, size.height, size.width])
    claim(
      "the crops are 5, 9 and 31, for this picture too", crops.map(\.offset), equals: [5, 9, 31])
    prose(
      "The finished scores, class by class. In each pixel the highest wins.")
    pictures(
      Picture("red", shades: shown(scores, 1)), Picture("green", shades: shown(scores, 2)))
    pictures(
      Picture("background", shades: shown(scores, 0)), Picture("blue", shades: shown(scores, 3)))

    heading("32s, 16s, 8s")
    let nets: [Network] = [
      .fcn32s(classes: 4, backbone: Capstone.backbone),
      .fcn16s(classes: 4, backbone: Capstone.backbone), net,
    ]
    let labels = try nets.map { try argmax($0.run(x, Capstone.weights(of: $0))) }
    pictures(
      Picture("truth", labels: thinned(truth)), Picture("FCN-32s", labels: thinned(labels[0])))
    pictures(
      Picture("FCN-16s", labels: thinned(labels[1])), Picture("FCN-8s", labels: thinned(labels[2])))
    let matrices = try labels.map { labels in
      var matrix = ConfusionMatrix(classes: 4)
      try matrix.add(truth: truth, labels: labels)
      return matrix
    }
    table(
      ["", "pixel accuracy", "mean IU"] + Capstone.classes.dropFirst().map { "IU \($0)" },
      rows: zip(nets, matrices).map { net, matrix in
        [net.name, decimal(matrix.pixelAccuracy!, 4), decimal(matrix.scores!.meanIU, 4)]
          + (1..<4).map { decimal(matrix.intersectionOverUnion(of: $0)!, 4) }
      })
    let means = matrices.map { $0.scores!.meanIU }
    claim(
      "each skip helps", evidence: means.map { decimal($0, 4) }.joined(separator: " < "),
      holds: means[0] < means[1] && means[1] < means[2])
    let bar = labels.map { $0[0, 0, 177, 260] }
    prose(
      "The bar is 16 pixels high. No cell of 16 or 32 pixels lies wholly in it, but a cell of 8 does, and "
        + "one that is sure is enough, because the unsure ones abstain.")
    claim("only FCN-8s sees the bar: the labels at (177, 260)", bar, equals: [0, 0, 1])

    heading("Is everything in its place?")
    prose(
      "Lesson 30's test on the finished labels: move the answer by a few pixels and see where it agrees "
        + "best with the truth. A wrong crop would be found here.")
    let moves = [-3, -2, -1, 0, 1, 2, 3]
    let agreement = moves.map { agreeing(labels[2], truth, movedBy: $0) }
    table(
      ["moved by"] + moves.map { "\($0)" },
      rows: [["pixels that agree"] + agreement.map { grouped($0) }])
    let best = moves[agreement.firstIndex(of: agreement.max()!)!]
    claim(
      "within a pixel of its place", evidence: "best when moved by \(best)", holds: abs(best) <= 1)

    heading("The rule")
    formula(
      "scores = FCN8s(picture)          (classes, height, width)",
      "label[pixel] = the class with the highest score")
    heading("Where it breaks")
    let gray = try net.run(Tensor<Float>(shape: [1, 3, 128, 128], repeating: 0.5), weights)
    let middle = (0..<4).map { gray[0, $0, 64, 64] }
    prose(
      "Weights that know three colours know nothing else. In the middle of a grey picture, all colours "
        + "at ½, red, green and blue are level, and the first of equals wins:")
    formula(
      zip(Capstone.classes, middle).map { "\($0) \(numberText($1))" }.joined(separator: ", "))
    claim("grey is called red", try argmax(gray)[0, 0, 64, 64], equals: 1)
    prose(
      "To tell cats from dogs nobody can write the weights down; they must be learned. But what carries "
        + "them, the sizes, the crops, the sums, is what you have just followed, and training does "
        + "not change it.")

    heading("The mistake")
    prose(
      "Networks are called black boxes, and for what they have learned that may be so. Where a pixel "
        + "goes, what a cell sees, why a map has 70 cells and not 69: of this nothing is hidden, and "
        + "you can now derive all of it on paper.")

    heading("In FCN")
    prose(
      "With trained weights in a file, `convbook segment IMAGE --weights F --output labels.png` does "
        + "the same on a photograph: picture less mean colour, this network at full width, the highest "
        + "score of 21 at each pixel, and VOC's colours for the labels.")
  }
}

/// The cell nearest to a position.
private func nearest(_ position: Fraction) -> Int { (position + Fraction(1, 2)).floor }

/// Every 16th row and every 9th column: characters are about twice as high as wide.
private func thinned(_ labels: Tensor<Int>) -> [[Int]] {
  stride(from: 8, to: labels.height, by: 16).map { row in
    stride(from: 4, to: labels.width, by: 9).map { labels[0, 0, row, $0] }
  }
}

/// The scores of one class, thinned as the labels are.
private func shown(_ scores: Tensor<Float>, _ channel: Int) -> [[Double]] {
  stride(from: 8, to: scores.height, by: 16).map { row in
    stride(from: 4, to: scores.width, by: 9).map { Double(scores[0, channel, row, $0]) }
  }
}

/// Pixels whose label is the true one after the labels are moved down and to the right.
private func agreeing(_ labels: Tensor<Int>, _ truth: Tensor<Int>, movedBy distance: Int) -> Int {
  var count = 0
  for row in 3..<(truth.height - 3) {
    for column in 3..<(truth.width - 3)
    where labels[0, 0, row - distance, column - distance] == truth[0, 0, row, column] {
      count += 1
    }
  }
  return count
}
