// Environment variables and the folder.

extension ProcessDecoder {
  /// Files and folders of a process that is not enabled need not be there.
  func decodeSurroundings(_ fields: Fields<ProcessKey>, isEnabled: Bool, into process: inout ProcessDeclaration) {
    var variables = Variables(settings.variables)
    EnvironmentDecoder(files: files, settings: settings, fields: fields)
      .read(files: isEnabled ? .environmentFile : nil, .environment, into: &variables)
    process.environment = variables.all
    process.workingDirectory = workingDirectory(fields, isEnabled: isEnabled)
  }

  private func workingDirectory(_ fields: Fields<ProcessKey>, isEnabled: Bool) -> String? {
    guard let node = fields[.workingDirectory]?.value,
      let path = findings.systemString(node, fields.subject(.workingDirectory))
    else { return nil }
    let absolute = PathText.absolute(path, in: settings.directory)
    if isEnabled, !settings.isFolder(absolute) {
      findings.error(
        at: node.place, "\(fields.subject(.workingDirectory)): there is no folder '\(absolute)'",
        help: findings.helpOfPath(node) ?? "create it; a relative path starts at the file's folder")
    }
    return absolute
  }
}
