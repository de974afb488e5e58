import ConvolutionArithmetic
public import FastKernels
public import Networks
public import Tensors

/// A picture and what it shows: what a network learns from and is judged by.
///
/// A picture to segment has a label for each of its pixels; one to classify has a single label.
public struct LabeledPicture: Equatable, Sendable {
  /// The picture's extent in pixels.
  public let size: Size
  /// Red, green and blue of each pixel, row by row: `3 * size.area` bytes.
  public let pixels: [UInt8]
  /// The classes, row by row: `labelSize.area` bytes; 255 means "ignored".
  public let labels: [UInt8]
  /// The extent of the labels: the picture's, or 1×1 where the whole picture has one label.
  public let labelSize: Size

  /// A picture of `3 * size.area` bytes with a label for each pixel, or with labels of another extent.
  public init(size: Size, pixels: [UInt8], labels: [UInt8], labelSize: Size? = nil) {
    let labelSize = labelSize ?? size
    precondition(
      pixels.count == 3 * size.area, "\(pixels.count) bytes are no \(size) pixels of three bytes")
    precondition(
      labels.count == labelSize.area, "\(labels.count) labels are no \(labelSize) labels")
    (self.size, self.pixels) = (size, pixels)
    (self.labels, self.labelSize) = (labels, labelSize)
  }
}

extension LabeledPicture {
  /// The eight ways to lay a picture on itself or on its mirror image: bit 0 mirrors it left to right, bit
  /// 1 top to bottom, bit 2 exchanges rows and columns.
  ///
  /// What is a ring stays a ring, so that a network that must not care how things lie learns from each
  /// picture eight times.
  ///
  ///     p q        q p        r s        p r
  ///     r s   1 →  s r   2 →  p q   4 →  q s
  ///
  /// A single label stays what it is.
  public func laid(_ way: Int) -> LabeledPicture {
    precondition((0..<8).contains(way), "way \(way) of eight")
    let isExchanged = way & 4 != 0
    let result = isExchanged ? Size(height: size.width, width: size.height) : size
    // Where each pixel of the result comes from.
    let places = (0..<result.area).map { pixel -> Int in
      var (row, column) = pixel.quotientAndRemainder(dividingBy: result.width)
      if isExchanged { (row, column) = (column, row) }
      if way & 1 != 0 { column = size.width - 1 - column }
      if way & 2 != 0 { row = size.height - 1 - row }
      return row * size.width + column
    }
    return LabeledPicture(
      size: result, pixels: places.flatMap { pixels[(3 * $0)..<(3 * $0 + 3)] },
      labels: labelSize == size ? places.map { labels[$0] } : labels,
      labelSize: labelSize == size ? result : labelSize)
  }
}

/// Pictures with their labels, read one by one when they are needed.
///
/// ```swift
/// let training = PictureSet.scenes(count: 400, seed: 1)
/// for index in shuffledIndices(count: training.count, seed: 1, epoch: 0) {
///   let picture = try training.read(index)
///   …
/// }
/// ```
public struct PictureSet: Sendable {
  /// The number of pictures.
  public let count: Int
  /// What the classes are called; label `i` is the class of the `i`-th name.
  public let classNames: [String]
  /// What one picture is called in a message: its file, or `picture 3`.
  public let name: @Sendable (Int) -> String
  /// Reads or draws one picture, of `0..<count`: the same for the same index, from any thread.
  public let read: @Sendable (Int) throws -> LabeledPicture

  /// The number of classes; labels are below it, or 255 where they are ignored.
  public var classes: Int { classNames.count }

  /// A set whose pictures `read` makes when they are asked for.
  ///
  /// - Parameter name: what a picture is called in a message, such as its file.
  public init(
    count: Int, classNames: [String],
    name: @escaping @Sendable (Int) -> String = { "picture \($0)" },
    read: @escaping @Sendable (Int) throws -> LabeledPicture
  ) {
    precondition(count >= 0, "\(count) pictures; there cannot be fewer than none")
    precondition(
      (1...255).contains(classNames.count),
      "\(classNames.count) classes; a label tells from 1 to 255")
    (self.count, self.classNames) = (count, classNames)
    (self.name, self.read) = (name, read)
  }

  /// A set of these pictures.
  public init(_ pictures: [LabeledPicture], classNames: [String]) {
    self.init(count: pictures.count, classNames: classNames) { pictures[$0] }
  }
}

