internal import ConvolutionArithmetic
internal import KernelInterface
internal import Tensors

/// How much of the last cache transformed tiles may take: 5 MB were the fastest with panels of 16 outputs
/// (AMD, AVX2), and 16 MB with panels of 32 (Intel and AMD, AVX-512).
private func cacheBytes(_ columns: Int) -> Int { columns < 32 ? 5 << 20 : 16 << 20 }

/// One run of Winograd's convolution: how its tiles are shared out, and how much memory that takes.
struct WinogradRun {
  let layer: PreparedConvolution
  let inputBlocks: Int
  let convolved: Size
  let plan: TilePlan
  let threads: Threads
  /// Whether the threads share transformed tiles, since the weights are many.
  let isShared: Bool
  /// How many tiles are computed, the first ones.
  let computed: Int
  /// The tiles that no picture reaches, which are written to it, or which it has already.
  private let unreached: Buffer?

  private let n: Int
  private let panels: Int
  private let panelsAtOnce: Int
  private let capacity: Int
  private let transformedStep: Int
  private let productStep: Int
  private let weightStep: Int

  init(
    _ layer: PreparedConvolution, _ inputBlocks: Int, _ convolved: Size, _ plan: TilePlan,
    _ threads: Threads, unreached: Buffer? = nil, isKnown: Bool = false
  ) {
    self.unreached = unreached
    computed = isKnown ? plan.reached : plan.tiles.count
    (self.layer, self.inputBlocks, self.convolved) = (layer, inputBlocks, convolved)
    (self.plan, self.threads) = (plan, threads)
    n = PreparedConvolution.winogradTile(layer.kernelSize).n
    let columns = layer.table.tileColumns
    panels = ceilDivide(layer.outputs, columns)
    isShared = PreparedConvolution.hasManyWeights(
      layer.kernelSize, inputs: layer.inputs, outputs: layer.outputs)
    let frequencies = n * n
    // As many tiles, transformed, as stay in the last cache beside the weights.
    let limit =
      isShared ? max(96, cacheBytes(columns) / (frequencies * inputBlocks * 64)) : 48
    let tiles = max(1, computed)
    // Half as many more rather than another part: every part reads and transforms all weights.
    let parts = isShared ? max(1, (tiles + limit / 2) / limit) : ceilDivide(tiles, limit)
    capacity = ceilDivide(tiles, parts)
    // As many panels of products as fill some 2 MB, but not so many that the threads would get unequal
    // shares.
    panelsAtOnce =
      isShared
      ? max(
        1,
        min((2 << 20) / (frequencies * capacity * columns * 4), panels / threads.tasks))
      : panels
    // One cache line more than needed, so that the frequencies do not compete for the same lines.
    transformedStep = inputBlocks * capacity * 16 + 16
    productStep = panelsAtOnce * columns / 16 * capacity * 16 + 16
    weightStep =
      n == 8
      ? layer.weights.count / frequencies
      : frequencyStep((isShared ? 1 : panels) * columns * inputBlocks * 16)
  }

  /// Scratch of the transforms.
  fileprivate let small = 4096
  private var frequencies: Int { n * n }
  private var transformedCount: Int { frequencies * transformedStep }
  private var productCount: Int { frequencies * productStep + small }
  /// The memory for transformed weights; packed 7×7 ones are transformed already.
  private var weightCount: Int { n == 8 ? 0 : (isShared ? 12 : frequencies) * weightStep }

  /// The floats that `inParts` needs.
  var sharedCount: Int {
    transformedCount + (productCount + weightCount) * threads.count
  }
  /// The floats that `chunks` needs.
  var chunksCount: Int { weightCount + (productCount + transformedCount) * threads.count }

  private func withJob(
    _ input: MapView, _ output: MapView, _ memory: UnsafeMutablePointer<Float>,
    _ body: (WinogradJob) -> Void
  ) {
    plan.withPointers { tiles, copyStart, copies in
      var job = WinogradJob(
        input: input, output: output, transform: n, top: layer.padding.top,
        left: layer.padding.left, height: convolved.height, width: convolved.width,
        tilesPerRow: plan.grid.width, tiles: tiles, copyStart: copyStart, copies: copies,
        capacity: capacity, transformed: memory, transformedStep: transformedStep,
        products: memory, productStep: productStep, weights: layer.weights.pointer,
        weightStep: weightStep, bias: layer.bias.pointer, runLength: 8)
      job.lead = plan.lead
      if n == 6 { job.kernels = UnsafePointer(layer.weights.pointer) }
      job.rectify = layer.rectify
      job.pool = layer.pool
      job.unreached = unreached?.pointer
      job.reached = plan.reached
      job.isKnown = computed < plan.tiles.count
      body(job)
    }
  }

