import Foundation
import Interchange
import Networks
import Primitives
import Tensors
import Testing
import Training
import WeightFiles

/// Weights keep their numbers from one format to the next, and a classifier becomes an FCN.
@Suite struct ConvertTests {
  private static let classifier = Network.vgg16(
    classes: 6, backbone: .slim([2, 2, 3, 3, 4], classifier: 5))

  /// A small VGG16 under torchvision's names, its classifier fully connected.
  private func torchvision() throws -> [(String, Tensor<Float>)] {
    let places = [0, 2, 5, 7, 10, 12, 14, 17, 19, 21, 24, 26, 28].map { "features.\($0)" }
    let names = places + ["classifier.0", "classifier.3", "classifier.6"]
    let weights = Self.classifier.initialWeights(seed: 3)
    return Self.classifier.parameters.enumerated().map { index, parameter in
      let part = index % 2 == 0 ? "weight" : "bias"
      let tensor = weights[parameter.name]!
      let name = "\(names[index / 2]).\(part)"
      guard name.hasPrefix("classifier"), part == "weight" else { return (name, tensor) }
      return (name, tensor.reshaped([tensor.shape[0], tensor.shape.count / tensor.shape[0]]))
    }
  }

  private func tensors(_ path: String) throws -> [String: Tensor<Float>] {
    let file = try WeightFile.open(path)
    return Dictionary(uniqueKeysWithValues: try file.entries.map { ($0.name, try $0.tensor()) })
  }

