import Supervisor
import Text

/// A run in one line: `12.3s  6 running, 1 failed  read 45% 1.2M/s  count 3.1M/s`.
enum ProgressText {
  static func render(_ instances: [InstanceStatus], elapsedSeconds: Double, width: Int) -> String {
    var parts = [Quantity.duration(seconds: elapsedSeconds), counts(of: instances)]
    for process in processes(of: instances) {
      if let activity = activity(of: process) { parts.append(activity) }
    }
    // The last column stays free: a terminal may wrap as soon as it is written.
    return parts.joined(separator: "  ").trimmed(toDisplayWidth: width - 1)
  }

  private static func counts(of instances: [InstanceStatus]) -> String {
    let shown: [(InstanceStatus.State, String)] = [
      (.running, "running"), (.pending, "pending"), (.restarting, "restarting"), (.stopping, "stopping"),
      (.stopped, "stopped"), (.succeeded, "done"), (.failed, "failed"), (.neverStarted, "never started"),
    ]
    return shown.compactMap { state, word in
      let count = instances.count { $0.state == state }
      return count > 0 ? "\(count) \(word)" : nil
    }.joined(separator: ", ")
  }

  /// In order of appearance, each with its instances.
  private static func processes(of instances: [InstanceStatus]) -> [[InstanceStatus]] {
    var order: [String: Int] = [:]
    var groups: [[InstanceStatus]] = []
    for instance in instances {
      if let index = order[instance.process] {
        groups[index].append(instance)
      } else {
        order[instance.process] = groups.count
        groups.append([instance])
      }
    }
    return groups
  }

  /// `nil` for a process that has nothing to show: over, or not begun.
  private static func activity(of instances: [InstanceStatus]) -> String? {
    guard instances.contains(where: { $0.state == .running || $0.state == .stopping }) else { return nil }
    let done = instances.compactMap(\.progress?.done).reduce(0, &+)
    let total = instances.compactMap(\.progress?.total).reduce(0, &+)
    let rate = instances.compactMap(\.rate).reduce(0, +)
    var words = [instances[0].process]
    if total > 0 { words.append(StatusTable.describe(.init(done: done, total: total))) }
    if rate >= 0.05 { words.append(Quantity.count(rate) + "/s") }
    return words.count > 1 ? words.joined(separator: " ") : nil
  }
}

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
