public import Primitives
public import Tensors

// What networks do between their convolutions, on maps in blocks of 16 channels. All of it leaves zeros
// in the lanes beyond the last channel, as ``FeatureMap`` promises.

/// A pixel of a block.
private typealias Lanes = SIMD16<Float>

extension FeatureMap {
  /// The pixels of a block.
  fileprivate func pixels(ofBlock block: Int) -> UnsafeMutablePointer<Lanes> {
    UnsafeMutableRawPointer(pixels + block * size.area * 16).assumingMemoryBound(to: Lanes.self)
  }

  /// A number in each lane of a block that is a channel, zero beyond the last.
  fileprivate func lanes(ofBlock block: Int, repeating number: Float) -> Lanes {
    var lanes = Lanes.zero
    for lane in 0..<min(16, channels - block * 16) { lanes[lane] = number }
    return lanes
  }

  /// Runs `body` for pieces of each block, shared among threads.
  fileprivate func eachPiece(
    _ workspace: Workspace, _ body: (_ block: Int, _ pixels: Range<Int>) -> Void
  ) {
    let (area, run) = (size.area, 4096)
    let runs = ceilDivide(area, run)
    workspace.threads.run(blockCount * runs) { task, _ in
      let start = task % runs * run
      body(task / runs, start..<min(start + run, area))
    }
    zones = []
  }
}

/// Writes a function of each number of a map, which may be in its place.
///
/// - Parameter function: writes its values of a run of so many numbers.
public func mapNumbers(
  _ input: FeatureMap, into output: FeatureMap, _ workspace: Workspace,
  _ function: (_ from: UnsafePointer<Float>, _ to: UnsafeMutablePointer<Float>, _ count: Int) ->
    Void
) {
  precondition(input.channels == output.channels && input.size == output.size)
  output.eachPiece(workspace) { block, pixels in
    let start = (block * output.size.area + pixels.lowerBound) * 16
    function(input.pixels + start, output.pixels + start, pixels.count * 16)
    let channels = output.channels - block * 16
    guard channels < 16 else { return }
    let cells = output.pixels + start
    for pixel in 0..<pixels.count {
      for lane in channels..<16 { cells[pixel * 16 + lane] = 0 }
    }
  }
}

/// Writes each channel times its factor plus its shift, which may be in its place.
public func mapChannels(
  _ input: FeatureMap, factors: [Float], shifts: [Float], into output: FeatureMap,
  _ workspace: Workspace
) {
  precondition(
    factors.count == input.channels && shifts.count == input.channels
      && input.channels == output.channels && input.size == output.size)
  func lanes(_ numbers: [Float], _ block: Int) -> Lanes {
    var lanes = Lanes.zero
    for lane in 0..<min(16, numbers.count - block * 16) { lanes[lane] = numbers[block * 16 + lane] }
    return lanes
  }
  output.eachPiece(workspace) { block, pixels in
    let (factor, shift) = (lanes(factors, block), lanes(shifts, block))
    let (from, to) = (input.pixels(ofBlock: block), output.pixels(ofBlock: block))
    for pixel in pixels { to[pixel] = from[pixel] * factor + shift }
  }
}

/// Writes x, or below 0 the channel's slope times x.
public func rectify(
  _ input: FeatureMap, slopes: [Float], into output: FeatureMap, _ workspace: Workspace
) {
  precondition(slopes.count == input.channels && input.size == output.size)
  output.eachPiece(workspace) { block, pixels in
    var slope = Lanes.zero
    for lane in 0..<min(16, slopes.count - block * 16) { slope[lane] = slopes[block * 16 + lane] }
    let (from, to) = (input.pixels(ofBlock: block), output.pixels(ofBlock: block))
    for pixel in pixels {
      let x = from[pixel]
      to[pixel] = x.replacing(with: x * slope, where: x .< 0)
    }
  }
}

/// Writes the mean, or the largest, of each whole map.
public func poolGlobally(
  _ input: FeatureMap, into output: FeatureMap, isMean: Bool, _ workspace: Workspace
) {
  precondition(input.channels == output.channels && output.size == 1)
  workspace.threads.run(input.blockCount) { block, _ in
    let (from, area) = (input.pixels(ofBlock: block), input.size.area)
    if isMean {
      // Sums of runs keep the rounding of a long sum small.
      var sum = SIMD16<Double>.zero
      for start in stride(from: 0, to: area, by: 64) {
        var part = Lanes.zero
        for pixel in start..<min(start + 64, area) { part += from[pixel] }
        sum += SIMD16<Double>(part)
      }
      output.pixels(ofBlock: block)[0] = Lanes(sum / Double(area))
    } else {
      var most = from[0]
      for pixel in 1..<max(area, 1) {
        let x = from[pixel]
        most.replace(with: x, where: x .> most .| x .!= x)
      }
      output.pixels(ofBlock: block)[0] = most
    }
  }
  output.zones = []
}

