internal import Topology
internal import Workers

extension Run {
  /// `nil`: nobody is there, or a courier.
  func instance(ofWorker worker: Int) -> Instance? {
    // As it mostly is: the instances of the start have the first places, in their order.
    if instances.indices.contains(worker), instances[worker].index == worker { return instances[worker] }
    return instances.first { $0.index == worker }
  }

  func signature(of declaration: ProcessDeclaration) -> KindSignature? { kinds.signature(of: declaration) }

  func upStreamUse(of declaration: ProcessDeclaration) -> UpStreamUse {
    signature(of: declaration).map { UpStreamUse(declaration, signature: $0) } ?? UpStreamUse()
  }

  /// For the warden, which tells of them what the supervisor can't any more.
  static func rows(of instances: [Instance]) -> [Int: InstanceStatus] {
    Dictionary(uniqueKeysWithValues: instances.map { ($0.index, $0.emptyRow) })
  }

  /// After some have come or gone.
  func arrange(_ instances: [Instance]) {
    life.arrange(instances)
    names.enter(instances)
    charge.instances = Self.rows(of: instances)
    // The old one knows those who were there when it was forked.
    if let old = warden.take() {
      replaceWarden()
      old.dismiss()
    }
  }
}
