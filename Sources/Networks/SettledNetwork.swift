import ConvolutionArithmetic
import Tensors

extension Network {
  /// The network as it is for a picture of one size: what follows the size of another map is said in
  /// numbers, so that its cells have places on the picture where they can.
  func settled(for picture: Size) throws(GeometryError) -> Network {
    guard layers.contains(where: { $0.operation.takesSizeOfSecond }) else { return self }
    return settled(try knownShapes(input: picture))
  }

  /// - Parameter shapes: those of all layers for the picture, nil where they are not known.
  func settled(_ shapes: [MapShape?]) -> Network {
    guard layers.contains(where: { $0.operation.takesSizeOfSecond }) else { return self }
    let sizes = Dictionary(
      uniqueKeysWithValues: zip(layers.map { $0.name }, shapes.map { $0?.size }))
    return with(
      layers.map { layer in
        guard layer.operation.takesSizeOfSecond, let own = sizes[layer.inputs[0]] ?? nil,
          let size = sizes[layer.inputs[1]] ?? nil
        else { return layer }
        return layer.settled(from: own, to: size)
      })
  }
}

extension Network.Layer {
  /// The same for maps of one size that become those of another.
  fileprivate func settled(from own: Size, to size: Size) -> Network.Layer {
    switch operation {
    case .resize(let resize):
      // The size was one that came out, and is no larger than a resize may make.
      let isWhole = size.height % own.height == 0 && size.width % own.width == 0
      let target: Network.Resize.Target =
        isWhole
        ? .factors(Fraction(size.height / own.height), Fraction(size.width / own.width))
        : .size(size)
      let made = try? Network.Resize(
        target, resize.interpolation, resize.coordinates, nearest: resize.nearest)
      guard let made else { return self }
      return Network.Layer(name: name, operation: .resize(made), inputs: [inputs[0]])
    case .centerCrop:
      let place = operation.placesInSecond(from: own, to: size)
      let offset = Size(height: -place.row, width: -place.column)
      return Network.Layer(name: name, operation: .crop(offset: offset), inputs: inputs)
    case .padTo:
      let place = operation.placesInSecond(from: own, to: size)
      let sides = Padding(
        top: place.row, left: place.column, bottom: size.height - own.height - place.row,
        right: size.width - own.width - place.column)
      return Network.Layer(name: name, operation: .pad(sides, .value(0)), inputs: [inputs[0]])
    default: return self
    }
  }
}

extension Network.Operation {
  /// At which cell of maps as large as the second input the first cell of the first comes to lie; before
  /// their first where cells are cut off.
  func placesInSecond(from: Size, to: Size) -> (row: Int, column: Int) {
    func place(_ from: Int, _ to: Int, _ offset: Int?) -> Int {
      if let offset { return offset }
      // Shifts round towards what is below, as Python divides.
      return self == .centerCrop ? -((from - to) >> 1) : (to - from) >> 1
    }
    var offset: Size?
    if case .padTo(let stated) = self { offset = stated }
    return (
      place(from.height, to.height, offset?.height), place(from.width, to.width, offset?.width)
    )
  }
}

extension Network {
  /// Layers whose numbers were computed from the size of the picture: they are right for this one.
  struct Bound: Hashable, Sendable {
    let size: Size
    var layers: [String]
    /// The layers of which no stand-in tells the extents for other sizes either.
    var blind: [String]
  }

  /// Whether some layer is right for one size of picture alone.
  public var isMadeForOneSize: Bool { bound != nil }

  /// Refuses a picture of another size than that for which some layer was made.
  func checkBound(_ picture: Size) throws(GeometryError) {
    guard let bound, picture != bound.size, let layer = bound.layers.first else { return }
    throw GeometryError(
      "\(name), layer \(layer) is computed from the size of the picture, and here it is made for "
        + "\(bound.size); a picture of \(picture) needs a run of its own")
  }
}
