import FastKernels
import Interchange
import LessonKit
import Networks
import Tensors

let benchmarkCommand: Command = Command(
  "benchmark", in: .run, "how long a network takes, as a whole and layer by layer",
  operands: "NET", mostOperands: 1,
  options: [
    Option("weights", "F", "the weights; NET's own, or seeded random ones, if not given"),
    Option(
      "input", "HxW",
      "the size of the picture; if not given, what NET says, or 500x500, or 224x224 of your own"),
    Option(
      "rounds", "N",
      "how often the network runs, after a first time that is not counted; medians are shown; 5 if not given"
    ),
    Option("threads", "T", "threads that share the work; all processors if not given"),
    .flag("exact", "direct sums only, no Winograd"),
    .flag("roofline", "what limits each layer: multiply-adds, or the moving of maps and weights"),
    Option("format", "F", "table or json; with --roofline also svg"),
  ],
  details: [
    GivenNetwork.help + ", as network shows it.",
    "GFLOP/s counts two operations for each multiply-add of the definition. The part of the peak "
      + "counts those that the method leaves (Winograd needs fewer), against multiply-adds in "
      + "registers measured in the same run; who else computes meanwhile lowers that peak.",
    "With --roofline each layer has two least times: its multiply-adds at that peak, and its bytes (the maps "
      + "read and written once, the packed weights read once) at the speed at which memory is read in the "
      + "same run. The longer of the two is its bound. Maps that stay in a cache are moved faster than that.",
  ],
  examples: [
    Command.Example("benchmark fcn8s --input 500x500 --rounds 7", "FCN-8s on a picture of 500×500"),
    Command.Example("benchmark fcn8s --roofline --format svg", "what limits each layer, drawn"),
  ]
) { arguments in
  let given = try GivenNetwork(networkWord(arguments), shape: InputShape(arguments))
  given.tellNotes()
  let input = given.size
  let rounds = try arguments.integer("rounds", in: 1...10_000) ?? 5
  let (threads, exact) = (try arguments.threads(), arguments.has("exact"))
  let hasRoof = arguments.has("roofline")
  let format =
    try arguments.choice("format", of: ["table", "json"] + (hasRoof ? ["svg"] : [])) ?? "table"

  let file = try given.file(arguments["weights"])
  let description = file?.network ?? given.network
  let outline = try given.naming {
    let outline = try FastOutline(description, input: input, exact: exact)
    try checkMemory(outline, input: input)
    return outline
  }
  let clock = ContinuousClock()
  let start = clock.now
  _ = try file?.scan(threads: threads)
  let line = ProgressLine()
  let network = try FastNetwork(
    outline, weights: file?.weights ?? .random(description), threads: threads,
    progress: { line.show("packing weights", $0) })
  let preparing = clock.now - start
  line.show("measuring", 0)
  let measurement = try network.measure(
    noise(channels: description.inputChannels, input), rounds: rounds)
  line.end()
  let report = BenchmarkReport(
    network: description, input: input, threads: threads, exact: exact,
    preparing: preparing, measurement: measurement, hasRoof: hasRoof)
  switch format {
  case "json": printOut(report.json.text)
  case "svg": printOut(report.svg, terminator: "")
  default: printOut(report.text)
  }
}

/// A seeded picture of noise from −128 to 128.
private func noise(channels: Int, _ size: Size) -> Tensor<Float> {
  var elements = [Float](repeating: 0, count: channels * size.area)
  elements.withUnsafeMutableBufferPointer { fillEvenly($0, seed: 1, limit: 128) }
  return Tensor(shape: [1, channels, size.height, size.width], elements: elements)
}

/// What `benchmark` shows.
struct BenchmarkReport {
  let network: Network
  let input: Size
  let threads: Threads
  let exact: Bool
  let preparing: Duration
  let measurement: Measurement
  /// Floating-point operations a second, two for each multiply-add.
  let peak: Double
  /// Bytes read a second, if that was asked for.
  let bandwidth: Double?
  let memory: Int

  init(
    network: Network, input: Size, threads: Threads, exact: Bool, preparing: Duration,
    measurement: Measurement, hasRoof: Bool
  ) {
    (self.network, self.input, self.threads) = (network, input, threads)
    (self.exact, self.preparing, self.measurement) = (exact, preparing, measurement)
    memory = SystemMemory.peak
    peak = fmaPeak(threads: threads)
    bandwidth = hasRoof ? readingPeak(threads: threads) : nil
  }

  private var seconds: Double { median(measurement.seconds) }
  private var multiplyAdds: Int { measurement.steps.reduce(0) { $0 + $1.multiplyAdds } }
  private var remaining: Int { measurement.steps.reduce(0) { $0 + $1.remainingMultiplyAdds } }

