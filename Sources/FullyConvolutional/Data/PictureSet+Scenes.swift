public import Tensors

extension PictureSet {
  /// Synthetic scenes with a label for each pixel, of the classes ``ClassNames/scenes``.
  ///
  /// Picture `i` depends on `seed` and `i` alone: a longer set begins with the shorter one, and sets of
  /// two seeds have no picture in common. Scenes are drawn each time they are read, in a fraction of a
  /// millisecond.
  ///
  /// ```swift
  /// let training = PictureSet.scenes(count: 400, seed: 1)
  /// let validation = PictureSet.scenes(count: 100, seed: 2)
  /// ```
  public static func scenes(count: Int, seed: UInt64, size: Size = Scene.usualSize) -> PictureSet {
    PictureSet(count: count, classNames: ClassNames.scenes, name: { "scene \($0)" }) { index in
      Scene.segmentation(seed: seedOfPart(index, of: seed), size: size).drawn()
    }
  }

  /// Pictures of one shape each, with one label each: 0…4 for disc, square, triangle, ring and cross.
  ///
  /// There is no background among the classes: they are ``SceneShape/Kind``, one less than in the
  /// labels of scenes.
  public static func singleShapes(
    count: Int, seed: UInt64, size: Size = Scene.usualSingleSize
  ) -> PictureSet {
    PictureSet(count: count, classNames: Array(ClassNames.scenes.dropFirst())) { index in
      let scene = Scene.classification(seed: seedOfPart(index, of: seed), size: size)
      let label = scene.shapes[0].kind.label - 1
      return LabeledPicture(
        size: size, pixels: scene.drawn().pixels, labels: [label], labelSize: 1)
    }
  }
}
