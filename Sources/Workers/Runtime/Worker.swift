public import SystemPackage

/// What a kind sees of the process that it runs in.
///
/// Confined to its process, which has one thread.
public final class Worker {
  /// `count-2`.
  public let instanceName: String
  /// From 1.
  public let replica: Int
  public let replicas: Int

  /// The port that every kind with one input has.
  public var input: Inlet { fatalError() }
  /// Bound or not: `nil` where the file gives that port nothing.
  public func input(_ port: String) -> Inlet? { fatalError() }
  public var output: Outlet? { fatalError() }
  public func output(_ port: String) -> Outlet? { fatalError() }

  /// A resource by its role in the signature's `uses`; `nil` where the file gives none.
  public func value(_ role: String) -> SharedValue? { fatalError() }
  public func array(_ role: String) -> SharedArray? { fatalError() }
  public func lock(_ role: String) -> SharedLock? { fatalError() }

  /// Published for `ps` and the terminal; plain stores, cheap.
  public var progressDone: UInt64 { get { fatalError() } set { fatalError() } }
  public var progressTotal: UInt64 { get { fatalError() } set { fatalError() } }

  /// One line on the worker's standard output, its log; buffered, and written before the worker blocks or ends.
  /// `line` without its newline.
  public func print(_ line: String) throws { fatalError() }
  public func print(_ line: UnsafeRawBufferPointer) throws { fatalError() }

  /// The standard streams of `mporch up`, for a kind whose parameter of type `inputPaths` or `outputPath` is `-`;
  /// else `nil`. Blocking descriptors.
  public var standardInput: FileDescriptor? { fatalError() }
  public var standardOutput: FileDescriptor? { fatalError() }

  /// Waits for `duration`; publishes outputs first and shows the wait as a timer's.
  public func sleep(for duration: Duration) throws { fatalError() }
  /// Monotonic clock, nanoseconds.
  public var now: UInt64 { fatalError() }

  // MARK: What survives a kill of this worker

  /// Two numbers that a source keeps of where it is: zero at first; after a restart those of the last publish.
  /// Setting them takes effect in one step with the next publish of the outputs appended before.
  public var checkpoint: (UInt64, UInt64) { get { fatalError() } set { fatalError() } }

  /// Publishes outputs, then makes the checkpoint, the absorbed state and claims effective at once: for a kind that
  /// must have said something before it does what can't be undone.
  public func commit() throws { fatalError() }

  /// State of a kind that absorbs its input (`sum`, `count`, …), at most 64 bytes: `nil` at first, after a restart
  /// what the last finished batch left. Setting takes effect in one step with the end of the items taken before.
  public func absorbed<State: BitwiseCopyable>(as type: State.Type) -> State? { fatalError() }
  public func absorb<State: BitwiseCopyable>(_ state: State) { fatalError() }

  /// Called by every replica of a kind that answers at its end, after its input has ended. The last of them gets
  /// the states of all the replicas that have any (its own too) and answers for all; the others get `nil`.
  public func lastReplicaStates<State: BitwiseCopyable>(as type: State.Type) throws -> [State]? { fatalError() }

  /// A counter that all replicas of this process share: claims up to `count` of what is left below `limit`
  /// (`take`, `tick` count for all together). Effective in one step with the next publish or finished input.
  /// Gives the first claimed number and how many.
  public func claim(_ count: UInt64, below limit: UInt64) throws -> (first: UInt64, count: UInt64) { fatalError() }

  init() { fatalError() }
}
