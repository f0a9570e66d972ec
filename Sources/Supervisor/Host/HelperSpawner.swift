internal import Glibc
internal import Platform
internal import SystemPackage
internal import Topology

/// Forks what watches over an instance's health. Each has a session, and so a group, of its own: what it starts dies
/// with it.
struct HelperSpawner: ~Copyable {
  /// The topology's folder.
  private let folder: String
  private let null: Descriptor
  private let supervisor = getpid()
  /// How many a test may have open at once, as its process may.
  private let descriptorCount: Int

  /// A run of a health check's command.
  struct Test: ~Copyable {
    let pid: Int32
    /// What it prints, on either stream.
    let output: Descriptor
    private let refusal: Descriptor

    init(pid: Int32, output: consuming Descriptor, refusal: consuming Descriptor) {
      self.pid = pid
      self.output = output
      self.refusal = refusal
    }

    /// Why the command could not be run; to be asked when the child has died.
    borrowing func refusalError() -> Errno? {
      var code: Int32 = 0
      let transfer = withUnsafeMutableBytes(of: &code) { try? refusal.read(into: $0) }
      return transfer == .count(MemoryLayout<Int32>.size) ? Errno(rawValue: code) : nil
    }
  }

  /// A process that looks through lines.
  struct Matcher: ~Copyable {
    let pid: Int32
    let input: Descriptor
  }

  init(folder: String, descriptorCount: Int) throws(Errno) {
    self.folder = folder
    self.descriptorCount = descriptorCount
    null = try .devNull()
  }

  /// In the surroundings of the process that it tests.
  func test(_ command: [String], of instance: Instance) throws(Errno) -> Test {
    let output = try Pipe()
    // Closes when the command is run.
    let refusal = try Pipe()
    try output.reading.setNonBlocking()
    try refusal.reading.setNonBlocking()
    guard let pid = try ChildProcess.fork() else {
      become(command, of: instance, output: output.writing.number, refusal: refusal.writing.number)
    }
    return Test(pid: pid, output: output.takeReading(), refusal: refusal.takeReading())
  }

  func matcher(_ pattern: String) throws(Errno) -> Matcher {
    let input = try Pipe()
    guard let pid = try ChildProcess.fork() else {
      CurrentProcess.becomeChild(of: supervisor)
      try? redirect(input: input.reading.number, output: null.number)
      CurrentProcess.closeDescriptors()
      LineMatcher.run(pattern)
    }
    return Matcher(pid: pid, input: input.takeWriting())
  }

  private func become(_ command: [String], of instance: Instance, output: Int32, refusal: Int32) -> Never {
    CurrentProcess.becomeChild(of: supervisor)
    do throws(Errno) {
      try redirect(input: null.number, output: output)
      CurrentProcess.closeDescriptors(except: refusal)
      ResourceLimits.setDescriptorCount(descriptorCount)
      setenv("MPORCH_PROCESS", instance.declaration.name, 1)
      setenv("MPORCH_REPLICA", "\(instance.replica)", 1)
      try instance.declaration.settle(in: folder)
      throw CurrentProcess.execute(command)
    } catch {
      var code = error.rawValue
      write(refusal, &code, MemoryLayout<Int32>.size)
      _exit(127)
    }
  }

  private func redirect(input: Int32, output: Int32) throws(Errno) {
    try CurrentProcess.redirect(0, to: input)
    try CurrentProcess.redirect(1, to: output)
    try CurrentProcess.redirect(2, to: output)
  }
}
