import Supervisor
import Testing

@testable import Commands

/// Keys go in, effects come out.
@Suite struct TopKeyTests {
  private func press(_ model: inout TopModel, _ keys: Key...) -> [TopModel.Effect] {
    keys.flatMap { model.handle($0) }
  }

  private func action(_ verb: TopAction.Verb, _ instance: String, _ process: String, of count: Int) -> TopAction {
    TopAction(verb: verb, instance: instance, process: process, instanceCount: count)
  }

  /// Seen to fail: keys that act at once.
  @Test func asksBeforeItDisturbsAProcess() {
    var model = TopFixture.model(TopFixture.instances)
    #expect(press(&model, .down, .character("r")) == [])
    let restart = action(.restart, "count-1", "count", of: 2)
    #expect(model.prompt == .confirm(restart))
    #expect(press(&model, .character("r")) == [] && model.prompt == .none)
    #expect(press(&model, .character("r"), .character("y")) == [.perform(restart, forAll: false)])
    let stop = action(.stop, "count-1", "count", of: 2)
    #expect(press(&model, .character("x"), .character("a")) == [.perform(stop, forAll: true)])
    #expect(stop.request(forAll: true) == .stop(target: "count", gracePeriodSeconds: nil))
  }

  @Test func startsAtOnce() {
    var model = TopFixture.model(TopFixture.instances)
    #expect(
      press(&model, .end, .character("s")) == [.perform(action(.start, "top-1", "top", of: 1), forAll: false)])
  }

  /// Seen to fail: one that acts at once where it ends a process.
  @Test func scalesUpAtOnceAndAsksBeforeItScalesDown() {
    var model = TopFixture.model(TopFixture.instances)
    let up = action(.scale(to: 3), "count-1", "count", of: 2)
    #expect(press(&model, .down, .character("+")) == [.perform(up, forAll: false)])
    #expect(up.request(forAll: false) == .scale(["count": 3]))
    let down = action(.scale(to: 1), "count-1", "count", of: 2)
    #expect(press(&model, .character("-")) == [] && model.prompt == .confirm(down))
    #expect(press(&model, .character("y")) == [.perform(down, forAll: false)])
    #expect(press(&model, .end, .character("-")) == [] && model.notice?.sort == .failure)
  }

  /// Seen to fail: a cursor that stays at a row while others come before it.
  @Test func theCursorFollowsItsProcess() {
    var model = TopFixture.model(TopFixture.instances)
    _ = press(&model, .down, .down)
    #expect(model.selected?.name == "count-2")
    var instances = TopFixture.instances
    instances.insert(TopFixture.instance("new", 1), at: 0)
    model.take(.init(instances: instances, resources: []), time: 3_000_000_000, wallTime: 9)
    #expect(model.selected?.name == "count-2")
    _ = press(&model, .pageDown)
    #expect(model.selected?.name == "top-1")
    _ = press(&model, .home, .up)
    #expect(model.selected?.name == "new-1")
  }

  @Test func editsTheFilter() {
    var model = TopFixture.model(TopFixture.instances)
    _ = press(&model, .character("/"), .character("t"), .character("q"), .backspace, .character("o"), .enter)
    #expect(model.filter == "to" && model.selected?.name == "top-1")
    _ = press(&model, .character("/"), .character("x"), .escape)
    #expect(model.filter == "to")
    _ = press(&model, .escape)
    #expect(model.filter.isEmpty)
  }

  @Test func opensAndClosesALog() {
    var model = TopFixture.model(TopFixture.instances)
    #expect(press(&model, .enter) == [.openLog(instance: "read-1")])
    #expect(press(&model, .escape) == [.closeLog] && model.view == .overview)
    #expect(press(&model, .character("e")) == [.openLog(instance: "mporch")])
  }

  @Test func actsOnNoProcessWhereResourcesAreChosen() {
    var model = TopFixture.model(TopFixture.instances)
    #expect(press(&model, .tab, .character("x"), .character("y")) == [])
    _ = press(&model, .down, .enter)
    #expect(model.view == .resource(name: "go", offset: 0))
  }

  @Test(arguments: [TopModel.View.overview, .help(offset: 0), .log(TopLog(instance: "a-1"))])
  func controlCLeavesFromAnywhere(view: TopModel.View) {
    var model = TopFixture.model(TopFixture.instances)
    model.view = view
    #expect(press(&model, .control("c")) == [.quit])
  }

  /// Seen to fail: lines that move away under the reader.
  @Test func aLogThatIsReadStaysWhereItIs() {
    var log = TopLog(instance: "a-1")
    log.append((1...100).map { "\($0)" })
    log.scroll(by: 10)
    log.append(["101", "102"])
    #expect(log.linesBelow == 12 && log.lines.dropLast(log.linesBelow).last == "90")
    log.scroll(by: -1000)
    #expect(log.isFollowing)
    log.append((0..<TopLog.capacity).map { "\($0)" })
    #expect(log.lines.count == TopLog.capacity)
  }
}
