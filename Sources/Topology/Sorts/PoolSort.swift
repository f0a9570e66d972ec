internal import Limits

/// Workers that run tasks on call.
struct PoolSort: ResourceSort {
  typealias Key = PoolKey

  var pool: Resource.Pool

  static let noun = "pool"
  static let summary = "Workers that run tasks on call."
  static let outline = Graph.Outline(dot: "component", mermaid: ("(((", ")))"))

  static func decode(
    _ entry: ResourceIndex.Entry, _ id: ResourceID, by decoder: inout ResourceDecoder
  ) -> Resource.Kind {
    let fallback = ProcessDeclaration.Work.command([], place: entry.place)
    if let node = decoder.short(entry) {
      let size = node.scalar?.integer == nil ? "N" : node.scalar?.text ?? "N"
      decoder.findings.wrong(
        node, decoder.subject(entry), mustBe: "a map", help: "write '{size: \(size), script: …}', or 'task: …'")
      return .pool(Resource.Pool(size: decoder.processorCount, work: fallback))
    }
    guard let fields = decoder.fields(entry, PoolKey.self) else {
      return .pool(Resource.Pool(size: decoder.processorCount, work: fallback))
    }
    let work = WorkDecoder(findings: decoder.findings).poolWork(fields)
    var pool = Resource.Pool(size: fields.integer(.size) ?? max(1, decoder.processorCount), work: work ?? fallback)
    if let node = fields.node(.maxTasksPerWorker), node.scalar?.text != "none" {
      pool.maxTasksPerWorker = decoder.findings.integer(node, in: Limit.count, fields.subject(.maxTasksPerWorker))
    }
    pool.maxDeliveries = fields.integer(.maxDeliveries) ?? pool.maxDeliveries
    decoder.add(PoolDraft(id: id, fields: fields, work: work))
    return .pool(pool)
  }

  func tree(in resolved: ResolvedTopology) -> YAMLTree {
    var map = YAMLMap<PoolKey>()
    map[.size] = .number(pool.size)
    switch pool.work {
    case .kind(let name, _): map[.task] = .text(name)
    case .script(let script): map[.script] = .script(script.source)
    case .command: break
    }
    map[.with] = resolved.parameters(pool.parameters, of: pool.work)
    map[.use] = resolved.uses(pool.uses)
    map[.maxTasksPerWorker] = pool.maxTasksPerWorker.map { .number($0) } ?? .text("none")
    map[.maxDeliveries] = .number(pool.maxDeliveries)
    return map.tree
  }

  var detail: String { "pool ×\(pool.size), \(pool.work.detail)" }

  var scriptObject: LuaObject {
    LuaObject(
      "a pool", methods: ["map", "imap", "imap_unordered", "apply", "apply_async"],
      needArguments: ["map", "imap", "imap_unordered"])
  }
}

/// A pool whose resources and parameters are not looked at yet.
struct PoolDraft {
  var id: ResourceID
  var fields: Fields<PoolKey>
  /// `nil` and reported: none that is right.
  var work: ProcessDeclaration.Work?
}

enum PoolKey: String, KeyTable {
  case size, task, script, with, use
  case maxTasksPerWorker = "max_tasks_per_worker"
  case maxDeliveries = "max_deliveries"

  var entry: KeyEntry {
    switch self {
    case .size: KeyEntry(.integer(Limit.replicas), "Workers; by default as many as processors.")
    case .task: KeyEntry(.kind, "Kind, one that answers item by item, that is called with each task.")
    case .script: KeyEntry(.text, "Lua chunk that returns the function called with each task.")
    case .with: KeyEntry(.map(of: .any), "Parameters of the kind, or 'args' of the script.")
    case .use: ProcessKey.use.entry
    case .maxTasksPerWorker:
      KeyEntry(
        .oneOf([.integer(Limit.count), .word(["none"])]), default: "none", "Tasks after which a worker is renewed.")
    case .maxDeliveries:
      KeyEntry(.integer(Limit.count), default: "5", "Runs of a task in all before it fails by name.")
    }
  }
}

extension PoolKey {
  static let foreign = ForeignWords([
    .key(size, "processes workers count replicas instances n maxworkers"),
    .key(maxTasksPerWorker, "maxtasksperchild maxtasks"), .key(task, "kind function func target"),
    .key(script, "lua code"), .key(with, "args kwargs params parameters options config"),
    .key(use, "uses using resources"), .key(maxDeliveries, "retries maxretries attempts"),
    .nothing("in out", "remove it: scripts call a pool, by its name under their 'use'"),
    .nothing("initializer initargs", "remove it: what stands before 'return function' runs once in each worker"),
    .nothing("run command", "a pool's workers run a 'task' or a 'script'"),
  ])
}
