import ConvolutionArithmetic
import Networks
import Tensors
import Testing

/// Networks from Caffe's `.prototxt` files.
@Suite struct CaffeNetTests {
  private func net(
    _ text: String, phase: CaffePhase? = nil, channels: Int? = nil, size: Size? = nil
  ) throws -> CaffeNet {
    try CaffeNet(
      text: Array(text.utf8), name: "net", phase: phase, channels: channels, size: size)
  }

  /// The shapes of the layers of these names, as the table writes them.
  private func shapes(_ net: CaffeNet, _ names: [String]) throws -> [String] {
    let table = try NetworkTable(net.network, input: net.size)
    return names.map { name in
      table.rows.first { $0.layer.name == name }.map { "\($0.output.map(String.init) ?? "–")" }
        ?? "none"
    }
  }

  // MARK: Published networks

  @Test(arguments: CaffeText.fcns.map(\.name))
  func `an FCN of the authors, crops and all`(name: String) throws {
    let text = try #require(CaffeText.fcns.first { $0.name == name }).text
    for size in [Size(500), Size(height: 375, width: 500), Size(height: 33, width: 1)] {
      let net = try net(text, size: size)
      let table = try NetworkTable(net.network, input: size)
      for row in table.rows where row.layer.name.hasPrefix("score") && row.crop != nil {
        let crop = try #require(row.crop)
        #expect(crop.aligned == crop.offsets, "\(name), \(row.layer.name): \(crop)")
      }
      for score in table.rows where ["score", "score_sem", "score_geo"].contains(score.layer.name) {
        #expect(score.output?.size == size, "\(name), \(score.layer.name)")
      }
      #expect(net.notes.count == 2 && net.notes[0].contains("3 channels are taken"))
      #expect(net.notes[1].hasPrefix("left out, for no map comes from them: loss"))
    }
  }

  @Test func `there are fifteen of them`() {
    #expect(CaffeText.fcns.count == 15 && Set(CaffeText.fcns.map(\.name)).count == 15)
  }

