/// How the instances of one process have spent their time together: shares of it, from 0 to 1.
struct ProcessLoad: Equatable {
  var name: String
  var instances = 0
  /// Getting items, by the queue.
  var reading: [Int: Double] = [:]
  /// Waiting for room, by the queue.
  var writing: [Int: Double] = [:]
  var locks: [Int: Double] = [:]
  /// For timers, its command, its standard input: nothing that others of the run could do sooner.
  var own = 0.0
  var working = 0.0

  /// What it would take as long for, were all others quick.
  var busy: Double { own + working }
}

/// A queue with those who write and read it: indices of loads.
struct QueueFlow: Equatable {
  var resource: Int
  var name: String
  var capacity: Int
  var writers: [Int]
  var readers: [Int]
}
