import ConvolutionArithmetic
import LessonKit
import Networks
import Primitives
import Tensors

extension Lesson {
  /// Lesson 38: the complete network on a picture.
  static var capstone: Lesson {
    Lesson(
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
          + "frame, a blue triangle, on black. Letters: a red, b green, c blue. A few rows and columns "
          + "are shown.")
      pictures(MapPicture("picture and true labels", labels: thinned(truth, rows: 14, columns: 37)))
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
          return [
            name, "\(try net.shape(of: name, input: size))", "\(field.size)", "\(field.jump)",
          ]
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
        MapPicture("jump 32", maps[0], channel: 1), MapPicture("jump 16", maps[1], channel: 1),
        MapPicture("jump 8", shades: sampled(maps[2], every: 2, channel: 1)))
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
      let scores = try net.run(x, weights)
      let last = crops.last!
      let high = size.height + last.offset + last.rest.height
      predict(
        "The picture is \(size.height) pixels high. How many rows has `upscore8`?",
        answer: "\(high)",
        why: "\(last.offset) + \(size.height) + \(last.rest.height); the crop leaves the rest.")
      claim(
        "so many it has", try net.shape(of: "upscore8", input: size).size.height, equals: high)
      claim(
        "the crops are 5, 9 and 31, for this picture too", crops.map(\.offset), equals: [5, 9, 31])
      let labels = try argmax(scores)
      prose("In each pixel the highest score wins:")
      pictures(MapPicture("labels of FCN-8s", labels: thinned(labels, rows: 14, columns: 37)))

      try trainedOnAScene()

      heading("The rule")
      formula(
        "scores = FCN8s(picture)          (classes, height, width)",
        "label[pixel] = the class with the highest score")
      heading("Where it breaks")
      let gray = try net.run(Tensor<Float>(shape: [1, 3, 128, 128], repeating: 0.5), weights)
      let middle = (0..<4).map { gray[0, $0, 64, 64] }
      prose(
        "Weights written for three colours know nothing else. In the middle of a grey picture, all colours "
          + "at ½, red, green and blue are level, and the first of equals wins:")
      formula(
        zip(Capstone.classes, middle).map { "\($0) \(numberText($1))" }.joined(separator: ", "))
      claim("grey is called red", try argmax(gray)[0, 0, 64, 64], equals: 1)
      heading("The mistake")
      prose(
        "Networks are called black boxes, and for what they have learned that may be so. Where a pixel "
          + "goes, what a cell sees, why a map has 70 cells and not 69: of this nothing is hidden, and "
          + "you can now derive all of it on paper.")

      heading("In FCN")
      prose(
        "`convbook scene --seed 7 --output scene.png` draws another scene, and `convbook segment scene.png "
          + "--output labels.png` labels it with this FCN-8s. With the published weights (`--weights F`) "
          + "it labels a photograph, in 21 classes.")
    }
  }
}

/// The cell nearest to a position.
private func nearest(_ position: Fraction) -> Int { (position + Fraction(1, 2)).floor }
