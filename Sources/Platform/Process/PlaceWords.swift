package import SystemPackage

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