extension PictureSet {
  /// Synthetic scenes with a label for each pixel, of the classes ``ClassNames/scenes``.
  ///
  /// Picture `i` depends on `seed` and `i` alone: a longer set begins with the shorter one, and sets of
  /// two seeds have no picture in common. Scenes are drawn each time they are read, in a fraction of a
  /// millisecond.
  ///
  /// ```swift
  /// let training = PictureSet.scenes(count: 400, seed: 1)
  /// let validation = PictureSet.scenes(count: 100, seed: 2)
  /// ```
  public static func scenes(
    count: Int, seed: UInt64, size: Size = Scene.usualSize,
    shapes: ClosedRange<Int> = Scene.usualShapes
  ) -> PictureSet {
    PictureSet(count: count, classNames: ClassNames.scenes, name: { "scene \($0)" }) { index in
      Scene.segmentation(seed: seedOfPart(index, of: seed), size: size, shapes: shapes).drawn()
    }
  }

  /// Pictures of one shape each, with one label each: 0…4 for disc, square, triangle, ring and cross.
  ///
  /// There is no background among the classes: they are ``SceneShape/Kind``, one less than in the
  /// labels of scenes.
  public static func singleShapes(
    count: Int, seed: UInt64, size: Size = Scene.usualSingleSize
  ) -> PictureSet {
    PictureSet(count: count, classNames: Array(ClassNames.scenes.dropFirst())) { index in
      let scene = Scene.classification(seed: seedOfPart(index, of: seed), size: size)
      let label = scene.shapes[0].kind.label - 1
      return LabeledPicture(
        size: size, pixels: scene.drawn().pixels, labels: [label], labelSize: 1)
    }
  }
}

extension PictureSet {
  /// The set with all its pictures read once and kept in memory, several threads at once.
  ///
  /// - Throws: what reading the first picture that failed throws.
  public func kept(threads: Threads = .all) throws -> PictureSet {
    PictureSet(try inParallel(count, threads: threads, read), classNames: classNames)
  }
}

/// The numbers `0..<count` in the order in which an epoch of training takes its pictures.
///
/// The same seed and epoch give the same order on every machine, and each epoch another one, whatever
/// happened in the epochs before: training that continues at epoch 7 needs no memory of the first six.
/// Every order is equally likely (Fisher and Yates; Durstenfeld, algorithm 235, 1964).
///
///     shuffledIndices(count: 4, seed: 1, epoch: 0)   // the numbers 0, 1, 2 and 3 in some order
///
/// Complexity: O(count)
public func shuffledIndices(count: Int, seed: UInt64, epoch: Int) -> [Int] {
  var generator = SplitMix64(seed: seedOfPart(epoch, of: seed))
  var indices = Array(0..<count)
  for last in stride(from: count - 1, to: 0, by: -1) {
    indices.swapAt(last, generator.integer(in: 0...last))
  }
  return indices
}

/// The seed of part `index` of what has the seed `seed`.
///
/// For one seed all parts differ; parts of two seeds are alike only by a chance of 2⁻⁶⁴, neighbouring
/// seeds included, since the seed itself goes through the generator first.
func seedOfPart(_ index: Int, of seed: UInt64) -> UInt64 {
  var ofSeed = SplitMix64(seed: seed)
  var ofPart = SplitMix64(seed: ofSeed.next() &+ UInt64(truncatingIfNeeded: index))
  return ofPart.next()
}

/// Calls `body` for `0..<count`, several threads at once, and returns the results in order.
///
/// - Throws: the error of the first that failed.
func inParallel<Value: Sendable>(
  _ count: Int, threads: Threads, _ body: (Int) throws -> Value
) throws -> [Value] {
  var results = [Result<Value, any Error>?](repeating: nil, count: count)
  results.withUnsafeMutableBufferPointer { results in
    nonisolated(unsafe) let (results, body) = (results, body)
    threads.run(count) { task, _ in
      results[task] = Result { try body(task) }
    }
  }
  return try results.map { try $0!.get() }
}

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
  /// A picture as a trainer's network reads it, continued with zeros and ignored labels to a size that it
  /// takes.
  init(
    _ picture: LabeledPicture, for trainer: Trainer, _ preprocessing: Preprocessing
  ) throws(GeometryError) {
    let input = preprocessing.input(pixels: picture.pixels, size: picture.size)
    // A single label is of the whole picture, whatever its size.
    guard picture.labelSize == picture.size else {
      self.init(input: input, labels: picture.labels)
      return
    }
    let size = try trainer.workableSize(for: picture.size)
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
