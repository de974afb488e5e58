import Foundation
import Interchange
import Networks
import Testing
import Training

/// `convbook lesson N --pictures DIR`
@Suite struct LessonPicturesTests {
  @Test func `the last lesson writes its pictures, and they are what they say`() throws {
    let fixture = try Fixture()
    let outcome = try fixture.run("lesson 38 --pictures out --plain")
    #expect(outcome.code == 0 && outcome.error.isEmpty)
    let plain = try fixture.run("lesson 38 --plain").output
    let names = try FileManager.default.contentsOfDirectory(atPath: fixture.path("out")).sorted()
    #expect(outcome.output == plain + "\(names.count) pictures written to out\n")

    let stems = ["truth", "fcn32s", "fcn16s", "fcn8s"]
    let expected =
      ["sheet", "scene"] + stems + stems.map { "\($0)-overlay" }
      + stems.dropFirst().map { "\($0)-ring" }
    #expect(names == expected.map { "\($0).png" }.sorted())
    for name in names { #expect(plain.contains(name), "\(name)") }

    // The README's sheet is five of them.
    let book = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("Docs/Scene")
    for stem in ["scene"] + stems {
      let shown = try Data(contentsOf: book.appendingPathComponent("\(stem).png"))
      let drawn = try Data(contentsOf: URL(fileURLWithPath: fixture.path("out/\(stem).png")))
      #expect(
        shown == drawn, "Docs/Scene/\(stem).png is stale; run: convbook lesson 38 --pictures DIR")
    }

    let scene = Scene.segmentation(seed: 204).drawn()
    let picture = try Picture(contentsOf: fixture.path("out/scene.png"))
    #expect(picture.pixels == scene.pixels)
    let maps = try stems.map { try LabelMap(contentsOf: fixture.path("out/\($0).png")) }
    #expect(maps[0].labels == scene.labels)
    // Each network is right about more pixels than the one before.
    let right = maps.map { zip($0.labels, scene.labels).count { $0 == $1 } }
    #expect(right[1] < right[2] && right[2] < right[3])
    for (stem, map) in zip(stems, maps) {
      // Read as a picture, a label map is in the palette's colours.
      let colors = try Picture(contentsOf: fixture.path("out/\(stem).png"))
      for (row, column) in [(0, 127), (31, 19), (55, 110), (64, 64)] {
        #expect(
          colors[row: row, column: column]
            == VOCPalette.color(of: map[row: row, column: column]))
      }
      let overlay = try Picture(contentsOf: fixture.path("out/\(stem)-overlay.png"))
      #expect(overlay == picture.overlaid(with: map))
    }
  }

  @Test func `JSON prints what it prints without pictures`() throws {
    let fixture = try Fixture()
    let outcome = try fixture.run("lesson 10 --format json --pictures out")
    #expect(outcome.code == 0)
    #expect(try fixture.run("lesson 10 --format json").output == outcome.output)
    #expect(fixture.files.contains("out"))
  }

  @Test(arguments: [
    ("lesson 10 --pictures missing/out", 73, "the folder missing doesn't exist"),
    ("lesson 10 --pictures file", 73, "file"),
    ("lesson 15 --pictures out", 64, "lesson 15 has no pictures to write"),
    ("lesson all --pictures out", 64, "--pictures goes with one lesson"),
  ])
  func `what is wrong is said in a sentence, and nothing is written`(
    line: String, code: Int, sentence: String
  ) throws {
    let fixture = try Fixture()
    try fixture.save("file", [1])
    let outcome = try fixture.run(line)
    #expect(outcome.code == Int32(code))
    #expect(outcome.output.isEmpty && outcome.error.contains(sentence), "\(outcome.error)")
    #expect(fixture.files == ["file"])
  }
}
