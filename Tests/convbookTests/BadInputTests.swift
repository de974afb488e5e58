import Foundation
import Tensors
import Testing

/// What is wrong gives one sentence, its exit code, and nothing else.
@Suite struct BadInputTests {
  func expectRefusal(
    _ fixture: Fixture, _ line: String, _ code: Int32, _ words: String,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let before = fixture.files
    let outcome = try fixture.run(line)
    #expect(outcome.code == code, "\(line): \(outcome.error)", sourceLocation: sourceLocation)
    #expect(outcome.output.isEmpty, "\(line)", sourceLocation: sourceLocation)
    #expect(
      outcome.error.hasPrefix("convbook: ") && outcome.error.hasSuffix("\n")
        && outcome.error.split(separator: "\n").count == 1,
      "\(line): \(outcome.error)", sourceLocation: sourceLocation)
    #expect(
      outcome.error.contains(words), "\(line): \(outcome.error)", sourceLocation: sourceLocation)
    #expect(fixture.files == before, "\(line) left files behind", sourceLocation: sourceLocation)
  }

  func arrays() throws -> Fixture {
    let fixture = try Fixture()
    try fixture.save("x.npy", ramp: [1, 2, 5, 5])
    try fixture.save("w.npy", ramp: [4, 2, 3, 3])
    try fixture.save("long.npy", ramp: [1, 2, 5])
    return fixture
  }

  @Test func `files that are no arrays`() throws {
    let fixture = try arrays()
    try fixture.save("empty.npy", [])
    try fixture.save("text.npy", Array("1,2,3\n".utf8))
    try fixture.save(
      "short.npy", header: "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 1, 2, 2), }",
      data: [0, 0, 0])
    try fixture.save(
      "vast.npy",
      header: "{'descr': '<f4', 'fortran_order': False, 'shape': (1000000, 1000000, 1000), }",
      data: [0, 0, 0, 0])
    try fixture.save(
      "complex.npy", header: "{'descr': '<c8', 'fortran_order': False, 'shape': (1,), }",
      data: Array(repeating: 0, count: 8))
    for (name, code, words) in [
      ("missing.npy", 66, "No such file"), ("empty.npy", 65, "it is empty"),
      ("text.npy", 65, ".npy header"), ("short.npy", 65, "16 bytes"),
      ("vast.npy", 65, "4000000000000000 bytes"), ("complex.npy", 65, "'<c8'"),
      (".", 66, "folder"),
    ] as [(String, Int32, String)] {
      let rest = "--kernel 2 --output y.npy"
      try expectRefusal(fixture, "apply max-pool --input \(name) \(rest)", code, words)
      if name.hasSuffix(".npy") {
        try expectRefusal(fixture, "trace max-pool --input \(name) --kernel 2", code, words)
      }
    }
  }

  @Test(arguments: [
    ("--input long.npy --weight w.npy", "expect 2"),
    ("--input w.npy --weight w.npy --groups 3", "3 groups do not divide"),
    ("--input x.npy --weight x.npy --groups 2", "2 groups do not divide"),
    ("--input w.npy --weight long.npy", "both must be of rank 4"),
    ("--input x.npy --weight w.npy --groups 0", "groups is 0; it must be"),
    ("--input x.npy --weight w.npy --bias x.npy", "rank 1 is expected"),
    ("--input x.npy --weight w.npy --stride 0", "the stride is 0; it must be from 1"),
    ("--input x.npy --weight w.npy --stride -1", "the stride is -1"),
    ("--input x.npy --weight w.npy --dilation 0", "the dilation is 0"),
    ("--input x.npy --weight w.npy --dilation 3", "an input of at least 7 is needed"),
    (
      "--input x.npy --weight w.npy --stride 1000000000000000000",
      "the stride is 1000000000000000000; it must be from 1 to 1000000000"
    ),
    ("--input x.npy --weight w.npy --padding 1000000000000000000000", "up to 1000000000"),
    ("--input x.npy --weight w.npy --padding -1", "it must be 0 or more"),
    ("--input x.npy --weight w.npy --padding 16000", "at most 268435456 cells"),
    ("--input x.npy --weight w.npy --padding 500000000", "at most 268435456 cells"),
    ("--input x.npy --weight w.npy --stride 2 --padding same", "stride 1 only"),
    ("--input x.npy --weight w.npy --kernel 2", "kernels of 3×3"),
  ])
  func `arrays and geometries that do not fit`(line: String, words: String) throws {
    try expectRefusal(arrays(), "apply conv \(line) --output y.npy", 65, words)
  }

  @Test(arguments: [
    ("conv --input 3 --kernel 4", "an input of at least 4 is needed"),
    ("conv --input 0 --kernel 4", "each extent must be from 1"),
    ("conv --input 5 --kernel 0", "the kernel size is 0"),
    ("conv --input 5 --kernel -3", "the kernel size is -3"),
    ("max-pool --input 5 --kernel 2 --padding 2", "the padding must be from 0 to 1"),
    ("conv-transpose --input 3 --kernel 3 --stride 2 --output-padding 2", "from 0 to 1"),
    ("conv-transpose --input 3 --kernel 3 --padding 3", "may take at most 4"),
    ("conv-transpose --input 1000000000000000000 --kernel 3", "from 1 to 1000000000"),
  ])
  func `sizes that do not exist`(line: String, words: String) throws {
    try expectRefusal(Fixture(), "size \(line)", 65, words)
  }

  @Test(arguments: [
    ("size", "OP is missing"),
    ("size cnov --input 5", "did you mean conv?"),
    ("size conv --input 5", "--kernel is missing"),
    ("size conv --kernel 5", "--input is missing"),
    ("size conv --input five --kernel 3", "--input is \"five\""),
    ("size conv --input 5 --kernel 3 --kernel 3", "given twice"),
    ("size conv --input 5 --kernel 1,2,3", "--kernel has 3 numbers"),
    ("size conv --input 5 --krenel 3", "did you mean --kernel?"),
    ("size conv --input 5 --kernel", "--kernel has no value"),
    ("size conv --input 5 --kernel 3 --padding sane", "--padding is \"sane\""),
    ("size conv --input 5 --kernel 3 --scale 2", "it is for bilinear"),
    ("size max-pool --input 5 --kernel 3 --rounding cell", "did you mean ceil?"),
    ("size max-pool --input 5 --kernel 3 --rounding floor --ceil-mode", "exclude each other"),
    ("apply conv --input x.npy --weight w.npy", "--output is missing"),
    ("apply max-pool --input x.npy --output y.npy", "--kernel is missing"),
    ("apply conv --input x.npy --weight w.npy --output y.npy --engine fats", "did you mean fast?"),
    ("solve conv --from 7", "--to is missing"),
    ("solve conv --from 7 --to x", "--to is \"x\""),
    ("trace conv --input 1,2/3 --weight 1", "1 in row 1"),
    ("trace conv --input 1,b --weight 1,1", "\"b\", which is no number"),
    ("trace conv --input 1,2 --weight 1/0,2;", "denominator 0"),
    ("--halp", "there is no option \"--halp\""),
    ("lessen", "did you mean lesson?"),
  ])
  func `wrong use`(line: String, words: String) throws {
    try expectRefusal(Fixture(), line, 64, words)
  }

  @Test(arguments: [
    ("conv --input 9000000000000000000,9000000000000000000 --weight 1,1", "do not fit"),
    ("conv --input 99999999999999999999,1 --weight 1,1", "does not fit"),
    ("avg-pool --input 9000000000000000000,9000000000000000000 --kernel 2", "do not fit"),
    ("conv --input 100000x100000 --kernel 3", "from 1 to 65536"),
    ("conv --input 200x200 --kernel 9", "at most 200000"),
    ("conv --input 3x3 --kernel 2 --cell 5,5", "neither the output"),
    ("conv --input 3x3 --kernel 1000000000", "a kernel has from 1"),
    ("conv --input 3x3 --kernel 2 --form zero-insertion", "no zero-insertion form"),
  ])
  func `traces that cannot be exact, or shown`(line: String, words: String) throws {
    try expectRefusal(Fixture(), "trace \(line)", 65, words)
  }

  @Test func `outputs that cannot be written`() throws {
    let fixture = try arrays()
    let line = "apply max-pool --input x.npy --kernel 2 --output"
    try expectRefusal(fixture, "\(line) no/such/folder.npy", 73, "cannot be written")
    try expectRefusal(fixture, "\(line) .", 73, "it is a folder")
    #if os(Linux)
      try expectRefusal(fixture, "\(line) /dev/full", 73, "No space left")
    #endif
  }

  @Test func `an output that is an input is refused, whatever leads to it`() throws {
    let fixture = try arrays()
    #expect(symlink("w.npy", fixture.path("soft.npy")) == 0)
    #expect(link(fixture.path("x.npy"), fixture.path("hard.npy")) == 0)
    try fixture.save("b.npy", [4], [1, 2, 3, 4])
    let line = "apply conv --input x.npy --weight w.npy --bias b.npy --padding 1 --output"
    for (output, input) in [
      ("x.npy", "x.npy"), ("w.npy", "w.npy"), ("b.npy", "b.npy"), ("./b.npy", "b.npy"),
      ("soft.npy", "w.npy"), ("hard.npy", "x.npy"),
    ] {
      let before = try Data(contentsOf: URL(filePath: fixture.path(output)))
      try expectRefusal(
        fixture, "\(line) \(output)", 64, "\(output) would replace the input \(input)")
      #expect(try Data(contentsOf: URL(filePath: fixture.path(output))) == before)
    }
  }

  @Test(arguments: [
    "apply max-pool --kernel 2 --output y.npy --input", "trace max-pool --kernel 2 --input",
  ])
  func `an endless input is refused`(line: String) throws {
    try expectRefusal(Fixture(), "\(line) /dev/zero", 66, "/dev/zero is a device")
  }
}
