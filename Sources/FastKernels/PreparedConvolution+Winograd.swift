public import ConvolutionArithmetic
internal import KernelInterface
public import Tensors

extension PreparedConvolution {
  /// Transforms, products at each frequency, transforms back.
  ///
  /// Few channels: each thread takes chunks of tiles through all three steps, in memory that stays
  /// in its cache. Many channels: the weights are larger than the cache, so that they should be read
  /// rarely. The threads transform as many tiles as the last cache holds; then each takes panels of
  /// outputs through all frequencies and back, so that the weights and the products stay in its cache.
  func runWinograd(
    _ input: FeatureMap, _ convolved: Size, _ output: FeatureMap, _ workspace: Workspace
  ) {
    let plan = tilePlan(input.size, input.zones, input.interior, convolved, output)
    let unreached = (plan.tiles.count - plan.reached) * output.blockCount * tileFloats
    let isKnown = output.unreached?.count == unreached
    if !isKnown { output.unreached = unreached == 0 ? nil : Buffer(count: unreached) }
    let run = WinogradRun(
      self, input.blockCount, convolved, plan, workspace.threads, unreached: output.unreached,
      isKnown: isKnown)
    let memory = workspace.scratch(run.isShared ? run.sharedCount : run.chunksCount)
    if run.isShared {
      run.inParts(input.view, output.view, memory: memory)
    } else {
      run.prepareWeights(memory)
      run.chunks(of: 0..<run.computed, input.view, output.view, memory)
    }
    run.restore(output.view, memory)
    output.zones = plan.zones(pooledTo: pool ? output.size : nil)
    output.interior = plan.outputInterior
  }

  /// Convolves planar maps by `first`, and what that gives by this: some rows of the map between the two
  /// at a time, which stay in the cache, so that the map is never whole in memory.
  ///
  /// - Precondition: ``canBeTogether(_:inputs:_:inputs:outputs:)``
  public func run(
    planar: UnsafePointer<Float>, size: Size, through first: PreparedConvolution,
    into output: FeatureMap, _ workspace: Workspace
  ) {
    precondition(canFollow(first), "these two layers cannot be run together")
    let between: Size
    do { between = try first.outputSize(input: size) } catch {
      preconditionFailure(error.description)
    }
    let convolved = check(between, output)
    let threads = workspace.threads
    let inside = Interior(first.convolution, input: size, output: between)
    let plan = tilePlan(
      between, inside.zones(of: between), inside, convolved, output, inOrder: true)
    let run = WinogradRun(self, ceilDivide(inputs, 16), convolved, plan, threads)

    // Tiles of 4×4 read two rows more than they give.
    let rowCount = run.inputBlocks * between.width * 16
    let tileRows = max(1, bandFloats / (4 * rowCount))
    let bandRows = 4 * tileRows + 2
    let planarCount = first.planarMemory(size, threads)
    let memory = workspace.scratch(run.chunksCount + planarCount + bandRows * rowCount)
    let band = memory + run.chunksCount + planarCount
    let source = PlanarRows(first, planar, size, memory + run.chunksCount, threads)
    run.prepareWeights(memory)

    var held = 0..<0
    var start = 0
    for row in Swift.stride(from: 0, to: plan.grid.height, by: tileRows) {
      var end = start
      let limit = (row + tileRows) * plan.grid.width
      while end < plan.tiles.count, plan.tiles[end] < limit { end += 1 }
      // A band of which every tile is a copy needs no rows.
      guard start < end else { continue }
      let first = 4 * row - plan.lead - padding.top
      let needed = max(0, first)..<min(between.height, first + 4 * tileRows + 2)
      let kept = held.clamped(to: needed)
      if !kept.isEmpty {
        for block in 0..<run.inputBlocks {
          let plane = band + block * bandRows * between.width * 16
          plane.update(
            from: plane + (kept.lowerBound - held.lowerBound) * between.width * 16,
            count: kept.count * between.width * 16)
        }
      }
      // Rows keep their numbers: the view begins where row 0 would be.
      var view = MapView(
        pixels: band - needed.lowerBound * between.width * 16, height: between.height,
        width: between.width, blocks: run.inputBlocks)
      view.plane = bandRows * between.width * 16
      source.run(kept.isEmpty ? needed : kept.upperBound..<needed.upperBound, into: view, threads)
      run.chunks(of: start..<end, view, output.view, memory)
      held = needed
      start = end
    }
    output.zones = plan.zones(pooledTo: pool ? output.size : nil)
    output.interior = plan.outputInterior
  }

