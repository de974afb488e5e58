import Foundation
import Tensors
import Testing

/// What `--show` draws where there is no colour: shades, letters and a legend.
@Suite struct SegmentShowTests {
  @Test func `the picture in shades, the labels in letters`() throws {
    let fixture = try Fixture()
    // Scores of class 1 alone, so that every pixel is class 1.
    var weights = TinyNetwork.weights
    for name in ["score_fr", "score_pool4", "score_pool3"] {
      weights["\(name).weight"] = weights["\(name).weight"]!.map { _ in 0 }
      weights["\(name).bias"] = .init(shape: [3], elements: [0, 1, 0])
    }
    try fixture.save("w.safetensors", TinyNetwork.network, weights)
    // Four columns and four rows, black on the left and white on the right.
    let row: [UInt8] = [0, 0, 0, 0, 0, 0, 255, 255, 255, 255, 255, 255]
    try fixture.save("in.ppm", Array("P6 4 4 255\n".utf8) + row + row + row + row)
    let outcome = try fixture.run("segment in.ppm --weights w.safetensors --show --width 20")
    #expect(outcome.code == 0, "\(outcome.error)")
    #expect(
      outcome.output == """
        in.ppm
          @@  AAAA
          @@  AAAA

          A  class 1  100.0 %

        """)
  }
}
