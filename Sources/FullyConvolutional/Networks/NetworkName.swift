/// The networks by the names that the command line knows.
public enum NetworkName: String, CaseIterable, Sendable {
  /// FCN-8s.
  case fcn8s
  /// FCN-16s.
  case fcn16s
  /// FCN-32s.
  case fcn32s
  /// FCN-8s trained in one go.
  case fcn8sAtOnce = "fcn8s-at-once"
  /// FCN-AlexNet.
  case fcnAlexNet = "fcn-alexnet"
  /// The classifier VGG16.
  case vgg16
  /// U-Net, for comparison.
  case uNet = "u-net"

  /// The network, for so many classes; its own usual number if none is given.
  public func network(classes: Int? = nil) -> Network {
    switch self {
    case .fcn8s: .fcn8s(classes: classes ?? 21)
    case .fcn16s: .fcn16s(classes: classes ?? 21)
    case .fcn32s: .fcn32s(classes: classes ?? 21)
    case .fcn8sAtOnce: .fcn8sAtOnce(classes: classes ?? 21)
    case .fcnAlexNet: .fcnAlexNet(classes: classes ?? 21)
    case .vgg16: .vgg16(classes: classes ?? 1000)
    case .uNet: .uNet(classes: classes ?? 2)
    }
  }
}
