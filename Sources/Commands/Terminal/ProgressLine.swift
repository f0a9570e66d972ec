import Supervisor

/// The line at the bottom of a terminal that says how a run goes. Whatever else is written to the terminal comes between
/// `hide` and `show`.
final class ProgressLine {
  private static let eraseLine = "\r\u{1B}[K"

  private let stream: OutputStream
  private var text = ""
  private var isShown = false

  init(on stream: OutputStream) { self.stream = stream }

  func update(_ instances: [InstanceStatus], elapsedSeconds: Double) {
    text = ProgressText.render(instances, elapsedSeconds: elapsedSeconds, width: stream.width ?? 80)
    stream.write((isShown ? Self.eraseLine : "") + text)
    isShown = true
  }

  func hide() {
    guard isShown else { return }
    stream.write(Self.eraseLine)
    isShown = false
  }

  /// Shows again what was hidden.
  func show() {
    guard !isShown, !text.isEmpty else { return }
    stream.write(text)
    isShown = true
  }
}
