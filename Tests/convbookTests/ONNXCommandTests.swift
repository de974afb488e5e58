import Foundation
import Interchange
import Networks
import Tensors
import Testing
import Training

/// ONNX models at the command line, written by the book itself.
@Suite struct ONNXCommandTests {
  private static let text = "a = conv 6 k3 p1 relu; max k2; c = conv 3 k1; up 2 bilinear"

  /// net.txt, w.safetensors, net.onnx of both, and x.npy.
  private func fixture(preprocess: String = "") throws -> Fixture {
    let fixture = try Fixture()
    try fixture.save("net.txt", Array(Self.text.utf8))
    let network = try Network.described(by: Self.text).network
    try fixture.save("w.safetensors", network, network.initialWeights(seed: 3))
    try fixture.save("x.npy", ramp: [1, 3, 8, 12])
    try fixture.savePicture("a.png", width: 12, height: 8, seed: 1)
    let outcome = try fixture.run("convert w.safetensors net.onnx --network net.txt \(preprocess)")
    #expect(outcome.code == 0, "\(outcome.error)")
    #expect(outcome.output.hasPrefix("net.onnx: 4 tensors"), "\(outcome.output)")
    return fixture
  }

  @Test func `a network of one's own becomes a model that gives the same numbers`() throws {
    let fixture = try fixture()
    let line = "--input x.npy --no-cache --output"
    #expect(try fixture.run("forward net.txt --weights w.safetensors \(line) a.npy").code == 0)
    let outcome = try fixture.run("forward net.onnx \(line) b.npy")
    #expect(outcome.code == 0 && outcome.error.isEmpty, "\(outcome.error)")
    let (a, b) = (try fixture.load("a.npy"), try fixture.load("b.npy"))
    #expect(a.shape == [1, 3, 8, 12])
    #expect(
      b.rounded(to: Float.self).difference(
        from: a.rounded(to: Float.self), relative: 1e-6, absolute: 1e-6)
        == nil)
  }

  @Test func `fit finds a size by itself where not every one goes through`() throws {
    let fixture = try Fixture()
    // A U-Net of depth 2, which takes the multiples of 4; 255 and 257 it refuses.
    let text =
      "a = conv 2 k2; max k2; b = conv 2 k3 p1; max k2; convT 2 k2 s2; cat b; convT 2 k2 s2; cat a"
    try fixture.save("net.txt", Array(text.utf8))
    let network = try Network.described(by: text, size: 9).network
    try fixture.save("w.safetensors", network, network.initialWeights(seed: 3))
    #expect(
      try fixture.run("convert w.safetensors net.onnx --network net.txt --input 9").code == 0)
    // 256 leaves 255 cells behind the first kernel.
    for (line, said) in [
      ("fit net.onnx", "257 itself"), ("fit net.onnx --input 256", "Not through: 256 each way"),
    ] {
      let outcome = try fixture.run(line)
      #expect(outcome.code == 0, "\(outcome.error)")
      #expect(outcome.output.contains("1 more than a multiple of 4, from 5"), "\(outcome.output)")
      #expect(outcome.output.contains(said), "\(outcome.output)")
    }
    let near = try fixture.run("fit net.onnx --near 100")
    #expect(near.output.contains("97 below, 101 above 100"), "\(near.output)")
  }

  @Test func `a model is written anew, and gives the same`() throws {
    let fixture = try fixture()
    let outcome = try fixture.run("convert net.onnx anew.onnx")
    #expect(outcome.code == 0 && outcome.output.hasPrefix("anew.onnx: 4 tensors"), "\(outcome)")
    let line = "--input x.npy --no-cache --output"
    #expect(try fixture.run("forward net.onnx \(line) a.npy").code == 0)
    #expect(try fixture.run("forward anew.onnx \(line) b.npy").code == 0)
    let (a, b) = (try fixture.load("a.npy"), try fixture.load("b.npy"))
    #expect(a.rounded(to: Float.self).elements == b.rounded(to: Float.self).elements)
  }

  @Test func `kernels along one axis may have three axes, as PyTorch writes them`() throws {
    let fixture = try Fixture()
    try fixture.save("x.npy", ramp: [1, 1, 6])
    // Each number less the one before: −1·x[i] + 1·x[i + 1].
    try fixture.save(
      "w.safetensors",
      tensors: [
        ("a.weight", Tensor(shape: [1, 1, 2], elements: [-1, 1])),
        ("a.bias", Tensor(shape: [1], elements: [0.5])),
      ])
    try fixture.save("net.txt", Array("input 1; a = conv1d 1 k2".utf8))
    let outcome = try fixture.run(
      "forward net.txt --weights w.safetensors --input x.npy --output y.npy --no-cache")
    #expect(outcome.code == 0, "\(outcome.error)")
    let (x, y) = (
      try fixture.load("x.npy").rounded(to: Float.self), try fixture.load("y.npy")
    )
    #expect(y.shape == [1, 1, 5])
    #expect(
      y.rounded(to: Float.self).elements
        == (0..<5).map { x.elements[$0 + 1] - x.elements[$0] + 0.5 })
  }

  @Test func `a picture without a batch is told how it gets one`() throws {
    let fixture = try fixture()
    try fixture.save("one.npy", ramp: [3, 8, 12])
    for line in ["net.onnx", "net.txt --weights w.safetensors", "fcn8s --weights w.safetensors"] {
      let outcome = try fixture.run("forward \(line) --input one.npy --output y.npy")
      #expect(outcome.code == 65)
      #expect(outcome.error.contains("one alone is (1, 3, 8, 12), x[None]"), "\(outcome.error)")
    }
  }

  @Test func `segment takes it, and says how pixels become numbers where the model does not`()
    throws
  {
    func answer(_ outcome: Convbook.Outcome) throws -> [String: Any] {
      try #require(
        JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    }
    func labels(_ answer: [String: Any]) throws -> [Int] {
      let pictures = try #require(answer["pictures"] as? [[String: Any]])
      let classes = try #require(pictures.first?["classes"] as? [[String: Any]])
      return classes.compactMap { $0["pixels"] as? Int }
    }
    let fixture = try fixture()
    let line = "segment a.png --output l.png --format json --network"
    let silent = try fixture.run("\(line) net.onnx")
    #expect(silent.code == 0, "\(silent.error)")
    #expect(
      silent.error.contains("net.onnx does not say how pixels become numbers; torchvision's way"))
    #expect(silent.error.contains("--preprocess"))
    #expect(try answer(silent)["preprocess"] as? String == "torchvision")
    let told = try fixture.run("\(line) net.onnx --preprocess caffe")
    #expect(told.code == 0 && told.error.isEmpty, "\(told.error)")
    let text = try fixture.run("\(line) net.txt --weights w.safetensors --preprocess caffe")
    #expect(try labels(answer(told)) == labels(answer(text)))

    let stated = try self.fixture(preprocess: "--preprocess scene")
    let outcome = try stated.run("\(line) net.onnx")
    #expect(outcome.code == 0 && outcome.error.isEmpty, "\(outcome.error)")
    #expect(try answer(outcome)["preprocess"] as? String == "scene")
  }

  @Test func `lines are taken and given without a height`() throws {
    let fixture = try fixture()
    let network = try Network.described(by: "conv1d 4 k3 p1; conv1d 2 k3", channels: 2).network
    try fixture.save("line.txt", Array("input 2; conv1d 4 k3 p1; conv1d 2 k3".utf8))
    try fixture.save("w.safetensors", network, network.initialWeights(seed: 5))
    try fixture.save("long.npy", ramp: [2, 2, 32])
    try fixture.save("flat.npy", ramp: [2, 2, 1, 32])
    let line = "forward line.txt --weights w.safetensors --no-cache --output y.npy --input"
    #expect(try fixture.run("\(line) flat.npy").code == 0)
    let flat = try fixture.load("y.npy")
    #expect(flat.shape == [2, 2, 1, 30])
    let outcome = try fixture.run("\(line) long.npy")
    #expect(outcome.code == 0, "\(outcome.error)")
    let long = try fixture.load("y.npy")
    #expect(long.shape == [2, 2, 30])
    #expect(long.rounded(to: Float.self).elements == flat.rounded(to: Float.self).elements)
    let wrong = try fixture.run("forward net.onnx --input long.npy --output y.npy")
    #expect(wrong.code == 65, "\(wrong.error)")
    #expect(wrong.error.contains("pictures are (batch, channels, height, width)"), "\(wrong.error)")
  }

  @Test func `what convert cannot write of a network of one's own`() throws {
    let fixture = try fixture()
    for (line, words) in [
      ("convert w.safetensors b.npz --network net.txt", "is written as .onnx, and b.npz"),
      ("convert w.safetensors b.onnx --network net.txt --classes 4", "--classes is for the book's"),
      ("convert w.safetensors b.onnx --network nothing", "nothing"),
    ] {
      let outcome = try fixture.run(line)
      #expect(outcome.code == 64, "\(line): \(outcome.error)")
      #expect(outcome.error.contains(words), "\(line): \(outcome.error)")
    }
  }
}
