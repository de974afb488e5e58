// The mathematics of the C library, in the place of the module Platform.

public func exp(_ x: Double) -> Double {
  if x != x { return x }
  if x > 709.8 { return .infinity }
  if x < -745.2 { return 0 }
  // Without its powers of two the rest is below ½ log 2, where twenty terms are exact.
  let k = (x * 1.442_695_040_888_963_4).rounded(.toNearestOrEven)
  let rest = (x - k * 0.693_147_180_369_123_8) - k * 1.908_214_929_270_587_7e-10
  var (term, sum, n) = (1.0, 1.0, 1.0)
  while n < 20 {
    term *= rest / n
    sum += term
    n += 1
  }
  // In two steps, because 2⁻¹⁰⁷⁴ is no product of a normal number.
  let half = Int(k) / 2
  return sum * Double(sign: .plus, exponent: half, significand: 1)
    * Double(sign: .plus, exponent: Int(k) - half, significand: 1)
}

public func log(_ x: Double) -> Double {
  guard x > 0, x.isFinite else { return x == 0 ? -.infinity : x > 0 ? x : .nan }
  // log m = 2·(z + z³/3 + z⁵/5 + …) with z = (m − 1)/(m + 1), for m from ⅔ to 4/3.
  var (m, e) = (x.significand, Int(x.exponent))
  if m > 4.0 / 3 { (m, e) = (m / 2, e + 1) }
  let z = (m - 1) / (m + 1)
  var (power, sum, n) = (z, 0.0, 1.0)
  while n < 41 {
    sum += power / n
    power *= z * z
    n += 2
  }
  return Double(e) * 0.693_147_180_559_945_3 + 2 * sum
}

public func pow(_ x: Double, _ y: Double) -> Double {
  if let whole = Int(exactly: y), whole.magnitude < 1024 {
    var product = 1.0
    for _ in 0..<whole.magnitude { product *= x }
    return whole < 0 ? 1 / product : product
  }
  return exp(y * log(x))
}

public func tanh(_ x: Double) -> Double {
  if x.magnitude > 20 { return x < 0 ? -1 : 1 }
  let e = exp(2 * x)
  return (e - 1) / (e + 1)
}

public func erf(_ x: Double) -> Double {
  if x.magnitude > 6 { return x < 0 ? -1 : 1 }
  // 2/√π · e^(−x²) · Σ 2ⁿ·x²ⁿ⁺¹/(1·3·5 … (2n + 1)): all terms have one sign.
  var (term, sum, n) = (x, x, 1.0)
  while term.magnitude > 1e-17 * sum.magnitude {
    term *= 2 * x * x / (2 * n + 1)
    sum += term
    n += 1
  }
  return 1.128_379_167_095_512_6 * exp(-x * x) * sum
}

public func expf(_ x: Float) -> Float { Float(exp(Double(x))) }
public func logf(_ x: Float) -> Float { Float(log(Double(x))) }
public func powf(_ x: Float, _ y: Float) -> Float { Float(pow(Double(x), Double(y))) }
public func tanhf(_ x: Float) -> Float { Float(tanh(Double(x))) }
public func erff(_ x: Float) -> Float { Float(erf(Double(x))) }
