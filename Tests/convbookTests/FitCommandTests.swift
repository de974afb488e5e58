import Foundation
import Interchange
import Testing

/// `convbook fit` and `convbook network --layer --cell`.
@Suite struct FitCommandTests {
  private struct Answer: Decodable {
    struct Size: Decodable, Equatable {
      let remainder: Int
      let modulus: Int
      let from: Int
    }
    struct Failure: Decodable {
      struct Remedy: Decodable {
        let kind: String
        let input: Int
        let output: Int?
      }
      let axis: String
      let layer: String
      let remedies: [Remedy]
    }
    let sizes: [Size]
    let sameSize: [Size]
    let failures: [Failure]
  }

  private static let net =
    "\"a = conv 8 k3 p1; max k2; b = conv 8 k3 p1; max k2; conv 8 k3 p1; convT 8 k2 s2; cat b; "
    + "convT 8 k2 s2; cat a\""

  /// Runs what stands in a line, split at spaces that are not in quotes.
  private func run(_ line: String) throws -> Convbook.Outcome {
    let parts = line.split(separator: "\"", omittingEmptySubsequences: false)
    let words = parts.enumerated().flatMap { index, part in
      index % 2 == 1 ? [String(part)] : part.split(separator: " ").map(String.init)
    }
    return try Convbook.run(words)
  }

  private func answer(_ line: String) throws -> Answer {
    let outcome = try run("fit \(line) --format json")
    #expect(outcome.code == 0, "\(outcome.error)")
    return try JSONDecoder().decode(Answer.self, from: Data(outcome.output.utf8))
  }

  @Test func `where no size fits, none is called the nearest`() throws {
    let outcome = try run("fit \"a = conv 1 k3; add a input\" --near 20")
    #expect(outcome.code == 0 && outcome.output.contains("nearest that goes through  none"))
  }

  @Test func `U-Net's rule, in words and for programs`() throws {
    let text = try run("fit u-net --near 500").output
    #expect(text.contains("12 more than a multiple of 16, from 188"))
    #expect(text.contains("492 below, 508 above 500") && text.contains("184 fewer come out"))
    let net = try answer("u-net --near 500")
    #expect(net.sizes == [Answer.Size(remainder: 12, modulus: 16, from: 188)])
    #expect(net.sameSize.isEmpty && net.failures.map(\.layer) == ["pool4"])
    #expect(try answer("u-net --near 572").failures.isEmpty)
    #expect(try answer("fcn8s").sizes == [Answer.Size(remainder: 0, modulus: 1, from: 1)])
  }

  @Test func `each axis has its own failure, and remedies with numbers`() throws {
    let net = try answer("\(Self.net) --near 374x500")
    #expect(net.failures.map(\.axis) == ["height"] && net.failures[0].layer == "cat1")
    let padded = net.failures[0].remedies.first { $0.kind == "output-padding" }
    #expect(padded?.input == 374 && padded?.output == 374)
    #expect(net.failures[0].remedies.first { $0.kind == "pad" }?.input == 376)
    let both = try answer("\(Self.net) --near 375")
    #expect(both.failures.map(\.axis) == ["both"])
  }

  @Test func `a line has cells, and a classifier its one size`() throws {
    let line = try run("fit \"conv1d 8 k10 s5; conv1d 8 k3 s2\" --near 100").output
    #expect(line.contains("cells") && line.contains("every size from 20"))
    let classifier = try run("fit \"input 1x28x28; conv 8 k3; fc 10\"").output
    #expect(classifier.contains("with fc1 fully connected") && classifier.contains("only 28"))
  }

