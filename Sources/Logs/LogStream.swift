/// The standard stream that a worker printed on.
package enum LogStream: String, Sendable, Hashable, CaseIterable {
  case stdout, stderr
}
