internal import Foundation
internal import Interchange

/// The pictures that Fixtures/Pictures/make.py makes.
enum PictureFixtures {
  static let pngs = names(in: "PNG", ending: ".png")
  static let jpegs = names(in: "JPEG", ending: ".jpg")

  /// The paths below Fixtures, sorted, of the files in a folder of pictures.
  static func names(in folder: String, ending: String) -> [String] {
    let all = try? FileManager.default.contentsOfDirectory(
      atPath: Fixtures.path("Pictures/\(folder)"))
    return (all ?? []).filter { $0.hasSuffix(ending) }.sorted().map { "Pictures/\(folder)/\($0)" }
  }

  static func picture(_ name: String) throws -> Picture {
    try Picture(decoding: Fixtures.bytes(name))
  }

  /// What libpng, libjpeg or Pillow found in the file, kept as a PPM beside it.
  static func reference(of name: String) throws -> Picture {
    try picture(name.dropLast(4) + ".ppm")
  }
}
