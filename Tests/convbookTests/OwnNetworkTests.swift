import FastKernels
import Foundation
import Interchange
import Networks
import Tensors
import Testing
import Training

/// Networks that are the reader's own, run with weights.
@Suite struct OwnNetworkTests {
  /// A small network of one score for each of 3 classes and each pixel.
  private static let text = """
    a = conv 20 k3 p1 nobias; b = bn relu;  pool = max k2
    c = conv 24 k3 p1; d = hardswish;  e = up 2 bilinear
    join = cat e b;  score = conv 3 k1;  labels = softmax
    """

  private static func described(_ text: String) throws -> Network {
    try Network.described(by: text).network
  }

  private static func weights(_ network: Network) -> Weights<Float> {
    var generator = SplitMix64(seed: 3)
    var weights = network.initialWeights(seed: 3)
    for name in weights.keys.sorted() {
      let isVariance = name.hasSuffix("running_var")
      weights[name] = weights[name]!.map {
        let change = Float(generator.normal()) / 4
        return isVariance ? 1 + abs(change) : $0 + change
      }
    }
    return weights
  }

  /// net.txt, its weights in w.safetensors, a picture in x.npy and one in a.png.
  private func fixture() throws -> Fixture {
    let fixture = try Fixture()
    try save(Self.text, in: fixture)
    var generator = SplitMix64(seed: 4)
    try fixture.save(
      "x.npy", [2, 3, 8, 12], (0..<2 * 3 * 8 * 12).map { _ in Float(generator.normal()) })
    try fixture.savePicture("a.png", width: 12, height: 8, seed: 1)
    return fixture
  }

  private func save(_ text: String, in fixture: Fixture) throws {
    let network = try Self.described(text)
    try fixture.save("net.txt", Array(text.utf8))
    try fixture.save("w.safetensors", network, Self.weights(network))
  }

  @Test func `forward gives what the network is defined to give`() throws {
    let fixture = try fixture()
    let network = try Self.described(Self.text)
    let x = try fixture.load("x.npy").rounded(to: Float.self)
    let expected = try network.forward(x, weights: Self.weights(network))
    for options in ["--no-cache", "--exact --threads 1", ""] {
      let outcome = try fixture.run(
        "forward net.txt --weights w.safetensors --input x.npy --output y.npy \(options)")
      #expect(outcome.code == 0 && outcome.error.isEmpty, "\(outcome.error)")
      let y = try fixture.load("y.npy").rounded(to: Float.self)
      // Probabilities of sums of at most 216 products.
      #expect(y.difference(from: expected, relative: 0, absolute: 1e-5) == nil, "\(options)")
    }
  }

  @Test func `PyTorch's count of batches is no tensor of a network`() throws {
    let fixture = try fixture()
    let network = try Self.described(Self.text)
    let tensors = network.parameters.map { ($0.name, Self.weights(network)[$0.name]!) }
    try fixture.save(
      "w.safetensors",
      tensors: tensors + [("b.num_batches_tracked", Tensor(shape: [1], elements: [7]))])
    let outcome = try fixture.run(
      "forward net.txt --weights w.safetensors --input x.npy --output y.npy --no-cache")
    #expect(outcome.code == 0, "\(outcome.error)")
  }

  @Test func `segment labels pictures with it`() throws {
    let fixture = try fixture()
    let outcome = try fixture.run(
      "segment a.png --network net.txt --weights w.safetensors --output l.png --format json")
    #expect(outcome.code == 0 && outcome.error.isEmpty, "\(outcome.error)")
    let network = try Self.described(Self.text)
    let picture = Fixture.picture(width: 12, height: 8, seed: 1)
    let input = Preprocessing.caffe.input(
      pixels: picture.pixels, size: Size(height: 8, width: 12))
    let scores = try network.forward(input, weights: Self.weights(network))
    let labels = argmax(scores).elements.map(Int.init)
    let answer = try #require(
      JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    #expect(answer["network"] as? String == "net.txt")
    let pictures = try #require(answer["pictures"] as? [[String: Any]])
    let classes = try #require(pictures.first?["classes"] as? [[String: Any]])
    for (index, row) in classes.enumerated() {
      #expect(row["pixels"] as? Int == labels.count { $0 == index }, "\(row)")
    }
  }

