import ConvolutionArithmetic
import Tensors
import Testing

@testable import Networks

/// The drawing of a network as a figure in a paper has it.
@Suite struct NetworkPictureTests {
  private func svg(_ network: Network, _ input: Size) throws -> String {
    NetworkPicture(try NetworkTable(network, input: input)).svg
  }

  /// The numbers of an attribute, in the order of the boxes.
  private func numbers(_ name: String, _ svg: String) -> [Int] {
    svg.split(separator: "\(name)=\"").dropFirst().compactMap {
      Int($0.prefix { $0.isNumber })
    }
  }

  @Test func `every box says its channels and size`() throws {
    let unet = try svg(.uNet(), Size(572))
    // Down: two convolutions of 3 without padding, and a pool, four times; then up again.
    #expect(
      numbers("data-rows", unet) == [
        572, 568, 284, 280, 140, 136, 68, 64, 32, 28, 56, 56, 56, 52, 104, 104, 104, 100, 200, 200,
        200, 196, 392, 392, 392, 388, 388,
      ])
    #expect(
      Array(numbers("data-channels", unet).prefix(10)) == [
        1, 64, 64, 128, 128, 256, 256, 512, 512, 1024,
      ])
  }

  @Test func `boxes are as high as their rows and as wide as their channels, by doublings`() throws
  {
    let network = Network("small", input: 1) { net in
      let a = net.add("a", .convolution(outputs: 2, kernelSize: 1, relu: false), net.input)
      let b = net.add("b", .maxPool(kernelSize: 2, stride: 2, rounding: .floor), a)
      net.add("c", .convolution(outputs: 16, kernelSize: 1, relu: false), b)
    }
    let text = try svg(network, Size(64))
    let fronts = text.split(separator: "class=\"front\"").dropFirst().map { String($0) }
    let heights: [Int] = fronts.map { numbers("height", $0)[0] }
    let widths: [Int] = fronts.map { numbers("width", $0)[0] }
    // 1 + log₂ 64 doublings of 10 pixels, and one less behind the pool.
    let (whole, half) = (7 * 10, 6 * 10)
    #expect(Array(heights.prefix(4)) == [whole, whole, half, half])
    // 1, 2, 2 and 16 channels are 1, 2, 2 and 5 doublings of 2.5 pixels: 2.5, 5, 5, 12.5.
    #expect(Array(widths.prefix(4)) == [3, 5, 5, 13])
  }

  @Test func `the usual networks fit a page, chains are folded, and boxes stand apart`() throws {
    for (network, size) in [
      (Network.uNet(), 572), (.fcn8s(), 500), (.fcn32s(), 500), (.vgg16(), 224),
    ] {
      let picture = NetworkPicture(try NetworkTable(network, input: Size(size)))
      let (blocks, width, _) = picture.placed()
      #expect(width <= 1600, "\(network.name) is \(width) wide")
      for (index, one) in blocks.enumerated() {
        for other in blocks[..<index] {
          let isApart =
            one.x >= other.x + other.width || other.x >= one.x + one.width
            || one.y >= other.y + other.height || other.y >= one.y + one.height
          #expect(isApart, "\(network.name): \(one) and \(other)")
        }
      }
      #expect(picture.svg.contains("prefers-color-scheme:dark"))
      let graph = NetworkDrawing(try NetworkTable(network, input: Size(size))).svg
      #expect(numbers("width", graph)[0] <= 1600, "\(network.name)")
      #expect(graph.contains("prefers-color-scheme:dark"))
    }
    #expect(try svg(.fcn8s(), 500).contains(">conv3 ×3</text>"))
    #expect(try svg(.fcn8s(), 500).contains(">fc6–fc7</text>"))
  }

  @Test func `a skip is an arrow from its box, and names from files are text`() throws {
    let fcn = try svg(.fcn8s(), Size(64))
    #expect(fcn.contains("class=\"skip\"") && fcn.contains("class=\"crop\""))
    let names = fcn.split(separator: "<title>").dropFirst().map { $0.prefix { $0 != "<" } }
    #expect(names.contains("conv1_1, conv1_2") && names.contains("score_pool4"))
  }
}
