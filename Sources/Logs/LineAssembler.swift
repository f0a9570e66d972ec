import Glibc

/// How a piece of text ends.
package enum LineEnd: Sendable {
  /// With the line's newline, or with the end of the stream.
  case newline
  /// Within a line that is longer than the bound.
  case fragment
}

/// Makes whole lines of the chunks that a pipe gives out: one for each stream, so that no two streams mix.
///
/// A line within one chunk is handed on where it lies; only what crosses chunks is copied: logs come at the speed of
/// memory, which `IncomingLines` does not have.
package final class LineAssembler {
  private let maxByteCount: Int
  private var pending = ByteBuffer()

  /// A line over `maxByteCount` is handed on in fragments of that size, so that memory stays bounded.
  package init(maxByteCount: Int) {
    precondition(maxByteCount > 0)
    self.maxByteCount = maxByteCount
  }

  /// Calls `emit` for every piece that is complete, without its newline. The bytes are lent for the call.
  @inline(__always)
  package func feed(_ chunk: UnsafeRawBufferPointer, emit: (UnsafeRawBufferPointer, LineEnd) -> Void) {
    guard let base = chunk.baseAddress else { return }
    var start = 0
    if pending.count > 0 { start = completePending(chunk, emit: emit) }
    while start < chunk.count {
      let rest = chunk.count - start
      guard let newline = memchr(base + start, 0x0A, rest) else {
        holdBack(UnsafeRawBufferPointer(start: base + start, count: rest), emit: emit)
        return
      }
      let end = UnsafeRawPointer(newline) - base
      handOn(UnsafeRawBufferPointer(start: base + start, count: end - start), emit: emit)
      start = end + 1
    }
  }

  /// What has begun of a line and not ended; lent until the next call.
  package var unfinished: UnsafeRawBufferPointer { pending.bytes }

  /// The stream has ended: what no newline ended is a line too.
  package func finish(emit: (UnsafeRawBufferPointer, LineEnd) -> Void) {
    guard pending.count > 0 else { return }
    emit(pending.bytes, .newline)
    pending.removeAll()
  }

  @inline(__always)
  private func handOn(_ line: UnsafeRawBufferPointer, emit: (UnsafeRawBufferPointer, LineEnd) -> Void) {
    guard line.count > maxByteCount else { return emit(line, .newline) }
    emit(cutFragments(line, emit: emit), .newline)
  }

  private func holdBack(_ part: UnsafeRawBufferPointer, emit: (UnsafeRawBufferPointer, LineEnd) -> Void) {
    pending.append(cutFragments(part, emit: emit))
  }

  /// Never leaves nothing: a line's last piece, or the bytes held back, are at least one byte.
  private func cutFragments(
    _ part: UnsafeRawBufferPointer, emit: (UnsafeRawBufferPointer, LineEnd) -> Void
  ) -> UnsafeRawBufferPointer {
    var part = part
    while part.count > maxByteCount {
      emit(UnsafeRawBufferPointer(rebasing: part[..<maxByteCount]), .fragment)
      part = UnsafeRawBufferPointer(rebasing: part[maxByteCount...])
    }
    return part
  }

  /// Goes on with the line held back, as far as this chunk has more of it; returns where the next one starts.
  private func completePending(
    _ chunk: UnsafeRawBufferPointer, emit: (UnsafeRawBufferPointer, LineEnd) -> Void
  ) -> Int {
    let newline = memchr(chunk.baseAddress!, 0x0A, chunk.count).map { UnsafeRawPointer($0) - chunk.baseAddress! }
    let length = newline ?? chunk.count
    let taken = min(length, maxByteCount - pending.count)
    pending.append(UnsafeRawBufferPointer(rebasing: chunk[..<taken]))
    if taken < length {
      emit(pending.bytes, .fragment)
      pending.removeAll()
      return taken
    }
    guard newline != nil else { return length }
    emit(pending.bytes, .newline)
    pending.removeAll()
    return length + 1
  }
}