  /// Transforms all weights to the first floats of `memory`, where `chunks` finds them.
  func prepareWeights(_ memory: UnsafeMutablePointer<Float>) {
    guard n == 6 else { return }
    let own = memory + weightCount
    let nothing = MapView(pixels: memory, height: 0, width: 0, blocks: inputBlocks)
    withJob(nothing, nothing, memory) { job in
      threads.run(panels) { panel, worker in
        var job = job
        job.weights = UnsafePointer(memory)
        layer.table.winogradWeights(
          &job, panel, panel + 1, 0, 3,
          own + worker * (productCount + transformedCount))
      }
    }
  }

  /// Each thread takes chunks of the tiles `range` through all steps.
  func chunks(
    of range: Range<Int>, _ input: MapView, _ output: MapView,
    _ memory: UnsafeMutablePointer<Float>
  ) {
    guard !range.isEmpty else { return }
    let table = layer.table
    withJob(input, output, memory) { whole in
      let tasks = max(
        ceilDivide(range.count, capacity), min(threads.count, ceilDivide(range.count, 12)))
      let count = ceilDivide(range.count, tasks)
      threads.run(ceilDivide(range.count, count)) { task, worker in
        let own = memory + weightCount + worker * (productCount + transformedCount)
        var job = whole
        job.base = range.lowerBound + task * count
        job.count = min(count, range.upperBound - job.base)
        guard job.count > 0 else { return }
        if n == 6 { job.weights = UnsafePointer(memory) }
        job.products = own + small
        job.transformed = own + productCount
        let end = job.base + job.count
        table.winogradInput(&job, job.base, end, 0, inputBlocks, own)
        table.winogradProduct(&job, 0, frequencies, 0, panels, own)
        table.winogradOutput(&job, job.base, end, 0, output.blocks, own)
      }
    }
  }

  /// The threads transform tiles for all, and share the panels of outputs.
  func inParts(_ input: MapView, _ output: MapView, memory: UnsafeMutablePointer<Float>) {
    let table = layer.table
    let workers = memory + transformedCount
    let ownCount = productCount + weightCount
    let columns = table.tileColumns
    withJob(input, output, memory) { whole in
      for base in stride(from: 0, to: computed, by: capacity) {
        var part = whole
        part.base = base
        part.count = min(capacity, computed - base)
        let (shared, end) = (part, base + part.count)
        let step = max(1, min(8, shared.count / threads.tasks))
        threads.run(ceilDivide(shared.count, step)) { task, worker in
          var job = shared
          let start = base + task * step
          table.winogradInput(
            &job, start, min(start + step, end), 0, inputBlocks, workers + worker * ownCount)
        }
        threads.run(ceilDivide(panels, panelsAtOnce)) { task, worker in
          let own = workers + worker * ownCount
          var job = shared
          let first = task * panelsAtOnce
          let last = min(first + panelsAtOnce, panels)
          job.products = own + small
          job.firstProductPanel = first
          if n == 6 {
            transformAndMultiply(&job, first..<last, own + productCount, own)
          } else {
            table.winogradProduct(&job, 0, frequencies, first, last, own)
          }
          table.winogradOutput(
            &job, base, end, first * columns / 16,
            min(ceilDivide(last * columns, 16), output.blocks), own)
        }
      }
    }
  }
}

extension WinogradRun {
  /// Writes the tiles that were not computed, since they are known.
  func restore(_ output: MapView, _ memory: UnsafeMutablePointer<Float>) {
    guard computed < plan.tiles.count else { return }
    withJob(output, output, memory) { whole in
      threads.run(output.blocks) { block, worker in
        var job = whole
        layer.table.winogradOutput(
          &job, computed, plan.tiles.count, block, block + 1, memory + worker * small)
      }
    }
  }

  /// The products of some panels with 3×3 weights that are transformed meanwhile: two rows of frequencies
  /// of one panel at a time, which stay in the nearest caches.
  private func transformAndMultiply(
    _ job: inout WinogradJob, _ range: Range<Int>, _ memory: UnsafeMutablePointer<Float>,
    _ scratch: UnsafeMutablePointer<Float>
  ) {
    job.weightsArePair = true
    for panel in range {
      job.firstWeightPanel = panel
      for (pair, rows) in [(0, 5), (1, 2), (3, 4)].enumerated() {
        job.weights = UnsafePointer(memory)
        layer.table.winogradWeights(&job, panel, panel + 1, pair, pair + 1, scratch)
        for (place, row) in [rows.0, rows.1].enumerated() {
          // The weights begin where those of frequency 0 would be.
          job.weights = UnsafePointer(memory + (place - row) * 6 * weightStep)
          layer.table.winogradProduct(&job, row * 6, row * 6 + 6, panel, panel + 1, scratch)
        }
      }
    }
  }
}

extension TilePlan {
  func withPointers(
    _ body: (
      _ tiles: UnsafePointer<Int32>, _ copyStart: UnsafePointer<Int32>,
      _ copies: UnsafePointer<Int32>
    ) -> Void
  ) {
    tiles.withUnsafeBufferPointer { tiles in
      copyStart.withUnsafeBufferPointer { copyStart in
        copies.withUnsafeBufferPointer { copies in
          body(tiles.baseAddress!, copyStart.baseAddress!, copies.baseAddress!)
        }
      }
    }
  }
}
