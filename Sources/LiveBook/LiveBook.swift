import ConvolutionArithmetic
public import LessonKit
import Networks
import Tensors

/// What a page of the book asks, and what it is answered: text in, JSON out.
///
/// ```swift
/// LiveBook(lessons: []).answer("trace conv&input=5x5&kernel=3")   // {"html": "…", …}
/// ```
///
/// Every answer is an object; one that can't be given has the member `error`, a sentence.
public struct LiveBook: Sendable {
  private let lessons: [Lesson]

  /// A book that runs these lessons on the reader's numbers.
  public init(lessons: [Lesson]) { self.lessons = lessons }

  /// The answer to one request: a word and what belongs to it.
  public func answer(_ request: String) -> String {
    let parts = request.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false)
    let rest = parts.count > 1 ? String(parts[1]) : ""
    do throws(GeometryError) {
      let members: [(String, JSON)] =
        switch parts[0] {
        case "trace": try trace(Query(rest))
        case "size": try size(Query(rest))
        case "solve": try solutions(Query(rest))
        case "lesson": try lesson(Query(rest))
        case "judge": judge(rest)
        case "quiz": try quiz(Query(rest))
        case "network": try network(Query(rest))
        default: throw GeometryError("there is no answer to “\(String(parts[0]).visible)”")
        }
      return JSON.object(members).text
    } catch {
      return JSON.object([("error", .string(error.description))]).text
    }
  }

  /// One case with its maps, its sums and its sizes.
  private func trace(_ query: Query) throws(GeometryError) -> [(String, JSON)] {
    let live = try LiveCase(query)
    let form = query["form"].flatMap { TraceForm(rawValue: $0) } ?? .window
    let forms = query["form"] == "all" ? Self.forms(of: live.operation) : [form]
    var html = ""
    for form in forms {
      let steps = try live.traced.shown(form)
      let body = HTMLRenderer().text(of: steps)
      html +=
        forms.count == 1
        ? body : "<section class=\"form\"><h3>\(form.rawValue)</h3>\(body)</section>"
    }
    let size = live.traced.output.size
    return [
      ("html", .string(html)), ("size", .string(size.description)),
      ("report", .string(try report(live.layer, input: live.traced.input.size))),
      ("command", .string(live.command + (form == .window ? "" : " --form \(form.rawValue)"))),
    ]
  }

  private static func forms(of operation: LiveCase.Operation) -> [TraceForm] {
    switch operation {
    case .convTranspose: TraceForm.allCases
    case .conv: [.window, .scatter, .matrix]
    default: [.window]
    }
  }

  /// The size of a layer on an input that need not be small.
  private func size(_ query: Query) throws(GeometryError) -> [(String, JSON)] {
    let operation = try LiveCase.operation(query)
    let input = Size(try query.number("input", in: 1...largestExtent, unless: 224))
    let kernel = Size(try query.number("kernel", in: 1...largestExtent, unless: 3))
    let layer: FrameworkLayer
    switch operation {
    case .conv, .convTranspose:
      layer = FrameworkLayer(
        .convolution(try LiveCase.convolution(query, kernelSize: kernel, operation)), input: input)
    case .maxPool:
      layer = FrameworkLayer(.maxPooling(try LiveCase.pooling(query)), input: input)
    case .avgPool:
      layer = FrameworkLayer(.averagePooling(try LiveCase.pooling(query)), input: input)
    case .bilinear: throw GeometryError("bilinear multiplies every size by its scale")
    }
    let output = try layer.outputSize(input: input)
    return [
      ("size", .string("\(output.height)")), ("report", .string(try report(layer, input: input))),
    ]
  }

  /// The formula with its numbers, what else is to be said, and the calls of the frameworks.
  private func report(_ layer: FrameworkLayer?, input: Size) throws(GeometryError) -> String {
    guard let layer else { return "" }
    var axes = [
      try AxisReport("rows", layer.rows, input: input.height),
      try AxisReport("columns", layer.columns, input: input.width),
    ]
    if axes[0].isLike(axes[1]) {
      axes.removeFirst()
      axes[0].name = ""
    }
    var html = ""
    for axis in axes {
      if !axis.name.isEmpty { html += "<h3>\(axis.name)</h3>" }
      html += HTMLRenderer.preformatted(axis.lines)
      html += list(axis.remarks.map { ($0.label, escapedForXML($0.sentence)) })
    }
    return html
      + list(
        layer.frameworkCalls.map { call in
          let note = call.note.isEmpty ? "" : " <small>\(escapedForXML(call.note))</small>"
          let text = call.call.map { "<code>\(escapedForXML($0))</code>" } ?? "cannot"
          return (call.framework.rawValue, text + note)
        })
  }

  private func list(_ rows: [(name: String, html: String)]) -> String {
    "<dl>" + rows.map { "<dt>\(escapedForXML($0.name))</dt><dd>\($0.html)</dd>" }.joined()
      + "</dl>"
  }

  /// The layers that take one size to another.
  private func solutions(_ query: Query) throws(GeometryError) -> [(String, JSON)] {
    let operation: LayerOperation
    switch try LiveCase.operation(query) {
    case .conv: operation = .convolution
    case .convTranspose: operation = .transposedConvolution
    case .maxPool, .avgPool: operation = .pooling
    case .bilinear: throw GeometryError("bilinear multiplies every size by its scale")
    }
    let from = try query.number("from", in: 1...largestExtent, unless: 7)
    let to = try query.number("to", in: 1...largestExtent, unless: 14)
    let found = try solve(operation, from: from, to: to)
    guard !found.isEmpty else {
      throw GeometryError("no small kernel and stride take \(from) to \(to)")
    }
    let items = found.map { "<li>\(escapedForXML($0.description))</li>" }
    return [("html", .string("<ol>\(items.joined())</ol>"))]
  }

  /// A network of the book by its name, or as the reader wrote it: its layers and its drawing.
  private func network(_ query: Query) throws(GeometryError) -> [(String, JSON)] {
    guard let text = query["text"] else {
      throw GeometryError(
        "a network is missing: the name of one, such as fcn8s, or layers such as conv 64 k3 p1; max k2"
      )
    }
    let given: (network: Network, size: Size)
    if let name = NetworkName(rawValue: text) {
      given = (name.network(), try query.size("input", isLine: false) ?? 500)
    } else {
      let size = try query.size("input", isLine: Network.isOneDimensional(text: text))
      do throws(NetworkTextError) {
        given = try Network.described(by: text, size: size)
      } catch {
        throw GeometryError(error.description)
      }
    }
    let table = try NetworkTable(given.network, input: given.size)
    return [
      ("html", .string(HTMLRenderer().text(of: table.steps))),
      ("drawing", .string(NetworkPicture(table).svg(isStyled: false))),
    ]
  }

  /// A lesson on the reader's numbers.
  private func lesson(_ query: Query) throws(GeometryError) -> [(String, JSON)] {
    guard let number = Int(query.name), let lesson = lessons.first(where: { $0.number == number })
    else {
      throw GeometryError("“\(query.name.visible)” is no lesson that takes your own numbers")
    }
    var own: [Parameter: Int] = [:]
    for name in lesson.parameters.names {
      own[name] = try query.number(
        name.rawValue, in: lesson.range(of: name), unless: lesson.parameters[name])
    }
    let numbers = Parameters(own)
    return [
      ("html", .string(HTMLRenderer().text(of: try lesson.steps(own: numbers)))),
      ("command", .string("convbook lesson \(number) \(numbers.commandLine)")),
    ]
  }

  /// A question of the quiz by its seed and number, and whether a reply is right.
  private func quiz(_ query: Query) throws(GeometryError) -> [(String, JSON)] {
    let seed = try query.number("seed", in: 1...1_000_000, unless: 1)
    let number = try query.number("number", in: 1...1000, unless: 1)
    var quiz = Quiz(seed: UInt64(seed), topic: QuizTopic(rawValue: query.name))
    for _ in 1..<number { _ = quiz.next() }
    guard let question = quiz.next() else { throw GeometryError("the quiz has no such question") }
    let isRight = query["reply"].flatMap { Prediction.says($0, question.answer) }
    let verdict = "it is \(question.answer)"
    return [
      ("question", .string(question.question)),
      (
        "verdict",
        query["reply"] == nil
          ? .null
          : .string(
            isRight.map { $0 ? "✓ \(verdict)" : "✗ no, \(verdict)" } ?? "a number, please")
      ),
      ("right", .bool(isRight == true)),
      ("isNumber", .bool(isRight != nil)),
      ("html", .string(HTMLRenderer.preformatted(question.working))),
    ]
  }

  /// Whether a reply to a prediction is right: the reply, the answer, whether its numbers may come in
  /// any order, and other right words, line by line.
  private func judge(_ text: String) -> [(String, JSON)] {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { String($0) }
    guard lines.count >= 3 else { return [("right", .bool(false))] }
    let prediction = Prediction(
      question: "", answer: lines[1], why: "", anyOrder: lines[2] == "any",
      also: Array(lines.dropFirst(3)))
    return [("right", .bool(prediction.accepts(lines[0])))]
  }
}

extension TraceCase {
  /// The trace as a page shows it: of every operation as one trace, so that its cells can light up.
  func shown(_ form: TraceForm) throws(GeometryError) -> [Step] { [.trace(try trace(form))] }
}

extension AxisReport {
  /// Whether it says the same of another axis.
  fileprivate func isLike(_ other: AxisReport) -> Bool {
    var other = other
    other.name = name
    return self == other
  }
}
