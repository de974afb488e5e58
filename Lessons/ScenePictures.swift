import FastKernels
import Interchange
import Networks
import Tensors
import Training

/// A scene, its truth and what three networks say about it, as PNG files.
struct ScenePictures: Sendable {
  private let scene: Picture
  /// The truth, and the labels of FCN-32s, FCN-16s and FCN-8s.
  private let maps: [LabelMap]
  private let scores: [Tensor<Float>]

  init(_ segmented: SegmentedScene) {
    let size = segmented.scene.size
    scene = Picture(width: size.width, height: size.height, pixels: segmented.scene.pixels)
    let labels =
      [segmented.scene.labels]
      + segmented.labels.map { $0.elements.map { UInt8($0) } }
    maps = labels.map { LabelMap(width: size.width, height: size.height, labels: $0) }
    scores = segmented.scores
  }

  /// The picture.
  var scenePNG: [UInt8] { PNGWriter.encode(scene) }

  /// Labels in colours: those of the truth are map 0.
  func labelsPNG(_ map: Int) -> [UInt8] { PNGWriter.encode(maps[map]) }

  /// The picture under half-transparent labels.
  func overlayPNG(_ map: Int) -> [UInt8] { PNGWriter.encode(scene.overlaid(with: maps[map])) }

  /// How probable a network holds a class at each pixel, from black to white.
  func heatPNG(network: Int, label: Int) -> [UInt8] {
    let probabilities = softmax(scores[network])
    let area = scene.width * scene.height
    return PNGWriter.encode(
      HeatMap.picture(
        of: Array(probabilities.elements[label * area..<(label + 1) * area]), width: scene.width,
        height: scene.height))
  }

  /// Scene, truth, 32s, 16s and 8s from left to right, twice as large; the labels below as an overlay.
  var sheetPNG: [UInt8] {
    let colors = maps.map { map in
      Picture(
        width: map.width, height: map.height,
        pixels: map.labels.flatMap { label -> [UInt8] in
          let color = VOCPalette.color(of: label)
          return [color.red, color.green, color.blue]
        })
    }
    let overlays = maps.map { scene.overlaid(with: $0) }
    return PNGWriter.encode(sheet([[scene] + colors, [scene] + overlays]))
  }

  /// Pictures of one size in rows, every pixel a square of four, with white between them.
  private func sheet(_ rows: [[Picture]]) -> Picture {
    let (gap, scale) = (8, 2)
    let (across, down) = (scale * scene.width + gap, scale * scene.height + gap)
    let width = rows[0].count * across + gap
    let height = rows.count * down + gap
    var result = Picture(
      width: width, height: height, pixels: [UInt8](repeating: 255, count: 3 * width * height))
    for (rowIndex, row) in rows.enumerated() {
      for (columnIndex, picture) in row.enumerated() {
        for y in 0..<scale * picture.height {
          for x in 0..<scale * picture.width {
            result[row: gap + rowIndex * down + y, column: gap + columnIndex * across + x] =
              picture[row: y / scale, column: x / scale]
          }
        }
      }
    }
    return result
  }
}
