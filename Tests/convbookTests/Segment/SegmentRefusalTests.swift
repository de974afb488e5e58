import Foundation
import Networks
import Tensors
import Testing
import Training

/// What cannot work is refused in one sentence, before any work and without a file left behind.
@Suite struct SegmentRefusalTests {
  private func fixture() throws -> Fixture {
    let fixture = try Fixture()
    try fixture.save("w.safetensors", TinyNetwork.network, TinyNetwork.weights)
    try fixture.savePicture("a.png", width: 20, height: 10, seed: 1)
    for folder in ["one", "two", "out", "none"] {
      try FileManager.default.createDirectory(
        at: fixture.folder.appendingPathComponent(folder), withIntermediateDirectories: false)
    }
    try fixture.savePicture("one/a.png", width: 9, height: 9, seed: 2)
    try fixture.savePicture("two/a.ppm", width: 9, height: 9, seed: 3)
    try fixture.save("empty.png", [])
    try fixture.save("text.png", Array("hello, I am no picture".utf8))
    let whole = try Data(contentsOf: fixture.folder.appendingPathComponent("a.png"))
    try fixture.save("half.png", Array(whole.prefix(whole.count / 2)))
    try fixture.save("vast.ppm", Array("P6 100000 100000 255\n".utf8))
    try fixture.save("big.ppm", Array("P6 30000 30000 255\n".utf8))
    return fixture
  }

  private func check(
    _ fixture: Fixture, _ cases: [(line: String, code: Int32, words: String)]
  ) throws {
    for (line, code, words) in cases {
      let before = fixture.everyFile
      let outcome = try fixture.run("segment \(line)")
      #expect(outcome.code == code, "\(line): \(outcome.error)")
      #expect(outcome.output.isEmpty, "\(line): \(outcome.output)")
      #expect(outcome.error.hasPrefix("convbook: "), "\(line): \(outcome.error)")
      #expect(outcome.error.split(separator: "\n").count == 1, "\(line): \(outcome.error)")
      #expect(outcome.error.contains(words), "\(line): \(outcome.error)")
      #expect(fixture.everyFile == before, "\(line) left files behind")
    }
  }

  @Test func `wrong use`() throws {
    let w = "--weights w.safetensors"
    try check(
      fixture(),
      [
        ("", 64, "which picture?"), ("a.png --network fcn-alexnet", 64, "--weights is missing"),
        ("a.png \(w) --network fcn9s", 64, "did you mean fcn8s?"),
        ("a.png \(w) --network vgg16", 64, "vgg16 does not label pictures"),
        ("a.png \(w) --preprocess cafe", 64, "did you mean caffe?"),
        ("a.png \(w) --threads 0", 64, "from 1 to 1024"),
        ("a.png \(w) --show --format json", 64, "leave out one"),
        ("a.png \(w) --output a.png", 64, "would replace the input a.png"),
        ("a.png \(w) --output ./out/../a.png", 64, "would replace the input a.png"),
        ("a.png \(w) --overlay w.safetensors", 64, "w.safetensors ends in .safetensors"),
        ("a.png \(w) --output x.png --overlay ./x.png", 64, "two outputs of a.png"),
        ("one two \(w) --output out", 64, "one/a.png and two/a.ppm would write the same file"),
        ("one two \(w) --heatmaps out", 64, "would have the same names"),
        ("one \(w) --output one", 64, "would replace the input one/a.png"),
        ("one \(w) --output out --overlay ./out/", 64, "--overlay are the same folder, out"),
        ("one \(w) --output new --overlay ./new/", 64, "--overlay are the same folder, new"),
        (
          "a.png \(w) --output x.jpg", 64,
          "x.jpg ends in .jpg, but a label map is written as .png or"
        ),
        ("a.png \(w) --output x.npy", 64, "x.npy ends in .npy"),
        ("a.png \(w) --output x.ppm", 64, "x.ppm ends in .ppm, but a label map"),
        ("a.png \(w) --overlay x.webp", 64, "a picture is written as .png or .ppm"),
        (
          "a.png \(w) --output one/a-1-class-1.png --heatmaps one", 64,
          "the heat map one/a-1-class-1.png would replace one/a-1-class-1.png"
        ),
      ])
  }

