import Tensors
import Testing

@Suite struct TraceTests {
  @Test(arguments: [
    ("conv --input 1,2,3/4,5,6 --weight 1,0/0,1", "output (0, 1) = 2·1 + 3·0 + 5·0 + 6·1 = 8"),
    ("conv --input 1,2 --weight 1/4,1/2;", "output 0 = 1·¼ + 2·½ = 5/4"),
    ("conv --input 0.5,2 --weight 1,-1", "output 0 = ½·1 + 2·(-1) = -3/2"),
    ("conv --input 3 --kernel 2 --bias 10", "output 1 = 2·1 + 3·2 + 10 = 18"),
    (
      "conv-transpose --input 1,2 --weight 1,2,3 --stride 2 --form zero-insertion",
      "output 2 = 1·3 + 0·2 + 2·1 = 5"
    ),
    (
      "conv-transpose --input 1,2 --weight 1,2,3 --stride 2 --form scatter",
      "input 1 is 2   ·  ·  2  4  6"
    ),
    ("conv --input 3 --kernel 2 --form matrix", "matrix C (2×3)"),
    // Of a row two numbers are left and right: 0 0 1 2 3 0 0 0 has 7 windows of 2.
    ("conv --input 3 --kernel 2 --padding 2,3", "output 6 = 0 (2 kernel cells on padding)"),
    ("max-pool --input 3 --kernel 2 --padding 0,1", "output 1 = max(3) = 3"),
    ("max-pool --input 2x2 --kernel 2", "output (0, 0) = max(1, 2, 3, 4) = 4"),
    ("avg-pool --input 2x2 --kernel 2", "output (0, 0) = (1 + 2 + 3 + 4)/4 = 5/2"),
    ("bilinear --input 0,4 --scale 2", "output 1 = 0·¾ + 4·¼ = 1"),
    ("linear --input 1,2 --weight 3,4/5,6", "output 1 = 1·5 + 2·6 = 17"),
    ("softmax --input 0,0", "output 0 = e^0/(e^0 + e^0) = 0.500000"),
    ("argmax --input 1,7,7", "output 0 = the position of the first largest of 1, 7, 7 = 1"),
  ])
  func `every term is shown`(line: String, text: String) throws {
    let outcome = try Convbook.run("trace \(line)")
    #expect(outcome.code == 0, "\(outcome.error)")
    #expect(outcome.output.contains(text), "\(outcome.output)")
  }

  @Test(arguments: [
    ("conv --input 4 --kernel 2", "gradient by input 1 = 1·2 + 2·1 = \(1 * 2 + 2 * 1)"),
    ("conv --input 4 --kernel 2 --of kernel", "gradient by kernel 1 = 2·1 + 3·2 + 4·3 = 20"),
    (
      "conv --input 4 --kernel 2 --of weight --gradient ones",
      "gradient by kernel 0 = 1·1 + 2·1 + 3·1 = 6"
    ),
    ("conv --input 4 --kernel 2 --of bias", "gradient by bias 0 = 1 + 2 + 3 = 6"),
    ("conv --input 4 --kernel 2 --form matrix", "matrix, the transpose of C (4×3)"),
    ("conv --input 4 --kernel 2 --form scatter", "gradient by output 0 is 1"),
    (
      "conv-transpose --input 2 --kernel 3 --stride 2", "gradient by input 1 = 3·1 + 4·2 + 5·3 = 26"
    ),
    (
      "conv-transpose --input 2 --kernel 3 --stride 2 --of kernel",
      "gradient by kernel 1 = 1·2 + 2·4 = 10"
    ),
    (
      "max-pool --input 1,5,5,2 --kernel 2 --stride 1 --gradient 10,20,30",
      "gradient by input 1 = 10·1 + 20·1 = 30"
    ),
    ("max-pool --input 1,5,5,2 --kernel 2 --stride 1 --gradient 10,20,30", "output (3)"),
    ("avg-pool --input 4 --kernel 2 --gradient 1,3", "gradient by input 3 = 3·½ = 3/2"),
    ("bilinear --input 0,4 --scale 2", "gradient by input 0 = 1·1 + 2·¾ + 3·¼ = 13/4"),
    ("linear --input 1,2 --weight 3,4/5,6", "gradient by input 1 = 1·4 + 2·6 = 16"),
    ("linear --input 1,2 --weight 3,4/5,6 --of weight", "gradient by weight (1, 0) = 1·2 = 2"),
    (
      "softmax --input 0,0 --gradient 1,0",
      "gradient by input 1 = 1·(-0.250000) + 0·0.250000 = -0.250000"
    ),
    ("conv --input 4 --kernel 2 --cell 1", "Where does gradient by input 1 come from?"),
    ("conv --input 4 --kernel 2 --cell 1", "gradient by input 2 through kernel 1: 2·2 = 4"),
  ])
  func `backwards, every term is shown`(line: String, text: String) throws {
    let outcome = try Convbook.run("trace \(line) --backward --width 120")
    #expect(outcome.code == 0, "\(outcome.error)")
    #expect(outcome.output.contains(text), "\(outcome.output)")
    let drawn = try Convbook.run("trace \(line) --backward --format svg")
    #expect(drawn.code == 0, "\(drawn.error)")
    #expect(drawn.output.contains("gradient by the "))
    try XMLDocumentCheck(drawn.output).check()
  }

