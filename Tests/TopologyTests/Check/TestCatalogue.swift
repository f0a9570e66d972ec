import Topology

/// Kinds made for these tests, one for each thing that a signature can say.
enum TestCatalogue {
  static let signatures: [KindSignature] = [
    KindSignature(
      "range", "puts integers", answers: .source, outputs: [.init("output", [.int64], "the integers")],
      parameters: [
        .init("start", .int(Int64.min...Int64.max), default: .int(0), "the first"),
        .init("stop", .int(Int64.min...Int64.max), required: true, "below it the last"),
        .init("step", .int(1...Int64.max), default: .int(1), "between two"),
      ]),
    KindSignature(
      "read-lines", "puts lines", answers: .source, outputs: [.init("output", [.string], "the lines")],
      parameters: [.init("path", .inputPaths, required: true, "what to read")]),
    KindSignature(
      "tick", "puts a counter", answers: .source, outputs: [.init("output", [.int64], "the counter")],
      parameters: [
        .init("every", .duration, default: .string("1s"), "pause"),
        .init("limit", .size, default: .string("1KiB"), "size"),
        .init("signal", .signal, default: .string("SIGKILL"), "signal"),
      ]),
    KindSignature(
      "double", "doubles numbers", answers: .itemByItem, taskResult: .value,
      inputs: [.init("input", [.int64, .float64], "numbers")],
      outputs: [.init("output", [.int64, .float64], typeFollowsInput: "input", "their doubles")],
      parameters: [
        .init("mode", .word(["fast", "exact"]), default: .string("fast"), "how"),
        .init("ratio", .float(0...1), "share"), .init("on", .bool, default: .bool(true), "does it"),
        .init("label", .string, "text"), .init("factors", .list, "list"), .init("weight", .number, "number"),
        .init("extra", .any, "anything"),
      ]),
    KindSignature(
      "take", "lets the first through", answers: .itemByItem, taskResult: .list,
      inputs: [.init("input", [], "items")],
      outputs: [.init("output", [], typeFollowsInput: "input", "the first")],
      check: { binding in
        binding.replicas > 4 ? [.init(about: .replicas, "more than four instances", help: "lower 'replicas'")] : []
      }),
    KindSignature("discard", "takes items", answers: .sink, inputs: [.init("input", [], "items")]),
    KindSignature(
      "write-lines", "writes lines", answers: .sink, inputs: [.init("input", [.string], "lines")],
      parameters: [.init("path", .outputPath, default: .string("-"), "where to")]),
    KindSignature(
      "join", "puts two together", answers: .itemByItem,
      inputs: [.init("left", [], "one side"), .init("right", [], "the other side")],
      outputs: [.init("output", [], "pairs")]),
    KindSignature(
      "sum", "adds up", answers: .atEnd, inputs: [.init("input", [.int64, .float64], "numbers")],
      outputs: [.init("output", [.int64, .float64], required: false, "the sum")],
      uses: [.init("value", .value, elementTypes: [.int64, .float64], required: false, "takes the sum")]),
    KindSignature(
      "increment", "counts", answers: .none,
      uses: [.init("value", .value, "is raised"), .init("lock", .lock, required: false, "is held")],
      parameters: [.init("times", .int(0...1_000_000), default: .int(1), "how often")]),
    KindSignature(
      "swap", "swaps values", answers: .none, uses: [.init("left", .value, "one"), .init("right", .value, "other")]),
    KindSignature("echo", "sends back", answers: .none, uses: [.init("pipe", .pipe, "its end")]),
    KindSignature("sleep", "sleeps", answers: .none, parameters: [.init("for", .duration, required: true, "how long")]),
  ]
}
