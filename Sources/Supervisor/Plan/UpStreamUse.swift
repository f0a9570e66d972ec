package import Topology

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
