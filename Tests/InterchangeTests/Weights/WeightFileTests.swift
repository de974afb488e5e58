import Tensors
import Testing

@testable import Interchange
@testable import WeightFiles

@Suite struct WeightFileTests {
  private func problem(_ bytes: [UInt8]) -> String {
    sentence { try WeightFile.open(FileContents(bytes, name: "x.pth")) }
  }

  @Test func `what cannot be opened and what is malformed are different errors`() {
    #expect(throws: FileProblem.self) { try WeightFile.open("/nowhere/x.pth") }
    #expect(throws: FileProblem.self) { try WeightFile.open(ArrayFixtures.path("weights")) }
    #expect(throws: InterchangeError.self) {
      try WeightFile.open(ArrayFixtures.path("make_weights.py"))
    }
  }

  @Test func `content decides, and what is none of ours says so`() {
    #expect(problem([]) == "x.pth: it is empty")
    #expect(
      problem(Array("version https://git-lfs.github.com/spec/v1".utf8)).contains("git lfs pull"))
    #expect(problem(Array("weights, honestly".utf8)).contains("it is no weight file"))
    #expect(problem(NPYHeader.magic + [1, 0]).contains("use an .npz"))
    #expect(
      problem([0x80, 2, UInt8(ascii: "N"), UInt8(ascii: ".")]).contains("none that torch.save"))
  }
}

@Suite struct WeightStatisticsTests {
  @Test func `of a few values`() throws {
    let values: [Float] = [1, 3, .nan, 5, -.infinity, 7]
    let entry = WeightEntry(name: "a", tensor: Tensor(shape: [6], elements: values))
    let statistics = try entry.statistics()
    #expect(statistics.minimum == 1)
    #expect(statistics.maximum == 7)
    let mean: Double = (1 + 3 + 5 + 7) / 4
    #expect(statistics.mean == mean)
    // Distances from the mean: −3, −1, 1, 3.
    let variance: Double = (9 + 1 + 1 + 9) / 4
    #expect(statistics.standardDeviation == variance.squareRoot())
    #expect(statistics.nonFinite == 2)
  }

  @Test func `of no values`() throws {
    let empty = WeightEntry(name: "a", tensor: Tensor(shape: [0], elements: []))
    #expect(
      try empty.statistics()
        == WeightStatistics(
          minimum: 0, maximum: 0, mean: 0, standardDeviation: 0, zeros: 0, nonFinite: 0))
  }
}

/// The content decides what a file is: no length and no name may make it another.
@Suite struct WeightContentTests {
  private func problem(_ bytes: [UInt8], _ name: String = "x") -> String {
    sentence { try WeightFile.open(FileContents(bytes, name: name)) }
  }

  @Test func `a safetensors header of any length is one`() throws {
    let json = Array(#"{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}}"#.utf8)
    func file(length: Int) -> [UInt8] {
      let bytes = (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) }
      return bytes + json + [UInt8](repeating: 0x20, count: length - json.count) + [1, 2]
    }
    // Every low byte, every second byte, and lengths whose bytes are the beginnings of other formats.
    for length in Array(json.count..<json.count + 600) + (1...255).map({ $0 << 8 | 0x50 })
      + [0x4B50, 0x80, 0x280, 0x480, 0x8B1F, 0x120A, 0x06A2, 0x0108, 0x5A42, 0x463C_3C]
    {
      let opened = try WeightFile.open(FileContents(file(length: length), name: "x"))
      #expect(opened.format == .safetensors, "\(length)")
      #expect(try opened["a"]?.values() == [1, 2], "\(length)")
    }
  }

  @Test func `a header that is as long as a zip's beginning says is a header`() {
    // PK\3\4 read as a length is 67 MB, which is allowed.
    #expect(problem([0x50, 0x4B, 3, 4, 0, 0, 0, 0] + Array("{}".utf8)).contains("states a header"))
  }

  @Test(arguments: [
    ("<!DOCTYPE html><html>", "a web page"), ("\n\n  <HTML>", "a web page"),
    ("\u{FEFF}<?xml version", "a web page"), ("version https://git-lfs", "run git lfs pull"),
    ("{\"error\": \"not found\"}", "text in JSON"), ("GGUF\u{3}\0\0\0", "a GGUF file"),
    ("\u{1C}\0\0\0TFL3", "a TensorFlow Lite model"), ("MATLAB 5.0 MAT-file, x", "a MATLAB file"),
    ("MATLAB 7.3 MAT-file, x", "a MATLAB file"), ("%PDF-1.4", "a picture"), ("GIF89a", "a picture"),
    ("BZh91AY", "compressed by bzip2"), ("Rar!\u{1A}", "compressed by rar"),
    ("\u{8}\u{7}\u{12}\u{7}pytorch", "the ONNX model has no graph"),
    ("\u{8}\u{8}:\u{5}hello", "the graph"),
    ("\u{8}\u{1}\u{12}\u{5}hello", "a graph of TensorFlow"),
    ("hello, world", "no weight file"),
  ])
  func `formats that are not read are named`(text: String, words: String) {
    #expect(problem(Array(text.utf8)).contains(words), "\(problem(Array(text.utf8)))")
  }

  @Test func `formats of bytes that are no text`() {
    let beginnings: [([UInt8], String)] = [
      ([0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A], "an HDF5 file"),
      (
        [UInt8](repeating: 0, count: 512) + [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A], "HDF5"
      ),
      ([0x1F, 0x8B, 8], "compressed by gzip"), ([0x28, 0xB5, 0x2F, 0xFD], "compressed by zstd"),
      ([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0], "compressed by xz"), ([0xFF, 0xD8, 0xFF], "a picture"),
      ([0x12, 1, 0, 0, 0, 0, 0, 0], "an MXNet file"),
      ([0, 0, 0, 0, 2, 0, 0, 0, 0], "a Darknet file"),
      (
        [0, 1, 2] + [0x57, 0xFB, 0x80, 0x8B, 0x24, 0x75, 0x47, 0xDB],
        "a part of a TensorFlow checkpoint"
      ),
    ]
    for (bytes, words) in beginnings {
      #expect(problem(bytes).contains(words), "\(problem(bytes))")
    }
    #expect(problem([1, 2, 3], "m.ckpt.data-00000-of-00001").contains("TensorFlow checkpoint"))
  }

  @Test func `programs and archives in a zip`() {
    for (member, words) in [
      ("m/constants.pkl", "TorchScript"), ("m/archive_format", "(.pt2)"),
      ("model.weights.h5", "a Keras model (.keras)"), ("in/fcn8s.pth", "a zip around in/fcn8s.pth"),
    ] {
      #expect(
        ForeignFormat.error(zip: ["m/data.pkl", member])?.description.contains(words) == true)
    }
    #expect(ForeignFormat.error(zip: ["m/data.pkl", "m/data/0", "m/byteorder"]) == nil)
  }
}

@Suite struct NameSummaryTests {
  @Test func `three names are shown, the rest is counted, and what all share is said`() {
    #expect(["a", "b", "c"].summary == "a, b, c")
    #expect(["a", "b", "c", "d", "e"].summary == "a, b, c and 2 more")
    #expect(
      (1...70).map { "encoder.conv\($0).weight" }.summary
        == "all encoder.… and ….weight: encoder.conv1.weight, encoder.conv2.weight, "
        + "encoder.conv3.weight and 67 more")
    #expect(["x", "x", "x", "x"].summary == "x, x, x and 1 more")
  }
}
