import Foundation
import Testing

@Suite struct TileSourceTests {
  /// `CONVBOOK_MAINTAINER=write swift test --filter TileSourceTests` writes the file anew.
  @Test func `the tiles are what their generator writes`() throws {
    let url = URL(filePath: #filePath).deletingLastPathComponent().appending(
      path: "../../\(TileSource.path)")
    if ProcessInfo.processInfo.environment["CONVBOOK_MAINTAINER"] == "write" {
      try Data(TileSource.text.utf8).write(to: url)
    }
    #expect(try String(contentsOf: url, encoding: .utf8) == TileSource.text)
  }
}
