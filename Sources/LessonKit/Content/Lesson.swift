public import ConvolutionArithmetic

/// One numbered lesson: a question, and the steps that answer it.
///
/// The steps are built each time the lesson runs, so that every number on the page has just been
/// computed:
///
/// ```swift
/// Lesson(
///   number: 1, slug: "the-sliding-dot-product", title: "The sliding dot product",
///   part: .slidingWindow, question: "What does a convolution compute?"
/// ) { _ throws(GeometryError) in
///   prose("A kernel slides along an input …")
///   try claim("three cells come out", convolve(x, w).width, equals: 3)
/// }
/// ```
public struct Lesson: Sendable {
  /// The number by which it is called, from 1.
  public let number: Int
  /// The name by which it is called: `stride-and-the-floor`.
  public let slug: String
  public let title: String
  /// The part of the book it belongs to.
  public let part: Part
  /// The one question it answers.
  public let question: String
  /// The misconception it corrects, as a learner would say it.
  public let corrects: String?
  /// The names of the exercises that go with it: of those that name this lesson, which who shows it knows.
  public var exercises: [String] = []
  /// The numbers a learner may replace by their own, with the lesson's own values.
  public let parameters: Parameters
  private let largest: Parameters
  private let body: @Sendable (Parameters) throws(GeometryError) -> [Step]

  /// A lesson whose steps are built from its parameters.
  ///
  /// - Parameter largest: where the lesson can bear more than ``Parameter/range`` allows.
  public init<Failure: Error>(
    number: Int, slug: String, title: String, part: Part, question: String,
    corrects: String? = nil, parameters: Parameters = [:],
    upTo largest: Parameters = [:],
    @StepBuilder steps: @escaping @Sendable (Parameters) throws(Failure) -> [Step]
  ) {
    self.number = number
    self.slug = slug
    self.title = title
    self.part = part
    self.question = question
    self.corrects = corrects
    self.parameters = parameters
    self.largest = largest
    body = { own throws(GeometryError) in
      do throws(Failure) {
        return try steps(own)
      } catch {
        throw (error as? GeometryError) ?? GeometryError("\(error)")
      }
    }
  }

  /// Returns the steps, computed now, on the learner's own numbers where `own` has any.
  ///
  /// - Throws: `GeometryError` if the numbers make the geometry impossible.
  public func steps(own: Parameters = [:]) throws(GeometryError) -> [Step] {
    try body(parameters.replaced(by: own))
  }

  /// Checks that the lesson has a use for a learner's numbers; ``steps(own:)`` passes over others.
  public func check(_ own: Parameters) throws(UnknownParameter) {
    if let unknown = own.names.first(where: { parameters.values[$0] == nil }) {
      throw UnknownParameter(lesson: self, parameter: unknown)
    }
  }

  /// The numbers a learner may give for a parameter.
  public func range(of parameter: Parameter) -> ClosedRange<Int> {
    let usual = parameter.range
    return usual.lowerBound...(largest.values[parameter] ?? usual.upperBound)
  }

  /// Whether it is the last of its part, if `next` comes after it.
  func endsPart(before next: Lesson?) -> Bool { next?.part != part }

  /// `05-stride-and-the-floor`: the stem of its page.
  public var pageStem: String { (number < 10 ? "0" : "") + "\(number)-\(slug)" }
}

/// The parts of the book, in order.
public enum Part: String, Hashable, Sendable, CaseIterable {
  /// Lessons 1 to 8.
  case slidingWindow = "The sliding window"
  /// Lessons 9 to 17.
  case matrixAndTranspose = "The matrix and its transpose"
  /// Lessons 18 to 21.
  case upsampling = "Upsampling"
  /// Lessons 22 to 26.
  case densePrediction = "From classifier to dense prediction"
  /// Lessons 27 to 31.
  case networks = "The networks"
  /// Lessons 32 to 35.
  case learning = "Learning"
  /// Lessons 36 to 38.
  case fast = "Fast"
  /// Lessons 39 and 40.
  case ownNetworks = "Your own network"
  /// Lessons 41 to 50.
  case understood = "Learning, step by step"

  /// `I` to `IX`.
  public var numeral: String {
    ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX"][Part.allCases.firstIndex(of: self)!]
  }

  /// What shows its rules on one page.
  var recapCommand: String { "convbook recap \(numeral)" }
}

extension [Step] {
  /// Whether every claim among them is true.
  public var allClaimsHold: Bool {
    allSatisfy { step in
      if case .claim(let claim) = step { claim.holds } else { true }
    }
  }
}

/// A number of a lesson that the learner may choose.
public enum Parameter: String, Hashable, Sendable, CaseIterable {
  /// The input size.
  case input
  /// The kernel size.
  case kernel
  case stride
  case padding
  case dilation
  case outputPadding = "output-padding"
  /// The factor of an upsampling.
  case scale
}

/// Numbers for the parameters of a lesson.
///
/// ```swift
/// let own: Parameters = [.input: 6, .stride: 2]
/// own[.input]   // 6
/// ```
public struct Parameters: Hashable, Sendable, ExpressibleByDictionaryLiteral {
  /// The numbers that are given.
  public private(set) var values: [Parameter: Int]

  /// Numbers by parameter.
  public init(_ values: [Parameter: Int]) {
    self.values = values
  }

  /// `[.input: 6, .stride: 2]`
  public init(dictionaryLiteral elements: (Parameter, Int)...) {
    values = Dictionary(uniqueKeysWithValues: elements)
  }

  /// The number of a parameter that the lesson declares; another one is a programmer's mistake.
  public subscript(parameter: Parameter) -> Int {
    guard let value = values[parameter] else {
      preconditionFailure("the lesson declares no parameter \(parameter.rawValue)")
    }
    return value
  }

  /// The parameters that have a number, in the order of their declaration.
  public var names: [Parameter] { Parameter.allCases.filter { values[$0] != nil } }

  /// `--input 6 --stride 2`
  public var commandLine: String {
    names.map { "--\($0.rawValue) \(self[$0])" }.joined(separator: " ")
  }

  func replaced(by own: Parameters) -> Parameters {
    var result = self
    for name in own.names { result.values[name] = own[name] }
    return result
  }
}

/// A number that the lesson has no use for.
public struct UnknownParameter: Error, CustomStringConvertible {
  let lesson: Lesson
  let parameter: Parameter

  /// One sentence: what came, and what the lesson takes.
  public var description: String {
    let names = lesson.parameters.names.map { "--\($0.rawValue)" }
    let takes =
      names.isEmpty
      ? "it takes no numbers of your own" : "it takes " + names.joined(separator: ", ")
    return "lesson \(lesson.number) has no --\(parameter.rawValue); \(takes)"
  }
}

extension Parameter {
  /// What it is, in words.
  public var meaning: String {
    switch self {
    case .input: "input size"
    case .kernel: "kernel size"
    case .outputPadding: "output padding"
    case .scale: "factor"
    case .stride, .padding, .dilation: rawValue
    }
  }

  /// The values a lesson usually takes: few enough that every cell can be shown.
  public var range: ClosedRange<Int> {
    switch self {
    case .input: 1...32
    case .kernel: 1...16
    case .stride, .dilation: 1...16
    case .padding, .outputPadding: 0...16
    case .scale: 1...8
    }
  }
}
