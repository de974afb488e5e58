import ConvolutionArithmetic
import FastKernels
import Networks
import Tensors
import Testing

/// Networks that nobody has drawn: whatever the data type can say, as long as the sizes fit.
@Suite struct AnyNetworkTests {
  @Test func `200 random branching networks run fast as they are defined`() throws {
    var random = SplitMix64(seed: 20)
    var kinds: [String: Int] = [:]
    for number in 0..<200 {
      let (network, picture) = Network.random(using: &random)
      for layer in network.layers { kinds[layer.operation.kind, default: 0] += 1 }
      let weights = network.noise(seed: UInt64(number))
      let x: Tensor<Float> = random.noise([
        2, network.channels["input"]!, picture.height, picture.width,
      ])
      let expected = try network.forward(x, weights: weights)
      #expect(try expected.size == network.shapes(input: picture).last!.size)
      let largest = expected.elements.map(abs).max()!
      for exact in [false, true] {
        let fast = try FastNetwork(network, weights: WeightSource(weights), exact: exact)
        for round in 1...2 {
          let difference = try fast.forward(x).difference(
            from: expected, relative: 0, absolute: 1e-4 * largest)
          #expect(difference == nil, "\(number), \(round): \(network.listing) on \(picture)")
        }
      }
    }
    for (kind, count) in kinds { #expect(count > 2, "\(kind)") }
    #expect(kinds.count == 37, "\(kinds.keys.sorted())")
  }

  @Test func `60 random branching networks have a table and a drawing`() throws {
    var random = SplitMix64(seed: 21)
    for _ in 0..<60 {
      let (network, picture) = Network.random(using: &random)
      let table = try NetworkTable(network, input: picture)
      #expect(table.rows.map(\.output) == (try network.shapes(input: picture)))
      for row in table.rows {
        let field = try? network.receptiveField(of: row.layer.name)
        #expect(row.field == field, "\(row.layer.name) of \(network.listing)")
        #expect((row.crop != nil) == (row.layer.operation.kind == "crop"))
      }
      let drawing = NetworkDrawing(table)
      for row in table.rows {
        #expect(
          ["drop", "flatten"].contains(row.layer.operation.kind)
            || drawing.dot.contains("\"\(row.layer.name)\\n"))
      }
    }
  }

  @Test func `what the fast kernels do not have runs on the readable primitives, layer by layer`()
    throws
  {
    let pooling = try Pooling(kernelSize: 2, stride: 1, dilation: 2)
    let network = Network("holes", input: 2) { net in
      let x = net.add(
        "conv", .convolution(outputs: 20, kernelSize: 3, padding: 1, relu: true), net.input)
      let y = net.add("holes", .averagePool(pooling), x)
      net.add("score", .convolution(outputs: 3, kernelSize: 1, relu: false), y)
    }
    let weights = network.noise(seed: 2)
    var random = SplitMix64(seed: 3)
    let x: Tensor<Float> = random.noise([2, 2, 9, 7])
    let fast = try FastNetwork(network, weights: WeightSource(weights))
    #expect(fast.readableLayers.map(\.name) == ["holes"])
    let expected = try network.forward(x, weights: weights)
    // 3·3·2 products and the means of four.
    #expect(try fast.forward(x).difference(from: expected, relative: 0, absolute: 1e-4) == nil)
    let measured = try fast.measure(Tensor(shape: [1, 2, 9, 7], repeating: 1), rounds: 1)
    #expect(measured.steps.map(\.method) == ["planar", "readable", "product"])
  }

  /// What is done in how many steps, the picture not counted.
  private func steps(_ text: String) throws -> [String] {
    let (network, _) = try Network.described(by: text, size: 16)
    let fast = try FastNetwork(network, weights: WeightSource(network.noise(seed: 1)))
    let measured = try fast.measure(
      Tensor(shape: [1, network.inputChannels, 16, 16], repeating: 1), rounds: 1)
    return measured.steps.map { $0.output == $0.name ? $0.name : "\($0.name) … \($0.output)" }
  }

  @Test func `normalizations are done by the weights of the convolution before them`() throws {
    #expect(try steps("a = conv 8 k3 nobias; b = bn; c = relu") == ["a … c"])
    #expect(try steps("a = conv 8 k3; b = bn; c = bn; d = max k2 ceil") == ["a … d"])
    #expect(try steps("z = conv 8 k3; a = convT 8 k2; b = bn; c = relu") == ["z", "a … b", "c"])
    // Where something else reads the convolution, or it is rectified before, or there is none.
    #expect(try steps("a = conv 8 k3; b = bn; c = add a b") == ["a", "b", "c"])
    #expect(try steps("a = conv 8 k3 relu; b = bn") == ["a", "b"])
    #expect(try steps("a = conv 3 k1; b = max k2; c = bn; d = conv 3 k1") == ["a", "b", "c", "d"])
  }

