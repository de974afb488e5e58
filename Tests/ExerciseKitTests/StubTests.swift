import ExerciseKit
import Testing

struct StubTests {
  let solution = """
    /// Adds one.
    ///
    ///     f(1)   // 2
    public func f(_ x: Int) throws -> Int {
      // solution
      let y = x
      return y + 1
      // end of solution
    }

    """

  @Test func `the stub throws where the solution works`() {
    #expect(
      Stub.text(ofSolution: solution) == """
        /// Adds one.
        ///
        ///     f(1)   // 2
        public func f(_ x: Int) throws -> Int {
          throw Unsolved()
        }

        """)
  }

  @Test func `the answer is the solution without its marks`() {
    #expect(
      Stub.answer(ofSolution: solution)?.contains("    let y = x\n") == false
        && Stub.answer(ofSolution: solution)?.contains("  let y = x\n  return y + 1\n}") == true)
  }

  @Test func `the task is the comment's text`() {
    #expect(Stub.task(ofSolution: solution) == ["Adds one.", "", "    f(1)   // 2"])
  }

  @Test func `a file without one pair of marks has no stub`() {
    #expect(Stub.text(ofSolution: "func f() {}\n") == nil)
    #expect(Stub.text(ofSolution: "// end of solution\n// solution\n") == nil)
    #expect(Stub.text(ofSolution: solution + solution) == nil)
  }
}
