package import KernelInterface

// The same sources are compiled three times, with other flags: see Package.swift. They use pointers
// and numbers only: a generic function of the standard library compiled here with wide instructions
// would be a shared symbol, and the linker might keep this copy of it for the whole program, which
// then dies on an older machine.

/// Fills the table with the kernels of this module's instruction set.
package func fillTable(_ table: UnsafeMutablePointer<KernelTable>) {
  table.pointee.tileRows = tileRows
  table.pointee.tileColumns = tileColumns
  table.pointee.toBlocks = toBlocks
  table.pointee.fromBlocks = fromBlocks
  table.pointee.padPlanar = padPlanar
  table.pointee.pack = pack
  table.pointee.packWinograd = packWinograd
  table.pointee.gatherProduct = gatherProduct
  table.pointee.planar = planarRows
  table.pointee.winogradInput = winogradInput
  table.pointee.winogradProduct = winogradProduct
  table.pointee.winogradOutput = winogradOutput
  table.pointee.pool = pool
  table.pointee.stamp = stamp
  table.pointee.addCropped = addCropped
  table.pointee.rectify = rectify
  table.pointee.normalizeAcross = normalizeAcross
  table.pointee.softmax = softmax
  table.pointee.argmax = argmax
  table.pointee.kernelGradient = kernelGradient
  table.pointee.planarGradient = planarGradient
  table.pointee.pixelSums = pixelSums
  table.pointee.unpackGradient = unpackGradient
  table.pointee.poolGradient = poolGradient
  table.pointee.stampGradient = stampGradient
  table.pointee.addPlaced = addPlaced
  table.pointee.crossEntropy = crossEntropy
  table.pointee.dropout = dropout
  table.pointee.rectifiedGradient = rectifiedGradient
  table.pointee.addElements = addElements
  table.pointee.descend = descend
  table.pointee.multiplyAdds = multiplyAdds
  table.pointee.multiplyAddsPerRound = multiplyAddsPerRound
}
