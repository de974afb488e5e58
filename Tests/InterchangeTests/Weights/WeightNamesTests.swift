import Tensors
import Testing

@testable import Interchange
@testable import WeightFiles

@Suite struct WeightNamesTests {
  private func entry(_ name: String, _ shape: Shape) -> WeightEntry {
    WeightEntry(name: name, tensor: .ramp(shape))
  }

  private static let layers =
    [(1, 2), (2, 2), (3, 3), (4, 3), (5, 3)].flatMap { block, count in
      (1...count).map { "conv\(block)_\($0)" }
    } + ["fc6", "fc7", "fc8"]

  /// VGG16's layers in a row: a ReLU after each convolution, a pool after each block.
  private static let features: [String] = {
    var names: [String] = []
    var place = 0
    for convolutions in [2, 2, 3, 3, 3] {
      for _ in 0..<convolutions {
        names.append("features.\(place)")
        place += 2
      }
      place += 1
    }
    return names
  }()

  @Test func `torchvision's and timm's names`() {
    let torchvision = Self.features + ["classifier.0", "classifier.3", "classifier.6"]
    let timm = Self.features + ["pre_logits.fc1", "pre_logits.fc2", "head.fc"]
    for (names, convention) in [(torchvision, WeightNames.Convention.torchvision), (timm, .timm)] {
      #expect(WeightNames.convention(of: names) == convention)
      for (name, layer) in zip(names, Self.layers) {
        for part in ["weight", "bias"] {
          #expect(WeightNames.canonical("\(name).\(part)", in: convention) == "\(layer).\(part)")
        }
      }
    }
  }

  @Test func `names of layers, and names of nothing we know, stay`() {
    for name in ["conv1_1.weight", "upscore2.weight", "score_fr.bias"] {
      #expect(WeightNames.convention(of: [name]) == .layers)
      #expect(WeightNames.canonical(name, in: .layers) == name)
    }
    #expect(WeightNames.canonical("features.1.weight", in: .torchvision) == "features.1.weight")
    #expect(WeightNames.canonical("classifier", in: .torchvision) == "classifier")
  }

  @Test(arguments: [
    "module.", "_orig_mod.", "model.", "net.", "backbone.", "module.model.",
    "_orig_mod.module.net.",
    "anything at all.",
  ])
  func `prefixes are dropped if every name has them`(prefix: String) {
    let all = [entry("\(prefix)features.0.bias", [2]), entry("\(prefix)classifier.3.bias", [2])]
    #expect(WeightNames.canonical(all).map(\.name) == ["conv1_1.bias", "fc7.bias"])
    let some = [entry("\(prefix)conv1_1.bias", [2]), entry("fc7.bias", [2])]
    #expect(WeightNames.canonical(some).map(\.name) == ["\(prefix)conv1_1.bias", "fc7.bias"])
    #expect(WeightNames.canonical([]).isEmpty)
  }

  @Test func `fully connected layers become kernels`() throws {
    let entries = WeightNames.canonical([
      entry("features.0.weight", [2, 3, 3, 3]),
      entry("classifier.0.weight", [1, 25088]), entry("classifier.0.bias", [1]),
      entry("classifier.3.weight", [2, 3]), entry("classifier.6.weight", [4, 2]),
    ])
    #expect(
      entries.map(\.name) == [
        "conv1_1.weight", "fc6.weight", "fc6.bias", "fc7.weight", "fc8.weight",
      ])
    #expect(
      entries.map(\.shape) == [
        [2, 3, 3, 3], [1, 512, 7, 7], [1], [2, 3, 1, 1], [4, 2, 1, 1],
      ])
    // Input c·49 + y·7 + x of the matrix is channel c, row y, column x of the kernel.
    #expect(try entries[1].tensor()[0, 300, 5, 2] == Float(300 * 49 + 5 * 7 + 2 + 1))
  }
}

/// Kernels (height, width, inputs, outputs), as TensorFlow and Keras keep them.
@Suite struct ChannelsLastTests {
  private func entry(_ name: String, _ shape: Shape) -> WeightEntry {
    WeightEntry(name: name, tensor: .ramp(shape))
  }

