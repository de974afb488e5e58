package import KernelInterface

// The same sources are compiled three times, with other flags: see Package.swift. They use pointers
// and numbers only: a generic function of the standard library compiled here with wide instructions
// would be a shared symbol, and the linker might keep this copy of it for the whole program, which
// then dies on an older machine.

/// Fills the table with the kernels of this module's instruction set.
package func fillTable(_ table: UnsafeMutablePointer<KernelTable>) {
  table.pointee.tileRows = tileRows
  table.pointee.tileColumns = tileColumns
  table.pointee.toBlocks = { toBlocks($0, $1, $2) }
  table.pointee.fromBlocks = { fromBlocks($0, $1, $2) }
  table.pointee.padPlanar = { padPlanar($0, $1, $2) }
  table.pointee.pack = { pack($0, $1, $2) }
  table.pointee.packWinograd = { packWinograd($0, $1, $2, $5) }
  table.pointee.gatherProduct = { gatherProduct($0, $1, $2, $3, $4, $5) }
  table.pointee.planar = { planarRows($0, $1, $2, $5) }
  table.pointee.winogradInput = { winogradInput($0, $1, $2, $3, $4, $5) }
  table.pointee.winogradProduct = { winogradProduct($0, $1, $2, $3, $4) }
  table.pointee.winogradOutput = { winogradOutput($0, $1, $2, $3, $4, $5) }
  table.pointee.pool = { pool($0, $1, $2, $3, $4) }
  table.pointee.stamp = { stamp($0, $1, $2, $3, $4) }
  table.pointee.addCropped = { addCropped($0, $1, $2, $3, $4) }
  table.pointee.rectify = { rectify($0, $1, $2) }
  table.pointee.normalizeAcross = { normalizeAcross($0, $1, $2) }
  table.pointee.softmax = { softmax($0, $1, $2) }
  table.pointee.argmax = { argmax($0, $1, $2) }
  table.pointee.multiplyAdds = { multiplyAdds($1, $5) }
  table.pointee.multiplyAddsPerRound = multiplyAddsPerRound
}
