import Networks
import Tensors
import Testing
import Training

/// Scenes are the same everywhere, and their labels are what is drawn.
@Suite struct SceneTests {
  /// Recorded; the bytes of a scene never change, because weights are trained on them.
  @Test func `the bytes are the same on every machine`() {
    let size = Size(height: 40, width: 70)
    let hashes = [
      hash(Scene.segmentation(seed: 0)), hash(Scene.segmentation(seed: 7)),
      hash(Scene.segmentation(seed: .max, size: size)), hash(Scene.classification(seed: 3)),
    ]
    #expect(
      hashes == [
        978_956_685_472_888_771, 4_802_993_496_031_501_563, 4_660_074_015_548_119_813,
        18_323_039_268_466_524_871,
      ])
  }

  @Test func `equal seeds give equal scenes, other seeds others`() {
    let scenes = (0..<20).map { Scene.segmentation(seed: $0, size: 24) }
    #expect(scenes == (0..<20).map { Scene.segmentation(seed: $0, size: 24) })
    #expect(Set(scenes).count == 20)
  }

  @Test func `radii, places and counts keep to what is stated`() {
    var counts: Set<Int> = []
    var kinds: [SceneShape.Kind: Int] = [:]
    for seed in 0..<400 as Range<UInt64> {
      let size = Size(height: seed.isMultiple(of: 2) ? 128 : 90, width: seed % 3 == 0 ? 128 : 200)
      let scene = Scene.segmentation(seed: seed, size: size)
      let shorter = 16 * min(size.height, size.width)
      let radii = shorter * 110 / 1000...shorter * 240 / 1000
      counts.insert(scene.shapes.count)
      for shape in scene.shapes {
        kinds[shape.kind, default: 0] += 1
        #expect(radii.contains(shape.radius))
        #expect(shape.radius <= shape.row && shape.row + shape.radius <= 16 * size.height)
        #expect(shape.radius <= shape.column && shape.column + shape.radius <= 16 * size.width)
        #expect(shape.halfStroke == max(2 * 16, 13 * shape.radius / 100))
        let (cosine, sine) = (shape.turn.cosine, shape.turn.sine)
        let squares = cosine * cosine + sine * sine
        #expect(squares == shape.turn.scale * shape.turn.scale)
      }
      let single = Scene.classification(seed: seed)
      #expect(single.shapes.count == 1)
      let singleRadii = 16 * 96 * 200 / 1000...16 * 96 * 420 / 1000
      #expect(singleRadii.contains(single.shapes[0].radius))
    }
    #expect(counts == [2, 3, 4, 5])
    // 400 scenes of 3½ shapes of 5 kinds: 280 of each.
    #expect(kinds.count == 5 && kinds.values.allSatisfy { (220...340).contains($0) }, "\(kinds)")
  }

  /// The shape alone, its area from the formula of the school book.
  @Test func `each shape has its area`() {
    var seen: [SceneShape.Kind: Int] = [:]
    for seed in 0..<60 as Range<UInt64> {
      let scene = Scene.classification(seed: seed, size: 96)
      let shape = scene.shapes[0]
      let r = Double(shape.radius) / 16
      let area = area(shape)
      // A triangle or a square may be cut at the edge of the picture.
      let reach = Int(1.25 * r) + 1
      let (row, column) = (shape.row / 16, shape.column / 16)
      guard min(row, column, 95 - row, 95 - column) >= reach else { continue }
      let labels = scene.drawn().labels
      #expect(Set(labels) == [0, shape.kind.label])
      let pixels = Double(labels.count { $0 != 0 })
      // A pixel is in or out, which errs by much less than the pixels of the outline.
      #expect(abs(pixels - area) <= 1.5 * r, "\(seed): \(shape.kind) \(pixels) \(area)")
      seen[shape.kind, default: 0] += 1
    }
    #expect(seen.count == 5, "\(seen)")
  }

  /// In pixels.
  private func area(_ shape: SceneShape) -> Double {
    let (r, w) = (Double(shape.radius) / 16, Double(shape.halfStroke) / 16)
    switch shape.kind {
    case .disc: return Double.pi * r * r
    case .square: return (2 * 0.8 * r) * (2 * 0.8 * r)
    case .triangle: return 3 * 3.0.squareRoot() / 4 * (1.25 * r) * (1.25 * r)
    case .ring: return Double.pi * (r * r - (r - 2 * w) * (r - 2 * w))
    case .cross: return 2 * (2 * r) * (2 * w) - (2 * w) * (2 * w)
    }
  }

  /// What the labels say is what is painted: the shape's colour with noise of deviation 8.
  @Test func `the colours lie where the labels say`() {
    for seed in 0..<6 as Range<UInt64> {
      let scene = Scene.classification(seed: seed)
      let shape = scene.shapes[0]
      let picture = scene.drawn()
      let color = [shape.color.red, shape.color.green, shape.color.blue]
      for channel in 0..<3 {
        let values = picture.labels.indices.filter { picture.labels[$0] != 0 }
          .map { Double(picture.pixels[3 * $0 + channel]) }
        let count = Double(values.count)
        let mean = values.reduce(0, +) / count
        let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count
        #expect(abs(mean - Double(color[channel])) < 1, "\(seed): \(mean) of \(color)")
        #expect(abs(variance.squareRoot() - 8) < 0.6, "\(seed): \(variance.squareRoot())")
      }
    }
  }

  @Test func `a later shape covers an earlier one`() throws {
    // Seeds in which the last shape's centre lies in it, so that its label must be seen there.
    for seed in 0..<40 as Range<UInt64> {
      let scene = Scene.segmentation(seed: seed)
      let last = try #require(scene.shapes.last)
      guard last.kind != .ring else { continue }
      let labels = scene.drawn().labels
      #expect(labels[last.row / 16 * 128 + last.column / 16] == last.kind.label, "\(seed)")
    }
  }

  @Test func `the smallest and unequal extents work`() {
    for size in [Size(16), Size(height: 16, width: 50), Size(height: 70, width: 17)] {
      for seed in 0..<20 as Range<UInt64> {
        let picture = Scene.segmentation(seed: seed, size: size).drawn()
        #expect(picture.size == size && picture.labelSize == size)
        #expect(picture.labels.contains(0) && picture.labels.max()! <= 5)
      }
    }
  }

  /// FNV-1a over the pixels and the labels.
  private func hash(_ scene: Scene) -> UInt64 {
    let picture = scene.drawn()
    return (picture.pixels + picture.labels).reduce(0xCBF2_9CE4_8422_2325) {
      ($0 ^ UInt64($1)) &* 0x100_0000_01B3
    }
  }
}
