extension Stepper {
  /// A reader gives up the item that it is at, which is the first of its lease, though it lives: the item is finished
  /// and a dead letter in one step, as soon as there is room for it.
  ///
  /// - `letter`: the dead-letter queue's end of this worker, and the item in the form of that; `nil`: the item is lost.
  package mutating func reject(
    _ progress: InputProgress, of reader: QueueReader, as letter: (writer: QueueWriter, record: PendingRecords)?,
    until deadline: UInt64? = nil
  ) -> Outcome {
    func input(_ givenUp: GivenUp) -> Input { Input(port: .queue(reader), progress: progress, givenUp: givenUp) }
    guard let letter else {
      finish(input(.forGood))
      return .done(records: 0)
    }
    return publish(to: [.queue(letter.writer)], pending: { _ in letter.record }, until: deadline) { _ in
      input(.toDeadLetters)
    }
  }
}
