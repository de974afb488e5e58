import ConvolutionArithmetic
import Networks
import Tensors
import Testing

/// What is wrong with a `.prototxt`, in one sentence with its place; and that nothing else happens.
@Suite struct CaffeMistakeTests {
  private func net(_ text: String) throws -> CaffeNet {
    try CaffeNet(text: Array(text.utf8), name: "net")
  }

  private static let data = "input: 'data' input_dim: [1, 3, 20, 20]\n"

  private static func layer(
    _ name: String, _ bottoms: [String], _ rest: String = "type: 'ReLU'", top: String? = nil
  ) -> String {
    "layer { name: '\(name)' " + bottoms.map { "bottom: '\($0)' " }.joined()
      + "top: '\(top ?? name)' \(rest) }\n"
  }

  private static func convolution(_ numbers: String) -> String {
    data + layer("c", ["data"], "type: 'Convolution' convolution_param { \(numbers) }")
  }

  private static func pooling(_ numbers: String) -> String {
    data + layer("p", ["data"], "type: 'Pooling' pooling_param { \(numbers) }")
  }

  static let mistakes: [(text: String, sentence: String)] = {
    var cases: [(text: String, sentence: String)] = []
    func add(_ text: String, _ sentence: String) {
      cases.append((text, sentence))
    }
    add("", "1, column 1: there is no layer")
    add(
      "net: 'train_val.prototxt' base_lr: 0.1",
      "1, column 6: these are a solver's settings; the network is in the file train_val.prototxt")
    add(data, "1, column 1: there is no layer")
    add(
      data + "layer { name: 'a' type: 'ReLU' bottom: 'data' top: 'a'",
      "2, column 55: the text ends inside layer, which begins on line 2; a \"}\" is missing")
    add(
      data + layer("a", ["dota"]),
      "2, column 27: a reads \"dota\", which no layer makes; did you mean \"data\"?")
    add(data + layer("a", ["x"]), "2, column 27: a reads \"x\", which no layer makes")
    add(
      data + layer("a", ["data"], top: "b") + layer("c", ["a"]),
      "3, column 27: c reads \"a\", which is no blob; the layer of that name makes \"b\"")
    add(
      data + layer("a", ["b"]) + layer("b", ["data"]),
      "2, column 27: a reads \"b\", which b makes only on line 3; a layer reads what those before it made"
    )
    add(
      data + layer("a", ["c"]) + layer("b", ["a"]) + layer("c", ["b"]),
      "2, column 27: a reads \"c\", which is made from it: a circle through a, b, c")
    add(
      data + layer("a", ["a"]),
      "2, column 27: a reads \"a\", which it makes itself, and no layer before it: a circle")
    add(
      data + layer("a", ["b"]) + layer("b", ["data"], "type: 'ReLU' include { phase: TRAIN }"),
      "2, column 27: a reads \"b\", which b of line 3 makes in another net of the file, and not in that which is tested; --phase train"
    )
    add(
      data + layer("a", ["data"]) + layer("a", ["data"], top: "b"),
      "3, column 1: there are two layers called a, this one and that of line 2")
    add(
      data + layer("a", ["data"]) + layer("b", ["data"], top: "a"),
      "3, column 39: b makes the blob a, which a of line 2 made already")
    add(data + "layer { name: 'a' bottom: 'data' top: 'a' }", "2, column 1: the layer has no type")
    add(
      data + "layer { name: 3 type: 'ReLU' }",
      "2, column 15: name is 3; it must be a text in quotes")
    add(
      data + "layer { nam: 'b' type: 'ReLU' }",
      "2, column 14: layer has no field nam; did you mean name?")
    add(data + "layer { name: 'a\\033[31m' type: 'ReLU' }", "2, column 15: \"a")
    add(
      data + "layers { layer { name: 'c' type: 'conv' } }",
      "2, column 1: layers { layer { … } } is Caffe's form of before 2014")
    add(data + "layer: 3", "2, column 8: layer is 3; it must be a message, layer { … }")
    add(
      data + layer("a", ["data"], "type: 'ReLU' include { phase: VALIDATE }"),
      "2, column 73: the phase is VALIDATE; it must be TRAIN or TEST")
    add(
      data + layer("a", ["data"], "type: 'ReLU' include {} exclude {}"),
      "2, column 1: a has rules of both kinds")
    add(
      "input: 'data' input_dim: [1, 3, 20] " + layer("a", ["data"]),
      "1, column 27: the shape of each input is one input_shape or four times input_dim")
    add(
      "input: 'data' input_dim: [1, 3, 0, 20] " + layer("a", ["data"]),
      "1, column 33: input_dim is 0; it must be a whole number from 1 to 1000000")
    add(
      "input: 'data' input_shape { dim: [1, 3, 20, 99999999999999999999] } " + layer("a", ["data"]),
      "1, column 45: dim is 99999999999999999999; it must be a whole number")
    add(
      "input: 'data' input_shape { dim: [1, 3, 20] } " + layer("a", ["data"]),
      "1, column 1: no layer of the net brings in a picture; the shape of data must have four")
    add(convolution("kernel_size: 3"), "2, column 63: c has no num_output in its convolution_param")
    add(
      data + layer("c", ["data"], "type: 'Convolution'"),
      "2, column 1: c has no kernel_size in its convolution_param")
    add(
      convolution("num_output: 8 kernal_size: 3"),
      "2, column 110: convolution_param has no field kernal_size; did you mean kernel_size?")
    add(
      convolution("num_output: 8 kernel_size: 3.5"),
      "2, column 110: kernel_size is 3.5; it must be a whole number from 1 to 1000000")
    add(convolution("num_output: 0 kernel_size: 3"), "2, column 95: num_output is 0")
    add(
      convolution("num_output: 8 kernel_size: 3 kernel_h: 3"),
      "2, column 110: c: kernel_size is written beside kernel_h; Caffe takes the one or the other")
    add(
      convolution("num_output: 8 kernel_h: 3"),
      "2, column 63: c: kernel_h and kernel_w are written together")
    add(
      convolution("num_output: 8 kernel_size: [3, 3, 3]"),
      "2, column 117: c: kernel_size has 3 numbers; the maps here have two axes")
    add(
      convolution("num_output: 8 kernel_size: 3 kernel_size: 3 stride: -1"),
      "2, column 135: stride is -1; it must be a whole number from 1")
    add(
      convolution("num_output: 8 num_output: 9 kernel_size: 3"),
      "2, column 109: num_output of convolution_param is written twice")
    add(
      convolution("num_output: 8 kernel_size: 3 bias_term: maybe"),
      "2, column 123: bias_term is maybe; it must be true or false")
    add(
      convolution("num_output: 8 kernel_size: 3 group: 2"), "2, column 1: c: 2 groups must divide")
    add(convolution("num_output: 1048576 kernel_size: 1000000"), "2, column 1: c: 1048576 kernels")
    add(
      pooling("pool: MAXIMUM kernel_size: 2"),
      "2, column 81: p: pool is MAXIMUM; it must be MAX, AVE or STOCHASTIC")
    add(
      pooling("kernel_size: 2 pad: 2"),
      "2, column 59: p pads by 2×2; a pooling's padding must be below its kernel size, 2×2")
    add(pooling("stride: 2"), "2, column 59: p has no kernel_size in its pooling_param")
    add(pooling("global_pooling: true kernel_size: 2"), "2, column 59: p pools the whole map")
    add(
      data + layer("e", ["data"], "type: 'Eltwise'"),
      "2, column 1: e reads 1 blob; Eltwise reads 2 or more")
    add(
      data + layer("r", ["data", "data"]), "2, column 1: r reads 2 blobs; ReLU reads 1")
    add(
      data + "layer { name: 'r' type: 'ReLU' bottom: 'data' }",
      "2, column 1: r makes no blob; ReLU makes 1, as in top: \"r\"")
    add(
      data + "layer { name: 'r' type: 'ReLU' bottom: 'data' top: 'r' top: 'q' }",
      "2, column 1: r makes 2 blobs; ReLU makes 1")
    add(
      data
        + layer("c", [], "type: 'Convolution' convolution_param { num_output: 2 kernel_size: 3 }"),
      "2, column 1: c reads no blob; Convolution reads 1")
    add(
      data + layer("c", ["data", "data"], "type: 'Convolution'"),
      "2, column 1: c reads 2 blobs and makes 1; Convolution makes one of each")
    add(
      data + layer("d", ["data"], "type: 'Input'"), "2, column 1: d reads 1 blob; Input reads 0")
    add(
      layer("data", [], "type: 'Input' input_param { shape { dim: [1, 3, 8, 8] } }"),
      "1, column 1: no layer reads the picture, data; one that does is")
    add(
      data + layer("l", ["data"], "type: 'EuclideanLoss'"),
      "1, column 1: no layer makes maps of the picture, data")
    let pair = convolution("num_output: 3 kernel_size: 3 } param { name: 'w'")
    add(
      pair + layer("d", ["c"], "type: 'PReLU' param { name: 'w' }"),
      "3, column 1: d.weight is to be the same as in c, w, and their shapes are (3) and (3, 3, 3, 3)"
    )
    add(
      data + layer("e", ["data", "data"], "type: 'Eltwise' eltwise_param { coeff: 1 }"),
      "2, column 74: e has 1 coefficient for 2 blobs")
    add(
      data + layer("e", ["data", "data"], "type: 'Crop' crop_param { offset: [1, 2, 3] }"),
      "2, column 71: e has 3 offsets; there must be one, or one for each of the 2 axes from axis 2 on"
    )
    add(
      data + layer("s", ["data"], "type: 'Slice' slice_param { slice_point: 5 }"),
      "2, column 84: slice_point is 5")
    add(
      data + layer("l", ["data"], "type: 'LRN' lrn_param { local_size: 4 }"),
      "2, column 79: l: local_size is 4; it must be odd")
    return cases
  }()

