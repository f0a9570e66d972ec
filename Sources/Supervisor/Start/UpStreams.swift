internal import Glibc
internal import Platform
internal import Topology

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
