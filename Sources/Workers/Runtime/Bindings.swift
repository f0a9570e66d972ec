internal import Sharing
internal import Topology

/// A worker's resources by the names that its kind knows: what the file binds, looked up in the arena.
struct Bindings {
  let inputs: [(port: String, target: InputPort, type: ItemType)]
  let outputs: [(port: String, lanes: [Outlet.Lane])]
  let uses: [UseBinding]
  let lookup: Lookup
  private let resources: [Resource]

  init(_ process: WorkerProcess) {
    let declaration = process.topology.processes[process.process]
    let lookup = Lookup(resources: process.topology.resources, arena: process.arena, worker: process.worker)
    self.lookup = lookup
    inputs = declaration.inputs.compactMap { binding in
      lookup.input(binding.target).map { (binding.port, $0.0, $0.1) }
    }
    var ports: [(port: String, lanes: [Outlet.Lane])] = []
    for binding in declaration.outputs {
      guard let lane = lookup.output(binding.target) else { continue }
      if let index = ports.firstIndex(where: { $0.port == binding.port }) {
        ports[index].lanes.append(lane)
      } else {
        ports.append((binding.port, [lane]))
      }
    }
    // Locks of several queues are taken in this order by everyone.
    outputs = ports.map { ($0.port, $0.lanes.sorted { $0.port.resource < $1.port.resource }) }
    uses = declaration.uses
    resources = process.topology.resources
  }

  func use(_ role: String) -> Int? { uses.first { $0.name == role }?.target.resource.index }
  func kind(of resource: Int) -> Resource.Kind { resources[resource].kind }
  func name(of resource: Int) -> String { resources[resource].name }

  /// What a reference of the file is in the arena.
  struct Lookup {
    var resources: [Resource]
    var arena: Arena
    var worker: Int

    func input(_ reference: ResourceReference) -> (InputPort, ItemType)? {
      let index = reference.resource.index
      switch resources[index].kind {
      case .queue(let queue): return arena.queueReader(index, worker: worker).map { (.queue($0), queue.storedType) }
      case .pipe(let pipe):
        // What end a reads was written at end b.
        let fromA = reference.end == .b || !pipe.isDuplex
        return arena.pipe(index, fromA: fromA).map {
          (.pipe($0), fromA ? pipe.storedTypeFromA : pipe.storedTypeFromB)
        }
      default: return nil
      }
    }

    func output(_ reference: ResourceReference) -> Outlet.Lane? {
      let index = reference.resource.index
      let name = resources[index].name
      switch resources[index].kind {
      case .queue(let queue):
        return arena.queueWriter(index, worker: worker).map {
          lane(.queue($0), queue.storedType, name)
        }
      case .pipe(let pipe):
        let fromA = reference.end == .a || !pipe.isDuplex
        return arena.pipe(index, fromA: fromA).map {
          lane(.pipe($0), fromA ? pipe.storedTypeFromA : pipe.storedTypeFromB, name)
        }
      default: return nil
      }
    }

    private func lane(_ port: OutputPort, _ type: ItemType, _ name: String) -> Outlet.Lane {
      Outlet.Lane(port: port, type: type, buffer: RecordBuffer(format: port.format), resourceName: name)
    }
  }
}
