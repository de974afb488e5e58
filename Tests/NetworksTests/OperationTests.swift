import ConvolutionArithmetic
import Networks
import Tensors
import Testing

/// What each operation does, on numbers that can be followed by hand.
@Suite struct OperationTests {
  /// What a network of one layer, which may read the picture several times, gives; the fast kernels must
  /// say the same.
  private func run(
    _ operation: Network.Operation, _ x: Tensor<Double>, reading count: Int = 1,
    weights: Weights<Double> = [:]
  ) throws -> Tensor<Double> {
    let network = network(operation, channels: x.channels, reading: count)
    let y = try network.forward(x, weights: weights)
    let fast = try FastNetwork(
      network, weights: WeightSource(weights.mapValues { $0.map { Float($0) } }))
    // One or two operations in 32 bits.
    let difference = try fast.forward(x.map { Float($0) }).map { Double($0) }
      .difference(from: y, relative: 1e-6, absolute: 1e-6)
    #expect(difference == nil, "\(operation) on the fast kernels")
    return y
  }

  private func network(
    _ operation: Network.Operation, channels: Int, reading count: Int = 1
  ) -> Network {
    Network(
      "one layer",
      layers: [
        Network.Layer(name: "data", operation: .input(channels: channels), inputs: []),
        Network.Layer(
          name: "layer", operation: operation, inputs: Array(repeating: "data", count: count)),
      ])
  }

  /// One cell in each of several channels.
  private func cells(_ numbers: Double...) -> Tensor<Double> {
    Tensor(shape: [1, numbers.count, 1, 1], elements: numbers)
  }

  private func vector(_ numbers: Double...) -> Tensor<Double> {
    Tensor(shape: [numbers.count], elements: numbers)
  }

