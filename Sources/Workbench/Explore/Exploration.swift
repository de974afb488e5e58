import ConvolutionArithmetic
import LessonKit
import Tensors

/// A case under somebody's hands: which cell is looked at, which way it is asked, what was changed.
///
/// It knows nothing of a terminal: keys go in, and ``ExplorationDrawing`` makes lines of it.
struct Exploration {
  enum Question { case output, input }

  /// Which axes the keys for sizes change.
  enum Axes: String, CaseIterable { case both, rows, columns }

  enum Effect: Equatable { case nothing, drawn, redrawn, left, saved(String) }

  /// The places and the case, as `u` brings them back.
  struct State {
    var explored: ExploredCase
    var question = Question.output
    /// The cell of the output that is asked for, and the cell of the input; the map of either is the one
    /// that is shown.
    var output = Equation.Place(row: 0, column: 0)
    var input = Equation.Place(row: 0, column: 0)
    var picture = 0
    var inputNumbers: ExploredNumbers
    var kernelNumbers: ExploredNumbers
  }

  var state: State
  private var past: [State] = []
  var axes = Axes.both
  private(set) var isPlaying = false
  private(set) var showsHelp = false
  /// What there is to say until the next key.
  var message: String?
  /// What is being typed: a number for a cell, or the answer in a quiz.
  var entry = ""
  var quiz: ExplorationQuiz?
  /// The framework whose call is shown, of those that `size` names.
  private(set) var framework = 0
  /// The commands that were asked for; they are printed at the end, to be copied.
  private(set) var commands: [String] = []

  /// - Throws: what a trace of these words throws.
  init(
    _ arguments: Arguments, cell: (row: Int, column: Int)? = nil, isQuiz: Bool = false
  ) throws {
    let explored = try ExploredCase(arguments)
    state = State(
      explored: explored,
      inputNumbers: ExploredNumbers(arguments["input"], explored.input),
      kernelNumbers: ExploredNumbers(arguments["weight"], explored.kernel))
    if isQuiz { quiz = ExplorationQuiz() }
    guard let cell else { return }
    state.output = .init(row: cell.row, column: cell.column)
    state.input = state.output
    let (output, input) = (explored.traced.outputSize, explored.traced.inputSize)
    if !output.has(cell) {
      guard input.has(cell) else {
        throw noCell("\(cell.row),\(cell.column)", output: output, input: input)
      }
      state.question = .input
    }
    stayInside()
  }

  var explored: ExploredCase { state.explored }

  /// The cell that is asked for.
  var cell: Equation.Place {
    get { state.question == .output ? state.output : state.input }
    set {
      if state.question == .output { state.output = newValue } else { state.input = newValue }
    }
  }

  /// What the cell is about.
  var sight: Sight {
    get throws {
      switch state.question {
      case .output:
        try explored.traced.sight(
          ofOutput: state.output, picture: state.picture, showing: state.input.map, explored.form)
      case .input:
        try explored.traced.sight(
          ofInput: state.input, picture: state.picture, showing: state.output.map, explored.form)
      }
    }
  }
}

extension Exploration {
  /// What a key does.
  mutating func press(_ key: Key) -> Effect {
    if key == .endOfInput { return .left }
    if key == .redraw { return .redrawn }
    if showsHelp {
      showsHelp = false
      return key == .character("q") ? .left : .drawn
    }
    let had = (isPlaying, message != nil)
    (isPlaying, message) = (false, nil)
    let effect = entered(key) ?? moved(key) ?? act(key, wasPlaying: had.0)
    // What was said goes with the next key, whichever it is.
    return effect == .nothing && (had.0 || had.1) ? .drawn : effect
  }

  /// The next cell, while it plays.
  mutating func tick() {
    guard isPlaying else { return }
    let size = sizeOfCells
    var next = cell.row * size.width + cell.column + 1
    if next >= size.area { (next, isPlaying) = (size.area - 1, false) }
    move(to: next / size.width, next % size.width)
  }

  private var sizeOfCells: Size {
    state.question == .output ? explored.traced.outputSize : explored.traced.inputSize
  }

  private mutating func move(to row: Int, _ column: Int) {
    let size = sizeOfCells
    cell = Equation.Place(
      map: cell.map, row: min(max(row, 0), size.height - 1),
      column: min(max(column, 0), size.width - 1))
    entry = ""
    // The single 1 goes with the input cell.
    if explored.target == nil, state.question == .input, state.inputNumbers.source == .one {
      _ = renewNumbers()
    }
  }

  private mutating func moved(_ key: Key) -> Effect? {
    let (row, column) = (cell.row, cell.column)
    let before = cell
    switch key {
    case .up: move(to: row - 1, column)
    case .down: move(to: row + 1, column)
    case .left: move(to: row, column - 1)
    case .right: move(to: row, column + 1)
    case .home: move(to: 0, 0)
    case .end: move(to: sizeOfCells.height - 1, sizeOfCells.width - 1)
    case .tab: return turned()
    default: return nil
    }
    return cell == before ? .nothing : .drawn
  }

