internal import ConvolutionArithmetic
internal import Interchange
internal import Tensors
internal import WeightFiles

/// The rows and columns that slices keep of maps, for the picture and for others.
///
/// Exporters cut one axis after the other, so that a cut to the size of another map is two nodes.
struct ONNXCut {
  /// The maps that are cut.
  let maps: ONNXMaps
  /// Their sizes for other pictures.
  let sizes: [Size?]
  /// The rows and the columns that are kept.
  private(set) var rows: Range<Int>
  private(set) var columns: Range<Int>
  /// The same for other pictures.
  private var samples: [(rows: Range<Int>, columns: Range<Int>)?]

  init(of maps: ONNXMaps, at sizes: [Size?]) {
    (self.maps, self.sizes) = (maps, sizes)
    let size = maps.shape?.size ?? 1
    (rows, columns) = (0..<size.height, 0..<size.width)
    samples = sizes.map { $0.map { (0..<$0.height, 0..<$0.width) } }
  }

  /// Keeps the cells of a range of those that are kept.
  mutating func take(
    _ range: Range<Int>, at others: [Range<Int>?], along isDown: Bool
  ) {
    func within(_ old: Range<Int>, _ new: Range<Int>) -> Range<Int>? {
      let (start, end) = (old.lowerBound + new.lowerBound, old.lowerBound + new.upperBound)
      return new.lowerBound >= 0 && start < end && end <= old.upperBound ? start..<end : nil
    }
    if isDown {
      rows = within(rows, range) ?? rows
    } else {
      columns = within(columns, range) ?? columns
    }
    for index in samples.indices {
      guard let sample = samples[index], let other = others[index],
        let part = within(isDown ? sample.rows : sample.columns, other)
      else {
        samples[index] = nil
        continue
      }
      samples[index] = isDown ? (part, sample.columns) : (sample.rows, part)
    }
  }

  /// The same of what another cut has left.
  func following(_ first: ONNXCut) -> ONNXCut {
    var whole = first
    whole.take(rows, at: samples.map { $0?.rows }, along: true)
    whole.take(columns, at: samples.map { $0?.columns }, along: false)
    return whole
  }

  var size: Size { Size(height: rows.count, width: columns.count) }
  var offset: Size { Size(height: rows.lowerBound, width: columns.lowerBound) }
  /// The sizes of what is kept, for other pictures.
  var kept: [Size?] {
    samples.map { $0.map { Size(height: $0.rows.count, width: $0.columns.count) } }
  }

  /// What is said of the cut at every picture at which it is known, this one before others.
  private func holds(
    _ condition: (_ rows: Range<Int>, _ columns: Range<Int>, _ size: Size) -> Bool
  ) -> Bool {
    guard condition(rows, columns, maps.shape?.size ?? 1),
      zip(samples, sizes).count(where: { $0 != nil && $1 != nil }) >= 8
    else { return false }
    return zip(samples, sizes).allSatisfy { sample, size in
      guard let sample, let size else { return true }
      return condition(sample.rows, sample.columns, size)
    }
  }

  /// Whether nothing is cut off.
  var isWhole: Bool { holds { $0 == 0..<$2.height && $1 == 0..<$2.width } }

  /// The cells that are cut off on each side, if they are the same for every picture.
  var border: Padding? {
    let size = maps.shape?.size ?? 1
    let (bottom, right) = (size.height - rows.upperBound, size.width - columns.upperBound)
    let isSame = holds {
      $0.lowerBound == rows.lowerBound && $1.lowerBound == columns.lowerBound
        && $2.height - $0.upperBound == bottom && $2.width - $1.upperBound == right
    }
    return isSame
      ? Padding(top: -rows.lowerBound, left: -columns.lowerBound, bottom: -bottom, right: -right)
      : nil
  }

  /// Whether the same cells are kept of every picture.
  var isFixed: Bool { holds { rows, columns, _ in rows == self.rows && columns == self.columns } }

  /// Whether it begins at the same cell for every picture.
  var hasFixedOffset: Bool {
    holds { rows, columns, _ in
      rows.lowerBound == self.rows.lowerBound && columns.lowerBound == self.columns.lowerBound
    }
  }

  /// Whether it lies in the middle.
  var isCentered: Bool {
    holds { rows, columns, size in
      rows.lowerBound == (size.height - rows.count) >> 1
        && columns.lowerBound == (size.width - columns.count) >> 1
    }
  }
}

