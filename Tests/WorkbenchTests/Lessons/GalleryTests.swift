import ConvolutionArithmetic
import Foundation
import Testing

@testable import Workbench

@Suite struct GalleryTests {
  private let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("Docs")

  /// The files by their names, drawn once.
  private static let files = Result { try Gallery.files() }

  @Test func `the gallery is what its commands draw`() throws {
    let files = try Self.files.get()
    for (name, text) in files {
      let file = try? String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)
      #expect(file == text, "Docs/\(name) is stale; run: \(Gallery.command)")
    }
    let drawn = try FileManager.default.contentsOfDirectory(
      atPath: folder.appendingPathComponent("Gallery").path)
    #expect(drawn.count == files.count - 1, "Docs/Gallery has a drawing of no case; delete it")
  }

  @Test func `every numbered relationship has its case, and no picture is large`() throws {
    let names = Set(GalleryCase.all.map(\.name))
    #expect(names.count == GalleryCase.all.count)
    for relationship in Relationship.guide {
      let number = try #require(relationship.number)
      #expect(names.contains("relationship-" + (number < 10 ? "0" : "") + "\(number)"))
    }
    for (name, text) in try Self.files.get() { #expect(text.utf8.count < 200_000, "\(name)") }
  }

  @Test func `no two drawings of the gallery have one title, nor two of the lessons`() throws {
    func titles(_ texts: [String]) -> [String] {
      texts.compactMap { text in
        text.split(separator: "aria-label=\"").dropFirst().first.map {
          String($0.prefix { $0 != "\"" })
        }
      }
    }
    let files = try Self.files.get()
    let drawn = try GalleryCase.all.map { try #require(files["Gallery/\($0.name).svg"]) }
    let lessons = try FileManager.default.contentsOfDirectory(
      at: folder.appendingPathComponent("Lessons"), includingPropertiesForKeys: nil
    ).filter { $0.pathExtension == "svg" }.map { try String(contentsOf: $0, encoding: .utf8) }
    for texts in [drawn, lessons] {
      let titles = titles(texts)
      #expect(titles.count == texts.count && titles.count > 15)
      #expect(Set(titles).count == titles.count, "\(titles.sorted())")
    }
    // The title says what was typed.
    #expect(titles([drawn[5]]) == ["convolution, kernel 3, stride 2, padding 1: 5×5 → 3×3"])
  }

  @Test(arguments: ["relationship-02", "relationship-04", "dilated-padded", "four-forms"])
  func `the largest GIFs of 5×5 stay below 200 KB`(name: String) throws {
    let item = try #require(GalleryCase.all.first { $0.name == name })
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID()).gif")
    defer { try? FileManager.default.removeItem(at: file) }
    let words =
      item.line.split(separator: " ").map(String.init) + ["--format", "gif", "--output", file.path]
    try traceCommand.run(Arguments(words.dropFirst(), for: traceCommand))
    #expect(try Data(contentsOf: file).count < 200_000)
  }
}
