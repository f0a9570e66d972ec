import Topology

/// `scan`: reads an array out; each replica its slice, in order.
struct ScanKind: Kind {
  static let signature = KindSignature(
    "scan", "puts each element of a shared array to out, or prints them; replicas do a slice each",
    answers: .source, splitsByReplica: true,
    outputs: [.init("out", [], required: false, "the elements, in the array's order within each replica's slice")],
    uses: [.init("array", .array, "what is read")],
    parameters: [
      .init(
        "format", .word(["lines", "list"]), default: .string("lines"),
        "what is printed without out: lines: one element a line; list: [1, 4, 9, 16] on one line")
    ])

  private let format: Scanning.Format

  init(_ arguments: Arguments) throws {
    format = arguments.string("format").flatMap(Scanning.Format.init) ?? .lines
  }

  func run(_ worker: Worker) throws {
    guard let array = worker.array("array") else { return }
    let slice = ReplicaSlice(of: UInt64(array.count), for: worker)
    worker.progressTotal = slice.count
    var scanning = Scanning(worker: worker, slice: slice, format: format)
    try array.accept(&scanning)
    worker.progressDone = slice.count
  }
}

struct Scanning: ElementVisitor {
  enum Format: String { case lines, list }

  let worker: Worker
  let slice: ReplicaSlice
  let format: Format

  mutating func visit<Element: SharedElement>(_ elements: UnsafeMutableBufferPointer<Element>) throws {
    if let output = worker.output {
      try put(elements, to: output)
    } else if format == .list {
      try worker.print("[" + elements[slice.indices].map(\.text).joined(separator: ", ") + "]")
    } else {
      for index in slice.indices { try worker.print(elements[index].text) }
    }
  }

  private func put<Element: SharedElement>(
    _ elements: UnsafeMutableBufferPointer<Element>, to output: Outlet
  ) throws {
    // How many of the slice are published.
    var done = min(worker.checkpoint.0, slice.count)
    while done < slice.count {
      // Before the append, since that may publish what was appended so far, and only that.
      worker.checkpoint = (done, 0)
      worker.progressDone = done
      let element = elements[Int(slice.lower + done)]
      if let bool = element as? Bool, output.type == .any {
        try output.append(.bool(bool))
      } else {
        try output.append(element.number)
      }
      done += 1
    }
    worker.checkpoint = (done, 0)
  }
}
