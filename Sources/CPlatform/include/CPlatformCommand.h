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
/// Starts `arguments[0]` in a session of its own, with nothing but its standard streams: the two that are given, and
/// this process's standard error. Its process id, or -errno where it can't be executed.
int32_t mporch_start_command(char *const *arguments, int standard_input, int standard_output);
/// Kills all descendants and waits until none is left, those that have left their parents too: of a subreaper.
void mporch_end_descendants(void);