/// Writes exp(x) / Σ exp(x) over the channels of each pixel, which may be in its place.
public func softmaxOverChannels(
  _ input: FeatureMap, into output: FeatureMap, _ workspace: Workspace, exp: (Float) -> Float
) {
  precondition(input.channels == output.channels && input.size == output.size)
  let (channels, step) = (input.channels, input.size.area * 16)
  let (area, run) = (input.size.area, 256)
  workspace.threads.run(ceilDivide(area, run)) { task, _ in
    for pixel in task * run..<min(task * run + run, area) {
      let (from, to) = (input.pixels + pixel * 16, output.pixels + pixel * 16)
      var most = -Float.infinity
      for c in 0..<channels { most = max(most, from[c / 16 * step + c % 16]) }
      var sum: Float = 0
      for c in 0..<channels {
        let power = exp(from[c / 16 * step + c % 16] - most)
        to[c / 16 * step + c % 16] = power
        sum += power
      }
      for c in 0..<channels { to[c / 16 * step + c % 16] /= sum }
      for c in channels..<input.blockCount * 16 { to[c / 16 * step + c % 16] = 0 }
    }
  }
  output.zones = []
}

/// How cells of two maps become one.
public enum CellJoin: Sendable {
  case product, maximum
  /// The second is added so many times.
  case sum(Float)
}

/// Joins the cells of `other` to those of `result`. A map of one cell goes with every cell, and one of
/// one channel with every channel.
public func join(
  _ other: FeatureMap, to result: FeatureMap, by operation: CellJoin, _ workspace: Workspace
) {
  let isCell = other.size == 1 && result.size != 1
  let isChannel = other.channels == 1 && result.channels != 1
  precondition(
    (isCell || other.size == result.size) && (isChannel || other.channels == result.channels),
    "a map of \(other.channels) channels, \(other.size), does not go with one of \(result.channels), "
      + "\(result.size)")
  result.eachPiece(workspace) { block, pixels in
    let to = result.pixels(ofBlock: block)
    let from = other.pixels(ofBlock: isChannel ? 0 : block)
    let isLane = result.lanes(ofBlock: block, repeating: 1) .> 0
    for pixel in pixels {
      var x = from[isCell ? 0 : pixel]
      if isChannel { x = Lanes.zero.replacing(with: x[0], where: isLane) }
      switch operation {
      case .product: to[pixel] *= x
      case .sum(let coefficient): to[pixel] += coefficient * x
      case .maximum:
        to[pixel].replace(with: x, where: x .> to[pixel] .| x .!= x)
      }
    }
  }
}

/// Writes maps of which each cell is one of the input's, or `fill` where there is none: borders, cuts,
/// enlargement to blocks.
///
/// - Parameters:
///   - rows: the input's row of each new row.
///   - columns: the input's column of each new column.
public func pickCells(
  _ input: FeatureMap, rows: [Int?], columns: [Int?], fill: Float, into output: FeatureMap,
  _ workspace: Workspace
) {
  precondition(
    input.channels == output.channels && rows.count == output.size.height
      && columns.count == output.size.width)
  let (width, oldWidth) = (output.size.width, input.size.width)
  workspace.threads.run(output.blockCount * rows.count) { task, _ in
    let (block, row) = (task / rows.count, task % rows.count)
    let from = input.pixels(ofBlock: block)
    let to = output.pixels(ofBlock: block) + row * width
    let empty = output.lanes(ofBlock: block, repeating: fill)
    for column in 0..<width {
      if let down = rows[row], let across = columns[column] {
        to[column] = from[down * oldWidth + across]
      } else {
        to[column] = empty
      }
    }
  }
  output.zones = []
}

/// Writes maps of which each cell is mixed from two rows and two columns of the input.
public func mixCells(
  _ input: FeatureMap, rows: [Blend<Float>], columns: [Blend<Float>], into output: FeatureMap,
  _ workspace: Workspace
) {
  precondition(
    input.channels == output.channels && rows.count == output.size.height
      && columns.count == output.size.width)
  let (width, oldWidth) = (output.size.width, input.size.width)
  workspace.threads.run(output.blockCount * rows.count) { task, _ in
    let row = rows[task % rows.count]
    let from = input.pixels(ofBlock: task / rows.count)
    let (upper, lower) = (from + row.first * oldWidth, from + row.second * oldWidth)
    let to = output.pixels(ofBlock: task / rows.count) + task % rows.count * width
    for (index, column) in columns.enumerated() {
      let (left, right) = (1 - column.weight, column.weight)
      let above = left * upper[column.first] + right * upper[column.second]
      let below = left * lower[column.first] + right * lower[column.second]
      to[index] = (1 - row.weight) * above + row.weight * below
    }
  }
  output.zones = []
}

/// Writes these channels of a map.
public func pickChannels(
  _ input: FeatureMap, _ channels: [Int], into output: FeatureMap, _ workspace: Workspace
) {
  precondition(
    channels.count == output.channels && input.size == output.size
      && channels.allSatisfy((0..<input.channels).contains))
  let step = input.size.area * 16
  output.eachPiece(workspace) { block, pixels in
    let to = output.pixels + block * step
    for lane in 0..<16 {
      guard block * 16 + lane < channels.count else {
        for pixel in pixels { to[pixel * 16 + lane] = 0 }
        continue
      }
      let channel = channels[block * 16 + lane]
      let from = input.pixels + channel / 16 * step + channel % 16
      for pixel in pixels { to[pixel * 16 + lane] = from[pixel * 16] }
    }
  }
}
