import Testing

@Suite struct SizeTests {
  @Test func `the guide's example, line by line`() throws {
    let outcome = try Convbook.run("size conv --input 6 --kernel 3 --stride 2")
    #expect(outcome.code == 0)
    #expect(outcome.output.contains("= ⌊(6 + 2·0 − 3)/2⌋ + 1\n"))
    #expect(outcome.output.contains("output size       2\n"))
    #expect(outcome.output.contains("never read        input cell 5, counted from 0\n"))
    #expect(outcome.output.contains("inputs 5 to 6 all give 2"))
    #expect(
      outcome.output.contains("PyTorch           nn.Conv2d(C_in, C_out, kernel_size=3, stride=2)"))
  }

  @Test(arguments: [
    ("conv --input 5 --kernel 3", "\"output\": 3,"),
    ("conv --input 5x6 --kernel 3,2 --stride 2,1", "\"output\": [2, 5],"),
    ("conv-transpose --input 5 --kernel 4 --stride 2 --padding 1", "\"output\": 10,"),
    ("max-pool --input 175 --kernel 2", "\"output\": 87,"),
    ("max-pool --input 175 --kernel 2 --rounding caffe", "\"output\": 88,"),
    ("avg-pool --input 5 --kernel 2 --padding 1 --ceil-mode", "\"output\": 3,"),
    ("bilinear --input 4 --scale 2", "\"output\": 8,"),
    ("linear --input 7", "\"output\": 1,"),
    ("softmax --input 7", "\"output\": 7,"),
    ("conv --input 1000000000 --kernel 3 --stride 1000", "\"unreadCount\": 997000000,"),
  ])
  func `in JSON`(line: String, member: String) throws {
    let outcome = try Convbook.run("size \(line) --format json")
    #expect(outcome.code == 0, "\(outcome.error)")
    #expect(outcome.output.contains(member), "\(outcome.output)")
  }

  @Test func `a transposed convolution shows p and p′`() throws {
    let outcome = try Convbook.run(
      "size conv-transpose --input 5 --kernel 4 --stride 2 --padding 1")
    #expect(outcome.output.contains("p = 1, p′ = d(k−1) − p = \(4 - 1 - 1)"))
    #expect(outcome.output.contains("forward inputs of 10 to 11 all give 5"))
  }

  @Test func `the inverse, the simplest first`() throws {
    let outcome = try Convbook.run("solve conv-transpose --from 7 --to 14 --limit 2")
    #expect(outcome.code == 0)
    let answers = outcome.lines.filter { $0.first?.isNumber ?? false }
    #expect(answers == ["1   kernel 2, stride 2", "2   kernel 4, stride 2, padding 1"])
  }

  @Test func `the formula reference is printed`() throws {
    #expect(try Convbook.run("formulas").output.hasPrefix("# "))
  }
}
