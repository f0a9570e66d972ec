internal import CPlatform
internal import Glibc
package import SystemPackage

/// A memfd, mapped as a whole. What of it nobody touches is address space, and no memory.
///
/// It has no name in any file system, so nothing is left of it when the last process that maps it is gone.
package final class SharedMemory {
  /// Page-aligned.
  package let base: UnsafeMutableRawPointer
  package let byteCount: Int
  private let descriptor: FileDescriptor

  /// `name` is shown in /proc only. The memory is zeroed.
  package init(name: String, byteCount: Int) throws(Errno) {
    let descriptor = mporch_memfd_create(name)
    guard descriptor >= 0 else { throw Errno(rawValue: -descriptor) }
    self.descriptor = FileDescriptor(rawValue: descriptor)
    // The system maps no nothing.
    self.byteCount = max(1, byteCount)
    guard ftruncate(descriptor, byteCount) == 0, mporch_memfd_seal_shrink(descriptor) == 0,
      let base = mmap(
        nil, self.byteCount, PROT_READ | PROT_WRITE, MAP_SHARED | Int32(MAP_NORESERVE), descriptor, 0),
      base != MAP_FAILED
    else {
      let error = Errno(rawValue: errno)
      close(descriptor)
      throw error
    }
    self.base = base
  }

  /// In a worker: no grandchild (a command it starts) shares the memory.
  package func keepFromChildren() {
    madvise(base, byteCount, MADV_DONTFORK)
  }

  /// In a process that only looks: a write ends it.
  package func forbidWriting() { mprotect(base, byteCount, PROT_READ) }

  deinit {
    munmap(base, byteCount)
    try? descriptor.close()
  }
}
