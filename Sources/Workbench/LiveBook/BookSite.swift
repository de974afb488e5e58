import ExerciseKit
import Exercises
import Interchange
import LessonKit
import Networks
import Tensors

/// The live book as files.
enum BookSite {
  /// Every file by its name in the folder.
  ///
  /// - Throws: what a lesson throws if it cannot run; `FileProblem` if an asset of the book is not there.
  static func files() throws -> [String: [UInt8]] {
    var files: [String: [UInt8]] = [:]
    var pages: [BookPage] = [.laboratory, .drawing, .quiz, .formulas, .glossary]
    for (lesson, steps) in try Book.withSteps() {
      pages.append(BookPage(lesson, steps: steps))
      for file in steps.files { files["pictures/\(lesson.number)-\(file.name)"] = file.bytes }
    }
    pages.append(.contents)
    files["pictures/cover.svg"] = Array(try BookPage.cover().utf8)
    for page in pages { files[page.name] = Array(page.html.utf8) }
    for name in try BookAssets.names() { files[name] = try BookAssets.read(name) }
    files["book.css", default: []] += Array("\n\(Figure.css)\n\(NetworkPicture.css)\n".utf8)
    files["scenes.js"] = Array(try BookScenes.script().utf8)
    files["search.js"] = Array(BookIndex.script(of: pages).utf8)
    // Without it a well-known host of such pages would pass over some names.
    files[".nojekyll"] = []
    return files
  }
}

/// A page of the live book: what differs from page to page.
struct BookPage {
  let name: String
  let title: String
  /// What the index of contents shows it under.
  let part: String
  /// The content of `<main>`.
  let body: String
  var isBroad = false
  /// The lesson's number, or nil.
  var lesson: Int?
  /// Its scripts beside the one of all pages.
  var scripts: [String] = []

  /// What a page may do: load what lies beside it, and nothing from elsewhere.
  static let policy =
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; "
    + "img-src 'self' data: blob:; worker-src blob:; base-uri 'none'; form-action 'none'"

  var html: String {
    let scripts = (["book.js"] + scripts).map { "<script defer src=\"\($0)\"></script>" }.joined()
    return """
      <!doctype html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta http-equiv="Content-Security-Policy" content="\(Self.policy)">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <title>\(escapedForXML(title)) · convbook</title>
      <link rel="stylesheet" href="book.css">
      <link rel="icon" href="data:,">
      \(scripts)
      </head>
      <body\(lesson.map { " data-lesson=\"\($0)\"" } ?? "")>
      <a class="skip" href="#content">To the text</a>
      <header><div>\(links)
      <div class="search needs-script" role="search"><input type="search" placeholder="Search the book" \
      aria-label="Search the book"><ul class="results" aria-live="polite"></ul></div></div></header>
      <main id="content"\(isBroad ? " class=\"broad\"" : "")>
      \(body)
      </main>
      </body>
      </html>

      """
  }

  private var links: String {
    [
      ("index.html", "convbook"), ("laboratory.html", "Laboratory"), ("draw.html", "Draw"),
      ("quiz.html", "Quiz"),
      ("formulas.html", "Formulas"), ("glossary.html", "Words"),
    ].map { link, text in
      let mark =
        (link == name ? " aria-current=\"page\"" : "")
        + (link == "index.html" ? " class=\"home\"" : "")
      return "<a href=\"\(link)\"\(mark)>\(text)</a>"
    }.joined(separator: "\n")
  }
}

extension BookPage {
  /// The page of a lesson.
  init(_ lesson: Lesson, steps: [Step]) {
    let renderer = HTMLRenderer(pictureFolder: "pictures/\(lesson.number)-")
    let part = "Part \(lesson.part.numeral), \(lesson.part.rawValue)"
    let corrects = lesson.corrects.map {
      "<p class=\"corrects\">Many people say: “\(HTMLRenderer.phrase($0))”</p>\n"
    }
    let before = Book.lessons.last { $0.number < lesson.number }
    let turn =
      "<nav class=\"turn\" aria-label=\"lessons\">"
      + (before.map {
        "<a rel=\"prev\" href=\"\(Self.name(of: $0))\">← \($0.number). \(escapedForXML($0.title))</a>"
      }
        ?? "<span></span>")
      + (Book.next(after: lesson).map {
        "<a rel=\"next\" href=\"\(Self.name(of: $0))\">\($0.number). \(escapedForXML($0.title)) →</a>"
      } ?? "") + "</nav>"
    self.init(
      name: Self.name(of: lesson), title: "\(lesson.number). \(lesson.title)", part: part,
      body: """
        <p class="part">\(escapedForXML(part))</p>
        <h1>\(lesson.number). \(escapedForXML(lesson.title))</h1>
        <p class="question">\(HTMLRenderer.phrase(lesson.question))</p>
        \(corrects ?? "")\(Self.ownNumbers(lesson))<div id="steps">
        \(renderer.text(of: steps))</div>
        \(Self.practice(lesson))\(turn)
        """, lesson: lesson.number)
  }

  static func name(of lesson: Lesson) -> String { "\(lesson.pageStem).html" }

  /// Fields for the numbers of the reader, and the command that takes them.
  private static func ownNumbers(_ lesson: Lesson) -> String {
    guard !lesson.parameters.names.isEmpty else { return "" }
    let fields = lesson.parameters.names.map { name in
      let range = lesson.range(of: name)
      return "<label>\(name.meaning) <input type=\"number\" name=\"\(name.rawValue)\" "
        + "min=\"\(range.lowerBound)\" max=\"\(range.upperBound)\" value=\"\(lesson.parameters[name])\"></label>"
    }
    return "<form class=\"fields needs-script\" data-lesson=\"\(lesson.number)\" "
      + "aria-label=\"your own numbers\">\(fields.joined())<label>the lesson's own "
      + "<button type=\"reset\">Back</button></label></form>\n"
  }

  /// The exercises with their tasks, and what to type.
  private static func practice(_ lesson: Lesson) -> String {
    let folder = try? BookFolder.find(from: ".", exercises: Exercises.all)
    let exercises = Exercises.all.filter { $0.lesson == lesson.number }.map { exercise in
      let task = (try? folder?.solution(exercise)).map { Stub.task(ofSolution: $0) } ?? []
      return "<section class=\"exercise\"><h3>\(escapedForXML(exercise.title))</h3>"
        + (task.isEmpty ? "" : HTMLRenderer.preformatted(task))
        + "<p><code>convbook task \(exercise.name)</code>, then "
        + "<code>convbook check \(exercise.name)</code></p></section>"
    }
    let own =
      lesson.parameters.names.isEmpty
      ? "" : "convbook lesson \(lesson.number) \(lesson.parameters.commandLine)"
    return
      (exercises.isEmpty ? "" : "<h2>Practise</h2>\n" + exercises.joined(separator: "\n") + "\n")
      + "<h2>In the terminal</h2>\n<pre id=\"command\">"
      + (own.isEmpty ? "convbook lesson \(lesson.number) --step" : escapedForXML(own)) + "</pre>\n"
  }
}
