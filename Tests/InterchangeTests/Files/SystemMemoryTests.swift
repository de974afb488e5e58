import Interchange
import Testing

@Suite struct SystemMemoryTests {
  @Test func `memory is said in gigabytes, and what is little in megabytes`() {
    #expect(gigabytes(1_500_000_000) == "1.5 GB" && gigabytes(1_049_999_999) == "1.0 GB")
    #expect(gigabytes(100_000_000) == "0.1 GB" && gigabytes(99_999_999) == "99 MB")
    #expect(gigabytes(0) == "0 MB")
  }
}
