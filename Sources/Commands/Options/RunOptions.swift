import ArgumentParser
import Topology

/// Which run a command means.
struct RunOptions: ParsableArguments {
  @Option(
    name: [.customShort("p"), .customLong("project-name")],
    help: ArgumentHelp("The run of this name; 'mporch ls' lists them.", valueName: "name"),
    completion: .custom { _, _, _ in RunCompletion.projects() })
  var project: String?

  @Option(
    name: [.customShort("f"), .customLong("file")], parsing: .singleValue,
    help: ArgumentHelp("The run of this file; repeat it for a run of several.", valueName: "file"),
    completion: .file(extensions: ["yaml", "yml"]))
  var files: [String] = []

  func validate() throws { try ProjectName.check(project) }

  var request: RunRequest { RunRequest(project: project, files: files) }
}

/// What `-p` gives.
enum ProjectName {
  /// A name becomes part of a path: nothing else may.
  static func check(_ name: String?) throws(ValidationError) {
    guard let name, !NameText.isName(name) else { return }
    throw ValidationError("-p '\(name)' can't name a run: \(NameText.rule)")
  }
}
