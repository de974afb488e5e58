package import KernelInterface

// The same sources are compiled three times, with other flags: see Package.swift. They use pointers
// and numbers only: a generic function of the standard library compiled here with wide instructions
// would be a shared symbol, and the linker might keep this copy of it for the whole program, which
// then dies on an older machine.

/// The kernels of this module's instruction set.
package func kernelTable() -> KernelTable {
  KernelTable(
    tileRows: tileRows, tileColumns: tileColumns, toBlocks: toBlocks, fromBlocks: fromBlocks,
    padPlanar: padPlanar, pack: pack, packWinograd: packWinograd, gatherProduct: gatherProduct,
    planar: planarRows, winogradWeights: winogradWeights, winogradInput: winogradInput,
    winogradProduct: winogradProduct,
    winogradOutput: winogradOutput, pool: pool, stamp: stamp, addCropped: addCropped,
    rectify: rectify, normalizeAcross: normalizeAcross, softmax: softmax, argmax: argmax,
    kernelGradient: kernelGradient, winogradGradientInput: winogradGradientInput,
    winogradGradientProduct: winogradGradientProduct,
    winogradGradientOutput: winogradGradientOutput, planarGradient: planarGradient,
    pixelSums: pixelSums,
    unpackGradient: unpackGradient, poolGradient: poolGradient, stampGradient: stampGradient,
    normalizationGradient: normalizationGradient, addPlaced: addPlaced,
    crossEntropy: crossEntropy, dropout: dropout,
    rectifiedGradient: rectifiedGradient, addElements: addElements, descend: descend,
    multiplyAdds: multiplyAdds, multiplyAddsPerRound: multiplyAddsPerRound
  )
}
