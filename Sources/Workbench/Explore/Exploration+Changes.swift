import ConvolutionArithmetic
import LessonKit
import Tensors

extension Exploration {
  /// What the keys change that make another case: a small letter one more, a capital one less.
  mutating func change(_ key: Character) -> Effect {
    let step = key.isUppercase ? -1 : 1
    switch key {
    case "k", "K": return resizeKernel(by: step)
    case "i", "I": return resizeInput(by: step)
    case "t", "T":
      return explored.operation == .bilinear
        ? stretch("scale", by: step, from: 1) : stretch("stride", by: step, from: usualStride)
    case "d", "D": return stretch("dilation", by: step, from: 1)
    case "o", "O": return stretch("output-padding", by: step, from: 0)
    case "p", "P": return pad(by: step)
    case "f": return turnForm()
    case "g": return turnGradient()
    case "r": return turnRounding()
    case "n" where explored.target != nil:
      let isOnes = explored.arguments["gradient"] == "ones"
      return take { [self] _ in
        explored.arguments.setting("gradient", to: isOnes ? nil : "ones")
      }
    case "n":
      return take { [self] next in
        next.inputNumbers.turn()
        return explored.arguments.setting("input", to: inputWord(&next))
      }
    case "N":
      return take { [self] next in
        next.kernelNumbers.turn()
        return try kernelWords(&next, kernelSize)
      }
    default: return .nothing
    }
  }

  /// The stride where none was said: a pooling's windows lie side by side.
  private var usualStride: Size { explored.operation.isPooling ? kernelSize : 1 }

  /// A size with one more or one less along the axes that the keys change; of a sequence along its one.
  private func stepped(_ size: Size, by step: Int) -> Size {
    let isRow = explored.isSequence
    return Size(
      height: isRow || axes == .columns ? size.height : size.height + step,
      width: !isRow && axes == .rows ? size.width : size.width + step)
  }

  /// `2`, or `2,3`; of a sequence its one number.
  private func word(_ size: Size) -> String {
    explored.isSequence || size.height == size.width
      ? "\(size.width)" : "\(size.height),\(size.width)"
  }

  /// The numbers of an option, or the usual ones.
  private func extents(_ name: String, _ usual: Size) throws -> Size {
    guard let extents = try Extents(explored.arguments, name) else { return usual }
    return try extents.size(name, isSequence: explored.isSequence, neutral: 1)
  }

  private mutating func stretch(_ name: String, by step: Int, from usual: Size) -> Effect {
    take { [self] _ in
      explored.arguments.setting(name, to: word(stepped(try extents(name, usual), by: step)))
    }
  }

  private mutating func pad(by step: Int) -> Effect {
    take { [self] _ in
      var padding = explored.padding
      if axes != .columns && !explored.isSequence {
        padding.top += step
        padding.bottom += step
      }
      if axes != .rows || explored.isSequence {
        padding.left += step
        padding.right += step
      }
      let isEven = padding.left == padding.right
      let ends = isEven ? "\(padding.left)" : "\(padding.left),\(padding.right)"
      return explored.arguments.setting(
        "padding", to: explored.isSequence ? ends : "\(padding)")
    }
  }

  private mutating func turnForm() -> Effect {
    let forms = TraceForm.allCases.filter { explored.traced.has($0) }
    guard forms.count > 1 else {
      message =
        explored.target.map { "the gradient by the \($0.rawValue) has one form here" }
        ?? "\(explored.operation.rawValue) has one form; conv and conv-transpose have more"
      return .drawn
    }
    let next = forms[((forms.firstIndex(of: explored.form) ?? 0) + 1) % forms.count]
    return take { [self] _ in
      explored.arguments.setting("form", to: next == .window ? nil : next.rawValue)
    }
  }

  /// From the layer to its gradient by the input, by the kernel, and back.
  private mutating func turnGradient() -> Effect {
    let hasKernel = explored.kernel != nil
    state.question = .output
    return take { [self] _ in
      let forward = GradientRequest.options.reduce(explored.arguments) {
        $0.setting($1.name, to: nil)
      }
      let back = forward.setting("backward", to: "").setting(
        "gradient", to: explored.arguments["gradient"])
      switch explored.target {
      case nil: return back
      case .input? where hasKernel:
        return back.setting("of", to: "kernel").setting("form", to: nil)
      default: return forward.setting("form", to: nil)
      }
    }
  }

  private mutating func turnRounding() -> Effect {
    take { [self] _ in
      let options = try OperationOptions(explored.operation, explored.arguments)
      let all = Rounding.allCases
      let next = all[(all.firstIndex(of: options.rounding)! + 1) % all.count]
      return explored.arguments.setting("ceil-mode", to: nil)
        .setting(
          "rounding", to: next == .floor && explored.operation.isPooling ? nil : next.rawValue)
    }
  }
}

// MARK: Sizes and numbers

