import Testing

@testable import Supervisor

struct FrameTests {
  private func decode(_ bytes: [UInt8], piece: Int) throws -> [(FrameHeader, [UInt8])] {
    var decoder = FrameDecoder()
    var frames: [(FrameHeader, [UInt8])] = []
    for start in stride(from: 0, to: bytes.count, by: piece) {
      try bytes[start..<min(bytes.count, start + piece)].withUnsafeBytes { bytes in
        try decoder.feed(bytes) { frames.append(($0, Array($1))) }
      }
    }
    return frames
  }

  /// Seen to fail: a frame that was found left in the buffer.
  @Test(arguments: [1, 7, 24, 1000])
  func framesAreFoundHoweverTheyAreCut(piece: Int) throws {
    let output = FrameHeader(payloadByteCount: 3, kind: .output(instance: 70_000, stream: .stderr, time: -5))
    let end = FrameHeader(payloadByteCount: 0, kind: .output(instance: 0, stream: .stdout, time: .max))
    let bytes = output.encoded + Array("abc".utf8) + end.encoded + WireCoding.frame(ClientMessage.kill)
    let frames = try decode(bytes, piece: piece)
    #expect(frames.map(\.0.kind) == [output.kind, end.kind, .message])
    #expect(frames[0].1 == Array("abc".utf8))
    #expect(try WireCoding.decode(ClientMessage.self, from: frames[2].1) == .kill)
  }

  /// Seen to fail: no bound of the payload; an unknown kind, or stream, taken for a message.
  @Test func whatIsNoFrameIsRefused() {
    #expect(throws: BrokenFrame.self) { _ = try decode([UInt8](repeating: 0xFF, count: 24), piece: 24) }
    let output = FrameHeader(payloadByteCount: 0, kind: .output(instance: 0, stream: .stdout, time: 0)).encoded
    for unknown in [4, 5] {
      var other = output
      other[unknown] = 9
      #expect(throws: BrokenFrame.self) { _ = try decode(other, piece: 24) }
    }
    let long = FrameHeader(payloadByteCount: FrameHeader.maxPayloadByteCount + 1, kind: .message)
    #expect(throws: BrokenFrame.self) { _ = try decode(long.encoded, piece: 24) }
  }
}

struct WireCodingTests {
  /// Seen to fail: JSON on several lines.
  @Test func aRequestIsOneLineThatAnyoneCanWrite() throws {
    let request = ControlRequest.kill(target: "count-2", signal: 9)
    #expect(String(decoding: WireCoding.encode(request), as: UTF8.self) == #"{"kill":{"signal":9,"target":"count-2"}}"#)
    #expect(try WireCoding.decode(ControlRequest.self, from: #"{"ps":{}}"#.utf8) == .ps)
    #expect(try WireCoding.decode(ControlRequest.self, from: #"{"down":{}}"#.utf8) == .down(gracePeriodSeconds: nil))
  }

  /// Seen to fail: the same.
  @Test func aNewlineInATextStaysWithinTheLine() {
    let reply = ControlReply.refused(Refusal("a\nb", exitCode: 1))
    #expect(!WireCoding.encode(reply).contains(UInt8(ascii: "\n")))
  }

  /// Seen to fail: no negative integers read.
  @Test func numbersOfEveryTypeSurvive() throws {
    let numbers: [ResourceStatus.Number] = [.bool(true), .int(.min), .unsigned(.max), .float(0.5)]
    let detail = ResourceStatus.Detail.array(.init(type: "x", length: 4, head: numbers))
    let status = ResourceStatus(name: "a", detail: detail)
    #expect(try WireCoding.decode(ResourceStatus.self, from: WireCoding.encode(status)) == status)
  }

  /// Seen to fail: an empty text.
  @Test func whatJSONHasNoNumberForIsText() throws {
    let encoded = WireCoding.encode([ResourceStatus.Number.float(.infinity)])
    #expect(try WireCoding.decode([ResourceStatus.Number].self, from: encoded) == [.float(.infinity)])
  }
}

struct EventTextTests {
  /// Seen to fail: a pause in hundredths; a signal's number alone.
  @Test func namesSignalsAndPauses() {
    let exit = Event.Kind.exited(instance: "a-1", ending: .signalled(9), willRestartAfterSeconds: 0.1)
    #expect(Event(time: 0, kind: exit).text == "a-1 was ended by signal 9 (SIGKILL); starts again in 100ms")
    let end = Event.Kind.exited(instance: "a-1", ending: .exited(3), willRestartAfterSeconds: nil)
    #expect(Event(time: 0, kind: end).text == "a-1 exited with code 3")
  }
}
