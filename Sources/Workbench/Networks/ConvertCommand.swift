import Interchange
import Networks
import Tensors
import WeightFiles

let convertCommand: Command = Command(
  "convert", in: .run, "weight files from one format to another, and a classifier into an FCN",
  operands: "IN [OUT]", mostOperands: 2,
  options: [
    .flag("list", "show what IN holds: names, shapes, types, statistics; nothing is written"),
    Option("network", "NET", "make the weights of this network out of those in IN"),
    Option(
      "input", "HxW", "with a --network of your own: the size of picture for which its fc is made"),
    Option("classes", "C", "with --network: the number of classes; IN's own, or 21, if not given"),
    Option("preprocess", "P", "with --network: what to note in OUT: caffe, torchvision or scene"),
    .flag("swap-colors", "with --network: turn the first kernels from RGB to BGR, or back"),
    Option("format", "F", "text or json"),
  ],
  details: [
    "IN is .safetensors, .npz, PyTorch's .pth, .caffemodel or .onnx; its content decides, not its name. "
      + "OUT is .safetensors, .npz or .onnx, by its name. All numbers are written as 32-bit floats. An .onnx "
      + "has the network with its weights, for pictures of every size; it is the network that IN says or "
      + "whose tensors it has, or that of an .onnx IN itself, unless --network says another.",
    "With --network the names of torchvision, timm, Keras, TensorFlow, Caffe and torchfcn become "
      + "those of torchfcn, kernels in TensorFlow's order are turned, fully connected layers become "
      + "convolutions, missing score layers begin at zero and missing transposed convolutions as "
      + "bilinear interpolation: the start of training. The first kernels read the colours in IN's "
      + "order: blue, green, red in Caffe's and Keras' files, as --preprocess caffe gives them; red, "
      + "green, blue in TF-slim's, which --swap-colors turns. "
      + "NET is one of \(listed(NetworkName.allCases.map(\.rawValue))); or your own, as network shows it, "
      + "which is written as .onnx with the weights in IN.",
  ],
  examples: [
    Command.Example(
      "convert w.safetensors net.onnx --network net.txt", "a network of your own as a model"),
    Command.Example("convert --list fcn8s.pth", "what is in it"),
    Command.Example("convert fcn8s.pth fcn8s.safetensors", "the same tensors in another format"),
    Command.Example(
      "convert fcn8s.pth fcn8s.onnx", "the network with its weights, for onnxruntime"),
    Command.Example(
      "convert vgg16.pth fcn32s.safetensors --network fcn32s", "a classifier becomes FCN-32s"),
  ],
  run: runConvert)

@Sendable private func runConvert(_ arguments: Arguments) throws {
  let isJSON = try arguments.choice("format", of: ["text", "json"]) == "json"
  guard let input = arguments.operands.first else {
    throw ExitStatus.usage("which weight file? Write convbook convert IN OUT, or --list IN")
  }
  if arguments.has("list") {
    let others = arguments.given.filter { !["list", "format"].contains($0) }
    guard arguments.operands.count == 1, others.isEmpty else {
      let extra = others.first.map { "--\($0)" } ?? arguments.operands[1]
      throw ExitStatus.usage("--list shows one file and writes nothing; leave out \(extra)")
    }
    let listing = WeightListing(file: try WeightFile.open(input))
    return printOut(try isJSON ? listing.json().text : listing.text())
  }
  guard arguments.operands.count == 2 else {
    throw ExitStatus.usage("where to? Write convbook convert \(input) OUT, or --list \(input)")
  }
  let output = try WeightOutput(arguments.operands[1], from: input)
  let own = try arguments["network"].flatMap { (word) throws in
    GivenNetwork.isOwn(word)
      ? try GivenNetwork.ofAnySize(word, shape: InputShape(arguments)) : nil
  }
  if let own { return try convert(input, of: own, to: output, arguments, isJSON: isJSON) }
  if output.isModel, !arguments.has("network"), FilePlace.ending(of: input) == "onnx",
    try WeightFile.open(input).recognizedNetwork == nil
  {
    // A model says its network itself; it is written anew, as the book has it.
    let model = try GivenNetwork.ofAnySize(input, shape: InputShape(arguments))
    return try convert(input, of: model, to: output, arguments, isJSON: isJSON)
  }
  guard !arguments.has("input") else {
    throw ExitStatus.usage(
      "--input goes with a --network of your own; the book's networks take pictures of every size")
  }
  let name = try arguments["network"].map { (word) throws in
    try NetworkName(typed: word, or: GivenNetwork.others)
  }
  for option in ["classes", "preprocess", "swap-colors"] where name == nil && arguments.has(option)
  {
    throw ExitStatus.usage("--\(option) goes with --network; the tensors of IN stay as they are")
  }
  let preprocess = try arguments.choice(
    "preprocess", of: Preprocessing.allCases.map(\.rawValue))
  let classes = try arguments.integer("classes", in: 1...65536)

  let file = try WeightFile.open(input)
  guard !file.entries.isEmpty else {
    throw ExitStatus.data("\(input) holds no arrays; there is nothing to convert")
  }
  if output.isModel, name == nil {
    let loaded = try LoadedNetwork(weights: input)
    let tensors = loaded.tensors
    try loaded.network.writeONNX(
      weights: tensors.weights, to: output.path,
      metadata: modelMetadata(loaded.name, preprocess: file.usualPreprocessing.rawValue))
    return report(output, file, Array(tensors.entries.values), nil, isJSON)
  }
  guard let name else {
    try output.write(file.entries, metadata: file.metadata)
    return report(output, file, file.entries, nil, isJSON)
  }
  let transplant = try Transplant(
    file, into: name, classes: classes, swapsColors: arguments.has("swap-colors"))
  let metadata = modelMetadata(
    name, preprocess: preprocess ?? file.usualPreprocessing.rawValue)
  if output.isModel {
    let found = try NetworkFile(transplant.entries, of: input, for: transplant.network)
    try transplant.network.writeONNX(
      weights: found.weights, to: output.path, metadata: metadata)
  } else {
    try output.write(transplant.entries, metadata: metadata)
  }
  report(output, file, transplant.entries, transplant, isJSON)
}

