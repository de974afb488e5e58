import Foundation
import Interchange
import Networks
import Tensors
import Testing
import Training

/// `scene` writes what the library draws, and refuses what it cannot draw.
@Suite struct SceneCommandTests {
  @Test func `the largest seed of 64 bits is one`() throws {
    let outcome = try Convbook.run("scene --seed \(UInt64.max) --format json")
    #expect(outcome.code == 0 && outcome.output.contains("\"seed\": \(UInt64.max),"))
    #expect(
      try Convbook.run("evaluate --scenes 1 --seed \(UInt64.max) --network fcn32s").code == 0)
  }

  @Test func `the files are the scene's pixels and labels`() throws {
    let fixture = try Fixture()
    let outcome = try fixture.run(
      "scene --seed 7 --size 40x60 --output scene.png --labels labels.png")
    #expect(outcome.code == 0 && outcome.error.isEmpty, "\(outcome.error)")
    let scene = Scene.segmentation(seed: 7, size: Size(height: 40, width: 60))
    let drawn = scene.drawn()
    let picture = try Picture(contentsOf: fixture.path("scene.png"))
    #expect((picture.width, picture.height) == (60, 40))
    #expect(picture.pixels == drawn.pixels)
    #expect(try LabelMap(contentsOf: fixture.path("labels.png")).labels == drawn.labels)
    #expect(outcome.lines[0].hasPrefix("scene 7: 40×60 pixels, height first; "))
    for (line, shape) in zip(outcome.lines[2...], scene.shapes) {
      #expect(line.hasPrefix("  \(shape.kind.name) "))
    }
    #expect(outcome.lines[2 + scene.shapes.count] == "  written: scene.png, labels.png")
  }

  @Test func `json tells every shape and every class`() throws {
    let outcome = try Convbook.run("scene --seed 3 --format json")
    #expect(outcome.code == 0, "\(outcome.error)")
    let answer = try JSONDecoder().decode(Answer.self, from: Data(outcome.output.utf8))
    let scene = Scene.segmentation(seed: 3)
    let labels = scene.drawn().labels
    #expect((answer.seed, answer.height, answer.width) == (3, 128, 128))
    #expect(answer.shapes.map(\.kind) == scene.shapes.map(\.kind.name))
    #expect(answer.shapes.map(\.radius) == scene.shapes.map { Double($0.radius) / 16 })
    #expect(answer.classes.map(\.name) == ClassNames.scenes)
    #expect(answer.classes.map(\.pixels) == (0..<6).map { label in labels.count { $0 == label } })
  }

  private struct Answer: Decodable {
    struct Shape: Decodable {
      let kind: String
      let radius: Double
    }
    struct Class: Decodable {
      let name: String
      let pixels: Int
    }
    let seed: Int
    let height: Int
    let width: Int
    let shapes: [Shape]
    let classes: [Class]
  }

  @Test func `the drawing has a letter for each class`() throws {
    let outcome = try Convbook.run("scene --seed 7 --show --width 34")
    #expect(outcome.code == 0, "\(outcome.error)")
    // Two pictures of 16 columns and 8 rows, then the legend.
    #expect(outcome.lines[..<8].allSatisfy { $0.count == 16 + 2 + 16 })
    #expect(outcome.lines[8].isEmpty)
    #expect(outcome.lines[9].hasPrefix("  .  background  "))
    let kinds = Set(Scene.segmentation(seed: 7).shapes.map(\.kind.name))
    for kind in kinds { #expect(outcome.output.contains("  \(kind) ")) }
  }

  @Test func `a folder of scenes is a data set`() throws {
    let fixture = try Fixture()
    let outcome = try fixture.run("scene --voc set --count 11 --seed 5 --size 20")
    #expect(outcome.code == 0 && outcome.error.isEmpty, "\(outcome.error)")
    #expect(
      outcome.output
        == "set: 11 scenes of 20×20 pixels, height first; 9 in the list train, 2 in val\n")
    #expect(fixture.files == ["set"])
    let folder = try VOCFolder(fixture.path("set"))
    #expect(try folder.entries(of: "val").map(\.id) == ["scene-04", "scene-09"])
    #expect(try folder.entries(of: "trainval").count == 11)
    let expected = PictureSet.scenes(count: 11, seed: 5, size: 20)
    for (index, entry) in try folder.entries(of: "train").prefix(3).enumerated() {
      let (picture, labels) = try entry.read(classes: 6)
      let drawn = try expected.read(index)
      #expect(picture.pixels == drawn.pixels && labels.labels == drawn.labels)
    }
  }

  @Test func `what cannot work is refused, and nothing is written`() throws {
    let fixture = try Fixture()
    try fixture.save("file", [1])
    let cases: [(line: String, code: Int32, words: String)] = [
      ("--seed -1", 64, "whole number from 0 to \(UInt64.max)"),
      ("--seed \(UInt64.max)0", 64, "whole number from 0 to \(UInt64.max)"),
      ("--seed seven", 64, "whole number"), ("--size 10", 65, "from 16 to 4096"),
      ("--size 0", 65, "from 16 to 4096"),
      ("--size 64x", 64, "--size is \"64x\"; write a size such as 128"),
      ("--size 128x4097", 65, "from 16 to 4096"), ("--size 3x4x5", 64, "--size"),
      ("--output a.png --labels ./a.png", 64, "the same file"),
      ("--output none/a.png", 73, "the folder none doesn't exist"),
      ("--labels .", 73, "it is a folder"), ("--count 9", 64, "--count goes with --voc"),
      ("--show --format json", 64, "leave out one"), ("--width 3 --show", 64, "from 4 to 1000"),
      ("--voc set --count 4", 64, "from 5 to 100000"),
      ("--voc set --output a.png", 64, "--output goes with one scene"),
      ("--voc set --show", 64, "--show goes with one scene"),
      ("--voc . --count 5", 73, "is not empty"), ("--voc file", 73, "it is a file"),
      ("--voc none/set", 73, "the folder none doesn't exist"), ("7", 64, "one too many"),
    ]
    for (line, code, words) in cases {
      let outcome = try fixture.run("scene \(line)")
      #expect(outcome.code == code, "\(line): \(outcome.error)")
      #expect(outcome.output.isEmpty, "\(line)")
      #expect(outcome.error.split(separator: "\n").count == 1, "\(line): \(outcome.error)")
      #expect(outcome.error.contains(words), "\(line): \(outcome.error)")
      #expect(fixture.files == ["file"], "\(line)")
    }
  }

  @Test func `if the second file cannot be written, the first is said to be kept`() throws {
    let fixture = try Fixture()
    let outcome = try fixture.run("scene --output s.png --labels /dev/full")
    #expect(outcome.code == 73)
    #expect(
      outcome.error.hasSuffix("; s.png was written before, and is kept\n"), "\(outcome.error)")
    #expect(fixture.files == ["s.png"])
    let alone = try fixture.run("scene --labels /dev/full")
    #expect(alone.code == 73 && !alone.error.contains("kept"), "\(alone.error)")
  }
}
