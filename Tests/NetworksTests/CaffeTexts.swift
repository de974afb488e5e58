/// The published networks of Caffe as files, written layer by layer as people write them.
struct CaffeText {
  private(set) var text: String

  init(_ name: String? = nil) { text = name.map { "name: \"\($0)\"\n" } ?? "" }

  /// The picture as a layer.
  mutating func input(_ height: Int, _ width: Int) {
    text += """
      layer {
        name: "data"  type: "Input"  top: "data"
        # only for example
        input_param { shape { dim: 1 dim: 3 dim: \(height) dim: \(width) } }
      }

      """
  }

  /// Pictures and their labels, read by a class in Python.
  mutating func data(_ tops: String...) {
    layer(
      tops[0], "Python", [], tops,
      "python_param { module: \"layers\" layer: \"Data\" param_str: \"{\\'split\\': \\'val\\'}\" }")
  }

  mutating func layer(
    _ name: String, _ type: String, _ bottoms: [String], _ tops: [String]? = nil,
    _ rest: String = ""
  ) {
    text += "layer {\n  name: \"\(name)\"\n  type: \"\(type)\"\n"
    for bottom in bottoms { text += "  bottom: \"\(bottom)\"\n" }
    for top in tops ?? [name] { text += "  top: \"\(top)\"\n" }
    if !rest.isEmpty { text += "  \(rest)\n" }
    text += "}\n"
  }

  /// A convolution, then ReLU in place.
  mutating func convolution(
    _ name: String, _ bottom: String, _ outputs: Int, k: Int, s: Int = 1, p: Int = 0, g: Int = 1,
    bias: Bool = true, relu: String? = nil
  ) {
    var numbers = "num_output: \(outputs)"
    if !bias { numbers += " bias_term: false" }
    if p > 0 { numbers += " pad: \(p)" }
    numbers += " kernel_size: \(k)"
    if g > 1 { numbers += " group: \(g)" }
    if s > 1 { numbers += " stride: \(s)" }
    layer(
      name, "Convolution", [bottom], nil,
      "param { lr_mult: 1 } param { lr_mult: 2 decay_mult: 0 } convolution_param { \(numbers) }")
    if let relu { layer(relu, "ReLU", [name], [name]) }
  }

  mutating func pool(
    _ name: String, _ bottom: String, k: Int, s: Int, p: Int = 0, _ method: String = "MAX"
  ) {
    let pad = p > 0 ? " pad: \(p)" : ""
    layer(
      name, "Pooling", [bottom], nil,
      "pooling_param { pool: \(method) kernel_size: \(k) stride: \(s)\(pad) }")
  }

  mutating func normalization(_ name: String, _ bottom: String) {
    layer(name, "LRN", [bottom], nil, "lrn_param { local_size: 5 alpha: 0.0001 beta: 0.75 }")
  }

  mutating func dropout(_ name: String, _ blob: String) {
    layer(name, "Dropout", [blob], [blob], "dropout_param { dropout_ratio: 0.5 }")
  }

  mutating func fullyConnected(_ name: String, _ bottom: String, _ outputs: Int) {
    layer(name, "InnerProduct", [bottom], nil, "inner_product_param { num_output: \(outputs) }")
  }

  mutating func deconvolution(_ name: String, _ bottom: String, _ outputs: Int, k: Int, s: Int) {
    layer(
      name, "Deconvolution", [bottom], nil,
      "param { lr_mult: 0 } convolution_param { num_output: \(outputs) bias_term: false "
        + "kernel_size: \(k) stride: \(s) }")
  }

  /// - Parameter offset: nil writes none.
  mutating func crop(_ name: String, _ bottom: String, to reference: String, _ offset: Int?) {
    layer(
      name, "Crop", [bottom, reference], nil,
      offset.map { "crop_param { axis: 2 offset: \($0) }" } ?? "")
  }

  mutating func loss(_ name: String, _ score: String, _ label: String) {
    layer(
      name, "SoftmaxWithLoss", [score, label], nil,
      "loss_param { ignore_label: 255 normalize: false }")
  }
}

// MARK: FCN

