internal import Glibc
internal import Platform
package import Topology
internal import Workers

/// Which standard streams of `mporch up` a process was given: those that a path parameter of its kind names by `-`.
package struct UpStreamUse: Equatable {
  package private(set) var readsInput = false
  package private(set) var writesOutput = false

  package init(_ process: ProcessDeclaration, signature: KindSignature) {
    for parameter in signature.parameters {
      let given = process.parameters.first { $0.name == parameter.name }?.value ?? parameter.defaultValue
      guard let given, Self.names(given).contains("-") else { continue }
      switch parameter.type {
      case .inputPaths: readsInput = true
      case .outputPath: writesOutput = true
      default: break
      }
    }
  }

  /// Of a process that is no kind.
  init() {}

  private static func names(_ literal: Literal) -> [String] {
    switch literal {
    case .string(let name): [name]
    case .list(let literals): literals.flatMap(names)
    default: []
    }
  }
}

extension [any Kind.Type] {
  /// Of what a process names with `task:`; `nil`: it is a script or a command.
  func signature(of declaration: ProcessDeclaration) -> KindSignature? {
    guard case .kind(let name, _) = declaration.work else { return nil }
    return first { $0.signature.name == name }?.signature
  }

  func upStreamUse(of declaration: ProcessDeclaration) -> UpStreamUse {
    signature(of: declaration).map { UpStreamUse(declaration, signature: $0) } ?? UpStreamUse()
  }
}

/// The standard streams of `mporch up`, kept for the workers that use them: descriptors, or `nil` where nobody does.
struct UpStreams: Equatable {
  var input: Int32?
  var output: Int32?

  /// Out of the way of standard streams; for the life of this process.
  init(for instances: [Instance], _ attachment: StartRequest.Attachment) throws(Refusal) {
    guard let user = instances.first(where: { $0.upStreams != UpStreamUse() }) else { return }
    guard case .foreground = attachment else {
      throw Refusal(
        "\(user.declaration.place): error: process '\(user.declaration.name)' uses a standard stream of 'mporch up' "
          + "('-'), which a detached run does not have", help: "start it without -d, or name a file", exitCode: 64)
    }
    if instances.contains(where: \.upStreams.readsInput) { input = try Self.keep(0) }
    if instances.contains(where: \.upStreams.writesOutput) { output = try Self.keep(1) }
  }

  private static func keep(_ number: Int32) throws(Refusal) -> Int32 {
    do {
      return try Descriptor.duplicate(of: number, atLeast: 10).release()
    } catch {
      throw Refusal("a standard stream of 'mporch up' can't be used: \(error)", exitCode: 69)
    }
  }

  /// This process itself reads and writes nothing there.
  static func leaveStandardStreams() {
    guard let null = try? Descriptor.devNull() else { return }
    for stream: Int32 in 0...1 { try? CurrentProcess.redirect(stream, to: null.number) }
  }
}
