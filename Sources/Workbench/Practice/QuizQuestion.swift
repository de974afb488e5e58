/// A question with one whole number as its answer.
struct QuizQuestion: Equatable, Sendable {
  /// What it is about.
  let topic: String
  /// The question.
  let question: String
  /// The right answer.
  let answer: Int
  /// How it is found, line by line.
  let working: [String]
}

/// What a quiz can be about.
enum QuizTopic: String, CaseIterable, Sendable {
  /// The output size of a convolution.
  case convolution
  /// The size that a transposed convolution gives.
  case transposed
  /// The output size of a pooling, floor or ceil.
  case pooling
  /// The receptive field of two or three layers.
  case receptiveField = "receptive-field"
}
