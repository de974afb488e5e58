import CommandLineKit
import FullyConvolutional
import Tensors

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The memory of this machine.
enum Memory {
  /// Refuses a picture whose maps would not fit into memory, before anything is computed.
  ///
  /// - Throws: `ExitStatus` 65; `GeometryError` if the picture is too small for the network.
  static func check(_ network: FastNetwork, input: Size) throws {
    let maps = try network.mapByteCount(input: input)
    let outputs = try network.network.shapes(input: input).last!
    let scores = outputs.channels * outputs.size.height * outputs.size.width
    let need = maps + 3 * scores * MemoryLayout<Float>.size + network.weightByteCount
    let physical = sysconf(Int32(_SC_PHYS_PAGES)) * sysconf(Int32(_SC_PAGESIZE))
    guard physical <= 0 || need < physical else {
      throw ExitStatus.data(
        "\(network.network.name) needs \(gigabytes(need)) GB of memory for a picture of "
          + "\(input), and this machine has \(gigabytes(physical)) GB; make the picture smaller")
    }
  }

  private static func gigabytes(_ bytes: Int) -> String {
    decimal(Double(bytes) / 1e9, places: 1)
  }
}
