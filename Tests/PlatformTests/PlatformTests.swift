import Testing

@testable import Platform

@Suite struct PlatformTests {
  // MARK: The program's own path

  @Test func `without /proc the program is what the shell found by its name`() {
    let there: Set<String> = ["/usr/bin/convbook", "/opt/convbook"]
    func found(_ name: String, _ path: String) -> String {
      program(name, onPath: path) { there.contains($0) }
    }
    #expect(found("convbook", "/bin:/usr/bin:/opt") == "/usr/bin/convbook")
    #expect(found("convbook", "/bin:/opt") == "/opt/convbook")
    #expect(found("./convbook", "/usr/bin") == "./convbook")
    #expect(found("convbook", "/nowhere") == "convbook")
  }

  @Test func `products lie beside a test's bundle, or beside its program`() {
    let mac = "/b/debug/convbookPackageTests.xctest/Contents/MacOS/convbookPackageTests"
    #expect(folder(ofProducts: mac) == "/b/debug")
    #expect(folder(ofProducts: "/b/debug/convbookPackageTests.xctest") == "/b/debug")
    #expect(folder(ofProducts: "/b/debug/convbook") == "/b/debug")
  }

  // MARK: Processors

  @Test(arguments: [("3", 2), ("ff", 8), ("00000000,0000000f", 4), ("80000001,00000000", 2)])
  func `a process may use the processors of its mask`(mask: String, count: Int) {
    let status = "Name:\tconvbook\nCpus_allowed:\t\(mask)\nCpus_allowed_list:\t0-1\n"
    #expect(allowedProcessors(inStatus: status) == count)
  }

  @Test func `a status without a mask says nothing`() {
    #expect(allowedProcessors(inStatus: "Name:\tconvbook\n") == nil)
    #expect(allowedProcessors(inStatus: "Cpus_allowed:\t0\n") == nil)
    #expect(usableProcessors >= 1)
  }

  @Test func `Linux lists the features of each processor in one line`() {
    let text =
      "processor\t: 0\nflags\t\t: fpu sse2 avx2 fma\nbugs\t:\n\nprocessor\t: 1\nflags\t: fpu\n"
    #expect(features(inProcessorFile: text).isSuperset(of: ["fpu", "sse2", "avx2", "fma"]))
    #expect(features(inProcessorFile: "") == [])
  }

  @Test func `a Mac is asked for each feature by its own name`() {
    // What `sysctl hw.optional` of an Intel Mac of 2019 lists with the value 1, and of one of 2012.
    let late: Set<String> = [
      "floatingpoint", "mmx", "sse", "sse2", "avx1_0", "rdrand", "f16c", "fma", "bmi1", "bmi2",
      "avx2_0", "avx512f", "avx512cd", "avx512dq", "avx512bw", "avx512vl",
    ]
    let early: Set<String> = ["floatingpoint", "mmx", "sse", "sse2", "avx1_0", "rdrand", "f16c"]
    #expect(
      features(ofMac: late.contains) == [
        "f16c", "fma", "bmi1", "bmi2", "avx2", "avx512f", "avx512cd", "avx512dq", "avx512bw",
        "avx512vl",
      ])
    #expect(features(ofMac: early.contains) == ["f16c"])
  }

  // MARK: Memory

  @Test func `a process holds memory, and one that is gone holds none`() throws {
    let held = try #require(memoryHeld(by: getpid()))
    #expect(held > 1 << 20 && held <= peakMemory)
    #expect(memoryHeld(by: pid_t.max) == nil)
    #expect(try #require(availableMemory) > 1 << 20)
  }
}
