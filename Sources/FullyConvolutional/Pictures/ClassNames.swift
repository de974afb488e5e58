/// What the classes of well-known data sets are called.
public enum ClassNames {
  /// The 21 classes of Pascal VOC.
  public static let voc = [
    "background", "aeroplane", "bicycle", "bird", "boat", "bottle", "bus", "car", "cat", "chair",
    "cow", "diningtable", "dog", "horse", "motorbike", "person", "pottedplant", "sheep", "sofa",
    "train", "tvmonitor",
  ]

  /// The 6 classes of the synthetic scenes.
  public static let scenes = ["background", "disc", "square", "triangle", "ring", "cross"]
}
