import ConvolutionArithmetic
import Tensors

extension NetworkReader {
  mutating func operation(
    _ statement: TextStatement, _ kind: TextKind, _ options: TextOptions, _ inputs: [String]
  ) throws(NetworkTextError) -> Network.Operation {
    func number(
      _ range: ClosedRange<Double>, whole: Bool = true, _ index: Int = 0, or usual: Double? = nil
    ) throws(NetworkTextError) -> Double {
      guard index < options.numbers.count else {
        if let usual { return usual }
        throw statement.kind.error(
          "\(kind.rawValue) must be told \(kind.numbers[index]), as in \(kind.rawValue) "
            + kind.example)
      }
      let (word, value) = options.numbers[index]
      guard range.contains(value), !whole || value == value.rounded() else {
        throw word.error(
          "\(kind.numbers[index]) is \(word.text); it must be \(whole ? "a whole number " : "")from "
            + "\(inDigits(range.lowerBound)) to \(inDigits(range.upperBound))")
      }
      return value
    }
    switch kind {
    case .input: preconditionFailure("told before")
    case .conv:
      return .convolution(
        try convolution(options, statement, inputs),
        outputs: Int(try number(1...Double(Network.mostChannels))),
        bias: !options.has("nobias"), relu: options.relu)
    case .convT:
      let forward = try convolution(options, statement, inputs)
      let outputPadding = try pair(options, "op", or: 0)
      let transposed = try statement.kind.blaming { () throws(GeometryError) in
        try forward.transposed(
          outputPadding: isLine ? Size(height: 0, width: outputPadding.width) : outputPadding)
      }
      return .transposedConvolution(
        transposed, outputs: Int(try number(1...Double(Network.mostChannels))),
        bias: !options.has("nobias"))
    case .max, .avg:
      if options.has("global") {
        if let told = options.sizes.values.map({ $0.word }).first ?? options.flags["ceil"]
          ?? options.flags["caffe"]
        {
          throw told.error("global takes the whole map, so that \(told.text) means nothing")
        }
        return .globalPool(kind == .max ? .maximum : .mean)
      }
      let pooling = try pooling(options, statement, inputs, isMean: kind == .avg)
      return kind == .max ? .maxPool(pooling) : .averagePool(pooling)
    case .fc:
      // Fully connected: a convolution whose kernel covers the whole map.
      let whole = try statement.kind.blaming { () throws(GeometryError) in
        try Convolution(kernelSize: try inputSize(inputs))
      }
      return .convolution(
        whole, outputs: Int(try number(1...Double(Network.mostChannels))),
        bias: !options.has("nobias"), relu: options.relu)
    case .relu: return .relu
    case .relu6: return .activation(.clipped(0...6))
    case .leaky:
      return .activation(.leakyReLU(slope: try number(-1000...1000, whole: false, or: 0.01)))
    case .prelu: return .activation(.learnedReLU(isShared: options.has("shared")))
    case .clip:
      let least = try number(-1e30...1e30, whole: false)
      return .activation(.clipped(least...(try number(least...1e30, whole: false, 1))))
    case .elu: return .activation(.elu(alpha: try number(0...1000, whole: false, or: 1)))
    case .sigmoid: return .activation(.sigmoid)
    case .tanh: return .activation(.tanh)
    case .hardsigmoid:
      return .activation(
        .hardSigmoid(
          alpha: try number(-1000...1000, whole: false, or: 1.0 / 6),
          beta: try number(-1000...1000, whole: false, 1, or: 0.5)))
    case .hardswish: return .activation(.hardSwish)
    case .silu: return .activation(.silu)
    case .gelu: return .activation(.gelu)
    case .softplus: return .activation(.softplus)
    case .abs: return .activation(.absolute)
    case .exp: return .activation(.exponential)
    case .log: return .activation(.logarithm)
    case .bn:
      return .batchNormalization(
        epsilon: try number(0...1000, whole: false, or: 1e-5), isAffine: true)
    case .affine: return .affine(weight: true, bias: !options.has("nobias"))
    case .power:
      return .power(
        exponent: try number(-1000...1000, whole: false),
        scale: try number(-1e30...1e30, whole: false, 1, or: 1),
        shift: try number(-1e30...1e30, whole: false, 2, or: 0))
    case .softmax: return .softmax
    case .lrn:
      return .normalization(
        size: Int(try number(1...1001)), alpha: try number(0...1000, whole: false, 1, or: 1e-4),
        beta: try number(0...1000, whole: false, 2, or: 0.75))
    case .drop: return .dropout(probability: try number(0...0.999999, whole: false, or: 0.5))
    case .scale: return .scale(try number(-1e30...1e30, whole: false))
    case .up:
      guard options.reference == nil else {
        if let word = options.numbers.first?.word {
          throw word.error("up is told a factor, or to which layer, and not both")
        }
        return .resize(try resize(statement, options, factor: nil))
      }
      return .resize(
        try resize(statement, options, factor: try number(1.0 / 64...1024, whole: false)))
    case .cut:
      guard options.sizes["size"] != nil else {
        throw statement.kind.error("a cut is written cut 8x8, or cut 8x8 at 2,3")
      }
      let (size, offset) = (try pair(options, "size", or: 1), try pair(options, "at", or: 0))
      return .cut(
        offset: isLine ? Size(height: 0, width: offset.width) : offset,
        size: isLine ? Size(height: 1, width: size.width) : size)
    case .pad where options.reference != nil:
      if let told = options.sizes["p"]?.word ?? options.flags.values.first
        ?? options.numbers.first?.word
      {
        throw told.error(
          "pad a to b adds zeros up to the size of b, so that \(told.text) says nothing")
      }
      return .padTo(offset: try offset(options))
    case .pad:
      if let word = options.sizes["at"]?.word {
        throw word.error("at is for pad a to b; the sides are told as in pad p1,0,0,1")
      }
      guard let padding = try padding(options) else {
        throw statement.kind.error("pad must be told how many cells, as in pad p1")
      }
      let value = try number(-1e30...1e30, whole: false, or: 0)
      if let told = options.numbers.first?.word, options.has("reflect") || options.has("edge") {
        throw told.error("pad takes what is there, so that \(told.text) says nothing")
      }
      return .pad(
        padding,
        options.has("reflect")
          ? .reflection : options.has("edge") ? .replication : .value(value))
    case .channels:
      guard let range = options.range?.values else {
        throw statement.kind.error(
          "channels are chosen as in channels 0:32, the last not among them")
      }
      return .channels(range)
    case .shuffle: return .shuffle(groups: Int(try number(1...Double(Network.mostChannels))))
    case .flatten: return .identity(kind.rawValue)
    case .add: return .sum
    case .mul: return .product
    case .maximum: return .maximum
    case .cat: return .concatenate
    case .crop:
      let offset = try offset(options)
      if let word = options.flags["center"] {
        guard offset == nil else {
          throw word.error("a crop is cut in the center, or at a cell, and not both")
        }
        return .centerCrop
      }
      return .crop(offset: offset)
    }
  }