  /// How far this looks into a zone of its input, in cells from where the zone begins or ends; nil: all of
  /// it may be read. A window reads `n` cells for `m` outputs. Those that are computed begin before the zone,
  /// or with the first tile in it, or end behind it.
  package func readDepth(input: Size) throws(GeometryError) -> Int? {
    switch method(output: try convolvedSize(input: input)) {
    case .winograd:
      let (n, m) = Self.winogradTile(kernelSize)
      return n + m - 1
    case .product where stride == 1 && kernelSize.area > 1:
      return max(
        (kernelSize.height - 1) * dilation.height, (kernelSize.width - 1) * dilation.width) + 1
    default: return nil
    }
  }

  /// Whether this can be run together with the layer before it.
  func canFollow(_ first: PreparedConvolution) -> Bool {
    first.method == .planar && !first.pool && first.outputs == inputs && method == .winograd
      && Self.canBeTogether(
        first.convolution, inputs: first.inputs, convolution, inputs: inputs, outputs: outputs)
  }

  /// Whether two layers that follow each other can be run together: the first reads few channels, as
  /// planar maps, and the weights of the second are few.
  public static func canBeTogether(
    _ first: Convolution, inputs: Int, _ second: Convolution, inputs between: Int, outputs: Int
  ) -> Bool {
    first.groups == 1 && method(first, inputs: inputs, outputs: between) == .planar
      && second.kernelSize == 3 && method(second, inputs: between, outputs: outputs) == .winograd
      && !hasManyWeights(second.kernelSize, inputs: between, outputs: outputs)
  }

  /// Whether the transformed weights are larger than a cache.
  static func hasManyWeights(_ kernelSize: Size, inputs: Int, outputs: Int) -> Bool {
    let n = winogradTile(kernelSize).n
    return ceilDivide(inputs, 16) * 16 * outputs * n * n * 4 > 4 << 20
  }

  /// The numbers of a tile along one axis, transformed and as outputs.
  static func winogradTile(_ kernelSize: Size) -> (n: Int, m: Int) {
    kernelSize == 3 ? (6, 4) : (8, 2)
  }

  /// The floats of a block's tile of outputs.
  private var tileFloats: Int {
    let m = Self.winogradTile(kernelSize).m
    return m * m * 16
  }

  /// - Parameter isInOrder: whether the tiles must come from the top downwards.
  private func tilePlan(
    _ input: Size, _ zones: [Zone], _ interior: Interior?, _ convolved: Size,
    _ output: FeatureMap, inOrder isInOrder: Bool = false
  ) -> TilePlan {
    var use = output.use
    if isInOrder { use.isRepeated = false }
    if let plan, plan.isFor(input, zones, interior, use) { return plan }
    let (n, m) = Self.winogradTile(kernelSize)
    // Windows of a pool begin at even cells, and lie in one tile.
    let made = TilePlan(
      input: input, zones: zones, output: convolved, n: Size(n), m: m, top: padding.top,
      left: padding.left, leads: pool ? Array(Swift.stride(from: 0, to: m, by: 2)) : Array(0..<m)
    ).arranged(for: use, interior: interior, pooled: pool ? output.size : nil)
    plan = made
    return made
  }
}

/// How many floats of a map between two layers are held at once: some 4 MB.
private let bandFloats = 1 << 20
