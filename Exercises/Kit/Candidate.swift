public import Tensors

/// A learner's function, ready to be called with arguments that come in a ``Message``.
public struct Candidate {
  /// The exercise's name.
  public let name: String
  private let call: (inout Message) throws -> CaseResult

  /// A function of any arguments that can be sent.
  public init<each A: Transferable, R: Answer>(
    _ name: String, _ solve: @escaping (repeat each A) throws -> R
  ) {
    self.name = name
    call = { message in
      let arguments = (repeat try (each A)(from: &message))
      return CaseResult { try solve(repeat each arguments) }
    }
  }

  /// A function whose first argument is a network.
  public init<each A: Transferable, R: Answer>(
    _ name: String, _ solve: @escaping ((Tensor<Int>) -> Tensor<Int>, repeat each A) throws -> R
  ) {
    self.name = name
    call = { message in
      let network = try MovingNetwork(from: &message)
      let arguments = (repeat try (each A)(from: &message))
      return CaseResult { try solve({ network($0) }, repeat each arguments) }
    }
  }

  /// A function that makes one step of a run: it is called with what it gave back, until the run ends.
  public init<each A: Transferable>(
    _ name: String, _ step: @escaping (PixelNetwork, repeat each A) throws -> PixelNetwork
  ) {
    self.name = name
    call = { message in
      let run = try TrainingRun(from: &message)
      let arguments = (repeat try (each A)(from: &message))
      return CaseResult { try run.end { try step($0, repeat each arguments) } }
    }
  }

  /// Calls the function with each case of a message, and tells what came of it, up to the first that
  /// has no answer.
  public func run(_ cases: Message, tell: (CaseResult) -> Void) throws {
    var cases = cases
    for _ in 0..<(try cases.word()) {
      let result = try call(&cases)
      tell(result)
      if !result.isAnswer { break }
    }
  }
}

/// What an attempt did with the arguments of one case.
public enum CaseResult: Equatable, Sendable {
  /// It answered.
  case answer(AnswerLayout)
  /// Its body still throws ``Unsolved``.
  case unsolved
  /// It threw an error of its own, in these words.
  case threw(String)

  /// What comes of calling an attempt.
  init(of call: () throws -> some Answer) {
    do {
      self = .answer(try call().layout)
    } catch is Unsolved {
      self = .unsolved
    } catch {
      self = .threw("\(error)")
    }
  }

  /// Whether it is an answer; if not, the cases after this one are not run.
  public var isAnswer: Bool { if case .answer = self { true } else { false } }

  /// The results in what a process has written, and whether it wrote nothing else.
  public static func all(in bytes: [UInt8]) -> (results: [CaseResult], isWhole: Bool) {
    var message = Message(bytes: bytes)
    var results: [CaseResult] = []
    while !message.isAtEnd {
      guard let result = try? CaseResult(from: &message) else { return (results, false) }
      results.append(result)
    }
    return (results, true)
  }
}

extension CaseResult: Transferable {
  public func write(to message: inout Message) {
    switch self {
    case .answer(let layout):
      message.write(0)
      layout.write(to: &message)
    case .unsolved: message.write(1)
    case .threw(let words):
      message.write(2)
      words.write(to: &message)
    }
  }

  public init(from message: inout Message) throws {
    switch try message.word() {
    case 0: self = .answer(try AnswerLayout(from: &message))
    case 1: self = .unsolved
    case 2: self = .threw(try String(from: &message))
    default: throw Message.Unreadable()
    }
  }
}

extension AnswerLayout: Transferable {
  /// Far more cells than a case asks for: of a wrong answer that is still larger, the shape tells
  /// enough.
  static let mostCellsSent = 1 << 16

  public func write(to message: inout Message) {
    message.write(shape)
    message.write(Array(cells.prefix(AnswerLayout.mostCellsSent)))
    message.write(names)
  }

  public init(from message: inout Message) throws {
    let shape: [Int] = try message.values()
    let cells: [Cell] = try message.values()
    let names: [String] = try message.values()
    guard shape.allSatisfy({ $0 >= 0 }),
      names.isEmpty || (names.count == cells.count && shape == [])
    else { throw Message.Unreadable() }
    self =
      names.isEmpty
      ? AnswerLayout(shape: shape, cells: cells) : AnswerLayout(named: Array(zip(names, cells)))
  }
}

extension Cell: Transferable {
  public func write(to message: inout Message) {
    switch self {
    case .whole(let value):
      message.write(0)
      value.write(to: &message)
    case .fraction(let value):
      message.write(1)
      value.write(to: &message)
    case .real(let value):
      message.write(2)
      value.write(to: &message)
    case .nothing: message.write(3)
    }
  }

  public init(from message: inout Message) throws {
    switch try message.word() {
    case 0: self = .whole(try Int(from: &message))
    case 1: self = .fraction(try Fraction(from: &message))
    case 2: self = .real(try Double(from: &message))
    case 3: self = .nothing
    default: throw Message.Unreadable()
    }
  }
}
