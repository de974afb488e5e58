import ConvolutionArithmetic
import LessonKit
import Lessons
import Networks
import Tensors
import Testing

@testable import LiveBook

struct LiveBookTests {
  private let book = LiveBook(lessons: [])

  @Test func `a link is an operation and its options`() throws {
    let query = Query("conv&input=1%2C2/3,4&kernel=&note=a+b%zz")
    #expect(query.name == "conv")
    #expect(query["input"] == "1,2/3,4")
    #expect(query["kernel"] == nil)
    #expect(query["note"] == "a b%zz")
  }

  @Test func `numbers are read as people write them`() throws {
    let x = try #require(try Query("conv&input=1,-0.5;¾,2;").map("input", most: 4))
    #expect(x.elements.map { $0.value } == [1, Fraction(-1, 2), Fraction(3, 4), 2])
    #expect(try Query("conv&input=2x3").map("input", most: 4)?.elements.last?.value == 6)
  }

  @Test(arguments: [
    ("trace conv&input=1,2/3", "row"), ("trace conv&input=1,x", "no number"),
    ("trace conv&input=99x99", "from 1 to 16"), ("trace conv", "input is missing"),
    ("trace conv&input=5x5&stride=0", "stride"),
    ("trace conv&input=5x5&stride=two", "whole number"),
    ("trace conv&input=2x2&kernel=5", "fit"), ("trace swim&input=2x2", "no operation"),
    ("trace conv&input=5x5&padding=99999999999", "padding"),
    ("trace conv-transpose&input=2x2&kernel=3&stride=2&output-padding=5", "output padding"),
    ("trace conv&input=9999999999999999999,1", "no number"), ("swim", "no answer"),
    ("lesson 99&input=3", "no lesson"), ("size bilinear", "scale"),
    ("network net", "missing"), ("network net&text=cnv 8 k3", "conv"),
    ("network net&text=conv 8 k9&input=4", "fit"),
    ("network net&text=conv 8 k3&input=0x4", "from 1"),
    ("network net&text=conv 8 k3&input=four", "224"),
    ("trace conv&input=2x3x3", "no number"), ("trace conv&input=1,2*3", "no number"),
    ("trace avg-pool&input=4x4&count-include-pad=maybe", "it is 1 or 0"),
    ("size conv&input=224&kernel=", "kernel is missing"),
    ("size conv&input=&kernel=3", "input is missing"),
    ("size conv&input=9&kernel=3&output-padding=1", "only conv-transpose"),
  ])
  func `what can't be answered is answered by a sentence`(request: String, words: String) {
    let answer = book.answer(request)
    #expect(answer.contains("\"error\""), "\(answer)")
    #expect(answer.contains(words), "\(answer)")
  }

  @Test func `a trace has the numbers of its case, and the command that shows it`() throws {
    let answer = book.answer("trace conv&input=1,2/3,4&weight=1,0/0,1")
    let traced = try TraceCase.convolution(
      Tensor([[1, 2], [3, 4]]), Tensor([[1, 0], [0, 1]]))
    #expect(answer.contains("\"size\": \"1×1\""))
    #expect(answer.contains(try traced.equation(row: 0, column: 0).text))
    #expect(answer.contains("convbook trace conv --input 1,2/3,4 --weight 1,0/0,1"))
    #expect(answer.contains("nn.Conv2d("))
  }

  @Test(arguments: [
    // Both axes have the stride, whatever the kernel's height: ⌊(56 − 1)/2⌋ + 1 and 2·(7 − 1) + 1.
    ("size conv&input=56&kernel=1&stride=2", "28"),
    ("size conv-transpose&input=7&kernel=1&stride=2", "13"),
    ("trace conv&input=6x6&weight=2&stride=2", "3×3"),
    ("trace conv&input=4x4&weight=1,1,1&padding=1", "6×4"),
    ("trace conv&input=4x4&weight=1/1/1&padding=1", "4×6"),
    // A row has one axis.
    ("trace conv&input=1,2,3,4&weight=1,1&stride=2", "1×2"),
    ("trace max-pool&input=1,2,3,4&kernel=2", "1×2"),
    ("trace max-pool&input=5x5&kernel=2&dilation=3&padding=1", "2×2"),
    ("trace bilinear&input=2x2&align-corners=0", "4×4"),
  ])
  func `a number means both axes, but of what was typed as one row`(request: String, size: String) {
    let answer = book.answer(request)
    #expect(answer.contains("\"size\": \"\(size)\""), "\(answer.prefix(300))")
  }

  @Test func `a flag is set or not, by its value`() {
    let corners = ["", "=1", "=0"].map {
      book.answer("trace bilinear&input=0,4&scale=3&align-corners\($0)")
    }
    #expect(corners[0] == corners[1] && corners[0] != corners[2])
    #expect(corners[0].contains("--align-corners") && !corners[2].contains("--align-corners"))
  }