/// Writes a network of the reader's own with its weights as an ONNX model.
private func convert(
  _ input: String, of own: GivenNetwork, to output: WeightOutput, _ arguments: Arguments,
  isJSON: Bool
) throws {
  guard output.isModel else {
    throw ExitStatus.usage(
      "a network of your own is written as .onnx, and \(output.path) ends otherwise; the tensors alone are "
        + "converted without --network")
  }
  for option in ["classes", "swap-colors"] where arguments.has(option) {
    throw ExitStatus.usage("--\(option) is for the book's networks")
  }
  own.tellNotes()
  let preprocess = try arguments.choice(
    "preprocess", of: Preprocessing.allCases.map(\.rawValue))
  let file = try WeightFile.open(input)
  let found =
    own.weights?.path == input
    ? try own.file(nil)! : try NetworkFile(file, for: own.network)
  if let note = found.note { printError("convbook: \(note)") }
  let stated = preprocess ?? file.stated("preprocess")
  try own.network.writeONNX(
    weights: found.weights, to: output.path,
    metadata: stated.map { [(key: "preprocess", value: $0)] } ?? [])
  report(output, file, Array(found.entries.values), nil, isJSON)
}

/// What a file says of itself.
private func modelMetadata(
  _ name: NetworkName?, preprocess: String
) -> [(key: String, value: String)] {
  let network = name.map { [(key: "network", value: $0.rawValue)] } ?? []
  return network + [(key: "preprocess", value: preprocess)]
}

private func report(
  _ output: WeightOutput, _ file: WeightFile, _ entries: [WeightEntry],
  _ transplant: Transplant?, _ isJSON: Bool
) {
  let (made, dropped) = (transplant?.made ?? [], transplant?.dropped ?? [])
  let turned = transplant == nil ? nil : file.orderNote
  let count = entries.reduce(0) { $0 + $1.shape.count }
  if isJSON {
    let answer = JSON.object([
      ("output", .string(output.path)), ("tensors", .integer(entries.count)),
      ("numbers", .integer(count)), ("made", .array(made.map(JSON.string))),
      ("dropped", .array(dropped.map(JSON.string))), ("turned", .bool(turned != nil)),
      ("unread", .array(file.unread.map { .string($0.name) })),
    ])
    return printOut(answer.text)
  }
  printOut("\(output.path): \(counted(entries.count, "tensor")), \(counted(count, "number"))")
  if let turned { printOut(turned) }
  if !made.isEmpty {
    printOut("made, scores of zero and bilinear kernels: " + made.joined(separator: ", "))
  }
  if !dropped.isEmpty {
    printOut(
      "not needed: "
        + (dropped.count > 12
          ? "\(dropped.count) tensors, \(dropped.summary)"
          : dropped.map(\.visible).joined(separator: ", ")))
  }
  for line in file.unreadLines { printOut(line) }
}

/// Where converted weights go, and in which format.
struct WeightOutput {
  let path: String
  private let isNPZ: Bool
  /// Whether it is a network with its weights.
  let isModel: Bool

  /// - Throws: `ExitStatus` 64 if the name's ending is of no format that is written, or if the path
  ///   leads to the input; `FileProblem.cannotWrite` if it is a folder or in one that isn't there.
  init(_ path: String, from input: String) throws {
    let ending = FilePlace.ending(of: path)
    guard ["safetensors", "npz", "onnx"].contains(ending) else {
      throw ExitStatus.usage(
        "\(path) must end in .safetensors, .npz or .onnx, which says the format to write")
    }
    try InputFiles([input]).check(output: path)
    self.path = path
    (isNPZ, isModel) = (ending == "npz", ending == "onnx")
  }

  /// Writes tensor by tensor; the file appears whole or not at all.
  func write(_ entries: [WeightEntry], metadata: [(key: String, value: String)]) throws {
    if isNPZ {
      try NPZWriter.write(entries, to: path)
    } else {
      try SafetensorsWriter.write(entries, to: path, metadata: metadata)
    }
  }
}

extension WeightFile {
  /// The preprocessing that the file states, or else that usually goes with its tensors' names.
  var usualPreprocessing: Preprocessing {
    if let stated = stated("preprocess").flatMap(Preprocessing.init(rawValue:)) { return stated }
    return switch WeightNames.convention(of: entries.map(\.name)) {
    case .layers, .tensorFlow: .caffe
    case .torchvision, .timm: .torchvision
    }
  }
}

extension WeightFile {
  /// What is done to kernels in TensorFlow's order, and what is not; nil for other files.
  var orderNote: String? {
    ChannelsLast.isOrder(of: entries)
      ? "turned from TensorFlow's order, (height, width, inputs, outputs); \(colorNote)" : nil
  }

  /// In which order the first kernels read the colours, and what fits them.
  private var colorNote: String {
    entries.contains { $0.name.contains("block1_conv1") }
      ? "conv1_1 reads the colours as Keras' VGG16 does, blue, green, red, which --preprocess caffe "
        + "gives"
      : "conv1_1 reads the colours in the file's order, in TF-slim's and vgg16_weights.npz red, green, "
        + "blue; --preprocess caffe gives blue, green, red, for which convert --swap-colors turns "
        + "conv1_1"
  }
}
