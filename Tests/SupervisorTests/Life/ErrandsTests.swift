import Testing
import Topology

@testable import Supervisor

/// Every request that waits for a process, with everything that may come between. `RandomRunTests` has them all at once.
struct ErrandsTests {
  enum Request: CaseIterable {
    case stop, start, restart

    var event: LifeEvent {
      switch self {
      case .stop: .stop(grace: nil)
      case .start: .start
      case .restart: .restart(grace: nil)
      }
    }
  }

  enum Between: CaseIterable {
    case nothing, stop, start, restart, removal, exchange, end, death
  }

  private typealias Answer = Errands<Int>.Answer

  private let errandNames: [Request: String] = [.stop: "stop", .start: "start", .restart: "restart"]

  /// Of a running process, to which the request came and then the other, before it was gone.
  private func expected(_ request: Request, _ between: Between) -> Answer {
    let done = Answer.done(killed: [])
    func overtaken(_ cause: String) -> Answer { .overtaken(command: errandNames[request] ?? "", by: cause) }
    switch (request, between) {
    // It runs: there is nothing to wait for.
    case (.start, _): return done
    case (.stop, .start): return overtaken("start")
    case (.stop, .restart): return overtaken("restart")
    case (.stop, _): return done
    case (.restart, .stop): return overtaken("stop")
    case (.restart, .removal): return overtaken("removal")
    case (.restart, .end): return overtaken("end")
    case (.restart, _): return done
    }
  }

  /// Seen to fail: `restart` that a `stop` came after, and `stop` that a `restart` or a `start` came after, waited for
  /// ever; `restart` in a run that ended was answered as done.
  @Test(arguments: Request.allCases, Between.allCases) func eachRequestHasItsEnd(request: Request, between: Between) {
    let scene = Scene()
    scene.ask(request)
    scene.let(between)
    scene.passOn()
    #expect(scene.answers.map(\.answer).first == expected(request, between), "\(scene.answers)")
    #expect(scene.errands.isEmpty)
  }

  /// Seen to fail: a process that could not start was waited for.
  @Test func whatNeverStartsIsTold() {
    let scene = Scene(policy: .never, isRunning: false)
    scene.ask(.restart)
    scene.take(.dependenciesImpossible(reason: "depends on 'b', which failed"))
    #expect(scene.answers.map(\.answer) == [.failed("a-1 never started: it depends on 'b', which failed")])
  }

  /// Seen to fail: the names of who had been killed before.
  @Test func whoHadToBeKilledIsToldByWhoWaited() {
    let scene = Scene()
    scene.ask(.stop)
    scene.errands.recordKill(of: scene.instance)
    scene.passOn()
    #expect(scene.answers.map(\.answer) == [.done(killed: ["a-1"])])
  }

  /// One process, and who waits for it.
  private final class Scene {
    let instance: Instance
    var errands = Errands<Int>()
    private(set) var answers: [(client: Int, answer: Answer)] = []
    private var course = RunCourse.running

    init(policy: ProcessDeclaration.RestartPolicy = .never, isRunning: Bool = true) {
      var declaration = Declared.process("a")
      declaration.restart = policy
      instance = Instance(
        index: 0, plan: InstancePlan(name: "a-1", process: 0, replica: 1), declaration: SharedDeclaration(declaration),
        upStreams: UpStreamUse())
      if isRunning { take(.dependenciesMet) }
    }

    func ask(_ request: Request) {
      errands.add(
        "\(request)", request == .stop ? .rest : .life, [instance], isNewLife: request == .restart, 1)
      take(request.event)
    }

    func `let`(_ between: Between) {
      switch between {
      case .nothing: break
      case .stop: cross(.stop(grace: nil), .rest, "stop")
      case .start: cross(.start, .life, "start")
      case .restart: cross(.restart(grace: nil), .life, "restart")
      case .removal: cross(.halt(grace: nil), .rest, "removal")
      case .exchange: take(.halt(grace: nil))
      case .end:
        course = .stopping
        cross(.runStops, .rest, "end")
      case .death: take(.died(.init(outcome: .succeeded(byEndOfStream: false), lived: .zero)))
      }
      if between == .exchange {
        passOn()
        take(.relinked)
        take(.dependenciesMet)
      }
    }

    private func cross(_ event: LifeEvent, _ goal: Errands<Int>.Goal, _ cause: String) {
      answers += errands.overtake([instance], goal: goal, by: cause)
      take(event)
    }

    /// Who was told to end does so.
    func passOn() {
      if case .stopping = instance.state { take(.died(.init(outcome: .failed(reason: "x"), lived: .zero))) }
      if course == .stopping, instance.state.isRunning { take(.killed) }
      if case .stopping = instance.state { take(.died(.init(outcome: .failed(reason: "x"), lived: .zero))) }
    }

    func take(_ event: LifeEvent) {
      let deeds = instance.life.take(event, while: course)
      if deeds.contains(.begin) {
        _ = instance.life.take(.began(.init(pid: 1, startedAt: 0)), while: course)
      }
      answers += errands.answers()
    }
  }
}
