import Checks
import ExerciseKit
import Solutions
import Testing

/// Every solution as it would be run in a process of its own.
private var solutions: [Candidate] {
  [
    Candidate("correlate1D", correlate1D),
    Candidate("flipped", flipped),
    Candidate("convolve2D", convolve2D),
    Candidate("samePadding", samePadding),
    Candidate("outputSize", outputSize),
    Candidate("unreadCells", unreadCells),
    Candidate("effectiveKernelSize", effectiveKernelSize),
    Candidate("convolveChannels", convolveChannels),
    Candidate("poolOutputSize", poolOutputSize),
    Candidate("maxPool", maxPool),
    Candidate("convolutionMatrix", convolutionMatrix),
    Candidate("transposeByMatrix", transposeByMatrix),
    Candidate("transposedConvolve", transposedConvolve),
    Candidate("zeroInsert", zeroInsert),
    Candidate("equivalentPadding", equivalentPadding),
    Candidate("outputPadding", outputPadding),
    Candidate("restoredSizes", restoredSizes),
    Candidate("convertLayout", convertLayout),
    Candidate("overlapCounts", overlapCounts),
    Candidate("bilinearKernel", bilinearKernel),
    Candidate("upsample", upsample),
    Candidate("compose", compose),
    Candidate("diagonalFill", diagonalFill),
    Candidate("fullyConnectedToConvolution", fullyConnectedToConvolution),
    Candidate("slidingWindows", slidingWindows),
    Candidate("receptiveField", receptiveField),
    Candidate("cropOffset", cropOffset),
    Candidate("smallestInput", smallestInput),
    Candidate("assemble32s", assemble32s),
    Candidate("fuse", fuse),
    Candidate("assemble8s", assemble8s),
    Candidate("findTheShift", findTheShift),
    Candidate("concatenate", concatenate),
    Candidate("maskedCrossEntropy", maskedCrossEntropy),
    Candidate("inputGradient", inputGradient),
    Candidate("kernelGradient", kernelGradient),
    Candidate("sgdStep", sgdStep),
    Candidate("meanIU", meanIU),
    Candidate("im2col", im2col),
    Candidate("winograd1D", winograd1D),
  ]
}

struct SolutionsTests {
  @Test
  func `every solution passes its check, cases and answers sent as to a process`()
    throws
  {
    for (exercise, solution) in zip(Exercises.all, solutions) {
      var sent = Message()
      try solution.run(exercise.message) { $0.write(to: &sent) }
      let came = CaseResult.all(in: sent.bytes)
      #expect(came.isWhole && came.results.count == exercise.caseCount, "\(exercise.name)")
      let verdict = exercise.judge(came.results)
      #expect(verdict.outcome == .passed, "\(verdict)")
    }
  }

  @Test func `every exercise has its solution here, in the order of the lessons`() {
    #expect(solutions.map(\.name) == Exercises.all.map(\.name))
  }
}
