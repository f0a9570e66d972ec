internal import Glibc
package import SystemPackage

/// Runs a call that gives -1 and `errno` when it fails; again when a signal interrupted it.
@discardableResult
package func syscall<Result: FixedWidthInteger>(_ call: () -> Result) throws(Errno) -> Result {
  while true {
    let result = call()
    if result >= 0 { return result }
    let error = Errno(rawValue: errno)
    if error != .interrupted { throw error }
  }
}

/// As `syscall`, for the shims of CPlatform, which give -errno.
@discardableResult
package func shim(_ call: () -> Int32) throws(Errno) -> Int32 {
  while true {
    let result = call()
    if result >= 0 { return result }
    let error = Errno(rawValue: -result)
    if error != .interrupted { throw error }
  }
}
