#ifndef MPORCH_LUA_STATE_H
#define MPORCH_LUA_STATE_H

#include "include/CLua.h"
#include "lua_includes.h"

// Bytes that grow, outside Lua's memory: an error of Lua leaves them whole.
typedef struct {
  char *bytes;
  size_t count;
  size_t capacity;
} mporch_buffer;

// False: no memory; then nothing has changed.
bool mporch_buffer_reserve(mporch_buffer *buffer, size_t more);

struct mporch_lua {
  lua_State *state;
  // The one, a coroutine perhaps, that has called Swift last.
  lua_State *caller;
  size_t memory_used;
  size_t memory_limit;
  mporch_buffer message;
  mporch_buffer record;
  mporch_buffer scratch;
  // The last error raised was MPORCH_LUA_RAISE_CLOSED's.
  bool raised_closed;
  // The error that ended the last run is.
  bool ended_by_closed;
  // References in the registry.
  int map_metatable;
  int expression;
};

// An object of a script.
typedef struct {
  uint64_t mark;
  int type;
  void *context;
} mporch_object;

static inline mporch_lua *mporch_of(lua_State *state) { return *(mporch_lua **)lua_getextraspace(state); }

// `map{}`, and what a decoded map has: such a table is a map, also an empty one.
void mporch_push_map_metatable(lua_State *state);
bool mporch_is_null(lua_State *state, int index);
// NULL: no object of ours.
mporch_object *mporch_object_at(lua_State *state, int index);

// Pushes the item that a record holds; may raise.
void mporch_push_record(lua_State *state, const void *bytes, size_t count, mporch_item_type type);
void mporch_push_value(lua_State *state, const mporch_lua_value *value);
bool mporch_is_utf8(const char *bytes, size_t count);
// A value on the stack as a record; never raises. A mismatch of `any` is in the message.
mporch_encode_status mporch_encode(lua_State *state, int index, mporch_item_type type, size_t payload_limit);
// The record without the length before it, as `mporch_encode` left it.
static inline const void *mporch_payload(const mporch_lua *lua) { return lua->record.bytes + 4; }

// Keys of the registry and of metatables: their addresses count.
extern const char mporch_opaque_key;
extern const char mporch_failure_key;

// Pushes a traceback of who has called, in lines of scripts alone.
void mporch_push_traceback(lua_State *state);

// Replaces globals that would act on the process as mporch must not have it: print, io, os.exit, …
void mporch_define_output(lua_State *state);

// Runs `body` so that its errors stay here. False: no memory.
bool mporch_protected(mporch_lua *lua, lua_CFunction body, void *argument);

#endif
