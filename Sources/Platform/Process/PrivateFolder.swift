internal import CPlatform
internal import Glibc
package import SystemPackage

/// An open folder that only this user can look into; names are taken within it, whatever happens to its path.
package struct PrivateFolder: ~Copyable {
  package let descriptor: Descriptor
  package let path: String

  /// Why a folder, or a file of it, can't be used; `path` is that of the folder or file.
  package enum Failure: Error, Sendable, Equatable {
    case system(path: String, Errno)
    case notPrivate(path: String, Reason)
    /// A FIFO, a socket, a device or a folder, where a file is expected: who opens one may have to wait.
    case noFile(path: String)
  }

  /// What makes a place one that others may have a hand in.
  package enum Reason: Sendable, Equatable {
    case link
    case noFolder
    case owner(UInt32)
    /// The permissions that it has.
    case mode(UInt32)
  }

  /// Opens it, and makes it first if `create` is set. A symbolic link in its place is refused.
  package init(_ path: String, create: Bool) throws(Failure) {
    try self.init(path, path: path, in: AT_FDCWD, create: create)
  }

  /// A folder of `parent`.
  package init(_ name: String, in parent: borrowing PrivateFolder, create: Bool) throws(Failure) {
    try self.init(name, path: "\(parent.path)/\(name)", in: parent.descriptor.number, create: create)
  }

  private init(_ name: String, path: String, in parent: Int32, create: Bool) throws(Failure) {
    let opened: Descriptor
    do throws(Errno) {
      if create { try Self.make(name, in: parent) }
      opened = Descriptor(
        owning: try shim { mporch_open_at(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC, 0) })
    } catch {
      throw Self.failure(error, at: path, in: parent, name)
    }
    try Self.checkOwner(of: opened.number, path, forbidden: 0o077)
    self.path = path
    descriptor = opened
  }

  private static func make(_ name: String, in parent: Int32) throws(Errno) {
    do {
      try syscall { mkdirat(parent, name, 0o700) }
    } catch {
      if error != .fileExists { throw error }
    }
  }

  /// `ENOTDIR` is what Linux says of a link too, where a folder is asked for.
  private static func failure(_ error: Errno, at path: String, in parent: Int32, _ name: String) -> Failure {
    guard error == .tooManySymbolicLinkLevels || error == .notDirectory else { return .system(path: path, error) }
    var status = stat()
    guard fstatat(parent, name, &status, AT_SYMLINK_NOFOLLOW) == 0 else { return .system(path: path, error) }
    return .notPrivate(path: path, status.st_mode & S_IFMT == S_IFLNK ? .link : .noFolder)
  }

  private static func checkOwner(of number: Int32, _ path: String, forbidden: UInt32) throws(Failure) {
    var status = stat()
    guard fstat(number, &status) == 0 else { throw .system(path: path, Errno(rawValue: errno)) }
    if status.st_uid != geteuid() { throw .notPrivate(path: path, .owner(status.st_uid)) }
    let permissions = status.st_mode & 0o7777
    if permissions & forbidden != 0 { throw .notPrivate(path: path, .mode(permissions)) }
  }

  /// A file of this folder that is this user's and that nobody else may write to; never by way of a link. Never waits.
  package borrowing func open(_ name: String, _ flags: Int32, mode: UInt32 = 0o600) throws(Failure) -> Descriptor {
    let (folder, path) = (descriptor.number, "\(path)/\(name)")
    let file: Descriptor
    do throws(Errno) {
      file = Descriptor(owning: try PlainFile.open(name, in: folder, flags, mode: mode))
    } catch .noSuchAddressOrDevice {
      throw .noFile(path: path)
    } catch .tooManySymbolicLinkLevels {
      throw .notPrivate(path: path, .link)
    } catch {
      throw .system(path: path, error)
    }
    try Self.checkOwner(of: file.number, path, forbidden: 0o022)
    return file
  }

  /// The whole of a file; `nil`: it isn't there.
  package borrowing func read(_ name: String) throws(Failure) -> [UInt8]? {
    do throws(Failure) {
      let file = try open(name, O_RDONLY)
      do throws(Errno) {
        return try file.readAll()
      } catch {
        throw .system(path: "\(path)/\(name)", error)
      }
    } catch .system(_, .noSuchFileOrDirectory) {
      return nil
    } catch {
      throw error
    }
  }

  /// Whether `file` is still what `name` stands for.
  package borrowing func holds(_ file: borrowing Descriptor, as name: String) -> Bool {
    var (named, opened) = (stat(), stat())
    return fstatat(descriptor.number, name, &named, AT_SYMLINK_NOFOLLOW) == 0 && fstat(file.number, &opened) == 0
      && named.st_ino == opened.st_ino && named.st_dev == opened.st_dev
  }

  /// Whole or not at all.
  package borrowing func write(_ bytes: [UInt8], to name: String) throws(Failure) {
    let temporary = name + ".new"
    do throws(Failure) {
      try write(bytes, to: name, by: temporary)
    } catch {
      remove(temporary)
      throw error
    }
  }

  private borrowing func write(_ bytes: [UInt8], to name: String, by temporary: String) throws(Failure) {
    // One that was left half written may be anything.
    remove(temporary)
    let file = try open(temporary, O_WRONLY | O_CREAT | O_EXCL)
    do throws(Errno) {
      try file.writeAll(bytes)
      let folder = descriptor.number
      try syscall { renameat(folder, temporary, folder, name) }
    } catch {
      throw .system(path: "\(path)/\(name)", error)
    }
  }

  /// What isn't there is no error.
  package borrowing func remove(_ name: String) { _ = unlinkat(descriptor.number, name, 0) }

  /// Names in it, `.` and `..` apart.
  package borrowing func names() throws(Failure) -> [String] {
    do throws(Errno) {
      return try Folder.names(inOpen: descriptor.number)
    } catch {
      throw .system(path: path, error)
    }
  }
}

