import Testing
import Text

@testable import Topology

@Suite struct ByteCountTests {
  /// Seen to fail: KiB of 1000.
  @Test(arguments: [
    ("0", 0), ("4096", 4096), ("64KiB", 65536), ("10MB", 10_000_000), ("1GiB", 1 << 30), ("1TiB", 1 << 40),
    ("2k", 2000), ("2kB", 2000), ("2Ki", 2048), ("7B", 7), ("1.5MiB", 1_572_864), ("64 KiB", 65536),
    ("3gb", 3_000_000_000),
    ("0.5k", 500), ("9223372036854775807", Int.max), ("8388607TiB", 8_388_607 << 40),
  ])
  func parses(text: String, expected: Int) throws {
    #expect(try ByteCount.parse(text) == expected)
  }

  /// Seen to fail: an unknown unit taken for bytes.
  @Test(arguments: [
    ("", "'' is not a size"), ("big", "'big' is not a size"), ("-1", "'-1' is negative"),
    ("1XB", "size '1XB' has an unknown unit, 'XB'"), ("1MiB2", "'1MiB2' is not a size"),
    ("8388608TiB", "size '8388608TiB' is too large"),
    ("9223372036854775808", "size '9223372036854775808' is too large"),
    ("1KiB ", "size '1KiB ' has an unknown unit, 'KiB '"),
  ])
  func refuses(text: String, message: String) {
    let error = #expect(throws: InvalidText.self) { try ByteCount.parse(text) }
    #expect(error?.message == message)
    #expect(error?.help.contains("64KiB, 10MB, 1GiB") == true || message.hasSuffix("too large"))
  }
}
