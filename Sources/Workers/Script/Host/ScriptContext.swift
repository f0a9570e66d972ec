#if Lua
  internal import Platform
  internal import Sharing

  /// What the objects of one script have in common: the worker that they act for.
  final class ScriptContext {
    let arena: Arena
    let entry: WorkerEntry
    @exclusivity(unchecked) var stepper: Stepper
    var spin: SpinBudget
    /// What is to be done at a good end: to finish what the script was given.
    var conclusions: [() -> Void] = []
    /// The one that has taken several items at once and works through them: `WorkerEntry.reading` speaks of it.
    private var batchReader: ScriptInput?
    /// Of the queue or pipe by which `closed` was raised last.
    var closedReaders = QueueWriter.Readers.live
    /// Of the file, where the script has made the call that it is in; 0: unknown.
    var callLine: () -> Int = { 0 }
    /// Of the file that the script stands in.
    var fileName = ""
    /// Whether a `get` has told it that an input is at its end.
    var sawEndOfInput = false
    /// And that a process that wrote it failed.
    var sawIncompleteInput = false

    init(arena: Arena, worker: Int) {
      self.arena = arena
      entry = arena.entry(worker)
      stepper = Stepper(arena: arena, worker: worker)
      spin = SpinBudget(isUncontended: arena.isUncontended)
    }

    func ownsBatch(_ input: ScriptInput) -> Bool { batchReader === input }

    /// `input` has several items at once; another that had is settled.
    func beginBatch(of input: ScriptInput) {
      if let other = batchReader, other !== input { other.settle() }
      batchReader = input
    }

    func endBatch(of input: ScriptInput) {
      if batchReader === input { batchReader = nil }
    }

    /// Others get what this one has taken and not begun, and see what it waits on.
    func waiting<Result>(
      _ wait: WorkerEntry.Wait, until deadline: UInt64?, for need: WaitNeed = .nothingMore, _ body: () -> Result
    ) -> Result {
      prepareToWait()
      entry.beginWait(wait, isTimed: deadline != nil, for: need)
      defer { entry.endWait() }
      return body()
    }

    /// Before whatever may wait: others get what this one has taken and not begun, and see where in the file it waits.
    func prepareToWait() {
      batchReader?.giveBackRest()
      entry.line = callLine()
    }

    /// Where in the file the script has made the call that it is in.
    func callPlace() -> String {
      let line = callLine()
      return line > 0 ? "\(fileName):\(line)" : fileName
    }
  }
#endif
