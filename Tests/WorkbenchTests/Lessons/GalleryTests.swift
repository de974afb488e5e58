import ConvolutionArithmetic
import Foundation
import Testing

@testable import Workbench

@Suite struct GalleryTests {
  private let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("Docs")

  @Test func `the gallery is what its commands draw`() throws {
    let files = try Gallery.files()
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
    for (name, text) in try Gallery.files() { #expect(text.utf8.count < 200_000, "\(name)") }
  }
}
