internal import Interchange
internal import Tensors
internal import WeightFiles

/// The rules by which operators change a shape and no number.
extension ONNXFolding {
  /// The part of the extents that a Shape node asks for: from `start` to before `end`.
  static func part(of extents: [Int], _ node: ONNXNode) throws -> [Int] {
    func place(_ number: Int?, _ usual: Int) -> Int {
      let number = number ?? usual
      return min(max(number < 0 ? number + extents.count : number, 0), extents.count)
    }
    let start = place(try node.int("start"), 0)
    return Array(extents[start..<max(start, place(try node.int("end"), extents.count))])
  }

  /// The extents that Reshape asks for: 0 keeps one, −1 is what is left.
  static func extents(
    _ extents: [Int], reshaped wanted: [Int], keepsZero: Bool, _ node: ONNXNode
  ) throws(InterchangeError) -> [Int] {
    var result = wanted
    for (index, extent) in wanted.enumerated() where extent == 0 && !keepsZero {
      guard extents.indices.contains(index) else {
        throw InterchangeError(
          "\(node.subject) keeps the extent \(index) of \(Shape.text(extents)), which has none")
      }
      result[index] = extents[index]
    }
    let cells = extents.reduce(1, *)
    let unknown = result.indices.filter { result[$0] == -1 }
    if unknown.count == 1 {
      let known = count(of: result.filter { $0 != -1 })
      if let known, known > 0, cells % known == 0 { result[unknown[0]] = cells / known }
    }
    guard result.allSatisfy({ $0 >= 0 }), count(of: result) == cells else {
      throw InterchangeError(
        "\(node.subject) makes \(Shape.text(wanted, "(", ")")) of \(Shape.text(extents, "(", ")")), which "
          + "has \(counted(cells, "cell"))")
    }
    return result
  }

  private static func count(of extents: [Int]) -> Int? {
    (try? Shape(validating: extents))?.count
  }

  static func flattened(
    _ extents: [Int], axis: Int, _ node: ONNXNode
  ) throws(InterchangeError) -> [Int] {
    let place = axis < 0 ? axis + extents.count : axis
    guard (0...extents.count).contains(place) else { throw wrong(axis, extents, node) }
    // Beside an extent of 0 the others may be beyond all numbers.
    return [extents[..<place].reduce(1, &*), extents[place...].reduce(1, &*)]
  }

  static func squeezed(
    _ extents: [Int], _ axes: [Int]?, _ node: ONNXNode
  ) throws(InterchangeError) -> [Int] {
    guard let axes else { return extents.filter { $0 != 1 } }
    let places = try places(axes, of: extents.count, extents, node)
    if let place = places.first(where: { extents[$0] != 1 }) {
      throw InterchangeError(
        "\(node.subject) drops the extent \(place) of \(Shape.text(extents, "(", ")")), which is not 1"
      )
    }
    return extents.indices.filter { !places.contains($0) }.map { extents[$0] }
  }

  static func unsqueezed(
    _ extents: [Int], _ axes: [Int], _ node: ONNXNode
  ) throws(InterchangeError) -> [Int] {
    let places = try places(axes, of: extents.count + axes.count, extents, node)
    var rest = extents[...]
    return (0..<extents.count + axes.count).map { index in
      places.contains(index) ? 1 : rest.popFirst() ?? 1
    }
  }

  /// Axes counted from the beginning, each once.
  static func places(
    _ axes: [Int], of rank: Int, _ extents: [Int], _ node: ONNXNode
  ) throws(InterchangeError) -> Set<Int> {
    var places: Set<Int> = []
    guard rank <= 64 else { throw wrong(rank, extents, node) }
    for axis in axes {
      let place = axis < 0 ? axis + rank : axis
      guard (0..<rank).contains(place), places.insert(place).inserted else {
        throw wrong(axis, extents, node)
      }
    }
    return places
  }

  /// The order of the axes that Transpose asks for; without one they are turned round.
  static func order(_ node: ONNXNode, _ extents: [Int]) throws(InterchangeError) -> [Int] {
    let order = try node.ints("perm") ?? Array(extents.indices.reversed())
    guard order.sorted() == Array(extents.indices) else {
      throw InterchangeError(
        "\(node.subject) has perm \(Shape.text(order)), expected each axis of \(extents.count) once"
      )
    }
    return order
  }

