internal import Glibc
internal import Logs
internal import Platform
internal import SystemPackage

/// How a run ended and what each instance came to, kept beside its logs until the next run of the project: what `wait`
/// and `ps -a` say once it is over.
package struct RunOutcome: Codable, Sendable, Equatable {
  package var status: RunStatus
  /// Nanoseconds since 1970.
  package var endedAt: Int64
  package var result: RunResult
  /// The rows of `ps`, as they stood at the end.
  package var instances: [InstanceStatus]
  /// Of a run that did not end by itself: what ended it.
  package var cause: String?
}

extension RunOutcome {
  private static let fileName = "outcome.json"

  /// `nil`: the project has not run, or nobody could keep how it ended.
  package init?(ofProject project: String) throws(Refusal) {
    guard let text = try LogDirectory(ofProject: project).content(of: Self.fileName),
      let outcome = try? WireCoding.decode(Self.self, from: text)
    else { return nil }
    self = outcome
  }

  /// Whole or not at all.
  func save() throws(Refusal) {
    do throws(PrivateFolder.Failure) {
      try LogDirectory(ofRun: status).open().write(WireCoding.encode(self), to: Self.fileName)
    } catch {
      throw Refusal(ofLogs: error)
    }
  }

  /// A new run of the project begins.
  static func forget(in folder: borrowing PrivateFolder) { folder.remove(fileName) }

  /// Of a run whose supervisor was killed; `instances`: those that ended with it.
  init(killed status: RunStatus, endedAt: Int64, instances: [InstanceStatus]) {
    self.status = status
    self.endedAt = endedAt
    self.instances = instances
    result = RunResult(exitCode: 1, instances: [], killed: [])
    cause = "the supervisor of this run was killed; its processes were ended with it"
  }

  /// Kept, and said in the run's log.
  func bury() {
    let logs = LogDirectory(ofRun: status)
    guard (try? logs.open()) != nil else { return }
    if let cause {
      let log = OwnLog(file: logs.file(of: LogDirectory.ownInstance), maxFileByteCount: .max, maxFileCount: 1)
      log.append("error: \(cause)", time: endedAt)
      EventJournal(in: logs).append(
        Event(time: endedAt, kind: .message(severity: .error, text: "error: \(cause)")))
    }
    // Without room for it nothing is known of the run afterwards, and `wait` says that.
    try? save()
  }
}