  @Test func `weights that lie the other way round are refused, not read wrongly`() throws {
    for (value, isRefused) in [("true", true), ("false", false)] {
      let text =
        Self.data
        + Self.layer(
          "f", ["data"],
          "type: 'InnerProduct' inner_product_param { num_output: 2 transpose: \(value) }")
      guard isRefused else {
        #expect(try net(text).network.layers.count == 2)
        continue
      }
      let error = #expect(throws: NetworkTextError.self) { try net(text) }
      #expect(error?.description.contains("f: transpose is true") == true)
    }
  }

  @Test(arguments: mistakes) func `mistakes are answered with the place`(
    text: String, sentence: String
  ) throws {
    let error = #expect(throws: NetworkTextError.self) { try net(text) }
    let said = error?.description ?? "none"
    #expect(said.hasPrefix("line \(sentence)"), "\(said)")
    #expect(!said.contains("\u{1B}") && said.count < 400)
  }

  @Test func `what has no window says which picture has one`() throws {
    let pooled = (1...5).map {
      Self.layer(
        "p\($0)", [$0 == 1 ? "data" : "p\($0 - 1)"],
        "type: 'Pooling' pooling_param { kernel_size: 3 stride: 3 round_mode: FLOOR }")
    }.joined()
    let fc = Self.layer("fc", ["p5"], "type: 'InnerProduct' inner_product_param { num_output: 2 }")
    let error = #expect(throws: GeometryError.self) { try net(Self.data + pooled + fc) }
    #expect(error?.description.contains("the picture needs at least 243 pixels each way") == true)
  }

