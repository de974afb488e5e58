import ConvolutionArithmetic
import LessonKit
import Networks
import Tensors

let networkCommand: Command = Command(
  "network", in: .read, "a network layer by layer: sizes, cost, what each cell sees, crops",
  operands: "NET", mostOperands: 1,
  options: [
    Option("input", "HxW", "the size of the picture; 500x500 if not given"),
    Option("classes", "C", "the number of classes"),
    Option("format", "F", "table, markdown, json, dot or svg"),
  ],
  details: [
    "NET is one of \(listed(NetworkName.allCases.map(\.rawValue))).",
    "field, jump and start say what a cell sees: its receptive field, the pixels from one cell to "
      + "the next, and the pixel under the centre of the first cell. The field is counted from the "
      + "first to the last pixel that any stream sees; behind a transposed convolution it may depend "
      + "on the place of the cell. Multiply-adds are counted with the padding.",
    poolingNote,
  ],
  examples: [
    Command.Example("network fcn8s --input 500x500", "every layer of FCN-8s"),
    Command.Example("network fcn8s --format svg > fcn8s.svg", "its drawing"),
  ]
) { arguments in
  let name = try networkName(arguments)
  let classes = try arguments.integer("classes", in: 1...65536)
  let input = try arguments["input"].map { try pictureSize($0, "--input") } ?? 500
  let format =
    try arguments.choice("format", of: ["table", "markdown", "json", "dot", "svg"]) ?? "table"
  let table = try NetworkTable(name.network(classes: classes), input: input)
  switch format {
  case "dot": printOut(NetworkDrawing(table).dot)
  case "svg": printOut(NetworkDrawing(table).svg)
  case "json": printOut(json(table).text)
  case "markdown":
    for step in steps(table) { printOut(MarkdownRenderer().text(of: step)) }
  default:
    let renderer = TextRenderer(
      width: TextRenderer.widths.upperBound,
      glyphs: Terminal.current.showsUnicode ? .unicode : .ascii)
    for step in steps(table) { printOut(renderer.text(of: step)) }
  }
}

/// Where the book and torchvision differ.
let poolingNote =
  "vgg16's pools round up, as in Caffe, from which its weights come; torchvision's round down. On a "
  + "picture whose sides are multiples of 32 both are the same."

/// `500x375` as a size: height, then width. One number means both.
func pictureSize(_ text: String, _ name: String) throws(ExitStatus) -> Size {
  let parts = text.split(separator: "x", omittingEmptySubsequences: false)
  guard (1...2).contains(parts.count) else {
    throw .usage("\(name) is \"\(text)\"; it must be a size such as 500x375, height first")
  }
  let height = try wholeNumber(parts[0], "the height in \(name)", in: 1...1_000_000)
  let width =
    parts.count == 2
    ? try wholeNumber(parts[1], "the width in \(name)", in: 1...1_000_000) : height
  return Size(height: height, width: width)
}

private func steps(_ table: NetworkTable) -> [Step] {
  let rows = table.rows.map { row -> [String] in
    let parameters = row.parameters == 0 ? "" : grouped(row.parameters)
    let multiplyAdds = row.multiplyAdds == 0 ? "" : grouped(row.multiplyAdds)
    let cells = [row.layer.name, row.output.description, parameters, multiplyAdds]
    guard let field = row.field else { return cells + ["–", "–", "–"] }
    return cells + [field.text, field.jump.description, field.start.description]
  }
  let total = ["total", "", grouped(table.parameters), grouped(table.multiplyAdds), "", "", ""]
  let crops = table.rows.compactMap { row in
    row.crop.map { crop in
      "\(row.layer.name): \(crop), \(crop.rest.height) rows and \(crop.rest.width) columns left"
    }
  }
  return [
    .heading("\(table.network.name) on a picture of \(table.input)"),
    .table(
      Table(
        ["layer", "output", "parameters", "multiply-adds", "field", "jump", "start"],
        rows: rows + [total])),
  ] + roundedUp(table)
    + (crops.isEmpty ? [] : [.heading("Crops, from where the two streams lie"), .formula(crops)])
}

/// Which pools of vgg16 have a cell more here than in torchvision.
private func roundedUp(_ table: NetworkTable) -> [Step] {
  guard table.network.name == Network.vgg16().name else { return [] }
  let outputs = Dictionary(table.rows.map { ($0.layer.name, $0.output.size) }) { first, _ in first }
  let pools = table.rows.filter { row in
    guard row.layer.operation == .maxPool(kernelSize: 2, stride: 2, rounding: .ceil) else {
      return false
    }
    let input = outputs[row.layer.inputs[0]] ?? table.input
    return input.height % 2 == 1 || input.width % 2 == 1
  }
  guard !pools.isEmpty else { return [] }
  let names = pools.map { "\($0.layer.name) to \($0.output.size)" }.joined(separator: ", ")
  return [.prose("Rounded up: \(names). \(poolingNote)")]
}

/// 1234567 as `1,234,567`.
private func grouped(_ number: Int) -> String {
  let digits = Array(String(number))
  return digits.indices.map { index in
    let rest = digits.count - index
    return (index > 0 && rest % 3 == 0 ? "," : "") + String(digits[index])
  }.joined()
}

private func json(_ table: NetworkTable) -> JSON {
  let layers = table.rows.map { row -> JSON in
    var members: [(String, JSON)] = [
      ("name", .string(row.layer.name)),
      ("inputs", .array(row.layer.inputs.map(JSON.string))),
      (
        "output",
        .array([
          .integer(row.output.channels), .integer(row.output.size.height),
          .integer(row.output.size.width),
        ])
      ),
      ("parameters", .integer(row.parameters)), ("multiplyAdds", .integer(row.multiplyAdds)),
    ]
    if let field = row.field {
      members += [
        ("receptiveField", .integer(field.size)), ("jump", .number(field.jump.doubleValue)),
        ("start", .number(field.start.doubleValue)),
      ]
      let range = field.range
      if range.count > 1 {
        members.append(
          ("fieldRange", .array([.integer(range.lowerBound), .integer(range.upperBound)])))
      }
    }
    if let crop = row.crop {
      members += [
        ("cropOffset", .integer(crop.offset)), ("cropDerivation", .string("\(crop)")),
        ("cropRest", .array([.integer(crop.rest.height), .integer(crop.rest.width)])),
      ]
    }
    return .object(members)
  }
  return .object([
    ("network", .string(table.network.name)),
    ("input", .array([.integer(table.input.height), .integer(table.input.width)])),
    ("layers", .array(layers)), ("parameters", .integer(table.parameters)),
    ("multiplyAdds", .integer(table.multiplyAdds)),
  ])
}
