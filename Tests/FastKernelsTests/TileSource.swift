/// Writes Tiles.swift: the innermost loops, with every accumulator a variable of its own.
///
/// Swift keeps an accumulator in a register only if it is a named variable (arrays of them are not
/// unrolled), so the row counts from 1 to 14 are written out.
enum TileSource {
  static let path = "Sources/Kernels/Baseline/Tiles.swift"

  static var text: String {
    (header + shapes.flatMap { $0.lines } + ["#endif", ""]).joined(separator: "\n")
  }

  private static let shapes = [
    TileShape(condition: "#if TILE_14x32", width: 16, rows: 14, vectors: 2),
    TileShape(condition: "#elseif TILE_6x16", width: 8, rows: 6, vectors: 2),
    TileShape(condition: "#elseif arch(arm64)", width: 4, rows: 6, vectors: 4),
    TileShape(condition: "#else", width: 4, rows: 3, vectors: 4),
  ]

  private static let header = lines(
    """
    // Written by Tests/FastKernelsTests/TileSource.swift; do not edit.
    //
    // A tile is the innermost product: `rows` rows of activations times `columns` outputs. Its sums stay
    // in registers over the whole run of channels. Per channel it loads the weights once (they are shared
    // by all rows) and one number per row, so that the two multiply-add units never wait for a load.
    //
    // shape    registers  rows × columns            accumulators
    // 14x32    32 × 512   14 × 32 = 14 × 2 SIMD16   28
    // 6x16     16 × 256    6 × 16 =  6 × 2 SIMD8    12
    // 6x16 arm 32 × 128    6 × 16 =  6 × 4 SIMD4    24
    // 3x16     16 × 128    3 × 16 =  3 × 4 SIMD4    12

    import Builtin

    typealias Floats = UnsafePointer<Float>
    typealias MutableFloats = UnsafeMutablePointer<Float>

    @inline(__always)
    private func multiplyAdd(_ a: Vector, _ b: Vector, _ c: Vector) -> Vector {
      #if FUSED || arch(arm64)
        c.addingProduct(a, b)
      #else
        c + a * b  // without the instruction, addingProduct is a call per lane
      #endif
    }

    /// Asks for the `count` cache lines from `first` on, before they are needed.
    @inline(__always)
    func prefetch(_ from: Floats, _ first: Int, _ count: Int) {
      // To be read, in the nearest cache, as data.
      for line in first..<(first + count) {
        Builtin.int_prefetch_RawPointer(
          UnsafeRawPointer(from + line * 16)._rawValue, (0 as Int32)._value, (3 as Int32)._value,
          (1 as Int32)._value)
      }
    }

    """)

  static func lines(_ text: String) -> [String] {
    text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }
}

/// One shape of tile: `rows` rows times `vectors` vectors of `width` floats.
struct TileShape {
  let condition: String
  let width: Int
  let rows: Int
  let vectors: Int

  /// The rows of a tile over planar maps; more would not fit the registers beside the offsets.
  private var planarRows: Int { min(rows, 6) }

  var lines: [String] {
    let head = [
      condition, "", "  typealias Vector = SIMD\(width)<Float>", "  let tileRows = \(rows)",
      "  let tileColumns = \(width * vectors)", "",
    ]
    let tiles = (1...rows).flatMap { tile($0) + [""] }
    let planar = (1...planarRows).flatMap { self.planar($0) + [""] }
    return head + tiles + dispatch + [""] + planar + planarDispatch + [""]
  }

  /// Every accumulator of so many rows, as `(row, vector)`.
  private func cells(_ rows: Int) -> [(Int, Int)] {
    (0..<rows).flatMap { row in (0..<vectors).map { (row, $0) } }
  }

  private func accumulators(_ rows: Int) -> [String] {
    (0..<rows).map { row in
      "    " + (0..<vectors).map { "var s\(row)v\($0) = Vector.zero" }.joined(separator: "; ")
    }
  }

  /// One channel: the weights, then a number of each row times all of them.
  private func channel(_ rows: Int, _ indent: String, index: (Int) -> String) -> [String] {
    var out = (0..<vectors).map {
      "\(indent)let b\($0) = w.load(fromByteOffset: \($0 * width * 4), as: Vector.self)"
    }
    for row in 0..<rows {
      out.append("\(indent)let a\(row) = Vector(repeating: p[\(index(row))])")
      for vector in 0..<vectors {
        let sum = "s\(row)v\(vector)"
        out.append("\(indent)\(sum) = multiplyAdd(a\(row), b\(vector), \(sum))")
      }
    }
    return out + ["\(indent)w += \(vectors * width * 4)"]
  }

  private func stores(_ rows: Int, place: (Int, Int) -> String) -> [String] {
    cells(rows).map { row, vector in
      "    d.storeBytes(of: s\(row)v\(vector), toByteOffset: \(place(row, vector)), as: Vector.self)"
    }
  }

