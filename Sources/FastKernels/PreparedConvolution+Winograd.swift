internal import ConvolutionArithmetic
internal import KernelInterface
internal import Tensors

extension PreparedConvolution {
  /// Transforms, products at each frequency, transforms back.
  ///
  /// Few channels: each thread takes chunks of tiles through all three steps, in memory that stays
  /// in its cache. Many channels: the weights are larger than the cache, so that they should be read
  /// rarely. The threads transform as many tiles as the last cache holds; then each takes panels of
  /// outputs through all frequencies and back, so that the products stay in its cache.
  func runWinograd(
    _ input: FeatureMap, _ convolved: Size, _ output: FeatureMap, _ workspace: Workspace
  ) {
    let (n, m) = kernelSize == 3 ? (6, 4) : (8, 2)
    let grid = Size(
      height: ceilDivide(convolved.height, m),
      width: ceilDivide(convolved.width, m))
    if plan == nil || plan!.inputSize != input.size || plan!.inputZones != input.zones {
      plan = TilePlan(
        input: input.size, zones: input.zones, output: convolved, grid: grid, n: Size(n), m: m,
        top: padding.top, left: padding.left)
    }
    let plan = plan!
    let columns = table.tileColumns
    let panels = ceilDivide(outputs, columns)
    let tiles = plan.tiles.count
    let threads = workspace.threads
    let frequencies = n * n
    let isShared = weights.count * 4 > 4 << 20
    let limit = isShared ? sharedTiles(frequencies) : 48
    let parts = ceilDivide(tiles, limit)
    let capacity = ceilDivide(tiles, parts)
    let panelsAtOnce =
      isShared ? sharedPanels(panels, capacity, frequencies, threads.count) : panels
    let productBlocks = panelsAtOnce * columns / 16
    // One cache line more than needed, so that the frequencies do not compete for the same lines.
    let transformedStep = input.blockCount * capacity * 16 + 16
    let productStep = productBlocks * capacity * 16 + 16
    let small = 4096
    let transformedCount = frequencies * transformedStep
    let ownCount = frequencies * productStep + small + (isShared ? 0 : transformedCount)
    let memory = workspace.scratch(
      (isShared ? transformedCount : 0) + ownCount * threads.count)

    plan.tiles.withUnsafeBufferPointer { tileList in
      plan.copyStart.withUnsafeBufferPointer { copyStart in
        plan.copies.withUnsafeBufferPointer { copies in
          func job(
            _ part: Int, _ transformed: UnsafeMutablePointer<Float>,
            _ products: UnsafeMutablePointer<Float>
          ) -> WinogradJob {
            var job = WinogradJob(
              input: input.view, output: output.view, transform: n, top: padding.top,
              left: padding.left, height: convolved.height, width: convolved.width,
              tilesPerRow: grid.width, tiles: tileList.baseAddress!,
              copyStart: copyStart.baseAddress!, copies: copies.baseAddress!, capacity: capacity,
              transformed: transformed, transformedStep: transformedStep, products: products,
              productStep: productStep, weights: weights.pointer,
              weightStep: weights.count / frequencies, bias: bias.pointer, runLength: 8)
            job.base = part * capacity
            job.count = min(capacity, tiles - job.base)
            job.rectify = rectify
            job.pool = pool
            return job
          }
          let (inputBlocks, outputBlocks) = (input.blockCount, output.blockCount)
          guard isShared else {
            threads.run(ceilDivide(tiles, capacity)) { part, worker in
              let own = memory + worker * ownCount
              var job = job(part, own + small, own + small + transformedCount)
              let (first, end) = (job.base, job.base + job.count)
              table.winogradInput(&job, first, end, 0, inputBlocks, own)
              table.winogradProduct(&job, 0, frequencies, 0, panels, own)
              table.winogradOutput(&job, first, end, 0, outputBlocks, own)
            }
            return
          }
          let workers = memory + transformedCount
          for part in 0..<parts where part * capacity < tiles {
            let shared = job(part, memory, workers)
            let (first, end) = (shared.base, shared.base + shared.count)
            let step = max(1, min(8, shared.count / (4 * threads.count)))
            threads.run(ceilDivide(shared.count, step)) { task, worker in
              var job = shared
              let start = first + task * step
              table.winogradInput(
                &job, start, min(start + step, end), 0, inputBlocks, workers + worker * ownCount)
            }
            threads.run(ceilDivide(panels, panelsAtOnce)) { task, worker in
              let own = workers + worker * ownCount
              var job = shared
              let panel = task * panelsAtOnce
              job.products = own + small
              job.firstProductPanel = panel
              let endPanel = min(panel + panelsAtOnce, panels)
              table.winogradProduct(&job, 0, frequencies, panel, endPanel, own)
              table.winogradOutput(
                &job, first, end, panel * columns / 16,
                min(ceilDivide(endPanel * columns, 16), outputBlocks), own)
            }
          }
        }
      }
    }
    output.zones =
      pool
      ? plan.outputZones.compactMap { $0.pooled(input: convolved, output: output.size) }
      : plan.outputZones
  }

  /// How many tiles, transformed, fill some 16 MB.
  private func sharedTiles(_ frequencies: Int) -> Int {
    max(96, (16 << 20) / (frequencies * ceilDivide(inputs, 16) * 64))
  }

  /// How many panels of products of so many tiles fill some 2 MB, but not so many that the threads
  /// would get unequal shares.
  private func sharedPanels(_ panels: Int, _ tiles: Int, _ frequencies: Int, _ threads: Int) -> Int
  {
    let fitting = (2 << 20) / (frequencies * tiles * table.tileColumns * 4)
    return max(1, min(fitting, panels / (4 * threads)))
  }
}