  @Test(arguments: [
    ("argmax --input 1,2 --backward", 65, "argmax has no gradient"),
    (
      "max-pool --input 4 --kernel 2 --backward --of kernel", 65,
      "needs a kernel, and this has none"
    ),
    ("conv --input 4 --kernel 2 --of kernel", 64, "write --backward too"),
    ("conv --input 4 --kernel 2 --backward --of inputs", 64, "input, kernel, weight or bias"),
    (
      "conv --input 4 --kernel 2 --backward --gradient 1,2", 65,
      "--gradient has 1×2, and the output 1×3"
    ),
    ("conv --input 4 --kernel 2 --backward --cell 4", 65, "the gradient is 1×4"),
    ("conv --input 4 --kernel 2 --backward --of kernel --form scatter", 64, "has window alone"),
  ])
  func `what has no gradient is refused with a sentence`(line: String, code: Int32, text: String)
    throws
  {
    let outcome = try Convbook.run("trace \(line)")
    #expect(
      outcome.code == code && outcome.error.contains(text), "\(outcome.code): \(outcome.error)")
  }

  /// 1, 2, 3, … as two pictures of two maps (x.npy), and as a kernel for each map (w.npy).
  private func ramps() throws -> Fixture {
    let fixture = try Fixture()
    try fixture.save("x.npy", [2, 2, 2, 2], (1...16).map(Float.init))
    try fixture.save("w.npy", [2, 1, 2, 2], (1...8).map(Float.init))
    return fixture
  }

  /// Two pictures of two maps of 2×2: picture 1, map 1 is 13 14 / 15 16. Every map is traced, not the
  /// first alone, in every format.
  @Test(arguments: [
    ("max-pool", "--kernel 2", "output picture 1, map 1 (0, 0) = max(13, 14, 15, 16) = 16"),
    ("avg-pool", "--kernel 2", "output picture 0, map 1 (0, 0) = (5 + 6 + 7 + 8)/4 = 13/2"),
    ("bilinear", "--scale 2", "output picture 1, map 0 (0, 1) = 9·¾ + 10·¼ = 37/4"),
    (
      "conv", "--weight w.npy --groups 2",
      "output picture 1, map 1 (0, 0) = 13·5 + 14·6 + 15·7 + 16·8 = 382"
    ),
    (
      "conv-transpose", "--weight w.npy --groups 2 --form scatter",
      "16 at picture 1, map 1 (1, 1), on output picture 1, map 1"
    ),
    ("conv", "--weight w.npy --groups 2 --form matrix", "input picture 1, row after row"),
    (
      "conv-transpose", "--weight w.npy --groups 2 --form zero-insertion",
      "output picture 1, map 1 (2, 2) = 16·8 = \(16 * 8)"
    ),
  ])
  func `every map of every picture is traced`(
    operation: String, options: String, line: String
  ) throws {
    let fixture = try ramps()
    let words = "trace \(operation) --input x.npy \(options)"
    let text = try fixture.run(words + " --width 200")
    #expect(text.code == 0, "\(text.error)")
    #expect(text.output.contains(line), "\(text.output)")
    let json = try fixture.run(words + " --format json")
    #expect(json.output.contains(line), "\(json.output)")
  }

  @Test func `one cell is asked of every map of every picture`() throws {
    let outcome = try ramps().run("trace max-pool --input x.npy --kernel 1 --cell 1,0")
    for (picture, map, value) in [(0, 0, 3), (0, 1, 7), (1, 0, 11), (1, 1, 15)] {
      #expect(
        outcome.output.contains(
          "output picture \(picture), map \(map) (1, 0) = max(\(value)) = \(value)"))
    }
  }

  @Test func `one cell, both ways`() throws {
    let outcome = try Convbook.run("trace conv --input 3x3 --kernel 2 --cell 1,1")
    #expect(outcome.output.contains("output (1, 1) = 5·1 + 6·2 + 8·3 + 9·4 = \(5 + 12 + 24 + 36)"))
    for line in [
      "output (0, 0) through kernel (1, 1): 5·4 = 20",
      "output (1, 1) through kernel (0, 0): 5·1 = 5",
    ] {
      #expect(outcome.output.contains(line))
    }
  }

  @Test func `plain output is ASCII, and JSON has kinds`() throws {
    let plain = try Convbook.run("trace conv-transpose --input 1,2 --weight 1,2 --plain")
    #expect(plain.output.utf8.allSatisfy { $0 < 0x80 })
    let json = try Convbook.run("trace conv --input 1,2 --weight 1,2 --format json")
    #expect(json.output.contains("\"kind\": \"trace\""))
  }

  @Test func `the cover leads to the first lesson`() throws {
    let outcome = try Convbook.run("")
    #expect(outcome.code == 0, "\(outcome.error)")
    #expect(outcome.output.contains("= 17"))
    #expect(outcome.output.contains("convbook lesson "))
    #expect(outcome.output.contains("convbook --help"))
  }
}