  /// Rows of blocks of 16 channels.
  private func tile(_ rows: Int) -> [String] {
    // A block of 16 channels holds 16 / width vectors; rows are 16 floats apart.
    func place(_ row: Int, _ vector: Int) -> String {
      let (block, part) = vector.quotientAndRemainder(dividingBy: 16 / width)
      let offset = (row * 16 + part * width) * 4
      return block == 0 ? "\(offset)" : "cStep * \(block * 4) + \(offset)"
    }
    var out = [
      "  private func tile\(rows)(",
      "    _ a: Floats, _ aStep: Int, _ blocks: Int, _ b: Floats,",
      "    _ c: MutableFloats, _ cStep: Int, _ accumulate: Bool, _ after: Floats, _ lines: Int",
      "  ) {",
    ]
    out += accumulators(rows)
    out += [
      "    var w = UnsafeRawPointer(b)", "    var p = a", "    for block in 0..<blocks {",
      "      prefetch(p + \(rows * 16), 0, \(rows))",
      "      prefetch(after, block &* lines, lines)",
      "      for k in 0..<16 {",
    ]
    out += channel(rows, "        ") { $0 == 0 ? "k" : "\($0 * 16) &+ k" }
    out += ["      }", "      p += aStep", "    }", "    let d = UnsafeMutableRawPointer(c)"]
    out.append("    if accumulate {")
    out += cells(rows).map { row, vector in
      "      s\(row)v\(vector) += d.load(fromByteOffset: \(place(row, vector)), as: Vector.self)"
    }
    return out + ["    }"] + stores(rows, place: place) + ["  }"]
  }

  /// Pixels of planar maps.
  private func planar(_ rows: Int) -> [String] {
    func place(_ row: Int, _ vector: Int) -> String {
      let (block, part) = vector.quotientAndRemainder(dividingBy: 16 / width)
      return "\((block * 16 + row * vectors * width + part * width) * 4)"
    }
    var out = [
      "  private func planar\(rows)(",
      "    _ a: Floats, _ step: Int, _ offsets: UnsafePointer<Int>, _ depth: Int,",
      "    _ b: Floats, _ c: MutableFloats", "  ) {",
    ]
    out += accumulators(rows)
    out += [
      "    var w = UnsafeRawPointer(b)", "    for k in 0..<depth {", "      let p = a + offsets[k]",
    ]
    out += channel(rows, "      ") { $0 == 0 ? "0" : $0 == 1 ? "step" : "\($0) &* step" }
    return out + ["    }", "    let d = UnsafeMutableRawPointer(c)"] + stores(rows, place: place)
      + ["  }"]
  }

  /// `case 1: name1(arguments)` and so on; the last is the default.
  private func cases(_ rows: Int, _ indent: String, _ call: (Int) -> String) -> [String] {
    (1...rows).map { "\(indent)\($0 < rows ? "case \($0):" : "default:") \(call($0))" }
  }

  private var dispatch: [String] {
    TileSource.lines(
      """
        /// Products of `rows` rows (16 floats apart) with one panel of weights.
        ///
        /// The channels are summed in runs of `run` blocks of 16, each from zero, and the runs
        /// are added up: the weights of a run stay in the nearest cache, and the rounding errors
        /// of a long sum shrink with the length of its pieces. Meanwhile the weights of the next run
        /// are fetched; behind the last come those of the next product, at `next`.
        /// It is asked for a few lines at a time, since a processor waits who asks for many at once.
        func panelProduct(
          _ activations: Floats, _ aStep: Int, _ rows: Int, _ blocks: Int, _ runLength: Int,
          _ b: Floats, _ next: Floats, _ c: MutableFloats, _ cStep: Int, _ add: Bool
        ) {
          let tiles = (rows + tileRows - 1) / tileRows
          let low = rows / tiles
          let extra = rows % tiles
          var k = 0
          while k < blocks {
            let run = blocks - k < runLength ? blocks - k : runLength
            let accumulate = add || k > 0
            let weights = b + k * 16 * tileColumns
            let after = k + run < blocks ? weights + run * 16 * tileColumns : next
            let lines = (run * tileColumns + tiles * run - 1) / (tiles * run)
            var a = activations + k * aStep
            var to = c
            for i in 0..<tiles {
              let count = i < extra ? low + 1 : low
              let ahead = after + i * run * lines * 16
              switch count {
      """)
      + cases(rows, "        ") {
        "tile\($0)(a, aStep, run, weights, to, cStep, accumulate, ahead, lines)"
      }
      + TileSource.lines(
        """
                }
                a += count * 16
                to += count * 16
              }
              k += run
            }
          }
        """)
  }

  private var planarDispatch: [String] {
    TileSource.lines(
      """
        /// Products of `rows` pixels of planar maps (`step` floats apart) with one panel.
        /// Term k is found at `offsets[k]`; the sums go to rows of `tileColumns` floats.
        func planarProduct(
          _ pixels: Floats, _ step: Int, _ rows: Int, _ offsets: UnsafePointer<Int>,
          _ depth: Int, _ b: Floats, _ c: MutableFloats
        ) {
          var row = 0
          while row < rows {
            let count = rows - row < \(planarRows) ? rows - row : \(planarRows)
            let a = pixels + row * step
            let to = c + row * tileColumns
            switch count {
      """)
      + cases(planarRows, "      ") { "planar\($0)(a, step, offsets, depth, b, to)" }
      + TileSource.lines(
        """
              }
              row += count
            }
          }
        """)
  }
}