  @Test func `Keras' file has torchfcn's names, and every number in its place`() throws {
    let file = try WeightFile.open(ArrayFixtures.path("checkpoints/keras.npz"))
    let turned = WeightNames.canonical(file.entries)
    #expect(
      turned.map(\.name) == [
        "conv1_1.weight", "conv1_1.bias", "fc7.weight", "fc7.bias", "fc8.weight",
      ])
    #expect(turned.map(\.shape) == [[2, 3, 3, 3], [2], [3, 2, 1, 1], [3], [4, 3, 1, 1]])
    let kernel = try turned[0].tensor()
    for (output, input, row, column) in [(0, 0, 0, 0), (1, 0, 0, 0), (0, 2, 1, 0), (1, 1, 2, 1)] {
      // In the file: ((row · 3 + column) · 3 + input) · 2 + output.
      let number = ((row * 3 + column) * 3 + input) * 2 + output
      #expect(kernel[output, input, row, column] == Float(number))
    }
    // The matrix (inputs, outputs) 0 1 2 / 3 4 5 is read as (outputs, inputs).
    #expect(try turned[2].values() == [0, 3, 1, 4, 2, 5])
  }

  @Test(arguments: [
    ("block3_conv2/block3_conv2/kernel:0", "conv3_2.weight"), ("fc1/bias:0", "fc6.bias"),
    ("predictions.kernel", "fc8.weight"), ("vgg_16/conv1/conv1_2/weights", "conv1_2.weight"),
    ("vgg_16/fc8/biases", "fc8.bias"), ("conv5_3_W", "conv5_3.weight"), ("fc6_b", "fc6.bias"),
  ])
  func `names of Keras, of slim and of the first npz`(name: String, ours: String) {
    #expect(WeightNames.canonical(name, in: .tensorFlow) == ours)
  }

  @Test func `the flattened map has its channels last`() throws {
    let entries = WeightNames.canonical([
      entry("conv1_1_W", [3, 3, 3, 8]), entry("fc6_W", [7 * 7 * 512, 1]),
    ])
    #expect(entries[1].shape == [1, 512, 7, 7])
    // Row 5, column 2, channel 300 of the map is row (5 · 7 + 2) · 512 + 300 of the matrix.
    #expect(try entries[1].tensor()[0, 300, 5, 2] == Float((5 * 7 + 2) * 512 + 300 + 1))
  }

  @Test func `the order is known where both cannot be, and left alone otherwise`() {
    let (ours, theirs): ([Shape], [Shape]) = ([[64, 3, 3, 3], [8, 8, 1, 1]], [[3, 3, 3, 64]])
    #expect(!ChannelsLast.isOrder(of: ours.map { entry("a", $0) }))
    #expect(ChannelsLast.isOrder(of: theirs.map { entry("a", $0) }))
    #expect(ChannelsLast.isOrder(of: (theirs + [[3, 3, 3, 3]]).map { entry("a", $0) }))
    for undecided: [Shape] in [[[3, 3, 3, 3]], ours + theirs, [[2, 3]], []] {
      #expect(!ChannelsLast.isOrder(of: undecided.map { entry("a", $0) }))
    }
  }
}

@Suite struct WeightMatcherTests {
  private func entry(_ name: String, _ shape: Shape) -> WeightEntry {
    WeightEntry(name: name, tensor: .ramp(shape))
  }

  private let expected = [
    ExpectedTensor(name: "a.weight", shape: [2, 3, 1, 2]),
    ExpectedTensor(name: "a.bias", shape: [2]),
    ExpectedTensor(name: "b.weight", shape: [3]),
  ]

  @Test func `everything that fits is returned by name`() throws {
    let entries = [
      entry("b.weight", [3]), entry("a.bias", [2]), entry("a.weight", [2, 6]), entry("step", []),
    ]
    let matched = try WeightMatcher.match(entries, to: expected, ignored: ["step"])
    #expect(Set(matched.keys) == ["a.weight", "a.bias", "b.weight"])
    // A fully connected layer is a convolution.
    #expect(matched["a.weight"]?.shape == [2, 3, 1, 2])
  }

  @Test func `all that is missing, unknown or mismatched is listed together`() throws {
    let entries = [entry("a.weight", [3, 2, 1, 2]), entry("c", [1]), entry("d", [1])]
    let error = #expect(throws: WeightMismatch.self) {
      try WeightMatcher.match(entries, to: expected)
    }
    #expect(error?.missing == ["a.bias", "b.weight"])
    #expect(error?.unknown == ["c", "d"])
    #expect(
      error?.description
        == "the weights do not fit the network: missing 2 tensors (a.bias, b.weight); unknown "
        + "2 tensors (c, d); of another shape: a.weight got (3, 2, 1, 2), expected (2, 3, 1, 2)")
  }

  @Test func `batch norm is called by its name`() {
    let entries = ["features.1.running_mean", "features.1.running_var"].map { entry($0, [2]) }
    let error = #expect(throws: WeightMismatch.self) {
      try WeightMatcher.match(entries, to: expected)
    }
    #expect(
      error?.description.contains("they are of one with batch norm (1 of them are running means)")
        == true)
  }

  @Test func `what is optional may be missing, but must fit`() throws {
    let some = try WeightMatcher.match(
      [entry("a.bias", [2])], to: expected, optional: ["a.weight", "b.weight"])
    #expect(Array(some.keys) == ["a.bias"])
    #expect(throws: WeightMismatch.self) {
      try WeightMatcher.match(
        [entry("a.bias", [2]), entry("b.weight", [4])], to: expected,
        optional: ["a.weight", "b.weight"])
    }
  }
}
