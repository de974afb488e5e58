public import ConvolutionArithmetic
import Primitives
public import Tensors

/// By what a gradient is taken.
public enum GradientTarget: String, Hashable, Sendable, CaseIterable {
  case input
  /// The kernels, or the weights of a fully connected layer.
  case kernel
  case bias
}

extension TraceCase where Scalar: Divisible {
  /// The gradient as a case of its own, whose arithmetic is shown as that of any other: which taps did
  /// each of its cells come from?
  ///
  /// ```swift
  /// let pooled = try TraceCase<Fraction>.maxPool(Tensor(row: [1, 5, 2, 2]), by: pairs)
  /// let back = try pooled.gradient(by: .input, ofOutput: Tensor(row: [10, 20]))
  /// try back.equation(row: 0, column: 1).text   // gradient by input 1 = 10·1 = 10
  /// ```
  ///
  /// Of a convolution by its input it is the transposed convolution, and the other way round, and has all
  /// forms of these. Every other one is scattered over the taps of the case itself.
  ///
  /// - Parameter gradient: by each cell of the output.
  /// - Throws: `GeometryError` if its shape is not the output's, or there is no such gradient.
  public func gradient(
    by target: GradientTarget, ofOutput gradient: Tensor<Scalar>
  ) throws(GeometryError) -> TraceCase {
    guard gradient.shape == output.shape else {
      throw GeometryError(
        "the gradient by the output has shape \(gradient.shape), and the output \(output.shape)")
    }
    switch target {
    case .input: return try byInput(gradient)
    case .kernel: return try byKernel(gradient)
    case .bias: return try byBias(gradient)
    }
  }

  private func byInput(_ gradient: Tensor<Scalar>) throws(GeometryError) -> TraceCase {
    let names = (
      MapNames("gradient by the output", gradient, isRow: isRow, cell: "gradient by output"),
      MapNames("gradient by the input", input, isRow: isRow, cell: "gradient by input")
    )
    func gathered(
      _ note: String, slope: @escaping @Sendable (Meeting, Int, Place) -> Scalar
    ) -> TraceCase {
      self.gathered(gradient, slope: slope).named(names, Forward(self, .input, note))
    }
    switch arithmetic {
    case .convolution(let kernels):
      let layer = try kernels.convolution.back(toInput: input.size)
      return try TraceCase(gradient, kernels.weight, by: layer).named(
        names,
        Forward(
          self, .input,
          "Going back, each gradient takes the ways of the taps, through the same kernel: "
            + (layer.isTransposed ? "the transposed convolution." : "the convolution.")))
    case .rows:
      return gathered("Going back, each gradient goes to every input, times the same weight.") {
        meeting, _, _ in meeting.factor!
      }
    case .largest(_, let winners):
      return gathered(
        "The winner of a window gets its gradient, times 1, the others nothing; of equal ones the first, "
          + "row by row, as in PyTorch and Caffe."
      ) { meeting, picture, place in
        let given = meeting.given!
        let index = winners[picture, place.map, place.row, place.column]
        return given.row * self.input.width + given.column == index ? 1 : 0
      }
    case .mean(let windows):
      return gathered("Each cell of a window gets its gradient, divided as its sum was.") {
        _, _, place in
        windows.divisor(row: place.row, column: place.column).map { 1 / Scalar($0) } ?? 0
      }
    case .blend:
      return gathered(
        "Going back, each gradient goes to the cells that were mixed, times their weights."
      ) { meeting, _, _ in meeting.factor! }
    case .softmax:
      return gathered(
        "A score moves its own share p by p·(1 − p), and each other share q by −p·q."
      ) { meeting, picture, place in
        let given = meeting.given!
        let p = self.output[picture, place.map, place.row, place.column]
        let q = self.output[picture, given.map, given.row, given.column]
        return given == place ? p * (1 - p) : 0 - p * q
      }
    case .argmax:
      throw GeometryError(
        "argmax has no gradient: its output is a position, which a small push does not move")
    case .gathering: throw GeometryError("a gradient is shown once: of what came forward")
    }
  }

