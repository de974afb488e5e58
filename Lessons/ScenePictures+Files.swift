import LessonKit
import Networks

extension ScenePictures {
  /// Everything, as the files of a lesson; heat maps of the classes `heated` alone.
  func files(heated: [Int]) -> [LessonFile] {
    let stems = ["truth", "fcn32s", "fcn16s", "fcn8s"]
    let names = ["the truth"] + SegmentedScene.names
    var files = [
      LessonFile("sheet.png", shows: "all of it side by side") { sheetPNG },
      LessonFile("scene.png", shows: "the scene") { scenePNG },
    ]
    files += stems.indices.map { map in
      LessonFile("\(stems[map]).png", shows: "labels, \(names[map])") { labelsPNG(map) }
    }
    files += stems.indices.map { map in
      LessonFile("\(stems[map])-overlay.png", shows: "on the scene") { overlayPNG(map) }
    }
    for label in heated {
      let name = ClassNames.scenes[label]
      files += (1...3).map { map in
        LessonFile("\(stems[map])-\(name).png", shows: "probability of \(name)") {
          heatPNG(network: map - 1, label: label)
        }
      }
    }
    return files
  }
}
