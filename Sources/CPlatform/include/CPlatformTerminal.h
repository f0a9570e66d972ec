// The terminal, and the environment.
#pragma once
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <sys/ioctl.h>
#include <unistd.h>

/// Columns of the terminal; 0 if it is none, or has no size.
static inline int mporch_terminal_columns(int fd) {
  struct winsize size;
  return ioctl(fd, TIOCGWINSZ, &size) < 0 ? 0 : size.ws_col;
}

/// The variables of this process, ending in NULL: a mutable global, which Swift 6 can't name.
static inline char *_Nullable *_Nonnull mporch_environment(void) { return environ; }
