/// A framework in which a layer can be written.
public enum Framework: String, Hashable, Sendable, CaseIterable {
  /// PyTorch, whose conventions are this book's.
  case pytorch = "PyTorch"
  /// Keras (channels last), and so TensorFlow.
  case keras = "Keras"
  /// Caffe.
  case caffe = "Caffe"
  /// ONNX.
  case onnx = "ONNX"
}

/// One layer as a framework writes it, or why that framework cannot.
public struct FrameworkCall: Hashable, Sendable {
  /// The framework.
  public let framework: Framework
  /// The lines to write; nil if the framework cannot compute this layer.
  public let call: String?
  /// What to know about it, or why it cannot be written; empty if there is nothing to say.
  public let note: String

  /// A call with what to know about it.
  public init(_ framework: Framework, _ call: String?, note: String = "") {
    (self.framework, self.call, self.note) = (framework, call, note)
  }
}

extension FrameworkLayer {
  /// The same layer in PyTorch, Keras, Caffe and ONNX, in this order.
  public var frameworkCalls: [FrameworkCall] {
    [pytorchCall, kerasCall, caffeCall, onnxCall]
  }
}

/// A list of arguments, written in order; those with their usual value are left out.
struct Arguments {
  private var texts: [String] = []

  /// An argument that is always written.
  mutating func add(_ text: String) { texts.append(text) }

  /// `name=value`, unless the value is the usual one.
  mutating func add(_ name: String, _ value: String, unless usual: String) {
    if value != usual { texts.append("\(name)=\(value)") }
  }

  /// `function(a, b, c)`
  func call(_ function: String) -> String { "\(function)(\(texts.joined(separator: ", ")))" }
}