  @Test func `a picture that would not come back as large is continued, and its labels cut`() throws
  {
    let fixture = try fixture()
    // Enlarged twofold what was halved, odd sizes come back one less.
    try fixture.savePicture("odd.png", width: 11, height: 7, seed: 2)
    try save("a = conv 4 k3 p1 relu; max k2; conv 3 k1; up 2", in: fixture)
    let outcome = try fixture.run(
      "segment odd.png --network net.txt --weights w.safetensors --output l.png")
    #expect(outcome.code == 0, "\(outcome.error)")
    #expect(outcome.output.contains("11×7") || outcome.output.contains("7×11"))
  }

  @Test(arguments: ["same-upper", "same-lower"])
  func `padding by a rule is that of the picture, whatever size the text names`(rule: String) throws
  {
    let fixture = try fixture()
    try fixture.savePicture("even.png", width: 8, height: 8, seed: 3)
    // A row and a column are added to 7×7, since 8 cells come out of 7: then the padding is that of 8.
    try fixture.savePicture("odd.png", width: 7, height: 7, seed: 4)
    func labels(_ picture: String, _ input: String) throws -> Data {
      try save("input \(input)\na = conv 4 k3 s2 \(rule)\nup 2", in: fixture)
      let outcome = try fixture.run(
        "segment \(picture) --network net.txt --weights w.safetensors --output l.png")
      #expect(outcome.code == 0, "\(outcome.error)")
      return try Data(contentsOf: fixture.folder.appending(path: "l.png"))
    }
    for picture in ["even.png", "odd.png"] {
      #expect(try labels(picture, "3x9x9") == labels(picture, "3x8x8"), "\(picture)")
    }
    let two = try fixture.run(
      "segment even.png odd.png --network net.txt --weights w.safetensors --output labels")
    #expect(two.code == 0, "\(two.error)")
  }