  /// The gradient by the input, where an output cell moves by `slope` times what an input cell does that it
  /// reads: scattered cell by cell, and to be read off backwards.
  private func gathered(
    _ gradient: Tensor<Scalar>, slope: @escaping @Sendable (Meeting, Int, Place) -> Scalar
  ) -> TraceCase {
    var sum = Tensor<Scalar>.zeros(input.shape)
    for picture in 0..<output.batch {
      for place in places(of: output) {
        let value = gradient[picture, place.map, place.row, place.column]
        for meeting in meetings(at: place, picture: picture) {
          guard let given = meeting.given else { continue }
          sum[picture, given.map, given.row, given.column] += value * slope(meeting, picture, place)
        }
      }
    }
    var factors: Gathering.Factors?
    if case .rows(let weight, _) = arithmetic {
      let names = MapNames(
        "weights, a row for each output", pictures: 1, maps: 1, isRow: false, cell: "weight")
      factors = Gathering.Factors(cells: weight, names: names) { _, _ in 0 }
    }
    let gathering = Gathering(
      // What has no kernels mixes no maps.
      maps: { $0..<$0 + 1 },
      meetings: { picture, place in
        self.readers(of: place, inMap: place.map).flatMap { reader in
          self.meetings(at: reader, picture: picture).filter { $0.given == place }.map {
            Meeting(given: reader, kernel: $0.kernel, factor: slope($0, picture, reader))
          }
        }
      },
      readers: { place, _ in self.meetings(at: place).compactMap { $0.given } },
      factors: factors, isRow: isRow)
    var back = TraceCase(gradient, sum, .gathering(gathering))
    back.written = written
    return back
  }

  private func byKernel(_ gradient: Tensor<Scalar>) throws(GeometryError) -> TraceCase {
    let gathering: Gathering
    let result: Tensor<Scalar>
    let names: MapNames
    switch arithmetic {
    case .convolution(let kernels):
      let weight = kernels.weight
      result = try convolutionKernelGradient(input, gradient, by: kernels.convolution)
        .reshaped([1, weight.batch * weight.channels, weight.height, weight.width])
      names = MapNames(
        "gradient by the kernel", result, isRow: isRow, cell: "gradient by kernel",
        kernels: weight.channels)
      gathering = kernels.gathering(input, gradient, isRow: isRow)
    case .rows(let weight, _):
      result = try linearGradients(gradient.asRows, input: input.asRows, weight: weight.asRows)
        .weight.reshaped(weight.shape)
      names = MapNames(
        "gradient by the weights", result, isRow: false, cell: "gradient by weight")
      let (rows, outputs) = (input.height, weight.height)
      gathering = Gathering(
        maps: { _ in 0..<1 },
        meetings: { _, place in
          (0..<rows).map { row in
            Meeting(
              given: Place(row: row, column: place.column),
              kernel: Place(row: row, column: place.row), factor: gradient[0, 0, row, place.row])
          }
        },
        readers: { place, _ in (0..<outputs).map { Place(row: $0, column: place.column) } },
        factors: .init(cells: gradient, names: byOutput(gradient)) { _, _ in 0 }, isRow: false)
    default: throw missing(.kernel)
    }
    return TraceCase(input.folded, result, .gathering(gathering)).named(
      (MapNames("input", input, isRow: gathering.isRow), names),
      Forward(
        self, .kernel,
        "Each cell of the kernel adds up what it met, times the gradient of the output where it met it."
      ))
  }

