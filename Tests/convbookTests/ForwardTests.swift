import Foundation
import Interchange
import Tensors
import Testing
import WeightFiles

/// The slim networks, whose weights and scores PyTorch wrote, through the command.
@Suite struct ForwardTests {
  private static let slim = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "NetworksTests/Fixtures")

  private static func entries(_ name: String) throws -> [WeightEntry] {
    try WeightFile.open(slim.appending(path: "\(name).safetensors").path).entries
  }

  /// The slim weights of FCN-8s, changed by `change`, in w.safetensors; a picture in x.npy.
  private func fixture(
    _ change: (inout [String: Tensor<Float>]) -> Void = { _ in }
  ) throws -> Fixture {
    let fixture = try Fixture()
    var weights = try Dictionary(
      uniqueKeysWithValues: Self.entries("slim-vgg").map { ($0.name, try $0.tensor()) })
    weights["upscore.weight"] = nil
    weights["upscore16.weight"] = nil
    change(&weights)
    let entries = weights.sorted { $0.key < $1.key }.map {
      WeightEntry(name: $0.key, tensor: $0.value)
    }
    let path = fixture.folder.appending(path: "w.safetensors").path
    try SafetensorsWriter.write(entries, to: path)
    let picture = try Self.entries("slim-scores").first { $0.name == "x.33x28" }!
    try NPYWriter.write(picture.tensor(), to: fixture.folder.appending(path: "x.npy").path)
    return fixture
  }

  private func run(_ fixture: Fixture, _ line: String) throws -> Convbook.Outcome {
    try Convbook.run(
      line, in: fixture.folder, environment: ["XDG_CACHE_HOME": fixture.folder.path + "/cache"])
  }

  private let line = "forward fcn8s --weights w.safetensors --input x.npy --output y.npy"

  @Test func `a network in which nothing is learned needs no weights`() throws {
    let fixture = try Fixture()
    try NPYWriter.write(
      Tensor<Float>(shape: [1, 1, 2, 2], elements: [1, 2, 3, 4]),
      to: fixture.folder.appending(path: "x.npy").path)
    let files = ["--input", "x.npy", "--output", "y.npy"]
    #expect(
      try Convbook.run(["forward", "up 2 nearest; max k3 s3 p1"] + files, in: fixture.folder).code
        == 0)
    // Each cell four times, and the largest of the first 2×2 and of the last 2×2 of 4×4 cells.
    #expect(try fixture.load("y.npy").rounded(to: Float.self).elements == [1, 2, 3, 4])
    let refused = try Convbook.run(
      ["forward", "conv 1 k1; up 2 nearest"] + files, in: fixture.folder)
    #expect(refused.code == 64 && refused.error.contains("has no weights of its own"))
  }

  @Test func `scores, again from packed weights that were kept, and from damaged ones`() throws {
    let fixture = try fixture()
    let expected = try Self.entries("slim-scores").first { $0.name == "fcn8s.33x28" }!.tensor()
    let largest = expected.elements.map(abs).max()!
    #expect(try run(fixture, line + " --no-cache").code == 0)
    #expect(fixture.files == ["w.safetensors", "x.npy", "y.npy"])
    let first = try fixture.load("y.npy")
    // 32-bit sums through 16 layers, against PyTorch's in 64 bits.
    #expect(
      first.rounded(to: Float.self)
        .difference(from: expected, relative: 0, absolute: 2e-5 * largest) == nil)

    let cache = fixture.folder.appending(path: "cache/convbook")
    for _ in 0..<2 {
      let outcome = try run(fixture, line)
      #expect(outcome.code == 0 && outcome.output.isEmpty && outcome.error.isEmpty)
      #expect(try fixture.load("y.npy") == first)
    }
    let kept = try FileManager.default.contentsOfDirectory(
      at: cache, includingPropertiesForKeys: nil)
    #expect(kept.count == 1)
    let whole = try Data(contentsOf: kept[0])
    var damages = [whole.prefix(whole.count / 2), whole.prefix(10), Data(), Data(count: 9999)]
    damages += [Data(count: whole.count), whole + Data(count: 64)]
    // A bit of the header, of its facts, of its counts, and of the first, a middle and the last number.
    for byte in [3, 9, 17, 200, 4096, whole.count / 2, whole.count / 2 + 3, whole.count - 1] {
      var damaged = whole
      damaged[byte] ^= UInt8(1 << (byte % 8))
      damages.append(damaged)
    }
    damages += moved(whole)
    for damaged in damages {
      try damaged.write(to: kept[0])
      #expect(try run(fixture, line).code == 0)
      #expect(try fixture.load("y.npy") == first)
      #expect(try Data(contentsOf: kept[0]) == whole)
    }

    // What a link leads to is somebody else's.
    let (path, other) = (kept[0].path, fixture.path("other"))
    for content in [whole, Data("mine".utf8)] {
      try content.write(to: URL(filePath: other))
      try FileManager.default.removeItem(atPath: path)
      #expect(symlink(other, path) == 0)
      #expect(try run(fixture, line).code == 0)
      #expect(try fixture.load("y.npy") == first)
      #expect(try Data(contentsOf: URL(filePath: other)) == content)
    }
  }

  /// The cache with counts moved from one layer to the next, the sum the same; and with the entries of
  /// two layers exchanged.
  private func moved(_ cache: Data) -> [Data] {
    func word(_ place: Int) -> Int {
      (0..<8).reduce(0) { $0 | Int(cache[place + $1]) << (8 * $1) }
    }
    func replacing(_ place: Int, _ value: Int, in data: inout Data) {
      for byte in 0..<8 { data[place + byte] = UInt8(truncatingIfNeeded: value >> (8 * byte)) }
    }
    let entries = 24 + word(8)
    var (counts, exchanged) = (cache, cache)
    replacing(entries, word(entries) - 16, in: &counts)
    replacing(entries + 24, word(entries + 24) + 16, in: &counts)
    for place in 0..<3 {
      replacing(entries + 8 * place, word(entries + 24 + 8 * place), in: &exchanged)
      replacing(entries + 24 + 8 * place, word(entries + 8 * place), in: &exchanged)
    }
    return [counts, exchanged]
  }

  @Test func `bilinear kernels take the place of upscore tensors that are missing`() throws {
    let fixture = try fixture { weights in
      for name in weights.keys where name.hasPrefix("upscore") { weights[name] = nil }
    }
    #expect(try run(fixture, line + " --no-cache --threads 1 --exact").code == 0)
    #expect(try fixture.load("y.npy").shape == [1, 3, 33, 28])
  }

  private func expectRefusal(_ fixture: Fixture, _ line: String, _ code: Int32, _ words: String)
    throws
  {
    let outcome = try run(fixture, line)
    #expect(outcome.code == code, "\(line): \(outcome.error)")
    #expect(outcome.error.contains(words), "\(line): \(outcome.error)")
    #expect(outcome.output.isEmpty && !fixture.files.contains("y.npy"))
  }

  @Test func `neither the weights nor the input are written over, through no link either`() throws {
    let fixture = try fixture()
    let folder = fixture.folder.path
    #expect(symlink("w.safetensors", folder + "/soft.npy") == 0)
    #expect(link(folder + "/x.npy", folder + "/hard.npy") == 0)
    let files = fixture.files
    let before = try files.map { try Data(contentsOf: URL(filePath: folder + "/" + $0)) }
    for (output, input) in [
      ("./x.npy", "x.npy"), ("soft.npy", "w.safetensors"), ("hard.npy", "x.npy"),
    ] {
      try expectRefusal(
        fixture, line.replacing("y.npy", with: output), 64,
        "\(output) would replace the input \(input); give the output another name")
    }
    try expectRefusal(
      fixture, line.replacing("y.npy", with: "w.safetensors"), 64, "the name must end in .npy")
    #expect(fixture.files == files)
    #expect(try files.map { try Data(contentsOf: URL(filePath: folder + "/" + $0)) } == before)
  }

  @Test func `all tensors that are wrong are named together`() throws {
    let fixture = try fixture { weights in
      weights["conv4_2.bias"] = nil
      weights["fc6.weight"] = .zeros([20, 16, 5, 7])
      weights["extra"] = .zeros([1])
    }
    try expectRefusal(
      fixture, line, 65,
      "missing 1 tensor (conv4_2.bias); unknown 1 tensor (extra); of another shape: fc6.weight got "
        + "(20, 16, 5, 7), expected (20, 16, 7, 7)")
  }

  @Test func `values that are not finite are counted by tensor`() throws {
    let fixture = try fixture { weights in
      weights["conv1_1.bias"]!.elements[2] = .nan
      weights["fc7.weight"]!.elements[3] = .infinity
      weights["fc7.weight"]!.elements[17] = .nan
    }
    try expectRefusal(
      fixture, line, 65, "(NaN) in 2 tensors of 39: conv1_1.bias (1 of 8), fc7.weight (2 of 400)")
    let many = try self.fixture { weights in
      for name in weights.keys where name.hasSuffix(".bias") { weights[name]!.elements[0] = .nan }
    }
    let outcome = try run(many, line)
    #expect(outcome.error.contains(" and 15 more") && outcome.error.utf8.count < 300)
  }

  @Test func `other bad input`() throws {
    let fixture = try fixture()
    try fixture.save("grey.npy", ramp: [1, 1, 5, 5])
    try fixture.save("flat.npy", ramp: [3, 5, 5])
    try fixture.save("nan.npy", [1, 3, 1, 1], [0, .nan, 0])
    let whole = try Data(contentsOf: fixture.folder.appending(path: "w.safetensors"))
    try fixture.save("cut.safetensors", Array(whole.dropLast(4)))
    func with(_ old: String, _ new: String) -> String { line.replacing(old, with: new) }
    try expectRefusal(fixture, with("x.npy", "grey.npy"), 65, "(batch, 3, height, width)")
    try expectRefusal(fixture, with("x.npy", "flat.npy"), 65, "shape (3, 5, 5)")
    try expectRefusal(fixture, with("x.npy", "nan.npy"), 65, "1 of 3 values")
    try expectRefusal(fixture, with("w.safe", "cut.safe"), 65, "cut.safetensors")
    try expectRefusal(fixture, with("w.safe", "none.safe"), 66, "none.safetensors")
    try expectRefusal(fixture, with("x.npy", "/dev/zero"), 66, "/dev/zero is a device")
    try expectRefusal(fixture, with("w.safetensors", "/dev/zero"), 66, "/dev/zero is a device")
    try expectRefusal(fixture, line + " --threads 0", 64, "from 1 to 1024")
    try expectRefusal(fixture, with("fcn8s", "fcn9s"), 64, "did you mean fcn8s?")
    try expectRefusal(fixture, with(" --weights w.safetensors", ""), 64, "--weights is missing")
    try expectRefusal(
      fixture, "benchmark fcn8s --input 1000000x1000000", 65, "GB are available")
  }

  @Test func `a benchmark in JSON has the whole and every layer`() throws {
    let fixture = try fixture()
    let outcome = try run(
      fixture,
      "benchmark fcn8s --weights w.safetensors --input 20x30 --rounds 2 --format json")
    #expect(outcome.code == 0, "\(outcome.error)")
    let report = try #require(
      JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    #expect(report["medianSeconds"] as? Double ?? 0 > 0)
    let layers = try #require(report["layers"] as? [[String: Any]])
    #expect(layers.count > 20)
    for layer in layers {
      #expect(layer["name"] is String && layer["medianSeconds"] is Double)
      #expect(layer["gflops"] is Double)
    }
  }

  /// A layer's least times are arithmetic on what the report states itself.
  @Test func `a roofline has two bounds for each layer, in JSON, as a table and drawn`() throws {
    let fixture = try Fixture()
    let net = "input 16x20x30; a = conv 32 k5 p2 relu; b = conv 32 k1; add b a"
    func run(_ options: String) throws -> Convbook.Outcome {
      try Convbook.run(
        ["benchmark", net] + options.split(separator: " ").map(String.init), in: fixture.folder)
    }
    let json = try run("--roofline --rounds 2 --format json")
    #expect(json.code == 0, "\(json.error)")
    let report = try #require(
      JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
    let peak = try #require(report["peakGflops"] as? Double) * 1e9
    let reading = try #require(report["readingBytesPerSecond"] as? Double)
    let layers = try #require(report["layers"] as? [[String: Any]])
    // 16 maps in and 32 out, 32·16·25 weights and 32 numbers of bias; 32 in and out.
    let area = 20 * 30
    let expected = [
      "a": 4 * (area * 16 + area * 32 + 32 * 16 * 25 + 32),
      "b": 4 * (area * 32 + area * 32 + 32 * 32 + 32),
    ]
    for layer in layers {
      let name = try #require(layer["name"] as? String)
      let bytes = try #require(layer["bytes"] as? Int)
      if let expected = expected[name] { #expect(bytes == expected, "\(name)") }
      let count = try #require(layer["remainingMultiplyAdds"] as? Int)
      let arithmetic = try #require(layer["arithmeticSeconds"] as? Double)
      let memory = try #require(layer["memorySeconds"] as? Double)
      #expect(abs(arithmetic - 2 * Double(count) / peak) <= 1e-9 * arithmetic)
      #expect(abs(memory - Double(bytes) / reading) <= 1e-9 * memory)
      #expect(layer["bound"] as? String == (arithmetic >= memory ? "arithmetic" : "memory"))
      let seconds = try #require(layer["medianSeconds"] as? Double)
      let part = try #require(layer["boundFraction"] as? Double)
      #expect(abs(part - max(arithmetic, memory) / seconds) <= 1e-9 * part)
    }
    let table = try run("--roofline --rounds 1")
    #expect(table.code == 0 && table.output.contains("memory") && table.output.contains("GB/s"))
    let svg = try run("--roofline --rounds 1 --format svg")
    #expect(svg.code == 0 && svg.error.isEmpty)
    try XMLDocumentCheck(svg.output).check()
    // A layer without multiply-adds has no place on it.
    #expect(svg.output.split(separator: "<circle").count - 1 == 2)
    #expect(svg.output.contains("left out: 1 step without multiply-adds"))
    // Without a roof nothing is drawn.
    #expect(try run("--format svg").code == 64)
  }
}