  // 0.0996680 = tanh 0.1 and the like are of the functions' tables, to seven digits.
  @Test(
    arguments: [
      (.relu, [0, 0, 2]), (.leakyReLU(slope: 0.1), [-0.2, 0, 2]),
      (.clipped(-1...1.5), [-1, 0, 1.5]),
      (.elu(alpha: 2), [2 * (0.1353353 - 1), 0, 2]),
      (.sigmoid, [0.1192029, 0.5, 1 - 0.1192029]), (.tanh, [-0.9640276, 0, 0.9640276]),
      (.hardSigmoid(alpha: 0.2, beta: 0.5), [0.5 - 0.4, 0.5, 0.5 + 0.4]),
      (.hardSwish, [-2 * (0.5 - 2.0 / 6), 0, 2 * (0.5 + 2.0 / 6)]),
      (.silu, [-2 * 0.1192029, 0, 2 * 0.8807971]), (.gelu, [-2 * 0.0227501, 0, 2 * 0.9772499]),
      (.softplus, [0.1269280, 0.6931472, 2.1269280]), (.absolute, [2, 0, 2]),
      (.exponential, [0.1353353, 1, 7.3890561]),
    ] as [(Network.Activation, [Double])]) func `activations of −2, 0 and 2`(
      function: Network.Activation, expected: [Double]
    ) throws
  {
    let y = try run(.activation(function), cells(-2, 0, 2))
    #expect(
      y.difference(from: cells(expected[0], expected[1], expected[2]), relative: 0, absolute: 1e-6)
        == nil, "\(function)")
  }

  @Test func `an activation of large numbers does not overflow where its value is no infinity`()
    throws
  {
    #expect(try run(.activation(.softplus), cells(1000, -1000)) == cells(1000, 0))
    #expect(try run(.activation(.sigmoid), cells(1000, -1000)) == cells(1, 0))
    #expect(try run(.activation(.silu), cells(1000, -1000)) == cells(1000, 0))
    for function: Network.Activation in [.relu, .clipped(0...6), .tanh, .gelu, .hardSwish] {
      #expect(try run(.activation(function), cells(.nan)).elements[0].isNaN, "\(function)")
    }
  }

  @Test func `slopes that are learned, one for each channel or one for all`() throws {
    let x = cells(-2, -3, 4)
    #expect(
      try run(
        .activation(.learnedReLU(isShared: false)), x,
        weights: ["layer.weight": vector(0.5, 2, 7)]) == cells(-2 * 0.5, -3 * 2, 4))
    #expect(
      try run(
        .activation(.learnedReLU(isShared: true)), x, weights: ["layer.weight": vector(0.5)])
        == cells(-2 * 0.5, -3 * 0.5, 4))
  }

  @Test func `a normalization subtracts the mean, divides by the deviation, then is affine`() throws
  {
    let learned: Weights<Double> = [
      "layer.running_mean": vector(1, 2), "layer.running_var": vector(3, 8),
      "layer.weight": vector(10, 2), "layer.bias": vector(5, -1),
    ]
    // √(3 + 1) = 2, √(8 + 1) = 3.
    #expect(
      try run(.batchNormalization(epsilon: 1, isAffine: true), cells(5, 11), weights: learned)
        == cells((5.0 - 1) / 2 * 10 + 5, (11.0 - 2) / 3 * 2 - 1))
    #expect(
      try run(.batchNormalization(epsilon: 1, isAffine: false), cells(5, 11), weights: learned)
        == cells((5.0 - 1) / 2, (11.0 - 2) / 3))
    #expect(
      try run(.affine(weight: true, bias: true), cells(5, 11), weights: learned)
        == cells(5.0 * 10 + 5, 11 * 2 - 1))
    #expect(
      try run(.affine(weight: false, bias: true), cells(5, 11), weights: learned)
        == cells(5.0 + 5, 11 - 1))
  }

  @Test func `learned numbers are counted, observed ones are not`() {
    func counts(_ operation: Network.Operation) -> [Int] {
      let parameters = network(operation, channels: 7).parameters
      return [true, false].map { learned in
        parameters.filter { $0.isLearned == learned }.reduce(0) { $0 + $1.shape.count }
      }
    }
    #expect(counts(.batchNormalization) == [7 + 7, 7 + 7])
    #expect(counts(.batchNormalization(epsilon: 0, isAffine: false)) == [0, 7 + 7])
    #expect(counts(.affine(weight: true, bias: false)) == [7, 0])
    #expect(counts(.activation(.learnedReLU(isShared: false))) == [7, 0])
    #expect(counts(.activation(.learnedReLU(isShared: true))) == [1, 0])
    #expect(counts(.scale(3)) == [0, 0])
  }

  @Test func `a power of a line`() throws {
    #expect(
      try run(.power(exponent: 2, scale: 3, shift: 1), cells(1, -1))
        == cells((3.0 + 1) * (3 + 1), (-3.0 + 1) * (-3 + 1)))
    #expect(try run(.scale(-2), cells(1.5)) == cells(-2 * 1.5))
  }

  @Test func `channels are chosen, and shuffled like cards of several heaps`() throws {
    let x = cells(0, 1, 2, 3, 4, 5)
    #expect(try run(.channels(2..<4), x) == cells(2, 3))
    // Heaps 0 1 2 and 3 4 5.
    #expect(try run(.shuffle(groups: 2), x) == cells(0, 3, 1, 4, 2, 5))
    #expect(try run(.shuffle(groups: 3), x) == cells(0, 2, 4, 1, 3, 5))
  }

  @Test func `borders of a value, of a mirror, of what is outermost, and none`() throws {
    let x = Tensor<Double>(row: [1, 2, 3])
    let padding = Padding(top: 0, left: 2, bottom: 0, right: 1)
    #expect(
      try run(.pad(padding, .value(9)), x) == Tensor(row: [9, 9, 1, 2, 3, 9]))
    #expect(
      try run(.pad(padding, .reflection), x) == Tensor(row: [3, 2, 1, 2, 3, 2]))
    #expect(
      try run(.pad(padding, .replication), x) == Tensor(row: [1, 1, 1, 2, 3, 3]))
    #expect(
      try run(.pad(Padding(top: 0, left: -1, bottom: 0, right: 1), .value(0)), x)
        == Tensor(row: [2, 3, 0]))
    #expect(throws: GeometryError.self) {
      try run(.pad(Padding(top: 0, left: 3, bottom: 0, right: 0), .reflection), x)
    }
    #expect(
      try run(.cut(offset: Size(height: 0, width: 1), size: Size(height: 1, width: 2)), x)
        == Tensor(row: [2, 3]))
  }

  @Test func `what is joined cell by cell`() throws {
    let x = cells(2, -3)
    #expect(try run(.sum, x, reading: 3) == cells(3 * 2, 3 * -3))
    #expect(
      try run(.sum(coefficients: [1, -0.5]), x, reading: 2) == cells(2 - 0.5 * 2, -3 + 0.5 * 3))
    #expect(try run(.product, x, reading: 3) == cells(2 * 2 * 2, -3 * -3 * -3))
    #expect(try run(.maximum, x, reading: 2) == x)
    #expect(try run(.identity("flatten"), x) == x)
  }

  @Test func `one number of a whole map goes with all of its cells`() throws {
    let network = Network("squeeze and excite", input: 2) { net in
      let mean = net.add("mean", .globalPool(.mean), net.input)
      net.add("product", .product, net.input, mean)
      net.add("sum", .sum, mean, net.input)
    }
    let x = Tensor<Double>(shape: [1, 2, 1, 2], elements: [1, 3, 10, 30])
    let y = try network.activations(x, weights: [:])
    let (products, sums): ([Double], [Double]) = (
      [1 * 2, 3 * 2, 10 * 20, 30 * 20], [1 + 2, 3 + 2, 10 + 20, 30 + 20]
    )
    #expect(y["product"]?.elements == products)
    #expect(y["sum"]?.elements == sums)
    #expect(try network.shapes(input: 5).map(\.size) == [5, 1, 5, 5])
    // Every cell sees the whole picture, so there is no end to its field.
    #expect(try NetworkTable(network, input: 5).rows.map { $0.field?.size } == [1, nil, nil, nil])
    // A map that happens to have one cell is another matter: it would not fit the next picture.
    let accident = Network("accident", input: 1) { net in
      let one = net.add("one", .maxPool(kernelSize: 5, stride: 1, rounding: .floor), net.input)
      net.add("sum", .sum, one, net.input)
    }
    #expect(throws: GeometryError.self) { try accident.shapes(input: 5) }
  }

  @Test func `a map of one channel multiplies every channel`() throws {
    let network = Network("attention", input: 2) { net in
      let x = net.add("first", .channels(0..<1), net.input)
      net.add("product", .product, net.input, x)
    }
    let x = Tensor<Double>(shape: [1, 2, 1, 2], elements: [1, 2, 3, 4])
    let products: [Double] = [1 * 1, 2 * 2, 3 * 1, 4 * 2]
    #expect(try network.forward(x, weights: [:]).elements == products)
  }

  /// A row of cells resized to the right.
  private func resized(
    _ row: [Double], _ factor: Fraction, _ interpolation: Network.Resize.Interpolation,
    _ coordinates: Network.Resize.Coordinates, nearest: Network.Resize.Nearest = .floor
  ) throws -> [Double] {
    let resize = try Network.Resize(
      .factors(1, factor), interpolation, coordinates, nearest: nearest)
    return try run(.resize(resize), Tensor(row: row)).elements
  }

  @Test func `resized cells take what lies at their place`() throws {
    #expect(try resized([0, 4], 2, .bilinear, .halfPixel) == [0, 1, 3, 4])
    #expect(try resized([0, 4], 2, .bilinear, .asymmetric) == [0, 2, 4, 4])
    #expect(try resized([0, 3], 2, .bilinear, .alignedCorners) == [0, 1, 2, 3])
    #expect(try resized([1, 2], 2, .nearest, .asymmetric) == [1, 1, 2, 2])
    // 3/2 · 2 = 3 cells at 0, 2/3, 4/3, or with half pixels at −1/6, 1/2, 7/6.
    #expect(try resized([1, 2], Fraction(3, 2), .nearest, .asymmetric) == [1, 1, 2])
    #expect(
      try resized([1, 2], Fraction(3, 2), .nearest, .halfPixel, nearest: .roundHalfDown)
        == [1, 1, 2])
    #expect(
      try resized([1, 2], Fraction(3, 2), .nearest, .halfPixel, nearest: .roundHalfUp)
        == [1, 2, 2])
    #expect(
      try resized([1, 2], Fraction(3, 2), .nearest, .asymmetric, nearest: .ceil) == [1, 2, 2])
    // ⌊1/2 · 5⌋ cells.
    #expect(try resized([0, 1, 2, 3, 4], Fraction(1, 2), .bilinear, .halfPixel) == [0.5, 2.5])
    #expect(throws: GeometryError.self) { try resized([1], Fraction(1, 2), .nearest, .asymmetric) }
    #expect(throws: GeometryError.self) { try resized([1], 0, .nearest, .asymmetric) }
    let whole = try Network.Resize(.size(Size(height: 1, width: 4)), .bilinear, .alignedCorners)
    #expect(try run(.resize(whole), Tensor(row: [0, 6])).elements == [0, 2, 4, 6])
  }

  @Test func `on the edge of two cells the nearest is the one that 32 bits say, as in onnxruntime`()
    throws
  {
    let row = (0..<40).map { Double($0) }
    // 18/1.2 would be 15, and (4 + ½)/0.6 − ½ would be 7; 35/(7/3) 15. 1.2 and 0.6 are a little more in
    // 32 bits, 7/3 a little less.
    #expect(try resized(row, Fraction(6, 5), .nearest, .asymmetric)[18] == 14)
    #expect(try resized(row, Fraction(3, 5), .nearest, .halfPixel)[4] == 6)
    #expect(try resized(row, Fraction(7, 3), .nearest, .asymmetric, nearest: .ceil)[35] == 16)
    // 9/1.2 is 7.4999995, which counts as a half; so does (19 + ½)/1.3 − ½ = 14.500001.
    #expect(try resized(row, Fraction(6, 5), .nearest, .asymmetric, nearest: .roundHalfUp)[9] == 8)
    #expect(
      try resized(row, Fraction(13, 10), .nearest, .halfPixel, nearest: .roundHalfDown)[19] == 14)
  }

  @Test func `cells that are stamped have a field, and others none`() throws {
    func field(_ resize: Network.Resize) throws -> ReceptiveField? {
      try NetworkTable(network(.resize(resize), channels: 1), input: 8).rows.last!.field
    }
    // A new cell of the blocks sees one, half a cell on.
    let blocks = try field(Network.Resize(.factors(2, 2), .nearest, .asymmetric))
    #expect(blocks?.size == 1 && blocks?.jump == Fraction(1, 2))
    // Every second one lies on an old cell, the others between two.
    let mixed = try field(Network.Resize(.factors(2, 2), .bilinear, .asymmetric))
    #expect(mixed?.range == 1...2 && mixed?.start == 0)
    #expect(try field(Network.Resize(.factors(2, 2), .bilinear, .alignedCorners)) == nil)
    #expect(try field(Network.Resize(.size(7), .bilinear, .halfPixel)) == nil)
  }

  @Test func `what is cut or padded still lies where it lay`() throws {
    let network = Network("moved", input: 1) { net in
      let x = net.add("pad", .pad(3, .reflection), net.input)
      let y = net.add("cut", .cut(offset: 2, size: 4), x)
      net.add("crop", .crop, y, net.add("less", .pad(-1, .value(0)), net.input))
    }
    // Cells begin at −3, then at −3 + 2, and the reference at 1.
    #expect(try network.coordinateMap(of: "cut") == CoordinateMap(scale: 1, shift: 3 - 2))
    #expect(try network.cropOffset(of: network["crop"]!) == 3 - 2 + 1)
    #expect(try network.shapes(input: 4).map(\.size) == [4, 10, 4, 2, 2])
  }

  @Test func `crops of crops are found in one pass, however many they are`() throws {
    // If each asked for the way to both of its streams anew, 60 would ask 2⁶⁰ times.
    let count = 60
    let network = Network("nested", input: 1) { net in
      var x = net.add("start", .pad(1, .value(0)), net.input)
      for index in 1...count {
        let wide = net.add("wide\(index)", .pad(1, .value(0)), x)
        x = net.add("crop\(index)", .crop, wide, x)
      }
    }
    for row in try NetworkTable(network, input: 4).rows.filter({ $0.crop != nil }) {
      #expect(row.crop?.offset == 1 && row.output?.size == Size(4 + 2))
    }
    #expect(try network.coordinateMap(of: "crop\(count)") == CoordinateMap(scale: 1, shift: 1))
    #expect(try network.path(to: "crop\(count)").count == 1 + 2 * count)
  }

  @Test func `a name from a file is text in a drawing, whatever it says`() throws {
    let network = Network("named", input: 1) { net in
      net.add("a\"]; b<script>&\\", .softmax, net.input)
      net.add("features.denseblock4.denselayer16.conv2", .softmax, net.input)
    }
    let drawing = NetworkDrawing(try NetworkTable(network, input: 2))
    #expect(drawing.dot.contains("[label=\"a\\\"]; b<script>&\\\\\\n1×2×2\"]"))
    #expect(drawing.svg.contains(">a&quot;]; b&lt;script&gt;&amp;\\</text>"))
    #expect(drawing.svg.contains(">…ock4.denselayer16.conv2</text>"))
  }

  @Test func `blocks become cells, and cells blocks again`() throws {
    // 4×6 cells in blocks of 2×3: two by two cells of 6 channels for each.
    let block = Size(height: 2, width: 3)
    let x = Tensor<Float>.ramp([1, 2, 4, 6])
    func net(_ last: (inout NetworkBuilder, Stream) -> Void) -> Network {
      Network("blocks", input: 2) { net in
        last(&net, net.add("list", .pixelUnshuffle(block), net.input))
      }
    }
    let lists = try net { _, _ in }.forward(x, weights: [:])
    #expect(lists.shape == [1, 2 * 6, 2, 2])
    // Cell (1, 1) of channel 5 of the first map: the last of its block, row 3 and column 5.
    #expect(lists[0, 5, 1, 1] == x[0, 0, 3, 5])
    let back = net { $0.add("back", .pixelShuffle(block), $1) }
    #expect(try back.forward(x, weights: [:]) == x)
    #expect(
      try FastNetwork(back, weights: WeightSource(Weights<Float>())).forward(x).elements
        == x.elements)
  }

  @Test func `what the book does not have is named, and its neighbours are shown`() throws {
    let network = Network("half known", input: 3) { net in
      let x = net.add("conv", .convolution(outputs: 4, kernelSize: 3, relu: false), net.input)
      let y = net.add("norm", .unknown("InstanceNormalization"), x)
      net.add("after", .convolution(outputs: 5, kernelSize: 1, relu: false), y)
      net.add("beside", .maxPool(kernelSize: 2, stride: 2, rounding: .floor), x)
    }
    let table = try NetworkTable(network, input: 6)
    let four = MapShape(channels: 4, size: 4)
    #expect(
      table.rows.map(\.output)
        == [MapShape(channels: 3, size: 6), four, nil, nil, MapShape(channels: 4, size: 2)])
    #expect(table.multiplyAdds == 4 * 4 * 4 * 3 * 3 * 3)
    #expect(NetworkDrawing(table).dot.contains("norm\\n?"))
    let error = #expect(throws: GeometryError.self) { try network.shapes(input: 6) }
    #expect(
      error?.description
        == "half known, layer norm (InstanceNormalization) is no operation of the book"
    )
  }

  @Test(
    arguments: [
      (.shuffle(groups: 2), 1, "2 groups must divide its 3 channels"),
      (.channels(2..<4), 1, "channels 2 to below 4 are not among its 3"),
      (.sum(coefficients: [1, 2, 3]), 2, "there are 3 coefficients for a sum of 2"),
      (.cut(offset: Size(Int.max), size: 6), 1, "6 cells from cell \(Int.max) on do not lie in 8"),
      (.cut(offset: 0, size: 0), 1, "0 cells from cell 0 on do not lie in 8"),
      (.cut(offset: 3, size: 6), 1, "6 cells from cell 3 on do not lie in 8"),
      (.pad(8, .reflection), 1, "a map of 8×8 cannot be mirrored over a padding of 8"),
      (.pad(-4, .value(0)), 1, "no window fits"),
    ] as [(Network.Operation, Int, String)]) func `what cannot be is refused in a sentence`(
      operation: Network.Operation, count: Int, sentence: String
    ) throws
  {
    let error = #expect(throws: GeometryError.self) {
      try network(operation, channels: 3, reading: count).shapes(input: 8)
    }
    #expect(error?.description.contains(sentence) == true, "\(error?.description ?? "none")")
  }
}
