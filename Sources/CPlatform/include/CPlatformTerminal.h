// What the command line needs. Bodies are in CPlatformTerminal.c: Swift must not see the system's headers twice.
#pragma once
#include <stdint.h>

/// 0 columns and rows: the terminal does not say. -errno if it is none.
int32_t mporch_terminal_size(int fd, int32_t *_Nonnull columns, int32_t *_Nonnull rows);
/// The variables of this process, ending in NULL: a mutable global, which Swift 6 can't name.
char *_Nullable *_Nonnull mporch_environment(void);
/// Starts `path` in a session of its own, with `connection` as descriptor 3, no other descriptor above 2, and signals as
/// after a login. Its standard streams are those of this process, or /dev/null. Its pid, or -errno.
int32_t mporch_spawn_session(
  const char *_Nonnull path, char *_Nullable const *_Nonnull arguments, int connection, int32_t sharesStandardStreams);
