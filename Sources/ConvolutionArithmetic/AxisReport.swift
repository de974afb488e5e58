internal import Tensors

/// Everything `size` says about one axis.
package struct AxisReport: Equatable, Sendable {
  /// `rows`, `columns`, or empty if both are alike.
  package var name: String
  package let input: Int
  package let output: Int
  /// The formula with its substitution, line by line.
  package let lines: [String]
  /// What else there is to say, as labels and sentences.
  package let remarks: [Remark]
  /// How many input cells are never read, and which, if there are not too many to list.
  package let unreadCount: Int
  package let unread: [Int]?
  /// The smallest and the largest input with the same output; nil for operations of which every
  /// input has its own.
  package let sameOutput: ClosedRange<Int>?

  package struct Remark: Equatable, Sendable {
    package let label: String
    package let sentence: String

    package init(label: String, sentence: String) {
      (self.label, self.sentence) = (label, sentence)
    }
  }

  package init(
    name: String, input: Int, output: Int, lines: [String], remarks: [Remark], unreadCount: Int,
    unread: [Int]?, sameOutput: ClosedRange<Int>?
  ) {
    (self.name, self.input, self.output, self.lines) = (name, input, output, lines)
    (self.remarks, self.unreadCount, self.unread) = (remarks, unreadCount, unread)
    self.sameOutput = sameOutput
  }
}

extension AxisReport {
  /// Inputs up to this size have their unread cells listed.
  private static let longestWalk = 100_000

  /// One axis of a convolution, a pooling or a transposed convolution.
  package init(_ name: String, _ window: Window, input: Int) throws(GeometryError) {
    if window.isTransposed {
      try self.init(name, transposed: window, input: input)
    } else {
      try self.init(name, sliding: window, input: input)
    }
  }

  private init(_ name: String, sliding window: Window, input: Int) throws(GeometryError) {
    let axis = try window.axis(input: input)
    let substitution = try window.substitution(input: input)
    let same = window.inputSizes(output: axis.outputSize)
    var remarks = [
      Remark(label: "never read", sentence: Self.unreadSentence(axis)),
      Remark(
        label: "same output",
        sentence: Self.sameOutputSentence(same ?? input...input, output: axis.outputSize)),
    ]
    if axis.paddingPastLastWindow > 0 {
      let count = axis.paddingPastLastWindow
      remarks.append(
        Remark(
          label: "unused padding",
          sentence: "no window reaches the last "
            + (count == 1 ? "padding cell" : "\(count) padding cells")))
    }
    if !window.isSymmetric {
      remarks.append(
        Remark(
          label: "padding",
          sentence: "\(window.paddingBefore) before and \(window.paddingAfter) after"))
    }
    self.init(
      name: name, input: input, output: axis.outputSize, lines: substitution.lines,
      remarks: remarks, unreadCount: axis.unreadInputCount,
      unread: input <= Self.longestWalk ? axis.unreadInputs : nil, sameOutput: same)
  }

  private init(_ name: String, transposed window: Window, input: Int) throws(GeometryError) {
    let axis = try window.axis(input: input)
    let output = axis.resultSize
    let direct = try window.equivalentConvolution()
    let (s, k) = (window.stride, window.kernelSize)
    let restored = window.forward.inputSizes(output: input) ?? output...output
    var remarks = [
      Remark(
        label: "p and p′",
        sentence: window.isSymmetric && window.outputPadding == 0
          ? "p = \(window.paddingBefore), p′ = d(k−1) − p = \(direct.paddingBefore)"
          : "p = \(window.paddingBefore) before and \(window.paddingAfter) after, p′ = d(k−1) − p = "
            + "\(direct.paddingBefore) before and \(direct.paddingAfter) after"
            + (window.outputPadding > 0 ? " (\(window.outputPadding) of it output padding)" : "")),
      Remark(
        label: "as a convolution",
        sentence: "\(s == 1 ? "no zeros" : counted(s - 1, "zero")) between neighbours "
          + "(\(counted(window.insertedSize(input: input), "cell"))), padding p′, kernel \(k) turned by 180°, stride 1"
      ),
      Remark(
        label: "restored sizes",
        sentence: restored.count == 1
          ? "a forward input of \(restored.lowerBound) alone gives \(input)"
          : "forward inputs of \(restored.lowerBound) to \(restored.upperBound) all give \(input); "
            + "output padding 0 to \(s - 1) chooses"),
    ]
    let overlaps = s <= Self.longestWalk ? window.overlaps : []
    if let least = overlaps.min(), let most = overlaps.max(), least != most {
      remarks.append(
        Remark(
          label: "overlap",
          sentence:
            "uneven: away from the ends an output cell adds up \(least) to \(most) products "
            + "along this axis, in turns of \(s) (lesson 17)"))
    }
    var unread: [Int]?
    var unreadCount = 0
    if input <= Self.longestWalk {
      let silent = (0..<input).filter { axis.taps(ofOutput: $0).isEmpty }
      (unread, unreadCount) = (silent, silent.count)
      remarks.insert(
        Remark(
          label: "never read",
          sentence: silent.isEmpty
            ? "no input cell: each one reaches the output"
            : "\(cellList(silent, of: "input cell")): all it would stamp is cut off"), at: 0)
    }
    if output <= Self.longestWalk {
      let empty = axis.unreadInputs
      if !empty.isEmpty {
        remarks.append(
          Remark(
            label: "never reached",
            sentence: "\(cellList(empty, of: "output cell")): no input reaches that far; 0, or the "
              + "bias"))
      }
    }
    remarks.append(
      Remark(
        label: "same output", sentence: "no other input: \(s) more output cells for each input cell"
      ))
    self.init(
      name: name, input: input, output: output, lines: try window.substitution(input: input).lines,
      remarks: remarks, unreadCount: unreadCount, unread: unread, sameOutput: input...input)
  }

  private static func unreadSentence(_ axis: Axis) -> String {
    guard axis.unreadInputCount > 0 else { return "no input cell: every one is read" }
    guard axis.inputSize <= longestWalk else {
      return "\(axis.unreadInputCount) of the \(axis.inputSize) input cells"
    }
    return cellList(axis.unreadInputs, of: "input cell")
  }

  private static func sameOutputSentence(_ range: ClosedRange<Int>, output: Int) -> String {
    range.count == 1
      ? "no other input gives \(output)"
      : "inputs \(range.lowerBound) to \(range.upperBound) all give \(output)"
  }
}

/// `input cell 5`, `input cells 1, 3 and 5`, `input cells 1, 3, 5, … (400 in all)`; counted from 0.
func cellList(_ cells: [Int], of noun: String) -> String {
  guard cells.count > 1 else { return "\(noun) \(cells[0]), counted from 0" }
  guard cells.count > 12 else {
    return "\(noun)s \(cells.dropLast().map(String.init).joined(separator: ", ")) and "
      + "\(cells[cells.count - 1]), counted from 0"
  }
  let some = cells.prefix(8).map(String.init).joined(separator: ", ")
  return "\(noun)s \(some), …, \(cells[cells.count - 1]) (\(cells.count) in all), counted from 0"
}
