import Logs

extension LogStyle {
  /// As it suits where the lines go.
  init(for stream: OutputStream, environment: ProcessEnvironment, hasPrefix: Bool, hasTimestamp: Bool) {
    self.init()
    target = stream.isTerminal ? .terminal : .file
    hasColour = stream.hasColour(environment)
    self.hasPrefix = hasPrefix
    self.hasTimestamp = hasTimestamp
  }
}

extension OutputStream {
  /// On a terminal, unless `NO_COLOR` is set (https://no-color.org) or the terminal can't.
  func hasColour(_ environment: ProcessEnvironment) -> Bool {
    isTerminal && environment.nonEmpty("NO_COLOR") == nil && environment["TERM"] != "dumb"
  }
}
