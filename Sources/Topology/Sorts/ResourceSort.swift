/// A sort of resource, as files, graphs and the checks of scripts know it; an instance is one that is declared.
///
/// A new sort is a type of this kind, in a file of its own, and a case of `Resource.Kind` and `ResourceSection`.
protocol ResourceSort {
  /// Of the long form.
  associatedtype Key: KeyTable

  /// What messages call one of them.
  static var noun: String { get }
  static var nounWithArticle: String { get }
  /// Of the section, for people.
  static var summary: String { get }
  /// All defaults will do, so that a list of names will.
  static var allowsNames: Bool { get }
  /// What else than a map may stand after a resource's name.
  static var shortShape: ValueShape? { get }
  /// The short form in words and with an example, for the help of a diagnostic.
  static var shortForm: String? { get }
  static var outline: Graph.Outline { get }

  static func decode(
    _ entry: ResourceIndex.Entry, _ id: ResourceID, by decoder: inout ResourceDecoder
  ) -> Resource.Kind

  /// In canonical long form.
  func tree(in resolved: ResolvedTopology) -> YAMLTree
  /// The second line of its box in a graph.
  var detail: String { get }
  /// What a script is given that uses it.
  var scriptObject: LuaObject { get }
}

extension ResourceSort {
  static var nounWithArticle: String { "a \(noun)" }
  static var allowsNames: Bool { false }
  static var shortShape: ValueShape? { nil }
  static var shortForm: String? { nil }
  static var longShape: ValueShape { .keys(Key.self) }
  var detail: String { Self.noun }

  /// All of the section.
  static var shape: ValueShape {
    let one = ValueShape.oneOf([shortShape, longShape, allowsNames ? .nothing : nil].compactMap { $0 })
    return allowsNames ? .oneOf([.list(of: .name), .map(of: one)]) : .map(of: one)
  }
}
