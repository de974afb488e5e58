public import ConvolutionArithmetic
public import LessonKit
public import Networks
import Primitives
public import Tensors

/// A small trained network on the readable primitives, for pages that let the reader draw.
///
/// Its layers come as text, a line for each: its name, what it does, what it reads, and whole numbers:
///
///     conv1_1 convolution data 16 3 3 3 1 1 1     out, in, height, width, stride, padding, ReLU
///     pool1 pool conv1_1 2 2 0 caffe              kernel, stride, padding, rounding
///     up transposed score 6 6 4 4 2 1             in, out, height, width, stride, padding
///     crop crop up pool1 1                        the first cell that stays, in both directions
///     fuse sum crop score2
///
/// and its numbers as one row: for each value of a pixel what the network reads, then the weights and the
/// bias of each layer in turn.
public struct SceneNetwork: Sendable {
  private enum Operation: Sendable {
    case convolution(Convolution, Tensor<Float>, bias: [Float]?, relu: Bool)
    case pool(Pooling)
    case crop(Size)
    case sum
  }
  private struct Layer: Sendable {
    let operation: Operation
    /// The numbers of the layers that it reads; the picture is number 0.
    let inputs: [Int]
  }

  private var layers: [Layer] = []
  private let pixelValues: [Float]

  /// - Throws: `GeometryError` if a line is not understood or the numbers are not as many as it takes.
  public init(_ text: String, numbers: [Float]) throws(GeometryError) {
    guard numbers.count >= 256 else { throw GeometryError("the network has too few numbers") }
    pixelValues = Array(numbers[..<256])
    var rest = numbers[256...]
    func take(_ count: Int) throws(GeometryError) -> [Float] {
      guard count >= 0, count <= rest.count else {
        throw GeometryError("the network has too few numbers")
      }
      defer { rest = rest.dropFirst(count) }
      return Array(rest.prefix(count))
    }
    var places: [Substring: Int] = ["data": 0]
    for line in text.split(separator: "\n") {
      let words = line.split(separator: " ")
      let inputs = words.dropFirst(2).compactMap { places[$0] }
      let sizes = words.dropFirst(2 + inputs.count).compactMap { Int($0) }
      func layer() throws(GeometryError) -> (Tensor<Float>, Convolution) {
        let weight = Tensor(
          shape: Shape(Array(sizes[..<4])), elements: try take(sizes[..<4].reduce(1, *)))
        return (
          weight,
          try Convolution(
            kernelSize: weight.size, stride: Size(sizes[4]), padding: Padding(Size(sizes[5])))
        )
      }
      let operation: Operation
      switch (words.count > 1 ? words[1] : "", inputs.count, sizes.count) {
      case ("convolution", 1, 7):
        let (weight, convolution) = try layer()
        operation = .convolution(
          convolution, weight, bias: try take(sizes[0]), relu: sizes[6] == 1)
      case ("transposed", 1, 6):
        let (weight, convolution) = try layer()
        operation = .convolution(
          try convolution.transposed(), weight, bias: nil, relu: false)
      case ("pool", 1, 3):
        operation = .pool(
          try Pooling(
            kernelSize: Size(sizes[0]), stride: Size(sizes[1]), padding: Padding(Size(sizes[2])),
            rounding: words.last.flatMap { Rounding(rawValue: String($0)) } ?? .floor))
      case ("crop", 2, 1): operation = .crop(Size(sizes[0]))
      case ("sum", 2, 0): operation = .sum
      default: throw GeometryError("the network has a line that is not understood: \(String(line))")
      }
      layers.append(Layer(operation: operation, inputs: inputs))
      places[words[0]] = layers.count
    }
  }

  /// The scores of a picture of red, green and blue bytes: a map for each class.
  public func scores(pixels: [UInt8], size: Size) throws(GeometryError) -> Tensor<Float> {
    guard pixels.count == 3 * size.area else {
      throw GeometryError("\(pixels.count) bytes are no picture of \(size)")
    }
    var elements: [Float] = []
    elements.reserveCapacity(pixels.count)
    for color in 0..<3 {
      for pixel in 0..<size.area { elements.append(pixelValues[Int(pixels[3 * pixel + color])]) }
    }
    var maps = [Tensor(shape: [1, 3, size.height, size.width], elements: elements)]
    for layer in layers {
      let x = maps[layer.inputs[0]]
      switch layer.operation {
      case .convolution(let convolution, let weight, let bias, let isRectified):
        // As a matrix product it is several times as fast, where a browser waits for it.
        let y =
          convolution.isTransposed
          ? try convolve(x, weight, bias: bias, by: convolution)
          : try convolveByColumns(x, weight, bias: bias, by: convolution)
        maps.append(isRectified ? relu(y) : y)
      case .pool(let pooling): maps.append(try maxPool(x, by: pooling))
      case .crop(let offset):
        maps.append(try crop(x, offset: offset, size: maps[layer.inputs[1]].size))
      case .sum: maps.append(try fuseBySum(x, maps[layer.inputs[1]]))
      }
    }
    return maps[layers.count]
  }
}

