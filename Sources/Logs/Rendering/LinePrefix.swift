/// What lines of one instance begin with.
struct LinePrefix {
  /// The colours of Docker Compose, given out in order; the bright ones come when the others are used up.
  private static let colours = [36, 33, 32, 35, 34, 96, 93, 92, 95, 94]

  let instance: String
  /// The instance's place in order of appearance, which chooses its colour.
  let index: Int
  private(set) var bytes: [UInt8] = []

  init(instance: String, index: Int) {
    self.instance = instance
    self.index = index
  }

  /// Names are ASCII, so that bytes are columns.
  mutating func align(to width: Int, hasColour: Bool) {
    let padding = String(repeating: " ", count: width - instance.utf8.count)
    let text = "\(instance)\(padding)  | "
    let colour = Self.colours[index % Self.colours.count]
    bytes = Array((hasColour ? "\u{1B}[\(colour)m\(text)\u{1B}[0m" : text).utf8)
  }
}
