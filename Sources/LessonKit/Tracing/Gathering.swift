import ConvolutionArithmetic
import Tensors

extension TraceCase {
  /// How the cells of a gradient come about where no other operation makes them: each adds up cells that
  /// are given, times a factor for each.
  struct Gathering: Sendable {
    /// The given maps that a map of the gradient adds up.
    let maps: @Sendable (_ map: Int) -> Range<Int>
    let meetings: @Sendable (_ picture: Int, _ place: Place) -> [Meeting]
    /// The cells of a map of the gradient that read a given cell.
    let readers: @Sendable (_ place: Place, _ map: Int) -> [Place]
    /// The maps whose cells are the factors; nil where they are in none.
    var factors: Factors?
    let isRow: Bool

    struct Factors: Sendable {
      let cells: Tensor<Scalar>
      let names: MapNames
      /// Which of them lies between a given map and one of the gradient.
      let map: @Sendable (_ from: Int, _ to: Int) -> Int
    }
  }

  /// What a gradient is that of.
  struct Forward: Sendable {
    let caption: String
    let target: GradientTarget
    /// How a gradient takes its way back.
    let note: String
    /// What came forward, where the gradient depends on its numbers and does not show them itself.
    let maps: [Grid]

    init(_ traced: TraceCase, _ target: GradientTarget, _ note: String) {
      (caption, self.target, self.note) = (traced.caption, target, note)
      switch traced.arithmetic {
      case .largest, .softmax:
        maps =
          traced.input.grids(traced.inputNames, .input, text: traced.inputText)
          + traced.output.grids(traced.outputNames, .output, text: traced.outputText)
      default: maps = []
      }
    }
  }

  /// The most characters of a number that cells of a gradient are multiplied by.
  package var widestFactor: Int {
    guard case .gathering(let gathering) = arithmetic else { return 1 }
    return gathering.factors?.cells.elements.map { numberText($0).count }.max() ?? 1
  }

  /// The case of a gradient, its maps named so.
  func named(_ names: (given: MapNames, result: MapNames), _ forward: Forward) -> TraceCase {
    var named = self
    (named.names, named.forward) = (names, forward)
    return named
  }
}
