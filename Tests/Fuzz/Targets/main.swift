import CFuzzer
import Glibc

/// Coverage-guided fuzzing of what reads text or bytes that others have made: `FUZZ_TARGET=yaml fuzz CORPUS`, with
/// libFuzzer's options.
///
/// A trap, an endless loop, too much memory, or a broken promise of a target is a finding; libFuzzer leaves its input.
private let targets: [String: (UnsafeRawBufferPointer) -> Void] = [
  "yaml": TopologyTarget.run, "variables": VariablesTarget.run, "json": ItemTargets.json, "cbor": ItemTargets.cbor,
  "frames": FrameTarget.run, "logs": LogTarget.run,
]

/// A promise of the program that an input has broken.
func expect(_ condition: Bool, _ promise: @autoclosure () -> String) {
  if !condition { fatalError(promise()) }
}

/// The name is the one that libFuzzer knows.
@_cdecl("LLVMFuzzerTestOneInput")
func runTarget(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
  target(UnsafeRawBufferPointer(start: bytes, count: count))
  return 0
}

guard let chosen = getenv("FUZZ_TARGET").flatMap({ targets[String(cString: $0)] }) else {
  print("FUZZ_TARGET is one of \(targets.keys.sorted().joined(separator: ", "))")
  exit(64)
}
nonisolated(unsafe) let target = chosen
var count = CommandLine.argc
var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = CommandLine.unsafeArgv
exit(LLVMFuzzerRunDriver(&count, &arguments, runTarget))
