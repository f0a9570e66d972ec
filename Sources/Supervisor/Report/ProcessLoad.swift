/// How the instances of one process have spent their time together: shares of it, from 0 to 1.
struct ProcessLoad: Equatable {
  var name: String
  var instances = 0
  /// Getting items, by the queue.
  var reading: [Int: Double] = [:]
  /// Waiting for room, by the queue.
  var writing: [Int: Double] = [:]
  var locks: [Int: Double] = [:]
  /// Sleeping: until a time that it has set itself.
  var timer = 0.0
  /// For standard input.
  var outside = 0.0
  /// Its command is at work or asleep: which of both nobody sees.
  var command = 0.0
  var working = 0.0
  /// Between two lives.
  var down = 0.0
  /// Some instance lives, or will live again.
  var isAlive = true
  var traits = Traits()

  /// What is known of a process without looking at its time.
  struct Traits: Equatable {
    var pace = Pace.work
    var growth = Growth.replicas
    /// It gets nothing from others of the run.
    var isSource = false
  }

  /// What decides how fast it is.
  enum Pace: Equatable {
    /// What it has to do for each item.
    case work
    /// A parameter of its kind, meant as a limit.
    case limit(parameter: String)
    /// Its command owes every answer (`replies: each`), for so many seconds now.
    case unanswered(seconds: Double)
  }

  /// How there could be more of it.
  enum Growth: Equatable {
    case replicas
    /// A pool's workers.
    case size
    /// There can be but one, for this reason.
    case none(String)
  }

  /// Why it is down, in words.
  var downReason: String?

  /// What it would take as long for, were all others quick.
  var busy: Double { timer + outside + command + working + down }
}

/// A queue with those who write and read it: indices of loads.
struct QueueFlow: Equatable {
  var resource: Int
  var name: String
  var capacity: Int
  var writers: [Int]
  var readers: [Int]
  var use = Use.declared

  enum Use: Equatable {
    /// By the file.
    case declared
    /// Commands take part in it.
    case external
    /// Of a pool's tasks, or of calls of managed objects: that it is empty is well.
    case requests
    /// Of answers to these.
    case replies
  }
}

/// What several wait for that one has at a time, or so many.
struct LockUse: Equatable {
  /// `lock 'ledger'`
  var name: String
  /// Of a bounded semaphore; `nil`: a lock.
  var bound: Int?
  /// A signal, whose counts belong to nobody: to wait for it is no sign of anything.
  var isSignal = false
}
