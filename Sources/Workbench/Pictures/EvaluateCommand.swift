import FastKernels
import Interchange
import Networks
import Training
import Primitives
import Tensors

let evaluateCommand: Command = Command(
  "evaluate", in: .run, "how good labels are: accuracies and intersections over unions",
  options: [
    Option("weights", "F", "the weights; those that come with the book if not given"),
    Option(
      "network", "NET",
      "the network, a name, text or file; recognised from the weights' names if not given"),
    Option("scenes", "N", "judge on so many synthetic scenes; 100 if no data are named"),
    Option("seed", "S", "which of them, unlike those of convbook scene; 0 if not given"),
    Option("voc", "DIR", "judge on a folder in PASCAL VOC's layout"),
    Option("set", "NAME", "with --voc: the list of pictures; val if not given"),
    Option("preprocess", "P", "how pixels become numbers: caffe, torchvision or scene"),
    Option("threads", "T", "how many threads share the work; all processors if not given"),
    Option("truth", "F", "instead of --weights: the labels that are right, an image or a folder"),
    Option("labels", "F", "with --truth: the labels to judge; in a folder under the same names"),
    Option(
      "pairs", "F", "instead of both: a list, in each line an image of truth and one of labels"),
    Option("classes", "N", "with --truth or --pairs: how many; by the largest label if not given"),
    Option("ignore", "N", "the true label that is left out, or none; 255 if not given"),
    Option("mean", "M", "which classes the mean IU is over: union (the usual), truth or all"),
    .flag("matrix", "show the confusion matrix however wide it is"),
    Option("format", "F", "text, or json with the metrics, the classes and the confusion matrix"),
  ],
  details: [
    "With n_ij the pixels of class i that were labelled j, and t_i those of class i: pixel accuracy "
      + "is the sum of n_ii over that of t_i; accuracy of a class n_ii / t_i; IU of a class n_ii / "
      + "(t_i + the sum of n_ji - n_ii). The mean accuracy is over the classes of the truth, the mean "
      + "IU by --mean over them (truth), over those and the ones that were given, which count as 0 "
      + "(union, as in the FCN reference code), or over all. Pixels whose true label is 255, or the "
      + "one of --ignore, are left out, and counted.",
    GivenNetwork.help + ", as segment runs it.",
    "Label images are indexed or grey PNG files or PGM, whose numbers count, or PNG and PPM in colours: "
      + "those of VOC, or grey. Files of two folders belong together if their names are equal without "
      + "their endings.",
  ],
  examples: [
    Command.Example(
      "evaluate --weights fcn8s.pth --voc VOC2012 --set val", "the metrics of a published network"),
    Command.Example(
      "evaluate --network fcn32s", "the FCN-32s that comes with the book, on scenes it has not seen"
    ),
    Command.Example(
      "evaluate --truth SegmentationClass --labels results --classes 21",
      "somebody else's results"),
    Command.Example(
      "evaluate --truth mask.png --labels answer.png --ignore none",
      "one mask of 0 and 255, both of them classes"),
  ]
) { arguments in
  let isJSON = try arguments.choice("format", of: ["text", "json"]) == "json"
  let judged =
    ["truth", "labels", "pairs"].contains(where: arguments.has)
    ? try judgedPairs(arguments) : try judgedNetwork(arguments)
  let convention = try arguments.choice("mean", of: MeanClasses.allCases.map(\.rawValue))
  let tally = judged.tally
  let report = MetricsReport(
    matrix: tally.matrix, names: judged.names,
    over: convention.flatMap(MeanClasses.init(rawValue:)) ?? .union,
    showsMatrix: arguments.has("matrix") ? true : nil)
  if isJSON {
    printOut(JSON.object(judged.facts + tally.members + report.members).text)
  } else {
    printOut(report.text)
    let remarks = [tally.sentence, tally.warning.map { "Beware: \($0)" }].compactMap(\.self)
    if !remarks.isEmpty {
      printOut((tally.matrix.total > 0 ? "\n" : "") + remarks.joined(separator: "\n"))
    }
  }
}

/// Counts, and what they are of.
private struct Judged {
  let tally: Tally
  let names: [String]
  let facts: [(String, JSON)]
}

/// Refuses options that belong to the other way of using the command.
private func refuse(_ options: [String], with other: String, _ arguments: Arguments) throws {
  if let option = options.first(where: arguments.has) {
    throw ExitStatus.usage("--\(option) does not go with \(other); leave out one of them")
  }
}

/// The label of `--ignore`; nil for none.
private func ignoredLabel(_ arguments: Arguments) throws(ExitStatus) -> UInt8? {
  guard let text = arguments["ignore"] else { return 255 }
  if text == "none" { return nil }
  guard let label = UInt8(text) else {
    throw .usage("--ignore is \"\(text)\"; it must be a label from 0 to 255, or none")
  }
  return label
}

private func judgedPairs(_ arguments: Arguments) throws -> Judged {
  try refuse(
    ["weights", "network", "scenes", "seed", "voc", "set", "preprocess", "threads"],
    with: arguments.has("pairs") ? "--pairs" : "--truth and --labels", arguments)
  let classes = try arguments.integer("classes", in: 1...256)
  let ignored = try ignoredLabel(arguments)
  let pairs: LabelPairs
  let facts: [(String, JSON)]
  if let list = arguments["pairs"] {
    try refuse(["truth", "labels"], with: "--pairs", arguments)
    pairs = try LabelPairs(list: list)
    facts = [("pairs", .string(list))]
  } else {
    let truth = try arguments.required("truth", "the label images that are right")
    let labels = try arguments.required("labels", "the label images to judge")
    pairs = try LabelPairs(truth: truth, labels: labels)
    facts = [("truth", .string(truth)), ("labels", .string(labels))]
  }
  let tally = try pairs.tally(classes: classes, ignoring: ignored)
  let known = [ClassNames.voc, ClassNames.scenes].first { $0.count == classes }
  return Judged(
    tally: tally, names: known ?? (0..<tally.matrix.classes).map { "class \($0)" },
    facts: facts + [("pictures", .integer(pairs.pairs.count))])
}

private func judgedNetwork(_ arguments: Arguments) throws -> Judged {
  try refuse(["classes"], with: "--weights, which tell the classes", arguments)
  let threads = try arguments.threads()
  let network = try LabelingNetwork(arguments)
  let chosen = try arguments.choice("preprocess", of: Preprocessing.allCases.map(\.rawValue))
  let data = try EvaluationData(arguments)
  let ignored = try ignoredLabel(arguments)
  var loaded = try network.loaded()
  let weights = loaded.tensors.path
  let set = try data.pictures(for: loaded, of: weights, ignored: ignored)
  // What is made for one size is made for that of the first.
  if network.isMadeForOneSize, set.count > 0 { loaded = try network.loaded(for: set.read(0).size) }
  let preprocessing =
    try chosen.flatMap(Preprocessing.init(rawValue:)) ?? network.preprocessing(of: loaded)
  let evaluation = Evaluation(
    network: try PreparedNetwork(
      loaded.tensors, FastOutline(loaded.network), threads: threads, usesCache: false
    ).network,
    preprocessing: preprocessing, ignored: ignored)
  return Judged(
    tally: try evaluation.tally(of: set), names: set.classNames,
    facts: [
      ("network", .string(loaded.title)), ("weights", .string(weights)),
      ("preprocess", .string(preprocessing.rawValue)),
    ] + data.facts + [("pictures", .integer(set.count))])
}
