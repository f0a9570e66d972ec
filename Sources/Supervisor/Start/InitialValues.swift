package import Sharing
package import Topology

extension Arena {
  /// What the file says values and arrays begin with. Memory is zeroed already.
  package func fillInitialValues(of topology: Topology) throws {
    for (index, resource) in topology.resources.enumerated() {
      switch resource.kind {
      case .value(let type, let initial): fill(index, with: try Self.bytes([initial], type, resource))
      case .array(let type, _, let initial): fill(index, with: try Self.bytes(initial, type, resource))
      default: break
      }
    }
  }

  private static func bytes(
    _ literals: [Literal], _ type: ElementType, _ resource: Resource
  ) throws(Refusal) -> [UInt8] {
    var bytes: [UInt8] = []
    for literal in literals {
      guard let element = ElementBytes.encode(literal, as: type) else {
        throw Refusal(
          "\(resource.place): error: an initial value of '\(resource.name)' does not fit its type, \(type.rawValue)",
          exitCode: 65)
      }
      bytes += element
    }
    return bytes
  }
}