  @Test(arguments: [
    ("fit", 64, "which network?"),
    ("fit u-nett", 64, "did you mean u-net?"),
    ("fit u-net --near 5x", 64, "--near"),
    ("fit u-net --near 0", 64, "must be from 1"),
    ("fit \"conv1d 1 k3\" --near 3x4", 64, "a length such as 16000"),
    ("fit u-net --format svg", 64, "table, markdown or json"),
    ("fit \"conv 1 k2 s1024 x3\"", 65, "repeats only after"),
    ("network u-net --layer score", 64, "--cell R,C"),
    ("network u-net --image a.png", 64, "--layer L --cell R,C"),
    ("network u-net --input 572 --layer scor --cell 0,0", 64, "did you mean score?"),
    ("network u-net --input 572 --layer score --cell 388,0", 64, "from 0 to 387"),
    ("network u-net --input 572 --layer score --cell 3", 64, "a row and a column"),
    ("network u-net --input 572 --layer score --cell 3,3 --output a.gif", 64, ".svg, .png or .ppm"),
    ("network u-net --input 572 --layer score --cell 3,3 --format dot", 64, "--output view.svg"),
    ("network u-net --layer score --cell 3,3 --image no.png --output a.png", 66, "no.png"),
  ]) func `bad use gets one sentence`(line: String, code: Int, words: String) throws {
    let outcome = try run(line)
    #expect(Int(outcome.code) == code && outcome.error.contains(words), "\(outcome.error)")
    #expect(outcome.error.split(separator: "\n").count == 1 && outcome.output.isEmpty)
  }

  @Test func `a cell's view is told and drawn, darker in the middle, on one's own picture too`()
    throws
  {
    let folder = FileManager.default.temporaryDirectory.appending(path: "view-\(UUID())").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let net = "\"conv 4 k3 p1 x2\" --layer conv2 --cell 0,4"
    let text = try run("network \(net) --input 9 --output \(folder)/v.png").output
    #expect(text.contains("0 to 2") && text.contains("2 to 6"))
    // Rows 2, 2 and 1 times columns 1, 2, 3, 2 and 1; and the row above once.
    #expect(text.contains("\(5 * 9) paths") && text.contains("\(1 * 9) from the padding"))
    let view = try Picture(contentsOf: "\(folder)/v.png")
    // A row of padding above: 10 rows of 24 pixels. Middles of cells, between the lines.
    #expect(view.height == 10 * 24 && view.width == 9 * 24)
    func brightness(_ row: Int, _ column: Int) -> Int {
      let color = view[row: (row + 1) * 24 + 12, column: column * 24 + 12]
      return Int(color.red) + Int(color.green) + Int(color.blue)
    }
    #expect(brightness(0, 4) < brightness(0, 3) && brightness(0, 3) < brightness(0, 2))
    #expect(brightness(0, 4) < brightness(2, 4) && brightness(8, 8) == 3 * 255)
    try PictureFile.write(
      Picture(width: 12, height: 10, pixels: [UInt8](repeating: 200, count: 360)),
      to: "\(folder)/photo.png")
    let on = try run(
      "network \(net) --image \(folder)/photo.png --output \(folder)/v.svg --format json")
    #expect(on.code == 0 && on.output.contains("\"input\": [10, 12]"), "\(on.error)")
    let svg = try String(contentsOfFile: "\(folder)/v.svg", encoding: .utf8)
    let start = try #require(svg.range(of: "base64,")?.upperBound)
    let image = try #require(Data(base64Encoded: String(svg[start...].prefix { $0 != "\"" })))
    let inside = try Picture(decoding: Array(image))
    #expect(inside.width == 12 && inside.height == 11)
    #expect(inside[row: 8, column: 8] == RGB(200, 200, 200))
  }

  @Test func `behind a layer that the book does not have nothing is said to fit`() throws {
    let fixture = try Fixture()
    let net = """
      input: "data" input_dim: 1 input_dim: 3 input_dim: 32 input_dim: 32
      layer { name: "a" type: "Convolution" bottom: "data" top: "a"
        convolution_param { num_output: 1 kernel_size: 5 } }
      layer { name: "mine" type: "MyLayer" bottom: "a" top: "mine" }
      """
    try fixture.save("u.prototxt", Array(net.utf8))
    let text = try fixture.run("fit u.prototxt").output
    #expect(text.contains("fits up to mine      every size from \(5)"))
    #expect(text.contains("Behind mine nothing is known: mine (MyLayer)"))
    #expect(
      try fixture.run("fit u.prototxt --format json").output.contains("\"knownUpTo\": \"mine\""))
  }
}
