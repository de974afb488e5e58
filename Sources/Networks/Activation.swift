import Primitives

extension Network {
  /// A function of one number, as it stands between the layers of a network.
  public enum Activation: Hashable, Sendable {
    /// max(0, x).
    case relu
    /// x, or slope · x below 0.
    case leakyReLU(slope: Double)
    /// The same with slopes that are learned: one for each channel, or one for all.
    case learnedReLU(isShared: Bool)
    /// x, held between two numbers: ReLU6 from 0 to 6.
    case clipped(ClosedRange<Double>)
    /// x, or alpha · (eˣ − 1) below 0.
    case elu(alpha: Double)
    /// 1 / (1 + e⁻ˣ).
    case sigmoid
    case tanh
    /// alpha · x + beta, held between 0 and 1.
    case hardSigmoid(alpha: Double, beta: Double)
    /// x · (x / 6 + ½, held between 0 and 1).
    case hardSwish
    /// x · sigmoid(x), also called Swish.
    case silu
    /// x times the part of a standard normal distribution below it.
    case gelu
    /// log(1 + eˣ).
    case softplus
    case absolute
    case exponential
    case logarithm
  }
}

extension Network.Activation {
  /// What the table and the text language call it.
  public var kind: String {
    switch self {
    case .relu: "relu"
    case .leakyReLU: "leaky"
    case .learnedReLU: "prelu"
    case .clipped: "clip"
    case .elu: "elu"
    case .sigmoid: "sigmoid"
    case .tanh: "tanh"
    case .hardSigmoid: "hardsigmoid"
    case .hardSwish: "hardswish"
    case .silu: "silu"
    case .gelu: "gelu"
    case .softplus: "softplus"
    case .absolute: "abs"
    case .exponential: "exp"
    case .logarithm: "log"
    }
  }

  /// The function itself; nil for the one whose slopes are learned. A NaN stays NaN.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func callAsFunction<Scalar: Transcendental>(_ x: Scalar) -> Scalar {
    func held(_ x: Scalar, _ least: Double = 0, _ most: Double = 1) -> Scalar {
      x < Scalar(least) ? Scalar(least) : x > Scalar(most) ? Scalar(most) : x
    }
    switch self {
    case .relu, .learnedReLU: return x < 0 ? 0 : x
    case .leakyReLU(let slope): return x < 0 ? Scalar(slope) * x : x
    case .clipped(let range): return held(x, range.lowerBound, range.upperBound)
    case .elu(let alpha): return x < 0 ? Scalar(alpha) * (Scalar.exp(x) - 1) : x
    case .sigmoid: return 1 / (1 + Scalar.exp(-x))
    case .tanh: return Scalar.tanh(x)
    case .hardSigmoid(let alpha, let beta): return held(Scalar(alpha) * x + Scalar(beta))
    case .hardSwish: return x * held(x / 6 + Scalar(0.5))
    case .silu: return x / (1 + Scalar.exp(-x))
    case .gelu: return x * (1 + Scalar.erf(x * Scalar(0.5).squareRoot())) / 2
    // Beyond 30 the 1 is lost, and eˣ would soon be infinite.
    case .softplus: return x > 30 ? x : Scalar.log(1 + Scalar.exp(x))
    case .absolute: return Swift.abs(x)
    case .exponential: return Scalar.exp(x)
    case .logarithm: return Scalar.log(x)
    }
  }
}
