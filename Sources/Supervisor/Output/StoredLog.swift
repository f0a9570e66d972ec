internal import Logs

/// The capture of one instance's output, shared by the tables that name it.
final class StoredLog {
  var capture: LogCapture

  init(_ capture: consuming LogCapture) { self.capture = capture }
}
