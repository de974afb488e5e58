import CommandLineKit
import FastKernels
import FullyConvolutional
import Interchange
import Primitives

let evaluateCommand = Command(
  "evaluate", in: .run, "how good labels are: accuracies and intersections over unions",
  options: [
    Option("weights", "F", "the weights; those that come with the book if not given"),
    Option("network", "NET", "the network; recognised from the weights' names if not given"),
    Option("scenes", "N", "judge on so many synthetic scenes; 100 if no data are named"),
    Option("seed", "S", "which scenes; 0 if not given"),
    Option("voc", "DIR", "judge on a folder in PASCAL VOC's layout"),
    Option("set", "NAME", "with --voc: the list of pictures; val if not given"),
    Option("preprocess", "P", "how pixels become numbers: caffe, torchvision or scene"),
    Option("threads", "T", "how many threads share the work; all processors if not given"),
    Option("truth", "DIR", "instead of --weights: a folder of label images that are right"),
    Option("labels", "DIR", "with --truth: the labels to judge, under the same names"),
    Option("classes", "N", "with --truth: how many classes; by the largest label if not given"),
    .flag("matrix", "show the confusion matrix however wide it is"),
    Option("format", "F", "text, or json with the metrics, the classes and the confusion matrix"),
  ],
  details: [
    "With n_ij the pixels of class i that were labelled j, and t_i those of class i: pixel accuracy "
      + "is the sum of n_ii over that of t_i; accuracy of a class n_ii / t_i; IU of a class n_ii / "
      + "(t_i + the sum of n_ji - n_ii). Means are over the classes that occur; a class that was "
      + "given but never occurs counts as IU 0, as in the FCN reference code. Pixels whose true "
      + "label is 255 are left out.",
    "Label images are indexed or grey PNG files, or PGM. Files of the two folders belong together if "
      + "their names are equal without their endings.",
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
  ]
) { arguments in
  let isJSON = try arguments.choice("format", of: ["text", "json"]) == "json"
  let judged =
    arguments.has("truth") || arguments.has("labels")
    ? try judgedFolders(arguments) : try judgedNetwork(arguments)
  let report = MetricsReport(
    matrix: judged.matrix, names: judged.names, showsMatrix: arguments.has("matrix") ? true : nil)
  if isJSON {
    print(JSON.object(judged.facts + report.members).text)
  } else {
    print(report.text)
  }
}

/// Counts, and what they are of.
private struct Judged {
  let matrix: ConfusionMatrix
  let names: [String]
  let facts: [(String, JSON)]
}

/// Refuses options that belong to the other way of using the command.
private func refuse(_ options: [String], with other: String, _ arguments: Arguments) throws {
  if let option = options.first(where: arguments.has) {
    throw ExitStatus.usage("--\(option) does not go with \(other); leave out one of them")
  }
}

private func judgedFolders(_ arguments: Arguments) throws -> Judged {
  try refuse(
    ["weights", "network", "scenes", "seed", "voc", "set", "preprocess", "threads"],
    with: "--truth and --labels", arguments)
  let truth = try arguments.required("truth", "the folder of label images that are right")
  let labels = try arguments.required("labels", "the folder of label images to judge")
  let classes = try arguments.integer("classes", in: 1...255)
  let folders = try LabelFolders(truth: truth, labels: labels)
  let matrix = try folders.matrix(classes: classes)
  let known = [ClassNames.voc, ClassNames.scenes].first { $0.count == classes }
  return Judged(
    matrix: matrix, names: known ?? (0..<matrix.classes).map { "class \($0)" },
    facts: [
      ("truth", .string(truth)), ("labels", .string(labels)),
      ("pictures", .integer(folders.pairs.count)),
    ])
}

private func judgedNetwork(_ arguments: Arguments) throws -> Judged {
  try refuse(["classes"], with: "--weights, which tell the classes", arguments)
  let threads = try threads(arguments)
  let network = try arguments["network"].map { (word) throws in try NetworkName(labeling: word) }
  let chosen = try arguments.choice("preprocess", of: Preprocessing.allCases.map(\.rawValue))
  let data = try EvaluationData(arguments)
  let weights = try weightFile(arguments, for: network)
  let loaded = try LoadedNetwork(weights: weights, as: network)
  try loaded.checkLabels(of: weights)
  let set = try data.pictures(for: loaded, of: weights)
  let preprocessing = chosen.flatMap(Preprocessing.init(rawValue:)) ?? loaded.preprocessing
  let evaluation = Evaluation(
    network: try loaded.prepared(threads: threads), preprocessing: preprocessing)
  return Judged(
    matrix: try evaluation.matrix(of: set), names: set.classNames,
    facts: [
      ("network", .string(loaded.name.rawValue)), ("weights", .string(weights)),
      ("preprocess", .string(preprocessing.rawValue)),
    ] + data.facts + [("pictures", .integer(set.count))])
}
