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
  package let tileRows: Int
  /// The outputs of the innermost tile: packed weights come in panels of so many columns.
  package let tileColumns: Int

  /// `LayoutJob`; channel blocks, cells: planar maps to blocks of 16 channels.
  package let toBlocks: Kernel
  /// `LayoutJob`; channel blocks, cells: blocks of 16 channels to planar maps.
  package let fromBlocks: Kernel
  /// `LayoutJob`; rows of all channels: planar maps into planar maps with a border of zeros.
  package let padPlanar: Kernel

  /// `PackJob`; panels: weights into panels, in the order of a product.
  package let pack: Kernel
  /// `PackJob`; panels: transformed 7×7 weights, by frequency and panel.
  package let packWinograd: Kernel

  /// `GatherJob`; rows, panels.
  package let gatherProduct: Kernel
  /// `PlanarJob`; output rows.
  package let planar: Kernel

  /// `WinogradJob`; panels, pairs of rows of frequencies: 3×3 weights, transformed.
  package let winogradWeights: Kernel
  /// `WinogradJob`; tiles, input blocks.
  package let winogradInput: Kernel
  /// `WinogradJob`; frequencies, panels.
  package let winogradProduct: Kernel
  /// `WinogradJob`; tiles, output blocks.
  package let winogradOutput: Kernel

  /// `WindowJob`; channel blocks, output rows.
  package let pool: Kernel
  /// `StampJob`; channel blocks, output rows.
  package let stamp: Kernel
  /// `AddJob`; channel blocks, rows.
  package let addCropped: Kernel
  /// `ElementJob`; floats.
  package let rectify: Kernel
  /// `NormalizationJob`; pixels.
  package let normalizeAcross: Kernel
  /// `ClassJob`; positions: softmax along the middle axis of a planar array.
  package let softmax: Kernel
  /// `ClassJob`; positions: the index of the largest along the middle axis.
  package let argmax: Kernel

  // Learning.

  /// `KernelGradientJob`; pairs of blocks.
  package let kernelGradient: Kernel
  /// `WinogradGradientJob`; tiles.
  package let winogradGradientInput: Kernel
  /// `WinogradGradientJob`; pairs of blocks.
  package let winogradGradientProduct: Kernel
  /// `WinogradGradientJob`; pairs of blocks.
  package let winogradGradientOutput: Kernel
  /// `PlanarGradientJob`; blocks of outputs.
  package let planarGradient: Kernel
  /// `MapView`; channel blocks: sums over all pixels, left in scratch.
  package let pixelSums: Kernel
  /// `UnpackJob`; blocks of outputs.
  package let unpackGradient: Kernel
  /// `PoolGradientJob`; channel blocks.
  package let poolGradient: Kernel
  /// `StampJob`; channel blocks, rows of the input.
  package let stampGradient: Kernel
  /// `NormalizationJob`; pixels; scratch for a number of each channel.
  package let normalizationGradient: Kernel
  /// `AddJob`; channel blocks, rows of the smaller map.
  package let addPlaced: Kernel
  /// `LossJob`; rows.
  package let crossEntropy: Kernel
  /// `DropoutJob`; channel blocks.
  package let dropout: Kernel
  /// `PairJob`; floats.
  package let rectifiedGradient: Kernel
  /// `PairJob`; floats.
  package let addElements: Kernel
  /// `DescentJob`; floats.
  package let descend: Kernel

  /// No job; the first number is how often to repeat; one result is left in scratch[0].
  package let multiplyAdds: Kernel
  /// The multiply-adds of one repetition of `multiplyAdds`.
  package let multiplyAddsPerRound: Int

  /// A whole table: a kernel that is missing, or a line too few, does not compile.
  package init(
    tileRows: Int, tileColumns: Int, toBlocks: Kernel, fromBlocks: Kernel, padPlanar: Kernel,
    pack: Kernel, packWinograd: Kernel, gatherProduct: Kernel, planar: Kernel,
    winogradWeights: Kernel, winogradInput: Kernel, winogradProduct: Kernel,
    winogradOutput: Kernel, pool: Kernel, stamp: Kernel, addCropped: Kernel, rectify: Kernel,
    normalizeAcross: Kernel, softmax: Kernel,
    argmax: Kernel, kernelGradient: Kernel, winogradGradientInput: Kernel,
    winogradGradientProduct: Kernel, winogradGradientOutput: Kernel, planarGradient: Kernel,
    pixelSums: Kernel,
    unpackGradient: Kernel, poolGradient: Kernel, stampGradient: Kernel,
    normalizationGradient: Kernel, addPlaced: Kernel,
    crossEntropy: Kernel, dropout: Kernel, rectifiedGradient: Kernel, addElements: Kernel,
    descend: Kernel, multiplyAdds: Kernel, multiplyAddsPerRound: Int
  ) {
    self.tileRows = tileRows
    self.tileColumns = tileColumns
    self.toBlocks = toBlocks
    self.fromBlocks = fromBlocks
    self.padPlanar = padPlanar
    self.pack = pack
    self.packWinograd = packWinograd
    self.gatherProduct = gatherProduct
    self.planar = planar
    self.winogradWeights = winogradWeights
    self.winogradInput = winogradInput
    self.winogradProduct = winogradProduct
    self.winogradOutput = winogradOutput
    self.pool = pool
    self.stamp = stamp
    self.addCropped = addCropped
    self.rectify = rectify
    self.normalizeAcross = normalizeAcross
    self.softmax = softmax
    self.argmax = argmax
    self.kernelGradient = kernelGradient
    self.winogradGradientInput = winogradGradientInput
    self.winogradGradientProduct = winogradGradientProduct
    self.winogradGradientOutput = winogradGradientOutput
    self.planarGradient = planarGradient
    self.pixelSums = pixelSums
    self.unpackGradient = unpackGradient
    self.poolGradient = poolGradient
    self.stampGradient = stampGradient
    self.normalizationGradient = normalizationGradient
    self.addPlaced = addPlaced
    self.crossEntropy = crossEntropy
    self.dropout = dropout
    self.rectifiedGradient = rectifiedGradient
    self.addElements = addElements
    self.descend = descend
    self.multiplyAdds = multiplyAdds
    self.multiplyAddsPerRound = multiplyAddsPerRound
  }
}
