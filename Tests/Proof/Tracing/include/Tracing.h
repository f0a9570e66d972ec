// Stopping a process at every change that it makes to shared memory. Functions give 0 or -errno.
#pragma once
#include <stddef.h>
#include <stdint.h>

/// What a watched process tells the one that watches it; in memory that both share.
struct proof_progress {
  /// Instructions so far that wrote to the memory, also where they wrote what was there.
  uint64_t writes;
  /// Of the instruction after the last of them.
  uint64_t address;
};

/// In the process itself: from here on it stops (SIGSTOP) after every instruction that has changed `memory`, as
/// compared with `shadow`, its own copy. Between two of them the memory is the same, so a death at any instruction
/// is a death at one of the stops. `memory` begins and ends with a page.
int32_t proof_watch_myself(void *memory, void *shadow, size_t byteCount, struct proof_progress *progress);

/// In the process itself: its process id is `pid` from here on, and its clock begins at the same time as every other
/// one's: what it writes is the same each time.
void proof_live_as(int32_t pid);

/// Calls `handler` every so many milliseconds; system calls that wait are interrupted.
int32_t proof_tick(int32_t milliseconds, void (*handler)(int));
