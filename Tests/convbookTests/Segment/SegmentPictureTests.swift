import FastKernels
import Foundation
import Interchange
import Networks
import Tensors
import Testing

/// Pictures go in, labels come out: those with the highest score.
@Suite struct SegmentPictureTests {
  private let fixtures = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("Fixtures/Segment")

  /// See Fixtures/Segment/make.py.
  @Test func `labels of a photograph are PyTorch's`() throws {
    let fixture = try Fixture()
    let picture = fixtures.appendingPathComponent("scene.jpg").path
    let weights = fixtures.appendingPathComponent("slim.safetensors").path
    let outcome = try Convbook.run(
      ["segment", picture, "--weights", weights, "--output", "labels.png"], in: fixture.folder)
    #expect(outcome.code == 0, "\(outcome.error)")

    let ours = try LabelMap(contentsOf: fixture.path("labels.png"))
    let theirs = try LabelMap(contentsOf: fixtures.appendingPathComponent("labels.png").path)
    #expect((ours.width, ours.height) == (500, 375))
    // Sums in another order differ in the last bits, and with them labels where two scores meet.
    let different = zip(ours.labels, theirs.labels).count { $0 != $1 }
    #expect(different * 10_000 <= ours.labels.count, "\(different) labels differ")
  }

  @Test func `labels, overlay, heat maps and shares are those of the scores`() throws {
    let fixture = try Fixture()
    try fixture.save("w.safetensors", TinyNetwork.network, TinyNetwork.weights)
    try fixture.savePicture("in.png", width: 41, height: 30, seed: 1)
    try FileManager.default.createDirectory(
      at: fixture.folder.appendingPathComponent("maps"), withIntermediateDirectories: false)
    let outcome = try fixture.run(
      "segment in.png --weights w.safetensors --output labels.png --overlay over.png "
        + "--heatmaps maps --preprocess scene --format json")
    #expect(outcome.code == 0, "\(outcome.error)")

    let picture = Fixture.picture(width: 41, height: 30, seed: 1)
    let size = Size(height: 30, width: 41)
    let scores = try FastNetwork(TinyNetwork.network, weights: WeightSource(TinyNetwork.weights))
      .forward(Preprocessing.scene.input(pixels: picture.pixels, size: size))
    let expected = LabelMap(
      width: 41, height: 30, labels: argmax(scores).elements.map { UInt8($0) })
    #expect(try LabelMap(contentsOf: fixture.path("labels.png")) == expected)
    #expect(
      try Picture(contentsOf: fixture.path("over.png")) == picture.overlaid(with: expected))

    let answer = try JSONDecoder().decode(Answer.self, from: Data(outcome.output.utf8))
    #expect(answer.network == "fcn8s" && answer.preprocess == "scene")
    let result = try #require(answer.pictures.first)
    #expect((result.height, result.width) == (30, 41))
    #expect(result.classes.map(\.class) == [0, 1, 2])
    for index in 0..<3 {
      let pixels = expected.labels.count { $0 == index }
      #expect(result.classes[index].pixels == pixels)
      #expect(result.classes[index].share == Double(pixels) / (30 * 41))
      let plane = scores.elements[index * 30 * 41..<(index + 1) * 30 * 41]
      let mean = plane.reduce(0) { $0 + Double($1) } / (30 * 41)
      #expect(abs(result.classes[index].meanScore - mean) <= 1e-9 * max(1, abs(mean)))
    }

