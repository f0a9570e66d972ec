internal import CPlatform
internal import Glibc
package import SystemPackage

/// An open folder that only this user can look into; names are taken within it, whatever happens to its path.
package struct PrivateFolder: ~Copyable {
  package let descriptor: Descriptor
  package let path: String

  package enum Failure: Error, Sendable, Equatable {
    case system(path: String, Errno)
    /// It is a link, belongs to someone else, or lets others in.
    case notPrivate(path: String)
  }

  /// Opens it, and makes it first if `create` is set. A symbolic link in its place is refused.
  package init(_ path: String, create: Bool) throws(Failure) {
    let number = try Self.openFolder(path, create: create)
    guard Self.isPrivate(number) else {
      close(number)
      throw .notPrivate(path: path)
    }
    self.path = path
    descriptor = Descriptor(owning: number)
  }

  private static func isPrivate(_ folder: Int32) -> Bool {
    var status = stat()
    return fstat(folder, &status) == 0 && status.st_uid == geteuid() && status.st_mode & 0o077 == 0
  }

  private static func openFolder(_ path: String, create: Bool) throws(Failure) -> Int32 {
    do throws(Errno) {
      if create, mkdir(path, 0o700) != 0, errno != EEXIST { throw Errno(rawValue: errno) }
      return try syscall { Glibc.open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC) }
    } catch {
      if error == .tooManySymbolicLinkLevels || error == .notDirectory { throw .notPrivate(path: path) }
      throw .system(path: path, error)
    }
  }

  /// A file of this folder; never by way of a link.
  package borrowing func open(_ name: String, _ flags: Int32, mode: UInt32 = 0o600) throws(Errno) -> Descriptor {
    let folder = descriptor.number
    return Descriptor(owning: try shim { mporch_open_at(folder, name, flags | O_NOFOLLOW | O_CLOEXEC, mode) })
  }

  /// Whether `file` is still what `name` stands for.
  package borrowing func holds(_ file: borrowing Descriptor, as name: String) -> Bool {
    var (named, opened) = (stat(), stat())
    return fstatat(descriptor.number, name, &named, AT_SYMLINK_NOFOLLOW) == 0 && fstat(file.number, &opened) == 0
      && named.st_ino == opened.st_ino && named.st_dev == opened.st_dev
  }

  /// Whole or not at all.
  package borrowing func write(_ bytes: [UInt8], to name: String) throws(Errno) {
    let temporary = name + ".new"
    do throws(Errno) {
      try write(bytes, to: name, by: temporary)
    } catch {
      remove(temporary)
      throw error
    }
  }

  private borrowing func write(_ bytes: [UInt8], to name: String, by temporary: String) throws(Errno) {
    let file = try open(temporary, O_WRONLY | O_CREAT | O_TRUNC)
    let written = try bytes.withUnsafeBufferPointer { bytes throws(Errno) -> Bool in
      try file.write(UnsafeRawBufferPointer(bytes)) == .count(bytes.count)
    }
    guard written else { throw .noSpace }
    let folder = descriptor.number
    try syscall { renameat(folder, temporary, folder, name) }
  }

  /// What isn't there is no error.
  package borrowing func remove(_ name: String) { _ = unlinkat(descriptor.number, name, 0) }

  /// Names in it, `.` and `..` apart.
  package borrowing func names() -> [String] { Folder.names(in: path) }
}

/// The lock of a file: freed by the system when its holder dies, however it dies.
package enum FileLock {
  /// `false`: somebody holds it.
  package static func take(_ file: borrowing Descriptor) -> Bool { mporch_lock_file(file.number) == 0 }

  /// Does not disturb anyone who wants to take it.
  package static func isTaken(_ file: borrowing Descriptor) -> Bool { mporch_is_file_locked(file.number) == 1 }

  /// A lock that several can hold, and that tells who: until this process ends, or closes a descriptor of the file.
  package static func showPresence(in file: borrowing Descriptor) { _ = mporch_show_presence(file.number) }

  /// A process that has shown its presence in it.
  package static func presence(in file: borrowing Descriptor) -> Int32? {
    let pid = mporch_find_presence(file.number)
    return pid > 0 ? pid : nil
  }
}
