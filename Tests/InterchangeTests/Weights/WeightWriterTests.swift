import Foundation
import Tensors
import Testing

@testable import Interchange
@testable import WeightFiles

@Suite struct WeightWriterTests {
  /// A path that no other test uses.
  private func temporary(_ name: String) -> String {
    FileManager.default.temporaryDirectory.path
      + "/convbook-\(UInt64.random(in: 0 ... .max))-\(name)"
  }

  private func entries() throws -> [WeightEntry] {
    try WeightFile.open(ArrayFixtures.path("weights/state.pth")).entries
  }

  @Test func `what is written is read again, from either format`() throws {
    let entries = try entries()
    for format in ["safetensors", "npz"] {
      let path = temporary(format)
      defer { try? FileManager.default.removeItem(atPath: path) }
      if format == "npz" {
        try NPZWriter.write(entries, to: path)
      } else {
        try SafetensorsWriter.write(entries, to: path, metadata: [("quote", "\"\\\n\u{1}é")])
      }
      let back = try WeightFile.open(path)
      #expect(back.format.rawValue == format)
      #expect(Set(back.entries.map(\.name)) == Set(entries.map(\.name)))
      for entry in entries {
        let other = try #require(back[entry.name])
        #expect(other.type == .float32)
        #expect(other.shape == entry.shape, "\(entry.name)")
        #expect(try other.values() == entry.values(), "\(entry.name)")
      }
      #expect(format == "npz" || back.metadata.map(\.value) == ["\"\\\n\u{1}é"])
    }
  }

  @Test func `the header's length is a multiple of 8`() throws {
    for extent in 1...9 {
      let name = String(repeating: "n", count: extent)
      let entry = WeightEntry(name: name, tensor: .ramp([1]))
      #expect(try SafetensorsWriter.header([entry], metadata: []).count % 8 == 0, "\(extent)")
    }
  }

  @Test func `two tensors of one name are refused, and nothing is left behind`() throws {
    let entry = WeightEntry(name: "a", tensor: .ramp([1]))
    let path = temporary("twice")
    #expect(throws: InterchangeError.self) {
      try SafetensorsWriter.write([entry, entry], to: path)
    }
    #expect(throws: InterchangeError.self) { try NPZWriter.write([entry, entry], to: path) }
    #expect(!FileManager.default.fileExists(atPath: path))
    #expect(throws: FileProblem.self) { try NPZWriter.write([entry], to: "/nowhere/x.npz") }
  }
}
