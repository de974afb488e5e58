import ConvolutionArithmetic
import Tensors
import Testing

@Suite struct CropOffsetTests {
  /// The upsampling layer that every FCN uses: kernel 2s, stride s.
  private func upsampling(by stride: Int, kernelSize: Int? = nil) throws -> AxisLayer {
    try AxisLayer(
      "up\(stride)", Window(kernelSize: kernelSize ?? 2 * stride, stride: stride).transposed())
  }

  @Test func `the five crops of the FCNs are derived`() throws {
    let scores = try [AxisLayer].vgg16()
    let pool4 = try [AxisLayer].vgg16(through: "pool4").coordinateMap()
    let pool3 = try [AxisLayer].vgg16(through: "pool3").coordinateMap()

    let upscore32 = try (scores + [upsampling(by: 32)]).coordinateMap()
    #expect(try cropOffset(of: upscore32, to: .identity) == 19)

    let upscore2 = try (scores + [upsampling(by: 2)]).coordinateMap()
    let pool4Offset = try cropOffset(of: pool4, to: upscore2)
    #expect(pool4Offset == 5)
    #expect(try pool4.then(CoordinateMap(cropping: 5)) == upscore2)

    let upscore16 = try upscore2.then(upsampling(by: 16).coordinateMap)
    #expect(try cropOffset(of: upscore16, to: .identity) == 27)

    let upscorePool4 = try upscore2.then(upsampling(by: 2).coordinateMap)
    #expect(try cropOffset(of: pool3, to: upscorePool4) == 9)

    let upscore8 = try upscorePool4.then(upsampling(by: 8).coordinateMap)
    #expect(try cropOffset(of: upscore8, to: .identity) == 31)
  }

  @Test func `the crops follow the padding and the kernel of fc6`() throws {
    for padding in [97, 100, 104] {
      let pool3 = try [AxisLayer].vgg16(through: "pool3", padding: padding).coordinateMap()
      let fused = try
        ([AxisLayer].vgg16(padding: padding)
        + [upsampling(by: 2), upsampling(by: 2)]).coordinateMap()
      let k = 7
      let pool4Offset = k - 2
      let pool3Offset = 2 * pool4Offset - 1
      #expect(try cropOffset(of: pool3, to: fused) == pool3Offset)
      let output = try fused.then(upsampling(by: 8).coordinateMap)
      #expect(try cropOffset(of: output, to: .identity) == padding + 3 - 8 * pool3Offset)
    }
  }

  @Test func `AlexNet has a crop with a 63-wide kernel and none with 64`() throws {
    let scores = try [AxisLayer].alexNet()
    let odd = try (scores + [upsampling(by: 32, kernelSize: 63)]).coordinateMap()
    #expect(try cropOffset(of: odd, to: .identity) == 18)
    let even = try (scores + [upsampling(by: 32)]).coordinateMap()
    #expect(
      throws: GeometryError(
        "no crop aligns the two maps: the offset would be 37/2, between the cells 18 and 19, and a "
          + "crop takes whole cells; make one kernel a cell wider or narrower, which moves a map by "
          + "half a cell")
    ) { try cropOffset(of: even, to: .identity) }
  }

  @Test func `unequal scales and a map that begins too late are refused`() throws {
    let scores = try [AxisLayer].vgg16(padding: 1)
    let coarse = try scores.coordinateMap()
    #expect(throws: GeometryError.self) { try cropOffset(of: coarse, to: .identity) }
    let upscore = try (scores + [upsampling(by: 32)]).coordinateMap()
    #expect(
      throws: GeometryError(
        "no crop aligns the two maps: the offset would be -80, and a crop takes 0 or more cells off; "
          + "the map begins 80 cells too late, so the first layer needs more padding")
    ) { try cropOffset(of: upscore, to: .identity) }
  }

  @Test func `the sizes of FCN-8s at 500`() throws {
    let names = ["conv1_1", "pool1", "pool2", "pool3", "pool4", "pool5", "fc6"]
    let layers = try [AxisLayer].vgg16()
    let sizes = try layers.sizes(input: 500)
    #expect(
      names.map { name in sizes[layers.firstIndex { $0.name == name }!] }
        == [500 + 2 * 100 - 2, 349, 175, 88, 44, 22, 22 - 6])
    let up =
      try layers + [
        upsampling(by: 2), upsampling(by: 2), upsampling(by: 8),
        .crop("crop", offset: 31, size: 500),
      ]
    #expect(try up.sizes(input: 500).suffix(5) == [16, 34, 70, 568, 500])
  }

  @Test func `a map and its inverse are the identity`() throws {
    let map = try [AxisLayer].alexNet().coordinateMap()
    #expect(try map.then(map.inverse()) == .identity)
    #expect(try map.inverse().then(map) == .identity)
    #expect(map(try map.inverse()(7)) == 7)
  }
}