extension CaffeText {
  /// VGG16's convolutions, slid over a map: `conv1_1` to `fc7`, each name with an ending.
  mutating func vgg(_ data: String, _ ending: String = "", first: String = "conv1_1") {
    var blob = data
    for (block, (count, channels)) in [(2, 64), (2, 128), (3, 256), (3, 512), (3, 512)].enumerated()
    {
      for index in 1...count {
        let isFirst = block == 0 && index == 1
        let name = (isFirst ? first : "conv\(block + 1)_\(index)") + ending
        convolution(
          name, blob, channels, k: 3, p: isFirst ? 100 : 1,
          relu: "relu\(block + 1)_\(index)\(ending)")
        blob = name
      }
      pool("pool\(block + 1)\(ending)", blob, k: 2, s: 2)
      blob = "pool\(block + 1)\(ending)"
    }
    convolution("fc6\(ending)", blob, 4096, k: 7, relu: "relu6\(ending)")
    dropout("drop6\(ending)", "fc6\(ending)")
    convolution("fc7\(ending)", "fc6\(ending)", 4096, k: 1, relu: "relu7\(ending)")
    dropout("drop7\(ending)", "fc7\(ending)")
  }

  /// The scores of an FCN with so many pixels from one to the next, made as fine as `data`.
  ///
  /// - Parameter crops: the offsets; nil writes none.
  mutating func scores(
    _ stride: Int, _ classes: Int, _ ending: String = "", to data: String = "data",
    atOnce: Bool = false, crops: (pool4: Int, pool3: Int, last: Int)?
  ) {
    convolution("score_fr\(ending)", "fc7", classes, k: 1)
    if stride == 32 {
      deconvolution("upscore\(ending)", "score_fr\(ending)", classes, k: 64, s: 32)
      return crop("score\(ending)", "upscore\(ending)", to: data, crops?.last)
    }
    var coarse = "upscore2\(ending)"
    deconvolution(coarse, "score_fr\(ending)", classes, k: 4, s: 2)
    for pool in stride == 16 ? ["pool4"] : ["pool4", "pool3"] {
      var fine = pool
      if atOnce {
        fine = "scale_\(pool)"
        layer(
          fine, "Scale", [pool], nil,
          "param { lr_mult: 0 } scale_param { filler { type: \"constant\" value: 0.01 } }")
      }
      let score = "score_\(pool)\(ending)"
      convolution(score, fine, classes, k: 1)
      crop("\(score)c", score, to: coarse, pool == "pool4" ? crops?.pool4 : crops?.pool3)
      let fused = "fuse_\(pool)\(ending)"
      layer(fused, "Eltwise", [coarse, "\(score)c"], nil, "eltwise_param { operation: SUM }")
      let factor = pool == "pool3" ? 8 : stride == 16 ? 16 : 2
      coarse = factor == 2 ? "upscore_pool4\(ending)" : "upscore\(factor)\(ending)"
      deconvolution(coarse, fused, classes, k: 2 * factor, s: factor)
    }
    crop("score\(ending)", coarse, to: data, crops?.last)
  }

  /// The last offset of an FCN with this stride, as the authors' files write it.
  static func crops(_ stride: Int) -> (pool4: Int, pool3: Int, last: Int) {
    (5, 9, [32: 19, 16: 27, 8: 31][stride]!)
  }

