internal import Primitives
import Tensors

extension NetworkPicture {
  /// A rectangle with a side that goes back; where its front begins, and how far back it goes.
  struct Block {
    var x = 0
    var y = 0
    var width = 0
    var height = 0
    var back = 0

    var middle: Int { y + height / 2 }
  }

  /// So many pixels for each doubling.
  private static let (rowStep, channelStep, columnStep) = (10.0, 2.5, 2.5)
  private static let label = 32

  /// The power of 2, and one more, so that 1 can be seen.
  private func steps(_ count: Int, _ step: Double) -> Int {
    Int((step * (1 + Double.log(Double(max(1, count))) / Double.log(2))).rounded())
  }

  /// The size of a box's block; its place is still open.
  private func block(_ box: Box) -> Block {
    guard let shape = box.shape else { return Block(width: 40, height: 40) }
    let slab = steps(shape.channels, Self.channelStep)
    return Block(
      width: box.slabs * (slab + 2) - 2,
      height: max(10, steps(shape.size.height, Self.rowStep)),
      back: steps(shape.size.width, Self.columnStep))
  }

  /// All blocks with their places, and the size of the sheet.
  func placed() -> (blocks: [Block], width: Int, height: Int) {
    var blocks = boxes.map(block)
    let width = placeAcross(&blocks)
    var y = 56
    for level in Set(boxes.map { $0.level }).sorted() {
      y += 16 + 9 * passing(over: level)
      let lanes = (boxes.filter { $0.level == level }.map { $0.lane }.max() ?? 0) + 1
      for lane in 0..<lanes {
        let members = boxes.indices.filter { boxes[$0].level == level && boxes[$0].lane == lane }
        let tall = members.map { blocks[$0].height + blocks[$0].back / 2 + 18 }.max() ?? 0
        for index in members {
          let own = blocks[index].height + blocks[index].back / 2 + 18
          blocks[index].y = y + (tall - own) / 2 + blocks[index].back / 2 + 18
        }
        y += tall + Self.label + 8
      }
    }
    return (blocks, width, y + 40)
  }

  /// Gives each block its left side, from the right: as near to those that read it as their arrows and its
  /// label allow. Returns how wide all of it is.
  private func placeAcross(_ blocks: inout [Block]) -> Int {
    var readers: [[Int]] = Array(repeating: [], count: boxes.count)
    for (index, box) in boxes.enumerated() {
      for input in box.inputs { readers[input].append(index) }
    }
    // The block that is leftmost so far, of each level and lane.
    var first: [[Int]: Int] = [:]
    for index in boxes.indices.sorted(by: { boxes[$0].column > boxes[$1].column }) {
      let (box, own) = (boxes[index], blocks[index].width + blocks[index].back / 2)
      let place = [box.level, box.lane]
      // An arrow to another level, or from one, goes past the label.
      let beside = max(24, labelWidth(box) - own + 15)
      var right = 0
      for reader in readers[index] {
        let gap = boxes[reader].level == box.level ? 24 : beside
        right = min(right, blocks[reader].x - gap)
      }
      if let next = first[place] { right = min(right, blocks[next].x - beside) }
      blocks[index].x = right - own
      first[place] = index
    }
    let left = 30 - (blocks.map { $0.x }.min() ?? 0)
    var width = 0
    for index in blocks.indices {
      blocks[index].x += left
      let own = max(blocks[index].width + blocks[index].back / 2, labelWidth(boxes[index]))
      width = max(width, blocks[index].x + own + 30)
    }
    return max(width, 420)
  }

  private func labelWidth(_ box: Box) -> Int {
    (labels(box).map { $0.count }.max() ?? 0) * 13 / 2
  }

  /// What stands below a box: its size, and its names.
  func labels(_ box: Box) -> [String] {
    [
      box.shape.map { $0.size.height == 1 && input.height == 1 ? "\($0.size.width)" : "\($0.size)" }
        ?? "?", short(folded(box.titles)),
    ]
  }

  /// `conv3 ×3` of conv3_1, conv3_2 and conv3_3; `fc6–fc7` where no number behind a _ tells them apart.
  private func folded(_ titles: [String]) -> String {
    guard titles.count > 1, let first = titles.first, let last = titles.last else {
      return titles.first ?? ""
    }
    let parts = titles.map { $0.split(separator: "_", omittingEmptySubsequences: false) }
    let heads = Set(parts.map { $0.dropLast().joined(separator: "_") })
    let areNumbered = parts.allSatisfy { $0.count > 1 && $0.last!.allSatisfy { $0.isNumber } }
    if areNumbered, heads.count == 1, let head = heads.first { return "\(head) ×\(titles.count)" }
    return "\(first)–\(last)"
  }

  private func short(_ text: String) -> String {
    text.count > 14 ? "…" + text.suffix(13) : text
  }

  /// Whether an arrow has to go over other boxes of its level.
  func isLong(_ from: Int, _ to: Int) -> Bool {
    boxes[from].level == boxes[to].level
      && boxes.contains {
        $0.level == boxes[from].level && $0.column > boxes[from].column
          && $0.column < boxes[to].column
      }
  }

  /// How many arrows go over the boxes of a level.
  private func passing(over level: Int) -> Int {
    boxes.indices.reduce(0) { sum, to in
      sum + boxes[to].inputs.count { boxes[$0].level == level && isLong($0, to) }
    }
  }
}
