#define _GNU_SOURCE
#include "CPlatformProcess.h"
#include "CPlatformCommand.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

// Swift hides fork because its own runtime may have threads; a process of mporch has one.
int32_t mporch_fork(void) {
  pid_t pid = fork();
  return pid < 0 ? -errno : pid;
}

int32_t mporch_become_subreaper(void) {
  return prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) < 0 ? -errno : 0;
}

int32_t mporch_set_parent_death_signal(int signal) {
  return prctl(PR_SET_PDEATHSIG, signal, 0, 0, 0) < 0 ? -errno : 0;
}

int32_t mporch_set_process_name(const char *name) {
  return prctl(PR_SET_NAME, name, 0, 0, 0) < 0 ? -errno : 0;
}

int32_t mporch_close_range(unsigned first, unsigned last) {
  return syscall(SYS_close_range, first, last, 0) < 0 ? -errno : 0;
}

int32_t mporch_duplicate_at_least(int fd, int lowest) {
  int copy = fcntl(fd, F_DUPFD_CLOEXEC, lowest);
  return copy < 0 ? -errno : copy;
}

int32_t mporch_unread_byte_count(int fd) {
  int count = 0;
  return ioctl(fd, FIONREAD, &count) < 0 ? -errno : count;
}

int32_t mporch_set_pipe_capacity(int fd, int byteCount) {
  int capacity = fcntl(fd, F_SETPIPE_SZ, byteCount);
  return capacity < 0 ? -errno : capacity;
}

int32_t mporch_set_nonblocking(int fd) {
  int flags = fcntl(fd, F_GETFL);
  return flags < 0 || fcntl(fd, F_SETFL, flags | O_NONBLOCK) < 0 ? -errno : 0;
}

int32_t mporch_set_processors(const int *processors, int count) {
  cpu_set_t set;
  CPU_ZERO(&set);
  for (int index = 0; index < count; index++) {
    if (processors[index] < 0 || processors[index] >= CPU_SETSIZE) return -EINVAL;
    CPU_SET(processors[index], &set);
  }
  return sched_setaffinity(0, sizeof set, &set) < 0 ? -errno : 0;
}

int32_t mporch_next_dead_child(int *status, int *signalled) {
  siginfo_t info;
  info.si_pid = 0;
  int failure;
  do failure = waitid(P_ALL, 0, &info, WEXITED | WNOWAIT | WNOHANG);
  while (failure < 0 && errno == EINTR);
  if (failure < 0) return -errno;
  *status = info.si_status;
  *signalled = info.si_code != CLD_EXITED;
  return info.si_pid;
}

int32_t mporch_reap(pid_t pid, int64_t *nanoseconds) {
  struct rusage usage;
  int status;
  pid_t reaped;
  do reaped = wait4(pid, &status, 0, &usage);
  while (reaped < 0 && errno == EINTR);
  if (reaped < 0) return -errno;
  *nanoseconds = (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000000000LL +
                 (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) * 1000LL;
  return 0;
}

void mporch_unblock_signals(void) {
  sigset_t blocked;
  sigemptyset(&blocked);
  // It is read from a descriptor, and may come before there is one.
  sigaddset(&blocked, mporch_order_signal());
  sigprocmask(SIG_SETMASK, &blocked, NULL);
}

static void restore_default_actions(void) {
  struct sigaction action = {.sa_handler = SIG_DFL};
  for (int signal = 1; signal < NSIG; signal++) sigaction(signal, &action, NULL);
}

void mporch_reset_signals(void) {
  restore_default_actions();
  mporch_unblock_signals();
}

void mporch_reset_signals_of_program(void) {
  restore_default_actions();
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
}

static void leave(int signal) { _exit(128 + signal); }

void mporch_leave_on_signals(const int *signals, int count) {
  struct sigaction action = {.sa_handler = leave};
  for (int index = 0; index < count; index++) {
    struct sigaction old;
    if (sigaction(signals[index], NULL, &old) == 0 && old.sa_handler != SIG_IGN) {
      sigaction(signals[index], &action, NULL);
    }
  }
}

int32_t mporch_signal_descriptor(const int *signals, int count) {
  sigset_t set;
  sigemptyset(&set);
  for (int index = 0; index < count; index++) sigaddset(&set, signals[index]);
  if (sigprocmask(SIG_BLOCK, &set, NULL) < 0) return -errno;
  int fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
  return fd < 0 ? -errno : fd;
}

void mporch_block_all_signals(void) {
  sigset_t all;
  sigfillset(&all);
  sigprocmask(SIG_SETMASK, &all, NULL);
}

int32_t mporch_peer_user(int fd, uint32_t *user) {
  struct ucred credentials;
  socklen_t length = sizeof credentials;
  if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &credentials, &length) < 0) return -errno;
  *user = credentials.uid;
  return 0;
}


