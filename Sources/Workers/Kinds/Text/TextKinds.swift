/// The kinds of this folder.
enum TextKinds {
  static var all: [any Kind.Type] {
    [
      ReadLines.self, CountWords.self, MergeCounts.self, SplitWords.self, Items.self, Blocks.self, Print.self,
      WriteLines.self, Discard.self, Compute.self, Echo.self, Ping.self, Sleep.self, Exit.self, Crash.self, Gather.self,
      Take.self, Throttle.self, Tick.self,
    ]
  }
}
