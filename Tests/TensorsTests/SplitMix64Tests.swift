import Tensors
import Testing

struct SplitMix64Tests {
  @Test func `numbers that are passed over are as good as drawn`() {
    for count in [0, 1, 7] {
      var (drawn, passed) = (SplitMix64(seed: 3), SplitMix64(seed: 3))
      for _ in 0..<count { _ = drawn.normal() }
      passed.skipNormals(count)
      #expect(drawn.next() == passed.next())
    }
  }

  @Test func `a normal number is the sum of twelve uniform ones, less 6`() {
    var (normal, uniform) = (SplitMix64(seed: 5), SplitMix64(seed: 5))
    #expect(normal.normal() == (0..<12).reduce(-6) { sum, _ in sum + uniform.unit() })
  }
}
