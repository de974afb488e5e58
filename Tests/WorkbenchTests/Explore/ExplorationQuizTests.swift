import Testing

@testable import Workbench

@Suite struct ExplorationQuizTests {
  @Test func `the number is asked, judged and then shown with its sum`() throws {
    var walk = try Walk("conv --input 1,2,3/4,5,6/7,8,9 --weight 1,0/0,2 --quiz")
    #expect(walk.sum == " output (0, 0) = ?")
    #expect(walk.text.contains("[?]") && !walk.text.contains("11"))
    walk.press("1*1+2*5")
    #expect(walk.text.contains("your answer: 1*1+2*5_"))
    walk.press(.enter)
    #expect(walk.text.contains("right; 1 of 1 right"))
    #expect(walk.sum == " output (0, 0) = 1·1 + 2·0 + 4·0 + 5·2 = 11")
    walk.press(.enter)
    #expect(walk.sum == " output (0, 1) = ?")
    walk.press("13")
    walk.press(.enter)
    #expect(walk.text.contains("no, it is 14; 1 of 2 right"))
  }

  @Test func `an empty line shows the answer, what is no number is not counted`() throws {
    var walk = try Walk("conv --input 1,2,3 --weight 1,1 --quiz")
    walk.press("1-")
    walk.press(.enter)
    #expect(walk.text.contains("\"1-\" is no number") || walk.text.contains("no, it is 3"))
    walk.press(.right, .enter)
    #expect(walk.text.contains("it is 5"))
    #expect(walk.exploration.quiz?.right == 0)
  }

  @Test func `when every cell was asked it says so; another case asks anew`() throws {
    var walk = try Walk("conv --input 1,2,3 --weight 1,1 --quiz")
    walk.press("3")
    walk.press(.enter, .enter)
    walk.press("5")
    walk.press(.enter, .enter)
    #expect(walk.text.contains("every cell was asked, 2 of 2 right"))
    walk.press("n")
    #expect(walk.text.contains("[?]"))
    #expect(walk.exploration.farewell == ["2 of 2 right"])
  }

  @Test func `the other question shows no number that is still asked`() throws {
    var walk = try Walk("conv --input 3x3 --kernel 2 --quiz")
    let outputs = ["37", "47", "67", "77"]
    walk.press(.tab)
    #expect(outputs.allSatisfy { !walk.text.contains($0) }, "\(walk.text)")
    walk.press("a")
    #expect(walk.text.contains("in a quiz you move yourself"))
  }

  @Test func `softmax is not asked`() {
    #expect(throws: ExitStatus.self) { try Walk("softmax --quiz") }
  }
}
