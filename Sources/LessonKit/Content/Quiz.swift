import ConvolutionArithmetic
import Tensors

/// A question with one whole number as its answer.
public struct QuizQuestion: Equatable, Sendable {
  /// What it is about.
  public let topic: String
  /// The question.
  public let question: String
  /// The right answer.
  public let answer: Int
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
  /// The receptive field of two or three layers.
  case receptiveField = "receptive-field"
}

/// An endless row of questions, the same for the same seed.
public struct Quiz: Sequence, IteratorProtocol {
  private var random: SplitMix64
  private let topics: [QuizTopic]

  /// Questions on a topic, or on all in turn as the seed has it.
  public init(seed: UInt64, topic: QuizTopic? = nil) {
    random = SplitMix64(seed: seed)
    topics = topic.map { [$0] } ?? QuizTopic.allCases
  }

  /// The next question; there is always one.
  public mutating func next() -> QuizQuestion? {
    let topic = topics[random.integer(in: 0...topics.count - 1)]
    // Some drawings are impossible, such as a padding that leaves nothing; draw again then.
    while true {
      let drawn: QuizQuestion? =
        switch topic {
        case .convolution: convolution()
        case .transposed: transposed()
        case .pooling: pooling()
        case .receptiveField: receptiveField()
        }
      if let drawn { return drawn }
    }
  }

  private mutating func convolution() -> QuizQuestion? {
    let (k, s) = (random.integer(in: 1...7), random.integer(in: 1...4))
    let (p, d) = (random.integer(in: 0...k / 2), random.integer(in: 0...3) == 0 ? 2 : 1)
    let i = random.integer(in: 1...64)
    guard let window = try? Window(kernelSize: k, stride: s, dilation: d, padding: p),
      let output = try? window.outputSize(input: i)
    else { return nil }
    let span = window.effectiveKernelSize
    return QuizQuestion(
      topic: QuizTopic.convolution.rawValue,
      question: "A convolution: input i = \(i), kernel \(k), stride \(s), padding \(p)"
        + (d > 1 ? ", dilation \(d)" : "") + ". How many outputs?",
      answer: output,
      working: (d > 1 ? ["the kernel spans d(k−1) + 1 = \(d)·\(k - 1) + 1 = \(span)"] : []) + [
        "o = ⌊(i + 2p − \(d > 1 ? "\(span)" : "k"))/s⌋ + 1 = ⌊(\(i) + \(2 * p) − \(span))/\(s)⌋ + 1 = "
          + "⌊\(i + 2 * p - span)/\(s)⌋ + 1 = \(output)"
      ])
  }

  private mutating func transposed() -> QuizQuestion? {
    let (k, s) = (random.integer(in: 2...8), random.integer(in: 1...4))
    let (p, a) = (random.integer(in: 0...k / 2), random.integer(in: 0...s - 1))
    let i = random.integer(in: 1...32)
    guard
      let window = try? Window(kernelSize: k, stride: s, padding: p).transposed(outputPadding: a),
      let output = try? window.outputSize(input: i)
    else { return nil }
    return QuizQuestion(
      topic: QuizTopic.transposed.rawValue,
      question:
        "A transposed convolution: input i′ = \(i), kernel \(k), stride \(s), padding \(p), "
        + "output padding \(a). How many outputs?",
      answer: output,
      working: [
        "o′ = s(i′ − 1) + k − 2p + a = \(s)·\(i - 1) + \(k) − \(2 * p) + \(a) = \(output)"
      ])
  }

  private mutating func pooling() -> QuizQuestion? {
    let (k, s) = (random.integer(in: 2...4), random.integer(in: 1...4))
    let (p, ceil) = (random.integer(in: 0...k / 2), random.integer(in: 0...1) == 1)
    let i = random.integer(in: 2...64)
    guard let window = try? Window(kernelSize: k, stride: s, padding: p),
      let output = try? window.rounding(ceil ? .ceil : .floor).outputSize(input: i)
    else { return nil }
    let room = i + 2 * p - k
    guard room >= 0 else { return nil }
    let (open, close) = ceil ? ("⌈", "⌉") : ("⌊", "⌋")
    let raw = (room + (ceil ? s - 1 : 0)) / s + 1
    return QuizQuestion(
      topic: QuizTopic.pooling.rawValue,
      question:
        "A pooling with \(ceil ? "ceil" : "floor"): input i = \(i), kernel \(k), stride \(s), "
        + "padding \(p). How many outputs?",
      answer: output,
      working: [
        "o = \(open)(i + 2p − k)/s\(close) + 1 = \(open)(\(i) + \(2 * p) − \(k))/\(s)\(close) + 1 = \(raw)"
      ]
        + (ceil
          ? [
            "the last window begins at (\(raw) − 1)·\(s) = \((raw - 1) * s); input and padding "
              + "before it end at \(i + p): " + (raw == output ? "it stays" : "it is dropped")
          ] : []))
  }

  private mutating func receptiveField() -> QuizQuestion? {
    let count = random.integer(in: 2...3)
    var (field, jump) = (1, 1)
    var (layers, working): ([String], [String]) = ([], [])
    for _ in 0..<count {
      let (k, s) = (random.integer(in: 1...5), random.integer(in: 1...3))
      guard k > 1 || s > 1 else { return nil }
      let next = field + (k - 1) * jump
      working.append(
        "k=\(k): \(field) + \(k - 1)·\(jump) = \(next); the step becomes \(jump)·\(s) = \(jump * s)"
      )
      layers.append("kernel \(k) stride \(s)")
      (field, jump) = (next, jump * s)
    }
    return QuizQuestion(
      topic: QuizTopic.receptiveField.rawValue,
      question: "Layers: \(layers.joined(separator: ", then ")). How many input cells does one "
        + "output cell see?",
      answer: field, working: working)
  }
}
