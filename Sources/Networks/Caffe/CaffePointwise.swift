internal import ConvolutionArithmetic
internal import Interchange
internal import Tensors
internal import WeightFiles

extension CaffeLayer {
  /// A layer that works on each number, or each channel, by itself; nil if it is none of the book's.
  func pointwise() throws -> Network.Operation? {
    if let activation = try activation() { return .activation(activation) }
    switch type {
    case "Dropout":
      let part = try parameters("dropout_param", knowing: ["dropout_ratio", "scale_train"])
      let ratio = try part.number("dropout_ratio") ?? 0.5
      // In DeepLab's branch the factor may come when it has been trained, as in the paper on dropout.
      return try part.flag("scale_train", or: true)
        ? .dropout(probability: ratio) : .scale(1 - ratio)
    case "BatchNorm":
      let part = try parameters(
        "batch_norm_param", knowing: ["use_global_stats", "moving_average_fraction", "eps"])
      return .batchNormalization(epsilon: try part.number("eps") ?? 1e-5, isAffine: false)
    case "BN":
      let part = try parameters("bn_param", knowing: [])
      return .batchNormalization(epsilon: try part.number("eps") ?? 1e-5, isAffine: true)
    case "Bias":
      let part = try parameters("bias_param", knowing: ["axis", "num_axes", "filler"])
      if let gap = try axisGap(part, is: 1) { return gap }
      return .affine(weight: false, bias: true)
    case "Power":
      let part = try parameters("power_param", knowing: ["power", "scale", "shift"])
      return .power(
        exponent: try part.number("power") ?? 1, scale: try part.number("scale") ?? 1,
        shift: try part.number("shift") ?? 0)
    case "LRN":
      let part = try parameters(
        "lrn_param", knowing: ["local_size", "alpha", "beta", "norm_region", "k", "engine"])
      let region = try part.word("norm_region") ?? "ACROSS_CHANNELS"
      guard ["ACROSS_CHANNELS", "0"].contains(region) else {
        return gap("has norm_region \(region.printable); the book has ACROSS_CHANNELS")
      }
      let size = try part.wholeNumber("local_size", in: 1...1001) ?? 5
      guard size % 2 == 1 else {
        throw TextProblem(
          "\(name): local_size is \(size); it must be odd",
          at: try part.one("local_size")?.place ?? place)
      }
      return .normalization(
        size: size, alpha: try part.number("alpha") ?? 1, beta: try part.number("beta") ?? 0.75,
        k: try part.number("k") ?? 1)
    case "Softmax":
      let part = try parameters("softmax_param", knowing: ["engine", "axis"])
      if let gap = try axisGap(part, is: 1) { return gap }
      return .softmax
    case "Swish":
      let beta = try parameters("swish_param", knowing: ["beta"]).number("beta") ?? 1
      return gap("has beta \(beta); the book has it with 1")
    case "Exp", "Log":
      let part = try parameters(
        type == "Exp" ? "exp_param" : "log_param", knowing: ["base", "scale", "shift"])
      let stated = try ["base", "scale", "shift"].compactMap { (field) throws in
        try part.number(field).map { "\(field) \($0)" }
      }
      return gap(
        "has \(stated.joined(separator: ", ")); the book has it with base e, scale 1 and shift 0")
    case "ShuffleChannel":
      let part = try parameters("shuffle_channel_param", knowing: ["group"])
      return .shuffle(groups: try part.wholeNumber("group", in: Self.counts) ?? 1)
    default: return nil
    }
  }

  /// A function of each number; nil if it is none of the book's.
  func activation() throws(TextProblem) -> Network.Activation? {
    switch type {
    case "ReLU":
      let part = try parameters("relu_param", knowing: ["negative_slope", "engine"])
      let slope = try part.number("negative_slope") ?? 0
      return slope == 0 ? .relu : .leakyReLU(slope: slope)
    case "ReLU6": return .clipped(0...6)
    case "PReLU":
      let part = try parameters("prelu_param", knowing: ["filler", "channel_shared"])
      return .learnedReLU(isShared: try part.flag("channel_shared", or: false))
    case "ELU":
      return .elu(alpha: try parameters("elu_param", knowing: ["alpha"]).number("alpha") ?? 1)
    case "Clip":
      let part = try parameters("clip_param", knowing: ["min", "max"])
      guard let least = try part.number("min"), let most = try part.number("max"), least <= most
      else { throw TextProblem("\(name) has no min below its max", at: part.place) }
      return .clipped(least...most)
    case "Sigmoid": return .sigmoid
    case "TanH": return .tanh
    case "AbsVal": return .absolute
    case "BNLL": return .softplus
    case "Swish":
      let beta = try parameters("swish_param", knowing: ["beta"]).number("beta") ?? 1
      return beta == 1 ? .silu : nil
    case "Exp", "Log":
      let part = try parameters(
        type == "Exp" ? "exp_param" : "log_param", knowing: ["base", "scale", "shift"])
      let numbers = [
        try part.number("base") ?? -1, try part.number("scale") ?? 1, try part.number("shift") ?? 0,
      ]
      return numbers == [-1, 1, 0] ? type == "Exp" ? .exponential : .logarithm : nil
    default: return nil
    }
  }
}