  /// The authors' fifteen networks, with the input channels of each picture.
  static let fcns: [(name: String, text: String)] = {
    var files: [(String, String)] = []
    func add(_ name: String, _ build: (inout CaffeText) -> Void) {
      var file = CaffeText()
      build(&file)
      files.append((name, file.text))
    }
    for (set, classes) in [("voc", 21), ("pascalcontext", 60)] {
      for stride in [32, 16, 8] {
        add("\(set)-fcn\(stride)s") {
          $0.data("data", "label")
          $0.vgg("data")
          $0.scores(stride, classes, crops: crops(stride))
          $0.loss("loss", "score", "label")
        }
      }
    }
    add("voc-fcn8s-atonce") {
      $0.data("data", "label")
      $0.vgg("data")
      $0.scores(8, 21, atOnce: true, crops: crops(8))
      $0.loss("loss", "score", "label")
    }
    add("voc-fcn-alexnet") {
      $0.data("data", "label")
      $0.caffeNet(from: "data", isSlid: true)
      $0.convolution("score_fr", "fc7", 21, k: 1)
      $0.deconvolution("upscore", "score_fr", 21, k: 63, s: 32)
      $0.crop("score", "upscore", to: "data", 18)
      $0.loss("loss", "score", "label")
    }
    for stride in [32, 16, 8] {
      add("siftflow-fcn\(stride)s") {
        $0.data("data", "sem", "geo")
        $0.vgg("data")
        for (ending, classes) in [("sem", 33), ("geo", 3)] {
          $0.scores(stride, classes, "_\(ending)", crops: crops(stride))
          $0.loss("loss_\(ending)", "score_\(ending)", ending)
        }
      }
    }
    for picture in ["color", "hha"] {
      add("nyud-fcn32s-\(picture)") {
        $0.data(picture, "label")
        $0.vgg(picture)
        $0.scores(32, 40, to: picture, crops: crops(32))
        $0.loss("loss", "score", "label")
      }
    }
    add("nyud-fcn32s-color-d") {
      $0.data("color", "depth", "label")
      $0.layer("data", "Concat", ["color", "depth"])
      $0.vgg("data", first: "conv1_1_bgrd")
      $0.scores(32, 40, crops: crops(32))
      $0.loss("loss", "score", "label")
    }
    add("nyud-fcn32s-color-hha") {
      $0.data("color", "hha", "label")
      for picture in ["color", "hha"] {
        $0.vgg(picture, picture)
        $0.convolution("score_fr\(picture)", "fc7\(picture)", 40, k: 1)
      }
      $0.layer(
        "score_fused", "Eltwise", ["score_frcolor", "score_frhha"], nil,
        "eltwise_param { operation: SUM coeff: 0.5 coeff: 0.5 }")
      $0.deconvolution("upscore", "score_fused", 40, k: 64, s: 32)
      $0.crop("score", "upscore", to: "color", 19)
      $0.loss("loss", "score", "label")
    }
    return files
  }()
}

// MARK: Classifiers

extension CaffeText {
  /// CaffeNet, or AlexNet, whose normalizations stand before the pools; up to fc7.
  mutating func caffeNet(from data: String, isSlid: Bool = false, normalizesFirst: Bool = false) {
    convolution("conv1", data, 96, k: 11, s: 4, p: isSlid ? 100 : 0, relu: "relu1")
    var blob = "conv1"
    for index in 1...2 {
      if index == 2 { convolution("conv2", blob, 256, k: 5, p: 2, g: 2, relu: "relu2") }
      if normalizesFirst {
        normalization("norm\(index)", "conv\(index)")
        pool("pool\(index)", "norm\(index)", k: 3, s: 2)
        blob = "pool\(index)"
      } else {
        pool("pool\(index)", "conv\(index)", k: 3, s: 2)
        normalization("norm\(index)", "pool\(index)")
        blob = "norm\(index)"
      }
    }
    convolution("conv3", blob, 384, k: 3, p: 1, relu: "relu3")
    convolution("conv4", "conv3", 384, k: 3, p: 1, g: 2, relu: "relu4")
    convolution("conv5", "conv4", 256, k: 3, p: 1, g: 2, relu: "relu5")
    pool("pool5", "conv5", k: 3, s: 2)
    for (name, bottom, kernel) in [("fc6", "pool5", 6), ("fc7", "fc6", 1)] {
      if isSlid {
        convolution(name, bottom, 4096, k: kernel)
      } else {
        fullyConnected(name, bottom, 4096)
      }
      layer("relu\(name.dropFirst(2))", "ReLU", [name], [name])
      dropout("drop\(name.dropFirst(2))", name)
    }
  }

