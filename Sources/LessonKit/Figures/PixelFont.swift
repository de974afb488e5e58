/// Letters made of whole pixels, for pictures without a font of the system's: in small sizes they are read
/// more easily than drawn strokes, and they need one colour.
struct PixelFont: Hashable {
  /// The width of every letter, in pixels of the font.
  let width: Int
  /// Which of the fonts in ``table`` it is.
  private let index: Int
  /// How many pixels wide and high each of its pixels is drawn.
  private let scale: Int

  private static let widths = [5, 6, 7, 9]
  /// The room, in hundredths of a pixel, below which even the smallest letters touch: 5 in 4.8 pixels are
  /// told apart from their neighbours too.
  static let leastRoom = 480

  /// The largest font whose letters are at most so wide, in hundredths of a pixel; the smallest, where
  /// none is.
  init(room: Int) {
    let room = room + 500 - Self.leastRoom
    var best = (width: 5, index: 0, scale: 1)
    for (index, width) in Self.widths.enumerated() {
      // Small letters made larger are uglier than large ones.
      let scale = room < 1400 ? min(1, room / (width * 100)) : room / (width * 100)
      if scale >= 1, width * scale > best.width * best.scale { best = (width, index, scale) }
    }
    (width, index, scale) = best
  }

  /// From letter to letter, in pixels.
  var advance: Int { width * scale }

  /// The pixels of a letter, counted from its left end and from the line that it stands on.
  ///
  /// In the table a font has 1 digit to the base of 32 for the height of its highest row, 8 being the line
  /// below it, and 1 for each row, 2 where its letters are wider than 5.
  func letter(_ character: Character) -> [(x: Int, y: Int)] {
    guard let text = Self.table[character] else { return [] }
    let digits = text.split(separator: " ")[index].utf8.map { byte in
      Int(byte) - (byte < 0x3A ? 0x30 : 0x61 - 10)
    }
    let count = width > 5 ? 2 : 1
    var pixels: [(x: Int, y: Int)] = []
    for row in 0..<(digits.count - 1) / count {
      let bits = digits[1 + row * count..<1 + (row + 1) * count].reduce(0) { $0 << 5 | $1 }
      let y = row - (digits[0] - 8)
      for x in 0..<width where bits >> (width - 1 - x) & 1 == 1 {
        for down in 0..<scale {
          for right in 0..<scale { pixels.append((x * scale + right, y * scale + down)) }
        }
      }
    }
    return pixels
  }

  /// The text in letters of the font: fractions and rare signs are spelled out.
  static func spell(_ text: String) -> String {
    var result = ""
    for character in text {
      if character == " " || table[character] != nil {
        result.append(character)
      } else {
        if result.last?.isNumber == true, character.isNumber { result.append(" ") }
        result += Glyphs.ascii.spell(String(character))
      }
    }
    return result
  }
}

