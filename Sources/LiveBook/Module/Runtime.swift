// What a program without an operating system has to bring along: memory, and arithmetic of 128 bits.

@_extern(c, "llvm.wasm.memory.size.i32") func pagesOfMemory(_ memory: Int32) -> Int32
@_extern(c, "llvm.wasm.memory.grow.i32") func growMemory(_ memory: Int32, _ pages: Int32) -> Int32

// MARK: Memory

/// Blocks have 2ⁿ bytes, the first sixteen of which hold n and, in a free block, the address of the next
/// free one; `free[n]` is the first. Memory only grows.
private struct Heap {
  var free: InlineArray<32, UInt32> = InlineArray(repeating: 0)
  var top: UInt32 = 0
  var end: UInt32 = 0

  static let header: UInt32 = 16
  static let page: UInt32 = 65536

  /// A new block at the top; 0 if there is no more memory.
  mutating func extend(by bytes: UInt32) -> UInt32 {
    if top == 0 {
      top = UInt32(bitPattern: pagesOfMemory(0)) &* Heap.page
      end = top
    }
    if end &- top < bytes {
      let pages = (bytes &- (end &- top) &+ Heap.page &- 1) / Heap.page
      if growMemory(0, Int32(bitPattern: pages)) == -1 { return 0 }
      end = end &+ pages &* Heap.page
    }
    let block = top
    top = top &+ bytes
    return block
  }
}

nonisolated(unsafe) private var heap = Heap()

private func words(_ address: UInt32) -> UnsafeMutablePointer<UInt32> {
  UnsafeMutablePointer(bitPattern: UInt(address)).unsafelyUnwrapped
}

// The linker puts these in the place of malloc and free (--wrap), because the compiler knows those names
// and would call malloc within malloc.
@_cdecl("__wrap_malloc") func allocate(_ count: Int) -> UnsafeMutableRawPointer? {
  let size = UInt32(truncatingIfNeeded: count) &+ Heap.header
  let order = Int(32 &- (size &- 1).leadingZeroBitCount)
  guard order < 32 else { return nil }
  var block = heap.free[order]
  if block != 0 {
    heap.free[order] = words(block)[1]
  } else {
    block = heap.extend(by: 1 &<< UInt32(order))
    if block == 0 { return nil }
  }
  words(block)[0] = UInt32(order)
  return UnsafeMutableRawPointer(bitPattern: UInt(block &+ Heap.header))
}

@_cdecl("__wrap_free") func release(_ pointer: UnsafeMutableRawPointer?) {
  guard let pointer else { return }
  let block = UInt32(UInt(bitPattern: pointer)) &- Heap.header
  let order = Int(words(block)[0])
  words(block)[1] = heap.free[order]
  heap.free[order] = block
}

@_cdecl("posix_memalign") func allocateAligned(
  _ out: UnsafeMutablePointer<UnsafeMutableRawPointer?>, _ alignment: Int, _ size: Int
) -> Int32 {
  // Blocks are aligned to 16 bytes, which is all that Swift asks for here.
  guard alignment <= 16 else { return 22 }
  out.pointee = allocate(size)
  return out.pointee == nil ? 12 : 0
}

@_cdecl("memcmp") func compare(
  _ a: UnsafePointer<UInt8>, _ b: UnsafePointer<UInt8>, _ count: Int
) -> Int32 {
  var index = 0
  while index < count {
    if a[index] != b[index] { return a[index] < b[index] ? -1 : 1 }
    index &+= 1
  }
  return 0
}

/// The seed of sets and dictionaries: alike every time.
@_cdecl("arc4random_buf") func fillWithSeed(_ bytes: UnsafeMutablePointer<UInt8>, _ count: Int) {
  var index = 0
  while index < count {
    bytes[index] = 7
    index &+= 1
  }
}

/// The nearest whole number, halves away from 0.
@_cdecl("round") func rounded(_ x: Double) -> Double {
  let whole = x.rounded(.towardZero)
  guard (x - whole).magnitude >= 0.5 else { return whole }
  return x < 0 ? whole - 1 : whole + 1
}

/// Reads a decimal number, and gives the place behind it; none if there is no number.
///
/// Up to 2⁵³ and 22 decimal places, that is for all that people type, the digits and the power of ten are
/// exact, and so rounded once.
@_cdecl("_swift_stdlib_strtod_clocale") func readNumber(
  _ text: UnsafePointer<UInt8>, _ result: UnsafeMutablePointer<Double>
) -> UnsafePointer<UInt8>? {
  var place = text
  let isNegative = place.pointee == 0x2D
  if isNegative || place.pointee == 0x2B { place += 1 }
  var (digits, exponent, count, hasPoint) = (UInt64(0), 0, 0, false)
  while place.pointee == 0x2E && !hasPoint || 0x30...0x39 ~= place.pointee {
    if place.pointee == 0x2E {
      hasPoint = true
    } else {
      count += 1
      let hasRoom = digits < 100_000_000_000_000_000
      if hasRoom { digits = digits * 10 + UInt64(place.pointee - 0x30) }
      exponent += hasRoom == hasPoint ? (hasPoint ? -1 : 1) : 0
    }
    place += 1
  }
  guard count > 0 else { return nil }
  if place.pointee | 0x20 == 0x65 {
    var end = place + 1
    let isSmall = end.pointee == 0x2D
    if isSmall || end.pointee == 0x2B { end += 1 }
    if 0x30...0x39 ~= end.pointee {
      var power = 0
      while 0x30...0x39 ~= end.pointee {
        power = min(power * 10 + Int(end.pointee - 0x30), 1000)
        end += 1
      }
      exponent += isSmall ? -power : power
      place = end
    }
  }
  while exponent > 22, digits < 900_000_000_000_000 {
    (digits, exponent) = (digits * 10, exponent - 1)
  }
  var value = Double(digits)
  var power = 1.0
  for step in 0..<min(exponent.magnitude, 800) {
    power *= 10
    if step % 22 == 21 || step + 1 == min(exponent.magnitude, 800) {
      value = exponent < 0 ? value / power : value * power
      power = 1
    }
  }
  result.pointee = isNegative ? -value : value
  return UnsafePointer(place)
}

