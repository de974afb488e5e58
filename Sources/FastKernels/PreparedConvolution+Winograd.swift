internal import ConvolutionArithmetic
internal import KernelInterface
internal import Tensors

extension PreparedConvolution {
  /// Transforms, products at each frequency, transforms back.
  ///
  /// Few channels: each thread takes chunks of tiles through all three steps, in memory that stays
  /// in its cache. Many channels: the weights are larger than the cache, so that they should be read
  /// rarely; the threads share each step over as many tiles as the last cache holds.
  func runWinograd(
    _ input: FeatureMap, _ convolved: Size, _ output: FeatureMap, _ workspace: Workspace
  ) {
    let (n, m) = kernelSize == 3 ? (6, 4) : (8, 2)
    let grid = Size(
      height: ceilDivide(convolved.height, m),
      width: ceilDivide(convolved.width, m))
    if plan == nil || plan!.inputSize != input.size || plan!.inputZones != input.zones {
      plan = TilePlan(
        input: input.size, zones: input.zones, output: convolved, grid: grid, n: n, m: m,
        top: padding.top, left: padding.left)
    }
    let plan = plan!
    let columns = table.tileColumns
    let panels = ceilDivide(outputs, columns)
    let productBlocks = panels * columns / 16
    let tiles = plan.tiles.count
    let threads = workspace.threads
    let frequencies = n * n
    let isShared = weights.count * 4 > 4 << 20
    let limit = isShared ? sharedTiles(input.blockCount + productBlocks, frequencies) : 48
    let parts = ceilDivide(tiles, limit)
    let capacity = ceilDivide(tiles, parts)
    // One cache line more than needed, so that the frequencies do not compete for the same lines.
    let transformedStep = input.blockCount * capacity * 16 + 16
    let productStep = productBlocks * capacity * 16 + 16
    let small = 4096
    let chunk = frequencies * (transformedStep + productStep)
    let memory = workspace.scratch(
      isShared ? chunk + small * threads.count : (chunk + small) * threads.count)

    plan.tiles.withUnsafeBufferPointer { tileList in
      plan.copyStart.withUnsafeBufferPointer { copyStart in
        plan.copies.withUnsafeBufferPointer { copies in
          func job(_ part: Int, _ memory: UnsafeMutablePointer<Float>) -> WinogradJob {
            var job = WinogradJob(
              input: input.view, output: output.view, transform: n, top: padding.top,
              left: padding.left, height: convolved.height, width: convolved.width,
              tilesPerRow: grid.width, tiles: tileList.baseAddress!,
              copyStart: copyStart.baseAddress!, copies: copies.baseAddress!, capacity: capacity,
              transformed: memory, transformedStep: transformedStep,
              products: memory + frequencies * transformedStep, productStep: productStep,
              weights: weights.pointer, weightStep: weights.count / frequencies,
              bias: bias.pointer, runLength: 8)
            job.base = part * capacity
            job.count = min(capacity, tiles - job.base)
            job.rectify = rectify
            job.pool = pool
            return job
          }
          if isShared {
            for part in 0..<parts where part * capacity < tiles {
              var job = job(part, memory)
              runShared(&job, panels, threads, memory + chunk, small)
            }
          } else {
            threads.run(ceilDivide(tiles, capacity)) { part, worker in
              let own = memory + worker * (chunk + small)
              var job = job(part, own)
              let (first, end) = (job.base, job.base + job.count)
              let scratch = own + chunk
              table.winogradInput(&job, first, end, 0, job.input.blocks, scratch)
              table.winogradProduct(&job, 0, frequencies, 0, panels, scratch)
              table.winogradOutput(&job, first, end, 0, job.output.blocks, scratch)
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

  /// How many tiles, transformed and multiplied, fill some 16 MB.
  private func sharedTiles(_ blocks: Int, _ frequencies: Int) -> Int {
    max(96, (16 << 20) / (frequencies * blocks * 64))
  }

  private func runShared(
    _ job: inout WinogradJob, _ panels: Int, _ threads: Threads,
    _ scratch: UnsafeMutablePointer<Float>, _ scratchCount: Int
  ) {
    let (first, end) = (job.base, job.base + job.count)
    let (inputBlocks, outputBlocks) = (job.input.blocks, job.output.blocks)
    let frequencies = job.transform * job.transform
    let table = table
    let step = max(1, min(8, job.count / (4 * threads.count)))
    let tileTasks = ceilDivide(job.count, step)
    let panelTasks = min(panels, max(1, ceilDivide(4 * threads.count, frequencies)))
    let panelStep = ceilDivide(panels, panelTasks)
    withUnsafePointer(to: &job) { job in
      threads.run(tileTasks) { task, worker in
        table.winogradInput(
          job, first + task * step, min(first + task * step + step, end), 0, inputBlocks,
          scratch + worker * scratchCount)
      }
      threads.run(frequencies * panelTasks) { task, worker in
        let (frequency, part) = (task / panelTasks, task % panelTasks)
        table.winogradProduct(
          job, frequency, frequency + 1, min(part * panelStep, panels),
          min(part * panelStep + panelStep, panels), scratch)
      }
      threads.run(tileTasks) { task, worker in
        table.winogradOutput(
          job, first + task * step, min(first + task * step + step, end), 0, outputBlocks,
          scratch + worker * scratchCount)
      }
    }
  }
}
