internal import Glibc
internal import Platform
internal import Sharing
internal import SystemPackage
internal import Topology

/// A worker that is no process of the topology: it carries items between a queue and a command for as long as that
/// asks for it. `ps` does not show it; its death is repaired like any other.
struct Courier {
  /// In the worker table.
  let worker: Int
  let onEnd: (Ending) -> Void
}

extension Run {
  /// Forks a courier that touches what `links` say. `work` runs in the child, whose only other descriptors than
  /// standard ones, which lead nowhere, are the `kept`; it gets its place in the worker table, and its result is the
  /// exit code. `onEnd` is called here when it is gone and what it had is given back.
  func sendCourier(
    _ links: WorkerLinks, keeping kept: Int32, _ work: (Arena, _ worker: Int) -> Int32,
    onEnd: @escaping (Ending) -> Void
  ) throws(Refusal) -> pid_t {
    let worker: Int
    do throws(AdmissionRefusal) {
      worker = try arena.admit(group: nil, links)
    } catch {
      throw Refusal(error, topology)
    }
    do throws(Errno) {
      let pid = try spawner.spawnCourier(worker, keeping: kept, work)
      couriers[pid] = Courier(worker: worker, onEnd: onEnd)
      charge.workers[worker] = pid
      return pid
    } catch {
      arena.remove(worker)
      throw Refusal("no process could be started for it: \(error)", exitCode: 69)
    }
  }

  /// False: it was none.
  func take(_ death: ChildProcess.Death, ofCourier pid: Int32) -> Bool {
    guard let courier = couriers.removeValue(forKey: pid) else { return false }
    isUnsettled = true
    // What it has not finished returns; that it was told to end does not count against an item.
    _ = arena.scavenge(courier.worker, isFailure: false)
    ChildProcess.reap(pid)
    charge.workers[courier.worker] = 0
    arena.remove(courier.worker)
    courier.onEnd(Ending(death))
    return true
  }
}

extension Refusal {
  init(_ refusal: AdmissionRefusal, _ topology: Topology) {
    switch refusal {
    case .noRoom(let limit):
      self.init(
        "a run has room for \(limit) workers more than it began with, and they are taken",
        help: "start it anew: mporch down, then mporch up", exitCode: 69)
    case .endIsHeld(let pipe, _):
      self.init(
        "an end of pipe '\(topology.resources[pipe].name)' belongs to a process that is there still", exitCode: 65)
    }
  }
}
