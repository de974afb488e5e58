import ConvolutionArithmetic
import LessonKit
import Lessons
import Networks
import Tensors

extension BookPage {
  /// What is seen first: the guide's best-known window, moving.
  static func cover() throws(GeometryError) -> String {
    let layer = try TraceCase.convolution(
      Tensor<Int>.ramp([1, 1, 5, 5]), Tensor<Int>([[0, 1, 2], [2, 2, 0], [0, 1, 2]]), stride: 2,
      padding: 1)
    return try layer.figure().animatedSVG()
  }

  /// The contents, by parts.
  static var contents: BookPage {
    let parts = Part.allCases.map { part in
      let items = Book.lessons.filter { $0.part == part }.map { lesson in
        "<li value=\"\(lesson.number)\"><a href=\"\(name(of: lesson))\">\(escapedForXML(lesson.title))</a>"
          + "<small>\(HTMLRenderer.phrase(lesson.question))</small></li>"
      }
      return "<h2>\(part.numeral). \(escapedForXML(part.rawValue))</h2>\n"
        + "<ol class=\"lessons\">\(items.joined(separator: "\n"))</ol>"
    }
    return BookPage(
      name: "index.html", title: "Contents", part: "",
      body: """
        <h1>convbook</h1>
        <p class="question">A workbook for convolution arithmetic: what a convolution, a transposed \
        convolution and a fully convolutional network compute, number by number.</p>
        <p>Every number on these pages was computed as they were written, every claim proved. Point at a \
        cell of a figure, and you see which cells it comes from. The \
        <a href="laboratory.html">laboratory</a> takes your own case.</p>
        <p><a href="laboratory.html#conv&amp;input=5x5&amp;weight=0,1,2/2,2,0/0,1,2&amp;stride=2&amp;padding=1">\
        <img src="pictures/cover.svg" alt="a window of 3×3 goes over a map of 5×5 in steps of 2 and makes 3×3 \
        numbers"></a></p>
        <p id="last" class="needs-script"></p>
        \(parts.joined(separator: "\n"))
        """)
  }

  /// The words of the field, each with its lesson.
  static var glossary: BookPage {
    let rows = Glossary.all.map { term in
      let lesson = Book.lesson(term.lesson)
      let link = lesson.map {
        " <a href=\"\(name(of: $0))\">Lesson \($0.number)</a>"
      }
      return "<dt id=\"\(HTMLRenderer.anchor(term.word))\">\(escapedForXML(term.word))"
        + (term.otherForms.isEmpty
          ? "" : " <small>\(escapedForXML(term.otherForms.joined(separator: ", ")))</small>")
        + "</dt><dd>\(HTMLRenderer.phrase(term.meaning))\(link ?? "")</dd>"
    }
    return BookPage(
      name: "glossary.html", title: "Words", part: "",
      body: "<h1>Words</h1>\n<dl>\(rows.joined(separator: "\n"))</dl>")
  }

  /// Every formula, as `convbook formulas` writes it.
  static var formulas: BookPage {
    BookPage(
      name: "formulas.html", title: "Formulas", part: "",
      body: pageHTML(ofMarkdown: formulaReference()),
      isBroad: true)
  }

  /// Endless questions.
  static var quiz: BookPage {
    let topics = QuizTopic.allCases.map { "<option>\($0.rawValue)</option>" }.joined()
    return BookPage(
      name: "quiz.html", title: "Quiz", part: "",
      body: """
        <h1>Quiz</h1>
        <p>Sizes, fields, crops, weights, calls of PyTorch, gradients and costs, with the working when you have \
        answered. In a terminal <code>convbook quiz</code> asks the same, and again what was missed; the \
        address of this page holds the question.</p>
        <noscript><p class="error">This page needs scripts.</p></noscript>
        <form id="topics" class="fields needs-script"><label><b>about</b><select name="topic">\
        <option value="all">everything</option>\(topics)</select></label></form>
        <div class="needs-script"><div class="prediction plain"><p id="question" aria-live="polite"></p>
        <form id="reply" class="reply"><input aria-label="your answer" autocomplete="off">\
        <button>Check</button><button type="button" id="next">Next question</button></form>
        <p id="verdict" aria-live="polite"></p><div id="working"></div></div>
        <p id="score" class="note"></p></div>
        """, scripts: ["quiz.js"])
  }

