/// Who is at each place of the worker table, by name: for what outlives a place's change of owner.
final class InstanceNames {
  private var names: [Int: (instance: String, process: String)] = [:]

  func enter(_ instances: [Instance]) {
    for instance in instances { names[instance.index] = (instance.name, instance.declaration.name) }
  }

  func instance(ofWorker worker: Int) -> String { names[worker]?.instance ?? "" }
  func process(ofWorker worker: Int) -> String { names[worker]?.process ?? "" }
}
