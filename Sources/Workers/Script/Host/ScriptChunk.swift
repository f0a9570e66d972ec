/// A text in Lua, and what its errors call it.
struct ScriptChunk {
  let text: String
  let name: String

  /// `name` as Lua has it.
  init(text: String, name: String) {
    self.text = text
    self.name = name
  }

  /// Laid out on the lines of a file: errors and tracebacks speak of these.
  init(text: String, file: String) {
    self.init(text: text, name: "@" + file)
  }

  func withText<Result>(_ body: (UnsafePointer<CChar>?, Int, UnsafePointer<CChar>) -> Result) -> Result {
    var text = text
    return text.withUTF8 { bytes in
      bytes.withMemoryRebound(to: CChar.self) { body($0.baseAddress, $0.count, name) }
    }
  }
}
