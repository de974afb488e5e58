import Interchange
import Testing

/// The main job out of the box: a scene, and its labels, without any file of weights.
@Suite struct ShippedWeightsTests {
  @Test func `a scene is segmented by the weights that come with the book`() throws {
    let fixture = try Fixture()
    _ = try fixture.run("scene --seed 7 --output scene.png --labels truth.png")
    let outcome = try fixture.run("segment scene.png --output labels.png")
    #expect(outcome.code == 0 && outcome.error.isEmpty)
    #expect(
      outcome.output.hasPrefix(
        "scene.png: 128×128 pixels, height first, as the book's small network of drawn scenes sees "
          + "them\n"))
    for name in ["background", "disc", "ring"] { #expect(outcome.output.contains(name)) }
    let (labels, truth) = (
      try LabelMap(contentsOf: fixture.path("labels.png")),
      try LabelMap(contentsOf: fixture.path("truth.png"))
    )
    let right = zip(labels.labels, truth.labels).filter { $0 == $1 }.count
    #expect(Double(right) >= 0.93 * Double(truth.labels.count))

    let evaluated = try fixture.run("evaluate --scenes 4 --network fcn16s --format json")
    #expect(evaluated.code == 0 && evaluated.output.contains("\"meanIU\""))
  }

  @Test func `a picture of any size`() throws {
    let fixture = try Fixture()
    // 70 pixels are no size whose crops fit; the picture is continued, the labels are not.
    _ = try fixture.run("scene --seed 3 --size 70x131 --output scene.png")
    #expect(try fixture.run("segment scene.png --output labels.png").code == 0)
    let labels = try LabelMap(contentsOf: fixture.path("labels.png"))
    #expect((labels.height, labels.width) == (70, 131))

    for (width, height) in [(1, 1), (9, 9), (17, 16)] {
      try fixture.savePicture("tiny.png", width: width, height: height, seed: 1)
      #expect(try fixture.run("segment tiny.png --output tiny-labels.png").code == 0)
      let labels = try LabelMap(contentsOf: fixture.path("tiny-labels.png"))
      #expect((labels.height, labels.width) == (height, width))
    }
  }
}