  @Test func `folded normalizations give what they give by themselves`() throws {
    var random = SplitMix64(seed: 8)
    for text in [
      "conv 20 k3 p1 nobias; bn relu; conv 20 k3 p1 g2; bn; convT 18 k4 s2 p1 g2; bn relu; conv 3 k1",
      "scale 0.1; conv 20 k3 nobias; bn; bn; max k2 ceil; convT 5 k6 s2; bn; crop to input at 1",
      "a = conv 17 k3 p1; b = bn; add a b relu; bn; conv 4 k3",
    ] {
      let (network, _) = try Network.described(by: text)
      let weights = network.noise(seed: 9)
      let x: Tensor<Float> = random.noise([1, 3, 12, 10])
      let expected = try network.forward(x, weights: weights)
      let largest = expected.elements.map(abs).max()!
      let fast = try FastNetwork(network, weights: WeightSource(weights))
      // Sums of at most 180 products, and Winograd's rounding.
      let difference = try fast.forward(x).difference(
        from: expected, relative: 0, absolute: 1e-5 * largest)
      #expect(difference == nil, "\(text)")
    }
  }

  @Test func `streams of different jumps that meet have no field, and all else`() throws {
    let network = Network("two speeds", input: 2) { net in
      let slow = net.add(
        "slow", .maxPool(kernelSize: 2, stride: 2, rounding: .floor), net.input)
      let short = net.add("short", .convolution(outputs: 2, kernelSize: 3, relu: false), net.input)
      let sum = net.add("sum", .sum, slow, short)
      net.add("after", .convolution(outputs: 1, kernelSize: 1, relu: true), sum)
    }
    // 4 / 2 cells, and 4 − 2.
    let table = try NetworkTable(network, input: 4)
    #expect(table.rows.map(\.output?.size) == [4, 2, 2, 2, 2])
    #expect(table.rows.map { $0.field?.text } == ["1", "2", "3", nil, nil])
  }

  @Test func `streams that cannot meet are refused with their sizes`() throws {
    func error(_ operation: Network.Operation, outputs: Int, kernelSize: Int) -> String? {
      let network = Network("n", input: 2) { net in
        let x = net.add(
          "a", .convolution(outputs: outputs, kernelSize: kernelSize, relu: true), net.input)
        net.add("b", operation, net.input, x)
      }
      do {
        _ = try network.shapes(input: 8)
        return nil
      } catch {
        return error.description
      }
    }
    #expect(error(.sum, outputs: 2, kernelSize: 1) == nil)
    #expect(error(.concatenate, outputs: 5, kernelSize: 1) == nil)
    #expect(
      error(.sum, outputs: 3, kernelSize: 1)?.contains(
        "equally many channels, and these are 2 and 3")
        == true)
    for operation in [Network.Operation.sum, .concatenate] {
      #expect(
        error(operation, outputs: 2, kernelSize: 3)?
          .contains("the streams have different sizes, 8×8 and 6×6") == true)
    }
  }
}

extension Network {
  var listing: String {
    layers.map { "\($0.name) = \($0.operation) \($0.inputs)" }.joined(separator: "\n")
  }

  /// Up to twelve layers that read any earlier ones, each such that the sizes fit.
  static func random(using random: inout SplitMix64) -> (network: Network, picture: Size) {
    let picture = Size(height: random.integer(in: 6...13), width: random.integer(in: 6...13))
    var network = Network(
      "random",
      layers: [
        Network.Layer(
          name: "input", operation: .input(channels: random.integer(in: 1...5)), inputs: [])
      ])
    let count = random.integer(in: 2...13)
    for _ in 0..<60 where network.layers.count < count {
      guard let layer = try? network.randomLayer(using: &random) else { continue }
      let longer = Network("random", layers: network.layers + [layer])
      guard let output = try? longer.shapes(input: picture).last,
        output.size.area <= 900, output.channels <= 40
      else { continue }
      network = longer
    }
    return (network, picture)
  }

