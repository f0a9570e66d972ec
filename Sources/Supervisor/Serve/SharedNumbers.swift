internal import Sharing
internal import Topology
internal import Workers

/// Values and arrays, as commands read and change them.
struct SharedNumbers {
  /// Elements that go into one answer; for more one asks again.
  private static let elementLimit = 10_000

  private let topology: Topology
  private let arena: Arena

  init(_ topology: Topology, _ arena: Arena) {
    self.topology = topology
    self.arena = arena
  }

  private struct Numbers {
    var index: Int
    var type: ElementType
    /// `nil`: a value.
    var length: Int?
  }

  /// `nil`: it is of another sort.
  private func numbers(_ index: Int) -> Numbers? {
    switch topology.resources[index].kind {
    case .value(let type, _): Numbers(index: index, type: type)
    case .array(let type, let length, _): Numbers(index: index, type: type, length: length)
    default: nil
    }
  }

  /// `nil`: the resource is none of numbers.
  func elements(_ request: GetRequest, of index: Int) throws(Refusal) -> Elements? {
    guard let numbers = numbers(index) else { return nil }
    let first = request.firstElement ?? 1
    let length = numbers.length ?? 1
    if let element = request.firstElement {
      try check(element, of: numbers)
      let last = element.addingReportingOverflow(max(1, request.elementCount ?? 1) - 1)
      try check(last.overflow ? .max : last.partialValue, of: numbers)
    }
    let count = min(request.elementCount ?? length, length - first + 1, Self.elementLimit)
    let size = numbers.type.byteCount
    let bytes = arena.bytes(of: index, from: (first - 1) * size, upTo: max(0, count) * size)
    return Elements(
      type: numbers.type.rawValue, length: numbers.length, first: first,
      values: ElementBytes.decode(bytes, as: numbers.type))
  }

  /// `element`: from 1; `nil`: all of them. Gives what was changed, in words.
  func set(_ name: String, element: Int?, _ texts: [String]) throws(Refusal) -> String {
    let index = try topology.resource(named: name)
    guard let numbers = numbers(index) else {
      throw topology.wrongSort(index, "'mporch set' changes values and arrays")
    }
    try store(elements(of: texts, numbers), from: element, numbers)
    let what = element.map { "\(name)[\($0)]" } ?? name
    return "'\(what)' was set to \(texts.count > 5 ? "\(texts.count) elements" : texts.joined(separator: " "))"
  }

  /// All are looked at before any is stored; each is stored at once, as a whole.
  private func store(_ elements: [[UInt8]], from element: Int?, _ numbers: Numbers) throws(Refusal) {
    let name = topology.resources[numbers.index].name
    if let element { try check(element, of: numbers) }
    let due = element == nil ? numbers.length ?? 1 : 1
    guard elements.count == due else {
      let whole = numbers.length == nil || element != nil ? "one number" : "its \(due) elements, or one: \(name)[1]"
      throw Refusal(
        "\(elements.count) numbers are given for '\(name)'", help: "give \(whole)", exitCode: 64)
    }
    guard let memory = arena.elements(numbers.index) else { return }
    let array = SharedArray(type: numbers.type, count: numbers.length ?? 1, elements: memory)
    for (offset, bytes) in elements.enumerated() {
      array.element((element ?? 1) - 1 + offset).storeBits(bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) })
    }
  }

  /// Of several texts, or of a list in JSON.
  private func elements(of texts: [String], _ numbers: Numbers) throws(Refusal) -> [[UInt8]] {
    var texts = texts
    if texts.count == 1, texts[0].hasPrefix("[") {
      let items: [Item]
      do throws(ItemError) {
        guard case .list(let found) = try JSONParser.parse(texts[0]) else { throw ItemError("no list") }
        items = found
      } catch {
        throw Refusal(
          "'\(texts[0])' is no list of numbers: \(error)", help: "as JSON, [1, 2, 3], or as so many words", exitCode: 64
        )
      }
      texts = items.map(\.json)
    }
    var elements: [[UInt8]] = []
    for text in texts {
      do throws(ElementText.Unfit) {
        elements.append(try ElementText.encode(text, as: numbers.type))
      } catch {
        let resource = topology.resources[numbers.index]
        throw Refusal(
          "\(resource.kind.noun) '\(resource.name)' can't be set: \(error.message)", help: error.help, exitCode: 1)
      }
    }
    return elements
  }

  private func check(_ element: Int, of numbers: Numbers) throws(Refusal) {
    let name = topology.resources[numbers.index].name
    guard let length = numbers.length else {
      throw Refusal("'\(name)' is a value: it has no elements", help: "name it without [\(element)]", exitCode: 1)
    }
    guard (1...length).contains(element) else {
      throw Refusal("array '\(name)' has no element \(element)", help: "they go from 1 to \(length)", exitCode: 1)
    }
  }
}

/// A number as a user writes it on the command line, in the form of the file, to the bytes that memory holds.
enum ElementText {
  /// Says what is wrong with the text, and what would be right.
  struct Unfit: Error, Equatable {
    var message: String
    var help: String
  }

  static func encode(_ text: String, as type: ElementType) throws(Unfit) -> [UInt8] {
    let scalar = Node.Scalar(text: text, isQuoted: false)
    guard type == .bool ? scalar.bool != nil : scalar.looksLikeNumber else {
      throw Unfit(message: "'\(text)' is no \(type.rawValue)", help: "\(type.rawValue) \(type.rangeWords)")
    }
    var number = scalar.literal
    if type.isInteger, case .float(let value)? = scalar.number {
      guard value.rounded() == value, let whole = Int128(exactly: text) else {
        throw Unfit(message: "\(text) is no whole number", help: "\(type.rawValue) \(type.rangeWords)")
      }
      // Digit for digit, where the float has rounded it.
      number = Int64(exactly: whole).map(Literal.int) ?? UInt64(exactly: whole).map(Literal.unsigned)
    }
    guard let literal = number, let bytes = ElementBytes.encode(literal, as: type) else {
      throw Unfit(
        message: "\(text) is out of the range of \(type.rawValue)", help: "\(type.rawValue) \(type.rangeWords)")
    }
    return bytes
  }
}
