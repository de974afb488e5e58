import Foundation
import Tensors
import Testing

@testable import Workbench

@Suite struct ExplorationTests {
  @Test func `without words it is a small convolution, its window marked in brackets`() throws {
    let walk = try Walk("")
    #expect(walk.title == "conv: input 5×5, kernel 3 → 3×3")
    #expect(walk.text.contains("⌊(5 + 2·0 − 3)/1⌋ + 1"))
    #expect(walk.text.contains("nn.Conv2d(C_in, C_out, kernel_size=3)"))
    #expect(walk.text.contains("  [1] [2] [3]  4   5  ∗  1  2  3     = [411]"))
    #expect(walk.sum.hasPrefix(" output (0, 0) = 1·1 + 2·2 + 3·3 + 6·4"))
  }

  @Test func `g turns to the gradient by the input, by the kernel, and forward again`() throws {
    var walk = try Walk("conv --input 5x5 --kernel 3 --stride 2 --form matrix")
    walk.press("g")
    #expect(walk.title.hasPrefix("gradient by the input (5×5), conv: input 5×5, kernel 3"))
    #expect(walk.text.contains("Where does gradient by input (0, 0) come from?"))
    #expect(walk.text.contains("gradient by input (0, 0) = 1·1 = 1"))
    walk.press(.tab)
    #expect(walk.text.contains("Where does gradient by output (0, 0) go?"))
    walk.press("7")
    walk.press(.enter)
    walk.press(.tab)
    #expect(walk.text.contains("gradient by input (0, 0) = 7·1 = 7"))
    walk.press("g")
    #expect(walk.text.contains("gradient by kernel (0, 0) = 1·7 + 3·2 + 11·3 + 13·4"))
    walk.press("n")
    #expect(walk.text.contains("gradient by kernel (0, 0) = 1·1 + 3·1 + 11·1 + 13·1"))
    walk.press("c")
    #expect(
      walk.exploration.commands.last?.hasSuffix(
        "--backward --of kernel --gradient ones --kernel 3 --stride 2 --cell 0,0")
        == true)
    walk.press("g")
    #expect(walk.title == "conv: input 5×5, kernel 3, stride 2 → 2×2")
    walk.press("u")
    #expect(walk.text.contains("gradient by kernel (0, 0)"))
  }

  @Test func `a pool's gradient says which windows a cell won`() throws {
    var walk = try Walk("max-pool --input 1,5,5,2 --kernel 2 --stride 1")
    walk.press("g")
    walk.press(.right)
    #expect(walk.text.contains("gradient by input 1 = 1·1 + 2·1 = 3"))
    walk.press("g")
    #expect(walk.title.hasPrefix("max-pool: input 4"))
  }

  @Test func `arrows move the cell and stop at the edge; Home and End go to the corners`() throws {
    var walk = try Walk("conv --input 4x5 --kernel 2")
    #expect(walk.press(.left) == .nothing && walk.press(.up) == .nothing)
    walk.press(.right, .right, .down)
    #expect(walk.text.contains("output (1, 2) come from?"))
    walk.press(.end)
    #expect(walk.text.contains("output (2, 3) come from?"))
    #expect(walk.press(.right) == .nothing && walk.press(.down) == .nothing)
    walk.press(.home)
    #expect(walk.text.contains("output (0, 0) come from?"))
  }

  @Test(arguments: [
    ("conv", "k", "conv: input 5×5, kernel 4 → 2×2"),
    ("conv", "kK", "conv: input 5×5, kernel 3 → 3×3"),
    ("conv", "t", "conv: input 5×5, kernel 3, stride 2 → 2×2"),
    ("conv", "pp", "conv: input 5×5, kernel 3, padding 2 → 7×7"),
    ("conv", "d", "conv: input 5×5, kernel 3, dilation 2 → 1×1"),
    ("conv", "iI", "conv: input 5×5, kernel 3 → 3×3"),
    ("conv", "xk", "conv: input 5×5, kernel 4×3 → 2×3"),
    ("conv", "xxt", "conv: input 5×5, kernel 3, stride 1×2 → 3×2"),
    ("conv", "xxxi", "conv: input 6×6, kernel 3 → 4×4"),
    ("conv --padding same", "pP", "conv: input 5×5, kernel 3, padding 1 → 5×5"),
    ("conv --padding 0,1,2,0", "xp", "conv: input 5×5, kernel 3, padding 1,1,3,0 → 7×4"),
    ("conv --input 5 --kernel 3", "kp", "conv: input 5, kernel 4, padding 1 → 4"),
    (
      "conv-transpose", "to",
      "conv-transpose: input 3×3, kernel 3, stride 2, output padding 1 → 8×8"
    ),
    ("max-pool", "k", "max-pool: input 6×6, kernel 3, stride 3 → 2×2"),
    ("max-pool", "t", "max-pool: input 6×6, kernel 2, stride 3 → 2×2"),
    ("avg-pool --input 5x5", "r", "avg-pool: input 5×5, kernel 2, stride 2, rounding ceil → 3×3"),
    ("bilinear", "t", "bilinear: input 3×3, scale 3 → 9×9"),
    ("linear", "k", "linear: input 4 → 4"),
    ("linear", "i", "linear: input 5 → 3"),
    ("softmax", "i", "softmax: input 6 → 6"),
  ])
  func `a key makes another case`(line: String, keys: String, title: String) throws {
    var walk = try Walk(line)
    #expect(walk.press(keys) == .drawn)
    #expect(walk.title == title)
  }

  @Test(arguments: [
    ("conv", "iIIII", "an input of at least 3 is needed"),
    ("conv", "T", "the stride is 0; it must be"),
    ("conv", "P", "--padding is -1; it must be 0 or more on every side"),
    ("conv", "o", "--output-padding means nothing for conv; it is for conv-transpose"),
    ("conv-transpose", "o", "it must be from 0 to 0"),
    ("conv-transpose", "pppppppp", "both together may take at most"),
    ("conv --kernel 1", "K", "a kernel has from 1 to"),
    ("max-pool", "pp", "the padding must be from 0 to 1"),
    ("max-pool", "f", "max-pool has one form"),
  ])
  func `what is impossible is said with what would be possible, and the display stays`(
    line: String, keys: String, sentence: String
  ) throws {
    var walk = try Walk(line)
    walk.press(String(keys.dropLast()))
    while walk.exploration.message != nil { walk.press(.redraw, .escape) }
    let before = walk.lines
    walk.press(String(keys.suffix(1)))
    #expect(walk.text.replacing("\n  ", with: " ").contains(sentence), "\(walk.text)")
    #expect(walk.lines[..<16] == before[..<16])
    walk.press(.escape)
    #expect(walk.lines == before)
  }

  @Test func `u takes back one change after the other, and says when there is none`() throws {
    var walk = try Walk("conv")
    let before = walk.lines
    walk.press("ktpd")
    walk.press("uuuu")
    #expect(walk.lines == before)
    walk.press("u")
    #expect(walk.text.contains("nothing to undo"))
  }

  @Test func `Tab turns the question to a cell that belongs to the one before`() throws {
    var walk = try Walk("conv --input 5x5 --kernel 3 --stride 2")
    walk.press(.right, .tab)
    #expect(walk.text.contains("Where does input (1, 3) go?"))
    #expect(walk.text.contains("output (0, 1) through kernel (1, 1): 9·5 = 45"))
    walk.press(.left)
    #expect(walk.text.contains("output (0, 0) through kernel (1, 2): 8·6 = 48"))
    walk.press(.tab)
    #expect(walk.text.contains("output (0, 1) come from?"))
  }

  @Test func `every form has its picture`() throws {
    var walk = try Walk("conv-transpose --input 2x2 --kernel 2 --stride 2")
    walk.press("f")
    #expect(walk.text.contains("sent (2×2)"))
    walk.press(.tab)
    #expect(walk.text.contains("stamp (4×4)"))
    walk.press("f")
    #expect(walk.text.contains("transpose of C (16×4)"))
    walk.press("f")
    #expect(walk.text.contains("zeros inserted (3×3)") && walk.text.contains("p′ = d(k−1) − p = 1"))
    walk.press("f")
    #expect(walk.text.contains("output (4×4)"))
  }

  @Test func `the numbers are a ramp, one's own, or a single 1 that goes with the input cell`()
    throws
  {
    var walk = try Walk("conv --input 7,8/9,1 --weight 1,0/0,2")
    #expect(walk.sum == " output (0, 0) = 7·1 + 8·0 + 9·0 + 1·2 = 9")
    walk.press("n")
    #expect(walk.sum == " output (0, 0) = 1·1 + 0·0 + 0·0 + 0·2 = 1")
    walk.press(.tab, .end)
    walk.press(.tab)
    #expect(walk.sum == " output (0, 0) = 0·1 + 0·0 + 0·0 + 1·2 = 2")
    walk.press("n")
    #expect(walk.sum == " output (0, 0) = 1·1 + 2·0 + 3·0 + 4·2 = 9")
    walk.press("nN")
    #expect(walk.sum == " output (0, 0) = 7·0 + 8·0 + 9·0 + 1·1 = 1")
    // Own numbers come back as they were, whatever the size was meanwhile; beyond them are zeros.
    walk.press("NNiI")
    #expect(walk.sum == " output (0, 0) = 7·1 + 8·0 + 9·0 + 1·2 = 9")
    walk.press("i")
    #expect(walk.text.contains("[9][1] 0"))
  }

  @Test func `a number typed on an input cell takes its place`() throws {
    var walk = try Walk("conv --input 3 --kernel 3")
    walk.press(.tab)
    walk.press("-1/2")
    #expect(walk.text.contains("the number here: -1/2_"))
    walk.press(.enter, .tab)
    #expect(walk.sum == " output 0 = -½·1 + 2·2 + 3·3 = 25/2")
    walk.press(.tab)
    walk.press("1/0")
    walk.press(.enter)
    #expect(walk.text.contains("denominator 0"))
    walk.press("7")
    walk.press(.backspace)
    walk.press("8")
    walk.press(.escape)
    #expect(!walk.text.contains("the number here"))
  }

  @Test func `it plays from cell to cell until the last, or until a key`() throws {
    var walk = try Walk("conv --input 3x3 --kernel 2")
    walk.press("a")
    walk.exploration.tick()
    #expect(walk.text.contains("output (0, 1) come from?") && walk.text.contains("playing"))
    for _ in 0..<9 { walk.exploration.tick() }
    #expect(walk.text.contains("output (1, 1) come from?") && !walk.text.contains("playing"))
    walk.press("a")
    #expect(walk.text.contains("output (0, 0) come from?"))
    walk.press(.escape)
    walk.exploration.tick()
    #expect(walk.text.contains("output (0, 0) come from?"))
  }

  @Test func `s draws the cell that is asked for, of a scatter the stamp`() throws {
    var walk = try Walk("conv --input 4x4 --kernel 2")
    walk.press(.right)
    guard case .saved(let drawing) = walk.press("s") else { throw ExitStatus.failed("no drawing") }
    #expect(drawing.hasPrefix("<svg") && drawing.contains("output (0, 1) = 2·1 + 3·2 + 6·3 + 7·4"))
    // Of the stamp that input (1, 1) = 6 leaves the numbers are the kernel's, 4 3 2 1.
    walk.press(.tab)
    guard case .saved(let stamp) = walk.press("s") else { throw ExitStatus.failed("no drawing") }
    #expect(stamp.contains("input (1, 1) = 6 adds 6·4 at (0, 0), 6·3 at (0, 1), 6·2"))
  }

  @Test func `unknown keys do nothing`() throws {
    var walk = try Walk("conv")
    let before = walk.lines
    for character in "zZGhHjJlLeEyYS!\"$%&/()=`´*'+#-_.:,;<>|~ 0123456789" {
      #expect(walk.press(.character(character)) == .nothing, "\(character)")
    }
    #expect(walk.press(.enter) == .nothing && walk.press(.escape) == .nothing)
    #expect(walk.press(.backspace) == .nothing)
    #expect(walk.lines == before)
    #expect(walk.press("q") == .left && walk.press(.endOfInput) == .left)
  }

  @Test func `of maps that do not fit the part around the cell is shown, and how much is hidden`()
    throws
  {
    var walk = try Walk("conv --input 12x12 --kernel 5 --padding 2", width: 60, height: 16)
    walk.press(.end)
    #expect(walk.text.contains("↑9 ←10 more"))
    // The brackets stand at the ends of the window, and all its columns can be seen.
    #expect(walk.text.contains("[118 119 120   ·   ·]"), "\(walk.text)")
    #expect(walk.text.contains("[8619]"))
    #expect(walk.text.contains("… (1 term more) = 8619"))
    (walk.width, walk.height) = (200, 50)
    #expect(!walk.text.contains("more"))
  }

  @Test func `the page of the keys fits the smallest terminal, and any key closes it`() throws {
    var walk = try Walk("conv", width: 60, height: 16)
    let before = walk.lines
    walk.press("?")
    for key in ["Tab", "k K", "x", "a  u", "c  s  w", "q  ?"] { #expect(walk.text.contains(key)) }
    walk.press("k")
    #expect(walk.lines == before)
  }

  @Test func `of a batch of several maps one is shown at a time`() throws {
    let file = FileManager.default.temporaryDirectory.appending(path: "\(UUID()).npy").path()
    defer { try? FileManager.default.removeItem(atPath: file) }
    // Two pictures of three maps of 2×2.
    var header = "{'descr': '|u1', 'fortran_order': False, 'shape': (2, 3, 2, 2), }"
    header += String(repeating: " ", count: 117 - header.utf8.count) + "\n"
    var bytes: [UInt8] = [0x93] + Array("NUMPY".utf8)
    bytes += [1, 0, 118, 0] + Array(header.utf8)
    bytes += 1...24
    try Data(bytes).write(to: URL(filePath: file))
    var walk = try Walk("max-pool --input \(file) --kernel 2")
    #expect(walk.sum == " output picture 0, map 0 (0, 0) = max(1, 2, 3, 4) = 4")
    walk.press("mb")
    #expect(walk.sum == " output picture 1, map 1 (0, 0) = max(17, 18, 19, 20) = 20")
    walk.press("MMB")
    #expect(walk.sum == " output picture 0, map 2 (0, 0) = max(9, 10, 11, 12) = 12")
    walk.press("i")
    #expect(walk.text.contains("keeps its size"))
  }
}
