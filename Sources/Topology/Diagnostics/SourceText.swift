/// One file's bytes, with the way from a count of code points (libyaml's marks) or of bytes to lines and columns.
package struct SourceText: Sendable {
  package let file: String
  /// Without a byte order mark.
  package let bytes: [UInt8]
  private let lines: [Line]

  private struct Line {
    var byteStart: Int
    /// Without its break.
    var byteEnd: Int
    /// Code points of the file before it.
    var scalarStart: Int
    var isASCII: Bool
  }

  /// Lines end in LF, CR LF or CR, as in YAML and in editors. Bytes need not be valid UTF-8.
  package init(file: String, bytes: [UInt8]) {
    self.file = file
    self.bytes = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes.dropFirst(3)) : bytes
    lines = Self.lines(of: self.bytes)
  }

  package var lineCount: Int { lines.count }

  /// Without its break; `nil`: there is no such line. From 1.
  package func line(_ number: Int) -> String? {
    guard lines.indices.contains(number - 1) else { return nil }
    let line = lines[number - 1]
    return String(decoding: bytes[line.byteStart..<line.byteEnd], as: UTF8.self)
  }

  func isASCII(line number: Int) -> Bool { lines[number - 1].isASCII }

  /// The line that holds the given code point of the file, and how many code points of the line come before it.
  func position(ofScalar index: Int) -> (line: Int, scalarOffset: Int) {
    let line = lineIndex { $0.scalarStart <= index }
    return (line + 1, index - lines[line].scalarStart)
  }

  /// The line and column, both from 1, of a byte of the file.
  func position(ofByte offset: Int) -> (line: Int, column: Int) {
    let index = lineIndex { $0.byteStart <= offset }
    let line = lines[index]
    let before = String(decoding: bytes[line.byteStart..<min(max(offset, line.byteStart), line.byteEnd)], as: UTF8.self)
    return (index + 1, before.count + 1)
  }

  /// Bytes of a line, without its break.
  func byteRange(ofLine number: Int) -> Range<Int> { lines[number - 1].byteStart..<lines[number - 1].byteEnd }

  /// The last line that fulfils a condition which the first lines do; the first one, if none does.
  private func lineIndex(where precedes: (Line) -> Bool) -> Int {
    var low = 0
    var high = lines.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if precedes(lines[middle]) { low = middle } else { high = middle }
    }
    return low
  }

  private static func lines(of bytes: [UInt8]) -> [Line] {
    var lines: [Line] = []
    var current = Line(byteStart: 0, byteEnd: 0, scalarStart: 0, isASCII: true)
    var scalarCount = 0
    var index = 0
    while index < bytes.count {
      let byte = bytes[index]
      if !isContinuation(byte) { scalarCount += 1 }
      if byte >= 0x80 { current.isASCII = false }
      index += 1
      guard byte == newline || byte == carriageReturn else { continue }
      current.byteEnd = index - 1
      if byte == carriageReturn, index < bytes.count, bytes[index] == newline {
        index += 1
        scalarCount += 1
      }
      lines.append(current)
      current = Line(byteStart: index, byteEnd: index, scalarStart: scalarCount, isASCII: true)
    }
    current.byteEnd = bytes.count
    lines.append(current)
    return lines
  }
}

private let newline = UInt8(ascii: "\n")
private let carriageReturn = UInt8(ascii: "\r")

private func isContinuation(_ byte: UInt8) -> Bool { byte & 0xC0 == 0x80 }

/// The texts that diagnostics speak of, in the order in which they were given.
package struct Sources: Sendable {
  package private(set) var files: [String] = []
  private var texts: [String: SourceText] = [:]

  package init() {}

  package mutating func add(_ text: SourceText) {
    if texts.updateValue(text, forKey: text.file) == nil { files.append(text.file) }
  }

  package subscript(file: String) -> SourceText? { texts[file] }
}