// MARK: 128 bits

/// Two halves, the lower first, as the compiler passes and stores them.
private struct Wide {
  var low: UInt64
  var high: UInt64

  var isNegative: Bool { high >> 63 == 1 }
  var negated: Wide { Wide(low: 0 &- low, high: ~high &+ (low == 0 ? 1 : 0)) }
  var magnitude: Wide { isNegative ? negated : self }

  func write(to place: UnsafeMutablePointer<UInt64>) {
    place[0] = low
    place[1] = high
  }

  /// Quotient and rest, bit by bit.
  @inline(never) func divided(by divisor: Wide) -> (quotient: Wide, rest: Wide) {
    var (quotient, rest, left) = (Wide(low: 0, high: 0), Wide(low: 0, high: 0), self)
    var bit = 0
    while bit < 128 {
      rest = Wide(low: rest.low &<< 1 | left.high &>> 63, high: rest.high &<< 1 | rest.low &>> 63)
      left = Wide(low: left.low &<< 1, high: left.high &<< 1 | left.low &>> 63)
      quotient = Wide(
        low: quotient.low &<< 1, high: quotient.high &<< 1 | quotient.low &>> 63)
      if rest.high > divisor.high || rest.high == divisor.high && rest.low >= divisor.low {
        let borrow: UInt64 = rest.low < divisor.low ? 1 : 0
        rest = Wide(low: rest.low &- divisor.low, high: rest.high &- divisor.high &- borrow)
        quotient.low |= 1
      }
      bit &+= 1
    }
    return (quotient, rest)
  }
}

@_cdecl("__multi3") func multiply(
  _ result: UnsafeMutablePointer<UInt64>, _ aLow: UInt64, _ aHigh: UInt64, _ bLow: UInt64,
  _ bHigh: UInt64
) {
  let (a0, a1, b0, b1) = (aLow & 0xFFFF_FFFF, aLow &>> 32, bLow & 0xFFFF_FFFF, bLow &>> 32)
  let (p00, p01, p10) = (a0 &* b0, a0 &* b1, a1 &* b0)
  let middle = (p00 &>> 32) &+ (p01 & 0xFFFF_FFFF) &+ (p10 & 0xFFFF_FFFF)
  let carried = a1 &* b1 &+ (p01 &>> 32) &+ (p10 &>> 32) &+ (middle &>> 32)
  Wide(
    low: p00 & 0xFFFF_FFFF | middle &<< 32, high: carried &+ aLow &* bHigh &+ aHigh &* bLow
  ).write(to: result)
}

@_cdecl("__udivti3") func divideUnsigned(
  _ result: UnsafeMutablePointer<UInt64>, _ aLow: UInt64, _ aHigh: UInt64, _ bLow: UInt64,
  _ bHigh: UInt64
) {
  Wide(low: aLow, high: aHigh).divided(by: Wide(low: bLow, high: bHigh)).quotient.write(to: result)
}

@_cdecl("__umodti3") func restUnsigned(
  _ result: UnsafeMutablePointer<UInt64>, _ aLow: UInt64, _ aHigh: UInt64, _ bLow: UInt64,
  _ bHigh: UInt64
) {
  Wide(low: aLow, high: aHigh).divided(by: Wide(low: bLow, high: bHigh)).rest.write(to: result)
}

@_cdecl("__divti3") func divideSigned(
  _ result: UnsafeMutablePointer<UInt64>, _ aLow: UInt64, _ aHigh: UInt64, _ bLow: UInt64,
  _ bHigh: UInt64
) {
  let (a, b) = (Wide(low: aLow, high: aHigh), Wide(low: bLow, high: bHigh))
  let quotient = a.magnitude.divided(by: b.magnitude).quotient
  (a.isNegative != b.isNegative ? quotient.negated : quotient).write(to: result)
}

@_cdecl("__modti3") func restSigned(
  _ result: UnsafeMutablePointer<UInt64>, _ aLow: UInt64, _ aHigh: UInt64, _ bLow: UInt64,
  _ bHigh: UInt64
) {
  let (a, b) = (Wide(low: aLow, high: aHigh), Wide(low: bLow, high: bHigh))
  let rest = a.magnitude.divided(by: b.magnitude).rest
  (a.isNegative ? rest.negated : rest).write(to: result)
}