extension Exploration {
  /// The size of the kernel, of the window of a pooling, or of the weights.
  private var kernelSize: Size {
    if let kernel = explored.kernel {
      let shape = (explored.operation == .linear ? kernel : kernel.maps).shape.dimensions
      return Size(height: shape.count > 1 ? shape[shape.count - 2] : 1, width: shape.last ?? 1)
    }
    return (try? extents("kernel", 1)) ?? 1
  }

  /// The word for the input as large as it is, or as large as said.
  func inputWord(_ next: inout State, _ size: Size? = nil) -> String {
    next.inputNumbers.word(
      size ?? explored.inputSize, isRow: explored.input.shape.rank == 1, one: next.input)
  }

  /// The words with a kernel of this size.
  private func kernelWords(_ next: inout State, _ size: Size) throws -> Arguments {
    let arguments = explored.arguments
    let middle = Equation.Place(row: size.height / 2, column: size.width / 2)
    switch explored.operation {
    case .conv, .convTranspose:
      let isRow = explored.kernel?.shape.rank == 1
      guard next.kernelNumbers.source != .ramp else {
        return arguments.setting("weight", to: nil).setting(
          "kernel", to: isRow || size.height == size.width ? "\(size.width)" : word(size))
      }
      guard min(size.height, size.width) >= 1 else { throw tooSmall("kernel", size) }
      return arguments.setting("kernel", to: nil).setting(
        "weight", to: next.kernelNumbers.word(size, isRow: isRow, one: middle))
    case .linear:
      guard min(size.height, size.width) >= 1 else { throw tooSmall("weights", size) }
      return arguments.setting(
        "weight", to: next.kernelNumbers.word(size, isRow: false, one: middle))
    case .maxPool, .avgPool: return arguments.setting("kernel", to: word(size))
    case .bilinear, .softmax, .argmax: return arguments.setting("kernel", to: word(size))
    }
  }

  private mutating func resizeKernel(by step: Int) -> Effect {
    if explored.kernel != nil, state.kernelNumbers.isFile {
      message = "the kernel is a file's and keeps its size; N takes the ramp 1, 2, 3, …"
      return .drawn
    }
    var size = stepped(kernelSize, by: step)
    // Of a fully connected layer the outputs alone: it is as wide as its input.
    if explored.operation == .linear {
      size = Size(height: kernelSize.height + step, width: kernelSize.width)
    }
    return take { [self] next in try kernelWords(&next, size) }
  }

  private mutating func resizeInput(by step: Int) -> Effect {
    if state.inputNumbers.isFile {
      message = "the input is a file's and keeps its size; n takes the ramp 1, 2, 3, …"
      return .drawn
    }
    let (old, isRow) = (explored.inputSize, explored.input.shape.rank == 1)
    var size = stepped(old, by: step)
    if isRow { size = Size(height: 1, width: old.width + step) }
    let weights = kernelSize
    return take { [self] next in
      guard min(size.height, size.width) >= 1 else { throw tooSmall("input", size) }
      next.input = Equation.Place(
        map: next.input.map, row: min(next.input.row, size.height - 1),
        column: min(next.input.column, size.width - 1))
      var words = explored.arguments
      if explored.operation == .linear {
        words = try kernelWords(&next, Size(height: weights.height, width: size.width))
      }
      return words.setting("input", to: inputWord(&next, size))
    }
  }

  /// Another number for the cell of the input.
  mutating func setNumber(_ text: String) -> Effect {
    if explored.target == .input { return setGradient(text) }
    guard !state.inputNumbers.isFile, explored.input.shape.rank <= 2 else {
      message = "the input is a file's and keeps its numbers; n takes the ramp 1, 2, 3, …"
      return .drawn
    }
    let (place, size) = (state.input, explored.inputSize)
    return take { [self] next in
      let number = numberText(try Fraction(typed: text, "the cell"))
      var texts = explored.input.texts
      texts[place.row * size.width + place.column] = number
      next.inputNumbers.take(
        (0..<size.height).map { Array(texts[$0 * size.width..<($0 + 1) * size.width]) })
      return explored.arguments.setting("input", to: inputWord(&next))
    }
  }

  /// Another number for a cell of the gradient by the output.
  private mutating func setGradient(_ text: String) -> Effect {
    let (place, shape) = (state.input, explored.traced.inputShape)
    guard shape[0] * shape[1] == 1 else {
      message = "the gradient of several maps keeps its numbers; n turns from 1, 2, 3, … to ones"
      return .drawn
    }
    return take { [self] _ in
      var rows = explored.traced.givenRows
      rows[place.row][place.column] = numberText(try Fraction(typed: text, "the cell"))
      return explored.arguments.setting("gradient", to: typed(rows))
    }
  }

  private func tooSmall(_ what: String, _ size: Size) -> ExitStatus {
    .data("the \(what) would be \(size); at least one cell is needed along each axis")
  }
}
