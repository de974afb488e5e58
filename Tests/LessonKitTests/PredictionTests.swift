import LessonKit
import Tensors
import Testing

@Suite struct PredictionTests {
  private func accepts(
    _ reply: String, for answer: String, anyOrder: Bool = false, also: [String] = []
  ) -> Bool {
    Prediction(question: "?", answer: answer, why: "", anyOrder: anyOrder, also: also)
      .accepts(reply)
  }

  @Test(arguments: [
    "14", " 14 ", "14.", "14.0", "14!", "= 14", "y = 14", "2·7 = 14", "it is 14", "I think 14?",
    "14 cells", "28/2", "1400%",
  ])
  func `a number is compared as a number`(reply: String) {
    #expect(accepts(reply, for: "14"))
  }

  @Test(arguments: [
    "", " ", "?", "41", "1 4", "-14", "14.5", "not 14", "more than 14", "13 or 14", "14 or 15",
    "14 15", "14 - 1", "14 = 15", "twice 14", "fourteenish", "14e1",
  ])
  func `another number is another answer`(reply: String) {
    #expect(!accepts(reply, for: "14"))
  }

  @Test(arguments: [
    ("0", "zero"), ("14", "fourteen"), ("37", "thirty-seven"), ("37", "thirty seven cells"),
    ("193", "one hundred and ninety-three"), ("568", "five hundred sixty eight"),
    ("-40", "minus forty"),
  ])
  func `a number may be spelled`(answer: String, reply: String) {
    #expect(accepts(reply, for: answer) && !accepts(reply, for: "3"))
  }

  @Test(arguments: [
    ("-2", "2·1 + 3·0 + 4·(−1)"), ("14", "2*(3+4)"), ("14", "28/2"), ("7/2", "(3 + 4)/2"),
    ("5", "44 − 34 − 5"), ("6", "2x3"), ("1", "-(-1)"),
    ("11/2", "1.5 + 4"), ("88", "ceil((175-2)/2)+1"), ("87", "⌊(175 − 2)/2⌋ + 1"),
  ])
  func `arithmetic counts as what it comes to`(answer: String, reply: String) {
    #expect(accepts(reply, for: answer))
    #expect(!accepts("not \(reply)", for: answer) && !accepts("\(reply) = 99", for: answer))
  }

  @Test(arguments: [
    ("0.074", true), ("0.0741", true), (".074074074", true), ("7.4 %", true), ("0,0741", true),
    ("2/27", true), ("= 0.074", true), ("0.07", false), ("0.075", false), ("0.1", false),
    ("-0.074", false), ("3/40", false), ("0", false),
  ])
  func `a decimal may be rounded, or cut off behind its third digit`(reply: String, isRight: Bool) {
    #expect(Prediction.says(reply, Fraction(2, 27)) == isRight)
    #expect(accepts(reply, for: "2/27") == isRight)
  }

  @Test func `a rounded number is no other whole number, and words are none`() {
    #expect(Prediction.says("5.001", 5) == false && Prediction.says("4.99", 5) == false)
    #expect(Prediction.says("0.66", Fraction(2, 3)) == false)
    #expect(Prediction.says("0.67", Fraction(2, 3)) == true)
    #expect(Prediction.says("0.666", Fraction(2, 3)) == true)
    #expect(Prediction.says("cells", 5) == nil && Prediction.says("", 5) == nil)
    #expect(Prediction.says("0.1234567", 5) == false)
  }

  @Test func `the number that is said is found beside words, and only if it is one`() {
    for reply in ["5", "5 cells", "five", "it is 5", "2·2 + 1 = 5", "4 + 1", "5.0"] {
      #expect(Prediction.number(saidIn: reply) == 5, "\(reply)")
    }
    for reply in ["", "cells", "5 6", "5 or 6", "not 5", "q"] {
      #expect(Prediction.number(saidIn: reply) == nil, "\(reply)")
    }
  }

  @Test func `not equal is no no where equal is one, and no doubt is none either`() {
    let differ = Prediction(
      question: "Do they differ?", answer: "no", why: "They are equal.",
      also: ["equal", "the same"])
    for reply in ["no", "equal", "of course not", "not at all", "no, the same"] {
      #expect(differ.accepts(reply), "\(reply)")
    }
    for reply in ["not equal", "they are not the same", "no doubt", "of course"] {
      #expect(!differ.accepts(reply), "\(reply)")
    }
    #expect(accepts("no doubt", for: "yes") && accepts("of course", for: "yes"))
  }

  @Test func `commas that are points, halves in words and percent`() {
    #expect(accepts("0,75 1 1,25", for: "¾ 1 5/4"))
    #expect(accepts("five and a half", for: "11/2") && accepts("5 and a half", for: "11/2"))
    #expect(accepts("45 %", for: "9/20") && !accepts("45", for: "9/20"))
  }