  /// The laboratory: one operation on the reader's numbers, sizes and solutions.
  static var laboratory: BookPage {
    let operations = ["conv", "conv-transpose", "max-pool", "avg-pool", "bilinear"]
    let windows = "conv conv-transpose max-pool avg-pool"
    func choice(_ name: String, _ label: String, _ values: [String], uses: String? = nil) -> String
    {
      "<label\(uses.map { " data-uses=\"\($0)\"" } ?? "")><b>\(label)</b><select name=\"\(name)\">"
        + values.map { "<option>\($0)</option>" }.joined() + "</select></label>"
    }
    func slider(_ name: String, _ range: ClosedRange<Int>, _ value: Int, uses: String) -> String {
      "<label data-uses=\"\(uses)\"><span><b>\(name.split(separator: "-").joined(separator: " "))</b> "
        + "<span class=\"value\">\(value)</span></span><input type=\"range\" name=\"\(name)\" min=\"\(range.lowerBound)\" "
        + "max=\"\(range.upperBound)\" value=\"\(value)\"></label>"
    }
    func number(_ name: String, _ value: Int, least: Int) -> String {
      "<label><b>\(name.split(separator: "-").joined(separator: " "))</b><input type=\"number\" "
        + "name=\"\(name)\" value=\"\(value)\" min=\"\(least)\" max=\"10000\"></label>"
    }
    func flag(_ name: String, uses: String) -> String {
      "<label data-uses=\"\(uses)\"><span><input type=\"checkbox\" name=\"\(name)\"> "
        + "\(name.split(separator: "-").joined(separator: " "))</span></label>"
    }
    let fields = [
      choice("operation", "operation", operations),
      choice(
        "form", "form", ["window", "scatter", "matrix", "zero-insertion", "all"],
        uses: "conv conv-transpose"),
      "<label class=\"whole\"><b>input</b> numbers such as 1,2,3/4,5,6, or a size such as 5x5"
        + "<input name=\"input\" value=\"5x5\" spellcheck=\"false\"></label>",
      "<label class=\"whole\" data-uses=\"conv conv-transpose\"><b>weight</b> likewise, or nothing for "
        + "1, 2, 3, … <input name=\"weight\" value=\"0,1,2/2,2,0/0,1,2\" spellcheck=\"false\"></label>",
      slider("kernel", 1...7, 3, uses: windows), slider("stride", 1...5, 1, uses: windows),
      slider("padding", 0...6, 0, uses: windows), slider("dilation", 1...4, 1, uses: windows),
      slider("output-padding", 0...4, 0, uses: "conv-transpose"),
      choice("rounding", "rounding", ["floor", "ceil", "caffe"], uses: "max-pool avg-pool"),
      flag("count-include-pad", uses: "avg-pool"), slider("scale", 1...6, 2, uses: "bilinear"),
      flag("align-corners", uses: "bilinear"),
    ]
    let layer =
      choice("operation", "operation", operations.dropLast())
      + number("input", 224, least: 1) + number("kernel", 7, least: 1)
      + number("stride", 2, least: 1) + number("padding", 3, least: 0)
      + number("dilation", 1, least: 1) + number("output-padding", 0, least: 0)
    let ends =
      choice("operation", "operation", ["conv-transpose", "conv", "max-pool"])
      + number("from", 7, least: 1) + number("to", 14, least: 1)
    let network = """
      conv 16 k3 p1 relu
      half = max k2
      conv 32 k3 s2 p1 relu
      whole = convT 16 k4 s2 p1
      add whole half
      conv 5 k1
      """
    return BookPage(
      name: "laboratory.html", title: "Laboratory", part: "",
      body: """
        <h1>Laboratory</h1>
        <p>One operation on your own numbers. Point at a cell of the figure, or walk with the arrow keys; \
        the address of this page holds the case, so that you can send it to somebody.</p>
        <noscript><p class="error">This page needs scripts; the lessons do not. In a terminal \
        <code>convbook trace</code> shows the same.</p></noscript>
        <form id="case" class="fields needs-script">\(fields.joined(separator: "\n"))</form>
        <div class="needs-script">
        <p>output <b id="size"></b></p>
        <div id="maps"></div>
        <h2>Its size</h2>
        <div id="report"></div>
        <h2>In the terminal</h2>
        <pre id="command"></pre>
        <div class="columns">
        <section><h2>Any size</h2><form id="size-form" data-ask="size"><div class="fields">\(layer)</div>\
        <div class="place"></div></form></section>
        <section><h2>From one size to another</h2><form id="solve-form" data-ask="solve">\
        <div class="fields">\(ends)</div><div class="place"></div></form></section>
        </div>
        <h2>A network of your own</h2>
        <p>Layers behind each other, one on a line or behind each semicolon; or the name of one: \
        \(NetworkName.allCases.map { "<code>\($0.rawValue)</code>" }.joined(separator: ", ")).</p>
        <form id="network-form" data-ask="network"><div class="fields"><label class="whole"><b>network</b>\
        <textarea name="text" rows="6" spellcheck="false">\(network)</textarea></label>\
        <label><b>picture</b><input name="input" value="64x64" spellcheck="false"></label></div>\
        <div class="place"></div></form>
        </div>
        """, isBroad: true, scripts: ["laboratory.js"])
  }
}