extension ONNXImporter {
  /// Cuts maps; a cut that only this one reads is made anew together with it.
  mutating func cut(
    _ cut: ONNXCut, _ maps: ONNXMaps, for node: ONNXNode, part: String = ""
  ) throws -> ONNXMaps? {
    guard let roles = maps.roles else { return nil }
    if cut.isWhole { return maps }
    var (whole, read) = (cut, maps)
    if let first = cuts[maps.layer], layers.last?.name == maps.layer, readers[node.inputs[0]] == 1 {
      whole = cut.following(first)
      read = first.maps
      layers.removeLast()
      samples.removeLast(maps.layer)
      unbind(maps.layer)
    }
    let extents = zip(maps.extents, roles).map { extent, role in
      role == .height ? cut.size.height : role == .width ? cut.size.width : extent
    }
    // It reads maps in the shape in which the file's operators see them.
    read.extents = maps.extents
    let (operation, second) = operation(of: whole)
    let result = try add(
      operation, [read] + (second.map { [$0] } ?? []), for: node, part: part, extents: extents)
    if case .cut = operation, !whole.isFixed { bind(result.layer, at: whole.kept) }
    cuts[result.layer] = whole
    return result
  }

  /// What a cut is at every picture: so many cells off each side, the same cells, the size of another map;
  /// where it is none of these it is for this picture alone.
  private mutating func operation(of cut: ONNXCut) -> (Network.Operation, second: ONNXMaps?) {
    let here = Network.Operation.cut(offset: cut.offset, size: cut.size)
    if cut.isFixed { return (here, nil) }
    if let border = cut.border { return (.pad(border, .value(0)), nil) }
    _ = sizes(of: cut.maps.layer)
    guard let other = samples.layer(as: cut.kept, among: layers), other != cut.maps.layer,
      let second = reference(other, size: cut.size)
    else { return (here, nil) }
    if cut.hasFixedOffset { return (.crop(offset: cut.offset), second) }
    return cut.isCentered ? (.centerCrop, second) : (here, nil)
  }

  /// A layer as the second input of another, which takes its size alone.
  func reference(_ layer: String, size: Size) -> ONNXMaps? {
    ONNXMaps(
      layer: layer, shape: MapShape(channels: 1, size: size), batch: 1,
      extents: [1, 1, size.height, size.width])
  }

  private mutating func unbind(_ layer: String) {
    bound?.layers.removeAll { $0 == layer }
    bound?.blind.removeAll { $0 == layer }
    if bound?.layers.isEmpty ?? false { bound = nil }
  }

  /// A border whose sides are computed from the sizes of maps: up to the size of another, in its middle or
  /// at its first cells; where it is none of these it is for this picture alone.
  mutating func followingBorder(
    _ x: ONNXArguments, _ maps: ONNXMaps, _ padding: Padding, _ extents: [Int], axes: [Int]
  ) throws -> ONNXMaps? {
    let index = x.node.input(1) == nil ? nil : 1
    guard let index, try x.node.text("mode") ?? "constant" == "constant",
      try x.constant(2)?.scalar() ?? 0 == 0
    else {
      throw x.gap("has sides that follow the picture; the book has them with zeros")
    }
    let own = sizes(of: maps.layer)
    /// The sides before and behind for another picture.
    let sides = own.indices.map { picture -> Padding? in
      guard let constants = x.constants(picture),
        let numbers = (try? constants[index]?.ints()) ?? nil,
        numbers.count == 2 * axes.count
      else { return nil }
      var padding: Padding = 0
      for (index, place) in axes.enumerated() {
        let (before, after) = (numbers[index], numbers[index + axes.count])
        switch maps.role(place) {
        case .height: (padding.top, padding.bottom) = (before, after)
        case .width: (padding.left, padding.right) = (before, after)
        default: if before != 0 || after != 0 { return nil }
        }
      }
      return padding
    }
    func size(_ own: Size, _ sides: Padding) -> Size? {
      let height = own.height + sides.top + sides.bottom
      let width = own.width + sides.left + sides.right
      return height > 0 && width > 0 ? Size(height: height, width: width) : nil
    }
    let made = zip(own, sides).map { own, sides in
      own.flatMap { own in sides.flatMap { size(own, $0) } }
    }
    let shape = maps.shape!.size
    guard let now = size(shape, padding) else {
      throw x.gap("leaves nothing of \(maps.text); the book has maps of a cell or more")
    }
    func isPlaced(_ offset: Size?) -> Bool {
      let operation = Network.Operation.padTo(offset: offset)
      return zip(zip(own + [shape], sides + [padding]), made + [now]).allSatisfy { pair, made in
        guard let own = pair.0, let sides = pair.1, let made else { return true }
        let place = operation.placesInSecond(from: own, to: made)
        return place.row == sides.top && place.column == sides.left
      }
    }
    let offset = Size(height: max(padding.top, 0), width: max(padding.left, 0))
    if let other = samples.layer(as: made, among: layers), let second = reference(other, size: now)
    {
      for place in [nil, offset] where isPlaced(place) {
        return try add(.padTo(offset: place), [maps, second], for: x.node, extents: extents)
      }
    }
    let result = try add(.pad(padding, .value(0)), [maps], for: x.node, extents: extents)
    bind(result.layer, at: made)
    return result
  }
}
