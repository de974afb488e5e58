/// The code lengths at the head of a block, run-length coded and coded once more (RFC 1951,
/// section 3.2.7).
struct CodeLengths {
  private let literalCount: Int
  private let distanceCount: Int
  /// Symbols 0…18, each with its extra bits and their value.
  private let runs: [(symbol: Int, bits: Int, value: Int)]
  private let code: EncodingCode
  private let sentLengths: Int

  init(literals: [UInt8], distances: [UInt8]) {
    literalCount = max((literals.lastIndex { $0 > 0 } ?? 0) + 1, 257)
    distanceCount = max((distances.lastIndex { $0 > 0 } ?? 0) + 1, 1)
    runs = Self.runs(of: Array(literals[..<literalCount] + distances[..<distanceCount]))
    var counts = [Int](repeating: 0, count: 19)
    for run in runs { counts[run.symbol] += 1 }
    let code = EncodingCode(counts: counts, limit: 7)
    self.code = code
    let last = DeflateFormat.codeLengthOrder.lastIndex { code.lengths[$0] > 0 } ?? 0
    sentLengths = max(last + 1, 4)
  }

  /// The number of bits that `write` appends.
  var cost: Int {
    runs.reduce(14 + 3 * sentLengths) { $0 + Int(code.lengths[$1.symbol]) + $1.bits }
  }

  func write(to writer: inout BitWriter) {
    writer.append(literalCount - 257, bits: 5)
    writer.append(distanceCount - 1, bits: 5)
    writer.append(sentLengths - 4, bits: 4)
    for symbol in DeflateFormat.codeLengthOrder[..<sentLengths] {
      writer.append(Int(code.lengths[symbol]), bits: 3)
    }
    for run in runs {
      writer.append(Int(code.codes[run.symbol]), bits: Int(code.lengths[run.symbol]))
      writer.append(run.value, bits: run.bits)
    }
  }

  /// 16 repeats the length before it 3…6 times; 17 and 18 are 3…10 and 11…138 zeros.
  private static func runs(of lengths: [UInt8]) -> [(symbol: Int, bits: Int, value: Int)] {
    var runs: [(symbol: Int, bits: Int, value: Int)] = []
    var index = 0
    while index < lengths.count {
      let length = Int(lengths[index])
      var run = lengths[index...].prefix { $0 == length }.count
      index += run
      if length > 0 {
        runs.append((length, 0, 0))
        run -= 1
      }
      while run > 0 {
        switch (length, run) {
        case (_, 1), (_, 2):
          runs.append((length, 0, 0))
          run -= 1
        case (0, 11...):
          let part = min(run, 138)
          runs.append((18, 7, part - 11))
          run -= part
        case (0, _):
          let part = min(run, 10)
          runs.append((17, 3, part - 3))
          run -= part
        default:
          let part = min(run, 6)
          runs.append((16, 2, part - 3))
          run -= part
        }
      }
    }
    return runs
  }
}