  /// The extents of arrays that are joined cell by cell, aligned at the last axis, where one cell goes
  /// with all.
  static func broadcast(
    _ all: [[Int]], _ node: ONNXNode
  ) throws(InterchangeError) -> [Int] {
    let rank = all.map(\.count).max() ?? 0
    var result = Array(repeating: 1, count: rank)
    for extents in all {
      for (index, extent) in extents.enumerated() where extent != 1 {
        let axis = index + rank - extents.count
        guard result[axis] == 1 || result[axis] == extent else {
          throw InterchangeError(
            "\(node.subject) joins "
              + all.map { Shape.text($0, "(", ")") }.joined(separator: " and ")
              + ", which do not go together: \(result[axis]) and \(counted(extent, "cell")) along axis \(axis), "
              + "where they must be equal, or one of them 1")
        }
        result[axis] = extent
      }
    }
    return result
  }

  /// The axis along which arrays are put one behind the other, counted from the beginning, and the extents
  /// of all together.
  static func concatenated(
    _ all: [[Int]], axis: Int, _ node: ONNXNode
  ) throws(InterchangeError) -> (axis: Int, extents: [Int]) {
    guard var extents = all.first else { throw InterchangeError("\(node.subject) reads nothing") }
    let place = axis < 0 ? axis + extents.count : axis
    guard extents.indices.contains(place) else { throw wrong(axis, extents, node) }
    for other in all.dropFirst() {
      let odd = other.indices.first {
        $0 != place && extents.indices.contains($0) && other[$0] != extents[$0]
      }
      guard other.count == extents.count, odd == nil else {
        throw InterchangeError(
          "\(node.subject) puts \(Shape.text(all[0], "(", ")")) and \(Shape.text(other, "(", ")")) one "
            + "behind the other along axis \(place), and they differ "
            + (odd.map { "along axis \($0): \(extents[$0]) and \(other[$0])" }
              ?? "in the number of axes"))
      }
      let (sum, overflows) = extents[place].addingReportingOverflow(other[place])
      extents[place] = overflows ? .max : sum
    }
    return (place, extents)
  }

  /// How many cells each output of Split has: those that are stated, else equal parts, the last of which
  /// may be smaller.
  static func parts(
    of extent: Int, _ stated: [Int]?, _ node: ONNXNode
  ) throws(InterchangeError) -> [Int] {
    let count = node.outputs.count
    let each = count > 0 ? (extent + count - 1) / count : 0
    let sizes = stated ?? (0..<count).map { min(each, extent - $0 * each) }
    guard sizes.count == count, sizes.allSatisfy({ (1...max(1, extent)).contains($0) }),
      sizes.reduce(0, +) == extent
    else {
      throw InterchangeError(
        "\(node.subject) cuts \(extent) into \(Shape.text(sizes)) for \(counted(count, "output"))")
    }
    return sizes
  }

  private static func wrong(
    _ axis: Int, _ extents: [Int], _ node: ONNXNode
  ) -> InterchangeError {
    InterchangeError("\(node.subject) names the axis \(axis) of \(Shape.text(extents, "(", ")"))")
  }
}

/// What a Slice node cuts out: along each of some axes the cells from a start to before an end.
struct ONNXSlice {
  let axes: [Int]
  private let starts, ends, steps: [Int]

  /// nil if the places are not known.
  init?(_ node: ONNXNode, _ inputs: [ONNXConstant?]) throws {
    guard let starts = try node.ints("starts", or: 1, of: inputs),
      let ends = try node.ints("ends", or: 2, of: inputs)
    else { return nil }
    axes = try node.ints("axes", or: 3, of: inputs) ?? Array(starts.indices)
    steps =
      try node.ints("steps", or: 4, of: inputs) ?? Array(repeating: 1, count: starts.count)
    guard starts.count == ends.count, axes.count == starts.count, steps.count == starts.count,
      !steps.contains(0), !steps.contains(.min)
    else {
      throw InterchangeError(
        "\(node.subject) has \(counted(starts.count, "start")), \(counted(ends.count, "end")), \(axes.count) axes and "
          + "\(counted(steps.count, "step")); they must be equally many, and no step 0")
    }
    (self.starts, self.ends) = (starts, ends)
  }

  /// The first cell, the cell before which it ends, and the step, along the axis that stands at `index`;
  /// places below 0 are counted from the end, and those beyond are held at the ends.
  func range(along index: Int, of extent: Int) -> (start: Int, end: Int, step: Int) {
    let step = steps[index]
    func place(_ number: Int, _ least: Int, _ most: Int) -> Int {
      min(max(number < 0 ? number + extent : number, least), most)
    }
    return step > 0
      ? (place(starts[index], 0, extent), place(ends[index], 0, extent), step)
      : (place(starts[index], 0, extent - 1), place(ends[index], -1, extent - 1), step)
  }

  func places(along index: Int, of extent: Int) -> [Int] {
    let (start, end, step) = range(along: index, of: extent)
    return Array(stride(from: start, to: end, by: step))
  }
}