  /// The cell behind `at`; nil if none is told.
  private func offset(_ options: TextOptions) throws(NetworkTextError) -> Size? {
    guard options.sizes["at"] != nil else { return nil }
    let offset = try pair(options, "at", or: 0)
    return isLine ? Size(height: 0, width: offset.width) : offset
  }

  /// How a factor, or another map's size, resizes: with blocks, or bilinear as PyTorch does it.
  private func resize(
    _ statement: TextStatement, _ options: TextOptions, factor: Double?
  ) throws(NetworkTextError) -> Network.Resize {
    var target = Network.Resize.Target.second
    if let factor {
      let denominator = (1...64).first { (factor * Double($0)).rounded() == factor * Double($0) }
      guard let denominator else {
        throw options.numbers[0].word.error(
          "the factor is \(factor); it must be a whole number or a fraction with a denominator up to 64"
        )
      }
      let fraction = Fraction(Int(factor * Double(denominator)), denominator)
      target = .factors(isLine ? 1 : fraction, fraction)
    }
    let isBilinear = options.has("bilinear")
    let rule: Network.Resize.Coordinates =
      options.has("align") ? .alignedCorners : isBilinear ? .halfPixel : .asymmetric
    return try statement.kind.blaming { () throws(GeometryError) in
      try Network.Resize(target, isBilinear ? .bilinear : .nearest, rule)
    }
  }

  /// Height and width of an option; along one axis both are its one number.
  func pair(
    _ options: TextOptions, _ name: String, or usual: Int?
  ) throws(NetworkTextError) -> Size {
    guard let (word, numbers) = options.sizes[name] else { return Size(usual ?? 1) }
    guard numbers.count == 1 || numbers.count == 2 && !isLine else {
      throw word.error(
        isLine ? "along one axis \(name) is one number" : "\(name) is one number, or height x width"
      )
    }
    return Size(height: numbers[0], width: numbers.last!)
  }
}

/// A number in the shortest digits, whole ones without a point.
private func inDigits(_ value: Double) -> String {
  value == value.rounded() && abs(value) < 1e9 ? "\(Int(value))" : "\(value)"
}
