import Tensors
import LessonKit
import Tensors
import Testing

@Suite struct RenderingTests {
  private var lesson: Lesson {
    var lesson = described
    lesson.exercises = ["one"]
    return lesson
  }

  private let described = Lesson(
    number: 7, slug: "a-lesson", title: "A lesson", part: .slidingWindow, question: "Why?",
    corrects: "Because.", parameters: [.input: 5]
  ) { own in
    heading("First")
    prose("A word of `code` in a sentence that goes on beyond a line of forty characters.")
    formula("o = ⌊i/2⌋ + 1")
    grids(
      Grid(.input, Tensor(row: [1, 20, 3]), window: Region(row: 0, column: 1)),
      Grid(.output, Tensor(row: [4])), between: "→")
    table(["a", "b"], rows: [["1", "x"], ["20", "y"]])
    predict("How many?", answer: "\(own[.input])", why: "Counted.")
    claim("five", own[.input], equals: 5)
    claim("not six", own[.input], differsFrom: 6)
    pictures(MapPicture("labels", labels: [[0, 1], [1, 2]]))
    files([LessonFile("a_b.png", shows: "two letters") { [1, 2] }])
  }

  @Test func `plain text, whole`() throws {
    let text = TextRenderer.plain(width: 40).text(of: lesson, steps: try lesson.steps())
    #expect(
      text == """
        Lesson 7: A lesson
        Part I, The sliding window

        Why?
        Many people say: "Because."

        First

        A word of code in a sentence that goes
        on beyond a line of forty characters.

          o = floor(i/2) + 1

          input (3)           output (1)
            1 [20]  3    ->    4

           a  b
          --  -
           1  x
          20  y

        Predict: How many?
        Answer: 5
                 Counted.

        [holds] five
                5 = 5
        [holds] not six
                5 is not 6

          labels (2x2)
          . a
          a b

        With --pictures DIR this lesson writes
        a_b.png.

        Exercise: convbook task one.
        Your own numbers:
          convbook lesson 7 --input 5
        Part I in rules: convbook recap I.

        """)
  }

  @Test func `a false claim is shown as false`() throws {
    let steps = try lesson.steps(own: [.input: 4])
    #expect(!steps.allClaimsHold)
    #expect(TextRenderer.plain(width: 80).text(of: lesson, steps: steps).contains("[FALSE] five"))
    #expect(MarkdownRenderer().text(of: lesson, steps: steps).contains("✗ **false:** five"))
  }

  @Test func `every kind of step appears in JSON under its name`() throws {
    let text = JSONRenderer().text(of: lesson, steps: try lesson.steps())
    for kind in [
      "heading", "prose", "formula", "grids", "table", "prediction", "claim", "picture", "files",
    ] {
      #expect(text.contains("\"kind\": \"\(kind)\""))
    }
  }

  @Test func `files are named in the text and hold their bytes`() throws {
    let steps = try lesson.steps()
    #expect(steps.files.map(\.name) == ["a_b.png"])
    #expect(steps.files.map(\.bytes) == [[1, 2]])
    let sentence = "With `--pictures DIR` this lesson writes `a_b.png`."
    #expect(MarkdownRenderer().text(of: lesson, steps: steps).contains(sentence))
    let json = JSONRenderer().text(of: lesson, steps: steps)
    #expect(json.contains("\"name\": \"a_b.png\"") && json.contains("\"shows\": \"two letters\""))
  }

  @Test func `Markdown keeps stars and underscores from meaning something`() throws {
    let text = MarkdownRenderer().text(of: .prose("a*b_c `d*e`"))
    #expect(text == "a\\*b\\_c `d*e`")
  }

  @Test func `half a number is spelled apart from the number before it`() {
    #expect(Glyphs.ascii.spell("4½ ¼·x ⌊a/b⌋") == "4 1/2 1/4*x floor(a/b)")
    // Read without the dot, 1/2x would be 1/(2x).
    #expect(Glyphs.ascii.spell("½x − ¼, 10⁻¹⁵") == "1/2*x - 1/4, 10^-15")
  }

  @Test func `no line breaks within the parentheses of a formula, if another place will do`() {
    func lines(_ step: Step) -> [String] {
      TextRenderer(width: 40).text(of: step).split(separator: "\n").map(String.init)
    }
    #expect(
      lines(.formula(["input to output:  b = a·x + (p − (k − 1)/2)/s"])) == [
        "  input to output:  b = a·x", "      + (p − (k − 1)/2)/s",
      ])
    #expect(
      lines(.prose("The middle of a window of width k is at (k − 1)/2.")) == [
        "The middle of a window of width k is at", "(k − 1)/2.",
      ])
    #expect(
      lines(.formula(["back:  x → (x − p)/s,    a = 1/s,  b = (1 − p)/s"])) == [
        "  back:  x → (x − p)/s,    a = 1/s,", "      b = (1 − p)/s",
      ])
    // A remark in words is no formula, and a long one has to be broken somewhere.
    #expect(lines(.prose("A kernel is a small map of weights (as said before).")).count == 2)
    #expect(lines(.formula(["(1 + 2 + 3 + 4 + 5 + 6 + 7 + 8 + 9 + 10)/2"])).count == 2)
  }
}
