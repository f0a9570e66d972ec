/// Bounds of what a file may ask for: far above any use, low enough that arithmetic on them can't overflow.
enum Limits {
  static let count = 1...(1 << 31 - 1)
  static let byteCount = 1...(1 << 38)
  static let arrayLength = 1...(1 << 36)
  static let replicas = 1...10_000
  static let nameLength = 63
}
