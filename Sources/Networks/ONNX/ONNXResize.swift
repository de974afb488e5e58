internal import ConvolutionArithmetic
internal import Interchange
internal import Tensors
internal import WeightFiles

/// Resize, and Upsample, which was its name before version 10.
extension ONNXImporter {
  mutating func resize(_ x: ONNXArguments) throws -> ONNXMaps? {
    guard let maps = x.maps(0) else { return nil }
    let node = x.node
    // Version 10 has the factors second; from 11 on they are third, and sizes fourth.
    let isOld = node.type == "Upsample" || x.opset < 11
    let places = (factors: isOld ? 1 : 2, sizes: 3)
    for place in [places.factors, places.sizes] where x.has(place) && x.constant(place) == nil {
      return nil
    }
    guard let shape = maps.shape else { return nil }
    let rank = maps.extents.count
    guard let spatial = maps.spatialRank(expected: 2) else { return nil }
    let (interpolation, nearest) = (try interpolation(x), try nearest(x, isOld: isOld))
    let coordinates = try coordinates(x, isOld: isOld)
    let factors = try node.floats("scales") ?? x.constant(places.factors)?.floats() ?? []
    let sizes = isOld ? [] : try x.constant(places.sizes)?.ints() ?? []
    // Axes that are not named stay as they are.
    let axes = try node.ints("axes") ?? Array(0..<rank)
    let order = axes.map { $0 < 0 ? $0 + rank : $0 }
    _ = try ONNXFolding.places(axes, of: rank, maps.extents, node)
    let given = factors.isEmpty ? sizes.count : factors.count
    guard given == axes.count else {
      throw InterchangeError(
        "\(node.subject) has \(counted(factors.count, "factor")) and \(counted(sizes.count, "size")) for "
          + "\(counted(axes.count, "axis", "axes"))")
    }
    try check(factors, sizes, node)
    let policy = try node.text("keep_aspect_ratio_policy") ?? "stretch"
    guard policy == "stretch" else {
      throw x.gap("has keep_aspect_ratio_policy \(policy.printable); the book has stretch")
    }
    guard try node.int("antialias") ?? 0 == 0 else {
      throw x.gap("has antialias 1; the book has it without")
    }
    let others = ONNXGap(node, "changes batch or channels; the book has it for rows and columns")
    func along(_ axis: Int) -> Int? { order.firstIndex(of: axis) }
    var target: Network.Resize.Target
    var bound: [Size?]?
    let (rows, columns) = (along(spatial == 2 ? 2 : -1), along(rank - 1))
    if factors.isEmpty {
      for axis in 0..<2 where along(axis).map({ sizes[$0] != maps.extents[axis] }) ?? false {
        throw others
      }
      let height = rows.map { sizes[$0] } ?? shape.size.height
      let width = columns.map { sizes[$0] } ?? shape.size.width
      let size = Size(height: height, width: width)
      // Where the file says for which pictures it is, a size may be a factor that was written out.
      target = isOpen ? .size(size) : Self.target(size, of: shape.size)
    } else {
      for axis in 0..<2 where along(axis).map({ factors[$0] != 1 }) ?? false { throw others }
      let down = rows.map { factors[$0] } ?? 1
      let across = columns.map { factors[$0] } ?? 1
      guard let down = Self.fraction(down), let across = Self.fraction(across) else {
        throw x.gap(
          "has the factors \(down) and \(across); the book has fractions with denominators up to 4096"
        )
      }
      target = .factors(down, across)
    }
    var reads = [maps]
    if x.constants.contains(where: { $0?.followsPicture ?? false }) {
      let place = factors.isEmpty ? places.sizes : places.factors
      (target, reads, bound) = try following(
        x, place: place, maps, rows: rows, columns: columns, isFactor: !factors.isEmpty, target)
    }
    let resize: Network.Resize
    do { resize = try Network.Resize(target, interpolation, coordinates, nearest: nearest) } catch {
      throw GeometryError("\(node.subject): \(error)")
    }
    let result = try add(.resize(resize), reads, for: node).asSpatial(rank: spatial)
    if let bound { bind(result.layer, at: bound) }
    // Where one cell is left, PyTorch takes the first, and others the middle.
    if let size = result.shape?.size,
      try node.text("coordinate_transformation_mode")
        == "pytorch_half_pixel",
      size.height == 1 && shape.size.height > 1
        || size.width == 1 && shape.size.width > 1
    {
      throw InterchangeError(
        "\(node.subject) leaves one cell by the rule pytorch_half_pixel, which is not read")
    }
    return result
  }

