/// The value of an IEEE binary16, widened; every value is exact.
func widenedFloat16(_ bits: UInt16) -> Float {
  widened(bits: UInt32(bits), exponentBits: 5, fractionBits: 10)
}

/// The value of a bfloat16, which is the upper half of a binary32.
func widenedBFloat16(_ bits: UInt16) -> Float {
  Float(bitPattern: UInt32(bits) << 16)
}

/// The value of an 8-bit float with 5 bits of exponent and 2 of fraction, as IEEE would have it.
func widenedFloat8e5m2(_ bits: UInt8) -> Float {
  widened(bits: UInt32(bits), exponentBits: 5, fractionBits: 2)
}

/// The value of an 8-bit float with 4 bits of exponent and 3 of fraction.
///
/// This format has no infinities: only the pattern of all ones is not a number, and the others
/// with the largest exponent are ordinary numbers, up to 448.
func widenedFloat8e4m3(_ bits: UInt8) -> Float {
  let magnitude = bits & 0x7F
  let sign: Float = bits & 0x80 == 0 ? 1 : -1
  if magnitude == 0x7F { return sign * .nan }
  if magnitude >= 0x78 { return sign * (256 + 32 * Float(magnitude - 0x78)) }
  return widened(bits: UInt32(bits), exponentBits: 4, fractionBits: 3)
}

private func widened(bits: UInt32, exponentBits: UInt32, fractionBits: UInt32) -> Float {
  let sign = (bits >> (exponentBits + fractionBits) & 1) << 31
  let exponent = bits >> fractionBits & ((1 << exponentBits) - 1)
  let fraction = bits & ((1 << fractionBits) - 1)
  let bias: UInt32 = (1 << (exponentBits - 1)) - 1
  if exponent == 0 {
    // fraction · 2^(1 − bias − fractionBits), exact in binary32.
    let step = Float(bitPattern: (127 + 1 - bias - fractionBits) << 23)
    return Float(bitPattern: sign | (Float(fraction) * step).bitPattern)
  }
  let isSpecial = exponent == (1 << exponentBits) - 1
  let wideExponent = isSpecial ? 255 : exponent + 127 - bias
  return Float(bitPattern: sign | wideExponent << 23 | fraction << (23 - fractionBits))
}
