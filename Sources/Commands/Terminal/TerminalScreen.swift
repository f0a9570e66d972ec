import Glibc
import Platform
import SystemPackage

/// A terminal that a command has for itself: keys arrive at once, and its page covers what was there. However the
/// command ends, the terminal is as it was: a guardian gives it back where the command can't.
final class TerminalScreen {
  /// The other screen, no cursor, no line that goes on in the next one.
  private static let greeting = "\u{1B}[?1049h\u{1B}[?25l\u{1B}[?7l"
  private static let farewell = "\u{1B}[?2026l\u{1B}[0m\u{1B}[?7h\u{1B}[?25h\u{1B}[?1049l"
  /// Of a terminal that does not say.
  private static let usualSize = TerminalSize(columns: 80, rows: 24)

  private let output: OutputStream
  private let charge: TerminalGuardian.Charge
  private var painter: FramePainter
  /// While the terminal is taken.
  private var guardian: TerminalGuardian?
  private var pending: [UInt8] = []

  init(_ output: OutputStream, hasColour: Bool) throws(Errno) {
    self.output = output
    painter = FramePainter(hasColour: hasColour)
    let before = try TerminalMode(of: output.descriptor.rawValue)
    charge = TerminalGuardian.Charge(
      terminal: output.descriptor.rawValue, before: before, meanwhile: before.forKeys,
      farewell: Array(Self.farewell.utf8))
  }

  deinit { give() }

  var outputDescriptor: Int32 { output.descriptor.rawValue }
  var size: TerminalSize { TerminalSize(of: outputDescriptor) ?? Self.usualSize }

  /// Whether nobody sees any more what is shown.
  var isLost: Bool { output.isBroken }

  // MARK: Taking and giving back

  func take() throws(Errno) {
    guard guardian == nil else { return }
    // First someone who gives it back.
    guardian = try TerminalGuardian(charge)
    try charge.meanwhile.apply(to: outputDescriptor)
    painter.forget()
    send(Self.greeting)
  }

  func give() {
    guard let guardian = guardian.take() else { return }
    // A terminal that takes nothing now may do so later: the guardian has time, this process has not.
    guard isReady else { return pending = [] }
    charge.carryOut()
    guardian.dismiss()
  }

  /// To be polled for errors; -1: there is none.
  var guardianDescriptor: Int32 { guardian?.descriptor ?? -1 }

  /// Someone has killed the guardian: there has to be another one.
  func replaceGuardian() throws(Errno) {
    guard let earlier = guardian.take() else { return }
    guardian = try TerminalGuardian(charge)
    earlier.dismiss()
  }

  // MARK: Showing

  /// Whether all that was shown is written: before that, another page would only wait too.
  var isReady: Bool { pending.isEmpty }

  func show(_ page: [StyledLine]) { send(painter.paint(page, size: size)) }

  /// To be called when the output takes more.
  func writeSome() {
    let taken = pending.withUnsafeBytes { output.writeSome($0) }
    pending.removeFirst(taken)
  }

  private func send(_ text: String) {
    pending.append(contentsOf: text.utf8)
    if !pending.isEmpty { writeSome() }
  }
}

/// Turns pages into what a terminal has to be sent: of a page that follows another one, the lines that have changed.
struct FramePainter {
  private static let beginUpdate = "\u{1B}[?2026h"
  private static let endUpdate = "\u{1B}[?2026l"
  private static let eraseScreen = "\u{1B}[0m\u{1B}[2J"
  private static let eraseRestOfLine = "\u{1B}[0m\u{1B}[K"

  let hasColour: Bool
  private var shown: [StyledLine]?
  private var size = TerminalSize(columns: 0, rows: 0)

  init(hasColour: Bool) { self.hasColour = hasColour }

  /// What is on the screen is not known any more.
  mutating func forget() { shown = nil }

  /// Empty where nothing has changed.
  mutating func paint(_ page: [StyledLine], size: TerminalSize) -> String {
    let lines = page.prefix(size.rows).map { $0.trimmed(to: size.columns) }
    let padded = lines + Array(repeating: StyledLine(), count: size.rows - lines.count)
    let isWhole = shown == nil || self.size != size
    let earlier = isWhole ? Array(repeating: StyledLine(), count: size.rows) : shown ?? []
    (shown, self.size) = (padded, size)
    var text = isWhole ? Self.eraseScreen : ""
    for (index, line) in padded.enumerated() where line != earlier[index] {
      text += "\u{1B}[\(index + 1);1H" + rendered(line, columns: size.columns)
    }
    return text.isEmpty ? "" : Self.beginUpdate + text + Self.endUpdate
  }

  private func rendered(_ line: StyledLine, columns: Int) -> String {
    var text = ""
    var style: TextStyle?
    for span in line.spans {
      if span.style != style { text += span.style.sequence(hasColour: hasColour) }
      style = span.style
      text += span.text
    }
    // In the last column the cursor still stands on what was written: erasing would take it away.
    return text + (line.displayWidth < columns ? Self.eraseRestOfLine : "\u{1B}[0m")
  }
}