int32_t mporch_next_signal(int fd) {
  struct signalfd_siginfo info;
  ssize_t count;
  do count = read(fd, &info, sizeof info);
  while (count < 0 && errno == EINTR);
  return count == sizeof info ? (int32_t)info.ssi_signo : -1;
}

int32_t mporch_set_niceness(int niceness) { return setpriority(PRIO_PROCESS, 0, niceness) < 0 ? -errno : 0; }

int32_t mporch_accept(int fd) {
  int connection = accept4(fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
  return connection < 0 ? -errno : connection;
}

int32_t mporch_epoll_create(void) {
  int fd = epoll_create1(EPOLL_CLOEXEC);
  return fd < 0 ? -errno : fd;
}

static int32_t epoll_control(int epoll, int operation, int fd, int reading, int writing, uint64_t token) {
  struct epoll_event event = {
    .events = (reading ? EPOLLIN : 0) | (writing ? EPOLLOUT : 0),
    .data.u64 = token,
  };
  return epoll_ctl(epoll, operation, fd, &event) < 0 ? -errno : 0;
}

int32_t mporch_epoll_add(int epoll, int fd, int reading, int writing, uint64_t token) {
  return epoll_control(epoll, EPOLL_CTL_ADD, fd, reading, writing, token);
}

int32_t mporch_epoll_change(int epoll, int fd, int reading, int writing, uint64_t token) {
  return epoll_control(epoll, EPOLL_CTL_MOD, fd, reading, writing, token);
}

int32_t mporch_epoll_remove(int epoll, int fd) {
  return epoll_control(epoll, EPOLL_CTL_DEL, fd, 0, 0, 0);
}

int32_t mporch_epoll_wait(int epoll, struct mporch_readiness *found, int capacity, int milliseconds) {
  struct epoll_event events[128];
  int count = epoll_wait(epoll, events, capacity < 128 ? capacity : 128, milliseconds);
  if (count < 0) return -errno;
  for (int index = 0; index < count; index++) {
    uint32_t bits = events[index].events;
    found[index].token = events[index].data.u64;
    found[index].is_hung_up = (bits & (EPOLLHUP | EPOLLERR)) != 0;
    found[index].can_read = (bits & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0;
    found[index].can_write = (bits & EPOLLOUT) != 0;
  }
  return count;
}

int32_t mporch_lock_file(int fd) {
  struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
  return fcntl(fd, F_OFD_SETLK, &lock) < 0 ? -errno : 0;
}

int32_t mporch_is_file_locked(int fd) {
  struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
  if (fcntl(fd, F_OFD_GETLK, &lock) < 0) return -errno;
  return lock.l_type != F_UNLCK;
}

int32_t mporch_show_presence(int fd) {
  struct flock lock = {.l_type = F_RDLCK, .l_whence = SEEK_SET};
  return fcntl(fd, F_SETLK, &lock) < 0 ? -errno : 0;
}

int32_t mporch_find_presence(int fd) {
  struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
  if (fcntl(fd, F_GETLK, &lock) < 0) return -errno;
  return lock.l_type == F_UNLCK ? 0 : lock.l_pid;
}

int32_t mporch_open_at(int folder, const char *name, int flags, unsigned mode) {
  int fd = openat(folder, name, flags, mode);
  return fd < 0 ? -errno : fd;
}

int32_t mporch_signal_self_after(int signal, int64_t seconds, int64_t nanoseconds) {
  struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = signal};
  struct itimerspec time = {.it_value = {.tv_sec = seconds, .tv_nsec = nanoseconds}};
  timer_t timer;
  if (timer_create(CLOCK_MONOTONIC, &event, &timer) < 0) return -errno;
  return timer_settime(timer, 0, &time, NULL) < 0 ? -errno : 0;
}

int32_t mporch_is_child_dead(int32_t pid) {
  siginfo_t info;
  info.si_pid = 0;
  if (waitid(P_PID, pid, &info, WEXITED | WNOWAIT | WNOHANG) < 0) return -errno;
  return info.si_pid == pid;
}

void mporch_stop_self(void) {
  sigset_t stop, before;
  sigemptyset(&stop);
  sigaddset(&stop, SIGTSTP);
  raise(SIGTSTP);
  // Here it stops, unless nobody is there who could let it go on: then the system drops the signal.
  sigprocmask(SIG_UNBLOCK, &stop, &before);
  sigprocmask(SIG_SETMASK, &before, NULL);
}

int32_t mporch_open_process(int32_t pid) {
  long fd = syscall(SYS_pidfd_open, pid, 0u);
  return fd < 0 ? -errno : (int32_t)fd;
}

int32_t mporch_signal_process(int process, int signal) {
  return syscall(SYS_pidfd_send_signal, process, signal, NULL, 0u) < 0 ? -errno : 0;
}
