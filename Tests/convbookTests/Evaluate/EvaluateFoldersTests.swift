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

        Mean accuracy is over the 3 classes of the truth, mean IU over the same 3: no other was given.

        pixels of each true class (a row) by the label given (a column)
                 class 0  class 1  class 2
        class 0        6        1        1
        class 1        1        3        0
        class 2        0        2        2

        left out, because the true label is 255: 2 of 18 pixels (11.1 %), in 1 of 2 pictures

        """)
  }

  @Test func `json has everything`() throws {
    let outcome = try fixture().run("evaluate --truth truth --labels given --format json")
    #expect(outcome.code == 0, "\(outcome.error)")
    let answer = try JSONDecoder().decode(EvaluateAnswer.self, from: Data(outcome.output.utf8))
    #expect(answer.pictures == 2 && answer.pixels == 16)
    #expect(answer.ignore == 255 && answer.ignoredPixels == 2 && answer.warning == nil)
    #expect(answer.picturesWithIgnored == 1 && answer.picturesIgnored == 0)
    #expect(answer.meanIUOver == "union" && answer.meanIUClasses == 3)
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
    #expect(
      outcome.output.contains("disc never occurs in the truth but was given: it counts as IU 0.\n"))
    #expect(outcome.output.contains("of the truth, mean IU over the 3 that occur or were given."))

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
    #expect(
      outcome.lines.prefix(2) == [
        "nothing is counted: every pixel has the ignored label",
        "left out, because the true label is 255: 2 of 2 pixels (100.0 %), in 1 of 1 picture; "
          + "1 picture entirely",
      ])
    #expect(outcome.output.contains("Beware: the truth holds nothing but 255"))
    let json = try fixture.run("evaluate --truth truth --labels given --format json")
    let answer = try JSONDecoder().decode(EvaluateAnswer.self, from: Data(json.output.utf8))
    #expect(answer.meanIU == nil && answer.pixels == 0)
  }

  @Test func `a mask of 0 and 255 is told, and can be judged`() throws {
    let fixture = try Fixture()
    for folder in ["truth", "given"] { try fixture.makeFolder(folder) }
    try fixture.save("truth/a.png", labels: [0, 0, 0, 255], width: 2)
    try fixture.save("truth/b.png", labels: [0, 0, 0, 0], width: 2)
    try fixture.save("given/a.png", labels: [0, 0, 0, 0], width: 2)
    try fixture.save("given/b.png", labels: [0, 0, 0, 0], width: 2)
    let line = "evaluate --truth truth --labels given"
    // All zeros is right wherever it is counted.
    let silent = try fixture.run(line)
    #expect(silent.output.contains("mean IU               1.0000"))
    #expect(silent.output.contains("255: 1 of 8 pixels (12.5 %), in 1 of 2 pictures\n"))
    #expect(
      silent.output.contains("Beware: the truth holds only 0 and 255, which is left out; if "))
    #expect(silent.output.contains("--ignore none counts it as a class"))
    let json = try fixture.run("\(line) --format json")
    let answer = try JSONDecoder().decode(EvaluateAnswer.self, from: Data(json.output.utf8))
    #expect(answer.warning?.hasPrefix("the truth holds only 0 and 255") == true)

    // The background is 7 of 8 pixels right, the foreground never: (7/8 + 0) / 2.
    let whole = try fixture.run("\(line) --ignore none")
    #expect(whole.output.contains("mean IU               0.4375\n"))
    #expect(whole.output.contains("class 255       1    0.0000  0.0000\n"))
    #expect(!whole.output.contains("left out") && !whole.output.contains("Beware"))
    // Another label is left out: then 255 is a class too.
    let other = try fixture.run("\(line) --ignore 0")
    #expect(
      other.output.contains("0: 7 of 8 pixels (87.5 %), in 2 of 2 pictures; 1 picture entirely"))
    let wrong = try fixture.run("\(line) --ignore 256")
    #expect(wrong.code == 64 && wrong.error.contains("a label from 0 to 255, or none"))
  }

  @Test func `many pixels that are left out are told, with other classes too`() throws {
    let fixture = try Fixture()
    try fixture.save("t.png", labels: [0, 1, 1, 255], width: 2)
    try fixture.save("g.png", labels: [0, 1, 1, 1], width: 2)
    let outcome = try fixture.run("evaluate --truth t.png --labels g.png")
    #expect(outcome.output.contains("Beware: 25 % of the pixels are left out as 255"))
    try fixture.save("t.png", labels: [0, 1, 1, 1, 255], width: 5)
    try fixture.save("g.png", labels: [0, 1, 1, 1, 1], width: 5)
    #expect(!(try fixture.run("evaluate --truth t.png --labels g.png").output.contains("Beware")))
  }

  @Test func `which classes the mean IU is over`() throws {
    let fixture = try Fixture()
    try fixture.save("t.png", labels: [0, 0, 2, 2], width: 2)
    try fixture.save("g.png", labels: [0, 1, 2, 2], width: 2)
    // Class 0: 1/2, class 2: 2/2; class 1 was given alone, 3 and 4 are nowhere.
    let sum: Double = 0.5 + 1
    let cases: [(option: String, name: String, classes: Int)] = [
      ("", "union", 3), ("--mean union", "union", 3), ("--mean truth", "truth", 2),
      ("--mean all", "all", 5),
    ]
    for (option, name, classes) in cases {
      let line = "evaluate --truth t.png --labels g.png --classes 5 \(option)"
      let json = try fixture.run("\(line) --format json")
      let answer = try JSONDecoder().decode(EvaluateAnswer.self, from: Data(json.output.utf8))
      #expect(answer.meanIUOver == name && answer.meanIUClasses == classes)
      #expect(answer.meanIU == sum / Double(classes))
      let text = try fixture.run(line).output
      #expect(text.contains("Mean accuracy is over the 2 classes of the truth, mean IU over "))
      #expect(text.contains("left out of the mean IU") == (name == "truth"))
    }
  }

  @Test func `several classes that never occur are told in one sentence`() throws {
    let fixture = try Fixture()
    try fixture.save("t.png", labels: [0, 0, 0, 0], width: 2)
    try fixture.save("g.png", labels: [0, 4, 5, 6], width: 2)
    let outcome = try fixture.run("evaluate --truth t.png --labels g.png")
    #expect(
      outcome.output.contains(
        "class 4, class 5 and class 6 never occur in the truth but were given: they count as IU 0.")
    )
    #expect(outcome.output.contains("over the 1 class of the truth, mean IU over the 4 that occur"))
  }

  @Test func `pairs may be named in a list`() throws {
    let fixture = try fixture()
    let expected = try fixture.run("evaluate --truth truth --labels given").output
    for separator in ["\t", ",", ", ", "   "] {
      let lines = ["a", "b"].map { "truth/\($0).png\(separator)given/\($0).png" }
      try fixture.save("pairs.txt", Array((lines.joined(separator: "\n") + "\n\n").utf8))
      let outcome = try fixture.run("evaluate --pairs pairs.txt")
      #expect(outcome.output == expected, "\(outcome.error)")
    }
    // Beside the list, and with spaces in a name.
    try fixture.save("truth/a b.png", labels: [0, 1], width: 2)
    try fixture.save("truth/list.txt", Array("a b.png\ta b.png".utf8))
    #expect(try fixture.run("evaluate --pairs truth/list.txt").output.contains("mean IU     "))
    for (text, code, words) in [
      ("truth/a.png", 65, "line 1 of pairs.txt has 1 name; two are expected"),
      ("\na b c", 65, "line 2 of pairs.txt has 3 names"), ("", 65, "pairs.txt names no pair"),
      ("truth/a.png none.png", 66, "none.png doesn't exist, which line 1 of pairs.txt names"),
    ] {
      try fixture.save("pairs.txt", Array(text.utf8))
      let outcome = try fixture.run("evaluate --pairs pairs.txt")
      #expect(outcome.code == code && outcome.error.contains(words), "\(outcome.error)")
    }
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
      ("--truth truth --labels given --classes 0", 64, "from 1 to 256"),
      ("--truth none --labels given", 66, "none doesn't exist"),
      ("--truth truth --labels none", 66, "none doesn't exist"),
      ("--pairs a --truth truth", 64, "--truth does not go with --pairs"),
      ("--truth empty --labels given", 66, "empty holds no label image"),
      ("--truth truth/a.png --labels given", 66, "truth/a.png is a file and given a folder"),
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
  let ignore: Int?
  let ignoredPixels: Int
  let picturesWithIgnored: Int
  let picturesIgnored: Int
  let warning: String?
  let meanIUOver: String
  let meanIUClasses: Int
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
