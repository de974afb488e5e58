import LessonKit
import Tensors

/// The gradient that `--backward` asks for.
struct GradientRequest {
  static let options = [
    .flag("backward", "the gradient instead: which taps did each of its cells come from?"),
    Option(
      "of", "WHAT", "with --backward: the gradient by the input, the kernel (or weight) or the bias"
    ),
    Option(
      "gradient", "G",
      "with --backward: the gradient by the output, written like the input, or ones, or ramp: 1, 2, 3, … "
        + "(ramp if not given)"),
  ]

  let target: GradientTarget
  private let numbers: Numbers

  private enum Numbers {
    case ramp
    case ones
    case typed(TraceArray)
  }

  /// - Throws: `ExitStatus` 64 or 65 if a word does not go with the others or has no numbers; nil where no
  ///   gradient is wanted.
  init?(_ arguments: Arguments) throws {
    guard arguments.has("backward") else {
      if let option = Self.options.dropFirst().first(where: { arguments.has($0.name) }) {
        throw ExitStatus.usage("--\(option.name) is for a gradient; write --backward too")
      }
      return nil
    }
    let of = try arguments.choice("of", of: ["input", "kernel", "weight", "bias"]) ?? "input"
    target = of == "weight" ? .kernel : GradientTarget(rawValue: of)!
    switch arguments["gradient"] {
    case "ramp", nil: numbers = .ramp
    case "ones": numbers = .ones
    case let word?: numbers = .typed(try TraceArray(word, "--gradient").maps)
    }
  }

  /// Whether all its numbers are a person's, or whole.
  var isExact: Bool { if case .typed(let array) = numbers { array.exact != nil } else { true } }

  /// The gradient as a case of its own.
  ///
  /// - Parameter typed: the numbers of what was typed, as those of the case are.
  func back<Scalar: Divisible>(
    _ traced: TraceCase<Scalar>, typed: (TraceArray) -> Tensor<Scalar>
  ) throws -> TraceCase<Scalar> {
    let output = traced.output
    let gradient: Tensor<Scalar>
    switch numbers {
    case .ones: gradient = output.map { _ in 1 }
    case .ramp:
      gradient = Tensor(
        shape: output.shape, elements: (1...output.shape.count).map { Scalar($0) })
    case .typed(let array): gradient = typed(array)
    }
    guard gradient.shape == output.shape else {
      let isOne = output.batch * output.channels * gradient.batch * gradient.channels == 1
      throw ExitStatus.data(
        "--gradient has \(isOne ? gradient.size.description : "the shape \(gradient.shape)"), and the "
          + "output \(isOne ? output.size.description : "\(output.shape)"); each number of the output has "
          + "one gradient")
    }
    return try traced.gradient(by: target, ofOutput: gradient)
  }
}
