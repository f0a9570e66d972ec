import Glibc

/// A spawned program whose output goes to files; nothing here can block on a pipe.
struct Child {
  let pid: pid_t
  let standardOutput: String
  let standardError: String

  /// What became of a program: `status` as a shell shows it, 128 + the signal for one that a signal ended.
  struct Outcome {
    let status: Int32
    let output: [UInt8]
    let errors: String

    var text: String { String(decoding: output, as: UTF8.self) }
    var lines: [String] { text.split(separator: "\n").map(String.init) }
  }

  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  /// Starts `arguments[0]` with `environment` alone; every descriptor of the tests closes on exec.
  static func spawn(
    _ arguments: [String], environment: [String: String], input: String, output: String, errors: String
  ) throws -> Child {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, input, O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    posix_spawn_file_actions_addopen(&actions, 2, errors, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    let argv = arguments.map { strdup($0) } + [nil]
    let envp = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { (argv + envp).forEach { free($0) } }
    var pid: pid_t = 0
    let code = posix_spawn(&pid, arguments[0], &actions, nil, argv, envp)
    guard code == 0 else { throw Failure(description: "cannot start \(arguments[0]): errno \(code)") }
    return Child(pid: pid, standardOutput: output, standardError: errors)
  }

  /// Waits for the end; past the watchdog kills the program and fails.
  func wait(within seconds: Int) throws -> Outcome {
    var status: Int32 = 0
    let ended = poll(within: seconds) { waitpid(pid, &status, WNOHANG) == pid }
    if !ended {
      kill(pid, SIGKILL)
      waitpid(pid, &status, 0)
      throw Failure(
        description: "no end within \(seconds) s; output so far:\n\(readText(standardOutput))\(readText(standardError))"
      )
    }
    let signal = status & 0x7f
    return Outcome(
      status: signal == 0 ? (status >> 8) & 0xff : 128 + signal, output: readBytes(standardOutput),
      errors: readText(standardError))
  }

  func send(_ signal: Int32) { kill(pid, signal) }
}

/// Asks until the answer is yes; false when the watchdog's time is over.
func poll(within seconds: Int, _ condition: () throws -> Bool) rethrows -> Bool {
  // By the clock: a condition may take long to look at.
  let end = ContinuousClock.now + .seconds(seconds)
  while ContinuousClock.now < end {
    if try condition() { return true }
    usleep(5_000)
  }
  return try condition()
}

func readBytes(_ path: String) -> [UInt8] {
  let descriptor = open(path, O_RDONLY | O_CLOEXEC)
  guard descriptor >= 0 else { return [] }
  defer { close(descriptor) }
  var bytes: [UInt8] = []
  var chunk = [UInt8](repeating: 0, count: 65_536)
  while true {
    let count = read(descriptor, &chunk, chunk.count)
    guard count > 0 else { return bytes }
    bytes += chunk[0..<count]
  }
}

func readText(_ path: String) -> String { String(decoding: readBytes(path), as: UTF8.self) }

func names(in folder: String) -> [String] {
  guard let directory = opendir(folder) else { return [] }
  defer { closedir(directory) }
  var found: [String] = []
  while let entry = readdir(directory) {
    let name = withUnsafePointer(to: &entry.pointee.d_name) {
      $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
    }
    if name != ".", name != ".." { found.append(name) }
  }
  return found.sorted()
}
