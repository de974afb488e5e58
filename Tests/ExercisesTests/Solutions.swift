// Made by swift run convbook exercises --write.
// swift-format-ignore-file
import ExerciseKit
import Solutions
import Tensors

/// Every solution as it would be run in a process of its own.
var solutions: [Candidate] {
  [
    Candidate("correlate1D", correlate1D as (Array<Int>, Array<Int>) throws -> Array<Int>),
    Candidate("flipped", flipped as (Tensor<Int>) throws -> Tensor<Int>),
    Candidate("convolve2D", convolve2D as (Tensor<Int>, Tensor<Int>) throws -> Tensor<Int>),
    Candidate("samePadding", samePadding as (Int, Int) throws -> Ends),
    Candidate("outputSize", outputSize as (Int, Int, Int, Int) throws -> Optional<Int>),
    Candidate("unreadCells", unreadCells as (Int, Int, Int, Int) throws -> Array<Int>),
    Candidate("effectiveKernelSize", effectiveKernelSize as (Int, Int) throws -> Int),
    Candidate("convolveChannels", convolveChannels as (Tensor<Int>, Tensor<Int>, Array<Int>, Int) throws -> Tensor<Int>),
    Candidate("poolOutputSize", poolOutputSize as (Int, Int, Int, Int, Bool) throws -> Int),
    Candidate("maxPool", maxPool as (Tensor<Int>, Size, Size) throws -> Tensor<Int>),
    Candidate("convolutionMatrix", convolutionMatrix as (Tensor<Int>, Size) throws -> Tensor<Int>),
    Candidate("transposeByMatrix", transposeByMatrix as (Array<Int>, Tensor<Int>) throws -> Array<Int>),
    Candidate("transposedConvolve", transposedConvolve as (Tensor<Int>, Tensor<Int>, Size) throws -> Tensor<Int>),
    Candidate("zeroInsert", zeroInsert as (Tensor<Int>, Size) throws -> Tensor<Int>),
    Candidate("equivalentPadding", equivalentPadding as (Int, Int, Int) throws -> Int),
    Candidate("outputPadding", outputPadding as (Int, Int, Int, Int) throws -> Int),
    Candidate("restoredSizes", restoredSizes as (Int, Int, Int, Int) throws -> Array<Int>),
    Candidate("convertLayout", convertLayout as (Tensor<Int>, KernelLayout, KernelLayout) throws -> Tensor<Int>),
    Candidate("overlapCounts", overlapCounts as (Int, Int, Int) throws -> Array<Int>),
    Candidate("bilinearKernel", bilinearKernel as (Int) throws -> Tensor<Fraction>),
    Candidate("upsample", upsample as (Tensor<Fraction>, Int, Tensor<Fraction>) throws -> Tensor<Fraction>),
    Candidate("compose", compose as (Array<Int>, Array<Int>, Int) throws -> Array<Int>),
    Candidate("diagonalFill", diagonalFill as (Int, Tensor<Int>) throws -> Tensor<Int>),
    Candidate("fullyConnectedToConvolution", fullyConnectedToConvolution as (Tensor<Int>, Int, Size) throws -> Tensor<Int>),
    Candidate("slidingWindows", slidingWindows as (Tensor<Int>, Size, Int) throws -> Tensor<Int>),
    Candidate("receptiveField", receptiveField as (Array<LayerGeometry>) throws -> Field),
    Candidate("cropOffset", cropOffset as (Array<LayerGeometry>, Array<LayerGeometry>) throws -> Optional<Int>),
    Candidate("smallestInput", smallestInput as (Array<LayerGeometry>) throws -> Int),
    Candidate("assemble32s", assemble32s as (NetworkParts) throws -> Tensor<Int>),
    Candidate("fuse", fuse as (Tensor<Int>, Tensor<Int>, Int) throws -> Tensor<Int>),
    Candidate("assemble8s", assemble8s as (NetworkParts) throws -> Tensor<Int>),
    Candidate("findTheShift", findTheShift as ((Tensor<Int>) -> Tensor<Int>, Size) throws -> Shift),
    Candidate("concatenate", concatenate as (Tensor<Int>, Tensor<Int>) throws -> Tensor<Int>),
    Candidate("maskedCrossEntropy", maskedCrossEntropy as (Tensor<Double>, Array<Int>, Int) throws -> Double),
    Candidate("inputGradient", inputGradient as (Tensor<Int>, Tensor<Int>, Size, Size) throws -> Tensor<Int>),
    Candidate("kernelGradient", kernelGradient as (Tensor<Int>, Tensor<Int>, Size, Size) throws -> Tensor<Int>),
    Candidate("sgdStep", sgdStep as (Descent, Array<Fraction>, Fraction, Fraction, Fraction) throws -> Descent),
    Candidate("meanIU", meanIU as (Tensor<Int>) throws -> Optional<Fraction>),
    Candidate("im2col", im2col as (Tensor<Int>, Size, Size) throws -> Tensor<Int>),
    Candidate("winograd1D", winograd1D as (Array<Fraction>, Array<Fraction>) throws -> FourProducts),
    Candidate("pathCounts", pathCounts as (Array<Array<LayerGeometry>>, Int, Int) throws -> Array<Int>),
    Candidate("fittingSizes", fittingSizes as (Array<LayerGeometry>, Int) throws -> Array<Int>),
    Candidate("outputPaddings", outputPaddings as (Array<LayerGeometry>, Int) throws -> Array<Int>),
  ]
}
