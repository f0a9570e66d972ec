/// A sort of resource, as files, graphs and the checks of scripts know it; an instance is one that is declared.
///
/// A new sort is a type of this kind, in a file of its own, a case of `ResourceSection`, and one of `Resource.Kind`.
protocol ResourceSort {
  /// Of the long form.
  associatedtype Key: KeyTable

  /// What messages call one of them.
  static var noun: String { get }
  static var nounWithArticle: String { get }
  /// Of the section, for people.
  static var summary: String { get }
  /// All defaults will do, so that a list of names will.
  static var allowsNames: Bool { get }
  /// What else than a map may stand after a resource's name.
  static var shortShape: ValueShape? { get }
  /// The short form in words and with an example, for the help of a diagnostic.
  static var shortForm: String? { get }
  static var outline: Graph.Outline { get }

  static func decode(
    _ entry: ResourceIndex.Entry, _ id: ResourceID, by decoder: inout ResourceDecoder
  ) -> Resource.Kind

  /// In canonical long form.
  func tree(in resolved: ResolvedTopology) -> YAMLTree
  /// The second line of its box in a graph.
  var detail: String { get }
  /// What a script is given that uses it.
  var scriptObject: LuaObject { get }
}

extension ResourceSort {
  static var nounWithArticle: String { "a \(noun)" }
  static var allowsNames: Bool { false }
  static var shortShape: ValueShape? { nil }
  static var shortForm: String? { nil }
  static var longShape: ValueShape { .keys(Key.self) }
  var detail: String { Self.noun }

  /// All of the section.
  static var shape: ValueShape {
    let one = ValueShape.oneOf([shortShape, longShape, allowsNames ? .nothing : nil].compactMap { $0 })
    return allowsNames ? .oneOf([.list(of: .name), .map(of: one)]) : .map(of: one)
  }
}

/// A section of the file that declares resources.
enum ResourceSection: String, CaseIterable, Sendable {
  case values, arrays, queues, pipes, locks, semaphores, conditions, events, barriers, managed, pools

  var sort: any ResourceSort.Type {
    switch self {
    case .values: ValueSort.self
    case .arrays: ArraySort.self
    case .queues: QueueSort.self
    case .pipes: PipeSort.self
    case .locks: LockSort.self
    case .semaphores: SemaphoreSort.self
    case .conditions: ConditionSort.self
    case .events: EventSort.self
    case .barriers: BarrierSort.self
    case .managed: ManagedSort.self
    case .pools: PoolSort.self
    }
  }

  var noun: String { sort.noun }
  var nounWithArticle: String { sort.nounWithArticle }
  var allowsNames: Bool { sort.allowsNames }
  var shortForm: String? { sort.shortForm }
}

extension Resource.Kind {
  var section: ResourceSection { described.section }
  /// What messages call it: `queue`, `lock`, …
  package var noun: String { section.noun }
  var sort: any ResourceSort { described.sort }

  private var described: (section: ResourceSection, sort: any ResourceSort) {
    switch self {
    case .value(let type, let initial): (.values, ValueSort(type: type, initial: initial))
    case .array(let type, let length, let initial): (.arrays, ArraySort(type: type, length: length, initial: initial))
    case .queue(let queue): (.queues, QueueSort(queue: queue))
    case .pipe(let pipe): (.pipes, PipeSort(pipe: pipe))
    case .lock(let isRecursive): (.locks, LockSort(isRecursive: isRecursive))
    case .semaphore(let initial, let isBounded): (.semaphores, SemaphoreSort(initial: initial, isBounded: isBounded))
    case .condition(let lock): (.conditions, ConditionSort(lock: lock))
    case .event(let initial): (.events, EventSort(initial: initial))
    case .barrier(let parties): (.barriers, BarrierSort(parties: parties))
    case .managed(let type, let initial): (.managed, ManagedSort(type: type, initial: initial))
    case .pool(let pool): (.pools, PoolSort(pool: pool))
    }
  }
}
