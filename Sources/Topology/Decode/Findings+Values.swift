internal import Limits
import Text

// Typed reading of single values. `subject` names the value in messages: `'capacity' of queue 'lines'`. What is not of
// the form that is due is reported, once, and `nil` returned.

extension Findings {
  func wrong(_ node: Node, _ subject: String, mustBe expected: String, help: String? = nil) {
    guard !node.isInvalid else { return }
    error(at: node.place, "\(subject) must be \(expected), not \(node.quoted)", help: help)
  }

  func integer(_ node: Node, in range: ClosedRange<Int>, _ subject: String, help: String? = nil) -> Int? {
    let value = node.scalar?.integer ?? node.scalar?.integralFloat
    if case .int(let value)? = value, range.contains(Int(value)) { return Int(value) }
    let bounds =
      range.lowerBound == .min && range.upperBound == .max
      ? ""
      : range.upperBound >= Limit.count.upperBound ? " of at least \(range.lowerBound)" : " " + Wording.range(range)
    // A number just too large deserves the bound that it broke.
    let isTooLarge = if case .int(let value)? = value { value > range.upperBound } else { value != nil }
    wrong(
      node, subject,
      mustBe: isTooLarge ? "a whole number of at most \(range.upperBound)" : "a whole number" + bounds, help: help)
    return nil
  }

  func boolean(_ node: Node, _ subject: String) -> Bool? {
    if let value = node.scalar?.bool { return value }
    let spelled = node.scalar.map { ["yes", "no", "on", "off", "y", "n"].contains($0.text.lowercased()) } ?? false
    wrong(
      node, subject, mustBe: "true or false",
      help: spelled || node.scalar?.isQuoted == true ? "only 'true' and 'false', without quotes, are booleans" : nil)
    return nil
  }

  func duration(_ node: Node, _ subject: String, zeroAllowed: Bool = true) -> Duration? {
    guard let scalar = text(of: node, subject, mustBe: "a duration", help: "write it like 250ms, 10s, 1m30s or 2h")
    else { return nil }
    do throws(InvalidText) {
      let duration = try Duration.parse(scalar)
      if duration > .zero || zeroAllowed { return duration }
      wrong(node, subject, mustBe: "longer than nothing")
    } catch {
      self.error(at: node.place, "\(subject): \(error.message)", help: error.help)
    }
    return nil
  }

  func size(_ node: Node, in range: ClosedRange<Int>, _ subject: String) -> Int? {
    guard let scalar = text(of: node, subject, mustBe: "a size", help: "write bytes, or 64KiB, 10MB, 1GiB") else {
      return nil
    }
    do throws(InvalidText) {
      let count = try ByteCount.parse(scalar)
      if range.contains(count) { return count }
      wrong(node, subject, mustBe: "a size \(Wording.range(range)) bytes")
    } catch {
      self.error(at: node.place, "\(subject): \(error.message)", help: error.help)
    }
    return nil
  }

  /// One of `words`.
  func word(
    _ node: Node, among words: [String], _ subject: String, foreign: ForeignWords = ForeignWords(),
    otherwise: String? = nil
  ) -> String? {
    if let text = node.scalar?.text, words.contains(text) { return text }
    wrong(
      node, subject, mustBe: Wording.choice(words),
      help: node.scalar.flatMap {
        foreign[$0.text]?.help ?? Wording.suggestion(for: $0.text, among: words, otherwise: otherwise)
      })
    return nil
  }

  func word<Word: RawRepresentable<String> & CaseIterable>(
    _ node: Node, _ type: Word.Type, _ subject: String, foreign: ForeignWords = ForeignWords(), otherwise: String? = nil
  ) -> Word? {
    word(node, among: Word.allCases.map(\.rawValue), subject, foreign: foreign, otherwise: otherwise)
      .flatMap(Word.init(rawValue:))
  }

  /// A scalar as it is written, numbers too; nothing and the empty text are none.
  func string(_ node: Node, _ subject: String) -> String? {
    text(of: node, subject, mustBe: "text", help: nil)
  }

  /// As `string`, of what goes to the system.
  func systemString(_ node: Node, _ subject: String) -> String? {
    string(node, subject).flatMap { isUncut($0, at: node.place, subject) ? $0 : nil }
  }

  /// Words, variables and paths go to the system as texts that a zero byte ends.
  func isUncut(_ text: String, at place: Place, _ subject: String) -> Bool {
    guard text.utf8.contains(0) else { return true }
    error(at: place, "\(subject) has a zero byte", help: "leave it out: the system would cut the text there")
    return false
  }

  /// One string, or a list of them.
  func strings(_ node: Node, _ subject: String) -> [String]? {
    guard case .sequence(let elements) = node.content else { return string(node, subject).map { [$0] } }
    let texts = elements.map { string($0, "an element of \(subject)") }
    return texts.contains(nil) ? nil : texts.compactMap { $0 }
  }

  private func text(of node: Node, _ subject: String, mustBe expected: String, help: String?) -> String? {
    guard let scalar = node.scalar, !scalar.isInvalid, !scalar.isNull, !scalar.text.isEmpty else {
      if node.scalar?.text.isEmpty == true, node.scalar?.isQuoted == true {
        wrong(node, subject, mustBe: expected + ", and not empty", help: help)
      } else {
        wrong(node, subject, mustBe: expected, help: help)
      }
      return nil
    }
    return scalar.text
  }

  /// `nil` and reported: not a name.
  func name(_ text: String, at place: Place, _ subject: String) -> String? {
    guard NameText.hasForm(text) else {
      error(
        at: place, "'\(text)' can't name \(subject)",
        help: "a name is a letter and then letters, digits, '_' and '-'")
      return nil
    }
    guard text.utf8.count <= Limit.nameLength else {
      error(
        at: place, "the name of \(subject) has \(text.utf8.count) characters, and the most is \(Limit.nameLength)",
        help: "shorten it")
      return nil
    }
    return text
  }

  func signal(_ node: Node, _ subject: String) -> Int32? {
    guard let text = string(node, subject) else { return nil }
    if let number = SignalName.number(of: text) { return number }
    let near = nearest(to: text.uppercased(), among: SignalName.all)
    wrong(
      node, subject, mustBe: "a signal",
      help: near.map { "did you mean '\($0)'?" } ?? "write a name such as SIGTERM, or a number from 1 to 64")
    return nil
  }
}

extension Node.Scalar {
  /// `1e6` where a whole number is due.
  var integralFloat: Literal? {
    guard case .float(let value)? = number, let whole = Int64(exactly: value) else { return nil }
    return .int(whole)
  }
}
