public import Tensors

// The vocabulary of a lesson: one function for each kind of step.

/// The title of what follows.
public func heading(_ title: String) -> Step { .heading(title) }

/// A paragraph.
public func prose(_ text: String) -> Step { .prose(text) }

/// Lines kept as they are: a formula and its substitution, or code.
public func formula(_ lines: String...) -> Step { .formula(lines) }

/// Lines kept as they are, made elsewhere.
public func formula(_ lines: [String]) -> Step { .formula(lines) }

/// Maps side by side, with operators between them: `grids(input, kernel, output, between: "∗", "=")`.
public func grids(_ grids: Grid..., between operators: String...) -> Step {
  .grids(grids, operators: operators)
}

/// Maps side by side, as many as a computation gives.
public func grids(_ grids: [Grid], between operators: [String] = []) -> Step {
  .grids(grids, operators: operators)
}

/// The arithmetic of a case.
public func trace(_ trace: Trace) -> Step { .trace(trace) }

/// A drawing beside what the text says.
public func figure(_ figure: Figure) -> Step { .figure(figure) }

public func table(_ columns: [String], rows: [[String]]) -> Step {
  .table(Table(columns, rows: rows))
}

/// A question to answer before reading on; `anyOrder` where it asks for a set, `also` for other words
/// that are right.
public func predict(
  _ question: String, answer: String, why: String, anyOrder: Bool = false, also: [String] = []
) -> Step {
  .prediction(
    Prediction(question: question, answer: answer, why: why, anyOrder: anyOrder, also: also))
}

/// Small pictures side by side.
public func pictures(_ pictures: Picture...) -> Step { .pictures(pictures) }

/// Pictures that can be written as files; the text names them in a sentence.
public func files(_ files: [PictureFile]) -> Step { .files(files) }

/// A sentence that `holds` proves, with its evidence in words and numbers.
public func claim(_ sentence: String, evidence: String, holds: Bool) -> Step {
  .claim(Claim(sentence, evidence: evidence, holds: holds))
}

/// A sentence that two equal values prove; the evidence shows them.
public func claim<Value: Equatable & Evidence>(
  _ sentence: String, _ got: Value, equals want: Value
) -> Step {
  claim(
    sentence, got.evidence, want.evidence, areEqual: got == want, holds: got == want)
}

/// A sentence that two different values prove; the evidence shows them.
public func claim<Value: Equatable & Evidence>(
  _ sentence: String, _ got: Value, differsFrom other: Value
) -> Step {
  claim(
    sentence, got.evidence, other.evidence, areEqual: got == other, holds: got != other)
}

/// A sentence with the two values that were computed for it, on their own ways.
private func claim(
  _ sentence: String, _ got: String, _ other: String, areEqual: Bool, holds: Bool
) -> Step {
  let equal = got.count > 20 ? "equal on both sides: \(got)" : "\(got) = \(other)"
  return .claim(
    Claim(sentence, evidence: areEqual ? equal : "\(got) is not \(other)", holds: holds))
}

/// The cells of a tensor on one line: `1 2 3`, with `/` between rows and `|` between maps.
///
/// ```swift
/// cellsText(Tensor([[1, 2], [3, 4]]))   // "1 2 / 3 4"
/// ```
public func cellsText<Scalar: CustomStringConvertible>(_ tensor: Tensor<Scalar>) -> String {
  guard tensor.shape.rank == 4 else {
    return tensor.elements.map { numberText($0) }.joined(separator: " ")
  }
  return (0..<tensor.batch * tensor.channels).map { map in
    tensor.cellTexts(batch: map / tensor.channels, channel: map % tensor.channels)
      .map { $0.joined(separator: " ") }.joined(separator: " / ")
  }.joined(separator: " | ")
}