    let probabilities = softmax(scores).elements
    #expect(result.heatmaps == (0..<3).map { "maps/in-\($0)-class-\($0).png" })
    for (index, path) in result.heatmaps.enumerated() {
      let map = HeatMap.picture(
        of: Array(probabilities[index * 30 * 41..<(index + 1) * 30 * 41]), width: 41, height: 30)
      #expect(try Picture(contentsOf: fixture.path(path)) == map)
    }
  }

  @Test func `one bad picture of a folder does not stop the rest`() throws {
    let fixture = try Fixture()
    try fixture.save("w.safetensors", TinyNetwork.network, TinyNetwork.weights)
    for folder in ["in", "out"] {
      try FileManager.default.createDirectory(
        at: fixture.folder.appendingPathComponent(folder), withIntermediateDirectories: false)
    }
    try fixture.savePicture("in/a.png", width: 20, height: 10, seed: 1)
    try fixture.save("in/b.png", Array("no picture".utf8))
    try fixture.savePicture("in/c.ppm", width: 10, height: 20, seed: 2)
    try fixture.save("in/notes.txt", Array("not looked at".utf8))
    let outcome = try fixture.run("segment in --weights w.safetensors --output out")
    #expect(outcome.code == 65)
    #expect(outcome.error.contains("in/b.png: the file is no picture"), "\(outcome.error)")
    #expect(outcome.error.hasSuffix("1 of 3 pictures could not be segmented\n"))
    #expect(outcome.output.contains("in/a.png: 10×20 pixels"))
    #expect(try LabelMap(contentsOf: fixture.path("out/a.png")).height == 10)
    #expect(try LabelMap(contentsOf: fixture.path("out/c.png")).height == 20)
    #expect(try FileManager.default.contentsOfDirectory(atPath: fixture.path("out")).count == 2)
  }

  @Test func `the folders are made, and pictures of other kinds are named`() throws {
    let fixture = try Fixture()
    try fixture.save("w.safetensors", TinyNetwork.network, TinyNetwork.weights)
    try FileManager.default.createDirectory(
      at: fixture.folder.appendingPathComponent("in/inner.png"), withIntermediateDirectories: true)
    try fixture.savePicture("in/a.png", width: 20, height: 10, seed: 1)
    for name in ["b.webp", "c.TIFF", "notes.txt"] { try fixture.save("in/\(name)", [1]) }
    let outcome = try fixture.run(
      "segment in --weights w.safetensors --output out/ --overlay over --heatmaps maps")
    #expect(outcome.code == 0, "\(outcome.error)")
    #expect(
      outcome.error.hasPrefix(
        "convbook: 2 pictures of other kinds are left out (in/b.webp, in/c.TIFF); save them as PNG"),
      "\(outcome.error)")
    #expect(try LabelMap(contentsOf: fixture.path("out/a.png")).height == 10)
    #expect(try Picture(contentsOf: fixture.path("over/a.png")).height == 10)
    #expect(try Picture(contentsOf: fixture.path("maps/a-2-class-2.png")).height == 10)

    try FileManager.default.removeItem(atPath: fixture.path("in/a.png"))
    let none = try fixture.run("segment in --weights w.safetensors --output out")
    #expect(
      none.code == 66 && none.error.contains("and 2 pictures of other kinds"), "\(none.error)")
  }

  @Test func `a file is what its name says`() throws {
    let fixture = try Fixture()
    try fixture.save("w.safetensors", TinyNetwork.network, TinyNetwork.weights)
    try fixture.savePicture("in.png", width: 20, height: 10, seed: 1)
    for (labels, overlay) in [("l.png", "o.png"), ("l.pgm", "o.PPM"), ("l", "o")] {
      let outcome = try fixture.run(
        "segment in.png --weights w.safetensors --output \(labels) --overlay \(overlay)")
      #expect(outcome.code == 0, "\(outcome.error)")
    }
    let starts = try ["l.png", "o.png", "l.pgm", "o.PPM", "l", "o"].map {
      String(
        decoding: try Data(contentsOf: fixture.folder.appendingPathComponent($0))[1..<3],
        as: UTF8.self)
    }
    #expect(starts == ["PN", "PN", "5\n", "6\n", "PN", "PN"])
    #expect(
      try LabelMap(contentsOf: fixture.path("l.pgm")) == LabelMap(contentsOf: fixture.path("l.png"))
    )
    #expect(
      try Picture(contentsOf: fixture.path("o.PPM")) == Picture(contentsOf: fixture.path("o.png")))
  }

  @Test func `a picture that ends early is segmented, with a word`() throws {
    let fixture = try Fixture()
    try fixture.save("w.safetensors", TinyNetwork.network, TinyNetwork.weights)
    let whole = try Data(contentsOf: fixtures.appendingPathComponent("scene.jpg"))
    try fixture.save("in.jpg", Array(whole.prefix(whole.count / 2)) + [0xFF, 0xD9])
    let outcome = try fixture.run("segment in.jpg --weights w.safetensors")
    #expect(outcome.code == 0)
    #expect(outcome.error == "convbook: in.jpg ends early; what is missing of it is grey\n")
  }

  @Test func `names cannot steer the terminal`() throws {
    let fixture = try Fixture()
    try fixture.save("w.safetensors", TinyNetwork.network, TinyNetwork.weights)
    let name = "a\u{1B}[2J\n\u{9B}31m.png"
    try fixture.savePicture(name, width: 20, height: 10, seed: 1)
    let words = ["segment", name, "--weights", "w.safetensors"]
    for more in [
      ["--output", "b\u{1B}[2J.png"], ["--show"], ["--format", "json"], ["--output", name],
    ] {
      let outcome = try Convbook.run(words + more, in: fixture.folder)
      let shown = outcome.output + outcome.error
      #expect(shown.contains("\\x1B[2J") || shown.contains("\\u001b[2J"), "\(shown)")
      #expect(
        !shown.unicodeScalars.contains {
          $0 != "\n" && $0.properties.generalCategory == .control
        }, "\(shown.debugDescription)")
    }
  }

  @Test func `the number of threads does not change a label`() throws {
    let fixture = try Fixture()
    try fixture.save("w.safetensors", TinyNetwork.network, TinyNetwork.weights)
    try fixture.savePicture("in.png", width: 70, height: 50, seed: 3)
    let outputs = try [1, 3].map { threads in
      let outcome = try fixture.run(
        "segment in.png --weights w.safetensors --output \(threads).png --threads \(threads)")
      #expect(outcome.code == 0, "\(outcome.error)")
      return try Data(contentsOf: fixture.folder.appendingPathComponent("\(threads).png"))
    }
    #expect(outputs[0] == outputs[1])
  }

  private struct Answer: Decodable {
    struct Picture: Decodable {
      let height, width: Int
      let heatmaps: [String]
      let classes: [Class]
    }
    struct Class: Decodable {
      let `class`, pixels: Int
      let share, meanScore: Double
    }
    let network, preprocess: String
    let pictures: [Picture]
  }
}
