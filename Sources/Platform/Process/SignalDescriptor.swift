internal import CPlatform
package import SystemPackage

/// Signals as something to read: they are blocked, and wait in a descriptor.
package final class SignalDescriptor {
  private let descriptor: Descriptor

  package init(_ signals: [Int32]) throws(Errno) {
    descriptor = Descriptor(owning: try shim { mporch_signal_descriptor(signals, Int32(signals.count)) })
  }

  package var number: Int32 { descriptor.number }

  /// The next one that has arrived.
  package func next() -> Int32? {
    let signal = mporch_next_signal(descriptor.number)
    return signal > 0 ? signal : nil
  }
}
