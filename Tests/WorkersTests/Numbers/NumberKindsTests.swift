import Testing
import Topology

@testable import Workers

@Suite struct NumberKindsTests {
  /// Seen to fail: a kind listed twice, another not.
  @Test func namesAreDistinctAndEveryDefaultMakesAKind() throws {
    let signatures = NumberKinds.all.map { $0.signature }
    #expect(Set(signatures.map(\.name)).count == signatures.count)
    for kind in NumberKinds.all {
      let defaults = kind.signature.parameters.compactMap { parameter in
        parameter.defaultValue.map { (parameter.name, $0) }
      }
      _ = try kind.init(Arguments(Dictionary(uniqueKeysWithValues: defaults)))
    }
  }

  private func problems(
    _ kind: any Kind.Type, _ arguments: [String: Literal], replicas: Int = 1, uses: Set<String> = []
  ) -> [KindSignature.Problem] {
    kind.signature.check(
      .init(arguments: Arguments(arguments), replicas: replicas, inputs: [:], outputs: [:], uses: uses))
  }

  /// Seen to fail: a step of 0 let through.
  @Test func findsWhatParametersDoNotSay() {
    #expect(problems(RangeKind.self, ["step": .int(0)]).map(\.subject) == [.parameter("step")])
    #expect(problems(RangeKind.self, ["step": .int(-1)]).isEmpty)
    #expect(
      problems(IncrementKind.self, ["mode": .string("locked")], uses: ["value"]).map(\.subject) == [.parameter("mode")])
    #expect(problems(IncrementKind.self, ["mode": .string("locked")], uses: ["value", "lock"]).isEmpty)
    #expect(problems(IncrementKind.self, ["mode": .string("atomic")], uses: ["value"]).isEmpty)
    #expect(problems(SortKind.self, [:], replicas: 2).count == 1)
    #expect(problems(MandelbrotKind.self, [:], replicas: 2).count == 1)
    #expect(problems(MandelbrotKind.self, [:], replicas: 2, uses: ["array"]).isEmpty)
  }
}
