package import Topology

/// The kinds that every mporch can run.
public enum Catalogue {
  public static var builtIn: [any Kind.Type] { TextKinds.all + NumberKinds.all + ExpressionKinds.all }
}

extension [any Kind.Type] {
  package var signatures: [KindSignature] { map { $0.signature } }
}