  @Test(arguments: ["3/4", "¾", "0.75", ".75", "0,75", "75%", "75 / 100", "6/8"])
  func `a fraction may be typed in many ways`(reply: String) {
    #expect(accepts(reply, for: "¾"))
    #expect(!accepts(reply, for: "¼"))
  }

  @Test func `a whole and a fraction are one number where one is asked for`() {
    for reply in ["11/2", "5.5", "5½", "5 1/2", "5 ½", "5,5"] {
      #expect(accepts(reply, for: "11/2"), "\(reply)")
    }
    #expect(!accepts("5, 1, 2", for: "11/2") && !accepts("5 3/2", for: "13/2"))
    #expect(!accepts("5 1/2", for: "11/2 1") && accepts("5½", for: "5 ½"))
  }

  @Test(arguments: ["-2", "−2", "- 2", "minus 2", "minus two", "-2.0", "= - 2"])
  func `a sign counts`(reply: String) {
    #expect(accepts(reply, for: "-2") && !accepts(reply, for: "2"))
  }

  @Test(arguments: [
    "1 2 -5", "[1, 2, -5]", "1,2,-5", "1; 2; -5", "(1 | 2 | -5)", "1 and 2 and -5", "1×2×-5",
    "1x2x-5", "1*2*-5", "one two −5",
  ])
  func `a list may be separated by anything, and keeps its order`(reply: String) {
    #expect(accepts(reply, for: "1 2 -5"))
    for other in ["1 2 5", "2 1 -5", "1 2", "1 2 -5 0"] { #expect(!accepts(reply, for: other)) }
  }

  @Test(arguments: [
    "5 6", "6 5", "5 and 6", "5 or 6", "{6, 5}", "5-6", "5 – 6", "5 to 6", "from 5 to 6", "5..6",
    "5 or 6, 5", "i = 5 or i = 6", "five and six",
  ])
  func `a set may be told in any order, and as a stretch`(reply: String) {
    #expect(accepts(reply, for: "5 6", anyOrder: true))
    #expect(!accepts(reply, for: "5 6 7", anyOrder: true))
    #expect(!accepts(reply, for: "5", anyOrder: true))
  }

  @Test func `a stretch has all that lies between`() {
    for reply in ["3-6", "3 to 6", "3 4 … 6", "3, 4, 5, 6"] {
      #expect(accepts(reply, for: "3 4 5 6", anyOrder: true), "\(reply)")
    }
    #expect(!accepts("3 6", for: "3 4 5 6", anyOrder: true))
    #expect(!accepts("not 5 and 6", for: "5 6", anyOrder: true))
  }

  @Test(arguments: [
    "no", "No.", "n", "NO!", "nope", "no, only the shape", "not the values", "no; 14 48 82 60",
  ])
  func `no has a tail if it likes`(reply: String) {
    #expect(accepts(reply, for: "no") && !accepts(reply, for: "yes"))
  }

  @Test(arguments: ["yes", "y", "Yes, at the border", "yep", "true"])
  func `so has yes`(reply: String) {
    #expect(accepts(reply, for: "yes") && !accepts(reply, for: "no"))
  }

  @Test(arguments: ["yes and no", "yes or no", "y/n", "no, yes", "maybe", "the border", "", "1"])
  func `both, or neither, is no answer`(reply: String) {
    #expect(!accepts(reply, for: "yes") && !accepts(reply, for: "no"))
  }

  @Test func `words are compared without those that say nothing`() {
    for reply in ["all the same", "They are the same.", "Same", "identical"] {
      #expect(accepts(reply, for: "all the same", also: ["identical"]), "\(reply)")
    }
    #expect(accepts("posts", for: "post") && accepts("a post", for: "posts"))
    #expect(accepts("crosses", for: "cross") && !accepts("cros", for: "cross"))
    for reply in ["not the same", "different", "the same 3", "the", "same or different"] {
      #expect(!accepts(reply, for: "all the same", also: ["identical"]), "\(reply)")
    }
  }

  @Test(arguments: [
    "99999999999999999999999", "0.0000000000000000001", "1/0", "1/99999999999999", "-", "--", "=",
    "1/", "/1", ".", "..", "1..", "%", "½½½", "999999999 1/999999", "9,9,9", "minus", "′",
    "\u{1B}[1m",
    "999999999-1 to 5", "1-999999999", "((((((((((", "1/(1-1)",
    "9*9*9*9*9*9*9*9*9*9*9*9*9*9*9*9*9*9*9*9*9*9*9",
    "hundred", "and", "one and", "two hundred hundred",
  ])
  func `nothing that can be typed does harm`(reply: String) {
    #expect(!accepts(reply, for: "14") && !accepts(reply, for: "5 6", anyOrder: true))
    #expect(!accepts(reply, for: "no") && !accepts(reply, for: "all the same"))
  }
}
