import Supervisor
import SystemPackage

/// What a shell offers when the user presses Tab: the names in the run that the command would mean without options.
enum RunCompletion {
  static func projects() -> [String] {
    (try? locator().look().runs.map(\.project)) ?? []
  }

  /// Processes and their instances.
  static func processes() -> [String] {
    guard case .processes(let instances, _)? = ask(.ps) else { return [] }
    return Array(Set(instances.map(\.process))).sorted() + instances.map(\.name)
  }

  static func resources() -> [String] {
    guard case .resources(let resources)? = ask(.inspect(resources: [], excerptCount: 0)) else { return [] }
    return resources.map(\.name)
  }

  private static func ask(_ request: ControlRequest) -> ControlReply? {
    let locator = locator()
    guard case .alive(let run)? = try? locator.find(RunRequest(project: nil, files: [])) else { return nil }
    return try? locator.connect(to: run).ask(request)
  }

  private static func locator() -> RunLocator {
    RunLocator(
      CommandContext(
        kinds: [], environment: .current(), output: OutputStream(.standardOutput),
        errorOutput: OutputStream(.standardError)))
  }
}
