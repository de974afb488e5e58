import Interchange

/// How many pixels of a label map each class has.
struct LabelCounts: Equatable {
  /// For each class, its pixels.
  let pixels: [Int]
  /// All pixels of the map.
  private let all: Int

  /// The pixels of each of so many classes; other labels are left out.
  init(_ map: LabelMap, classes: Int) {
    var counts = [Int](repeating: 0, count: 256)
    for label in map.labels { counts[Int(label)] += 1 }
    pixels = Array(counts.prefix(classes))
    all = map.labels.count
  }

  /// The part of the picture that a class has, from 0 to 1.
  func share(of index: Int) -> Double {
    Double(pixels[index]) / Double(all)
  }

  /// The classes that occur, those with the most pixels first.
  var present: [Int] {
    pixels.indices.filter { pixels[$0] > 0 }
      .sorted { (pixels[$1], $0) < (pixels[$0], $1) }
  }
}
