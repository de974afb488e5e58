import ConvolutionArithmetic
import FastKernels
import Interchange
import LessonKit
import LiveBook
import Networks
import Tensors
import Training

let networkCommand: Command = Command(
  "network", in: .read, "a network layer by layer: sizes, cost, what each cell sees, crops",
  operands: "NET", mostOperands: 1,
  options: [
    Option("input", "HxW", "the size of the picture; or CxHxW; L or CxL along one axis"),
    Option("classes", "C", "the number of classes"),
    Option("phase", "P", "of a .prototxt: the net that is tested, or trained: test or train"),
    Option(
      "format", "F",
      "table, markdown, json, dot, svg (maps as boxes, as in papers) or svg-graph (a box for each layer)"
    ),
    Option("layer", "L", "the layer of one cell whose view you want"),
    Option("cell", "R,C", "that cell, row and column from 0; its number along one axis"),
    Option("output", "F", "a drawing of what the cell sees, .svg, .png or .ppm"),
    Option("image", "F", "a picture of your own under the drawing"),
  ],
  details: [
    GivenNetwork.help
      + ": conv 64 k4 s2 p1 relu; max k2 s2; conv 1 k3. One layer behind each semicolon or "
      + "line, told its output channels, kernel k, stride s, padding p, dilation d, groups g, output "
      + "padding op, and how often x; the kinds are \(listed(Network.textKinds)), and conv1d and its kin along "
      + "one axis. A layer that is named, "
      + "as in a = conv 64 k3, can be read later: add a b, cat a b, crop a to b. Docs/Networks.md tells "
      + "it all.",
    "field, jump and start say what a cell sees: its receptive field, the pixels from one cell to "
      + "the next, and the pixel under the centre of the first cell. The field is counted from the "
      + "first to the last pixel that any stream sees; behind a transposed convolution it may depend "
      + "on the place of the cell, and so may the start. Multiply-adds are counted with the padding.",
    "With --layer and --cell it tells what that one cell sees: rows and columns of the picture, and by "
      + "how many paths, each one tap of every layer on the way; the drawing is darker where more "
      + "begin.",
    NetworkTable.poolingNote,
  ],
  examples: [
    Command.Example("network fcn8s --input 500x500", "every layer of FCN-8s"),
    Command.Example(
      "network \"conv1d 512 k10 s5; conv1d 512 k3 s2 x4; conv1d 512 k2 s2 x2\" --input 16000",
      "a network of one's own"),
    Command.Example("network resnet50.onnx --input 224x224", "an ONNX model"),
    Command.Example("network fcn8s --format svg > fcn8s.svg", "its drawing"),
    Command.Example(
      "network fcn8s --layer score --cell 250,250 --output field.png", "what one cell of it sees"),
  ]
) { arguments in
  let format =
    try arguments.choice("format", of: ["table", "markdown", "json", "dot", "svg", "svg-graph"])
    ?? "table"
  let given = try GivenNetwork(
    networkWord(arguments), shape: InputShape(arguments),
    classes: arguments.integer("classes", in: 1...65536),
    phase: arguments.choice("phase", of: CaffePhase.allCases.map(\.rawValue))
      .flatMap(CaffePhase.init(rawValue:)))
  given.tellNotes()
  if let request = try CellRequest(arguments, format: format) {
    return try given.naming { try request.show(given) }
  }
  let table = try given.naming { try NetworkTable(given.network, input: given.size) }
  switch format {
  case "dot": printOut(NetworkDrawing(table).dot)
  case "svg": printOut(NetworkPicture(table).svg)
  case "svg-graph": printOut(NetworkDrawing(table).svg)
  default: printReport(table.steps, json(table), format: format)
  }
}

