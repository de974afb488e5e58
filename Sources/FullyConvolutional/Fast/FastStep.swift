import FastKernels

/// A step whose weights are packed.
struct FastStep {
  let outline: StepOutline
  let packed: Packed

  enum Packed {
    case nothing
    case convolution(PreparedConvolution)
    case transposedConvolution(PreparedTransposedConvolution)
  }
}