/// Files of which nothing but their content can hold up who opens them.
package enum PlainFile {
  /// Opens a file by its name in an open folder; never by way of a link. Of what is no file: `.noSuchAddressOrDevice`,
  /// which is what Linux itself says of some.
  package static func open(
    _ name: String, in folder: Int32 = AT_FDCWD, _ flags: Int32, mode: UInt32 = 0o600
  ) throws(Errno) -> Int32 {
    let number: Int32
    do throws(Errno) {
      number = try shim { mporch_open_at(folder, name, flags | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, mode) }
    } catch .isDirectory {
      throw .noSuchAddressOrDevice
    }
    do throws(Errno) {
      try checkSort(of: number)
      return number
    } catch {
      close(number)
      throw error
    }
  }

  private static func checkSort(of number: Int32) throws(Errno) {
    var status = stat()
    try withUnsafeMutablePointer(to: &status) { status throws(Errno) in _ = try syscall { fstat(number, status) } }
    if status.st_mode & S_IFMT != S_IFREG { throw .noSuchAddressOrDevice }
  }

  /// Whether it can make a reader wait: a FIFO, a socket, a device but /dev/null.
  package static func mayBlock(_ number: Int32) -> Bool {
    var status = stat()
    guard fstat(number, &status) == 0 else { return false }
    switch status.st_mode & S_IFMT {
    case S_IFREG, S_IFDIR: return false
    case S_IFCHR: return status.st_rdev != nullDevice
    default: return true
    }
  }

  private static let nullDevice: dev_t = {
    var status = stat()
    return stat("/dev/null", &status) == 0 ? status.st_rdev : 0
  }()
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

extension PrivateFolder.Failure {
  /// What is so, in a sentence's words.
  package var words: String {
    switch self {
    case .system(let path, let error): "'\(path)': \(error.words)"
    case .noFile(let path): "'\(path)' \(Errno.noSuchAddressOrDevice.words)"
    case .notPrivate(let path, .link): "'\(path)' \(Errno.tooManySymbolicLinkLevels.words)"
    case .notPrivate(let path, .noFolder): "'\(path)' is no folder"
    case .notPrivate(let path, .owner(let user)): "'\(path)' belongs to another user (of number \(user))"
    case .notPrivate(let path, .mode(let mode)): "'\(path)' is open to others (its mode is 0\(String(mode, radix: 8)))"
    }
  }

  /// What to do about it, if anything can be; `variable` says where such places are.
  package func help(variable: String) -> String? {
    switch self {
    case .system(_, .permissionDenied), .system(_, .readOnlyFileSystem), .system(_, .noSpace),
      .system(_, .noSuchFileOrDirectory), .system(_, .notDirectory):
      "set \(variable) to another folder of your own"
    case .system: nil
    case .notPrivate(let path, .mode): "chmod go-rwx \(path)"
    case .notPrivate(_, .owner): "give it back (chown), or set \(variable) to another folder of your own"
    case .notPrivate, .noFile: "remove it, or set \(variable) to another folder of your own"
    }
  }
}

extension Errno {
  /// The system's words, but where they say less than is known: see `PlainFile`.
  package var words: String {
    switch self {
    case .noSuchAddressOrDevice: "is no file, but a FIFO, a socket, a device or a folder"
    case .tooManySymbolicLinkLevels: "is a symbolic link"
    default: "\(self)"
    }
  }
}