  private func randomLayer(using random: inout SplitMix64) throws -> Network.Layer {
    // Late layers more often than early ones.
    func input() -> String {
      let back = min(random.integer(in: 0...4), random.integer(in: 0...layers.count))
      return layers[max(0, layers.count - 1 - back)].name
    }
    var inputs = [input()]
    let channels = channels[inputs[0]]!
    let (kernelSize, stride) = (random.integer(in: 1...4), random.integer(in: 1...2))
    func size(_ range: ClosedRange<Int>) -> Size {
      Size(height: random.integer(in: range), width: random.integer(in: range))
    }
    func padding(below kernelSize: Size) -> Padding {
      let (height, width) = (kernelSize.height / 2, kernelSize.width / 2)
      return Padding(
        top: random.integer(in: 0...height), left: random.integer(in: 0...width),
        bottom: random.integer(in: 0...height), right: random.integer(in: 0...width))
    }
    let flag = random.integer(in: 0...1) == 1
    let operation: Network.Operation
    switch random.integer(in: 0...29) {
    case 0, 1, 2:
      let groups = channels % 2 == 0 ? random.integer(in: 1...2) : 1
      operation = .convolution(
        outputs: groups * random.integer(in: 1...10), kernelSize: kernelSize, stride: stride,
        padding: random.integer(in: 0...2), groups: groups, relu: flag)
    case 3:
      operation = .convolution(
        outputs: random.integer(in: 8...20), kernelSize: 3, padding: 1, relu: true)
    case 4:
      operation = .maxPool(
        kernelSize: kernelSize, stride: stride, rounding: stride == 1 ? .floor : .ceil)
    case 5: operation = .maxPool(kernelSize: 2, stride: 2, rounding: .ceil)
    case 6:
      operation = .transposedConvolution(
        outputs: random.integer(in: 1...20), kernelSize: kernelSize + 1, stride: stride,
        bias: flag)
    case 14, 15:
      let kernelSize = size(1...4)
      operation = .convolution(
        try Convolution(
          kernelSize: kernelSize, stride: size(1...2), padding: padding(below: kernelSize),
          dilation: size(1...2)), outputs: random.integer(in: 1...12),
        bias: random.integer(in: 0...1) == 1, relu: flag)
    case 16:
      let (kernelSize, stride) = (size(2...4), size(1...3))
      let outputPadding = Size(
        height: random.integer(in: 0...stride.height - 1),
        width: random.integer(in: 0...stride.width - 1))
      operation = .transposedConvolution(
        try Convolution(
          kernelSize: kernelSize, stride: stride, padding: padding(below: kernelSize)
        ).transposed(outputPadding: outputPadding), outputs: random.integer(in: 1...12), bias: flag)
    case 17:
      let kernelSize = size(1...4)
      let pooling = try Pooling(
        kernelSize: kernelSize, stride: size(1...2), padding: padding(below: kernelSize),
        rounding: [.floor, .ceil, .caffe][random.integer(in: 0...2)],
        countIncludePad: random.integer(in: 0...1) == 1)
      operation = flag ? .averagePool(pooling) : .maxPool(pooling)
    case 18: operation = .relu
    case 19, 20:
      let functions: [Network.Activation] = [
        .leakyReLU(slope: 0.1), .learnedReLU(isShared: flag), .clipped(-1...6), .elu(alpha: 1),
        .sigmoid, .tanh, .hardSigmoid(alpha: 0.2, beta: 0.5), .hardSwish, .silu, .gelu, .softplus,
        .absolute,
      ]
      operation = .activation(functions[random.integer(in: 0...functions.count - 1)])
    case 21:
      operation = .batchNormalization(epsilon: 0.1, isAffine: flag)
    case 22:
      operation = flag ? .affine(weight: true, bias: true) : .power(exponent: 1, scale: 2, shift: 1)
    case 23: operation = flag ? .globalPool(.mean) : .globalPool(.maximum)
    case 24:
      let coordinates: [Network.Resize.Coordinates] = [.halfPixel, .asymmetric, .alignedCorners]
      let nearest: [Network.Resize.Nearest] = [.floor, .ceil, .roundHalfDown, .roundHalfUp]
      let factors = [Fraction(1, 2), Fraction(3, 2), 2, 3]
      operation = .resize(
        try Network.Resize(
          .factors(
            factors[random.integer(in: 0...3)], factors[random.integer(in: 0...3)]),
          flag ? .bilinear : .nearest, coordinates[random.integer(in: 0...2)],
          nearest: nearest[random.integer(in: 0...3)]))
    case 25:
      let borders: [Network.Operation.Border] = [.value(2), .value(0), .reflection, .replication]
      let sides = (0..<4).map { _ in random.integer(in: -1...2) }
      operation = .pad(
        Padding(top: sides[0], left: sides[1], bottom: sides[2], right: sides[3]),
        borders[random.integer(in: 0...3)])
    case 26: operation = flag ? .cut(offset: size(0...2), size: size(1...5)) : .identity("flatten")
    case 27:
      let first = random.integer(in: 0...channels - 1)
      operation =
        flag ? .channels(first..<random.integer(in: first + 1...channels)) : .shuffle(groups: 2)
    case 28:
      operation = flag ? .product : .maximum
      inputs += (0...random.integer(in: 0...1)).map { _ in input() }
    case 29:
      operation = flag ? .sum(coefficients: [0.5, -2, 1]) : .softmax
      if flag { inputs += [input(), input()] }
    case 7: operation = .normalization(size: 3, alpha: 0.5, beta: 0.75)
    case 8: operation = .dropout(probability: 0.5)
    case 9: operation = .scale(random.integer(in: 0...1) == 0 ? 0.5 : -2)
    case 10:
      operation = flag ? .crop : .crop(offset: size(0...3))
      inputs.append(input())
    case 11, 12:
      operation = .sum
      inputs.append(input())
    default:
      operation = .concatenate
      inputs += (0...random.integer(in: 0...1)).map { _ in input() }
    }
    return Network.Layer(name: "layer\(layers.count)", operation: operation, inputs: inputs)
  }
}
