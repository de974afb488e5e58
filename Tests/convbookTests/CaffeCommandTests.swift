import Foundation
import Interchange
import Tensors
import Testing

/// `convbook network deploy.prototxt`, and its `.caffemodel` run.
@Suite struct CaffeCommandTests {
  /// A small network, its weights, pictures and what Caffe's rules make of them, by make_caffe.py there.
  private static let files = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "Fixtures/caffe")

  private func fixture(_ change: (inout String) -> Void = { _ in }) throws -> Fixture {
    let fixture = try Fixture()
    for name in ["net.caffemodel", "x.npy"] {
      try fixture.save(name, [UInt8](Data(contentsOf: Self.files.appending(path: name))))
    }
    var text = try String(
      contentsOf: Self.files.appending(path: "deploy.prototxt"), encoding: .utf8)
    change(&text)
    try fixture.save("deploy.prototxt", Array(text.utf8))
    return fixture
  }

  private let forward =
    "forward deploy.prototxt --weights net.caffemodel --input x.npy --output y.npy"

  @Test(arguments: ["", " --exact"])
  func `a network runs with its weights as both were published`(option: String) throws {
    let fixture = try fixture()
    let outcome = try fixture.run(forward + option)
    #expect(outcome.code == 0, "\(outcome.error)")
    #expect(
      outcome.error
        == "convbook: net.caffemodel: of no layer here, not used: loss1/classifier.weight, "
        + "loss1/classifier.bias\n")
    let expected = try NPYReader.read(path: Self.files.appending(path: "y.npy").path)
    // 32-bit sums, against PyTorch's in 64 bits, of probabilities.
    #expect(
      try fixture.load("y.npy").rounded(to: Float.self)
        .difference(from: expected.rounded(to: Float.self), relative: 1e-5, absolute: 1e-6) == nil)
  }

  @Test func `weights that are missing or of another shape are named`() throws {
    let another = try fixture { $0 = $0.replacing("num_output: 5", with: "num_output: 6") }
    let shape = try another.run(forward)
    #expect(shape.code == 65 && shape.error.contains("fc.weight"), "\(shape.error)")
    let renamed = try fixture { $0 = $0.replacing("name: \"bias\"", with: "name: \"bios\"") }
    let missing = try renamed.run(forward)
    #expect(missing.code == 65 && missing.error.contains("bios.bias"), "\(missing.error)")
    let unknown = try fixture { $0 = $0.replacing("\"Bias\"", with: "\"Twist\"") }
    let refused = try unknown.run(forward)
    #expect(refused.code == 65 && refused.error.contains("Twist"), "\(refused.error)")
    #expect(!unknown.files.contains("y.npy"))
  }

  private struct Answer: Decodable {
    struct Layer: Decodable {
      let name: String
      let kind: String
      let inputs: [String]
      let output: [Int]?
      let parameters: Int?
      let cropOffset: Int?
      let derivedCropOffset: Int?
    }
    let network: String
    let layers: [Layer]
  }

  private func answer(_ fixture: Fixture, _ line: String) throws -> Answer {
    let outcome = try fixture.run("network deploy.prototxt --format json \(line)")
    #expect(outcome.code == 0, "\(outcome.error)")
    return try JSONDecoder().decode(Answer.self, from: Data(outcome.output.utf8))
  }

  @Test func `its table, and what is not the book's as null`() throws {
    let fixture = try fixture { $0 = $0.replacing("\"PReLU\"", with: "\"Twist\"") }
    let answer = try answer(fixture, "")
    let layers = Dictionary(uniqueKeysWithValues: answer.layers.map { ($0.name, $0) })
    #expect(answer.network == "small" && answer.layers.first?.output == [3, 11, 14])
    #expect(layers["pool"]?.output == [4, 3, 4] && layers["pool"]?.inputs == ["relu"])
    #expect(layers["upc"]?.output == [4, 6, 7] && layers["upc"]?.inputs == ["up", "relu"])
    #expect(layers["scale"]?.parameters == 4 + 4)
    #expect(layers["prelu"]?.kind == "Twist" && layers["prelu"]?.output == nil)
    #expect(layers["prob"]?.output == nil)
    // Down 2 and 2, up 2: ½x − ¼ and back, 2·that + 3/2: the crop of 1 is right.
    #expect(layers["upc"]?.cropOffset == 1 && layers["upc"]?.derivedCropOffset == 1)
  }

  @Test func `a crop that is written wrong is used, and the right one said`() throws {
    let fixture = try fixture { $0 = $0.replacing("offset: 1", with: "offset: 0") }
    let crop = try #require(try answer(fixture, "").layers.first { $0.name == "upc" })
    #expect(crop.cropOffset == 0 && crop.derivedCropOffset == 1)
    let table = try fixture.run("network deploy.prototxt").output
    #expect(table.contains("offset 0, as written; 1 would lay the two together"))
  }

  @Test(arguments: [
    (
      "network deploy.prototxt", 65,
      "deploy.prototxt, line 7, column 46: bn reads \"cnov\", which no layer makes; did you mean \"conv\"?"
    ),
    ("network missing.prototxt", 66, "missing.prototxt"),
    ("network deploy.prototxt --phase train", 65, "line 7"),
    ("network deploy.prototxt --phase trian", 64, "train"),
    ("network vgg16 --phase train", 64, "--phase is for .prototxt files"),
    ("network deploy.prototxt --input 1x2x3x4", 64, "--input is"),
    ("benchmark deploy.prototxt --rounds 1", 65, "line 7"),
  ]) func `what is wrong, in one sentence with its exit code`(
    line: String, code: Int32, words: String
  ) throws {
    let fixture = try fixture {
      $0 = $0.replacing("\"BatchNorm\" bottom: \"conv\"", with: "\"BatchNorm\" bottom: \"cnov\"")
    }
    let outcome = try fixture.run(line)
    #expect(outcome.code == code && outcome.error.contains(words), "\(outcome.error)")
    #expect(outcome.output.isEmpty && outcome.error.split(separator: "\n").count == 1)
  }

  @Test func `of weights that are shared a file may have those of the first layer alone`() throws {
    func layer(_ name: String, _ bottom: String, _ rest: String) -> String {
      "layer { name: '\(name)' type: 'Convolution' bottom: '\(bottom)' top: '\(name)' \(rest)"
        + " convolution_param { num_output: 3 kernel_size: 3 pad: 1 } }\n"
    }
    let shared = "param { name: 'w' } param { name: 'b' }"
    let fixture = try Fixture()
    try fixture.save(
      "net.prototxt",
      Array(
        ("input: 'data' input_dim: [1, 3, 8, 8]\n" + layer("a", "data", shared)
          + layer("b", "a", shared)).utf8))
    try fixture.save("net.txt", Array("a = conv 3 k3 p1; b = conv 3 k3 p1".utf8))
    var generator = SplitMix64(seed: 5)
    func tensor(_ shape: Shape) -> Tensor<Float> {
      Tensor(shape: shape, elements: (0..<shape.count).map { _ in Float(generator.normal()) })
    }
    let (weight, bias) = (tensor([3, 3, 3, 3]), tensor([3]))
    try fixture.save("one.safetensors", tensors: [("a.weight", weight), ("a.bias", bias)])
    try fixture.save(
      "two.safetensors",
      tensors: [("a.weight", weight), ("a.bias", bias), ("b.weight", weight), ("b.bias", bias)])
    try fixture.save("x.npy", [1, 3, 8, 8], tensor([1, 3, 8, 8]).elements)
    for line in [
      "net.txt --weights two.safetensors --output two.npy",
      "net.prototxt --weights one.safetensors --output one.npy",
    ] {
      let outcome = try fixture.run("forward \(line) --input x.npy --no-cache")
      #expect(outcome.code == 0 && outcome.error.isEmpty, "\(outcome.error)")
    }
    #expect(try fixture.load("one.npy") == fixture.load("two.npy"))
    let table = try fixture.run("network net.prototxt")
    #expect(table.output.contains("shared with a"), "\(table.output)")
    let json = try fixture.run("network net.prototxt --format json")
    #expect(
      json.output.contains("\n  \"parameters\": \(3 * 3 * 9 + 3),\n"), "\(json.output)")
  }
}
