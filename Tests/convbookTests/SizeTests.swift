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

  /// Layers as people type them.
  @Test(arguments: [
    ("size Conv2d --input 1x3x224x224 --kernel 7x7 --stride 2 --padding 3", "nn.Conv2d(3, C_out, "),
    (
      "size nn.Conv1d --input 16000 --kernel 10 --stride 5", "nn.Conv1d(C_in, C_out, kernel_size=10"
    ),
    ("size conv --dimensions 1 --input 6 --kernel 4 --padding same", "x = F.pad(x, (1, 2))"),
    ("size ConvTranspose1d --input 7 --kernel 4 --stride 2 --padding 1", "nn.ConvTranspose1d("),
    (
      "size Conv3d --input 16 --kernel 3 --padding 1",
      "nn.Conv3d(C_in, C_out, kernel_size=3, padding=1)"
    ),
    ("size MaxPooling2D --input 7 --kernel 2", "nn.MaxPool2d(kernel_size=2)"),
    ("size Deconvolution --input 16 --kernel 64 --stride 32", "output size       544"),
    // TensorFlow's SAME.
    ("size conv --input 6 --kernel 3 --stride 2 --padding SAME", "0 before and 1 after"),
    (
      "size conv --input 6 --kernel 3 --stride 2 --padding same-upper",
      "padding same-upper, 0,0,1,1"
    ),
    // Keras: (5 − 1)·2 + 3 − 2·⌊3/2⌋ + 1; without an output padding 5·2.
    (
      "size Conv2DTranspose --input 5 --kernel 3 --stride 2 --padding same --output-padding 1",
      "output size       \(4 * 2 + 3 - 2 + 1)"
    ),
    (
      "size Conv2DTranspose --input 5 --kernel 3 --stride 2 --padding same",
      "output size       \(5 * 2)"
    ),
    // ONNX: auto_pad keeps i·s, whatever the output padding.
    (
      "size ConvTranspose --input 5 --kernel 3 --stride 2 --padding SAME_UPPER --output-padding 1",
      "output size       \(5 * 2)"
    ),
    ("size ConvTranspose --input 3 --kernel 3 --stride 3 --output-shape 8", "1 before and 0 after"),
    // The stamps reach (10 − 1)·3 + 1 = 28 cells; two more are output padding.
    (
      "size ConvTranspose --input 10 --kernel 1 --stride 3 --output-shape 30",
      "output size       30"
    ),
    ("size Conv3d --input 1x3x16x16x16 --kernel 3,3,3", "nn.Conv3d(3, C_out, kernel_size=3)"),
    ("solve Conv3d --from 16x16x16 --to 8x8x8", "nn.Conv3d(C_in, C_out, kernel_size=2, stride=2)"),
    ("size conv-transpose --input 4 --kernel 3 --stride 2", "uneven"),
    ("solve conv-transpose --from 46x62 --to 368x496", "kernel 8, stride 8"),
    ("solve conv-transpose --from 46x62 --to 368x489", "columns: 62 → 489"),
    (
      "solve Conv1d --from 16000 --to 3199 --kernel 10",
      "nn.Conv1d(C_in, C_out, kernel_size=10, stride=5)"
    ),
    ("--version", "convbook "),
  ])
  func `layers as people write them`(line: String, text: String) throws {
    let outcome = try Convbook.run(line)
    #expect(outcome.code == 0, "\(outcome.error)")
    #expect(outcome.output.contains(text), "\(outcome.output)")
  }

  @Test(arguments: [
    ("size conv --input 6 --kernel 3 --stride 2 --padding same", "same-upper", 65),
    ("size bilinear --input 6 --scale 0", "--scale is 0; a map grows by a whole factor", 65),
    ("size Conv1d --input 6x7 --kernel 3", "--input has more than one number; a sequence", 64),
    ("size Conv3d --input 6 --kernel 3,4", "write 2, or 2,2,2", 64),
    ("size Conv3d --input 6 --kernel 3 --padding 0,1,1", "each axis is a question of its own", 64),
    ("size MaxPool3d --input 8x9x9 --kernel 2", "each axis is a question of its own", 64),
    ("solve conv --from 4x8x8 --to 4x4x4 --dimensions 3", "each axis is a question of its own", 64),
    ("size Upsample --input 6", "did you mean bilinear", 64),
    (
      "size conv-transpose --input 1 --kernel 1000000000 --stride 1 --dilation 2",
      "d(k − 1) + 1 = 2 · (1000000000 − 1) + 1", 65
    ),
    ("size Conv1d --dimensions 2 --input 6 --kernel 3", "exclude each other", 64),
    ("size ConvTranspose --input 3 --kernel 3 --stride 3 --output-shape 12", "from 1 to 11", 65),
    ("trace Conv3d --input 5x5 --kernel 3", "one or two dimensions", 65),
    ("solve Conv1d --from 5x6 --to 3x4", "--dimensions is 1", 64),
  ])
  func `what is refused says why`(line: String, text: String, code: Int) throws {
    let outcome = try Convbook.run(line)
    #expect(outcome.code == Int32(code))
    #expect(outcome.error.contains(text), "\(outcome.error)")
  }

  @Test func `with one window the stride means nothing, so it is not searched`() throws {
    let outcome = try Convbook.run("solve conv --from 96 --to 1 --limit 3")
    let answers = outcome.lines.filter { $0.first?.isNumber ?? false }
    #expect(answers.count == 3)
    #expect(answers.allSatisfy { $0.contains("stride 1") }, "\(answers)")
  }
}
