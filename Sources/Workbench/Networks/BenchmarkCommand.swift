import FastKernels
import Networks
import Tensors

let benchmarkCommand: Command = Command(
  "benchmark", in: .run, "how long a network takes, as a whole and layer by layer",
  operands: "NET", mostOperands: 1,
  options: [
    Option("weights", "F", "the weights; seeded random ones if not given"),
    Option("input", "HxW", "the size of the picture; 500x500 if not given"),
    Option("rounds", "N", "how often the network runs; medians are shown; 5 if not given"),
    Option("threads", "T", "threads that share the work; all processors if not given"),
    .flag("exact", "direct sums only, no Winograd"),
    Option("format", "F", "table or json"),
  ],
  details: [
    "NET is one of \(listed(NetworkName.allCases.map(\.rawValue))).",
    "GFLOP/s counts two operations for each multiply-add of the definition. The part of the peak "
      + "counts those that the method leaves (Winograd needs fewer), against multiply-adds in "
      + "registers measured in the same run.",
  ],
  examples: [
    Command.Example("benchmark fcn8s --input 500x500 --rounds 7", "FCN-8s on a picture of 500×500")
  ]
) { arguments in
  let name = try networkName(arguments)
  let input = try arguments["input"].map { try pictureSize($0, "--input") } ?? 500
  let rounds = try arguments.integer("rounds", in: 1...10_000) ?? 5
  let (threads, exact) = (try threads(arguments), arguments.has("exact"))
  let format = try arguments.choice("format", of: ["table", "json"]) ?? "table"

  let file = try arguments["weights"].map { try NetworkFile($0, for: name) }
  let description = file?.network ?? name.network()
  try checkMemory(description, input: input, exact: exact)
  let clock = ContinuousClock()
  let start = clock.now
  _ = try file?.scan(threads: threads)
  let line = ProgressLine()
  let network = try FastNetwork(
    description, weights: file?.weights ?? .random(description), exact: exact, threads: threads,
    progress: { line.show("packing weights", $0) })
  let preparing = clock.now - start
  line.show("measuring", 0)
  let measurement = try network.measure(
    noise(channels: description.channels["input"]!, input), rounds: rounds)
  line.end()
  let report = BenchmarkReport(
    network: description, input: input, threads: threads, exact: exact,
    preparing: preparing, measurement: measurement)
  printOut(format == "json" ? report.json.text : report.text)
}

/// A seeded picture of noise from −128 to 128.
private func noise(channels: Int, _ size: Size) -> Tensor<Float> {
  var elements = [Float](repeating: 0, count: channels * size.area)
  elements.withUnsafeMutableBufferPointer { fillEvenly($0, seed: 1, limit: 128) }
  return Tensor(shape: [1, channels, size.height, size.width], elements: elements)
}
