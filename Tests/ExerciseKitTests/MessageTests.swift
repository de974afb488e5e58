import ExerciseKit
import Tensors
import Testing

struct MessageTests {
  @Test func `an answer comes as it was sent, to the bit`() throws {
    let results: [CaseResult] = [
      .answer(Tensor([[1, -2, 3], [4, 5, Int.min]]).layout),
      .answer([0.1, -0.0, Double.infinity, Double.leastNonzeroMagnitude].layout),
      .answer([Fraction(-2, 3), 4].layout), .answer(Int?.none.layout), .answer([Int]().layout),
      .answer(Ends(before: 1, after: 2).layout), .unsolved, .threw("ein „Fehler“\n"),
    ]
    var message = Message()
    for result in results { result.write(to: &message) }
    let came = CaseResult.all(in: message.bytes)
    #expect(came.isWhole && came.results == results)
  }

  @Test func `a number that is none comes as none`() throws {
    var message = Message()
    CaseResult.answer(Double.nan.layout).write(to: &message)
    guard case .answer(let layout)? = CaseResult.all(in: message.bytes).results.first,
      case .real(let value)? = layout.cells.first
    else { Issue.record("no answer"); return }
    #expect(value.isNaN)
  }

  @Test func `whatever else is written there is told apart, and costs no memory`() {
    var message = Message()
    CaseResult.answer([1, 2].layout).write(to: &message)
    let answer = message.bytes
    // Cut off anywhere, it is not whole; with anything behind it, the answer before still counts.
    for count in 1..<answer.count {
      #expect(!CaseResult.all(in: Array(answer.prefix(count))).isWhole, "\(count) bytes")
    }
    for other in ["passed\n", "r1 verdict {\"outcome\":\"passed\"}\n", "\0\0\0\0\0\0\0\u{7F}"] {
      let came = CaseResult.all(in: answer + Array(other.utf8))
      #expect(!came.isWhole && came.results == [.answer([1, 2].layout)], "\(other)")
    }
    // An answer (0) of a list of extents whose count is far more than there are bytes.
    var huge = Message()
    for word in [0, Int.max] { word.write(to: &huge) }
    #expect(!CaseResult.all(in: huge.bytes).isWhole)
    // A fraction over 0, and extents below 0.
    var zero = Message()
    for word in [0, 0, 1, 1, 5, 0, 0] { word.write(to: &zero) }
    #expect(!CaseResult.all(in: zero.bytes).isWhole)
    var negative = Message()
    for word in [0, 2, -1, -1, 1, 0, 5, 0] { word.write(to: &negative) }
    #expect(!CaseResult.all(in: negative.bytes).isWhole)
  }

  @Test func `of an answer too large to be right its shape comes, and some of its cells`() throws {
    var message = Message()
    CaseResult.answer([Int](repeating: 7, count: 1 << 20).layout).write(to: &message)
    guard case .answer(let layout)? = CaseResult.all(in: message.bytes).results.first else {
      Issue.record("no answer")
      return
    }
    #expect(layout.shape == [1 << 20] && layout.cells.count == 1 << 16)
  }
}
