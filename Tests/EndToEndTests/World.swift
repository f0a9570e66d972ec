import Glibc
import Testing

/// A user of mporch with folders of their own, so that tests don't see each other's runs.
final class World {
  let folder: String
  private var spawnedCount = 0

  private init() throws {
    var template = Array("/tmp/mporch-test-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw Child.Failure(description: "mkdtemp: errno \(errno)") }
    folder = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    for name in ["run", "state", "home"] { mkdir("\(folder)/\(name)", 0o700) }
  }

  /// Runs `body`, then checks that nothing of its runs is left, and removes the folder.
  static func with(_ body: (World) throws -> Void) throws {
    let world = try World()
    defer { world.remove() }
    let shared = Set(names(in: "/dev/shm"))
    try body(world)
    let gone = poll(within: 20) { world.processes.isEmpty && world.runFolders.isEmpty }
    #expect(gone, "left: processes \(world.processes), state \(world.runFolders)")
    let left = names(in: "/dev/shm").filter { $0.hasPrefix("mporch") && !shared.contains($0) }
    #expect(left.isEmpty, "left in /dev/shm: \(left)")
  }

  /// The checkout's root.
  static let root = String(#filePath.split(separator: "/").dropLast(3).reduce("") { "\($0)/\($1)" })

  static let binary: String = {
    if let given = getenv("MPORCH_BINARY") { return String(cString: given) }
    let release = "\(root)/.build/release/mporch"
    return access(release, X_OK) == 0 ? release : "\(root)/.build/debug/mporch"
  }()

  /// Writes a file and gives its path.
  func write(_ name: String, _ bytes: some Sequence<UInt8>) throws -> String {
    let path = "\(folder)/\(name)"
    guard let file = fopen(path, "we") else { throw Child.Failure(description: "cannot write \(path)") }
    defer { fclose(file) }
    let all = Array(bytes)
    fwrite(all, 1, all.count, file)
    return path
  }

  func write(_ name: String, _ text: String) throws -> String { try write(name, text.utf8) }

  /// Starts mporch and returns at once.
  func start(_ arguments: String..., input: String? = nil, environment: [String: String] = [:]) throws -> Child {
    try start(arguments, input: input, environment: environment)
  }

  func start(_ arguments: [String], input: String? = nil, environment: [String: String] = [:]) throws -> Child {
    try spawn([Self.binary] + arguments, input: input, environment: environment)
  }

  /// Runs mporch to its end.
  func run(
    _ arguments: String..., input: String? = nil, environment: [String: String] = [:], within seconds: Int = 90
  ) throws -> Child.Outcome {
    try spawn([Self.binary] + arguments, input: input, environment: environment).wait(within: seconds)
  }

  /// As `run`, of a list.
  func mporch(_ arguments: [String], input: String? = nil, within seconds: Int = 90) throws -> Child.Outcome {
    try spawn([Self.binary] + arguments, input: input, environment: [:]).wait(within: seconds)
  }

  /// Runs a shell command to its end, with `$MPORCH` as the binary.
  func shell(_ command: String, within seconds: Int = 90) throws -> Child.Outcome {
    try spawn(["/bin/sh", "-c", command], input: nil, environment: ["MPORCH": Self.binary]).wait(within: seconds)
  }

  private func spawn(_ arguments: [String], input: String?, environment: [String: String]) throws -> Child {
    spawnedCount += 1
    let stem = "\(folder)/\(spawnedCount)"
    let inputPath = try input.map { try write("\(spawnedCount).in", $0) } ?? "/dev/null"
    var all = [
      "XDG_RUNTIME_DIR": "\(folder)/run", "XDG_STATE_HOME": "\(folder)/state", "HOME": "\(folder)/home",
      "PATH": "/usr/local/bin:/usr/bin:/bin",
    ]
    all.merge(environment) { $1 }
    return try Child.spawn(
      arguments, environment: all, input: inputPath, output: "\(stem).out", errors: "\(stem).err")
  }

  /// Live processes that were started in this world. A zombie has no environment, so it is not one of them.
  var processes: [pid_t] {
    let mark = Array("XDG_RUNTIME_DIR=\(folder)/run".utf8)
    return names(in: "/proc").compactMap { pid_t($0) }
      .filter { readBytes("/proc/\($0)/environ").split(separator: 0).contains { $0.elementsEqual(mark) } }
  }

  var runFolders: [String] { names(in: "\(folder)/run/mporch") }

  private func remove() {
    processes.forEach { kill($0, SIGKILL) }
    _ = try? Child.spawn(
      ["/bin/rm", "-rf", folder], environment: [:], input: "/dev/null", output: "/dev/null", errors: "/dev/null"
    ).wait(within: 30)
  }
}
