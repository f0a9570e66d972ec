import ArgumentParser

/// Which run a command means.
struct RunOptions: ParsableArguments {
  @Option(
    name: [.short, .customLong("project-name")],
    help: ArgumentHelp("The run of this name; 'mporch ls' lists them.", valueName: "name"),
    completion: .custom { _, _, _ in RunCompletion.projectNames() })
  var project: String?

  @Option(
    name: [.customShort("f"), .customLong("file")],
    help: ArgumentHelp("The run of this file. Repeat it for a run of several.", valueName: "file"),
    completion: .file(extensions: ["yaml", "yml"]))
  var files: [String] = []
}
