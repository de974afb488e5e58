import ConvolutionArithmetic
import Foundation
import Networks
import Tensors
import Testing

private let maintains = ProcessInfo.processInfo.environment["CONVBOOK_MAINTAINER"] != nil

@Suite struct FitTests {
  /// A U-Net as most people write it: convolutions that keep the size, 2×2 kernels with stride 2 upwards.
  static func padded(depth: Int) throws -> Network {
    var lines = (1...depth).map { "e\($0) = conv 4 k3 p1 relu; max k2" } + ["conv 4 k3 p1"]
    lines += (1...depth).reversed().map {
      "u\($0) = convT 4 k2 s2; j\($0) = cat e\($0) u\($0); conv 4 k3 p1"
    }
    return try Network.described(by: lines.joined(separator: "\n")).network
  }

  @Test func `a U-Net without padding takes 12 more than a multiple of 16`() throws {
    let fit = try Network.uNet().fit()
    #expect(fit.fitting.text == "12 more than a multiple of 16, from 188")
    // What is left over before a pool is cropped off the other stream as well.
    #expect(fit.passing.text == "every size from 188")
    #expect(fit.same.text == "none")
    #expect(fit.growth == 388 - 572...388 - 572)
  }

  @Test(arguments: 1...5) func `a padded U-Net takes the multiples of what its pools make of it`(
    depth: Int
  ) throws {
    let fit = try Self.padded(depth: depth).fit()
    let step = 1 << depth
    #expect(fit.passing.text == "every multiple of \(step) from \(step)")
    #expect(fit.fitting == fit.passing && fit.same == fit.passing && fit.growth == 0...0)
    #expect(fit.passing.previous(atMost: 3 * step - 1) == 2 * step)
    #expect(fit.passing.next(atLeast: 2 * step + 1) == 3 * step)
    #expect(fit.passing.previous(atMost: step - 1) == nil)
  }

  @Test func `what comes out of a layer that is not the book's is as large as nobody knows`() throws
  {
    let network = Network("net", input: 3) { net in
      _ = net.add("norm", .unknown("InstanceNormalization"), net.input)
    }
    let fit = try network.fit()
    #expect(fit.same.isEmpty && fit.growth == nil)
  }

  @Test func `every picture comes back as large from an FCN`() throws {
    for network in [Network.fcn8s(), .fcn16s(), .fcn32s(), .fcnAlexNet()] {
      let fit = try network.fit()
      #expect(fit.same.text == "every size from 1", "\(network.name)")
      #expect(fit.fitting == fit.same)
    }
    // With a kernel of 3×3 a skip may end before the stream that it is added to.
    let small = try Network.fcn8s(backbone: .scenes).fit(along: .width)
    // The rule repeats after 32 cells.
    for size in 1...(maintains ? 400 : 3 * 32) {
      let goes = (try? Network.fcn8s(backbone: .scenes).shapes(input: Size(size))) != nil
      #expect(small.passing.contains(size) == goes, "\(size)")
    }
  }

  @Test(arguments: [
    // Stride 2, 3 and 5: one cell for each 30.
    ("conv 1 k2 s2; conv 1 k3 s3; conv 1 k5 s5", "every size from 30", "none"),
    // Once as large: 3 come out of 3.
    ("max k2 s2; convT 1 k3 s3", "every size from 2", "3"),
    ("max k2; up 2", "every size from 2", "every multiple of 2 from 2"),
    ("max k2 ceil; up 2", "every size from 1", "every multiple of 2 from 2"),
    ("a = max k2; b = conv 3 k3 s2 p1 from input; add a b", "every multiple of 2 from 2", "none"),
    ("a = max k2 ceil; b = conv 3 k3 s2 p1 from input; add a b", "every size from 1", "only 1"),
    ("a = conv 3 k3; add a input", "none", "none"),
    // 2i − 1 and i + 3 are equal once.
    ("a = convT 3 k1 s2; b = conv 3 k1 p1,1,2,2 from input; add a b", "only 4", "none"),
    ("avg global; fc 10", "every size from 1", "only 1"),
    ("a = conv 3 k3 p1; g = avg global; add a g", "every size from 1", "every size from 1"),
  ]) func `the rule of a small network`(text: String, passing: String, same: String) throws {
    let network = try Network.described(by: text).network
    let fit = try network.fit()
    #expect(fit.passing.text == passing && fit.same.text.contains(same), "\(fit)")
  }

