import Interchange
import Networks
import Tensors
import Training
import WeightFiles

/// The weight file that training begins with: `--from`, the stage before, or `--init-from`, a classifier
/// or a network of other classes.
struct TrainingBeginning {
  private let file: WeightFile
  private let shapes: [String: Shape]
  /// Whether scores of other classes are forgotten rather than refused.
  private let mayChangeClasses: Bool
  private let option: String

  /// nil if neither option is given.
  init?(_ arguments: Arguments) throws {
    guard let path = arguments["from"] ?? arguments["init-from"] else { return nil }
    guard !(arguments.has("from") && arguments.has("init-from")) else {
      throw ExitStatus.usage(
        "--from goes on from a stage, --init-from begins with another network; give one of them")
    }
    (mayChangeClasses, option) = (
      arguments.has("init-from"), arguments.has("from") ? "from" : "init-from"
    )
    file = try WeightFile.open(path).withoutTrainingState
    let entries = WeightNames.canonical(file.entries)
    shapes = Dictionary(entries.map { ($0.name, $0.shape) }) { first, _ in first }
    guard let network = file.recognizedNetwork, network != .uNet, network != .fcnAlexNet else {
      throw ExitStatus.data(
        "\(path) holds no network of the family of VGG16, which is what can be trained; "
          + "convbook convert --list \(path) shows what it holds")
    }
  }

  /// The layers below the scores.
  var backbone: Backbone {
    NetworkName.fcn32s.backbone(fitting: { shapes[$0] })
  }

  /// Whether these are the small kernels of the networks for synthetic scenes.
  var isScenes: Bool { backbone.classifierKernelSize == 3 }

  /// How its pixels became numbers.
  var preprocessing: Preprocessing {
    file.stated("preprocess") == nil && isScenes ? .scene : file.usualPreprocessing
  }

  /// The classes of its scores for pixels; nil if it has none.
  var classes: Int? { shapes["score_fr.weight"]?.dimensions.first }

  /// Its tensors as those of a stage's network: fully connected layers folded into convolutions, scores
  /// that it lacks 0, upsampling that it lacks bilinear.
  ///
  /// - Throws: `ExitStatus` 65 with every tensor that is missing or of another shape.
  func weights(for kind: TrainingStage.Kind, classes: Int) throws -> Weights<Float> {
    if let own = self.classes, own != classes, !mayChangeClasses {
      throw ExitStatus.data(
        "\(file.path) has \(own) classes and the pictures have \(classes); --init-from in place "
          + "of --from begins with new scores")
    }
    let transplant = try Transplant(file, into: kind.networkName, classes: classes)
    if let note = file.orderNote { printError("convbook: \(file.path): \(note)") }
    var weights: Weights<Float> = [:]
    for entry in transplant.entries {
      let tensor = try entry.tensor()
      guard tensor.isFinite else {
        throw ExitStatus.data(
          "\(file.path) has values in \(entry.name) that are infinite or not a number (NaN)")
      }
      weights[entry.name] = tensor
    }
    return weights
  }
}

extension WeightFile {
  /// The file without what only training needs: a checkpoint's weights alone.
  var withoutTrainingState: WeightFile {
    stated("convbook") == nil ? self : keeping { !Checkpoint.isState($0.name) }
  }
}
