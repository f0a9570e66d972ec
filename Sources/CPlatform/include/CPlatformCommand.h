// A command of the user's, below a process that lives for it alone.
#pragma once
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <stdint.h>

/// From now on, when this process's parent dies (which is `supervisor`), all that this process has started is killed,
/// and then it ends with exit code 1: whatever it is at, by a handler. -errno, or 0.
int32_t mporch_end_with_parent(int32_t supervisor);
/// The signal that tells of it; not to be blocked.
int32_t mporch_parent_death_signal(void);
/// The one by which the supervisor says what it wants of this process; not the command's.
int32_t mporch_order_signal(void);
/// Sends an order, which is not 0, to a child. 0, or -errno.
int32_t mporch_send_order(int32_t pid, uint64_t order);
/// A signal that has arrived in a signal descriptor; `order`: 0 where none came with it.
struct mporch_arrival {
  int32_t signal;
  int32_t sender;
  uint64_t order;
};
/// 0: there is none.
int32_t mporch_next_arrival(int fd, struct mporch_arrival *arrival);
/// Starts `arguments[0]` in a group of its own, with nothing but its standard streams: the two that are given, and
/// this process's standard error. Its process id, or -errno where it can't be executed.
int32_t mporch_start_command(char *const *arguments, int standard_input, int standard_output);
/// The command was reaped: from now on another group may have its number.
void mporch_forget_command_group(void);
/// All children of a process, as far as they fit: how many there are, or -errno where nothing tells.
int32_t mporch_children(int32_t pid, int32_t *found, int32_t capacity);
/// The same, where the system keeps no list of them.
int32_t mporch_search_children(int32_t pid, int32_t *found, int32_t capacity);
/// Kills all descendants and waits until none is left, those that have left their parents too: of a subreaper. Not for
/// those that can't be killed.
void mporch_end_descendants(void);

/// What a thread that sleeps in a system call sleeps for, by the call's number and its arguments.
enum mporch_sleep {
  /// Something that nothing here can tell.
  MPORCH_SLEEP_OTHER,
  /// That somebody writes into the descriptor which is its first argument.
  MPORCH_SLEEP_READ,
  /// Without a time-out, that one of the descriptors has something which the epoll that is its first argument watches.
  MPORCH_SLEEP_EPOLL,
  /// That a child ends.
  MPORCH_SLEEP_CHILD,
  /// Without a time-out, that another thread of its process goes on.
  MPORCH_SLEEP_THREAD,
};
enum mporch_sleep mporch_sleep_of(int64_t number, const uint64_t arguments[6]);