  @Test func `where every picture comes to one cell, no larger one is advised`() throws {
    let fc = Self.layer(
      "fc", ["data"], "type: 'InnerProduct' inner_product_param { num_output: 2 }")
    let pool = Self.layer("p", ["fc"], "type: 'Pooling' pooling_param { kernel_size: 3 }")
    let caffe = try net(Self.data + fc + pool)
    let (text, size) = try Network.described(by: "fc 10; conv 3 k3")
    for (network, size) in [(caffe.network, caffe.size), (text, size)] {
      let error = #expect(throws: GeometryError.self) { try network.shapes(input: size) }
      #expect(
        error?.description.hasSuffix(
          "; no other size of the picture, up to 1000000000, goes through") == true,
        "\(error?.description ?? "none")")
    }
  }

  @Test func `a network of two pictures has a table, and is not run`() throws {
    let two = try net(
      "input: 'a' input: 'b' input_dim: [1, 3, 8, 8, 1, 3, 8, 8] "
        + Self.layer("sum", ["a", "b"], "type: 'Eltwise'")
        + Self.layer("pool", ["sum"], "type: 'Pooling' pooling_param { kernel_size: 9 }"))
    let error = #expect(throws: GeometryError.self) { try NetworkTable(two.network, input: 8) }
    #expect(error?.description.contains("the picture needs at least 9 pixels") == true)
    #expect(try NetworkTable(two.network, input: 10).rows.last?.field?.size == 9)
    let x = Tensor<Float>(shape: [1, 3, 10, 10], repeating: 1)
    let refused = #expect(throws: GeometryError.self) { try two.network.forward(x, weights: [:]) }
    #expect(refused?.description.contains("reads 2 pictures, a, b") == true)
    #expect(throws: GeometryError.self) {
      try FastNetwork(two.network, weights: WeightSource([:]))
    }
  }

  @Test func `more of anything than a network has`() throws {
    let many = (1...2001).map { Self.layer("r\($0)", [$0 == 1 ? "data" : "r\($0 - 1)"]) }
    let doubling = (1...60).map {
      Self.layer(
        "d\($0)", Array(repeating: $0 == 1 ? "data" : "d\($0 - 1)", count: 2), "type: 'Concat'")
    }
    let bottoms = String(repeating: "bottom: 'data' ", count: 5000)
    for text in [
      many.joined(), doubling.joined(), "layer { name: 'a' type: 'Concat' \(bottoms) top: 'a' }",
      Self.layer(String(repeating: "n", count: 257), ["data"]),
    ] {
      #expect(throws: NetworkTextError.self) { try net(Self.data + text) }
    }
    // As deep as it may be, and still quick.
    let deep = try net(Self.data + many.dropLast().joined())
    #expect(deep.network.layers.count == 2001)
  }

  @Test func `whatever comes, it is a network or a sentence`() throws {
    let original = """
      name: 'n' input: 'data' input_dim: [1, 3, 32, 24]
      layer { name: 'c' type: 'Convolution' bottom: 'data' top: 'c'
        convolution_param { num_output: 6 kernel_size: 3 pad: 1 stride: 2 group: 3 } }
      layer { name: 'r' type: 'ReLU' bottom: 'c' top: 'c' }
      layer { name: 'p' type: 'Pooling' bottom: 'c' top: 'p' pooling_param { kernel_size: 2 stride: 2 } }
      layer { name: 's' type: 'Slice' bottom: 'p' top: 's1' top: 's2' slice_param { slice_point: 2 } }
      layer { name: 'u' type: 'Deconvolution' bottom: 'p' top: 'u'
        convolution_param { num_output: 6 kernel_size: 4 stride: 2 bias_term: false } }
      layer { name: 'k' type: 'Crop' bottom: 'u' bottom: 'c' top: 'k' crop_param { offset: 1 } }
      layer { name: 'e' type: 'Eltwise' bottom: 'k' bottom: 'c' top: 'e' }
      layer { name: 'f' type: 'InnerProduct' bottom: 's1' top: 'f' inner_product_param { num_output: 4 } }
      layer { name: 'x' type: 'Strange' bottom: 'e' top: 'x' include { phase: TEST } }
      layer { name: 'l' type: 'SoftmaxWithLoss' bottom: 'f' top: 'l' }
      """
    let words = [
      "'data'", "'c'", "'p'", "'u'", "'x'", "0", "-1", "3", "1000000", "1e9", "nan", "{", "}", "[",
      "]",
      "bottom: 'e'", "top: 'c'", "type: 'Concat'", "type: 'Flatten'", "type: 'Axpy'", "axis: 0",
      "offset: 40", "kernel_size: 7", "global_pooling: true", "phase: TRAIN", "type: 'Reshape'",
      "type: 'Softmax'", "type: 'Scale'", "type: 'Interp'", "dim: -1", ":", ",",
    ]
    let pieces = original.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
    var random = SplitMix64(seed: 13)
    var networks = 0
    for _ in 0..<2500 {
      var changed = pieces
      for _ in 0..<random.integer(in: 1...3) {
        let place = random.integer(in: 0...changed.count - 1)
        switch random.integer(in: 0...3) {
        case 0: changed.remove(at: place)
        case 1: changed[place] = words[random.integer(in: 0...words.count - 1)]
        case 2: changed.insert(words[random.integer(in: 0...words.count - 1)], at: place)
        default: changed.swapAt(place, random.integer(in: 0...changed.count - 1))
        }
      }
      do {
        let net = try net(changed.joined(separator: " "))
        networks += 1
        _ = try NetworkTable(net.network, input: net.size)
      } catch is NetworkTextError {
      } catch is GeometryError {
      }
    }
    #expect(networks > 60)
  }
}