  /// Asks the other way round, beginning with a cell that belongs to the one that was asked for.
  private mutating func turned() -> Effect {
    let traced = explored.traced
    entry = ""
    if state.question == .output {
      let met = (try? sight.equations.first?.terms.compactMap(\.given)) ?? []
      state.question = .input
      if !met.contains(state.input), !met.isEmpty { state.input = met[met.count / 2] }
    } else {
      let readers = traced.readers(of: state.input, inMap: state.output.map)
      state.question = .output
      if !readers.contains(state.output), !readers.isEmpty {
        state.output = readers[readers.count / 2]
      }
    }
    stayInside()
    return .drawn
  }

  private mutating func act(_ key: Key, wasPlaying: Bool) -> Effect {
    guard case .character(let character) = key else { return .nothing }
    switch character {
    case "q": return .left
    case "?": showsHelp = true
    case "a":
      guard quiz == nil else {
        message = "in a quiz you move yourself; a plays without --quiz"
        break
      }
      isPlaying = !wasPlaying
      if isPlaying, (cell.row, cell.column) == (sizeOfCells.height - 1, sizeOfCells.width - 1) {
        move(to: 0, 0)
      }
    case "u":
      guard let last = past.popLast() else {
        message = "nothing to undo"
        break
      }
      state = last
      quiz?.forget()
    case "c":
      let command = explored.command(cell: state.question == .output || hasBothWays ? cell : nil)
      if commands.last != command { commands.append(command) }
      message = "\(command)\n(it is printed again when you leave)"
    case "s": return drawing
    case "w": framework = (framework + 1) % max(1, explored.report?.calls.count ?? 1)
    case "x":
      axes = Axes.allCases[(Axes.allCases.firstIndex(of: axes)! + 1) % Axes.allCases.count]
      message = "the keys for sizes change \(axes == .both ? "both axes" : "the \(axes.rawValue)")"
    case "m", "M": turnMaps(\.output, explored.traced.outputShape[1], character == "m")
    case "v", "V":
      let maps = explored.traced.inputMaps(ofOutput: state.output.map)
      turnMaps(
        \.input, state.question == .input ? explored.traced.inputShape[1] : maps.upperBound,
        character == "v")
    case "b", "B":
      let pictures = explored.traced.inputShape[0]
      state.picture = (state.picture + (character == "b" ? 1 : pictures - 1)) % pictures
    default: return change(character)
    }
    return .drawn
  }

  /// The drawing of the cell that is asked for, to be saved.
  private var drawing: Effect {
    mutating get {
      // Where an input cell goes is drawn as its stamp.
      let asksWhere = state.question == .input && explored.traced.has(.scatter)
      let form = asksWhere ? .scatter : explored.form
      let place = form == .scatter ? state.input : state.output
      do {
        return .saved(
          try explored.traced.figure(
            form, cell: (place.row, place.column), part: nil, picture: state.picture,
            caption: nil
          ).svg())
      } catch {
        message = error.description
        return .drawn
      }
    }
  }

  /// Whether a trace of one cell tells of that cell of the input too.
  private var hasBothWays: Bool {
    explored.operation == .conv || explored.operation == .convTranspose
  }

  private mutating func turnMaps(
    _ path: WritableKeyPath<State, Equation.Place>, _ count: Int, _ isForward: Bool
  ) {
    let place = state[keyPath: path]
    state[keyPath: path] = Equation.Place(
      map: (place.map + (isForward ? 1 : count - 1)) % count, row: place.row, column: place.column)
    stayInside()
  }

  /// Takes another case, if there is such a case, and says why if there is none.
  mutating func take(_ change: (inout State) throws -> Arguments) -> Effect {
    var next = state
    do {
      let arguments = try change(&next)
      guard arguments != explored.arguments else { return .nothing }
      next.explored = try ExploredCase(arguments)
    } catch {
      message = (error as? ExitStatus ?? exitStatus(of: error))?.description ?? "\(error)"
      return .drawn
    }
    past.append(state)
    if past.count > 1000 { past.removeFirst() }
    state = next
    stayInside()
    entry = ""
    quiz?.forget()
    return .drawn
  }

  /// The input anew, for its single 1 stands elsewhere. That is no change to be undone.
  private mutating func renewNumbers() -> Effect {
    let steps = past
    defer { past = steps }
    return take { [self] next in explored.arguments.setting("input", to: inputWord(&next)) }
  }

  /// Brings the cells back into the maps, which may have become smaller.
  private mutating func stayInside() {
    func inside(_ place: Equation.Place, _ maps: Range<Int>, _ size: Size) -> Equation.Place {
      Equation.Place(
        map: min(max(place.map, maps.lowerBound), maps.upperBound - 1),
        row: min(place.row, size.height - 1), column: min(place.column, size.width - 1))
    }
    let traced = explored.traced
    state.output = inside(state.output, 0..<traced.outputShape[1], traced.outputSize)
    let maps =
      state.question == .output
      ? traced.inputMaps(ofOutput: state.output.map) : 0..<traced.inputShape[1]
    state.input = inside(state.input, maps, traced.inputSize)
    state.picture = min(state.picture, traced.inputShape[0] - 1)
  }
}
