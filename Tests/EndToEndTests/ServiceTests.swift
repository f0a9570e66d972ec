import Glibc
import Testing

/// topologies/service/: a real server with a health check and filters in Python, as one would run it for a day: each
/// part killed, scaled, reloaded and looked into while orders pass.
@Suite(.serialized) struct ServiceTests {
  private static let orderCount = 12_000

  private struct Service {
    let world: World
    let file: String
    var environment: [String: String] { ["STORE": "\(world.folder)/store", "ORDERS": "\(orderCount + 1)"] }

    /// In a folder of its own, where it can be changed.
    init(_ world: World) throws {
      self.world = world
      _ = try world.shell("cp -r \(World.root)/topologies/service \(world.folder)/service")
      file = "\(world.folder)/service/service.yaml"
    }

    func mporch(_ arguments: String) throws -> Child.Outcome {
      let variables = environment.map { "\($0.key)=\($0.value)" }.joined(separator: " ")
      return try world.shell("cd \(world.folder)/service && \(variables) $MPORCH \(arguments)", within: 120)
    }

    /// Of one who asks the server itself.
    func redis(_ command: String) throws -> [String] {
      try world.shell("redis-cli -s \(world.folder)/store/redis.sock \(command)").lines
    }
  }

  /// Seen to fail: items of `replies: each` that are finished when they are written, not when they are answered.
  @Test func ordersSurviveAllThatHappensToTheirParts() throws {
    try World.with { world in
      let service = try Service(world)
      let up = try service.mporch("up -d --wait -f service.yaml")
      #expect(up.status == 0, "\(up.errors)")
      for part in ["store", "price-2", "save", "admit", "orders", "report", "price-1", "store"] {
        // One that is between two lives, or has done its work, can't be killed.
        _ = try service.mporch("kill \(part) -s KILL")
        usleep(150_000)
      }
      try scale(service)
      try reload(service)
      try look(service)
      let isReported = try poll(within: 90) {
        try service.mporch("logs report --no-log-prefix").lines.contains("\(Self.orderCount)")
      }
      #expect(isReported)
      let prices = try service.redis("hvals prices").compactMap { Int($0) }
      #expect(prices.count == Self.orderCount)
      var expected = 0
      for order in 1...Self.orderCount { expected += 100 + order * order % 900 }
      #expect(prices.reduce(0, +) == expected)
      #expect(try service.mporch("down").status == 0)
    }
  }

  private func scale(_ service: Service) throws {
    let scaled = try service.mporch("scale price=5")
    #expect(scaled.status == 0, "\(scaled.errors)")
    #expect(try service.mporch("ps -a").text.contains("price-5"))
  }

  private func reload(_ service: Service) throws {
    let changed = try service.world.shell("sed -i 's/rate: 2000/rate: 4000/' \(service.file)")
    #expect(changed.status == 0)
    let plan = try service.mporch("up -d -f service.yaml")
    #expect(plan.status == 0 && (plan.text + plan.errors).contains("admit"), "\(plan.text)\(plan.errors)")
  }

  private func look(_ service: Service) throws {
    for (command, word) in [("inspect", "prices"), ("why", "admit"), ("tap stored -n 1", ""), ("events --since 1h --until 0s", "store-1")] {
      let seen = try service.mporch("\(command)")
      #expect(seen.status == 0 && seen.text.contains(word), "\(command): \(seen.text)\(seen.errors)")
    }
  }
}