  /// 70 of them, and 200 with CONVBOOK_MAINTAINER=1.
  @Test func `the rule of random networks is what all sizes one by one tell`() throws {
    var random = SplitMix64(seed: 31)
    var (some, same, periods) = (0, 0, 0)
    let count = maintains ? 200 : 70
    for number in 0..<count {
      let (network, _) = Network.random(using: &random)
      let (down, across) = (try network.fit(along: .height), try network.fit(along: .width))
      let most = min(90, max(down.least! + 2 * down.period, across.least! + 2 * across.period) + 9)
      var gone = 0
      for size in 1...most {
        let output = try? network.shapes(input: Size(size)).last!.size
        let goes = down.passing.contains(size) && across.passing.contains(size)
        #expect((output != nil) == goes, "\(number), \(size): \(down.passing) \(across.passing)")
        if let output {
          gone += 1
          #expect((output.height == size) == down.same.contains(size))
          #expect((output.width == size) == across.same.contains(size))
        }
      }
      if gone > 0 && gone < most - down.least! { some += 1 }
      if !down.same.isEmpty && down.same != down.passing { same += 1 }
      if down.period > 1 { periods += 1 }
    }
    // That they are not all simple ones.
    #expect(
      some > count / 10 && same > count / 10 && periods > count / 4, "\(some) \(same) \(periods)")
  }

  /// Down and up again by random strides, and joined with what was there before: 25 of them, and 200
  /// with CONVBOOK_MAINTAINER=1.
  @Test func `nor do random ladders of pools and transposed convolutions differ`() throws {
    var random = SplitMix64(seed: 32)
    var rules: Set<String> = []
    for number in 0..<(maintains ? 200 : 25) {
      var text = ""
      var rungs: [(name: String, stride: Int)] = []
      for level in 0..<random.integer(in: 1...3) {
        let stride = random.integer(in: 2...3)
        let kernel = stride + random.integer(in: 0...1)
        let down = [
          "max k\(kernel) s\(stride)", "max k\(kernel) s\(stride) ceil",
          "conv 2 k\(kernel) s\(stride) p1", "conv 2 k2 s\(stride) d2 p1",
        ][random.integer(in: 0...3)]
        text += "e\(level) = conv 2 k3 p\(random.integer(in: 0...1)); \(down)\n"
        rungs.append(("e\(level)", stride))
      }
      for (name, stride) in rungs.reversed() {
        let padding = random.integer(in: 0...1)
        text +=
          "u\(name) = convT 2 k\(stride + padding) s\(stride) op\(random.integer(in: 0...1))\n"
        text +=
          random.integer(in: 0...3) == 0
          ? "crop \(name) to u\(name) at \(random.integer(in: 0...2)); add u\(name)\n"
          : "cat \(name)\n"
      }
      let network = try Network.described(by: text).network
      let fit = try network.fit()
      rules.insert(fit.passing.text)
      guard let least = fit.least else { continue }
      for size in 1...min(least + 2 * fit.period + 5, 75) {
        let output = try? network.shapes(input: Size(size)).last!.size.height
        #expect(fit.passing.contains(size) == (output != nil), "\(number) at \(size):\n\(text)")
        #expect(fit.same.contains(size) == (output == size), "\(number) at \(size):\n\(text)")
      }
    }
    // That they are not all alike.
    #expect(rules.count > (maintains ? 20 : 4))
  }

  @Test func `a fully connected layer takes the sizes at which it covers the map`() throws {
    let vgg16 = Network.vgg16()
    let fc6 = try #require(vgg16.fullyConnected(input: 224))
    #expect(fc6.name == "fc6" && vgg16.fullyConnected(input: 500) == nil)
    // The pools round up: 7 cells come of 32·6 + 1 to 32·7.
    #expect(vgg16.extents(covering: fc6, along: .height, in: try vgg16.fit()) == 193...224)
    let (alone, size) = try Network.described(by: "input 1x28x28; conv 8 k3; fc 10")
    let fit = try alone.fit()
    let layer = try #require(alone.fullyConnected(input: size))
    #expect(alone.extents(covering: layer, along: .width, in: fit) == 28...28)
  }
}

@Suite struct RemedyTests {
  private func remedies(
    _ network: Network, _ size: Int
  ) throws -> (misfit: Misfit, texts: [String]) {
    let misfit = try #require(try network.misfit(input: size, along: .height, in: network.fit()))
    return (misfit, misfit.remedies.map { "\($0.sentence): \($0.output ?? 0)" })
  }