  @Test func `all forms of a transposed convolution stand side by side`() {
    let answer = book.answer("trace conv-transpose&input=2x2&kernel=3&stride=2&form=all")
    for form in TraceForm.allCases { #expect(answer.contains("<h3>\(form.rawValue)</h3>")) }
  }

  @Test func `predictions are judged as in the terminal`() {
    #expect(book.answer("judge 6 and 5\n5 6\nany").contains("true"))
    #expect(book.answer("judge 6 5\n5 6\ngiven").contains("false"))
    #expect(book.answer("judge .75\n¾\ngiven").contains("true"))
    #expect(book.answer("judge only the shape\nno\ngiven\nonly the shape").contains("true"))
    #expect(book.answer("judge").contains("false"))
  }

  @Test func `the quiz asks what the terminal asks, and judges`() throws {
    let question = try #require(Array(Quiz(seed: 3, topic: .pooling).prefix(2)).last)
    let asked = book.answer("quiz pooling&seed=3&number=2")
    #expect(asked.contains(question.question))
    #expect(asked.contains("\"verdict\": null"))
    #expect(
      book.answer("quiz pooling&seed=3&number=2&reply=\(question.answer)").contains("✓"))
    #expect(
      book.answer("quiz pooling&seed=3&number=2&reply=\(question.answer + 1)").contains("✗"))
    #expect(book.answer("quiz pooling&reply=no idea").contains("a number, please"))
  }

  @Test func `a network of the reader's own has the terminal's table, and a drawing`() throws {
    let text = "conv 8 k3 p1 relu; max k2"
    let answer = book.answer("network net&text=\(text)&input=12x10")
    let (network, size) = try Network.described(by: text, size: Size(height: 12, width: 10))
    let table = try NetworkTable(network, input: size)
    for row in table.rows {
      #expect(answer.contains("<td>\(row.layer.name)</td>"))
      #expect(answer.contains("<td>\(try #require(row.output))</td>"))
    }
    #expect(answer.contains("<td>8×6×5</td>"))
    #expect(answer.contains("class=\\\"network\\\"") && !answer.contains("<style>"))
    // More multiply-adds than 32 bits hold.
    #expect(book.answer("network net&text=fcn8s&input=500x500").contains("<td>total</td>"))
  }

  @Test func `what a reader typed comes back as text`() {
    let answer = book.answer("trace <b>x</b>&input=2x2")
    #expect(answer.contains("“<b>x</b>” is no operation"))
    #expect(book.answer("trace conv&input=<i>").contains("no number"))
  }
}

/// Requests at random, possible and impossible ones: the browser must answer them as the native code does.
struct BrowserCases {
  @Test func `requests at random have answers and refusals, and no value without a description`() {
    let book = LiveBook(lessons: LessonIndex.withOwnNumbers)
    let answers = Self.requests(60).map(book.answer)
    #expect(answers.contains { $0.contains("\"error\"") })
    #expect(answers.contains { $0.contains("<svg") })
    #expect(!answers.contains { $0.contains("cannot print value") })
  }

  static func requests(_ count: Int) -> [String] {
    var random = SplitMix64(seed: 15)
    func pick(_ range: ClosedRange<Int>) -> Int { random.integer(in: range) }
    return (0..<count).map { index in
      let (stride, padding, dilation) = (pick(1...4), pick(0...3), pick(1...3))
      let window = "&kernel=\(pick(1...4))&stride=\(stride)&padding=\(padding)&dilation=\(dilation)"
      switch index % 9 {
      case 0: return "trace conv&input=\(pick(1...8))x\(pick(1...8))" + window
      case 1:
        return "trace conv-transpose&input=\(pick(1...4))x\(pick(1...4))\(window)"
          + "&output-padding=\(pick(0...2))&form=\(["window", "scatter", "matrix", "all"][pick(0...3)])"
      case 2:
        return "trace \(["max-pool", "avg-pool"][pick(0...1)])&input=\(pick(1...8))x\(pick(1...8))"
          + window + "&rounding=\(["floor", "ceil", "caffe"][pick(0...2)])"
      case 3: return "trace bilinear&input=\(pick(1...4))x\(pick(1...4))&scale=\(pick(1...4))"
      case 4:
        let row = (0..<pick(1...6)).map { _ in "\(pick(-9...9))/\(pick(1...4))" }
        return "trace conv&input=\(row.joined(separator: ","));&weight=\(pick(-3...3)),¾,-1;"
          + "&stride=\(stride)"
      case 5:
        return "size \(["conv", "conv-transpose", "max-pool"][pick(0...2)])&input=\(pick(1...600))"
          + window
      case 6: return "solve conv-transpose&from=\(pick(1...40))&to=\(pick(1...90))"
      case 7:
        let names = ["fcn8s", "fcn32s", "u-net", "vgg16", "fcn-alexnet"]
        let text = [
          "conv \(pick(1...64)) k\(pick(1...7)) s\(stride) p\(padding); max k2",
          "a = conv 8 k3 p1; b = conv 8 k\(pick(1...5)) p\(padding); add a b", names[pick(0...4)],
          "convT 4 k\(pick(2...4)) s2; conv 1 k3 d\(dilation)", "cnv 3", "conv1d 4 k3; max1d k2",
        ][pick(0...5)]
        return "network net&text=\(text)&input=\(pick(1...300))"
      default:
        let lesson = LessonIndex.withOwnNumbers[pick(0...LessonIndex.withOwnNumbers.count - 1)]
        let own = lesson.parameters.names.map { "&\($0.rawValue)=\(pick(1...6))" }
        return "lesson \(lesson.number)" + own.joined()
      }
    }
  }
}
