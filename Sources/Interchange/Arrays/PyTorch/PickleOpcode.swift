/// The operations that a saved dict of tensors consists of.
enum PickleOpcode {
  static let proto: UInt8 = 0x80
  static let stop = UInt8(ascii: ".")
  static let mark = UInt8(ascii: "(")
  static let none = UInt8(ascii: "N")
  static let newTrue: UInt8 = 0x88
  static let newFalse: UInt8 = 0x89
  static let binInt = UInt8(ascii: "J")
  static let binInt1 = UInt8(ascii: "K")
  static let binInt2 = UInt8(ascii: "M")
  static let long1: UInt8 = 0x8A
  static let binFloat = UInt8(ascii: "G")
  static let binUnicode = UInt8(ascii: "X")
  static let shortBinString = UInt8(ascii: "U")
  static let emptyTuple = UInt8(ascii: ")")
  static let tuple = UInt8(ascii: "t")
  static let tuple1: UInt8 = 0x85
  static let tuple2: UInt8 = 0x86
  static let tuple3: UInt8 = 0x87
  static let emptyList = UInt8(ascii: "]")
  static let append = UInt8(ascii: "a")
  static let appends = UInt8(ascii: "e")
  static let emptyDict = UInt8(ascii: "}")
  static let setItem = UInt8(ascii: "s")
  static let setItems = UInt8(ascii: "u")
  static let binPut = UInt8(ascii: "q")
  static let longBinPut = UInt8(ascii: "r")
  static let binGet = UInt8(ascii: "h")
  static let longBinGet = UInt8(ascii: "j")
  static let global = UInt8(ascii: "c")
  static let binPersID = UInt8(ascii: "Q")
  static let reduce = UInt8(ascii: "R")
  static let build = UInt8(ascii: "b")
}