extension PixelFont {
  /// Where the highest row of each letter stands, and its rows; see ``PixelFont/letter(_:)``.
  ///
  /// They are those of the fonts misc-fixed 5x8, 6x12, 7x13 and 9x15 of the X Window System, which are
  /// in the public domain, read from the files of Debian's package xfonts-base.
  static let table: [Character: String] = [
    "!": "e444404 f08080808080008 h080808080808080008 j0g0g0g0g0g0g0g00000g0g",
    "\"": "eaaa g0k0k0k h0k0k0k i141414",
    "#": "faavavaa e0k1u0k0k1u0k g0k0k1u0k1u0k0k h28287s28287s2828",
    "%": "e8a4a2 f1i1i04080g1616 h122i1408080g142a24 i225454280g0g142a2a44",
    "&": "f8kk8kka f0g18180g1a140q f1g28281g2a241q i304g4g4g30324k484k32",
    "'": "e444 g080808 h080808 i0g0g0g",
    "(": "e488884 g0408080g0g0g080804 h0408080g0g0g080804 j080g0g1010101010100g0g08",
    ")": "e844448 g0g080804040408080g h0g080804040408080g j100g0g0808080808080g0g10",
    "*": "dicuci f081a0s080s1a08 f140o3u0o14 i0g4i2k1o2k4i0g",
    "+": "d44v44 e08081u0808 f08081u0808 g0g0g0g7u0g0g0g",
    ",": "a648 a0o0o1g a0s0o10 a0o0o08080g",
    "-": "bu c1u d1u d7u",
    ".": "a4e4 a0o0o a080s08 a0o0o",
    "/": "e2248gg f020404080g0g10 h02020404080g0g1010 i020404080g0g10202040",
    "0": "e4aaaa4 f0c0i0i0i0i0i0c h0o142222222222140o i1o24424242424242241o",
    "1": "e4c444e f080o080808080s h080o1808080808081u i0g1g2g4g0g0g0g0g0g7u",
    "2": "eci2cgu f0s120204080g1u h1s222202040o10203u i3s424204080g1020407u",
    "3": "eu4c2ic f1u02040c02120s h3u0204080s0202221s i7u0204080s020202423s",
    "4": "e4cku44 f040c0k141u0404 h040c0k1424243u0404 i040c0k1424447u040404",
    "5": "eugs2ic f1u101s0202120s h3u20202s320202221s i7u40405s62020202423s",
    "6": "ecgsiic f0c0g101s12120s h0s1020202s3222221s i1s2040405s624242423s",
    "7": "eu24488 f1u020404080808 h3u020408080g0g1010 i7u02040408080g0g1010",
    "8": "eciciic f0s12120s12120s h1s2222221s2222221s i1o2442241o244242241o",
    "9": "eciie2c f0s12120u02040o h1s2222261q0202041o i3s424242463q0202043o",
    ":": "dcc0cc d0o0o000o0o f080s080000080s08 f0o0o0000000o0o",
    ";": "d660648 d0o0o000o0o1g f080s0800000s0o10 f0o0o0000000o0o08080g",
    "<": "e248842 e04080g0804 h0204080g100g080402 i04080g102020100g0804",
    "=": "cu0u d1u001u e3u00003u e7u00007u",
    ">": "e842248 e0g0804080g h100g08040204080g10 i20100g080404080g1020",
    "?": "e4a2404 f0s120408080008 h1s2222020408080008 i3s42420204080g0g000g",
    "@": "f69jlli86 f0s121e1a1e100s h1s22222e2i2m2a201s i3s42424u52564q40403s",
    "A": "eciiuii f0s12121u121212 h0o142222223u222222 i0g18244242427u424242",
    "B": "esisiis f1s0i0i0s0i0i1s h3s1212121s1212123s i7o4442447o444242447o",
    "C": "eciggic f0s12101010120s h1s222020202020221s i3s42404040404040423s",
    "D": "esiiiis f1s0i0i0i0i0i1s h3s121212121212123s i7o44424242424242447o",
    "E": "eugsggu f1u10101s10101u h3u2020203o2020203u i7u4040407o404040407u",
    "F": "eugsggg f1u10101s101010 h3u2020203o20202020 i7u4040407o4040404040",
    "G": "ecigmic f0s12101016120s h1s222020202e22261q i3s424040404e4242423s",
    "H": "eiiuiii f1212121u121212 h222222223u22222222 i424242427u4242424242",
    "I": "ee4444e f0s08080808080s h1u080808080808081u i3s0g0g0g0g0g0g0g0g3s",
    "J": "ee444k8 f0e04040404140o h0e040404040404241o i0v04040404040404443o",
    "K": "eikokki f1214181g181412 h2224282g302g282422 i4244484g70504g484442",
    "L": "egggggu f1010101010101u h20202020202020203u i4040404040404040407u",
    "M": "eiuuiii f121m1a12121212 h2236362q2q22222222 i4242665a5a4i4i424242",
    "N": "eiqummi f12121i1a161212 h2222322i2a26222222 i424262524i4a46424242",
    "O": "eciiiic f0s12121212120s h1s222222222222221s i3s42424242424242423s",
    "P": "esiisgg f1s12121s101010 h3s2222223s20202020 i7s4242427s4040404040",
    "Q": "eciiqmc2 f0s1212121a140q h1s22222222222i2a1s02 i3s424242424242524i3s0806",
    "R": "esiisii f1s12121s181412 h3s2222223s2g282422 i7s4242427s4g48444242",
    "S": "eci84ic f0s12100s02120s h1s2220201s0202221s i3s4242403g0c0242423s",
    "T": "ee44444 f1u080808080808 h1u0808080808080808 i7u0g0g0g0g0g0g0g0g0g",
    "U": "eiiiiic f1212121212120s h22222222222222221s i4242424242424242423s",
    "V": "eiiiicc f121212120k0k08 h2222221414140o0o0o i4242422424241818180g",
    "W": "eiiiuui f121212121a1a0k h222222222q2q363622 i424242424i4i4i4i5a24",
    "X": "eiiccii f12120k080k1212 h222214140o14142222 i424224180g0g18244242",
    "Y": "ehha444 f12120k08080808 h12120k0k0808080808 i424224180g0g0g0g0g0g",
    "Z": "eu248gu f1u0204080g101u h3u0204080o0g10203u i7u0204080g102040407u",
    "[": "ee8888e g0s0g0g0g0g0g0g0g0s i1s1010101010101010101s j1s101010101010101010101s",
    "]": "ee2222e g0s040404040404040s i1s0404040404040404041s j3o080808080808080808083o",
    "^": "e4a g080k12 h080k12 i0g182442",
    "_": "8u 71u 83u 8fu",
    "a": "ceiie d0s020u120u e1s021u22261q f3s02023u42463q",
    "b": "eggsiis f10101s1212121s h2020202s322222322s i4040405s62424242625s",
    "c": "c6886 d0s1210120s e1s222020221s f3s42404040423s",
    "d": "e22eiie f02020u1212120u h0202021q262222261q i0202023q46424242463q",
    "e": "ccmoc d0s121s100s e1s223u20221s f3s42427u40403s",
    "f": "e4a8s88 f0c0i0g1o0g0g0g h0s1210103o10101010 i0s121210107o10101010",
    "g": "ccie2c d0s1212120u020s e1q24241o201s221s f3q4444443o403s42423s",
    "h": "eggsiii f10101s12121212 h2020202s3222222222 i4040405s624242424242",
    "i": "e40c44e f08000o0808080s g08000o080808081u i1g00003g0g0g0g0g0g3s",
    "j": "e20222a4 f020006020202020i0c g0200060202020212120s i0c00000s04040404044444443o",
    "k": "eggisii f101012141o1412 h20202024283g282422 i404040424c5g605g4c42",
    "l": "ec4444e f0o08080808080s h0o080808080808081u i3g0g0g0g0g0g0g0g0g3s",
    "m": "cqlll d1k1a1a1a1a e1k1a1a1a1a12 f7c4i4i4i4i4i42",
    "n": "csiii d1c1i121212 e2s3222222222 f5s624242424242",
    "o": "cciic d0s1212120s e1s222222221s f3s42424242423s",
    "p": "csisgg d1s1212121s1010 e2s3222322s202020 f5s62424242625s404040",
    "q": "ceie22 d0u1212120u0202 e1q2622261q020202 f3q46424242463q020202",
    "r": "ckqgg d1c1i101010 e2s1210101010 f4s322220202020",
    "s": "c6c2c d0u100s021s e1s221g0c221s f3s42403s02423s",
    "t": "e88s8a4 f08081u08080806 g10103o101010120s h10107s10101010120s",
    "u": "ciiie d121212160q e22222222261q f4444444444443q",
    "v": "caaa4 d1212120k08 e1212120k0k08 f4242242418180g",
    "w": "chlla d12121a1a0k e12121a1a1a0k f42424i4i4i5a24",
    "x": "cicci d120k080k12 e22140o0o1422 f4224180g182442",
    "y": "ciieic d1212120k080g10 e222222261q02221s f44444444444c3k04443o",
    "z": "cu48u d1u04080g1u e3u04080g103u f7u04080g10207u",
    "{": "f684o486 g040808080g08080804 i0e0g0g0g081g080g0g0g0e j0e0g0g0g081g1g080g0g0g0e",
    "|": "e444444 g080808080808080808 h080808080808080808 j0g0g0g0g0g0g0g0g0g0g0g0g",
    "}": "fo48684o g0g080808040808080g i1o0404040806080404041o j700g0g0g100o0o100g0g0g70",
    "~": "eak d0i1a14 h0i1a14 i324i4c",
    "°": "e4a4 h0c0i0i0c h0o14140o i0o14140o",
    "·": "b4 d0c0c d0o e0o0o",
    "×": "ba4a e120k080k12 f22140o0o1422 g4224180g182442",
    "’": "fc48 f0c0408 i0o0o080g i1g1g0g10",
    "′": "e448 f08080g i08080g i0g0g10",
    "“": "f9ir f0i141m i0i141m1m i14283c3c",
    "”": "fr9i f1m0i14 i1m1m0i14 i3c3c1428",
    "→": "d42v24 e08041u0408 f08043u0408 g0g08047u04080g",
    "−": "bu c1u d1u d7u",
    "∗": "dicuci e081a0s1a08 e1a0s1u0s1a g0g4i2k1o2k4i0g",
    "≤": "e24842e f060o100o06001u f060o300o06003u g061o601o06007u",
    "≥": "e84248e f1g0c020c1g001u f300o060o30003u g601o061o60007u",
    "…": "9l 91a 91a 94i",
    "½": "fggkq24e i0g1g0g0g0k0a0204080e i10301010143q0204080e i206020202c7i020c0g0u",
    "¼": "fgggkcu4 i0g1g0g0g0k0c0k0u0404 i10301010123m0a0a0e02 i2060202022760a0i0q06",
    "¾": "fg8gcku4 i1g080g081k0c0k0u0404 i3g0g100g2i160a0a0e02 i304g100g4i360a0i0q06",
  ]
}
