/// One stage of training: a network, and for how long it learns.
public struct TrainingStage: Hashable, Sendable {
  /// What learns in a stage.
  public enum Kind: String, Hashable, Sendable, CaseIterable {
    /// The classifier whose layers the others begin with.
    case classifier
    /// FCN-32s, from the classifier.
    case fcn32s = "32s"
    /// FCN-16s, from FCN-32s.
    case fcn16s = "16s"
    /// FCN-8s, from FCN-16s.
    case fcn8s = "8s"
    /// FCN-8s with scaled skips, from the classifier in one go.
    case atOnce = "at-once"

    /// The network's name on the command line.
    public var networkName: NetworkName {
      switch self {
      case .classifier: .vgg16
      case .fcn32s: .fcn32s
      case .fcn16s: .fcn16s
      case .fcn8s: .fcn8s
      case .atOnce: .fcn8sAtOnce
      }
    }

    /// The network.
    public func network(classes: Int, backbone: Backbone) -> Network {
      switch self {
      case .classifier: .vgg16(classes: classes, backbone: backbone)
      case .fcn32s: .fcn32s(classes: classes, backbone: backbone)
      case .fcn16s: .fcn16s(classes: classes, backbone: backbone)
      case .fcn8s: .fcn8s(classes: classes, backbone: backbone)
      case .atOnce: .fcn8sAtOnce(classes: classes, backbone: backbone)
      }
    }
  }

  /// What learns.
  public var kind: Kind
  /// The steps of gradient descent.
  public var iterations: Int
  /// The learning rate.
  public var rate: Double
  /// The part of the iterations, at the end, over which the rate goes down evenly; 0 if it never does.
  public var cooling: Double

  /// A stage.
  public init(_ kind: Kind, iterations: Int, rate: Double, cooling: Double = 0) {
    (self.kind, self.iterations, self.rate) = (kind, iterations, rate)
    self.cooling = cooling
  }

  /// The learning rate of one iteration, from 0: constant, then down in a line that would reach 0 one
  /// iteration after the last.
  ///
  /// ```swift
  /// TrainingStage(.fcn8s, iterations: 8, rate: 1, cooling: 0.5).rate(at: 6)   // 1 · (8 − 6) / 4 = ½
  /// ```
  public func rate(at iteration: Int) -> Double {
    let left = Double(iterations - iteration)
    let end = cooling * Double(iterations)
    return left >= end ? rate : rate * left / end
  }
}
