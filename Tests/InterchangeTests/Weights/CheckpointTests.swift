import Tensors
import Testing

@testable import Interchange
@testable import WeightFiles

/// Checkpoints as people have them: the model's tensors among values of every other kind.
@Suite struct CheckpointTests {
  private func open(_ name: String) throws -> WeightFile {
    try WeightFile.open(ArrayFixtures.path("checkpoints/\(name)"))
  }

  private func problem(_ name: String) -> String {
    sentence { try open(name) }
  }

  private func expectModel(_ name: String) throws {
    let file = try open(name)
    #expect(file.entries.map(\.name) == ["conv.weight", "conv.bias"], "\(name)")
    #expect(file["conv.weight"]?.shape == [2, 1, 1, 2], "\(name)")
    #expect(try file["conv.weight"]?.values() == [0, 1, 2, 3], "\(name)")
    #expect(try file["conv.bias"]?.values() == [0, 1], "\(name)")
  }

  @Test func `pytorch-fcn's own, with NumPy's scalar beside the model`() throws {
    try expectModel("pytorch-fcn.pth")
  }

  @Test(arguments: 2...5, ["", "-legacy"])
  func `thirty kinds of values beside the model, in every protocol`(
    version: Int, form: String
  ) throws {
    try expectModel("protocol\(version)\(form).pth")
  }

  @Test func `a dict of another kind is a dict, and a dict in a dict is found`() throws {
    try expectModel("default.pth")
    try expectModel("deep.pth")
  }

  @Test func `a file that was unpacked and packed again, with compression`() throws {
    try expectModel("packed-again.pth")
  }

  @Test func `newer forms of a tensor`() throws {
    let file = try open("newer.pth")
    #expect(file.entries.map(\.name) == ["float8", "uint16", "class", "parameter"])
    #expect(file["float8"]?.type == .float8e4m3)
    #expect(file["uint16"]?.type == .uint16)
    for (name, count) in [("float8", 4), ("uint16", 3), ("class", 4), ("parameter", 3)] {
      #expect(try file[name]?.values() == (0..<count).map(Float.init), "\(name)")
    }
  }

