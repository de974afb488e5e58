import Foundation
import Interchange
import Testing

/// Two folders of labels are judged by numbers that can be worked out by hand.
@Suite struct EvaluateFoldersTests {
  /// Pixels whose confusion matrix is [[6,1,1],[1,3,0],[0,2,2]], and two that are ignored, in two
  /// pictures of 3×3.
  private func fixture() throws -> Fixture {
    let fixture = try Fixture()
    let pairs: [(UInt8, UInt8, count: Int)] = [
      (0, 0, 6), (0, 1, 1), (0, 2, 1), (1, 0, 1), (1, 1, 3), (2, 1, 2), (2, 2, 2), (255, 0, 1),
      (255, 9, 1),
    ]
    let pixels = pairs.flatMap { pair in
      Array(repeating: (truth: pair.0, given: pair.1), count: pair.count)
    }
    for folder in ["truth", "given"] { try fixture.makeFolder(folder) }
    for (name, part) in [("a", pixels[..<9]), ("b", pixels[9...])] {
      try fixture.save("truth/\(name).png", labels: part.map(\.truth), width: 3)
      try fixture.save("given/\(name).png", labels: part.map(\.given), width: 3)
    }
    return fixture
  }

  @Test func `the table`() throws {
    let outcome = try fixture().run("evaluate --truth truth --labels given")
    #expect(outcome.code == 0 && outcome.error.isEmpty, "\(outcome.error)")
    #expect(
      outcome.output == """
        class    pixels  accuracy      IU
        class 0       8    0.7500  0.6667
        class 1       4    0.7500  0.4286
        class 2       4    0.5000  0.4000

        pixel accuracy        0.6875
        mean accuracy         0.6667
        mean IU               0.4984
        frequency-weighted IU 0.5405

        pixels of each true class (a row) by the label given (a column)
                 class 0  class 1  class 2
        class 0        6        1        1
        class 1        1        3        0
        class 2        0        2        2

        """)
  }

  @Test func `json has everything`() throws {
    let outcome = try fixture().run("evaluate --truth truth --labels given --format json")
    #expect(outcome.code == 0, "\(outcome.error)")
    let answer = try JSONDecoder().decode(EvaluateAnswer.self, from: Data(outcome.output.utf8))
    #expect(answer.pictures == 2 && answer.pixels == 16)
    #expect(answer.confusion == [[6, 1, 1], [1, 3, 0], [0, 2, 2]])
    #expect(answer.pixelAccuracy == 11.0 / 16)
    let accuracies: [Double] = [6 / 8, 3 / 4, 2 / 4]
    let unions: [Double] = [8 + 7 - 6, 4 + 6 - 3, 4 + 3 - 2]
    let ius: [Double] = [6 / unions[0], 3 / unions[1], 2 / unions[2]]
    let weighted: Double = (8 * ius[0] + 4 * ius[1] + 4 * ius[2]) / 16
    // Sums of doubles, rounded in another order.
    func isNear(_ got: Double?, _ expected: Double) -> Bool { abs(got! - expected) < 1e-15 }
    #expect(isNear(answer.meanAccuracy, accuracies.reduce(0, +) / 3))
    #expect(isNear(answer.meanIU, ius.reduce(0, +) / 3))
    #expect(isNear(answer.frequencyWeightedIU, weighted))
    #expect(answer.classes.map(\.name) == ["class 0", "class 1", "class 2"])
    #expect(answer.classes.map(\.pixels) == [8, 4, 4])
    #expect(answer.classes.map(\.accuracy) == accuracies)
    #expect(answer.classes.map(\.iu) == ius)
  }

  @Test func `classes that do not occur have no accuracy`() throws {
    let fixture = try Fixture()
    for folder in ["truth", "given"] { try fixture.makeFolder(folder) }
    try fixture.save("truth/a.png", labels: [0, 0, 2, 2], width: 2)
    try fixture.save("given/a.pgm", Array("P5 2 2 255\n".utf8) + [0, 1, 2, 2])
    let outcome = try fixture.run("evaluate --truth truth --labels given --classes 6 --matrix")
    #expect(outcome.code == 0, "\(outcome.error)")
    // The disc counts as 0 in the mean IU: (1/2 + 0/1 + 2/2) / 3; the mean accuracy leaves it out.
    #expect(outcome.output.contains("background       2    0.5000  0.5000\n"))
    #expect(outcome.output.contains("disc             0         -  0.0000\n"))
    #expect(!outcome.lines.prefix { !$0.isEmpty }.contains { $0.hasPrefix("ring") })
    #expect(outcome.output.contains("mean accuracy         0.7500\nmean IU               0.5000\n"))
    #expect(outcome.output.contains("disc never occurs in the truth but was given"))

    let json = try fixture.run("evaluate --truth truth --labels given --classes 21 --format json")
    let answer = try JSONDecoder().decode(EvaluateAnswer.self, from: Data(json.output.utf8))
    #expect(answer.classes.count == 21 && answer.classes[1].name == "aeroplane")
    #expect(answer.classes[1].accuracy == nil && answer.classes[1].iu == 0)
    #expect(answer.classes[5].iu == nil)
  }

  @Test func `nothing but ignored pixels gives no metrics`() throws {
    let fixture = try Fixture()
    for folder in ["truth", "given"] { try fixture.makeFolder(folder) }
    try fixture.save("truth/a.png", labels: [255, 255], width: 2)
    try fixture.save("given/a.png", labels: [0, 1], width: 2)
    let outcome = try fixture.run("evaluate --truth truth --labels given")
    #expect(outcome.code == 0)
    #expect(outcome.output == "nothing is counted: every pixel has the ignored label\n")
    let json = try fixture.run("evaluate --truth truth --labels given --format json")
    let answer = try JSONDecoder().decode(EvaluateAnswer.self, from: Data(json.output.utf8))
    #expect(answer.meanIU == nil && answer.pixels == 0)
  }

  @Test func `folders that do not fit are refused`() throws {
    let fixture = try fixture()
    for folder in ["empty", "few", "turned", "twice", "damaged", "ignoring"] {
      try fixture.makeFolder(folder)
    }
    try fixture.save("few/a.png", labels: [0], width: 1)
    for name in ["a", "b"] {
      try fixture.save("turned/\(name).png", labels: .init(repeating: 0, count: 6), width: 3)
      try fixture.save("damaged/\(name).png", [1, 2, 3])
      try fixture.save("ignoring/\(name).png", labels: .init(repeating: 255, count: 9), width: 3)
    }
    try fixture.save("twice/a.png", labels: [0], width: 1)
    try fixture.save("twice/a.pgm", Array("P5 1 1 255\n".utf8) + [0])
    let cases: [(line: String, code: Int32, words: String)] = [
      ("--truth truth", 64, "--labels is missing"), ("--labels given", 64, "--truth is missing"),
      ("--truth truth --labels given --voc x", 64, "--voc does not go with --truth and --labels"),
      ("--truth truth --labels given --classes 0", 64, "from 1 to 255"),
      ("--truth none --labels given", 66, "the folder none doesn't exist"),
      ("--truth truth --labels none", 66, "the folder none doesn't exist"),
      ("--truth empty --labels given", 66, "empty holds no label image"),
      ("--truth truth/a.png --labels given", 66, "truth/a.png"),
      ("--truth truth --labels few", 66, "few has no b.png, nor .pgm, the labels for truth/b.png"),
      ("--truth twice --labels few", 65, "twice/a.pgm and twice/a.png are labels of the same"),
      (
        "--truth truth --labels turned", 65, "turned/a.png is 3×2 pixels, and the truth truth/a.png"
      ),
      ("--truth truth --labels damaged", 65, "damaged/a.png: "),
      ("--truth truth --labels ignoring", 65, "ignoring/a.png: a label is 255"),
      ("--truth truth --labels given --classes 2", 65, "a label is 2; it must be from 0 to 1"),
      ("--truth given --labels truth --classes 9", 65, "given/b.png has the label 9 in row 2"),
    ]
    for (line, code, words) in cases {
      let outcome = try fixture.run("evaluate \(line)")
      #expect(outcome.code == code, "\(line): \(outcome.error)")
      #expect(outcome.output.isEmpty, "\(line)")
      #expect(outcome.error.split(separator: "\n").count == 1, "\(line): \(outcome.error)")
      #expect(outcome.error.contains(words), "\(line): \(outcome.error)")
    }
  }
}

/// What `evaluate --format json` prints.
struct EvaluateAnswer: Decodable {
  struct Class: Decodable {
    let name: String
    let pixels: Int
    let accuracy: Double?
    let iu: Double?
  }
  let network: String?
  let preprocess: String?
  let data: String?
  let pictures: Int
  let pixels: Int
  let pixelAccuracy: Double?
  let meanAccuracy: Double?
  let meanIU: Double?
  let frequencyWeightedIU: Double?
  let classes: [Class]
  let confusion: [[Int]]
}

extension Fixture {
  func makeFolder(_ name: String) throws {
    try FileManager.default.createDirectory(
      atPath: path(name), withIntermediateDirectories: true)
  }

  /// An indexed PNG of these labels.
  func save(_ name: String, labels: [UInt8], width: Int) throws {
    try save(
      name,
      PNGWriter.encode(LabelMap(width: width, height: labels.count / width, labels: labels)))
  }
}