  @Test(arguments: [
    ("voc-fcn32s", Network.fcn32s()), ("voc-fcn16s", .fcn16s()), ("voc-fcn8s", .fcn8s()),
    ("voc-fcn8s-atonce", .fcn8sAtOnce()), ("voc-fcn-alexnet", .fcnAlexNet()),
    ("pascalcontext-fcn8s", .fcn8s(classes: 60)), ("nyud-fcn32s-hha", .fcn32s(classes: 40)),
  ]) func `the same maps, weights and fields as the book's`(name: String, book: Network) throws {
    let text = try #require(CaffeText.fcns.first { $0.name == name }).text
    let size = Size(height: 375, width: 500)
    let network = try net(text, size: size).network
    let table = try NetworkTable(network, input: size)
    let rows = Dictionary(uniqueKeysWithValues: table.rows.map { ($0.layer.name, $0) })
    for row in try NetworkTable(book, input: size).rows.dropFirst() {
      let mine = try #require(rows[row.layer.name], "\(row.layer.name)")
      #expect(mine.output == row.output, "\(row.layer.name)")
      #expect(mine.field == row.field && mine.fieldAcross == row.fieldAcross, "\(row.layer.name)")
      #expect(mine.crop?.offsets == row.crop?.offsets, "\(row.layer.name)")
      #expect(mine.multiplyAdds == row.multiplyAdds, "\(row.layer.name)")
      // At once, Caffe's factors are weights of a layer Scale.
      if !row.layer.name.hasPrefix("scale_") { #expect(mine.parameters == row.parameters) }
    }
  }

  @Test func `CaffeNet and AlexNet, with the picture that their data layer crops`() throws {
    let sizes = ["conv1", "pool1", "conv2", "pool2", "conv5", "pool5", "fc6", "drop7", "fc8"]
    let expected = [
      "96×55×55", "96×27×27", "256×27×27", "256×13×13", "256×13×13", "256×6×6", "4096×1×1",
      "4096×1×1", "1000×1×1",
    ]
    for text in [CaffeText.caffeNetTrainVal, CaffeText.alexNetDeploy] {
      let net = try net(text)
      #expect(net.size == 227)
      #expect(try shapes(net, sizes) == expected)
      // Groups of two see half the channels.
      let weights = [
        96 * 3 * 121, 256 * 48 * 25, 384 * 256 * 9, 384 * 192 * 9, 256 * 192 * 9,
        4096 * 256 * 36, 4096 * 4096, 1000 * 4096,
      ]
      let biases = 96 + 256 + 384 + 384 + 256 + 4096 + 4096 + 1000
      let parameters = try NetworkTable(net.network, input: net.size).parameters
      #expect(parameters == weights.reduce(0, +) + biases && parameters == 60_965_224)
    }
  }

  @Test func `VGG16 of the first generation`() throws {
    let net = try net(CaffeText.vgg16)
    #expect(
      try shapes(net, ["data", "conv1_1", "relu1_2", "pool1", "pool5", "fc6", "relu6", "prob"]) == [
        "3×224×224", "64×224×224", "64×224×224", "64×112×112", "512×7×7", "4096×1×1", "4096×1×1",
        "1000×1×1",
      ])
    let table = try NetworkTable(net.network, input: net.size)
    #expect(table.parameters == 138_357_544)
    #expect(try table.multiplyAdds == NetworkTable(.vgg16(), input: 224).multiplyAdds)
    #expect(net.network.name == "VGG_16" && net.notes == [])
    // A larger picture has a larger fc6, as Caffe would reshape it.
    #expect(
      try shapes(self.net(CaffeText.vgg16, size: 500), ["pool5", "fc6"]) == [
        "512×16×16", "4096×1×1",
      ])
  }

  @Test func `GoogLeNet, its pools rounded up and its streams concatenated`() throws {
    let net = try net(CaffeText.googLeNet)
    #expect(
      try shapes(
        net,
        [
          "conv1/7x7_s2", "pool1/3x3_s2", "conv2/3x3", "pool2/3x3_s2", "inception_3a/output",
          "inception_3b/output", "pool3/3x3_s2", "inception_4a/pool", "inception_4e/output",
          "pool4/3x3_s2", "inception_5b/output", "pool5/7x7_s1", "loss3/classifier",
        ]) == [
          "64×112×112", "64×56×56", "192×56×56", "192×28×28", "256×28×28", "480×28×28",
          "480×14×14", "480×14×14", "832×14×14", "832×7×7", "1024×7×7", "1024×1×1", "1000×1×1",
        ])
    #expect(try NetworkTable(net.network, input: net.size).parameters == 6_998_552)
  }

  @Test func `ResNet-50, its normalizations and factors in place`() throws {
    let net = try net(CaffeText.resNet50)
    #expect(
      try shapes(
        net,
        [
          "conv1", "scale_conv1", "pool1", "res2a_branch1", "res2a", "res2c_relu", "res3a",
          "res4f_relu", "res5c", "pool5", "fc1000",
        ]) == [
          "64×112×112", "64×112×112", "64×56×56", "256×56×56", "256×56×56", "256×56×56",
          "512×28×28", "1024×14×14", "2048×7×7", "2048×1×1", "1000×1×1",
        ])
    let table = try NetworkTable(net.network, input: net.size)
    #expect(table.parameters == 25_557_032)
    // BatchNorm's mean and variance are observed; the learned factors are Scale's.
    let rows = Dictionary(uniqueKeysWithValues: table.rows.map { ($0.layer.name, $0.parameters) })
    #expect(rows["bn_conv1"] == 0 && rows["scale_conv1"] == 64 + 64)
    // The sum adds what Scale gave, not the convolution before it.
    #expect(net.network["res2a"]?.inputs == ["scale2a_branch1", "scale2a_branch2c"])
  }

  // MARK: Shared weights, several blobs, layers nobody knows

  @Test(arguments: [
    "param { name: 'w' } param { name: 'b' lr_mult: 2 }", "param: 'w' param: 'b'",
    "param { name: 'w' share_mode: STRICT } param { name: 'b' }",
  ]) func `weights that two layers share are counted once`(param: String) throws {
    let isFirst = param.hasPrefix("param:")
    let kind = isFirst ? "CONVOLUTION" : "'Convolution'"
    func layer(_ name: String, _ bottom: String) -> String {
      "\(isFirst ? "layers" : "layer") { name: '\(name)' type: \(kind) bottom: '\(bottom)' top: '\(name)' \(param)\n"
        + " convolution_param { num_output: 8 kernel_size: 3 pad: 1 } }\n"
    }
    let net = try net(
      "input: 'data' input_dim: [1, 8, 10, 10]\n" + layer("a", "data") + layer("b", "a")
        + "layer { name: 'c' type: 'Convolution' bottom: 'b' top: 'c' param { name: '' } param { name: 'b' }\n"
        + " convolution_param { num_output: 8 kernel_size: 1 } }")
    let table = try NetworkTable(net.network, input: net.size)
    #expect(table.rows.map(\.parameters) == [0, 8 * 8 * 9 + 8, 0, 8 * 8])
    #expect(table.rows.map(\.sharedWith) == [[], [], ["a"], ["a"]])
    #expect(table.parameters == 8 * 8 * 9 + 8 + 8 * 8)
    // Each uses them once for each cell.
    #expect(table.multiplyAdds == 100 * (2 * 8 * 8 * 9 + 8 * 8))
    #expect(
      net.network.sharedParameters == [
        "b.weight": "a.weight", "b.bias": "a.bias", "c.bias": "a.bias",
      ])
  }

  @Test func `a convolution of two blobs is two with the same weights`() throws {
    let net = try net(
      """
      layer { name: 'in' type: 'Input' top: 'l' top: 'r' input_param { shape { dim: [1, 3, 9, 9] } } }
      layer { name: 'c' type: 'Convolution' bottom: 'l' bottom: 'r' top: 'cl' top: 'cr'
        convolution_param { num_output: 5 kernel_size: 3 } }
      layer { name: 's' type: 'Eltwise' bottom: 'cl' bottom: 'cr' top: 's' }
      """)
    #expect(try shapes(net, ["c", "c/cr", "s"]) == ["5×7×7", "5×7×7", "5×7×7"])
    #expect(try NetworkTable(net.network, input: 9).parameters == 5 * 3 * 9 + 5)
  }

  @Test func `of layers behind an unknown one nothing is said that is not so`() throws {
    let known = [
      "InnerProduct' inner_product_param { num_output: 2 }",
      "PReLU' prelu_param { channel_shared: true }",
      "Reshape' reshape_param { shape { dim: [0, -1] } }",
      "Interp' interp_param { height: 9 width: 9 }",
      "Slice", "Concat", "LRN", "Softmax", "Flatten", "BatchNorm", "Scale", "ShuffleChannel",
      "DepthwiseConvolution' convolution_param { num_output: 2 kernel_size: 3 }",
      "Crop' bottom: 'data", "Pooling' pooling_param { kernel_size: 2 }",
    ]
    let text =
      "input: 'data' input_dim: [1, 4, 9, 9] "
      + "layer { name: 'x' type: 'Strange' bottom: 'data' top: 'x' }\n"
      + "layer { name: 'f' type: 'Flatten' bottom: 'x' top: 'f' }\n"
      + ["x", "f"].flatMap { bottom in
        known.enumerated().map { index, type in
          let rest = type.contains("'") && !type.contains("bottom") ? "" : "'"
          return "layer { name: '\(bottom)\(index)' bottom: '\(bottom)' top: '\(bottom)\(index)' "
            + "type: '\(type)\(rest) }\n"
        }
      }.joined()
    let net = try net(text)
    #expect(
      net.notes == ["not this book's, so that they and what reads them have no size: x (Strange)"])
    let table = try NetworkTable(net.network, input: net.size)
    #expect(table.rows.dropFirst().allSatisfy { $0.output == nil && $0.parameters == 0 })
    let error = #expect(throws: GeometryError.self) { try net.network.shapes(input: net.size) }
    #expect(
      error?.description.contains(
        "layer x (Strange) is no operation of the book") == true)
  }

  // MARK: Crops

  private func small(_ crop: String) -> String {
    """
    layer { name: "data" type: "Input" top: "data" input_param { shape { dim: [1, 3, 64, 64] } } }
    layer { name: "a" type: "Convolution" bottom: "data" top: "a"
            convolution_param { num_output: 2 kernel_size: 3 pad: 20 stride: 2 } }
    layer { name: "up" type: "Deconvolution" bottom: "a" top: "up"
            convolution_param { num_output: 2 kernel_size: 4 stride: 2 bias_term: false } }
    layer { name: "c" type: "Crop" bottom: "up" bottom: "data" top: "c" \(crop) }
    """
  }

  static let crops: [(crop: String, offset: Size, isWritten: Bool)] = {
    var cases: [(crop: String, offset: Size, isWritten: Bool)] = []
    func add(_ crop: String, _ offset: Size, _ isWritten: Bool) {
      cases.append((crop, offset, isWritten))
    }
    add("", Size(0), false)
    add("crop_param { offset: 3 }", 3, true)
    add("crop_param { axis: 2 offset: 3 offset: 5 }", Size(height: 3, width: 5), true)
    add("crop_param { axis: -2 offset: [3, 5] }", Size(height: 3, width: 5), true)
    add("crop_param { axis: 2 }", 0, true)
    return cases
  }()

  @Test(arguments: crops) func `an offset that is written counts`(
    crop: String, offset: Size, isWritten: Bool
  ) throws {
    let net = try net(small(crop))
    let row = try #require(try NetworkTable(net.network, input: net.size).rows.last)
    #expect(row.output == MapShape(channels: 2, size: 64))
    #expect(row.crop?.offsets == offset)
    #expect(row.crop?.aligned == nil)
    #expect(net.notes.contains { $0.hasPrefix("no offset is written") } == !isWritten)
  }

  @Test func `a crop from the channels on keeps as many as its second blob has`() throws {
    func cropped(_ offsets: String) throws -> NetworkTable.Row {
      let net = try net(
        """
        input: "data" input_dim: [1, 9, 20, 20]
        layer { name: "t" type: "Convolution" bottom: "data" top: "t"
                convolution_param { num_output: 4 kernel_size: 3 } }
        layer { name: "e" type: "Crop" bottom: "data" bottom: "t" top: "e"
                crop_param { axis: 1 \(offsets) } }
        """)
      return try #require(try NetworkTable(net.network, input: net.size).rows.last)
    }
    for (offsets, offset) in [
      ("", Size(0)), ("offset: 1", Size(1)), ("offset: [5, 2, 0]", Size(height: 2, width: 0)),
    ] {
      let row = try cropped(offsets)
      #expect(row.output == MapShape(channels: 4, size: 18) && row.crop?.offsets == offset)
    }
    // Channels 6 to 9 are four, and there are 9, the last of them channel 8.
    #expect(throws: NetworkTextError.self) { try cropped("offset: [6, 0, 0]") }
  }

  @Test func `a wrong offset is used, and the right one said`() throws {
    var file = CaffeText()
    file.data("data", "label")
    file.vgg("data")
    // 28 instead of 31 stands in many copies of FCN-8s.
    file.scores(8, 21, crops: (5, 9, 28))
    let net = try net(file.text, size: 500)
    let crop = try #require(try NetworkTable(net.network, input: 500).rows.last?.crop)
    #expect(crop.offset == 28 && crop.aligned == 31)
    #expect("\(crop)".contains("offset 28, as written; 31 would lay the two together"))
  }

  @Test func `an offset that is not written is derived`() throws {
    for (stride, offsets) in [(32, [19]), (16, [5, 27]), (8, [5, 9, 31])] {
      var file = CaffeText()
      file.input(500, 500)
      file.vgg("data")
      file.scores(stride, 21, crops: nil)
      let net = try net(file.text)
      let crops = try NetworkTable(net.network, input: 500).rows.compactMap(\.crop)
      #expect(crops.map(\.offset) == offsets)
      #expect(net.notes.first?.hasPrefix("no offset is written for") == true)
    }
  }

  @Test func `maps in rows of different lengths lie behind each other`() throws {
    let row = "reshape_param { shape { dim: 0 dim: -1 dim: 1 dim: 1 } }"
    let net = try net(
      """
      input: "data" input_shape { dim: [1, 3, 8, 8] }
      layer { name: "p" type: "Pooling" bottom: "data" top: "p" pooling_param { global_pooling: true } }
      layer { name: "rp" type: "Reshape" bottom: "p" top: "rp" \(row) }
      layer { name: "q" type: "Pooling" bottom: "data" top: "q"
              pooling_param { kernel_size: 4 stride: 4 } }
      layer { name: "rq" type: "Reshape" bottom: "q" top: "rq" \(row) }
      layer { name: "c" type: "Concat" bottom: "rp" bottom: "rq" top: "c" }
      layer { name: "fc" type: "InnerProduct" bottom: "c" top: "fc"
              inner_product_param { num_output: 5 } }
      """)
    let table = try NetworkTable(net.network, input: 8)
    // 3 largest of the whole maps, and 3·2·2 of quarters.
    let row1 = try #require(table.rows.first { $0.layer.name == "c" })
    #expect(row1.output == MapShape(channels: 3 + 3 * 4, size: 1))
    #expect(table.rows.last?.parameters == 15 * 5 + 5)
    #expect(net.notes == [])
  }

  // MARK: What Caffe computes otherwise

  private func layer(_ type: String, _ rest: String) -> String {
    "input: \"data\" input_shape { dim: [1, 3, 8, 8] }\n"
      + "layer { name: \"x\" type: \"\(type)\" bottom: \"data\" top: \"x\" \(rest) }\n"
      + "layer { name: \"y\" type: \"ReLU\" bottom: \"data\" top: \"y\" }"
  }

  @Test func `what would change a number and is not done here is told`() throws {
    let own = try net(layer("BatchNorm", "batch_norm_param { use_global_stats: false }"))
    #expect(own.notes.count == 1)
    #expect(own.notes.first?.contains("use_global_stats is false") == true)
    #expect(try net(layer("BatchNorm", "batch_norm_param { use_global_stats: true }")).notes == [])
    let odd = try net(
      layer("Convolution", "convolution_param { num_output: 2 kernel_size: 3 sparsity: 2 }"))
    #expect(
      odd.notes == [
        "fields that are not known here and not taken into account, so that sizes and numbers may differ: "
          + "convolution_param.sparsity of x"
      ])
    // In DeepLab's branch a dropout may be scaled when it has been trained.
    let late = try net(
      layer("Dropout", "dropout_param { dropout_ratio: 0.25 scale_train: false }"))
    #expect(late.network["x"]?.operation == .scale(1 - 0.25) && late.notes == [])
  }

  @Test(
    arguments: [
      ("Softmax", "softmax_param { axis: 2 }", "has axis 2; the book has it along axis 1"),
      (
        "InnerProduct", "inner_product_param { num_output: 2 axis: 2 }",
        "has axis 2; the book has it along axis 1"
      ),
      (
        "Convolution", "convolution_param { num_output: 2 kernel_size: 3 axis: 2 }",
        "has axis 2; the book has it along axis 1"
      ),
      (
        "Exp", "exp_param { base: 2 }",
        "has base 2.0; the book has it with base e, scale 1 and shift 0"
      ),
      (
        "LRN", "lrn_param { norm_region: WITHIN_CHANNEL }",
        "has norm_region WITHIN_CHANNEL; the book has ACROSS_CHANNELS"
      ),
    ]) func `an attribute that the book lacks is told, in the table and on running`(
      type: String, parameters: String, reason: String
    ) throws
  {
    let net = try net(layer(type, parameters))
    #expect(
      net.notes == [
        "not this book's, so that they and what reads them have no size: x (\(type)) \(reason)"
      ])
    // The neighbours have their sizes.
    #expect(try net.network.knownShapes(input: 8).last??.size == 8)
    let whole = try #require(net.network["x"]?.whyUnknown)
    #expect(whole == "x (\(type)) \(reason)")
    let sentences: [(String, () throws -> Void)] = [
      ("shapes", { _ = try net.network.shapes(input: 8) }),
      ("steps", { _ = try FastOutline(net.network) }),
      ("field", { _ = try net.network.axisGraph() }),
    ]
    for (name, ask) in sentences {
      let error = #expect(throws: GeometryError.self) { try ask() }
      #expect(error?.description.contains(whole) == true, "\(name): \(error!)")
    }
  }

  // MARK: Phases, places and pictures

  @Test func `which net of a file: tested, trained, deployed`() throws {
    func layer(_ name: String, _ rule: String) -> String {
      "layer { name: \"\(name)\" type: \"ReLU\" bottom: \"data\" top: \"\(name)\" \(rule) }\n"
    }
    let source = "input: \"data\" input_shape { dim: [1, 3, 8, 8] }\n"
    let text =
      source + layer("always", "") + layer("training", "include { phase: TRAIN }")
      + layer("testing", "include: { phase: TEST }")
      + layer("untrained", "exclude { phase: TRAIN }")
      + layer("level", "include { min_level: 1 }") + layer("stage", "include { stage: \"extra\" }")
      + layer("nostage", "include { phase: TRAIN } include { not_stage: \"extra\" }")
      + layer("deployed", "include { stage: \"deploy\" }")
    func names(_ text: String, _ phase: CaffePhase? = nil) throws -> [String] {
      try net(text, phase: phase).network.layers.dropFirst().map(\.name)
    }
    // A net that states no stage is in none, as in Caffe.
    #expect(try names(text) == ["always", "testing", "untrained", "nostage"])
    #expect(try names(text, .train) == ["always", "training", "nostage"])
    #expect(
      try net(text).notes == [
        "for stages in which the net is not, and left out as Caffe does it: stage (extra), deployed "
          + "(deploy); state { stage: \"extra\" } in the file says that it is"
      ])
    let deployed = "state { stage: \"deploy\" } " + text
    #expect(try names(deployed) == ["always", "testing", "untrained", "nostage", "deployed"])
    #expect(
      try names("state { phase: TRAIN level: 1 stage: \"extra\" } " + text)
        == ["always", "training", "level", "stage", "nostage"])
    // Where nothing comes into the net that is tested, the one that is trained is meant.
    let data = "layer { name: \"d\" type: \"Data\" top: \"data\" include { phase: TRAIN } }"
    let training = try net(data + layer("a", ""), channels: 3, size: 8)
    #expect(training.notes.first?.contains("this is the one that is trained") == true)
  }

  @Test func `in place: whoever reads the blob later reads the last layer that made it`() throws {
    let net = try net(
      """
      input: "data" input_dim: 1 input_dim: 3 input_dim: 8 input_dim: 8
      layer { name: "before" type: "Power" bottom: "data" top: "before" power_param { scale: 2 } }
      layer { name: "relu" type: "ReLU" bottom: "data" top: "data" }
      layer { name: "after" type: "Eltwise" bottom: "data" bottom: "before" top: "after" }
      """)
    #expect(net.network["before"]?.inputs == ["data"])
    #expect(net.network["after"]?.inputs == ["relu", "before"])
  }

  private static let scored = """
    layer { name: "a" type: "Convolution" bottom: "data" top: "a"
            convolution_param { num_output: 4 kernel_size: 1 } }
    """

  static let sources: [(source: String, shape: String, notes: Int)] = {
    var cases: [(source: String, shape: String, notes: Int)] = []
    func add(_ source: String, _ shape: String, _ notes: Int) {
      cases.append((source, shape, notes))
    }
    add("input: 'data' input_dim: [2, 1, 28, 32]", "1×28×32", 0)
    add("input: 'data' input_shape { dim: 2 dim: 1 dim: 28 dim: 32 }", "1×28×32", 0)
    add("input: 'data' input_shape { dim: 2 dim: 5 }", "5×1×1", 0)
    add(
      "layer { type: 'Input' top: 'data' input_param { shape: { dim: [2, 1, 28, 32] } } }",
      "1×28×32", 0)
    add(
      "layer { type: 'DummyData' top: 'data' dummy_data_param { shape { dim: [2, 4, 6, 8] } } }",
      "4×6×8", 0)
    add(
      "layer { type: 'DummyData' top: 'data' dummy_data_param { num: 1 channels: 4 height: 6 width: 8 } }",
      "4×6×8", 0)
    add("layers { type: DATA top: 'data' top: 'label' data_param { crop_size: 30 } }", "3×30×30", 1)
    add(
      "layer { type: 'Data' top: 'data' transform_param { crop_size: 30 mean_value: [1, 2, 3] } }",
      "3×30×30", 0)
    add(
      "layer { type: 'ImageData' top: 'data' image_data_param { new_height: 20 new_width: 30 is_color: false } }",
      "1×20×30", 0)
    add(
      "layer { type: 'MemoryData' top: 'data' memory_data_param { batch_size: 1 channels: 2 height: 20 width: 30 } }",
      "2×20×30", 0)
    add("layer { type: 'MyLMDBReader' top: 'data' top: 'label' }", "3×224×224", 1)
    return cases
  }()

  @Test(arguments: sources) func `what the file tells of the picture`(
    source: String, shape: String, notes: Int
  ) throws {
    let net = try net(source + Self.scored)
    let table = try NetworkTable(net.network, input: net.size)
    #expect(table.rows[0].output.map(String.init) == shape)
    #expect(net.notes.count { $0.contains("--input") } == notes)
    let asked = try self.net(source + Self.scored, channels: 6, size: Size(height: 5, width: 7))
    #expect(asked.network.channels["a"] == 4 && asked.size == Size(height: 5, width: 7))
    #expect(asked.network.layers[0].operation == .input(channels: 6))
  }

  // MARK: Kinds of layers

  static let kinds: [(type: String, numbers: String, shape: String, parameters: Int)] = {
    var cases: [(type: String, numbers: String, shape: String, parameters: Int)] = []
    func add(_ type: String, _ numbers: String, _ shape: String, _ parameters: Int) {
      cases.append((type, numbers, shape, parameters))
    }
    add(
      "Convolution",
      "convolution_param { num_output: 4 kernel_size: 3 kernel_size: 5 stride: 2 pad: 1 pad: 0 }",
      "4×4×3", 4 * 6 * 15 + 4)
    add(
      "Convolution",
      "convolution_param { num_output: 4 kernel_h: 3 kernel_w: 1 stride_h: 1 stride_w: 2 pad_h: 1 dilation: 2 bias_term: false }",
      "4×6×5", 4 * 6 * 3)
    add(
      "Convolution", "convolution_param { num_output: 6 kernel_size: 3 group: 6 hole: 2 }", "6×4×6",
      6 * 9 + 6)
    add(
      "ConvolutionDepthwise", "convolution_param { num_output: 6 kernel_size: 3 pad: 1 }", "6×8×10",
      6 * 9 + 6)
    add(
      "Deconvolution",
      "convolution_param { num_output: 6 kernel_size: 4 stride: 2 pad: 1 group: 6 bias_term: false weight_filler { type: 'bilinear' } }",
      "6×16×20", 6 * 16)
    add("Pooling", "pooling_param { kernel_size: 3 stride: 2 }", "6×4×5", 0)
    add("Pooling", "pooling_param { pool: AVE kernel_size: 3 stride: 2 pad: 1 }", "6×5×6", 0)
    add("Pooling", "pooling_param { kernel_size: 3 stride: 2 round_mode: FLOOR }", "6×3×4", 0)
    add("Pooling", "pooling_param { kernel_size: 3 stride: 2 ceil_mode: false }", "6×3×4", 0)
    add("Pooling", "pooling_param { kernel_h: 1 kernel_w: 3 stride_h: 3 stride_w: 4 }", "6×4×3", 0)
    add("Pooling", "pooling_param { pool: AVE global_pooling: true }", "6×1×1", 0)
    add("InnerProduct", "inner_product_param { num_output: 7 }", "7×1×1", 7 * 480 + 7)
    add("InnerProduct", "inner_product_param { num_output: 7 bias_term: false }", "7×1×1", 7 * 480)
    add("ReLU", "", "6×8×10", 0)
    add("ReLU", "relu_param { negative_slope: 0.1 }", "6×8×10", 0)
    add("PReLU", "", "6×8×10", 6)
    add("PReLU", "prelu_param { channel_shared: true }", "6×8×10", 1)
    add("ELU", "elu_param { alpha: 0.5 }", "6×8×10", 0)
    add("Sigmoid", "", "6×8×10", 0)
    add("TanH", "", "6×8×10", 0)
    add("AbsVal", "", "6×8×10", 0)
    add("BNLL", "", "6×8×10", 0)
    add("Exp", "", "6×8×10", 0)
    add("Log", "", "6×8×10", 0)
    add("ReLU6", "", "6×8×10", 0)
    add("Dropout", "dropout_param { dropout_ratio: 0.3 }", "6×8×10", 0)
    add("LRN", "lrn_param { local_size: 3 k: 2 }", "6×8×10", 0)
    add("BatchNorm", "", "6×8×10", 0)
    add("Scale", "", "6×8×10", 6)
    add("Scale", "scale_param { bias_term: true }", "6×8×10", 12)
    add("Bias", "", "6×8×10", 6)
    add("Power", "power_param { power: 2 scale: 0.5 shift: 1 }", "6×8×10", 0)
    add("Softmax", "", "6×8×10", 0)
    add("ShuffleChannel", "shuffle_channel_param { group: 3 }", "6×8×10", 0)
    add("Reshape", "reshape_param { shape { dim: 0 dim: 0 dim: -1 dim: 10 } }", "6×8×10", 0)
    add("Interp", "interp_param { zoom_factor: 2 }", "6×15×19", 0)
    add("Interp", "interp_param { height: 20 width: 30 }", "6×20×30", 0)
    add("Concat", "", "6×8×10", 0)
    add("Split", "", "6×8×10", 0)
    add("ArgMax", "argmax_param { axis: 1 }", "–", 0)
    add("Permute", "", "–", 0)
    add("Pooling", "pooling_param { pool: STOCHASTIC kernel_size: 2 }", "–", 0)
    add("LRN", "lrn_param { norm_region: WITHIN_CHANNEL }", "–", 0)
    add("Reshape", "reshape_param { shape { dim: 0 dim: 2 dim: -1 dim: 10 } }", "–", 0)
    return cases
  }()

  /// The layer of `type` on a map of 6×8×10, and what comes out.
  @Test(arguments: kinds) func `each kind of layer`(
    type: String, numbers: String, shape: String, parameters: Int
  ) throws {
    let net = try net(
      "input: 'data' input_dim: [1, 6, 8, 10] layer { name: 'x' type: '\(type)' bottom: 'data' "
        + "top: 'x' \(numbers) }")
    let row = try #require(try NetworkTable(net.network, input: net.size).rows.last)
    #expect(row.output.map(String.init) ?? "–" == shape)
    #expect(row.parameters == parameters)
    #expect(net.notes.contains { $0.hasPrefix("not this book's") } == (shape == "–"))
  }

  @Test func `several blobs: sums, products, largest, concatenated, sliced, split, reshaped`()
    throws
  {
    let net = try net(
      """
      input: 'data' input_dim: [1, 6, 8, 10]
      layer { name: 'cut' type: 'Slice' bottom: 'data' top: 'p' top: 'q' top: 'r'
              slice_param { axis: 1 slice_point: 1 slice_point: 3 } }
      layer { name: 'thirds' type: 'Slice' bottom: 'data' top: 'u' top: 'v' top: 'w' }
      layer { name: 'cat' type: 'Concat' bottom: 'r' bottom: 'p' top: 'cat' }
      layer { name: 'sum' type: 'Eltwise' bottom: 'u' bottom: 'v' bottom: 'w' top: 'sum'
              eltwise_param { operation: SUM coeff: [1, -1, 0.5] } }
      layer { name: 'product' type: 'Eltwise' bottom: 'u' bottom: 'v' top: 'product' eltwise_param { operation: PROD } }
      layer { name: 'largest' type: 'Eltwise' bottom: 'u' bottom: 'v' top: 'largest' eltwise_param { operation: MAX } }
      layer { name: 'twice' type: 'Split' bottom: 'largest' top: 'one' top: 'two' }
      layer { name: 'again' type: 'Eltwise' bottom: 'one' bottom: 'two' top: 'again' }
      layer { name: 'pool' type: 'Pooling' bottom: 'again' top: 'pool' pooling_param { pool: AVE global_pooling: true } }
      layer { name: 'gate' type: 'Scale' bottom: 'again' bottom: 'pool' top: 'gate' scale_param { axis: 0 } }
      layer { name: 'flat' type: 'Flatten' bottom: 'gate' top: 'flat' }
      layer { name: 'row' type: 'Reshape' bottom: 'cat' top: 'row' reshape_param { shape { dim: 0 dim: -1 } } }
      layer { name: 'fc' type: 'InnerProduct' bottom: 'row' top: 'fc' inner_product_param { num_output: 5 } }
      layer { name: 'end' type: 'Silence' bottom: 'flat' bottom: 'fc' }
      """)
    #expect(
      try shapes(
        net, ["p", "q", "r", "w", "cat", "sum", "product", "twice", "again", "gate", "fc"]) == [
          "1×8×10", "2×8×10", "3×8×10", "2×8×10", "4×8×10", "2×8×10", "2×8×10", "2×8×10", "2×8×10",
          "2×8×10", "5×1×1",
        ])
    #expect(net.network["sum"]?.operation == .sum(coefficients: [1, -1, 0.5]))
    #expect(net.network["again"]?.inputs == ["twice", "twice"])
    #expect(net.notes == ["left out, for no map comes from them: end (Silence)"])
    let fc = net.network.parameters.filter { $0.name.hasPrefix("fc.") }
    #expect(fc.map(\.shape) == [[5, 4, 8, 10], [5]])
  }

  @Test func `a type that is not known is named, and its neighbours are still shown`() throws {
    let net = try net(
      """
      input: 'data' input_dim: [1, 3, 20, 20]
      layer { name: 'a' type: 'Convolution' bottom: 'data' top: 'a' convolution_param { num_output: 8 kernel_size: 3 } }
      layer { name: 'p' type: 'Permutt' bottom: 'a' top: 'p' }
      layer { name: 'r' type: 'Relu' bottom: 'p' top: 'p' }
      layer { name: 'fc' type: 'InnerProduct' bottom: 'p' top: 'fc' inner_product_param { num_output: 5 } }
      layer { name: 'py' type: 'Python' bottom: 'a' top: 'y' python_param { layer: 'Proposal' } }
      layer { name: 'b' type: 'Convolution' bottom: 'a' top: 'b' convolution_param { num_output: 8 kernel_size: 3 } }
      """)
    #expect(
      try shapes(net, ["a", "p", "r", "fc", "py", "b"])
        == ["8×18×18", "–", "–", "–", "–", "8×16×16"])
    let note = try #require(net.notes.first)
    for word in ["p (Permutt)", "r (Relu; did you mean ReLU?)", "py (Python Proposal)"] {
      #expect(note.contains(word), "\(note)")
    }
  }

  @Test func `both generations say the same`() throws {
    let second = """
      name: "n" input: "data" input_dim: [1, 3, 20, 20]
      layer { name: "c" type: "Convolution" bottom: "data" top: "c" convolution_param { num_output: 8 kernel_size: 3 } }
      layer { name: "r" type: "ReLU" bottom: "c" top: "c" include { phase: TEST } }
      layer { name: "i" type: "InnerProduct" bottom: "c" top: "i" inner_product_param { num_output: 2 } }
      layer { name: "s" type: "SoftmaxWithLoss" bottom: "i" bottom: "i" top: "s" }
      """
    var first = second.replacingOccurrences("layer {", "layers {")
    for (new, old) in [
      ("\"Convolution\"", "CONVOLUTION blobs_lr: 1 blobs_lr: 2"), ("\"ReLU\"", "RELU"),
      ("\"InnerProduct\"", "INNER_PRODUCT"), ("\"SoftmaxWithLoss\"", "SOFTMAX_LOSS"),
    ] { first = first.replacingOccurrences(new, old) }
    let (one, two) = (try net(first), try net(second))
    #expect(one.network == two.network && one.size == two.size && one.notes == two.notes)
  }
}

extension String {
  fileprivate func replacingOccurrences(_ old: String, _ new: String) -> String {
    split(separator: old, omittingEmptySubsequences: false).joined(separator: new)
  }
}
