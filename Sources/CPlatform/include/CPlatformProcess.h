// Processes, signals, descriptors. Bodies are in CPlatformProcess.c: Swift must not see the system's headers twice.
#pragma once
#include <stdbool.h>
#include <stdint.h>

// Swift hides fork because its own runtime may have threads; a process of mporch has one.
int32_t mporch_fork(void);
int32_t mporch_become_subreaper(void);
int32_t mporch_set_parent_death_signal(int signal);
int32_t mporch_set_process_name(const char *name);
int32_t mporch_close_range(unsigned first, unsigned last);
int32_t mporch_duplicate_at_least(int fd, int lowest);
int32_t mporch_set_pipe_capacity(int fd, int byteCount);
int32_t mporch_set_nonblocking(int fd);
/// Of a pipe, from either end.
int32_t mporch_unread_byte_count(int fd);
int32_t mporch_set_processors(const int *processors, int count);
/// A dead child, left in place for `mporch_reap`: its pid, 0 if none has died, or -errno (-ECHILD: no children).
/// `status`: the exit code, or the signal if `*signalled`.
int32_t mporch_next_dead_child(int *status, int *signalled);
/// Ends a dead child's zombie; its processor time goes to `*nanoseconds`.
int32_t mporch_reap(int32_t pid, int64_t *nanoseconds);
/// Back to how a program expects to be started: default actions, nothing blocked.
/// Of a process of mporch's: default actions, and nothing blocked but what orders come by.
void mporch_reset_signals(void);
void mporch_unblock_signals(void);
/// Of one that becomes a program of the user's: default actions, nothing blocked.
void mporch_reset_signals_of_program(void);
/// Each of these ends this process with 128 and its number, but for those that it was started to ignore.
void mporch_leave_on_signals(const int *signals, int count);
/// Stops this process, which blocks SIGTSTP, as that signal does; returns when it goes on.
void mporch_stop_self(void);
/// Blocks `signals` and opens a descriptor that reads them.
int32_t mporch_signal_descriptor(const int *signals, int count);
void mporch_block_all_signals(void);
/// The user at the other end of a Unix socket.
int32_t mporch_peer_user(int fd, uint32_t *user);
/// The next signal that waits in a signal descriptor; -1: none.
int32_t mporch_next_signal(int fd);
int32_t mporch_set_niceness(int niceness);
int32_t mporch_accept(int fd);

/// What epoll says of one descriptor. `can_read`: bytes, the end, or an error.
struct mporch_readiness {
  uint64_t token;
  bool can_read;
  bool can_write;
  bool is_hung_up;
};
int32_t mporch_epoll_create(void);
int32_t mporch_epoll_add(int epoll, int fd, int reading, int writing, uint64_t token);
int32_t mporch_epoll_change(int epoll, int fd, int reading, int writing, uint64_t token);
int32_t mporch_epoll_remove(int epoll, int fd);
/// At most 128 at once; how many, or -errno.
int32_t mporch_epoll_wait(int epoll, struct mporch_readiness *found, int capacity, int milliseconds);

/// Takes the lock of an open file (F_OFD_SETLK): held until its last descriptor is closed. -EAGAIN: taken.
int32_t mporch_lock_file(int fd);
/// 1: somebody holds it.
int32_t mporch_is_file_locked(int fd);
/// A shared lock of an open file that is this process's (F_SETLK): until it ends, or closes a descriptor of that file.
int32_t mporch_show_presence(int fd);
/// A process that has done so, 0: none; or -errno.
int32_t mporch_find_presence(int fd);
/// The system sends this process the signal when the time is over.
int32_t mporch_signal_self_after(int signal, int64_t seconds, int64_t nanoseconds);
int32_t mporch_open_at(int folder, const char *name, int flags, unsigned mode);

/// 1: that child has died, and was not reaped; 0: it lives.
int32_t mporch_is_child_dead(int32_t pid);
/// A descriptor that stands for a process, closed on exec; readable when that has ended.
int32_t mporch_open_process(int32_t pid);
int32_t mporch_signal_process(int process, int signal);
