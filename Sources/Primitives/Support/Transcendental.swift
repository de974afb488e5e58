public import Tensors

#if canImport(Darwin)
  internal import Darwin
#elseif canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#endif

/// A floating-point number with the functions that no fraction can hold exactly.
public protocol Transcendental: Divisible, BinaryFloatingPoint {
  /// eˣ.
  static func exp(_ x: Self) -> Self
  /// The natural logarithm.
  static func log(_ x: Self) -> Self
  /// xʸ.
  static func pow(_ x: Self, _ y: Self) -> Self
}

extension Float: Transcendental {
  /// eˣ.
  public static func exp(_ x: Float) -> Float { expf(x) }
  /// The natural logarithm.
  public static func log(_ x: Float) -> Float { logf(x) }
  /// xʸ.
  public static func pow(_ x: Float, _ y: Float) -> Float { powf(x, y) }
}

#if canImport(Darwin)
  extension Double: Transcendental {
    /// eˣ.
    public static func exp(_ x: Double) -> Double { Darwin.exp(x) }
    /// The natural logarithm.
    public static func log(_ x: Double) -> Double { Darwin.log(x) }
    /// xʸ.
    public static func pow(_ x: Double, _ y: Double) -> Double { Darwin.pow(x, y) }
  }
#elseif canImport(Glibc)
  extension Double: Transcendental {
    /// eˣ.
    public static func exp(_ x: Double) -> Double { Glibc.exp(x) }
    /// The natural logarithm.
    public static func log(_ x: Double) -> Double { Glibc.log(x) }
    /// xʸ.
    public static func pow(_ x: Double, _ y: Double) -> Double { Glibc.pow(x, y) }
  }
#elseif canImport(Musl)
  extension Double: Transcendental {
    /// eˣ.
    public static func exp(_ x: Double) -> Double { Musl.exp(x) }
    /// The natural logarithm.
    public static func log(_ x: Double) -> Double { Musl.log(x) }
    /// xʸ.
    public static func pow(_ x: Double, _ y: Double) -> Double { Musl.pow(x, y) }
  }
#endif