  /// What a resize follows that is computed from the sizes of maps: a whole factor, or the size of another
  /// map; where it follows neither it is for this picture alone.
  private mutating func following(
    _ x: ONNXArguments, place: Int, _ maps: ONNXMaps, rows: Int?, columns: Int?, isFactor: Bool,
    _ target: Network.Resize.Target
  ) throws -> (Network.Resize.Target, reads: [ONNXMaps], bound: [Size?]?) {
    let own = sizes(of: maps.layer)
    let made = own.indices.map { picture -> Size? in
      guard let own = own[picture], let numbers = x.constants(picture)?[place],
        let list = (try? numbers.floats()) ?? nil
      else { return nil }
      func extent(_ old: Int, _ index: Int?) -> Int? {
        guard let index else { return old }
        guard list.indices.contains(index) else { return nil }
        let number = isFactor ? Double(Float(list[index]) * Float(old)) : list[index]
        return number >= 1 && number < 1e9 ? Int(number) : nil
      }
      guard let height = extent(own.height, rows), let width = extent(own.width, columns)
      else { return nil }
      return Size(height: height, width: width)
    }
    let size = maps.shape!.size
    let now: Size? =
      switch target {
      case .size(let size): size
      case .factors(let down, let across):
        Size(
          height: size.height * down.numerator / down.denominator,
          width: size.width * across.numerator / across.denominator)
      case .second: nil
      }
    guard let now else { return (target, [maps], made) }
    if now.height % size.height == 0, now.width % size.width == 0 {
      let factor = Size(height: now.height / size.height, width: now.width / size.width)
      let isFactor = zip(own, made).allSatisfy { own, made in
        guard let own, let made else { return own == nil }
        return made
          == Size(height: own.height * factor.height, width: own.width * factor.width)
      }
      if isFactor {
        return (.factors(Fraction(factor.height), Fraction(factor.width)), [maps], nil)
      }
    }
    if let other = samples.layer(as: made, among: layers),
      let second = reference(other, size: now)
    {
      return (.second, [maps, second], nil)
    }
    return (.size(now), [maps], made)
  }

  /// Refuses what makes no map.
  private func check(
    _ factors: [Double], _ sizes: [Int], _ node: ONNXNode
  ) throws(InterchangeError) {
    if let factor = factors.first(where: { !($0 > 0 && $0.isFinite) }) {
      throw InterchangeError("\(node.subject) has the factor \(factor); each must be above 0")
    }
    if factors.isEmpty, let size = sizes.first(where: { $0 < 1 }) {
      throw InterchangeError(
        "\(node.subject) makes \(counted(size, "cell")); there must be 1 or more")
    }
  }

  private func interpolation(_ x: ONNXArguments) throws -> Network.Resize.Interpolation {
    switch try x.node.text("mode") ?? "nearest" {
    case "nearest": .nearest
    case "linear", "bilinear": .bilinear
    case let other:
      throw x.gap("has mode \(other.printable); the book has nearest and linear")
    }
  }

  private func nearest(_ x: ONNXArguments, isOld: Bool) throws -> Network.Resize.Nearest {
    switch try x.node.text("nearest_mode") ?? (isOld ? "floor" : "round_prefer_floor") {
    case "floor": .floor
    case "ceil": .ceil
    case "round_prefer_floor": .roundHalfDown
    case "round_prefer_ceil": .roundHalfUp
    case let other:
      throw x.gap(
        "has nearest_mode \(other.printable); the book has floor, ceil, round_prefer_floor and "
          + "round_prefer_ceil")
    }
  }

  private func coordinates(
    _ x: ONNXArguments, isOld: Bool
  ) throws -> Network.Resize.Coordinates {
    let usual = isOld ? "asymmetric" : "half_pixel"
    switch try x.node.text("coordinate_transformation_mode") ?? usual {
    case "half_pixel", "pytorch_half_pixel": return .halfPixel
    case "asymmetric": return .asymmetric
    case "align_corners": return .alignedCorners
    case let other:
      throw x.gap(
        "has coordinate_transformation_mode \(other.printable); the book has half_pixel, "
          + "pytorch_half_pixel, asymmetric and align_corners")
    }
  }

  /// A size as factors where they are whole, so that the cells have places on the picture.
  private static func target(_ size: Size, of input: Size) -> Network.Resize.Target {
    guard size.height % input.height == 0, size.width % input.width == 0, size.height > 0,
      size.width > 0
    else { return .size(size) }
    return .factors(Fraction(size.height / input.height), Fraction(size.width / input.width))
  }

  /// The simplest fraction that a 32-bit float stands for; nil if there is none with a small
  /// denominator.
  private static func fraction(_ factor: Double) -> Fraction? {
    guard factor > 0, factor <= 1_048_576 else { return nil }
    for denominator in 1...4096 {
      let numerator = (factor * Double(denominator)).rounded()
      if numerator >= 1, Float(numerator / Double(denominator)) == Float(factor) {
        return Fraction(Int(numerator), denominator)
      }
    }
    return nil
  }
}
