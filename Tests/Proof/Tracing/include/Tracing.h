// Stopping a process at its accesses to shared memory. Functions give 0 or -errno.
#pragma once
#include <stddef.h>
#include <stdint.h>

enum { proof_line_byte_count = 64 };

/// Why a watched process has stopped.
enum proof_reason {
  /// Its last instruction has changed the memory.
  proof_has_changed = 1,
  /// Its next instruction, or system call, is about to touch a marked line.
  proof_is_about_to_touch = 2,
  /// It was woken, and its gate is closed.
  proof_is_at_gate = 3,
};

/// What a watched process and the one that watches it tell each other; in memory that both share.
struct proof_progress {
  /// Instructions so far that wrote to the memory, also where they wrote what was there.
  uint64_t writes;
  /// Of the instruction after the last of them, or of the one that is about to touch; in the program's file.
  uint64_t address;
  /// How often it was about to touch a marked line.
  uint64_t touches;
  /// By the watcher: the number, from 1, of the touch to stop before.
  uint64_t next_stop;
  /// By the watcher, while it is stopped: from here on it is not watched any more.
  uint32_t is_free;
  uint32_t reason;
  /// By the watcher: for `proof_go_through`, which a watched process does of itself.
  volatile uint32_t gate;
};

enum {
  proof_reads = 1,
  proof_writes = 2,
};

/// How a process watches itself.
struct proof_watch {
  /// Begins and ends with a page.
  void *memory;
  /// Its own copy.
  void *shadow;
  size_t byte_count;
  struct proof_progress *progress;
  /// NULL, or a byte for each line of the memory; where it is not 0, the process stops before it touches that line.
  /// Repeated looks of a waiting loop count as a few only.
  const uint8_t *marked;
  /// NULL, or a byte for each line, which gets `proof_reads` and `proof_writes`.
  uint8_t *touched;
  /// NULL, or room for the first touches of marked lines: the line's number times four, and how it is touched.
  uint32_t *log;
  size_t log_capacity;
};

/// In the process itself: from here on it stops (SIGSTOP) after every instruction that has changed `memory`. Between two
/// of them the memory is the same, so a death at any instruction is a death at one of the stops.
int32_t proof_watch_changes(const struct proof_watch *watch);

/// In the process itself: from here on each access of its to `memory` is a step of its own, reads and what system calls
/// look at included; it stops before those that the watcher has asked for.
int32_t proof_watch_accesses(const struct proof_watch *watch);

/// In the process itself, for it and its children: whoever wakes from a sleep while `*gate` is not 0 stops (SIGSTOP) before
/// it does anything else. A signal from outside would end the sleep: who is not asleep misses the wake-ups that count.
void proof_go_through(const volatile uint32_t *gate);

/// As where a sleep ends.
void proof_stop_at_gate(void);

/// In the process itself: it is not watched any more.
void proof_release(void);

/// In the process itself: its process id is `pid` from here on, and its clock begins at the same time as every other
/// one's: what it writes is the same each time.
void proof_live_as(int32_t pid);

/// Calls `handler` every so many milliseconds; system calls that wait are interrupted.
int32_t proof_tick(int32_t milliseconds, void (*handler)(int));

/// Calls `handler` where the process itself does what no process may: a stack that has overflown included.
int32_t proof_tell_crashes(void (*handler)(int));
