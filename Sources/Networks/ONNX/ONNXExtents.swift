internal import Interchange
internal import Tensors

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
          + "has \(cells) cells")
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
    func numbers(_ index: Int, _ attribute: String) throws -> [Int]? {
      try node.ints(attribute) ?? (inputs.indices.contains(index) ? inputs[index]?.ints() : nil)
    }
    guard let starts = try numbers(1, "starts"), let ends = try numbers(2, "ends") else {
      return nil
    }
    axes = try numbers(3, "axes") ?? Array(starts.indices)
    steps = try numbers(4, "steps") ?? Array(repeating: 1, count: starts.count)
    guard starts.count == ends.count, axes.count == starts.count, steps.count == starts.count,
      !steps.contains(0), !steps.contains(.min)
    else {
      throw InterchangeError(
        "\(node.subject) has \(starts.count) starts, \(ends.count) ends, \(axes.count) axes and "
          + "\(steps.count) steps; they must be equally many, and no step 0")
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
