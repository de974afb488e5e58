import ConvolutionArithmetic
public import Tensors

/// A question with one number as its answer.
public struct QuizQuestion: Equatable, Sendable {
  public let topic: QuizTopic
  /// What it was drawn from: the same topic and key ask the same again.
  public let key: UInt64
  /// The lesson that explains it.
  public let lesson: Int
  /// The question; where it is a choice, a numbered line for each.
  public let question: String
  public let answer: Fraction
  /// How it is found, line by line.
  public let working: [String]
}

/// What a quiz can be about.
public enum QuizTopic: String, CaseIterable, Sendable {
  /// The output size of a convolution.
  case convolution
  /// The size that a transposed convolution gives.
  case transposed
  /// The output size of a pooling, floor or ceil.
  case pooling
  /// What a cell sees through two or three layers: how much, how far apart, where.
  case receptiveField = "receptive-field"
  /// Where a map is cropped to lie on another.
  case crop
  /// How many weights there are, in which order, and which of them lies between two cells.
  case weights
  /// Which line of PyTorch does it.
  case framework
  /// Gradients by inputs and weights, and the steps they lead to.
  case gradients
  /// How many multiplications and numbers something takes.
  case costs
  /// What true convolution gives, and what stands in a bilinear kernel.
  case kernels
  /// Layers that enlarge: as a matrix, with zeros between, back to a size, two as one.
  case upsampling
  /// The loss, IU, momentum, dropout and weights of classes.
  case learning

  /// The lessons that its questions belong to.
  public var lessons: [Int] {
    switch self {
    case .convolution: [3, 4, 5, 6]
    case .transposed: [11, 13, 14]
    case .pooling: [8]
    case .receptiveField: [24]
    case .crop: [25]
    case .weights: [7, 9, 11, 16]
    case .framework: [5, 8, 14]
    case .gradients: [33, 34, 41, 42, 43, 45, 46]
    case .costs: [22, 23, 36, 37]
    case .kernels: [2, 18]
    case .upsampling: [10, 12, 15, 20]
    case .learning: [32, 35, 47, 49, 50]
    }
  }
}

/// An endless row of questions, the same for the same seed.
public struct Quiz: Sequence, IteratorProtocol {
  private var random: SplitMix64
  private let topics: [QuizTopic]
  private let lesson: Int?

  /// Questions on a topic or of a lesson, or on all in turn as the seed has it.
  ///
  /// A topic and a lesson that have nothing in common leave no question.
  public init(seed: UInt64, topic: QuizTopic? = nil, lesson: Int? = nil) {
    random = SplitMix64(seed: seed)
    self.lesson = lesson
    topics = QuizTopic.allCases.filter { one in
      (topic == nil || one == topic) && (lesson.map { one.lessons.contains($0) } ?? true)
    }
  }

  /// The lessons of which there are questions.
  public static var lessons: [Int] {
    Array(Set(QuizTopic.allCases.flatMap { $0.lessons })).sorted()
  }

  /// The next question; nil only where there is none at all.
  public mutating func next() -> QuizQuestion? {
    guard !topics.isEmpty else { return nil }
    while true {
      let topic = topics[random.integer(in: 0...topics.count - 1)]
      let question = Quiz.question(topic, key: random.next())
      if lesson == nil || question.lesson == lesson { return question }
    }
  }

  /// The question that a key stands for.
  public static func question(_ topic: QuizTopic, key: UInt64) -> QuizQuestion {
    var draw = QuizDraw(topic, key)
    // Some drawings are impossible, such as a padding that leaves nothing; draw again then.
    while true {
      let drawn: QuizQuestion? =
        switch topic {
        case .convolution: draw.convolution()
        case .transposed: draw.transposed()
        case .pooling: draw.pooling()
        case .receptiveField: draw.receptiveField()
        case .crop: draw.crop()
        case .weights: draw.weights()
        case .framework: draw.framework()
        case .gradients: draw.gradients()
        case .costs: draw.costs()
        case .kernels: draw.kernels()
        case .upsampling: draw.upsampling()
        case .learning: draw.learning()
        }
      if let drawn { return drawn }
    }
  }
}

/// Draws one question.
struct QuizDraw {
  private let topic: QuizTopic
  private let key: UInt64
  private var random: SplitMix64

  init(_ topic: QuizTopic, _ key: UInt64) {
    (self.topic, self.key, random) = (topic, key, SplitMix64(seed: key))
  }

  mutating func number(_ range: ClosedRange<Int>) -> Int { random.integer(in: range) }

  /// So many whole numbers from −4 to 5, none of them 0.
  mutating func numbers(_ count: Int) -> [Int] {
    (0..<count).map { _ in
      let value = random.integer(in: -4...4)
      return value >= 0 ? value + 1 : value
    }
  }

  func asks(
    _ lesson: Int, _ question: String, _ answer: Fraction, _ working: [String]
  ) -> QuizQuestion {
    QuizQuestion(
      topic: topic, key: key, lesson: lesson, question: question, answer: answer, working: working)
  }
}

/// `1 2 3`
func spaced(_ numbers: [Int]) -> String {
  numbers.map { "\($0)" }.joined(separator: " ")
}
