import FastKernels
import Foundation
import Interchange
import Networks
import Primitives
import Tensors
import Testing
import Training

/// A network is judged by the labels that it gives.
@Suite struct EvaluateNetworkTests {
  private static let network = Network.fcn8s(
    classes: 6, backbone: .slim([2, 2, 3, 3, 4], classifier: 5))

  /// Random weights whose score layers are not zero.
  private static let weights: Weights<Float> = {
    var weights = network.initialWeights(seed: 7)
    var generator = SplitMix64(seed: 8)
    for name in ["score_fr", "score_pool4", "score_pool3"] {
      weights["\(name).weight"] = weights["\(name).weight"]!.map { _ in Float(generator.normal()) }
    }
    return weights
  }()

  private func fixture() throws -> Fixture {
    let fixture = try Fixture()
    try fixture.save("w.safetensors", Self.network, Self.weights)
    return fixture
  }

  private func confusion(of set: PictureSet, _ indices: some Sequence<Int>) throws -> [[Int]] {
    let fast = try FastNetwork(Self.network, weights: WeightSource(Self.weights))
    var matrix = ConfusionMatrix(classes: 6)
    for index in indices {
      let picture = try set.read(index)
      let scores = try fast.forward(
        Preprocessing.scene.input(pixels: picture.pixels, size: picture.size))
      try matrix.add(
        truth: picture.labels, labels: argmax(scores).elements.map { UInt8($0) })
    }
    return matrix.counts
  }

  @Test func `scenes by their number and seed`() throws {
    let outcome = try fixture().run(
      "evaluate --weights w.safetensors --scenes 2 --seed 9 --preprocess scene --format json")
    #expect(outcome.code == 0 && outcome.error.isEmpty, "\(outcome.error)")
    let answer = try JSONDecoder().decode(EvaluateAnswer.self, from: Data(outcome.output.utf8))
    #expect(answer.network == "fcn8s" && answer.preprocess == "scene" && answer.data == "scenes")
    #expect(answer.pictures == 2 && answer.pixels == 2 * 128 * 128)
    #expect(answer.confusion == (try confusion(of: .scenes(count: 2, seed: 9), 0..<2)))
    #expect(answer.classes.count == 6)
  }

  @Test func `a folder in VOC's layout, and its ignored pixels`() throws {
    let fixture = try fixture()
    #expect(try fixture.run("scene --voc set --count 10 --seed 3 --size 24x30").code == 0)
    let set = PictureSet.scenes(count: 10, seed: 3, size: Size(height: 24, width: 30))
    let line = "evaluate --weights w.safetensors --voc set --preprocess scene --format json"
    let outcome = try fixture.run(line)
    #expect(outcome.code == 0 && outcome.error.isEmpty, "\(outcome.error)")
    let answer = try JSONDecoder().decode(EvaluateAnswer.self, from: Data(outcome.output.utf8))
    #expect(answer.pictures == 2 && answer.data == "voc")
    #expect(answer.confusion == (try confusion(of: set, [4, 9])))

    // The first row of one picture becomes a border: its pixels are not counted.
    let path = fixture.path("set/SegmentationClass/scene-4.png")
    var labels = try LabelMap(contentsOf: path)
    for column in 0..<30 { labels[row: 0, column: column] = 255 }
    try AtomicFile.write(PNGWriter.encode(labels), to: path)
    let less = try JSONDecoder().decode(
      EvaluateAnswer.self, from: Data(fixture.run(line).output.utf8))
    #expect(less.pixels == answer.pixels - 30)
  }

  @Test func `what cannot work is refused`() throws {
    let fixture = try fixture()
    try fixture.save("three.safetensors", TinyNetwork.network, TinyNetwork.weights)
    #expect(try fixture.run("scene --voc set --count 5 --size 20").code == 0)
    try fixture.makeFolder("bare")
    var wild = Self.weights
    wild["score_fr.bias"] = wild["score_fr.bias"]!.map { _ in Float.greatestFiniteMagnitude }
    wild["score_pool4.bias"] = wild["score_fr.bias"]
    try fixture.save("wild.safetensors", Self.network, wild)
    let w = "--weights w.safetensors"
    let cases: [(line: String, code: Int32, words: String)] = [
      ("--network fcn-alexnet", 64, "--weights is missing"),
      ("\(w) --voc set --scenes 3", 64, "leave out one"),
      ("\(w) --set val", 64, "--set names a list of --voc"), ("\(w) --scenes 0", 64, "from 1 to"),
      ("\(w) --network fcn9s", 64, "did you mean fcn8s?"),
      ("\(w) --classes 6", 64, "--classes does not go with --weights"),
      ("--weights none.safetensors", 66, "none.safetensors"),
      ("\(w) --voc none", 66, "the folder none doesn't exist"),
      ("\(w) --voc bare", 66, "has no folder JPEGImages in it"),
      ("\(w) --voc . ", 66, "did you mean ./set?"),
      ("\(w) --voc set --set test", 66, "no list test.txt; it has train, trainval, val"),
      ("--weights three.safetensors", 65, "three.safetensors has 3 classes, and synthetic scenes"),
      (
        "--weights wild.safetensors --voc set", 65,
        "set/JPEGImages/scene-4.png: the network gives scores that are infinite"
      ),
      (
        "--weights three.safetensors --voc set", 65,
        "convbook: set/SegmentationClass/scene-4.png has the label"
      ),
      ("--weights three.safetensors --voc set", 65, "labels must be from 0 to 2, or 255"),
    ]
    for (line, code, words) in cases {
      let outcome = try fixture.run("evaluate \(line)")
      #expect(outcome.code == code, "\(line): \(outcome.error)")
      #expect(outcome.output.isEmpty, "\(line)")
      #expect(outcome.error.split(separator: "\n").count == 1, "\(line): \(outcome.error)")
      #expect(outcome.error.contains(words), "\(line): \(outcome.error)")
    }
  }
}