  private func byBias(_ gradient: Tensor<Scalar>) throws(GeometryError) -> TraceCase {
    let sums: [Scalar]
    let meetings: @Sendable (Int, Place) -> [Meeting]
    let readers: @Sendable (Place, Int) -> [Place]
    let given = gradient.folded
    switch arithmetic {
    case .convolution:
      sums = try biasGradient(gradient)
      let maps = gradient.channels
      meetings = { _, place in
        self.places(of: given).filter { $0.map % maps == place.column }.map { Meeting(given: $0) }
      }
      readers = { place, _ in [Place(row: 0, column: place.map % maps)] }
    case .rows(let weight, _):
      sums = try linearGradients(gradient.asRows, input: input.asRows, weight: weight.asRows).bias
      let rows = gradient.height
      meetings = { _, place in
        (0..<rows).map { Meeting(given: Place(row: $0, column: place.column)) }
      }
      readers = { place, _ in [Place(row: 0, column: place.column)] }
    default: throw missing(.bias)
    }
    let isRow = gradient.height == 1
    return TraceCase(
      given, Tensor(shape: [1, 1, 1, sums.count], elements: sums),
      .gathering(
        Gathering(
          maps: { _ in 0..<given.channels }, meetings: meetings, readers: readers, isRow: isRow))
    ).named(
      (
        byOutput(gradient),
        MapNames(
          "gradient by the bias", pictures: 1, maps: 1, isRow: true, cell: "gradient by bias")
      ),
      Forward(
        self, .bias, "The bias was added to each cell of its map, so all their gradients add."))
  }

  private func byOutput(_ gradient: Tensor<Scalar>) -> MapNames {
    MapNames("gradient by the output", gradient, isRow: isRow, cell: "gradient by output")
  }

  private func missing(_ target: GradientTarget) -> GeometryError {
    GeometryError(
      "a gradient by the \(target.rawValue) needs a \(target.rawValue), and this has none: \(caption)"
    )
  }

  private func places(of maps: Tensor<Scalar>) -> [Place] {
    (0..<maps.channels).flatMap { map in
      (0..<maps.height).flatMap { row in
        (0..<maps.width).map { Place(map: map, row: row, column: $0) }
      }
    }
  }
}

extension TraceCase.Kernels {
  /// The gradient by these kernels: each of their cells adds up the cells it met, times the gradient of the
  /// cell that was made there.
  fileprivate func gathering(
    _ x: Tensor<Scalar>, _ gradient: Tensor<Scalar>, isRow: Bool
  ) -> TraceCase.Gathering {
    typealias Place = Equation.Place
    let (pictures, inputs, outputs) = (x.batch, x.channels, gradient.channels)
    /// The maps that a kernel leads from and to.
    @Sendable func ends(_ kernel: Int) -> (input: Int, output: Int) {
      let (first, second) = (kernel / weight.channels, kernel % weight.channels)
      let group = first * channels.groups / weight.batch
      return convolution.isTransposed
        ? (first, group * weight.channels + second) : (group * weight.channels + second, first)
    }
    /// Where a kernel cell stood.
    @Sendable func met(_ axis: Axis, _ kernel: Int) -> [(given: Int, result: Int)] {
      (0..<axis.outputSize).compactMap { output in
        axis.input(output: output, kernel: kernel).map {
          convolution.isTransposed ? (output, $0) : ($0, output)
        }
      }
    }
    return TraceCase.Gathering(
      maps: { _ in 0..<pictures * inputs },
      meetings: { _, place in
        let (from, to) = ends(place.map)
        return (0..<pictures).flatMap { picture in
          met(geometry.rows, place.row).flatMap { down in
            met(geometry.columns, place.column).map { right in
              TraceCase.Meeting(
                given: Place(
                  map: picture * inputs + from, row: down.given, column: right.given),
                kernel: Place(
                  map: picture * outputs + to, row: down.result, column: right.result),
                factor: gradient[picture, to, down.result, right.result])
            }
          }
        }
      },
      readers: { place, map in
        guard ends(map).input == place.map % inputs else { return [] }
        let rows = Set(geometry.rows.destinations(ofGiven: place.row).map { $0.kernel })
        let columns = Set(geometry.columns.destinations(ofGiven: place.column).map { $0.kernel })
        return rows.sorted().flatMap { row in
          columns.sorted().map { Place(map: map, row: row, column: $0) }
        }
      },
      factors: .init(
        cells: gradient.folded,
        names: MapNames("gradient by the output", gradient, isRow: isRow)
      ) { from, to in from / inputs * outputs + ends(to).output }, isRow: isRow)
  }
}

extension Tensor {
  /// The maps of all pictures as those of one.
  fileprivate var folded: Tensor { reshaped([1, batch * channels, height, width]) }

  /// One map as rows.
  fileprivate var asRows: Tensor { reshaped([height, width]) }
}