private func json(_ table: NetworkTable) -> JSON {
  let isLine = table.network.isOneDimensional
  /// One value where both axes have the same, or there is one axis; else height and width.
  func both<Value: Equatable>(
    _ value: (ReceptiveField) -> Value, _ row: NetworkTable.Row, _ json: (Value) -> JSON
  ) -> JSON {
    let (down, across) = (row.field.map(value), row.fieldAcross.map(value))
    if isLine || down == across { return across.map(json) ?? .null }
    return .array([down.map(json) ?? .null, across.map(json) ?? .null])
  }
  func extents(_ size: Size) -> [JSON] {
    (isLine ? [size.width] : [size.height, size.width]).map(JSON.integer)
  }
  let layers = table.rows.map { row -> JSON in
    var members: [(String, JSON)] = [
      ("name", .string(row.layer.name)), ("kind", .string(row.layer.operation.kind)),
      ("inputs", .array(row.layer.inputs.map(JSON.string))),
      (
        "output", row.output.map { .array([.integer($0.channels)] + extents($0.size)) } ?? .null
      ),
      ("parameters", row.output == nil ? .null : .integer(row.parameters)),
      ("multiplyAdds", row.output == nil ? .null : .integer(Int(row.multiplyAdds))),
      ("receptiveField", both(\.size, row, JSON.integer)),
      ("jump", both(\.jump, row) { .number($0.doubleValue) }),
      ("start", both(\.start, row) { .number($0.doubleValue) }),
    ]
    if !row.sharedWith.isEmpty {
      members.append(("sharedWith", .array(row.sharedWith.map(JSON.string))))
    }
    let isRange = [row.field, row.fieldAcross].contains { ($0?.range.count ?? 1) > 1 }
    members.append(
      isRange
        ? (
          "fieldRange",
          both(\.range, row) { .array([.integer($0.lowerBound), .integer($0.upperBound)]) }
        )
        : ("field", both(\.size, row, JSON.integer)))
    if let crop = row.crop {
      let offset = crop.offsets
      let isSingle =
        isLine || [offset, crop.aligned ?? offset].allSatisfy { $0.height == $0.width }
      func place(_ offset: Size) -> JSON {
        isSingle ? .integer(offset.width) : .array(extents(offset))
      }
      members += [
        ("cropOffset", place(offset)), ("derivedCropOffset", crop.aligned.map(place) ?? .null),
        ("cropDerivation", .string("\(crop)")), ("cropRest", .array(extents(crop.rest))),
      ]
    }
    return .object(members)
  }
  return .object([
    ("network", .string(table.network.name)), ("input", .array(extents(table.input))),
    ("layers", .array(layers)), ("parameters", .integer(table.parameters)),
    ("multiplyAdds", .integer(Int(table.multiplyAdds))),
  ])
}

extension NetworkName {
  /// The network of this name.
  ///
  /// - Throws: `ExitStatus` 64, with the nearest name, if there is none.
  init(typed word: String, or others: String = "") throws(ExitStatus) {
    let names = Self.allCases.map(\.rawValue)
    guard let name = NetworkName(rawValue: word) else {
      let suggestion = nearest(to: word, among: names).map { "; did you mean \($0)?" } ?? ""
      throw .usage(
        "there is no network \"\(word)\"; it must be \(listed(names))\(others)\(suggestion)")
    }
    self = name
  }
}

extension Arguments {
  /// The threads of `--threads`; all processors if it is not given.
  func threads() throws(ExitStatus) -> Threads {
    try integer("threads", in: 1...1024).map(Threads.init) ?? .all
  }
}

/// Refuses a picture for which the memory would not suffice.
func checkMemory(_ outline: FastOutline, input: Size, batch: Int = 1) throws {
  let (network, need) = (
    outline.network, try MemoryNeed(outline, input: input, batch: batch)
  )
  guard let available = SystemMemory.available, need.total > available else { return }
  throw ExitStatus.data(
    "\(network.name) on a picture of \(input) needs \(gigabytes(need.total)) of memory "
      + "(\(gigabytes(need.maps)) for maps, \(gigabytes(need.weights)) for weights); "
      + "\(gigabytes(available)) are available")
}

/// The weight file of `--weights`; if it is not given, the one that comes with the book for the network:
/// FCN-8s, unless another is named.
///
/// - Throws: `ExitStatus` 64 if no weights of that network come with the book.
func weightFile(_ arguments: Arguments, for network: NetworkName?) throws(ExitStatus) -> String {
  if let file = arguments["weights"] { return file }
  let network = network ?? .fcn8s
  guard let path = TrainedWeights.path(of: network) else {
    let shipped = TrainedWeights.networks.map(\.rawValue)
    throw .usage(
      shipped.contains(network.rawValue)
        ? "--weights is missing, and \(TrainedWeights.missing("the file that stands in for it"))"
        : "--weights is missing; \(listed(shipped)) come with weights of their own, all others need a "
          + "file: fcn8s_from_caffe.pth of torchfcn or fcn8s-heavy-pascal.caffemodel of the authors, "
          + "or what train or convert makes")
  }
  return path
}
