/// One way that items go: a queue, or one direction of a pipe.
enum Channel: Hashable {
  case queue(ResourceID)
  case pipe(ResourceID, from: PipeEnd)

  var resource: ResourceID {
    switch self {
    case .queue(let id), .pipe(let id, _): id
    }
  }

  /// What a port that is bound to `reference` reads or writes.
  init(_ reference: ResourceReference, _ access: Access) {
    guard let end = reference.end else {
      self = .queue(reference.resource)
      return
    }
    self = .pipe(reference.resource, from: access == .writes ? end : end.other)
  }
}

extension PipeEnd {
  var other: PipeEnd { self == .a ? .b : .a }
}