  @Test func `a padded U-Net's joins are one cell apart, and output padding mends them`() throws {
    // 375 → 187 → 93 → 46: the second pool meets 187, the first 375.
    let (misfit, texts) = try remedies(FitTests.padded(depth: 3), 375)
    #expect(misfit.kind == .join && misfit.layer == "j3")
    #expect(misfit.streams.map(\.cells) == [93, 92])
    #expect(
      texts == [
        "pad the picture by 1, 0 before and 1 behind, to 376: 376", "cut the picture to 368: 368",
        "output padding 1 at u3, and 1 at u2, and 1 at u1: 375",
        "ceil in max3, and crop u3 at 0 to the 93 cells of e3, and in max2, and crop u2 at 0 to the "
          + "187 cells of e2, and in max1, and crop u1 at 0 to the 375 cells of e1: 375",
        "crop e3 at 0 to the 92 cells of u3, and crop e2 at 0 to the 184 cells of u2, and crop e1 at "
          + "0 to the 368 cells of u1: 368",
      ])
  }

  @Test func `U-Net at 500 leaves a row over at the third pool`() throws {
    // 500 → 496 → 248 → 244 → 122 → 118 → 59 → 55, of which pool4 reads 54.
    let (misfit, texts) = try remedies(.uNet(), 500)
    #expect(misfit.kind == .leftOver && misfit.layer == "pool4")
    #expect(misfit.streams.map(\.cells) == [55])
    #expect(
      texts.prefix(2).contains {
        $0.hasPrefix("pad the picture by 8, 4 before and 4 behind, to 508")
      })
    #expect(texts.contains("cut the picture to 492: 308"))
    #expect(texts.contains { $0.hasPrefix("ceil in pool4") })
  }

  @Test func `an autoencoder comes back one short without output padding`() throws {
    let (network, _) = try Network.described(
      by: "conv 8 k3 s2 p1; conv 8 k3 s2 p1; convT 8 k3 s2 p1; convT 1 k3 s2 p1")
    // 28 → 14 → 7 → 13 → 25
    let (misfit, texts) = try remedies(network, 28)
    #expect(misfit.kind == .output && misfit.sentence.contains("25 cells come out of 28"))
    #expect(texts.contains("pad the picture by 1, 0 before and 1 behind, to 29: 29"))
    // 7 → 14 → 28: a cell more in each of the two.
    #expect(texts.contains("output padding 1 at convT1, and 1 at convT2: 28"))
    let both = try Network.described(
      by: "conv 8 k3 s2 p1; conv 8 k3 s2 p1; convT 8 k3 s2 p1 op1; convT 1 k3 s2 p1 op1"
    ).network
    #expect(try both.shapes(input: 28).last!.size == 28)
    #expect(try both.fit().same.text == "every multiple of 4 from 4")
  }

  @Test func `of 2,000 layers the remedies are found in a moment`() throws {
    let text =
      "a = conv 4 k3 p1;" + String(repeating: "max k3 s1 p1;", count: 1985)
      + "max k2 s2; convT 4 k2 s2; add a"
    let network = try Network.described(by: text).network
    let start = ContinuousClock.now
    let fit = try network.fit()
    let misfit = try #require(network.misfit(input: 501, along: .height, in: fit))
    #expect(misfit.remedies.map(\.kind) == [.pad, .cut, .outputPadding, .ceil, .crop])
    // It takes a fifth of a second; each pool tried took a minute.
    #expect(ContinuousClock.now - start < .seconds(20))
  }

  @Test func `pools that round up leave more than there was, and it is cut off`() throws {
    // 375 → 187 → 93 → 46 → 368; with the last pool rounded up, 93 → 47 → 376.
    let network = try Network.described(by: "max k2 x3; up 2 x3").network
    let (misfit, texts) = try remedies(network, 375)
    #expect(misfit.sentence == "368 cells come out of 375")
    #expect(
      texts.contains { $0.hasPrefix("ceil in max3, and crop up3 at ") && $0.hasSuffix(": 375") })
  }

  @Test func `where streams grow differently no size goes through, and it is said why`() throws {
    let network = try Network.described(by: "a = conv 3 k3 s2 p1; add a input").network
    let fit = try network.fit()
    #expect(fit.passing.text == "only 1")
    let other = try Network.described(by: "a = conv 3 k3 p0; add a input").network
    let misfit = try #require(
      other.misfit(input: 10, along: .height, in: try other.fit()))
    #expect(misfit.sentence.contains("8 cells of a and the 10 of input"))
    #expect(
      misfit.sentence.contains(
        "with one cell more of the picture a has 1 more and input has 1 more"))
  }

  @Test func `a picture that is too small is told the layer without a window`() throws {
    let (misfit, texts) = try remedies(.uNet(), 100)
    #expect(misfit.kind == .window && misfit.layer == "up4" || misfit.layer.hasPrefix("down5"))
    #expect(texts == ["pad the picture by 88, 44 before and 44 behind, to 188: 4"])
  }
}
