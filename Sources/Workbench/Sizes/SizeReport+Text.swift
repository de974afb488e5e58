import ConvolutionArithmetic
import Primitives
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

extension SizeReport {
  /// Bilinear interpolation: every size is multiplied.
  init(bilinear options: OperationOptions, input: MapSize) throws {
    guard let scale = options.scale else {
      throw ExitStatus.usage("--scale is missing: the whole factor by which the map grows")
    }
    let factor = try scale.size("scale", isSequence: false, neutral: 1)
    try checkScale(factor)
    guard options.dimensions ?? 2 == 2 else {
      throw ExitStatus.usage("bilinear enlarges maps, which have two dimensions")
    }
    let output = try enlargedSize(input.size, by: factor)
    func axis(_ name: String, _ input: Int, _ factor: Int, _ output: Int) -> AxisReport {
      let kernel = 2 * factor - factor % 2
      return AxisReport(
        name: name, input: input, output: output,
        lines: ["o = f·i", "  = \(factor)·\(input)", "  = \(output)"],
        remarks: [
          AxisReport.Remark(label: "never read", sentence: "no input cell: every one is read"),
          AxisReport.Remark(
            label: "same output", sentence: "no other input gives \(output)"),
          AxisReport.Remark(
            label: "as a kernel",
            sentence: "away from the border the transposed convolution with the bilinear kernel "
              + "k = 2f − f mod 2 = \(kernel), s = f = \(factor) gives the same"
              + (options.alignsCorners ? " without aligned corners" : "")),
        ], unreadCount: 0, unread: [], sameOutput: input...input)
    }
    self.init(
      operation: .bilinear,
      title: "bilinear: input \(input.text), scale "
        + (factor.height == factor.width ? "\(factor.height)" : factor.description),
      axes: merged([
        axis("rows", input.size.height, factor.height, output.height),
        axis("columns", input.size.width, factor.width, output.width),
      ]), input: input, output: output, calls: Self.calls(factor, options.alignsCorners))
  }

  private static func calls(_ factor: Size, _ alignsCorners: Bool) -> [FrameworkCall] {
    let pair =
      factor.height == factor.width ? "\(factor.height)" : "(\(factor.height), \(factor.width))"
    let corners = alignsCorners ? "True" : "False"
    return [
      FrameworkCall(
        .pytorch,
        "F.interpolate(x, scale_factor=\(pair), mode=\"bilinear\", align_corners=\(corners))"),
      alignsCorners
        ? FrameworkCall(
          .keras, nil, note: "UpSampling2D has half-pixel centres and cannot align the corners")
        : FrameworkCall(.keras, "UpSampling2D(size=\(pair), interpolation=\"bilinear\")"),
      FrameworkCall(
        .caffe, nil,
        note: "a Deconvolution with the bilinear filler agrees away from the border only"),
      FrameworkCall(
        .onnx,
        "Resize(scales=[1, 1, \(factor.height), \(factor.width)], mode=\"linear\", "
          + "coordinate_transformation_mode=\"\(alignsCorners ? "align_corners" : "half_pixel")\")"),
    ]
  }

  /// The operations without a window.
  init(whole operation: Operation, input: MapSize) {
    let isLinear = operation == .linear
    func axis(_ name: String, _ input: Int) -> AxisReport {
      let output = isLinear ? 1 : input
      return AxisReport(
        name: name, input: input, output: output,
        lines: isLinear
          ? [
            "o = (i − k) + 1, the kernel as large as the input", "  = (\(input) − \(input)) + 1",
            "  = 1",
          ]
          : ["o = i", "  = \(input)"],
        remarks: [
          AxisReport.Remark(label: "never read", sentence: "no input cell: every one is read"),
          AxisReport.Remark(
            label: "same output",
            sentence: isLinear
              ? "every input, with weights of its own size" : "no other input gives \(output)"),
        ], unreadCount: 0, unread: [], sameOutput: isLinear ? nil : input...input)
    }
    let axes = merged([axis("rows", input.size.height), axis("columns", input.size.width)])
    self.init(
      operation: operation, title: "\(operation.rawValue): input \(input.text)", axes: axes,
      input: input, output: isLinear ? 1 : input.size, calls: Self.calls(operation, input))
  }

  private static func calls(_ operation: Operation, _ input: MapSize) -> [FrameworkCall] {
    switch operation {
    case .linear:
      let cells = "C_in·\(input.size.height)·\(input.size.width)"
      return [
        FrameworkCall(.pytorch, "nn.Linear(\(cells), C_out)", note: "after nn.Flatten()"),
        FrameworkCall(.keras, "Dense(C_out)", note: "after Flatten(); the weights are (in, out)"),
        FrameworkCall(.caffe, "type: \"InnerProduct\" inner_product_param { num_output: C_out }"),
        FrameworkCall(.onnx, "Gemm(transB=1)", note: "after Flatten(axis=1)"),
      ]
    case .softmax:
      return [
        FrameworkCall(.pytorch, "F.softmax(x, dim=1)"), FrameworkCall(.keras, "Softmax(axis=-1)"),
        FrameworkCall(.caffe, "type: \"Softmax\" softmax_param { axis: 1 }"),
        FrameworkCall(.onnx, "Softmax(axis=1)"),
      ]
    default:
      return [
        FrameworkCall(.pytorch, "torch.argmax(x, dim=1)"),
        FrameworkCall(.keras, "ops.argmax(x, axis=-1)"),
        FrameworkCall(.caffe, "type: \"ArgMax\" argmax_param { axis: 1 }"),
        FrameworkCall(.onnx, "ArgMax(axis=1, keepdims=0)"),
      ]
    }
  }
}
