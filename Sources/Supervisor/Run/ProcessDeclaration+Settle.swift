internal import Glibc
internal import Platform
internal import SystemPackage
internal import Topology

extension ProcessDeclaration {
  /// Gives the current process the surroundings that the file declares. `folder`: the topology's.
  func settle(in folder: String) throws(Errno) {
    try CurrentProcess.changeDirectory(to: workingDirectory ?? folder)
    for variable in environment { setenv(variable.name, variable.value, 1) }
    if let processors { try CurrentProcess.setProcessors(processors) }
    if let niceness { try CurrentProcess.setNiceness(niceness) }
  }
}
