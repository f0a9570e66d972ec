import Glibc
import Testing

extension World {
  /// A world in which a topology runs in the background, as `nap`: `-p` is not needed, as nothing else runs.
  static func withRun(_ topology: String, _ body: (World) throws -> Void) throws {
    try World.with { world in
      let file = try world.write("nap.yaml", topology)
      let up = try world.run("up", "-d", file)
      #expect(up.status == 0, "\(up)")
      try body(world)
      #expect(try world.run("down", "-p", "nap", "--timeout", "2s").status == 0)
    }
  }

  /// What `inspect` says of these once it is as expected.
  func inspect(_ names: String..., until condition: (String) -> Bool) throws -> String {
    var text = ""
    let isThere = try poll(within: 60) {
      text = try mporch(["inspect"] + names).text
      return condition(text)
    }
    #expect(isThere, "\(text)")
    return text
  }
}

extension World {
  /// A connection to the control socket of a run.
  func connect(to project: String) -> Int32? {
    let path = "\(folder)/run/mporch/\(project)/control.sock"
    let socket = Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
    let status = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        Glibc.connect(socket, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    return status == 0 ? socket : nil
  }
}

extension Child.Outcome {
  /// Of an instance in the JSON of `ps`.
  func pid(of instance: String) -> pid_t? {
    guard let object = text.components(separatedBy: "{").first(where: { $0.contains("\"\(instance)\"") }) else {
      return nil
    }
    return String(object).components(separatedBy: "\"pid\" : ").last.flatMap { pid_t($0.prefix { $0.isNumber }) }
  }
}

extension String {
  func components(separatedBy mark: String) -> [Substring] {
    var parts: [Substring] = []
    var rest = self[...]
    while let range = rest.firstRange(of: mark) {
      parts.append(rest[..<range.lowerBound])
      rest = rest[range.upperBound...]
    }
    return parts + [rest]
  }
}
