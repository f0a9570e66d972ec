import Supervisor

/// What is said at the end of items that were lost with a command.
enum LossText {
  static func line(_ loss: ItemLoss, with instance: String) -> String {
    "\(loss.words) that the command of \(instance) was given \(loss.atMost == 1 ? "is" : "are") lost"
  }
}
