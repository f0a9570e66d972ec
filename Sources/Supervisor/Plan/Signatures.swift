internal import Topology
internal import Workers

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
