import Interchange
import LiveBook
import Networks
import Tensors

let forwardCommand: Command = Command(
  "forward", in: .run, "the raw scores of a network for pictures in an array",
  operands: "NET", mostOperands: 1,
  options: [
    Option("weights", "F", "the weights, if NET has none: .safetensors, .pth, .npz or .caffemodel"),
    Option(
      "input", "F", "the pictures, .npy: (batch, channels, height, width); lines without height"),
    Option("output", "F", "where the scores go, .npy: f4, (batch, classes, height, width)"),
    Option("threads", "T", "threads that share the work; all processors if not given"),
    .flag("exact", "direct sums only, no Winograd: slower, and closer to the exact sums"),
    .flag("no-cache", "neither use nor keep packed weights"),
  ],
  details: [
    GivenNetwork.help
      + ", as network shows it; its tensors have its layers' names, as in a.weight and "
      + "a.bias.",
    "Tensors of the book's networks have torchfcn's names (conv1_1.weight, score_fr.bias); torchvision's and timm's are "
      + "understood too. The number of classes and of channels is read from the file. Where an "
      + "upscore tensor is missing, bilinear kernels take its place.",
    "Packed weights are kept in $XDG_CACHE_HOME/convbook or ~/.cache/convbook, so that the next start "
      + "with the same weights is quick; the files may be deleted at any time.",
    "The numbers of the input are taken as they are: subtract means and order the channels first.",
    NetworkTable.poolingNote,
  ],
  examples: [
    Command.Example(
      "forward fcn8s --weights fcn8s.safetensors --input x.npy --output y.npy",
      "the scores of FCN-8s, one for each class and pixel")
  ]
) { arguments in
  let word = try networkWord(arguments)
  // A network of the book has no weights of its own; a name that is none is found here too.
  let known = NetworkName(rawValue: word)
  if let known {
    _ = try arguments.required("weights", "the file with the weights of \(known.rawValue)")
  }
  let input = try arguments.required("input", "the .npy file with the pictures")
  let output = try arguments.required("output", "the .npy file to write")
  try checkArrayName(output)
  let (threads, exact) = (try arguments.threads(), arguments.has("exact"))
  try InputFiles([arguments["weights"], input, known == nil ? word : nil].compactMap(\.self))
    .check(output: output)

  let pictures = try NPYReader.read(path: input)
  guard (known == nil ? 2...4 : 4...4).contains(pictures.shape.rank), pictures.shape.count > 0
  else {
    throw ExitStatus.data(
      "\(input) has shape \(pictures.shape); pictures are (batch, channels, height, width), each at "
        + "least 1" + (pictures.shape.rank == 3 ? onePicture(pictures.shape) : "")
        + (known == nil ? "; lines (batch, channels, length), vectors (batch, channels)" : ""))
  }
  // Only a text may leave the channels to the pictures; those of a weight file are known later.
  let given = try GivenNetwork(
    word, shape: known == nil ? InputShape(of: pictures.shape, input) : nil)
  given.tellNotes()
  guard let file = try given.file(arguments["weights"]) else {
    throw ExitStatus.usage(
      "\(word) has no weights of its own; --weights must be the file with them")
  }
  let shape = try pictureShape(pictures, input, for: file.network)
  let size = Size(height: shape[2], width: shape[3])
  let outline = try given.naming {
    let outline = try FastOutline(file.network, input: size, exact: exact)
    try checkMemory(outline, input: size, batch: shape[0])
    return outline
  }
  let x = Tensor(shape: shape, elements: pictures.rounded(to: Float.self).elements)
  guard x.isFinite else {
    let count = x.elements.count { !$0.isFinite }
    throw ExitStatus.data(
      "\(input) has \(count) of \(x.shape.count) values that are infinite or not a number (NaN)")
  }
  let prepared = try PreparedNetwork(
    file, outline, threads: threads, usesCache: !arguments.has("no-cache"))
  var y = try prepared.network.forward(x)
  // Lines come back as lines.
  if pictures.shape.rank == 3 {
    y = Tensor(shape: [y.shape[0], y.shape[1], y.shape[3]], elements: y.elements)
  }
  try NPYWriter.write(y, to: output)
  prepared.save()
}

/// What to do with the array of a picture alone, which has no batch.
func onePicture(_ shape: Shape) -> String {
  "; one alone is (1, \(shape.dimensions.map(String.init).joined(separator: ", "))), x[None] in NumPy"
}

/// The shape of pictures as (batch, channels, height, width): lines are one cell high, vectors one cell.
private func pictureShape(
  _ x: NumericArray, _ path: String, for network: Network
) throws -> Shape {
  let (extents, channels) = (x.shape.dimensions, network.inputChannels)
  let isRight = x.shape.rank != 3 || network.isOneDimensional
  guard isRight, extents[1] == channels, x.shape.count > 0 else {
    let axes =
      network.isOneDimensional ? "length) or (batch, \(channels), 1, length" : "height, width"
    throw ExitStatus.data(
      "\(path) has shape \(x.shape); \(network.name) takes (batch, \(channels), \(axes)), each at least 1"
    )
  }
  switch extents.count {
  case 2: return [extents[0], channels, 1, 1]
  case 3: return [extents[0], channels, 1, extents[2]]
  default: return x.shape
  }
}