  @Test func `benchmark says how each layer is computed`() throws {
    let fixture = try fixture()
    let outcome = try fixture.run("benchmark net.txt --input 16 --rounds 1 --format json")
    let answer = try #require(
      JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    let layers = try #require(answer["layers"] as? [[String: Any]])
    #expect(
      layers.map { "\($0["name"] ?? "") \($0["output"] ?? "")" } == [
        "a b_relu", "pool pool", "c c", "d d", "e e", "join join", "score score", "labels labels",
      ])
    #expect(
      answer["multiplyAdds"] as? Int == 16 * 16 * 20 * 27 + 8 * 8 * 24 * 180 + 16 * 16 * 3 * 44)
  }

  @Test func `a name from outside does not steer the terminal`() throws {
    let fixture = try fixture()
    try fixture.save("a\u{1B}[2J.txt", Array("conv 4 k3; up 2; crop to input at 0".utf8))
    for line in ["network a\u{1B}[2J.txt --input 8", "benchmark a\u{1B}[2J.txt --input 8"] {
      let outcome = try fixture.run(line)
      #expect(outcome.code == 0, "\(outcome.error)")
      #expect(outcome.output.contains("a\\x1B[2J.txt on a picture of 8×8"), "\(outcome.output)")
      #expect(!outcome.output.contains("\u{1B}"))
    }
  }

  @Test func `what cannot be run is refused in a sentence`() throws {
    let fixture = try fixture()
    let w = "--weights w.safetensors"
    try fixture.save("lines.txt", Array("conv1d 4 k3".utf8))
    try fixture.save("small.txt", Array("conv 3 k3 s2".utf8))
    try fixture.save("holes.txt", Array("x = conv 3 k3; y = cnv 3".utf8))
    let small = try Self.described("conv 3 k3 s2")
    try fixture.save("small.safetensors", small, Self.weights(small))
    try fixture.save("vast.txt", Array("up 1000 x2".utf8))
    try fixture.save("large.txt", Array("up 1000".utf8))
    try fixture.save("class.txt", Array("conv 999 k3; avg global".utf8))
    try fixture.save("gray.txt", Array("input 1; conv 999 k3; avg global".utf8))
    let classifier = try Self.described("conv 999 k3; avg global")
    try fixture.save("class.safetensors", classifier, Self.weights(classifier))
    var damaged = Self.weights(small)
    damaged["conv1.weight"]![5] = .nan
    try fixture.save("damaged.safetensors", small, damaged)
    for (line, code, words) in [
      (
        "forward net.txt --input x.npy --output y.npy", Int32(64),
        "net.txt has no weights of its own"
      ),
      (
        "forward none.txt \(w) --input x.npy --output y.npy", 66, "none.txt cannot be opened"
      ),
      (
        "forward small.txt \(w) --input x.npy --output y.npy", 65, "they are of one with batch norm"
      ),
      ("forward holes.txt \(w) --input x.npy --output y.npy", 65, "line 1, column 20"),
      ("forward net.txt \(w) --input x.npy --output w.safetensors", 64, "w.safetensors"),
      ("forward net.txt \(w) --input x.npy --output net.txt", 64, "net.txt"),
      (
        "forward small.txt --weights damaged.safetensors --input x.npy --output y.npy", 65,
        "not a number (NaN) in 1 tensor of 2: conv1.weight (1 of 81)"
      ),
      ("segment a.png --network net.txt", 64, "net.txt has no weights of its own"),
      (
        "segment a.png --network small.txt --weights small.safetensors", 65,
        "small.txt gives 3×111×111 for a picture of 224×224"
      ),
      ("segment a.png --network none.txt \(w)", 66, "none.txt cannot be opened"),
      (
        "segment a.png --network class.txt --weights class.safetensors", 65,
        "class.txt gives 999×1×1 for a picture of 224×224, and segment needs one score"
      ),
      (
        "segment a.png --network gray.txt --weights class.safetensors", 65, "the weights do not fit"
      ),
      ("network conv 64 k3", 64, "a network in words stands in quotes"),
      ("benchmark vast.txt --input 900", 65, "have more than 2⁴⁸ numbers"),
      ("benchmark large.txt --input 900", 65, "of memory"),
      ("benchmark holes.txt", 65, "line 1, column 20"),
    ] {
      let before = fixture.files
      let outcome = try fixture.run(line)
      #expect(outcome.code == code, "\(line): \(outcome.error)")
      #expect(outcome.error.contains(words), "\(line): \(outcome.error)")
      #expect(outcome.error.split(separator: "\n").count == 1, "\(line): \(outcome.error)")
      #expect(fixture.files == before, "\(line) left files behind")
    }
  }

  @Test func `evaluate judges it on pictures`() throws {
    let fixture = try Fixture()
    let text = "a = conv 8 k3 p1 relu; max k2; up 2; score = conv 6 k1"
    let network = try Self.described(text)
    let weights = Self.weights(network)
    try fixture.save("net.txt", Array(text.utf8))
    try fixture.save("w.safetensors", network, weights)
    let outcome = try fixture.run(
      "evaluate --network net.txt --weights w.safetensors --scenes 2 --preprocess scene --format json"
    )
    #expect(outcome.code == 0 && outcome.error.isEmpty, "\(outcome.error)")
    struct Answer: Decodable {
      let network: String
      let confusion: [[Int]]
    }
    let answer = try JSONDecoder().decode(Answer.self, from: Data(outcome.output.utf8))
    let fast = try FastNetwork(network, weights: WeightSource(weights))
    let scenes = PictureSet.scenes(count: 2, seed: 0)
    var expected = Array(repeating: Array(repeating: 0, count: 6), count: 6)
    for index in 0..<2 {
      let picture = try scenes.read(index)
      let scores = try fast.forward(
        Preprocessing.scene.input(pixels: picture.pixels, size: picture.size))
      for (truth, label) in zip(picture.labels, argmax(scores).elements) {
        expected[Int(truth)][Int(label)] += 1
      }
    }
    #expect(answer.network == "net.txt" && answer.confusion == expected)
    let bare = try fixture.run("evaluate --network net.txt --scenes 2")
    #expect(bare.code == 64 && bare.error.contains("has no weights of its own"), "\(bare.error)")
  }
}
