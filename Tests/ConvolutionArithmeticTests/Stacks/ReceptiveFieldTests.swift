import ConvolutionArithmetic
import Tensors
import Testing

@Suite struct ReceptiveFieldTests {
  @Test(arguments: [
    ("pool3", 44, 8, Fraction(-191, 2)), ("pool4", 100, 16, Fraction(-183, 2)),
    ("pool5", 212, 32, Fraction(-167, 2)), ("fc6", 404, 32, Fraction(25, 2)),
    ("fc7", 404, 32, Fraction(25, 2)),
  ]) func `VGG16`(layer: String, size: Int, jump: Int, start: Fraction) throws {
    let field = try [AxisLayer].vgg16(through: layer).receptiveField()
    #expect(field.size == size)
    #expect(field.jump == Fraction(jump))
    #expect(field.start == start)
    #expect(field.centre(of: 3) == start + Fraction(3 * jump))
  }

  @Test func `AlexNet`() throws {
    #expect(try [AxisLayer].alexNet().receptiveField().size == 355)
  }

  @Test func `three dilated layers see 13 cells`() throws {
    let layer = try AxisLayer("conv", Window(kernelSize: 3, dilation: 2))
    let sizes = try [layer, layer, layer].receptiveFields().map(\.size)
    #expect(sizes == [1 + 4, 1 + 4 + 4, 1 + 4 + 4 + 4])
  }

  @Test func `through transposed convolutions it depends on the phase`() throws {
    let up2 = try AxisLayer("up2", Window(kernelSize: 4, stride: 2).transposed())
    let up8 = try AxisLayer("up8", Window(kernelSize: 16, stride: 8).transposed())
    let up32 = try AxisLayer("up32", Window(kernelSize: 64, stride: 32).transposed())
    let crop = try AxisLayer.crop("crop", offset: 31)
    let scores = try [AxisLayer].vgg16()

    let eight = try (scores + [up2, up2, up8, crop]).receptiveField()
    #expect(eight.sizes.map(\.size) == [404 + 32, 404 + 2 * 32])
    #expect(eight.sizes.map(\.phases) == [8, 24])
    #expect(eight.jump == 1)
    #expect(eight.start == 0)

    let thirtyTwo = try (scores + [up32]).receptiveField()
    #expect(thirtyTwo.sizes.map(\.size) == [404 + 32])
    #expect(thirtyTwo.sizes.map(\.phases) == [32])
  }

  @Test func `between the stamps of a small kernel nothing is seen`() throws {
    let up = try AxisLayer("up", Window(kernelSize: 2, stride: 3).transposed())
    #expect(try [up].receptiveField().sizeByPhase == [1, 1, 0])
  }

  @Test(arguments: [(1, 193), (81, 33), (96, 3), (97, 1), (100, 1)])
  func `why pad 100: the smallest input`(padding: Int, smallest: Int) throws {
    let layers = try [AxisLayer].vgg16(padding: padding)
    #expect(layers.smallestInput() == smallest)
    #expect(try layers.outputSize(input: smallest) == 1)
    if smallest > 1 {
      #expect(throws: GeometryError.self) { try layers.outputSize(input: smallest - 1) }
    }
    let sixteen = try #require(layers.inputSizes(output: 16))
    #expect(try sixteen.allSatisfy { try layers.outputSize(input: $0) == 16 })
    #expect(sixteen.count == 32)
  }

  @Test func `numbers that do not fit are an error`() throws {
    let huge = try AxisLayer("conv", Window(kernelSize: 3, stride: largestExtent))
    #expect(throws: GeometryError.self) { try [huge, huge, huge].receptiveField() }
    #expect(throws: GeometryError.self) { try [huge, huge, huge].coordinateMap() }
    let wide = try AxisLayer(
      "up", Window(kernelSize: largestExtent, stride: largestExtent).transposed())
    #expect(throws: GeometryError.self) { try [wide].receptiveField() }
  }
}
