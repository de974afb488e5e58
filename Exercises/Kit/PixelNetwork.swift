/// The weights of the smallest network that labels pixels with a coarse stream and a skip, for a row of
/// pixels; what it computes is an exercise's to say.
public struct PixelNetwork: Equatable, Sendable {
  /// The kernel that both streams read through: an odd number of cells.
  public var kernel: [Double]
  /// For each class what its scores take of the pooled map.
  public var coarse: [Double]
  /// For each class what its scores take of the map before the pooling.
  public var skip: [Double]

  /// Weights; as many for the coarse stream as for the skip.
  public init(kernel: [Double], coarse: [Double], skip: [Double]) {
    (self.kernel, self.coarse, self.skip) = (kernel, coarse, skip)
  }
}

extension PixelNetwork: Answer {
  public var layout: AnswerLayout {
    func named(_ name: String, _ weights: [Double]) -> [(String, Cell)] {
      weights.enumerated().map { ("\(name) \($0)", $1.cell) }
    }
    return AnswerLayout(
      named: named("kernel", kernel) + named("coarse", coarse) + named("skip", skip))
  }
  public var trivial: [PixelNetwork] {
    [
      PixelNetwork(kernel: [], coarse: [], skip: []),
      PixelNetwork(
        kernel: kernel.map { _ in 0 }, coarse: coarse.map { _ in 0 }, skip: skip.map { _ in 0 }),
    ]
  }
}

/// A network to be trained for some steps: the learner's function makes one of them, and is called with
/// what it gave back, again and again.
public struct TrainingRun: Sendable {
  public let start: PixelNetwork
  public let steps: Int

  /// A run of one step or more.
  public init(_ start: PixelNetwork, steps: Int = 1) {
    (self.start, self.steps) = (start, steps)
  }

  /// The network at the end of the run.
  public func end<Failure>(
    _ step: (PixelNetwork) throws(Failure) -> PixelNetwork
  ) throws(Failure) -> PixelNetwork {
    var network = start
    for _ in 0..<steps { network = try step(network) }
    return network
  }
}

extension TrainingRun: Transferable {
  /// An exercise is given one network at a time.
  public static var parameterType: String { "PixelNetwork" }
  public func write(to message: inout Message) {
    for weights in [start.kernel, start.coarse, start.skip] { message.write(weights) }
    message.write(steps)
  }
  public init(from message: inout Message) throws {
    self.init(
      PixelNetwork(
        kernel: try message.values(), coarse: try message.values(), skip: try message.values()),
      steps: try message.word())
  }
}
