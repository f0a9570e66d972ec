// Preloaded into mporch by FaultTests: makes one call of the supervisor fail, as a system can at any time.
//
//   FAULT_CALL    the function: openat, write, fork, …
//   FAULT_NUMBER  which of its calls fails, from 1
//   FAULT_COUNT   how many in a row (1)
//   FAULT_ERRNO   with what
//   FAULT_MARK    a file that is made when it happens
//
// Only the process that was started as a supervisor is hit: not the command before it, and not its children.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static pid_t supervisor;
static const char *call;
static long number, count = 1, made;
static int reason;
static const char *mark;

static long setting(const char *name, long otherwise) {
  const char *text = getenv(name);
  return text ? atol(text) : otherwise;
}

__attribute__((constructor)) static void begin(int argc, char **argv) {
  if (argc < 2 || strcmp(argv[1], "__supervise")) return;
  call = getenv("FAULT_CALL");
  mark = getenv("FAULT_MARK");
  number = setting("FAULT_NUMBER", 1);
  count = setting("FAULT_COUNT", 1);
  reason = (int)setting("FAULT_ERRNO", EIO);
  supervisor = getpid();
}

// Whether this call of `name` is to fail.
static int fails(const char *name) {
  if (!call || strcmp(call, name) || syscall(SYS_getpid) != supervisor) return 0;
  made++;
  if (made < number || made >= number + count) return 0;
  if (mark && made == number) {
    int file = (int)syscall(SYS_openat, AT_FDCWD, mark, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    if (file >= 0) syscall(SYS_close, file);
  }
  errno = reason;
  return 1;
}

#define FAILING(type, name, parameters, arguments)                            \
  type name parameters {                                                      \
    static type(*real) parameters;                                            \
    if (!real) real = (type(*) parameters)dlsym(RTLD_NEXT, #name);            \
    return fails(#name) ? (type) - 1 : real arguments;                        \
  }

FAILING(ssize_t, read, (int fd, void *bytes, size_t size), (fd, bytes, size))
FAILING(ssize_t, pread, (int fd, void *bytes, size_t size, off_t offset), (fd, bytes, size, offset))
FAILING(ssize_t, write, (int fd, const void *bytes, size_t size), (fd, bytes, size))
FAILING(ssize_t, writev, (int fd, const struct iovec *parts, int count), (fd, parts, count))
FAILING(int, pipe2, (int ends[2], int flags), (ends, flags))
FAILING(pid_t, fork, (void), ())
FAILING(int, socket, (int domain, int type, int protocol), (domain, type, protocol))
FAILING(int, bind, (int fd, const struct sockaddr *address, socklen_t length), (fd, address, length))
FAILING(int, listen, (int fd, int backlog), (fd, backlog))
FAILING(int, accept4, (int fd, struct sockaddr *address, socklen_t *length, int flags), (fd, address, length, flags))
FAILING(
  int, getsockopt, (int fd, int level, int name, void *value, socklen_t *length), (fd, level, name, value, length))
FAILING(int, epoll_create1, (int flags), (flags))
FAILING(int, epoll_ctl, (int epoll, int operation, int fd, struct epoll_event *event), (epoll, operation, fd, event))
FAILING(int, epoll_wait, (int epoll, struct epoll_event *events, int count, int time), (epoll, events, count, time))
FAILING(int, signalfd, (int fd, const sigset_t *set, int flags), (fd, set, flags))
FAILING(int, waitid, (idtype_t type, id_t id, siginfo_t *info, int options), (type, id, info, options))
FAILING(int, mkdirat, (int folder, const char *path, mode_t mode), (folder, path, mode))
FAILING(int, renameat, (int from, const char *a, int to, const char *b), (from, a, to, b))
FAILING(int, rename, (const char *a, const char *b), (a, b))
FAILING(int, unlinkat, (int folder, const char *path, int flags), (folder, path, flags))
FAILING(int, rmdir, (const char *path), (path))
FAILING(int, dup2, (int from, int to), (from, to))
FAILING(int, memfd_create, (const char *name, unsigned flags), (name, flags))
FAILING(int, ftruncate, (int fd, off_t size), (fd, size))
FAILING(int, fallocate, (int fd, int mode, off_t offset, off_t size), (fd, mode, offset, size))
FAILING(int, madvise, (void *memory, size_t size, int advice), (memory, size, advice))
FAILING(int, chdir, (const char *path), (path))
FAILING(off_t, lseek, (int fd, off_t offset, int from), (fd, offset, from))
FAILING(int, fstat, (int fd, struct stat *status), (fd, status))
FAILING(int, poll, (struct pollfd *entries, nfds_t size, int time), (entries, size, time))

pid_t wait4(pid_t pid, int *status, int options, struct rusage *usage) {
  static pid_t (*real)(pid_t, int *, int, struct rusage *);
  if (!real) real = dlsym(RTLD_NEXT, "wait4");
  return fails("wait4") ? -1 : real(pid, status, options, usage);
}

void *mmap(void *place, size_t size, int protection, int flags, int fd, off_t offset) {
  static void *(*real)(void *, size_t, int, int, int, off_t);
  if (!real) real = dlsym(RTLD_NEXT, "mmap");
  return fails("mmap") ? MAP_FAILED : real(place, size, protection, flags, fd, offset);
}

int open(const char *path, int flags, ...) {
  static int (*real)(const char *, int, ...);
  if (!real) real = dlsym(RTLD_NEXT, "open");
  va_list rest;
  va_start(rest, flags);
  mode_t mode = va_arg(rest, mode_t);
  va_end(rest);
  return fails("open") ? -1 : real(path, flags, mode);
}

int openat(int folder, const char *path, int flags, ...) {
  static int (*real)(int, const char *, int, ...);
  if (!real) real = dlsym(RTLD_NEXT, "openat");
  va_list rest;
  va_start(rest, flags);
  mode_t mode = va_arg(rest, mode_t);
  va_end(rest);
  return fails("openat") ? -1 : real(folder, path, flags, mode);
}

int fcntl(int fd, int command, ...) {
  static int (*real)(int, int, ...);
  if (!real) real = dlsym(RTLD_NEXT, "fcntl64");
  va_list rest;
  va_start(rest, command);
  void *argument = va_arg(rest, void *);
  va_end(rest);
  return fails("fcntl") ? -1 : real(fd, command, argument);
}

int fcntl64(int fd, int command, ...) {
  va_list rest;
  va_start(rest, command);
  void *argument = va_arg(rest, void *);
  va_end(rest);
  return fcntl(fd, command, argument);
}