  /// CaffeNet as it is trained and tested: two data layers of one name, a loss and an accuracy.
  static let caffeNetTrainVal: String = {
    var file = CaffeText("CaffeNet")
    for (phase, batch) in [("TRAIN", 256), ("TEST", 50)] {
      file.layer(
        "data", "Data", [], ["data", "label"],
        "include { phase: \(phase) } transform_param { mirror: true crop_size: 227 mean_file: \"m\" } "
          + "data_param { source: \"lmdb\" batch_size: \(batch) backend: LMDB }")
    }
    file.caffeNet(from: "data")
    file.fullyConnected("fc8", "fc7", 1000)
    file.layer("accuracy", "Accuracy", ["fc8", "label"], nil, "include { phase: TEST }")
    file.loss("loss", "fc8", "label")
    return file.text
  }()

  static let alexNetDeploy: String = {
    var file = CaffeText("AlexNet")
    file.input(227, 227)
    file.caffeNet(from: "data", normalizesFirst: true)
    file.fullyConnected("fc8", "fc7", 1000)
    file.layer("prob", "Softmax", ["fc8"])
    return file.text
  }()

  /// VGG16 in the first generation, as it was published.
  static let vgg16: String = {
    var text = "name: \"VGG_16\"\ninput: \"data\"\n"
    for extent in [10, 3, 224, 224] { text += "input_dim: \(extent)\n" }
    func layer(_ name: String, _ type: String, _ bottom: String, _ top: String, _ rest: String = "")
    {
      text += "layers {\n  bottom: \"\(bottom)\"\n  top: \"\(top)\"\n  name: \"\(name)\"\n"
      text += "  type: \(type)\n\(rest)}\n"
    }
    var blob = "data"
    for (block, (count, channels)) in [(2, 64), (2, 128), (3, 256), (3, 512), (3, 512)].enumerated()
    {
      for index in 1...count {
        let name = "conv\(block + 1)_\(index)"
        layer(
          name, "CONVOLUTION", blob, name,
          "  convolution_param {\n    num_output: \(channels)\n    pad: 1\n    kernel_size: 3\n  }\n"
        )
        layer("relu\(block + 1)_\(index)", "RELU", name, name)
        blob = name
      }
      layer(
        "pool\(block + 1)", "POOLING", blob, "pool\(block + 1)",
        "  pooling_param {\n    pool: MAX\n    kernel_size: 2\n    stride: 2\n  }\n")
      blob = "pool\(block + 1)"
    }
    for (index, outputs) in [(6, 4096), (7, 4096), (8, 1000)] {
      layer(
        "fc\(index)", "INNER_PRODUCT", blob, "fc\(index)",
        "  inner_product_param {\n    num_output: \(outputs)\n  }\n")
      blob = "fc\(index)"
      guard index < 8 else { break }
      layer("relu\(index)", "RELU", blob, blob)
      layer(
        "drop\(index)", "DROPOUT", blob, blob, "  dropout_param {\n    dropout_ratio: 0.5\n  }\n")
    }
    layer("prob", "SOFTMAX", "fc8", "prob")
    return text
  }()

