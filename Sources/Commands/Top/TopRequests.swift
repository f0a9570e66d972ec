import Supervisor

/// What keys have asked the run to do, and what came of it: each on a connection of its own, as it may take as long as a
/// process takes to stop.
final class TopRequests {
  private struct Pending {
    var action: TopAction
    var target: String
    var connection: ControlConnection
  }

  private let connect: () -> ControlConnection?
  private var pending: [Pending] = []

  init(connect: @escaping () -> ControlConnection?) { self.connect = connect }

  /// Readable when an answer is there.
  var descriptors: [Int32] { pending.map(\.connection.descriptor) }

  func perform(_ action: TopAction, forAll: Bool) -> TopModel.Notice {
    let target = action.target(forAll: forAll)
    guard let connection = connect(), (try? connection.send(action.request(forAll: forAll))) != nil else {
      return .init(text: "the supervisor does not answer", sort: .failure)
    }
    pending.append(Pending(action: action, target: target, connection: connection))
    return .init(text: "\(action.verb.word) \(target) …", sort: .progress)
  }

  /// The answers that have come.
  func receive() -> [TopModel.Notice] {
    let ready = pending.filter { $0.connection.isReadable }
    let answers = ready.map { ($0, answer(to: $0)) }
    for (request, notice) in answers where notice != nil {
      pending.removeAll { $0.connection === request.connection }
    }
    return answers.compactMap(\.1)
  }

  /// `nil`: it is not complete.
  private func answer(to request: Pending) -> TopModel.Notice? {
    do {
      guard try request.connection.receive() else {
        return .init(text: "\(request.action.verb.word) \(request.target): no answer", sort: .failure)
      }
      guard request.connection.hasReply else { return nil }
      let killed: [String]
      switch try request.connection.next() {
      case .done(let names)?: killed = names
      case .changed(let report)?: killed = report.killed
      default: throw CommandFailure.unexpectedReply
      }
      let words = "\(request.target) \(request.action.verb.pastWord)"
      guard !killed.isEmpty else { return .init(text: words, sort: .success) }
      return .init(
        text: "\(words); killed, as the grace period was over: \(killed.joined(separator: ", "))", sort: .failure)
    } catch let failure as CommandFailure {
      return .init(text: [failure.message, failure.help].compactMap(\.self).joined(separator: "; "), sort: .failure)
    } catch {
      return .init(text: "\(error)", sort: .failure)
    }
  }
}
