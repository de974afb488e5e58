import Testing

/// The learner's attempts, each checked in a process of its own: passed, or shown as not solved yet,
/// or failed with the reason. `convbook check N` says the same.
struct AttemptsTests {
  @Test func correlate1D() throws { try verify("correlate1D") }
  @Test func flipped() throws { try verify("flipped") }
  @Test func convolve2D() throws { try verify("convolve2D") }
  @Test func samePadding() throws { try verify("samePadding") }
  @Test func outputSize() throws { try verify("outputSize") }
  @Test func unreadCells() throws { try verify("unreadCells") }
  @Test func effectiveKernelSize() throws { try verify("effectiveKernelSize") }
  @Test func convolveChannels() throws { try verify("convolveChannels") }
  @Test func poolOutputSize() throws { try verify("poolOutputSize") }
  @Test func maxPool() throws { try verify("maxPool") }
  @Test func convolutionMatrix() throws { try verify("convolutionMatrix") }
  @Test func transposeByMatrix() throws { try verify("transposeByMatrix") }
  @Test func transposedConvolve() throws { try verify("transposedConvolve") }
  @Test func zeroInsert() throws { try verify("zeroInsert") }
  @Test func equivalentPadding() throws { try verify("equivalentPadding") }
  @Test func outputPadding() throws { try verify("outputPadding") }
  @Test func restoredSizes() throws { try verify("restoredSizes") }
  @Test func convertLayout() throws { try verify("convertLayout") }
  @Test func overlapCounts() throws { try verify("overlapCounts") }
  @Test func bilinearKernel() throws { try verify("bilinearKernel") }
  @Test func upsample() throws { try verify("upsample") }
  @Test func compose() throws { try verify("compose") }
  @Test func diagonalFill() throws { try verify("diagonalFill") }
  @Test func fullyConnectedToConvolution() throws { try verify("fullyConnectedToConvolution") }
  @Test func slidingWindows() throws { try verify("slidingWindows") }
  @Test func receptiveField() throws { try verify("receptiveField") }
  @Test func cropOffset() throws { try verify("cropOffset") }
  @Test func smallestInput() throws { try verify("smallestInput") }
  @Test func assemble32s() throws { try verify("assemble32s") }
  @Test func fuse() throws { try verify("fuse") }
  @Test func assemble8s() throws { try verify("assemble8s") }
  @Test func findTheShift() throws { try verify("findTheShift") }
  @Test func concatenate() throws { try verify("concatenate") }
  @Test func maskedCrossEntropy() throws { try verify("maskedCrossEntropy") }
  @Test func inputGradient() throws { try verify("inputGradient") }
  @Test func kernelGradient() throws { try verify("kernelGradient") }
  @Test func sgdStep() throws { try verify("sgdStep") }
  @Test func meanIU() throws { try verify("meanIU") }
  @Test func im2col() throws { try verify("im2col") }
  @Test func winograd1D() throws { try verify("winograd1D") }
}
