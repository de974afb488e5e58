import ConvolutionArithmetic
import LessonKit
import Networks
import Primitives
import Tensors
import Training

extension Lesson {
  /// Lesson 30: four mistakes found by an impulse or by counting.
  static var debuggingAListing: Lesson {
    Lesson(
      number: 30, slug: "debugging-a-listing", title: "Debugging a listing that circulates",
      part: .networks,
      question: "The listing runs, every shape fits. What is wrong with it?",
      corrects: "If the shapes fit, the network is right."
    ) { _ in
      let net = Network.fcn8s()

      prose(
        "An FCN-8s in some fifty lines goes round in tutorials. It pads by 100, crops the last map at "
          + "28, fills its upsampling layers with bilinear weights, has 22 classes, and copies VGG16's "
          + "weights. It runs, and in training its loss falls. Four things are wrong. Each shows itself to a spot of "
          + "light, or to somebody who counts.")

      heading("1. The crop at 28")
      let open = net.thin(through: "upscore8")
      let place = try net.place(ofCell: 6, 9, of: "fc7")
      let uncropped = try open.run(spot(at: place, size: 500), open.impulseWeights())
      let cropped = { (offset: Int) throws -> Place in
        middle(of: try crop(uncropped, offset: Size(offset), size: 500))!
      }
      let right = try net.cropOffset(of: net["score"]!)
      predict(
        "Lesson 25 says \(right). By how many pixels does a crop at 28 move everything?",
        answer: "\(right - 28)",
        why:
          "\(right) − 28 = \(right - 28): too little is taken off before, so all comes out later, "
          + "further down and to the right.",
        also: ["\(right - 28) and \(right - 28)"])
      table(
        ["last crop", "light in at", "comes out at"],
        rows: try [right, 28].map { ["\($0)", "\(place)", "\(try cropped($0))"] })
      claim("at \(right) it stays", try cropped(right), equals: place)
      claim(
        "at 28 it moves by (\(right - 28), \(right - 28))", try cropped(28),
        equals: Place(
          row: place.row + Fraction(right - 28), column: place.column + Fraction(right - 28)))
      let rightFor = (1...200).filter { padding in
        var other = Backbone.vgg16
        other.firstPadding = padding
        let padded = Network.fcn8s(backbone: other)
        return (try? padded.cropOffset(of: padded["score"]!)) == 28
      }
      claim("of all paddings up to 200, 28 is right for 97 alone", rightFor, equals: [97])
      prose(
        "Of two numbers that belong together one was changed. What do three pixels cost? Take labels that are perfect, "
          + "move them by (3, 3), and compare:")
      let shapes = try shifted(by: right - 28)
      table(
        ["object", "intersection", "union", "IU"],
        rows: shapes.map {
          [$0.name, grouped($0.intersection), grouped($0.union), decimal($0.value, 3)]
        })
      claim(
        "of these, the smaller or thinner the object, the dearer the mistake",
        evidence: shapes.map { decimal($0.value, 3) }.joined(separator: " > "),
        holds: zip(shapes, shapes.dropFirst()).allSatisfy { $0.value > $1.value })

      heading("2. Every pair of classes")
      prose(
        "The listing's helper writes the bilinear kernel into every pair of an input and an output class. "
          + "Lesson 21 showed one such layer. Here are all three, in the whole network, with three "
          + "classes whose scores differ:")
      let three = net.thin(classes: 3)
      var weights = three.impulseWeights(scores: ["score_fr"])
      weights["score_fr.weight"] = Tensor(shape: [3, 1, 1, 1], elements: [0, 1, 2])
      weights["score_fr.bias"] = Tensor(shape: [3], elements: [1, 0.5, 0])
      var filled = weights
      for (name, tensor) in weights where name.hasPrefix("upscore") {
        let size = Size(height: tensor.height, width: tensor.width)
        filled[name] = Primitives.bilinearKernels(classes: 3, kernelSize: size, fill: .everyPair)
      }
      let x = discAndBar()
      let (good, bad) = try (three.run(x, weights), three.run(x, filled))
      let (goodLabels, badLabels) = try (argmax(good), argmax(bad))
      pictures(
        MapPicture("diagonal", labels: sampledLabels(goodLabels, every: 28)),
        MapPicture("every pair", labels: sampledLabels(badLabels, every: 28)))
      claim("with the diagonal the disc is found", Set(goodLabels.elements), equals: [0, 2])
      claim(
        "with every pair the answer is class 0, everywhere", Set(badLabels.elements), equals: [0])
      let centre = (row: 190, column: 180)
      let summed = (0..<3).reduce(Float(0)) { $0 + good[0, $1, centre.row, centre.column] }
      formula(
        "in the middle of the disc:",
        "diagonal    "
          + (0..<3).map { decimal(Double(good[0, $0, centre.row, centre.column]), 2) }
          .joined(separator: "  ") + "   (sum \(decimal(Double(summed), 2)))",
        "every pair  "
          + (0..<3).map { decimal(Double(bad[0, $0, centre.row, centre.column]), 2) }
          .joined(separator: "  "))
      claim(
        "all classes hold the sum, times 3·3 from the two later layers",
        (0..<3).map { bad[0, $0, centre.row, centre.column] },
        equals: Array(repeating: 9 * summed, count: 3))

      heading("3. Twenty-two classes")
      let counts = [21, 22].map { Network.fcn8s(classes: $0).parameterCount }
      prose(
        "VOC has 20 kinds of objects and the background: 21 classes, with labels 0 to 20. The listing "
          + "counts the pale rims around objects as one more. But their label is 255, and it means: do "
          + "not ask here.")
      formula(
        "22 classes: \(grouped(counts[1]))", "21 classes: \(grouped(counts[0]))",
        "difference: \(grouped(counts[1] - counts[0])) numbers for a class that never occurs"
      )
      claim("134,507,010 against 134,489,759", counts, equals: [134_489_759, 134_507_010])
      let scores = Tensor<Double>.zeros([1, 21, 1, 2])
      let rim = Tensor(shape: [1, 1, 1, 2], elements: [7, 255])
      let asked = try crossEntropy(scores, labels: rim, reduction: .sum)
      let without = try crossEntropy(
        Tensor<Double>.zeros([1, 21, 1, 1]), labels: Tensor(shape: [1, 1, 1, 1], elements: [7]),
        reduction: .sum)
      claim(
        "an ignored pixel adds nothing to the loss",
        evidence: "\(decimal(asked, 4)) with it, \(decimal(without, 4)) without",
        holds: asked == without)

      heading("4. The copy that copies nothing")
      let blocks = ["block of pool3", "block of pool4", "block of pool5"]
      let features = vggFeatures()
      let pairs = Array(zip(features, blocks))
      prose(
        "The listing's `init_vgg16` walks along VGG16's layers and along its own network in step, and "
          + "copies where both are convolutions. VGG16's list is flat; the listing's own has three "
          + "blocks, each with its convolutions inside. Walking in step ends with the shorter list:"
      )
      table(
        ["VGG16", "the listing", "both convolutions?"],
        rows: pairs.map { [$0.name, $1, $0.isConvolution && $1.hasPrefix("conv") ? "yes" : "no"] })
      let convolutions = features.filter(\.isConvolution).count
      let copied = pairs.filter { $0.0.isConvolution && $0.1.hasPrefix("conv") }.count
      claim(
        "\(features.count) layers against \(blocks.count) blocks make \(pairs.count) pairs",
        pairs.count, equals: min(features.count, blocks.count))
      claim("of \(convolutions) convolutions, so many are copied", copied, equals: 0)
      prose(
        "Training then starts from random numbers, silently. The cure is to name the layers, to copy by "
          + "name, and to complain about every name that is missing. What is copied are tensors: one for "
          + "the kernels of a layer, one for its biases.")
      let start = net.thin().initialWeights(seed: 1)
      let stage = Network.fcn16s().thin().initialWeights(from: start, seed: 2)
      let kept = stage.filter { start[$0.key] == $0.value }.count
      claim(
        "copying by name from FCN-8s to FCN-16s keeps all but the one tensor that only 16s has",
        stage.keys.filter { start[$0] == nil }.sorted(), equals: ["upscore16.weight"])
      formula("kept: \(kept) of \(stage.count) tensors")

      heading("The rule")
      formula(
        "shapes    say that the code runs",
        "impulses  say that a pixel stays in its place",
        "counts    say that what should be there is there")

      heading("Where it breaks")
      prose(
        "An impulse finds what moves and what mixes. It does not find a wrong mean colour, or red and "
          + "blue exchanged. For those you need a known picture with known scores.")

      heading("In FCN")
      prose(
        "None of this is exotic. A loss can fall with all four mistakes in place, because the network "
          + "learns around them as far as it can: the listing trains its upsampling layers, too. With "
          + "those fixed, the second mistake would let nothing below them learn (lesson 21). Three pixels "
          + "and a copy of nothing don't crash; they cost accuracy."
      )
    }
  }
}

