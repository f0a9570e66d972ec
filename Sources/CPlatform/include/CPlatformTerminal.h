// What the command line needs: the terminal, the environment, the start of a supervisor, signals as data.
#pragma once
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <unistd.h>

/// Columns of the terminal; 0 if it is none, or has no size.
static inline int mporch_terminal_columns(int fd) {
  struct winsize size;
  return ioctl(fd, TIOCGWINSZ, &size) < 0 ? 0 : size.ws_col;
}

/// The variables of this process, ending in NULL: a mutable global, which Swift 6 can't name.
static inline char *_Nullable *_Nonnull mporch_environment(void) { return environ; }

enum { MPORCH_SPAWN_SETSID = POSIX_SPAWN_SETSID };

/// In the new process: closes every descriptor from `first` on. 0 or an errno.
static inline int mporch_spawn_close_from(posix_spawn_file_actions_t *_Nonnull actions, int first) {
  return posix_spawn_file_actions_addclosefrom_np(actions, first);
}

/// `TERM` for 15; NULL for a number that has no name.
static inline const char *_Nullable mporch_signal_abbreviation(int number) { return sigabbrev_np(number); }

/// A descriptor that is readable when one of the signals came, or -errno.
static inline int mporch_signalfd(const sigset_t *_Nonnull signals) {
  int fd = signalfd(-1, signals, SFD_CLOEXEC | SFD_NONBLOCK);
  return fd < 0 ? -errno : fd;
}

/// The number of the next signal that came; 0: none.
static inline int mporch_signalfd_next(int fd) {
  struct signalfd_siginfo information;
  return read(fd, &information, sizeof information) == sizeof information ? (int)information.ssi_signo : 0;
}
