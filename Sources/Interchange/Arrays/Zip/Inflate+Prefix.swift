extension Inflate {
  /// The first bytes of bare deflate data, at most `limit` of them; fewer if the data is damaged,
  /// or if the next block is stored and longer.
  static func rawPrefix(_ bytes: UnsafeBufferPointer<UInt8>, limit: Int) -> [UInt8] {
    var output = InflateOutput(expecting: limit, limit: limit)
    var reader = BitReader(bytes)
    // It ends by reaching the limit, which is an error to everybody else.
    try? blocks(of: &reader, into: &output)
    return Array(output.bytes)
  }
}