  @Test func `a classifier becomes FCN-32s, 16s and 8s`() throws {
    let fixture = try Fixture()
    let source = try torchvision()
    try fixture.save("vgg.safetensors", tensors: source)
    for name in ["fcn32s", "fcn16s", "fcn8s"] {
      let outcome = try fixture.run("convert vgg.safetensors \(name).safetensors --network \(name)")
      #expect(outcome.code == 0, "\(outcome.error)")
      #expect(outcome.output.contains("not needed: classifier.6.weight, classifier.6.bias"))
      let made = try tensors(fixture.path("\(name).safetensors"))
      let network = try #require(NetworkName(rawValue: name)).network(
        fitting: { Self.classifier.initialWeights()[$0]?.shape })
      #expect(Set(made.keys) == Set(network.parameters.map(\.name)))

      let byName = Dictionary(uniqueKeysWithValues: source)
      #expect(made["conv1_1.weight"] == byName["features.0.weight"])
      #expect(made["conv5_3.bias"] == byName["features.28.bias"])
      // Number by number in the same order: (out, in · 7 · 7) becomes (out, in, 7, 7).
      #expect(made["fc6.weight"]?.shape == [5, 4, 7, 7])
      #expect(made["fc6.weight"]?.elements == byName["classifier.0.weight"]?.elements)
      #expect(made["fc7.weight"]?.shape == [5, 5, 1, 1])
      #expect(made["score_fr.weight"] == .zeros([21, 5, 1, 1]))
      for upscore in made.keys where upscore.hasPrefix("upscore") {
        let size = made[upscore]!.shape[2]
        #expect(made[upscore] == bilinearKernels(classes: 21, kernelSize: Size(size)))
      }
    }
  }

  @Test func `a network becomes an ONNX model that runs by itself`() throws {
    let fixture = try Fixture()
    let network = Network.fcn32s(classes: 3, backbone: .slim([2, 2, 3, 3, 4], classifier: 5))
    var weights = network.initialWeights(seed: 1)
    weights["score_fr.weight"] = .ramp([3, 5, 1, 1])
    try fixture.save("32.safetensors", network, weights)
    let outcome = try fixture.run("convert 32.safetensors 32.onnx")
    #expect(
      outcome.output.hasPrefix("32.onnx: \(network.parameters.count) tensors"), "\(outcome)")
    // Its tensors are weights like others.
    #expect(try tensors(fixture.path("32.onnx"))["conv1_1.bias"] == weights["conv1_1.bias"])
    try fixture.save("x.npy", ramp: [1, 3, 5, 7])
    for line in ["fcn32s --weights 32.safetensors", "fcn32s --weights 32.onnx", "32.onnx"] {
      let forward = try fixture.run("forward \(line) --input x.npy --output y.npy")
      #expect(forward.code == 0, "\(line): \(forward.error)")
    }
    let table = try fixture.run("network 32.onnx --input 5x7")
    #expect(table.output.contains("conv5_3"), "\(table)")
    let classifier = try fixture.run(
      "convert 32.safetensors 8.onnx --network fcn8s --preprocess caffe")
    #expect(classifier.code == 0, "\(classifier.error)")
    #expect(
      try WeightFile.open(fixture.path("8.onnx")).metadata.map(\.value) == ["fcn8s", "caffe"])
  }

  @Test func `a stage begins where the one before ended`() throws {
    let fixture = try Fixture()
    let coarse = Network.fcn32s(classes: 3, backbone: .slim([2, 2, 3, 3, 4], classifier: 5))
    var weights = coarse.initialWeights(seed: 1)
    weights["score_fr.bias"] = .ramp([3])
    try fixture.save("32.safetensors", coarse, weights)
    #expect(try fixture.run("convert 32.safetensors 16.npz --network fcn16s").code == 0)
    let made = try tensors(fixture.path("16.npz"))
    #expect(made["score_fr.bias"] == .ramp([3]))
    #expect(made["score_pool4.weight"] == .zeros([3, 3, 1, 1]))
    #expect(made["upscore.weight"] == nil)

    // With another number of classes the old scores mean nothing.
    #expect(
      try fixture.run("convert 32.safetensors 9.npz --network fcn16s --classes 9").code == 0)
    #expect(try tensors(fixture.path("9.npz"))["score_fr.bias"] == .zeros([9]))
  }

  @Test func `formats keep names, shapes and numbers`() throws {
    let fixture = try Fixture()
    let source = try torchvision()
    try fixture.save("a.safetensors", tensors: source)
    #expect(try fixture.run("convert a.safetensors b.npz").code == 0)
    #expect(try fixture.run("convert b.npz c.safetensors").code == 0)
    #expect(
      try tensors(fixture.path("b.npz")) == Dictionary(uniqueKeysWithValues: source))
    #expect(
      try Data(contentsOf: fixture.folder.appendingPathComponent("a.safetensors"))
        == Data(contentsOf: fixture.folder.appendingPathComponent("c.safetensors")))
  }

  @Test func `list shows what is there`() throws {
    let fixture = try Fixture()
    try fixture.save(
      "a.safetensors",
      tensors: [
        ("ramp", .ramp([2, 2])),
        ("mixed", Tensor(shape: [5], elements: [0, -0.5, .nan, 0, .infinity])),
      ])
    let outcome = try fixture.run("convert --list a.safetensors")
    #expect(outcome.code == 0, "\(outcome.error)")
    // (1 + 2 + 3 + 4) / 4 = 2.5, and (0 − 0.5 + 0) / 3.
    #expect(
      outcome.output == """
        name   shape   type      min    max     mean  zeros  not finite
        ramp   (2, 2)  F32     1.000  4.000    2.500      0           0
        mixed  (5)     F32   -0.5000      0  -0.1667      2           2

        safetensors: 2 tensors, 9 numbers

        """)
    let json = try fixture.run("convert --list a.safetensors --format json").output
    #expect(json.contains("\"zeros\": 2"))
  }

  @Test func `kernels in TensorFlow's order are turned, and it is said`() throws {
    let fixture = try Fixture()
    let axes = [2, 3, 1, 0]
    let source = try torchvision().map { name, tensor -> (String, Tensor<Float>) in
      let layer = WeightNames.canonical(name, in: .torchvision)
      let ours = layer.replacing("conv", with: "c/conv").replacing(".weight", with: "/weights")
        .replacing(".bias", with: "/biases")
      // fc6 reads 7×7 cells of 4 channels here, which no file of the world does: left a kernel.
      let kernel = tensor.shape.rank == 2 ? Self.classifier.initialWeights(seed: 3)[layer]! : tensor
      guard kernel.shape.rank == 4 else { return (ours, kernel) }
      let shape = Shape(axes.map { kernel.shape[$0] })
      var turned = Tensor<Float>.zeros(shape)
      for o in 0..<kernel.shape[0] {
        for i in 0..<kernel.shape[1] {
          for y in 0..<kernel.shape[2] {
            for x in 0..<kernel.shape[3] { turned[y, x, i, o] = kernel[o, i, y, x] }
          }
        }
      }
      return (ours, turned)
    }
    try fixture.save("ours.safetensors", tensors: try torchvision())
    try fixture.save("theirs.safetensors", tensors: source)
    #expect(try fixture.run("convert ours.safetensors a.npz --network fcn8s").code == 0)
    let outcome = try fixture.run("convert theirs.safetensors b.npz --network fcn8s")
    #expect(outcome.code == 0, "\(outcome.error)")
    #expect(outcome.output.contains("turned from TensorFlow's order"), "\(outcome.output)")
    #expect(try tensors(fixture.path("a.npz")) == tensors(fixture.path("b.npz")))
    #expect(
      try fixture.run("convert --list theirs.safetensors").output.contains("TensorFlow's order"))
  }

  @Test func `the order of the colours is said, and can be turned`() throws {
    let fixture = try Fixture()
    let network = Network.fcn32s(classes: 3, backbone: .slim([2, 2, 3, 3, 4], classifier: 5))
    let weights = network.initialWeights(seed: 1)
    try fixture.save("ours.safetensors", network, weights)
    let line = "convert ours.safetensors bgr.safetensors --network fcn32s --swap-colors"
    #expect(try fixture.run(line).code == 0)
    let (kernels, turned) = (
      weights["conv1_1.weight"]!, try tensors(fixture.path("bgr.safetensors"))
    )
    for color in 0..<3 {
      #expect(turned["conv1_1.weight"]![1, color, 0, 2] == kernels[1, 2 - color, 0, 2])
    }
    #expect(turned["conv1_2.weight"] == weights["conv1_2.weight"])
    #expect(
      try fixture.run("convert ours.safetensors x.npz --swap-colors").error.contains("--network"))
    // Whoever runs TensorFlow's file itself is told the same.
    try fixture.save(
      "theirs.safetensors",
      tensors: network.parameters.filter { !$0.name.hasPrefix("upscore") }.map { parameter in
        let tensor = weights[parameter.name]!
        let name = parameter.name.replacing(".weight", with: "/weights")
          .replacing(".bias", with: "/biases").replacing("conv", with: "vgg_16/conv")
        guard tensor.shape.rank == 4 else { return (name, tensor) }
        return (name, tensor.permuted([2, 3, 1, 0]))
      })
    _ = try fixture.run("scene --seed 1 --size 64 --output scene.png")
    let outcome = try fixture.run("segment scene.png --weights theirs.safetensors")
    #expect(outcome.code == 0, "\(outcome.error)")
    #expect(outcome.error.contains("theirs.safetensors: turned from TensorFlow's order"))
    #expect(outcome.error.contains("convert --swap-colors turns conv1_1"))
  }

  @Test func `what is not read harms only where it is needed, and is named`() throws {
    let fixture = try Fixture()
    let legacy = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "InterchangeTests/Fixtures/Arrays/checkpoints/beside-legacy.pth").path
    for line in ["\(legacy) out.npz", "--list \(legacy)"] {
      let outcome = try fixture.run("convert \(line)")
      #expect(outcome.code == 0, "\(outcome.error)")
      #expect(
        outcome.output.contains("left out: window is a tensor of torch.ComplexFloatStorage, which"))
      #expect(outcome.output.contains("left out: steps is torch._utils._rebuild_qtensor, which"))
    }
    #expect(
      try tensors(fixture.path("out.npz"))["conv.bias"] == Tensor(shape: [2], elements: [0, 1]))
  }

  @Test func `a file of no arrays says so`() throws {
    let fixture = try Fixture()
    // The end record of a zip without members, as numpy.savez('none.npz') writes it.
    try fixture.save("none.npz", [0x50, 0x4B, 5, 6] + [UInt8](repeating: 0, count: 18))
    let listing = try fixture.run("convert --list none.npz")
    #expect(listing.code == 0 && listing.output == "npz: it holds no arrays\n")
    let conversion = try fixture.run("convert none.npz x.npz")
    #expect(conversion.code == 65 && conversion.error.contains("none.npz holds no arrays"))
    #expect(fixture.files == ["none.npz"])
  }

  @Test func `heads that find no place are refused by name`() throws {
    let fixture = try Fixture()
    let network = Network.fcn8s(classes: 3, backbone: .slim([2, 2, 3, 3, 4], classifier: 5))
    let weights = network.initialWeights(seed: 1)
    try fixture.save(
      "sift.safetensors",
      tensors: network.parameters.map { parameter in
        let name = parameter.name.replacing("score_fr", with: "score_fr_sem")
        return (name, weights[parameter.name]!)
      })
    for arguments in ["--network fcn8s", "--network fcn32s", "--network fcn8s --classes 3"] {
      let outcome = try fixture.run("convert sift.safetensors x.npz \(arguments)")
      #expect(outcome.code == 65)
      #expect(
        outcome.error.contains("score_fr_sem.weight, score_fr_sem.bias find no place there"),
        "\(outcome.error)")
    }
    // Heads that another network of the family has are known, and noted.
    try fixture.save("8.safetensors", network, weights)
    let coarser = try fixture.run("convert 8.safetensors 32.npz --network fcn32s")
    #expect(coarser.code == 0, "\(coarser.error)")
    #expect(coarser.output.contains("not needed: upscore2.weight, score_pool4.weight"))
  }

  @Test func `memory that is not there is refused before it is taken`() throws {
    let fixture = try Fixture()
    try fixture.save("vgg.safetensors", tensors: try torchvision())
    // Bilinear kernels of 60000 classes have 64·64 cells for each pair: 60 TB.
    let outcome = try fixture.run(
      "convert vgg.safetensors x.npz --network fcn32s --classes 60000")
    #expect(outcome.code == 65, "\(outcome.error)")
    #expect(outcome.error.contains("GB of memory;"), "\(outcome.error)")
    #expect(fixture.files == ["vgg.safetensors"])
  }

  @Test func `what cannot be converted`() throws {
    let fixture = try Fixture()
    try fixture.save("vgg.safetensors", tensors: try torchvision())
    try fixture.save("part.safetensors", tensors: Array(try torchvision().dropFirst(3)))
    try fixture.save("text.pth", Array("weights, honestly".utf8))
    try fixture.save("empty.npz", [])
    try fixture.save("tar.pth", [UInt8](repeating: 0x61, count: 257) + Array("ustar  ".utf8))
    for (line, code, words) in [
      ("", 64, "which weight file?"), ("vgg.safetensors", 64, "where to?"),
      ("vgg.safetensors x.pth", 64, ".safetensors, .npz or .onnx"),
      ("vgg.safetensors ./vgg.safetensors", 64, "would replace the input"),
      ("vgg.safetensors x.npz --network fcn31s", 64, "did you mean fcn32s?"),
      ("vgg.safetensors x.npz --classes 3", 64, "goes with --network"),
      ("--list vgg.safetensors x.npz", 64, "leave out x.npz"),
      ("vgg.safetensors nowhere/x.npz", 73, "the folder nowhere doesn't exist"),
      ("none.pth x.npz", 66, "none.pth cannot be opened"), (". x.npz", 66, "is a folder"),
      ("text.pth x.npz", 65, "no weight file"), ("empty.npz x.npz", 65, "it is empty"),
      ("tar.pth x.npz", 65, "tar file"), ("/dev/zero x.npz", 66, "is a device"),
      ("--list /dev/zero", 66, "is a device"),
      (
        "part.safetensors x.npz --network fcn8s", 65,
        "missing 3 tensors (conv1_1.weight, conv1_1.bias, conv1_2.weight)"
      ),
      ("vgg.safetensors x.npz --network fcn-alexnet", 65, "unknown"),
    ] as [(String, Int32, String)] {
      let before = fixture.files
      let outcome = try fixture.run("convert \(line)")
      #expect(outcome.code == code, "\(line): \(outcome.error)")
      #expect(outcome.error.contains(words), "\(line): \(outcome.error)")
      #expect(fixture.files == before, "\(line) left files behind")
    }
  }
}
