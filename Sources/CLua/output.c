// What a script prints: each call is one write, so that the last words before any end are in the log.
#ifdef MPORCH_LUA
#include "state.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

// A broken log does not end the work: who read it is gone, and ends this process itself.
static void write_all(int descriptor, const char *bytes, size_t count) {
  while (count > 0) {
    ssize_t written = write(descriptor, bytes, count);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return;
    bytes += written;
    count -= (size_t)written;
  }
}

// The arguments from `first`, as `print` has them, as one line.
static int write_line(lua_State *state, int descriptor, const char *prefix, int first) {
  int count = lua_gettop(state);
  luaL_Buffer line;
  luaL_buffinit(state, &line);
  if (prefix) {
    luaL_addstring(&line, prefix);
    luaL_addstring(&line, ": ");
  }
  for (int index = first; index <= count; index++) {
    if (index > first) luaL_addchar(&line, '\t');
    luaL_tolstring(state, index, NULL);
    luaL_addvalue(&line);
  }
  luaL_addchar(&line, '\n');
  luaL_pushresult(&line);
  size_t byte_count;
  const char *bytes = lua_tolstring(state, -1, &byte_count);
  write_all(descriptor, bytes, byte_count);
  return 0;
}

static int print(lua_State *state) { return write_line(state, STDOUT_FILENO, NULL, 1); }

// log(level, …): warnings and errors on the standard error.
static int log_line(lua_State *state) {
  static const char *const levels[] = {"debug", "info", "warning", "error", NULL};
  int level = luaL_checkoption(state, 1, NULL, levels);
  return write_line(state, level >= 2 ? STDERR_FILENO : STDOUT_FILENO, levels[level], 2);
}

static int warn(lua_State *state) {
  luaL_checkstring(state, 1);
  return write_line(state, STDERR_FILENO, "warning", 1);
}

void mporch_define_output(lua_State *state) {
  // io.write goes by here; then it is in order with print.
  setvbuf(stdout, NULL, _IONBF, 0);
  lua_register(state, "print", print);
  lua_register(state, "log", log_line);
  lua_register(state, "warn", warn);
}
#endif