/// What several networks say of one picture, and what lies between two of them.
public struct SceneScores: Sendable {
  private var scores: [Tensor<Float>] = []

  public init() {}

  public mutating func append(_ map: Tensor<Float>) { scores.append(map) }

  /// The class with the highest score at each pixel, of scores that lie `part` of the way from one
  /// network's to those of the next.
  public func labels(from first: Int, part: Float) throws(GeometryError) -> [UInt8] {
    guard scores.indices.contains(first) else {
      throw GeometryError("there is no network \(first)")
    }
    let (before, after) = (scores[first], scores[min(first + 1, scores.count - 1)])
    let mixed = Tensor(
      shape: before.shape,
      elements: before.elements.indices.map {
        before.elements[$0] * (1 - part) + after.elements[$0] * part
      })
    return try argmax(mixed).elements.map { UInt8($0) }
  }
}

extension NetworkTable {
  /// The table as it is shown: a row for each layer, and where the crops come from.
  ///
  /// field, jump and start say what a cell sees; where both axes differ there are two numbers.
  public var steps: [Step] {
    let isLine = network.isOneDimensional
    let total = ["total", "", grouped(parameters), grouped(multiplyAdds), "", "", ""]
    let crops = rows.compactMap { row -> String? in
      guard let crop = row.crop else { return nil }
      let rest =
        "\(counted(crop.rest.height, "row")) and \(counted(crop.rest.width, "column")) left"
      return "\(row.layer.name): \(crop), \(rest)".visible
    }
    return [
      .heading(
        isLine
          ? "\(network.name.visible) on \(counted(input.width, "cell"))"
          : "\(network.name.visible) on a picture of \(input)"),
      .table(
        Table(
          ["layer", "output", "parameters", "multiply-adds", "field", "jump", "start"],
          rows: rows.map { $0.cells(isLine: isLine) } + [total])),
    ] + roundedUp
      + (crops.isEmpty ? [] : [.heading("Crops, from where the two streams lie"), .formula(crops)])
  }

  /// Where the book and torchvision differ.
  public static let poolingNote =
    "vgg16's pools round up, as in Caffe, from which its weights come; torchvision's round down. On a "
    + "picture whose sides are multiples of 32 both are the same."

  /// Which pools of vgg16 have a cell more here than in torchvision.
  private var roundedUp: [Step] {
    guard network.name == Network.vgg16().name else { return [] }
    var outputs: [String: Size] = [:]
    for row in rows { outputs[row.layer.name] = row.output?.size }
    var names: [String] = []
    for row in rows {
      guard row.layer.operation == .maxPool(kernelSize: 2, stride: 2, rounding: .ceil) else {
        continue
      }
      let read = outputs[row.layer.inputs[0]] ?? input
      guard read.height % 2 == 1 || read.width % 2 == 1 else { continue }
      names.append("\(row.layer.name) to \(row.output?.size ?? 1)")
    }
    return names.isEmpty
      ? [] : [.prose("Rounded up: \(names.joined(separator: ", ")). \(Self.poolingNote)")]
  }
}

extension NetworkTable.Row {
  fileprivate func cells(isLine: Bool) -> [String] {
    guard let output else {
      var name = layer.name.visible
      if case .unknown(let kind, _) = layer.operation { name += " (\(kind.visible))" }
      return [name] + Array(repeating: "–", count: 6)
    }
    var learned = parameters == 0 ? "" : grouped(parameters)
    if !sharedWith.isEmpty {
      learned += learned.isEmpty ? "" : ", others "
      learned += "shared with \(sharedWith.map { $0.visible }.joined(separator: ", "))"
    }
    /// One number, or height and width where they differ.
    func both(_ text: (ReceptiveField) -> String) -> String {
      let (height, width) = (field.map(text), fieldAcross.map(text))
      guard !isLine, height != width else { return width ?? "–" }
      return "\(height ?? "–") × \(width ?? "–")"
    }
    let shape = isLine ? "\(output.channels)×\(output.size.width)" : "\(output)"
    return [
      layer.name.visible, shape, learned, multiplyAdds == 0 ? "" : grouped(multiplyAdds),
      both { $0.text }, both { $0.jump.description }, both { $0.start.description },
    ]
  }
}
