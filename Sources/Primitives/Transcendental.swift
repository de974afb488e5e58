internal import Platform
public import Tensors

/// A floating-point number with the functions that no fraction can hold exactly.
public protocol Transcendental: Divisible, BinaryFloatingPoint {
  /// eˣ.
  static func exp(_ x: Self) -> Self
  /// The natural logarithm.
  static func log(_ x: Self) -> Self
  /// xʸ.
  static func pow(_ x: Self, _ y: Self) -> Self
  /// The hyperbolic tangent.
  static func tanh(_ x: Self) -> Self
  /// The error function, 2/√π · ∫ exp(−t²) from 0 to x.
  static func erf(_ x: Self) -> Self
}

extension Float: Transcendental {
  /// eˣ.
  public static func exp(_ x: Float) -> Float { expf(x) }
  /// The natural logarithm.
  public static func log(_ x: Float) -> Float { logf(x) }
  public static func pow(_ x: Float, _ y: Float) -> Float { powf(x, y) }
  public static func tanh(_ x: Float) -> Float { tanhf(x) }
  public static func erf(_ x: Float) -> Float { erff(x) }
}

extension Double: Transcendental {
  /// eˣ.
  public static func exp(_ x: Double) -> Double { Platform.exp(x) }
  /// The natural logarithm.
  public static func log(_ x: Double) -> Double { Platform.log(x) }
  public static func pow(_ x: Double, _ y: Double) -> Double { Platform.pow(x, y) }
  public static func tanh(_ x: Double) -> Double { Platform.tanh(x) }
  public static func erf(_ x: Double) -> Double { Platform.erf(x) }
}