  var json: JSON {
    let layers = measurement.steps.map { step -> JSON in
      let seconds = median(step.seconds)
      let roof = roofline?.layer(step).map { layer -> [(String, JSON)] in
        [
          ("bytes", .integer(step.bytes)), ("arithmeticSeconds", .number(layer.arithmetic)),
          ("memorySeconds", .number(layer.memory)), ("bound", .string(layer.limit.rawValue)),
          ("boundFraction", .number(layer.bound / layer.seconds)),
        ]
      }
      return .object(
        [
          ("name", .string(step.name)), ("output", .string(step.output)),
          ("method", step.method.map(JSON.string) ?? .null),
          ("medianSeconds", .number(seconds)),
          ("gflops", .number(rate(step.multiplyAdds, seconds))),
          ("multiplyAdds", .integer(step.multiplyAdds)),
          ("remainingMultiplyAdds", .integer(step.remainingMultiplyAdds)),
          ("peakFraction", .number(fraction(step.remainingMultiplyAdds, seconds))),
        ] + (roof ?? []))
    }
    return .object(
      [
        ("network", .string(network.name)),
        ("input", .array([.integer(input.height), .integer(input.width)])),
        ("threads", .integer(threads.count)), ("kernels", .string(Level.best.rawValue)),
        ("exact", .bool(exact)), ("rounds", .integer(measurement.seconds.count)),
        ("medianSeconds", .number(seconds)),
        ("seconds", .array(measurement.seconds.map(JSON.number))),
        ("gflops", .number(rate(multiplyAdds, seconds))),
        ("multiplyAdds", .integer(multiplyAdds)), ("remainingMultiplyAdds", .integer(remaining)),
        ("peakGflops", .number(peak * 1e-9)),
        ("peakFraction", .number(fraction(remaining, seconds))),
        ("preparingSeconds", .number(preparing.inSeconds)), ("peakMemoryBytes", .integer(memory)),
      ] + (roofline.map { [("readingBytesPerSecond", .number($0.bandwidth))] } ?? [])
        + [("layers", .array(layers))])
  }

  /// The layers below their roof, if that was asked for.
  private var roofline: Roofline? {
    bandwidth.map { Roofline(peak: peak, bandwidth: $0, steps: measurement.steps) }
  }

  /// The layers below their roof, drawn.
  var svg: String {
    roofline?.svg(title: "\(network.name) on a picture of \(input), \(threads.count) threads") ?? ""
  }

  var text: String {
    let rows = measurement.steps.map { step in
      let seconds = median(step.seconds)
      return [
        step.title,
        step.method ?? "",
        decimal(seconds * 1000, 2),
        step.multiplyAdds == 0 ? "" : decimal(rate(step.multiplyAdds, seconds), 0),
        step.multiplyAdds == 0
          ? "" : decimal(100 * fraction(step.remainingMultiplyAdds, seconds), 0) + " %",
      ]
    }
    let total = [
      "whole network", "", decimal(seconds * 1000, 2),
      decimal(rate(multiplyAdds, seconds), 0),
      decimal(100 * fraction(remaining, seconds), 0) + " %",
    ]
    var steps: [Step] = [
      .heading("\(network.name.visible) on a picture of \(input), \(Level.best.rawValue) kernels"),
      .table(
        roofline?.table
          ?? Table(["layer", "method", "ms", "GFLOP/s", "of the peak"], rows: rows + [total])),
      .prose(
        "Medians of \(counted(measurement.seconds.count, "round")) on "
          + "\(counted(threads.count, "thread")). Preparing the "
          + "weights took \(decimal(preparing.inSeconds, 2)) s. Peak of multiply-adds: "
          + "\(decimal(peak * 1e-9, 0)) GFLOP/s. Most memory held: \(gigabytes(memory)). "
          + "GFLOP/s counts what the definition multiplies, the part of the peak what the method does."
      ),
    ]
    if let roofline { steps.append(.prose(roofline.explanation)) }
    return steps.map(Terminal.current.text).joined(separator: "\n")
  }

  /// GFLOP/s, two for each multiply-add.
  private func rate(_ multiplyAdds: Int, _ seconds: Double) -> Double {
    2e-9 * Double(multiplyAdds) / seconds
  }

  private func fraction(_ multiplyAdds: Int, _ seconds: Double) -> Double {
    rate(multiplyAdds, seconds) * 1e9 / peak
  }
}

/// The middle one of the numbers, or the mean of the two in the middle.
func median(_ numbers: [Double]) -> Double {
  let sorted = numbers.sorted()
  let middle = sorted.count / 2
  return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}
