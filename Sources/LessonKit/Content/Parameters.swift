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