  static let googLeNet: String = {
    var file = CaffeText("GoogleNet")
    file.input(224, 224)
    file.convolution("conv1/7x7_s2", "data", 64, k: 7, s: 2, p: 3, relu: "conv1/relu_7x7")
    file.pool("pool1/3x3_s2", "conv1/7x7_s2", k: 3, s: 2)
    file.normalization("pool1/norm1", "pool1/3x3_s2")
    file.convolution("conv2/3x3_reduce", "pool1/norm1", 64, k: 1, relu: "conv2/relu_3x3_reduce")
    file.convolution("conv2/3x3", "conv2/3x3_reduce", 192, k: 3, p: 1, relu: "conv2/relu_3x3")
    file.normalization("conv2/norm2", "conv2/3x3")
    file.pool("pool2/3x3_s2", "conv2/norm2", k: 3, s: 2)
    var blob = "pool2/3x3_s2"
    let modules: [(String, [Int])] = [
      ("3a", [64, 96, 128, 16, 32, 32]), ("3b", [128, 128, 192, 32, 96, 64]),
      ("4a", [192, 96, 208, 16, 48, 64]), ("4b", [160, 112, 224, 24, 64, 64]),
      ("4c", [128, 128, 256, 24, 64, 64]), ("4d", [112, 144, 288, 32, 64, 64]),
      ("4e", [256, 160, 320, 32, 128, 128]), ("5a", [256, 160, 320, 32, 128, 128]),
      ("5b", [384, 192, 384, 48, 128, 128]),
    ]
    for (module, outputs) in modules {
      let name = "inception_\(module)"
      func relu(_ path: String) -> String { "\(name)/relu_\(path)" }
      file.convolution("\(name)/1x1", blob, outputs[0], k: 1, relu: relu("1x1"))
      file.convolution("\(name)/3x3_reduce", blob, outputs[1], k: 1, relu: relu("3x3_reduce"))
      file.convolution(
        "\(name)/3x3", "\(name)/3x3_reduce", outputs[2], k: 3, p: 1, relu: relu("3x3"))
      file.convolution("\(name)/5x5_reduce", blob, outputs[3], k: 1, relu: relu("5x5_reduce"))
      file.convolution(
        "\(name)/5x5", "\(name)/5x5_reduce", outputs[4], k: 5, p: 2, relu: relu("5x5"))
      file.pool("\(name)/pool", blob, k: 3, s: 1, p: 1)
      file.convolution(
        "\(name)/pool_proj", "\(name)/pool", outputs[5], k: 1, relu: relu("pool_proj"))
      file.layer(
        "\(name)/output", "Concat", ["1x1", "3x3", "5x5", "pool_proj"].map { "\(name)/\($0)" })
      blob = "\(name)/output"
      if module == "3b" || module == "4e" {
        let pool = "pool\(module.first == "3" ? 3 : 4)/3x3_s2"
        file.pool(pool, blob, k: 3, s: 2)
        blob = pool
      }
    }
    file.pool("pool5/7x7_s1", blob, k: 7, s: 1, "AVE")
    file.dropout("pool5/drop_7x7_s1", "pool5/7x7_s1")
    file.fullyConnected("loss3/classifier", "pool5/7x7_s1", 1000)
    file.layer("prob", "Softmax", ["loss3/classifier"])
    return file.text
  }()

  /// ResNet-50: each convolution followed by BatchNorm, Scale and ReLU in place.
  static let resNet50: String = {
    var file = CaffeText("ResNet-50")
    file.input(224, 224)
    func unit(
      _ ending: String, _ bottom: String, _ outputs: Int, k: Int, s: Int = 1, p: Int = 0,
      relu: Bool = true, name: String? = nil
    ) -> String {
      let name = name ?? "res\(ending)"
      file.convolution(name, bottom, outputs, k: k, s: s, p: p, bias: false)
      file.layer(
        "bn\(ending)", "BatchNorm", [name], [name], "batch_norm_param { use_global_stats: true }")
      file.layer("scale\(ending)", "Scale", [name], [name], "scale_param { bias_term: true }")
      if relu { file.layer("\(name)_relu", "ReLU", [name], [name]) }
      return name
    }
    _ = unit("_conv1", "data", 64, k: 7, s: 2, p: 3, name: "conv1")
    file.pool("pool1", "conv1", k: 3, s: 2)
    var blob = "pool1"
    for (stage, (count, channels)) in [(3, 64), (4, 128), (6, 256), (3, 512)].enumerated() {
      for block in 0..<count {
        let name = "\(stage + 2)\("abcdef".map(String.init)[block])"
        let stride = block == 0 && stage > 0 ? 2 : 1
        let shortcut =
          block == 0
          ? unit("\(name)_branch1", blob, 4 * channels, k: 1, s: stride, relu: false) : blob
        var x = unit("\(name)_branch2a", blob, channels, k: 1, s: stride)
        x = unit("\(name)_branch2b", x, channels, k: 3, p: 1)
        x = unit("\(name)_branch2c", x, 4 * channels, k: 1, relu: false)
        file.layer("res\(name)", "Eltwise", [shortcut, x])
        file.layer("res\(name)_relu", "ReLU", ["res\(name)"], ["res\(name)"])
        blob = "res\(name)"
      }
    }
    file.pool("pool5", blob, k: 7, s: 1, "AVE")
    file.fullyConnected("fc1000", "pool5", 1000)
    file.layer("prob", "Softmax", ["fc1000"])
    return file.text
  }()
}
