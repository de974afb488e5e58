import ConvolutionArithmetic
import Tensors

extension SizeReport {
  /// The report as lines of text.
  var lines: [String] {
    var lines = [title]
    for axis in axes {
      lines.append("")
      if !axis.name.isEmpty { lines.append("\(axis.name): \(axis.input) → \(axis.output)") }
      lines += axis.lines.map { "  " + $0 }
      lines.append("")
      if axes.count == 1 { lines.append(row("output size", outputText)) }
      lines += axis.remarks.map { row($0.label, $0.sentence) }
    }
    if axes.count > 1 { lines += ["", row("output size", outputText)] }
    lines.append("")
    for call in calls {
      lines += (call.call?.split(separator: "\n").map(String.init) ?? ["cannot"]).enumerated().map {
        row($0 == 0 ? call.framework.rawValue : "", $1)
      }
      if !call.note.isEmpty {
        lines += wrapped("(\(call.note))", to: 60).map { row("", $0) }
      }
    }
    return lines
  }

  private func row(_ label: String, _ text: String) -> String {
    padded(label, to: 18) + text
  }

  /// The report as JSON.
  var json: JSON {
    .object([
      ("operation", .string(operation.rawValue)),
      (
        "input",
        input.isOneNumber
          ? .integer(input.size.height)
          : .array([.integer(input.size.height), .integer(input.size.width)])
      ),
      (
        "output",
        answersWithOneNumber
          ? .integer(output.height) : .array([.integer(output.height), .integer(output.width)])
      ),
      ("axes", .array(axes.map(\.json))),
      (
        "frameworks",
        .object(
          calls.map { call in
            (
              call.framework.rawValue,
              .object([
                ("call", call.call.map(JSON.string) ?? .null), ("note", .string(call.note)),
              ])
            )
          })
      ),
    ])
  }
}

extension AxisReport {
  /// The axis as JSON.
  var json: JSON {
    .object([
      ("axis", .string(name.isEmpty ? "both" : name)), ("input", .integer(input)),
      ("output", .integer(output)),
      ("formula", .string(lines[0])),
      ("steps", .array(lines.dropFirst().map { JSON.string(trimmed($0)) })),
      ("unreadCount", .integer(unreadCount)),
      ("unread", unread.map { .array($0.map(JSON.integer)) } ?? .null),
      (
        "sameOutput",
        sameOutput.map { .array([.integer($0.lowerBound), .integer($0.upperBound)]) } ?? .null
      ),
      (
        "remarks",
        .object(remarks.map { ($0.label, .string($0.sentence)) })
      ),
    ])
  }

  private func trimmed(_ line: String) -> String {
    String(line.drop { $0 == " " || $0 == "=" })
  }
}
