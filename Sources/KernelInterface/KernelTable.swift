/// One kernel: `(job, first, end, first2, end2, scratch)`.
///
/// `job` points to the job structure that the kernel names; the two ranges say which part of it to do.
/// Only C-like values cross this border, so that nothing generic is compiled with the wide
/// instructions.
package typealias Kernel =
  @convention(c) @Sendable (
    UnsafeRawPointer, Int, Int, Int, Int, UnsafeMutablePointer<Float>
  ) -> Void

/// The kernels of one instruction set: the same source, compiled with other flags.
package struct KernelTable: Sendable {
  /// The rows of the innermost tile.
  package var tileRows = 0
  /// The outputs of the innermost tile: packed weights come in panels of so many columns.
  package var tileColumns = 0

  /// `LayoutJob`; channel blocks, cells: planar maps to blocks of 16 channels.
  package var toBlocks: Kernel = missing
  /// `LayoutJob`; channel blocks, cells: blocks of 16 channels to planar maps.
  package var fromBlocks: Kernel = missing
  /// `LayoutJob`; rows of all channels: planar maps into planar maps with a border of zeros.
  package var padPlanar: Kernel = missing

  /// `PackJob`; panels: weights into panels, in the order of a product.
  package var pack: Kernel = missing
  /// `PackJob`; panels: transformed 3×3 or 7×7 weights, by frequency and panel.
  package var packWinograd: Kernel = missing

  /// `GatherJob`; rows, panels.
  package var gatherProduct: Kernel = missing
  /// `PlanarJob`; output rows.
  package var planar: Kernel = missing

  /// `WinogradJob`; tiles, input blocks.
  package var winogradInput: Kernel = missing
  /// `WinogradJob`; frequencies, panels.
  package var winogradProduct: Kernel = missing
  /// `WinogradJob`; tiles, output blocks.
  package var winogradOutput: Kernel = missing

  /// `WindowJob`; channel blocks, output rows.
  package var pool: Kernel = missing
  /// `StampJob`; channel blocks, output rows.
  package var stamp: Kernel = missing
  /// `AddJob`; channel blocks, rows.
  package var addCropped: Kernel = missing
  /// `ElementJob`; floats.
  package var rectify: Kernel = missing
  /// `NormalizationJob`; pixels.
  package var normalizeAcross: Kernel = missing
  /// `ClassJob`; positions: softmax along the middle axis of a planar array.
  package var softmax: Kernel = missing
  /// `ClassJob`; positions: the index of the largest along the middle axis.
  package var argmax: Kernel = missing

  // Learning.

  /// `KernelGradientJob`; pairs of blocks.
  package var kernelGradient: Kernel = missing
  /// `PlanarGradientJob`; blocks of outputs.
  package var planarGradient: Kernel = missing
  /// `MapView`; channel blocks: sums over all pixels, left in scratch.
  package var pixelSums: Kernel = missing
  /// `UnpackJob`; blocks of outputs.
  package var unpackGradient: Kernel = missing
  /// `PoolGradientJob`; channel blocks.
  package var poolGradient: Kernel = missing
  /// `StampJob`; channel blocks, rows of the input.
  package var stampGradient: Kernel = missing
  /// `AddJob`; channel blocks, rows of the smaller map.
  package var addPlaced: Kernel = missing
  /// `LossJob`; rows.
  package var crossEntropy: Kernel = missing
  /// `DropoutJob`; channel blocks.
  package var dropout: Kernel = missing
  /// `PairJob`; floats.
  package var rectifiedGradient: Kernel = missing
  /// `PairJob`; floats.
  package var addElements: Kernel = missing
  /// `DescentJob`; floats.
  package var descend: Kernel = missing

  /// No job; the first number is how often to repeat; one result is left in scratch[0].
  package var multiplyAdds: Kernel = missing
  /// The multiply-adds of one repetition of `multiplyAdds`.
  package var multiplyAddsPerRound = 0

  /// A table to be filled by the module of an instruction set.
  package init() {}
}

/// The place holder of a kernel that a module did not supply.
package func missing(
  _ job: UnsafeRawPointer, _ first: Int, _ end: Int, _ first2: Int, _ end2: Int,
  _ scratch: UnsafeMutablePointer<Float>
) {
  preconditionFailure("the table of kernels is not filled")
}