/// VGG16's layers before the classifier, as a flat list: convolutions, ReLUs and poolings.
private func vggFeatures() -> [(name: String, isConvolution: Bool)] {
  Network.vgg16().layers.flatMap { layer -> [(name: String, isConvolution: Bool)] in
    switch layer.operation {
    case .convolution where layer.name.hasPrefix("conv"):
      [(layer.name, true), ("ReLU", false)]
    case .maxPool: [(layer.name, false)]
    default: []
    }
  }
}

private struct Overlap {
  let name: String
  let intersection: Int
  let union: Int
  var value: Fraction { Fraction(intersection, union) }
}

/// Perfect masks moved down and to the right, compared with themselves.
private func shifted(by distance: Int) throws -> [Overlap] {
  let side = 160
  func overlap(_ name: String, _ inside: (Int, Int) -> Bool) -> Overlap {
    var (both, either) = (0, 0)
    for row in 0..<side {
      for column in 0..<side {
        let (a, b) = (inside(row, column), inside(row - distance, column - distance))
        if a && b { both += 1 }
        if a || b { either += 1 }
      }
    }
    return Overlap(name: name, intersection: both, union: either)
  }
  func disc(_ radius: Int) -> (Int, Int) -> Bool {
    { ($0 - 75) * ($0 - 75) + ($1 - 75) * ($1 - 75) <= radius * radius }
  }
  return [
    overlap("disc, radius 60", disc(60)), overlap("disc, radius 20", disc(20)),
    overlap("bar, 6 wide, 60 long") { (50..<110).contains($0) && (50..<56).contains($1) },
    overlap("bar, 4 wide, 60 long") { (50..<110).contains($0) && (50..<54).contains($1) },
  ]
}

/// Every `step`-th pixel of a label map.
func sampledLabels(_ labels: Tensor<Int>, every step: Int) -> [[Int]] {
  stride(from: step / 2, to: labels.height, by: step).map { row in
    stride(from: step / 2, to: labels.width, by: step).map { labels[0, 0, row, $0] }
  }
}
