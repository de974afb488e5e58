import ConvolutionArithmetic
import Networks
import Tensors
import Testing

@Suite struct NetworkTests {
  private func count(_ network: Network) -> Int {
    network.parameters.reduce(0) { $0 + $1.shape.count }
  }

  private func offsets(_ network: Network) throws -> [Int] {
    try network.layers.filter { $0.operation == .crop }.map { try network.cropOffset(of: $0) }
  }

  @Test func `parameters add up to the published totals`() {
    #expect(count(.fcn32s()) == 136_152_917)
    #expect(count(.fcn16s()) == 134_815_994)
    #expect(count(.fcn8s()) == 134_489_759)
    #expect(count(.fcn8s(classes: 22)) == 134_507_010)
    #expect(count(.vgg16()) == 138_357_544)
    #expect(count(.fcnAlexNet()) == 56_954_261 + 1_750_329)
    #expect(count(.uNet()) == 31_030_658)
  }

  @Test func `crop offsets follow from the geometry`() throws {
    #expect(try offsets(.fcn32s()) == [19])
    #expect(try offsets(.fcn16s()) == [5, 27])
    #expect(try offsets(.fcn8s()) == [5, 9, 31])
    #expect(try offsets(.fcn8sAtOnce()) == [5, 9, 31])
    #expect(try offsets(.fcnAlexNet()) == [18])
    #expect(try offsets(.uNet()) == [4, 16, 40, 88])
    #expect(try offsets(.fcn32s(backbone: .scenes)) == [0])
    #expect(try offsets(.fcn16s(backbone: .scenes)) == [1, 8])
    #expect(try offsets(.fcn8s(backbone: .scenes)) == [1, 1, 12])
  }

  @Test func `shapes of FCN-8s at 500×500`() throws {
    let network = Network.fcn8s()
    let shapes = try network.shapes(input: 500)
    let byName = Dictionary(uniqueKeysWithValues: zip(network.layers.map(\.name), shapes))
    let sides = ["conv1_1": 698, "pool1": 349, "pool2": 175, "pool3": 88, "pool4": 44, "pool5": 22]
    for (name, side) in sides { #expect(byName[name]?.size == Size(side), "\(name)") }
    #expect(byName["fc7"] == MapShape(channels: 4096, size: 16))
    #expect(byName["upscore2"] == MapShape(channels: 21, size: 34))
    #expect(byName["upscore_pool4"] == MapShape(channels: 21, size: 70))
    #expect(byName["upscore8"] == MapShape(channels: 21, size: 568))
    #expect(byName["score"] == MapShape(channels: 21, size: 500))
  }

  @Test func `a layer costs its weights, once for each place where they are used`() throws {
    let network = Network.fcn8s()
    let costs = try network.multiplyAdds(input: 500)
    let byName = Dictionary(uniqueKeysWithValues: zip(network.layers.map(\.name), costs))
    #expect(byName["conv1_2"] == 698 * 698 * (64 * 64 * 3 * 3))
    #expect(byName["fc6"] == 16 * 16 * (512 * 4096 * 7 * 7))
    #expect(byName["upscore8"] == 70 * 70 * (21 * 21 * 16 * 16))
    // Everything but the transposed convolutions: 180.97 thousand million.
    let up = try #require(byName["upscore2"]) + byName["upscore_pool4"]! + byName["upscore8"]!
    #expect((costs.reduce(0, +) - up) / 10_000_000 == 18_096)
  }

  @Test func `the answer is as large as the picture, from one pixel on`() throws {
    for network in [Network.fcn32s(), .fcn16s(), .fcn8s(), .fcnAlexNet()] {
      for size in [Size(1), Size(height: 1, width: 77), Size(height: 375, width: 500), 33, 57] {
        #expect(try network.shapes(input: size).last?.size == size, "\(network.name) \(size)")
      }
    }
  }

  @Test func `receptive fields`() throws {
    let network = Network.fcn8s()
    let expected = [
      ("pool3", 44, 8, Fraction(-191, 2)), ("pool4", 100, 16, Fraction(-183, 2)),
      ("pool5", 212, 32, Fraction(-167, 2)), ("fc7", 404, 32, Fraction(25, 2)),
    ]
    for (name, size, jump, start) in expected {
      let field = try network.path(to: name).receptiveField()
      #expect(field.size == size && field.jump == Fraction(jump) && field.start == start, "\(name)")
    }
  }

  @Test func `sizes that a network takes, or the next that it does`() throws {
    // The full networks take every picture.
    for size in [Size(1), Size(height: 37, width: 500), Size(333)] {
      #expect(try Network.fcn8s().workableSize(for: size) == size)
    }
    // With kernels 3×3 in fc6 the skip from pool3 is long enough in every second run of 16 pixels.
    let small = Network.fcn8s(classes: 6, backbone: .scenes)
    for width in 50...200 {
      let size = try small.workableSize(for: Size(height: 128, width: width))
      #expect(size.height == 128)
      #expect((0...16).contains(size.width - width), "\(width): \(size.width)")
      #expect((size.width > width) == ((width - 1) % 32 < 16), "\(width): \(size.width)")
    }
    // Below 33 fc6 has no cell, and 33 to 48 are of the runs that do not fit.
    for size in 1...32 { #expect(try small.workableSize(for: Size(size)) == 49, "\(size)") }
    #expect(try Network.fcn32s(classes: 6, backbone: .scenes).workableSize(for: 16) == 33)
    #expect(try Network.vgg16().workableSize(for: Size(height: 300, width: 7)).width == 193)
    // Where streams can never lie on each other, no size will do.
    var apart = Backbone.scenes
    apart.firstPadding = 0
    #expect(throws: GeometryError.self) {
      try Network.fcn8s(classes: 6, backbone: apart).workableSize(for: 500)
    }
  }

  @Test func `maps continued with a value`() {
    #expect(
      continued(Tensor([[1, 2], [3, 4]]), to: Size(height: 3, width: 4), with: 9)
        == Tensor([[1, 2, 9, 9], [3, 4, 9, 9], [9, 9, 9, 9]]))
    #expect(continued(Tensor([[1]]), to: 1, with: 9) == Tensor([[1]]))
  }
}
