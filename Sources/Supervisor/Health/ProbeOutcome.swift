internal import SystemPackage

/// What one run of a health check's command came to.
enum ProbeOutcome: Equatable {
  case passed
  /// `output`: the last that it printed.
  case failed(Ending, output: String)
  case timedOut(after: Duration, output: String)
  /// There is no such program, or it may not be run; or its working folder is gone.
  case notExecutable(Errno)
  /// The system has no room for another process.
  case notStarted(Errno)

  /// Follows `its test `; `nil`: it passed.
  var failure: String? {
    switch self {
    case .passed: nil
    case .failed(let ending, let output): "\(ending)\(Self.appendix(output))"
    case .timedOut(let limit, let output): "did not end within \(limit)\(Self.appendix(output))"
    case .notExecutable(let error): "can't be run: \(error)"
    case .notStarted(let error): "could not be started: \(error)"
    }
  }

  private static func appendix(_ output: String) -> String { output.isEmpty ? "" : ": \(output)" }
}
