import Supervisor

@testable import Commands

/// A run that was looked at, twice.
enum TopFixture {
  static func instance(
    _ process: String, _ replica: Int, _ state: InstanceStatus.State = .running, cpu: Double = 0, items: UInt64 = 0,
    waitingOn: String? = nil
  ) -> InstanceStatus {
    var status = InstanceStatus(name: "\(process)-\(replica)", process: process, replica: replica, state: state)
    status.cpuSeconds = cpu
    status.itemsIn = items
    status.waitingOn = waitingOn
    if state == .running { (status.pid, status.rate, status.rssBytes) = (100, Double(items), 3 << 20) }
    return status
  }

  static let resources = [
    ResourceStatus(
      name: "slots", detail: .semaphore(.init(count: 1, initial: 4, isBounded: true, holders: ["a-1": 3], waiters: []))),
    ResourceStatus(name: "go", detail: .event(.init(isSet: true, waiters: []))),
  ]

  static func model(_ instances: [InstanceStatus], _ resources: [ResourceStatus] = resources) -> TopModel {
    var model = TopModel(
      RunStatus(
        project: "demo", pid: 1, startTicks: 1, files: [], directory: "/", logDirectory: "/", startedAt: 0,
        isDetached: true, mark: ""))
    let before = instances.map { status in
      var status = status
      status.cpuSeconds = 0
      return status
    }
    model.take(.init(instances: before, resources: resources), time: 0, wallTime: 0)
    model.take(.init(instances: instances, resources: resources), time: 2_000_000_000, wallTime: 62_000_000_000)
    return model
  }

  static let instances = [
    instance("read", 1, .succeeded), instance("count", 1, cpu: 1, items: 1500, waitingOn: "get lines"),
    instance("count", 2, cpu: 0.5, items: 20), instance("top", 1, .failed),
  ]
}
