import ConvolutionArithmetic
public import FastKernels
public import Networks
public import Tensors

/// What a recipe is run on.
public struct TrainingData: Sendable {
  /// Pictures with a label for each pixel, to learn from.
  public let training: PictureSet
  /// Pictures with one label, for the classifier; nil if there is no such stage.
  public let single: PictureSet?
  /// Pictures to be judged by, from which nothing is learned.
  public let validation: PictureSet
  /// How pixels become numbers.
  public let preprocessing: Preprocessing

  /// Data.
  public init(
    training: PictureSet, single: PictureSet? = nil, validation: PictureSet,
    preprocessing: Preprocessing
  ) {
    (self.training, self.single, self.validation) = (training, single, validation)
    self.preprocessing = preprocessing
  }

  /// Synthetic scenes, as many as a recipe asks for.
  ///
  /// The validation scenes are `PictureSet.scenes(count:seed:)` of the same seed; training scenes and
  /// single shapes have seeds 2³² and 2·2³² further on, so that nobody is judged by what they learned.
  public static func scenes(_ recipe: TrainingRecipe, seed: UInt64) -> TrainingData {
    let counts = recipe.pictures
    return TrainingData(
      training: .scenes(
        count: counts.training, seed: seed &+ 1 << 32, shapes: counts.shapes),
      single: .singleShapes(count: counts.single, seed: seed &+ 2 << 32),
      validation: .scenes(count: counts.validation, seed: seed), preprocessing: .scene)
  }

  /// The same pictures, all that one learns from read once and kept in memory.
  public func kept(threads: Threads = .all) throws -> TrainingData {
    TrainingData(
      training: try training.kept(threads: threads), single: try single?.kept(threads: threads),
      validation: validation, preprocessing: preprocessing)
  }

  /// The pictures that a stage learns from.
  func pictures(for kind: TrainingStage.Kind) -> PictureSet {
    guard kind == .classifier else { return training }
    precondition(single != nil, "there are no pictures for a classifier")
    return single!
  }
}

/// A picture as a network reads it, and the true label of each pixel of its scores.
public struct TrainingExample: Sendable {
  /// (1, channels, height, width).
  public let input: Tensor<Float>
  /// Row by row.
  public let labels: [UInt8]

  public init(input: Tensor<Float>, labels: [UInt8]) {
    (self.input, self.labels) = (input, labels)
  }
}

extension TrainingExample {
  /// A picture as a network reads it, continued with zeros and ignored labels to a size that it takes.
  init(
    _ picture: LabeledPicture, for network: Network, _ preprocessing: Preprocessing
  ) throws(GeometryError) {
    let input = preprocessing.input(pixels: picture.pixels, size: picture.size)
    // A single label is of the whole picture, whatever its size.
    guard picture.labelSize == picture.size else {
      self.init(input: input, labels: picture.labels)
      return
    }
    let size = try network.workableSize(for: picture.size)
    guard size != picture.size else {
      self.init(input: input, labels: picture.labels)
      return
    }
    let labels = Tensor(
      shape: [1, 1, picture.size.height, picture.size.width], elements: picture.labels)
    self.init(
      input: continued(input, to: size, with: 0),
      labels: continued(labels, to: size, with: 255).elements)
  }
}
