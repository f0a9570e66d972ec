/// The step of a conversation: what came by a pipe is answered by a pipe.
extension Stepper {
  /// Publishes what `writer` has staged and finishes what was lent of another pipe, `items` messages of `byteCount`
  /// bytes before `position`, in one step, if nothing else changes with it; else does nothing and gives false:
  /// `publish` is for that.
  ///
  /// As `publish` does it, but that of the redo record only what is new is written, and that the two stores that the
  /// other side looks at come one behind the other, with one fence.
  package mutating func exchange(
    _ writer: PipeWriter, finishing reader: PipeReader?, before position: UInt64, items: Int, byteCount: Int
  ) -> Bool {
    guard isPlain, !writer.pipe.ends.contains(.readerEnded) else { return false }
    let staged = writer.pipe.staged
    if let reader {
      let redo = entry.redo
      prepareRedo(writer.pipe, reader.pipe)
      redo.header.pointee.input.newPosition = position
      redo.output(0).pointee.staged = staged
      redo.arm()
      reader.pipe.moveHead(to: position, .first)
      writer.pipe.moveTail(staged, .first)
      redo.disarm()
      PipeDirection.betweenChangeAndWake()
      writer.pipe.wakeReader()
      reader.pipe.wakeWriter()
      entry.add(UInt64(items), to: .itemsIn)
      entry.add(UInt64(byteCount), to: .bytesIn)
    } else {
      writer.pipe.publish(staged, .first)
    }
    entry.add(UInt64(staged.items), to: .itemsOut)
    entry.add(staged.payloadByteCount, to: .bytesOut)
    return true
  }

  /// Finishes what was lent of a pipe, if nothing else changes with it; else gives false: `finish` is for that.
  package func finish(_ reader: PipeReader, before position: UInt64, items: Int, byteCount: Int) -> Bool {
    guard isPlain else { return false }
    reader.pipe.advance(to: position)
    entry.add(UInt64(items), to: .itemsIn)
    entry.add(UInt64(byteCount), to: .bytesIn)
    return true
  }

  /// Outputs and input are all that the next step changes.
  private var isPlain: Bool { !durableChanged && claim == nil }

  /// What is the same in each exchange of these two.
  @inline(__always)
  private mutating func prepareRedo(_ output: PipeDirection, _ input: PipeDirection) {
    if let exchange, exchange == (output.index, input.index) { return }
    writeRedo(output, input)
  }

  @inline(never)
  private mutating func writeRedo(_ output: PipeDirection, _ input: PipeDirection) {
    var header = Redo.Header()
    header.outputs = 1
    header.hasInput = true
    header.inputIsPipe = true
    header.inputResource = UInt32(input.resource)
    header.inputEnd = UInt32(input.index)
    let redo = entry.redo
    redo.header.pointee = header
    redo.output(0).pointee = Redo.Output(
      resource: UInt32(output.resource), isPipe: true, direction: UInt32(output.index), dropped: 0,
      staged: StagedRecords(oldTail: 0, newTail: 0, items: 0, payloadByteCount: 0))
    exchange = (output.index, input.index)
  }
}