  @Test func `outputs that cannot be written`() throws {
    let w = "--weights w.safetensors"
    try check(
      fixture(),
      [
        ("a.png \(w) --output nowhere/x.png", 73, "the folder nowhere doesn't exist"),
        ("a.png \(w) --overlay nowhere/x.png", 73, "the folder nowhere doesn't exist"),
        ("a.png \(w) --heatmaps nowhere/maps", 73, "the folder nowhere doesn't exist"),
        ("a.png \(w) --heatmaps a.png", 73, "a.png is no folder"),
        ("a.png \(w) --output out", 73, "it is a folder"),
        ("one \(w) --output nowhere/out/", 73, "the folder nowhere doesn't exist"),
        ("one \(w) --output a.png", 73, "a.png is no folder"),
        ("a.png \(w) --output a.png/x.png", 73, "a.png is no folder"),
      ])
  }

  @Test func `pictures that cannot be read`() throws {
    let rest = "--weights w.safetensors --output x.png"
    try check(
      fixture(),
      [
        ("missing.png \(rest)", 66, "missing.png cannot be opened"),
        ("empty.png \(rest)", 65, "empty.png: the picture file is empty"),
        ("text.png \(rest)", 65, "text.png: the file is no picture"),
        ("w.safetensors --weights w.safetensors --output x.png", 65, "no picture"),
        ("half.png \(rest)", 65, "half.png: "),
        ("vast.ppm \(rest)", 65, "at most 200000000 pixels"),
        ("big.ppm \(rest) --maximum-pixels 1000000000", 65, "big.ppm: "),
        ("a.png \(rest) --maximum-pixels 199", 65, "at most 199 pixels"),
        ("none --weights w.safetensors --output out", 66, "the folder none holds no picture"),
      ])
  }

  @Test func `weights that do not fit`() throws {
    let fixture = try fixture()
    let (network, weights) = (TinyNetwork.network, TinyNetwork.weights)
    try fixture.save("few.safetensors", network, weights, without: ["conv3_2.bias", "fc7.weight"])
    var wrong = weights
    wrong["conv4_2.weight"] = .zeros([3, 3, 5, 5])
    try fixture.save("wrong.safetensors", network, wrong)
    wrong = weights
    wrong["fc7.bias"]!.elements[2] = .nan
    try fixture.save("nan.safetensors", network, wrong)
    let classifier = Network.vgg16(classes: 4, backbone: .slim([2, 2, 2, 2, 2], classifier: 3))
    try fixture.save("vgg.safetensors", classifier, classifier.initialWeights())
    try fixture.save("odd.safetensors", tensors: [("a", .zeros([2])), ("b", .zeros([1]))])
    try fixture.save("empty.safetensors", [])
    let rest = "--output x.png --weights"
    try check(
      fixture,
      [
        ("a.png \(rest) none.pth", 66, "none.pth cannot be opened"),
        ("a.png \(rest) out", 66, "out is a folder"),
        ("a.png \(rest) empty.safetensors", 65, "it is empty"),
        ("a.png \(rest) a.png", 65, "it is a picture"),
        ("a.png \(rest) few.safetensors", 65, "missing 2 tensors (conv3_2.bias, fc7.weight)"),
        (
          "a.png \(rest) wrong.safetensors", 65,
          "conv4_2.weight got (3, 3, 5, 5), expected (3, 3, 3, 3)"
        ),
        ("a.png \(rest) nan.safetensors", 65, "fc7.bias"),
        ("a.png \(rest) vgg.safetensors", 65, "holds the classifier VGG16"),
        ("a.png \(rest) odd.safetensors", 65, "no known network"),
        ("a.png \(rest) w.safetensors --network fcn32s", 65, "unknown 7 tensors"),
      ])
  }
}

extension Fixture {
  /// The paths of all files in the folder and in those inside.
  fileprivate var everyFile: Set<String> {
    Set(FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String } ?? [])
  }
}
