import LessonKit
import Tensors

/// Which cells were asked, and how many answers were right.
struct ExplorationQuiz {
  private(set) var right = 0
  private(set) var asked = 0
  /// The cells of this case whose numbers are known by now.
  private var shown: Set<Spot> = []

  private struct Spot: Hashable {
    let picture: Int
    let place: Equation.Place
  }

  func shows(_ place: Equation.Place, _ picture: Int) -> Bool {
    shown.contains(Spot(picture: picture, place: place))
  }

  /// Notes an answer, or that there was none.
  mutating func note(isRight: Bool, _ place: Equation.Place, _ picture: Int) {
    asked += 1
    if isRight { right += 1 }
    shown.insert(Spot(picture: picture, place: place))
  }

  /// Another case has other numbers.
  mutating func forget() { shown = [] }

  /// `3 of 4 right`
  var score: String { "\(right) of \(asked) right" }
}

extension Exploration {
  /// Whether the value of the cell is still to be found.
  var isAsking: Bool {
    quiz.map { state.question == .output && !$0.shows(state.output, state.picture) } ?? false
  }

  /// What is typed, if the key belongs to it: the answer of a quiz, or a number for a cell of the input.
  mutating func entered(_ key: Key) -> Effect? {
    let takesNumber = isAsking || state.question == .input && quiz == nil
    switch key {
    case .character(let character)
    where takesNumber
      && (character.isNumber || !entry.isEmpty && "0123456789+-*/.,() =".contains(character)
        || entry.isEmpty && (character == "-" || isAsking && character == "(")):
      if entry.count < 60 { entry.append(character) }
    case .backspace where !entry.isEmpty: entry.removeLast()
    case .escape where !entry.isEmpty: entry = ""
    case .enter where isAsking: answer()
    case .enter where quiz != nil: askNext()
    case .enter where !entry.isEmpty:
      let typed = entry
      entry = ""
      return setNumber(typed)
    default: return nil
    }
    return .drawn
  }

  private mutating func answer() {
    guard let equation = try? sight.equations.first else { return }
    let typed = entry
    let prediction = Prediction(question: "", answer: equation.value, why: "")
    let isRight = !typed.isEmpty && prediction.accepts(typed)
    guard typed.isEmpty || isRight || Prediction.number(saidIn: typed) != nil else {
      message = "\"\(typed)\" is no number; write 12, -3/4 or 2*3 + 4"
      return
    }
    entry = ""
    quiz?.note(isRight: isRight, state.output, state.picture)
    message =
      (isRight
        ? "right" : typed.isEmpty ? "it is \(equation.value)" : "no, it is \(equation.value)")
      + "; \(quiz!.score). Enter goes to the next cell"
  }

  /// Goes to the next cell that was not asked yet.
  private mutating func askNext() {
    let (size, map) = (explored.traced.outputSize, state.output.map)
    state.question = .output
    let here = state.output.row * size.width + state.output.column
    for step in 0..<size.area {
      let next = (here + step) % size.area
      let place = Equation.Place(map: map, row: next / size.width, column: next % size.width)
      guard quiz?.shows(place, state.picture) == false else { continue }
      state.output = place
      return
    }
    message = "every cell was asked, \(quiz!.score); another size or other numbers ask anew"
  }

  /// What is left to say when it is over.
  var farewell: [String] {
    (quiz.map { $0.asked > 0 ? ["\($0.score)"] : [] } ?? []) + commands
  }
}
