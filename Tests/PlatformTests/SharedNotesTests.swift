import Glibc
import Testing

@testable import Platform

@Suite struct SharedNotesTests {
  private func leave(_ text: String, _ notes: SharedNotes, at index: Int) {
    // To nobody: the parent of the tests is not told.
    Array(text.utf8).withUnsafeBytes { notes.leave($0, at: index, tellingBy: 0) }
  }

  private func take(_ notes: SharedNotes, at index: Int) -> [String] {
    notes.take(at: index).map { String(decoding: $0, as: UTF8.self) }
  }

  @Test func eachIsTakenOnceAndInOrder() throws {
    let notes = try SharedNotes(count: 3, ringByteCount: 128)
    leave("one", notes, at: 1)
    leave("", notes, at: 1)
    leave("two", notes, at: 1)
    #expect(notes.places == [1])
    #expect(take(notes, at: 1) == ["one", "", "two"])
    #expect(take(notes, at: 1) == [] && notes.places == [])
    // Who has no place is not heard.
    leave("lost", notes, at: 3)
    #expect(take(notes, at: 3) == [] && take(notes, at: -1) == [])
  }

  /// Around the ring's end, in every place of it. Seen to fail: a copy that does not go on at the start.
  @Test func theyGoAroundTheRing() throws {
    let notes = try SharedNotes(count: 1, ringByteCount: 128)
    for number in 0..<1000 {
      let text = String(repeating: "x", count: number % 90) + "\(number)"
      leave(text, notes, at: 0)
      #expect(take(notes, at: 0) == [text])
    }
  }

  @Test func oneThatIsLargerThanTheRingIsCut() throws {
    let notes = try SharedNotes(count: 1, ringByteCount: 128)
    leave(String(repeating: "x", count: 500), notes, at: 0)
    #expect(take(notes, at: 0) == [String(repeating: "x", count: 124)])
  }
}
