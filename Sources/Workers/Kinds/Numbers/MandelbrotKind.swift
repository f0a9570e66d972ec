import Topology

/// `mandelbrot`: draws the Mandelbrot set as text, or writes its iteration counts to an array.
struct MandelbrotKind: Kind {
  static let signature = KindSignature(
    "mandelbrot", "the Mandelbrot set: iteration counts into a shared array, or a picture in characters in the log",
    answers: .none, splitsByReplica: true,
    uses: [
      .init(
        "array", .array, elementTypes: .numbers, required: false,
        "width x height iteration counts, row by row; replicas share the rows")
    ],
    parameters: [
      .init("width", .int(1...1_000_000), default: .int(78), "points of a row"),
      .init("height", .int(1...1_000_000), default: .int(24), "rows"),
      .init("iterations", .int(1...1_000_000_000), default: .int(100), "after so many a point counts as in the set"),
    ],
    check: { binding in
      binding.replicas > 1 && !binding.uses.contains("array")
        ? [
          .init(
            about: .replicas, "\(binding.replicas) replicas would print the rows of one picture in no order",
            help: "give them 'use: {array: …}', or leave out 'replicas'")
        ] : []
    })

  private let picture: MandelbrotPicture

  init(_ arguments: Arguments) throws {
    picture = MandelbrotPicture(
      width: Int(arguments.int("width") ?? 78), height: Int(arguments.int("height") ?? 24),
      iterations: Int(arguments.int("iterations") ?? 100))
  }

  func run(_ worker: Worker) throws {
    if let array = worker.array("array") {
      try checkFit(array)
      var drawing = MandelbrotDrawing(picture: picture, worker: worker)
      try array.accept(&drawing)
    } else {
      worker.progressTotal = UInt64(picture.height)
      for row in 0..<picture.height {
        try worker.print(picture.text(row: row))
        worker.progressDone += 1
      }
    }
  }

  private func checkFit(_ array: SharedArray) throws {
    let points = picture.width * picture.height
    guard array.count >= points else {
      throw KindFailure(
        "the array has \(array.count) elements, a picture of \(picture.width) x \(picture.height) has \(points)",
        help: "declare the array with that length, or make width or height smaller")
    }
  }
}

/// The rows of one replica: every so many-th, since rows near the middle cost most.
struct MandelbrotDrawing: ElementVisitor {
  let picture: MandelbrotPicture
  let worker: Worker

  mutating func visit<Element: SharedElement>(_ elements: UnsafeMutableBufferPointer<Element>) throws {
    guard Element(.int(Int64(picture.iterations))) != nil else {
      throw KindFailure(
        "'iterations: \(picture.iterations)' is out of the range of the array's elements",
        help: "declare the array as int32, or give fewer iterations")
    }
    let rows = stride(from: worker.replica - 1, to: picture.height, by: worker.replicas)
    worker.progressTotal = UInt64(rows.underestimatedCount)
    for row in rows {
      for column in 0..<picture.width {
        guard let count = Element(.int(Int64(picture.escapeCount(row: row, column: column)))) else { continue }
        elements[row * picture.width + column] = count
      }
      worker.progressDone += 1
    }
  }
}
