import Testing
import Topology

@testable import Commands

@Suite struct KindRenderingTests {
  private let kind = KindSignature(
    "scale", "Multiplies numbers.", answers: .itemByItem,
    inputs: [.init("in", [.any] + ElementType.allCases.filter { $0 != .bool }.map { .number($0) }, "the numbers")],
    outputs: [.init("out", required: false, typeFollowsInput: "in", "the products")],
    parameters: [
      .init("by", .float(0...100), default: .float(2), "the factor"),
      .init("mode", .word(["fast", "exact"]), required: true, "how | why"),
    ])

  @Test func listsAKindOnALine() {
    #expect(
      KindText(kinds: [kind], width: nil).list() == """
        KIND   IN           OUT     DOES
        scale  any/numbers  [same]  Multiplies numbers.

        """)
  }

  @Test func saysAllThatASignatureSays() {
    #expect(
      KindText.page(kind, width: nil) == """
        scale: Multiplies numbers.
        It answers each item as it comes, exactly once.

        in:
          in  any, numbers  required  the numbers

        out:
          out  as 'in'    the products

        with:
          by    number from 0.0 to 100.0  default 2.0  the factor
          mode  one of fast, exact        required     how | why

        """)
  }

  @Test func saysWhatAPoolGetsOfIt() {
    var callable = kind
    callable.taskResult = .list
    let words = "exactly once. As a pool's function it gives the list of the items that it puts.\n"
    #expect(KindText.page(callable, width: nil).contains(words))
    #expect(KindMarkdown.page(callable).contains(words))
  }

  @Test func escapesWhatWouldEndACellOfATable() {
    #expect(KindMarkdown.render([kind]).contains(#"| `mode` | one of fast, exact | required | how \| why |"#))
  }
}
