import FastKernels
import Foundation
import Interchange
import Networks
import Primitives
import Tensors
import Testing

@testable import Training

@Suite struct TrainedWeightsTests {
  /// The mean IU of a network on scenes that it has not learned from.
  private func meanIU(_ name: NetworkName, scenes: Int) throws -> Double {
    let (network, weights) = try TrainedWeights.weights(of: name)
    let fast = try FastNetwork(network, weights: WeightSource(weights))
    let set = PictureSet.scenes(count: scenes, seed: 0)
    var matrix = ConfusionMatrix(classes: set.classes)
    for index in 0..<set.count {
      let scene = try set.read(index)
      let scores = try fast.forward(
        Preprocessing.scene.input(pixels: scene.pixels, size: scene.size))
      try matrix.add(
        truth: scene.labels, labels: FastKernels.argmax(scores).elements.map { UInt8($0) })
    }
    return matrix.scores!.meanIU
  }

  @Test func `each skip adds much on scenes that nobody has seen`() throws {
    let means = try TrainedWeights.networks.map { try meanIU($0, scenes: 25) }
    #expect(means[2] >= 0.82, "FCN-8s: \(means[2])")
    #expect(means[0] + 0.08 <= means[1] && means[1] + 0.08 <= means[2], "\(means)")
  }

  @Test func `there are weights of three networks, under 2 MB together`() throws {
    var bytes = 0
    for name in TrainedWeights.networks {
      let path = try #require(TrainedWeights.path(of: name))
      bytes += try #require(
        FileManager.default.attributesOfItem(atPath: path)[.size] as? Int)
    }
    #expect(bytes < 2_000_000)
    #expect(TrainedWeights.path(of: .fcnAlexNet) == nil)
  }

  @Test func `an installed program has them beside it, one that was built in the book's folder`() {
    let folder = ShippedFolder("Weights", inBook: "Sources/A/Weights")
    let installed = folder.candidates(forProgram: "/opt/bin/convbook")
    #expect(
      installed.starts(with: [
        "/opt/bin/Weights", "/opt/share/convbook/Weights", "/opt/Sources/A/Weights",
        "/Sources/A/Weights",
      ]))
    // Beside the source it is looked for last, and by no program that is given away.
    #expect(
      installed.dropFirst(4).allSatisfy { $0 == FilePlace.folder(of: #filePath) + "/Weights" })
    #expect(
      folder.candidates(forProgram: "/b/.build/debug/convbook").contains("/b/Sources/A/Weights"))
    #expect(TrainedWeights.missing("log.json").contains("put the folder TrainedWeights back"))
  }

  @Test func `a log tells all of it, or is none`() throws {
    func record(_ text: String) throws -> TrainingRecord? {
      TrainingRecord(try JSON(parsing: Array(text.utf8), of: "log.json"))
    }
    let stage = """
      {"name": "32s", "iterations": 2, "rate": 1e-3, "confusion": [[3, 1], [0, 4]], "losses": [2, 0.5]}
      """
    let head = "\"seed\": 7, \"batch\": 10, \"trainingPictures\": 40, \"validationPictures\": 5"
    let whole = try #require(try record("{\(head), \"stages\": [\(stage)]}"))
    #expect(whole.seed == 7 && whole.batch == 10 && whole.validationPictures == 5)
    #expect(whole.stages[0].name == "32s" && whole.stages[0].rate == 0.001)
    #expect(whole.stages[0].confusion == [[3, 1], [0, 4]] && whole.stages[0].losses == [2, 0.5])
    #expect(try record("{\(head)}") == nil)
    #expect(try record("{\(head), \"stages\": [{}]}") == nil)
  }

  @Test func `their training begins as its log says`() throws {
    let path = try #require(TrainedWeights.log)
    let data = try Data(contentsOf: URL(fileURLWithPath: path))
    let log = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    let seed = UInt64(try #require(log["seed"] as? Int))
    let stages = try #require(log["stages"] as? [[String: Any]])
    let recipe = TrainingRecipe.scenes
    #expect(stages.map { $0["name"] as? String } == recipe.stages.map(\.kind.rawValue))
    #expect(stages.map { $0["iterations"] as? Int } == recipe.stages.map(\.iterations))
    let losses = try #require(stages[0]["losses"] as? [Double])
    let run = TrainingRun(recipe, data: .scenes(recipe, seed: seed), seed: seed)
    for iteration in 0..<4 {
      let loss = try run.step()
      // Without fused multiply-adds the last bits differ.
      #expect(abs(loss - losses[iteration]) <= 1e-4 * loss, "iteration \(iteration + 1)")
    }
  }
}