  @Test func `several dicts of tensors are named, and what takes one of them`() {
    #expect(
      problem("two.pth").hasSuffix(
        "2 of its dicts hold tensors, under 'model', 'ema'; save one of them alone: "
          + "torch.save(torch.load(path)['model'], path)"))
  }

  @Test func `a tensor that cannot be read is refused where it is needed`() throws {
    let file = try open("complex.pth")
    #expect(file.entries.map(\.name) == ["conv.bias"])
    let reason =
      "is a tensor of torch.ComplexFloatStorage, which is not read; dense tensors of real numbers are"
    #expect(file.unread == [UnreadTensor(name: "conv.weight", reason: reason)])
    #expect(throws: Never.self) { try file.checkThatNoneIsUnread(["conv.bias"]) }
    #expect(
      sentence { try file.checkThatNoneIsUnread(["conv.weight", "conv.bias"]) }
        .contains("complex.pth: conv.weight \(reason)"))
    #expect(try open("sparse.pth").unread.map(\.name) == ["sparse"])
  }

  @Test func `what stands behind a tensor that is not read is found in old files too`() throws {
    try expectModel("beside-legacy.pth")
    #expect(try open("beside-legacy.pth").unread.map(\.name) == ["window", "steps"])
  }

  @Test func `the names of what is not read are translated as those of the others`() throws {
    let bias = #"{"dtype":"F32","shape":[1],"data_offsets":[0,4]}"#
    let window = #"{"dtype":"C64","shape":[1],"data_offsets":[4,12]}"#
    for (prefix, name) in [("", "classifier.0"), ("module.", "classifier.0"), ("net.", "fc6")] {
      let convention = name == "fc6" ? "conv1_1" : "features.0"
      let json = Array(
        #"{"\#(prefix)\#(convention).bias":\#(bias),"\#(prefix)\#(name).weight":\#(window)}"#.utf8)
      let length = (0..<8).map { UInt8(truncatingIfNeeded: json.count >> (8 * $0)) }
      let bytes = length + json + [UInt8](repeating: 0, count: 4 + 8)
      let file = try WeightFile.open(FileContents(bytes, name: "x"))
      #expect(
        sentence { try file.checkThatNoneIsUnread(["fc6.weight"]) }.hasPrefix(
          "x: \(prefix)\(name).weight has the dtype C64, which is not read"))
      #expect(throws: Never.self) { try file.checkThatNoneIsUnread(["fc7.weight"]) }
    }
  }

  @Test func `whole modules are named`() {
    #expect(
      problem("whole-in-dict.pth").contains(
        "only 'model' (torch.nn.modules.conv.Conv2d), 'epoch'; expected them there"))
  }

  @Test func `other formats are named, with the way out`() {
    #expect(problem("script.pt").contains("it is a TorchScript program; nothing"))
    #expect(problem("weights.h5").contains("it is an HDF5 file, as Keras writes (.h5); in Python"))
  }

  @Test func `nests under any name, and the dict with kernels among others`() throws {
    for name in ["model", "net", "network", "state", "model_state", "ema", "weights", "Ä"] {
      let pickle = PickleBuilder.dict([
        (name, PickleBuilder.dict([("w", PickleBuilder.tensor([2, 2]))])),
        ("epoch", PickleBuilder.tensor([])), ("rng", PickleBuilder.tensor([4])),
        ("optimizer", PickleBuilder.dict([("m", PickleBuilder.tensor([2, 2]))])),
        ("stats", PickleBuilder.dict([("mean", PickleBuilder.tensor([3]))])),
      ])
      #expect(try PickleBuilder.stateDict(pickle).tensors.map(\.name) == ["w"], "\(name)")
    }
  }

  @Test func `calls of any other name are not done, whatever they would do`() throws {
    for (module, name) in [
      ("os", "system"), ("builtins", "eval"), ("torch", "load"), ("torch._utils", "_rebuild_evil"),
      ("posix", "system"), ("nt", "system"), ("subprocess", "Popen"), ("builtins", "getattr"),
    ] {
      let call =
        PickleBuilder.global(module, name) + Array("(".utf8) + PickleBuilder.text("rm -rf /")
        + Array("tR".utf8)
      let pickle = PickleBuilder.dict([("w", PickleBuilder.tensor([2, 2])), ("x", call)])
      let read = try PickleBuilder.read(pickle)
      #expect(read.objects.map(\.name) == ["\(module).\(name)"])
      if name == "_rebuild_evil" {
        let reason = try StateDict(read).unread[0].reason
        #expect(reason.hasPrefix("is torch._utils._rebuild_evil, which"))
      }
      #expect(try StateDict(read).tensors.map(\.name) == ["w"])
    }
  }
}

/// Pieces of pickles, as bytes.
enum PickleBuilder {
  static func text(_ text: String) -> [UInt8] {
    [UInt8(ascii: "X"), UInt8(text.utf8.count), 0, 0, 0] + Array(text.utf8)
  }

  static func global(_ module: String, _ name: String) -> [UInt8] {
    Array("c\(module)\n\(name)\n".utf8)
  }

  static func dict(_ items: [(String, [UInt8])]) -> [UInt8] {
    Array("}(".utf8) + items.flatMap { text($0) + $1 } + Array("u".utf8)
  }

  /// A tensor of a storage of four floats, every cell the first.
  static func tensor(_ extents: [UInt8]) -> [UInt8] {
    func tuple(_ values: [UInt8]) -> [UInt8] {
      Array("(".utf8) + values.flatMap { [UInt8(ascii: "K"), $0] } + Array("t".utf8)
    }
    return global("torch._utils", "_rebuild_tensor_v2") + Array("((".utf8) + text("storage")
      + global("torch", "FloatStorage") + text("0") + text("cpu") + Array("K\u{4}tQK\0".utf8)
      + tuple(extents) + tuple(extents.map { _ in 0 }) + [0x89]
      + Array("ccollections\nOrderedDict\n)RtR".utf8)
  }

  static func read(_ pickle: [UInt8]) throws -> Pickle {
    let bytes = [0x80, 2] + pickle + Array(".".utf8)
    return try bytes.withUnsafeBytes { try PickleReader.read($0, in: 0..<$0.count) }
  }

  static func stateDict(_ pickle: [UInt8]) throws -> StateDict {
    try StateDict(read(pickle))
  }
}
