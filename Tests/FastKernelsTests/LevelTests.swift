import Testing

@testable import FastKernels

@Suite struct LevelTests {
  private let haswell: Set<String> = ["avx2", "fma", "bmi1", "bmi2", "f16c"]
  private let skylake: Set<String> = ["avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"]

  @Test func `every level needs all of its features, and those of the level below`() {
    #expect(Level.levels(with: []) == [.baseline])
    #expect(Level.levels(with: skylake) == [.baseline])
    for one in haswell { #expect(Level.levels(with: haswell.subtracting([one])) == [.baseline]) }
    // Of another architecture there is the baseline alone.
    guard Level.levels(with: haswell) != [.baseline] else { return }
    #expect(Level.levels(with: haswell) == [.baseline, .avx2])
    #expect(Level.levels(with: haswell.union(skylake)) == [.baseline, .avx2, .avx512])
    for one in skylake {
      let features = haswell.union(skylake).subtracting([one])
      #expect(Level.levels(with: features) == [.baseline, .avx2])
    }
  }
}
