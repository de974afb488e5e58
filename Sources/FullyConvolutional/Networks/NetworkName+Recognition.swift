extension NetworkName {
  /// The network that has tensors of these names, or nil if none of the named networks has.
  ///
  /// A layer that only one network has decides: `score_pool3` FCN-8s, `score_pool4` FCN-16s,
  /// `fc8` the classifier. FCN-8s trained at once has the names of FCN-8s; it must be asked for.
  public init?(recognizing names: some Sequence<String>) {
    let layers = Set(names.map { String($0.prefix { $0 != "." }) })
    let isVGG = layers.contains("conv1_1")
    if layers.contains("down1_1") {
      self = .uNet
    } else if isVGG, layers.contains("score_pool3") || layers.contains("upscore8") {
      self = .fcn8s
    } else if isVGG, layers.contains("score_pool4") || layers.contains("upscore16") {
      self = .fcn16s
    } else if isVGG, layers.contains("score_fr") || layers.contains("upscore") {
      self = .fcn32s
    } else if isVGG, layers.contains("fc8") {
      self = .vgg16
    } else if layers.contains("conv1"), layers.contains("score_fr") {
      self = .fcnAlexNet
    } else {
      return nil
    }
  }

  /// Whether the network gives one score for each class and pixel of a colour picture.
  public var labelsPictures: Bool {
    switch self {
    case .fcn8s, .fcn16s, .fcn32s, .fcn8sAtOnce, .fcnAlexNet: true
    case .vgg16, .uNet: false
    }
  }
}
