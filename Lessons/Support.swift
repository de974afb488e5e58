import ConvolutionArithmetic
import LessonKit
import Tensors

/// A stride, dilation or output padding along a row alone.
func across(_ extent: Int, down: Int = 1) -> Size {
  Size(height: down, width: extent)
}

/// A padding at both ends of a row alone.
func beside(_ padding: Int) -> Padding {
  Padding(Size(height: 0, width: padding))
}

/// `5`, `5 or 6`, `5, 6 or 7`, `3 to 18`: one of some sizes in a row.
func eitherOf(_ sizes: ClosedRange<Int>) -> String {
  switch sizes.count {
  case 1: "\(sizes.lowerBound)"
  case 2, 3:
    sizes.dropLast().map(String.init).joined(separator: ", ") + " or \(sizes.upperBound)"
  default: "\(sizes.lowerBound) to \(sizes.upperBound)"
  }
}

/// The end of a lesson that takes no numbers of its own: the commands that take any.
func ownNumbers(_ saying: String, _ commands: String?...) -> [Step] {
  [heading("Your own numbers"), prose(saying), formula(commands.map { $0! })]
    + underYourHands(commands.last!)
}

/// What to type for the gradient of a traced case; nil where it can't be typed.
func backward<Scalar>(
  _ traced: TraceCase<Scalar>, of target: GradientTarget = .input, _ gradient: Tensor<Scalar>
) -> String? {
  let rows = typed(gradient.cellTexts())
  return traced.command().map { command in
    command + " --backward" + (target == .input ? "" : " --of \(target.rawValue)") + " --gradient "
      + (rows.contains(";") ? "'\(rows)'" : rows)
  }
}

/// The line that puts a trace under the reader's hands; nothing where there is none to be typed.
func underYourHands(_ command: String?) -> [Step] {
  guard let command else { return [] }
  return [
    prose("The same under your hands, in a terminal (arrows move the cell, ? shows the keys):"),
    formula("convbook explore" + command.dropFirst("convbook trace".count)),
  ]
}

/// The output of which only these cells are computed yet; the others are dots.
func partly<Scalar: CustomStringConvertible>(
  _ y: Tensor<Scalar>, _ known: [(row: Int, column: Int)]
) -> Grid {
  Grid(
    .output, size: y.size,
    rows: (0..<y.height).map { row in
      (0..<y.width).map { column in
        known.contains { $0 == (row, column) }
          ? Grid.Cell(
            numberText(y[0, 0, row, column]), known.last! == (row, column) ? .window : .none)
          : Grid.Cell(Grid.dot, .empty)
      }
    })
}

/// The sentence with which a computation is refused, or nil if it is done.
func refusal<Result, Failure>(of compute: () throws(Failure) -> Result) -> String? {
  do throws(Failure) {
    _ = try compute()
    return nil
  } catch {
    return (error as? GeometryError)?.description ?? "\(error)"
  }
}

/// Refuses numbers with which a transposed convolution leaves no cell unless there is output padding: the
/// lessons compare with what comes without.
///
/// - Throws: `GeometryError`
func mustLeaveSomething(of transposed: Window, input: Int) throws(GeometryError) {
  guard (try? transposed.outputSize(input: input)) == nil else { return }
  throw GeometryError(
    "without output padding nothing is left of \(counted(input, "cell")) with kernel "
      + "\(transposed.kernelSize), stride \(transposed.stride) and padding \(transposed.paddingBefore), "
      + "and the lesson compares with that; take less padding or more cells")
}
