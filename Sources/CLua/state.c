// The state, its memory, and running chunks.
#ifdef MPORCH_LUA
#include "state.h"

#include <stdlib.h>
#include <string.h>

bool mporch_buffer_reserve(mporch_buffer *buffer, size_t more) {
  if (buffer->capacity - buffer->count >= more) return true;
  size_t capacity = buffer->capacity < 256 ? 256 : buffer->capacity;
  while (capacity - buffer->count < more) {
    if (capacity > SIZE_MAX / 2) return false;
    capacity *= 2;
  }
  char *bytes = realloc(buffer->bytes, capacity);
  if (!bytes) return false;
  buffer->bytes = bytes;
  buffer->capacity = capacity;
  return true;
}

// Lua's allocator: over the limit there is no memory, whatever the system has.
static void *allocate(void *context, void *block, size_t old_count, size_t new_count) {
  mporch_lua *lua = context;
  // Of a new block, `old_count` is a tag.
  size_t old = block ? old_count : 0;
  if (new_count == 0) {
    lua->memory_used -= old;
    free(block);
    return NULL;
  }
  if (lua->memory_limit && new_count > old && new_count - old > lua->memory_limit - lua->memory_used) return NULL;
  void *moved = realloc(block, new_count);
  if (moved) lua->memory_used += new_count - old;
  return moved;
}

bool mporch_protected(mporch_lua *lua, lua_CFunction body, void *argument) {
  lua_State *state = lua->state;
  int top = lua_gettop(state);
  lua_pushcfunction(state, body);
  lua_pushlightuserdata(state, argument);
  bool done = lua_pcall(state, 1, 0, 0) == LUA_OK;
  lua_settop(state, top);
  return done;
}

static int null_to_string(lua_State *state) {
  lua_pushliteral(state, "null");
  return 1;
}

// `null` is the null pointer as light userdata: compared and recognised without a look into memory.
static void define_null(lua_State *state) {
  lua_pushlightuserdata(state, NULL);
  lua_createtable(state, 0, 2);
  lua_pushcfunction(state, null_to_string);
  lua_setfield(state, -2, "__tostring");
  lua_pushliteral(state, "null");
  lua_setfield(state, -2, "__name");
  lua_setmetatable(state, -2);
  lua_setglobal(state, "null");
}

static int make_map(lua_State *state) {
  if (lua_isnoneornil(state, 1)) {
    lua_settop(state, 0);
    lua_newtable(state);
  }
  luaL_checktype(state, 1, LUA_TTABLE);
  lua_settop(state, 1);
  mporch_push_map_metatable(state);
  lua_setmetatable(state, 1);
  return 1;
}

static void define_map(lua_State *state) {
  lua_createtable(state, 0, 1);
  lua_pushliteral(state, "map");
  lua_setfield(state, -2, "__name");
  mporch_of(state)->map_metatable = luaL_ref(state, LUA_REGISTRYINDEX);
  lua_pushcfunction(state, make_map);
  lua_setglobal(state, "map");
}

void mporch_push_map_metatable(lua_State *state) {
  lua_rawgeti(state, LUA_REGISTRYINDEX, mporch_of(state)->map_metatable);
}

bool mporch_is_null(lua_State *state, int index) {
  return lua_type(state, index) == LUA_TLIGHTUSERDATA && !lua_touserdata(state, index);
}

static int set_up(lua_State *state) {
  luaL_openlibs(state);
  define_null(state);
  define_map(state);
  mporch_define_output(state);
  return 0;
}

mporch_lua *mporch_lua_create(size_t memory_limit) {
  mporch_lua *lua = calloc(1, sizeof *lua);
  if (!lua) return NULL;
  lua->memory_limit = memory_limit;
  lua->expression = LUA_NOREF;
  lua->state = lua_newstate(allocate, lua);
  if (lua->state) {
    *(mporch_lua **)lua_getextraspace(lua->state) = lua;
    if (mporch_protected(lua, set_up, NULL)) return lua;
  }
  mporch_lua_destroy(lua);
  return NULL;
}

void mporch_lua_destroy(mporch_lua *lua) {
  if (lua->state) lua_close(lua->state);
  free(lua->message.bytes);
  free(lua->record.bytes);
  free(lua->scratch.bytes);
  free(lua);
}

// MARK: Messages

void mporch_lua_set_message(mporch_lua *lua, const char *text, size_t count) {
  lua->message.count = 0;
  if (!mporch_buffer_reserve(&lua->message, count)) return;
  if (count > 0) memcpy(lua->message.bytes, text, count);
  lua->message.count = count;
}

const char *mporch_lua_message(const mporch_lua *lua, size_t *count) {
  *count = lua->message.count;
  return lua->message.bytes;
}

void *mporch_lua_scratch(mporch_lua *lua, size_t count) {
  lua->scratch.count = 0;
  return mporch_buffer_reserve(&lua->scratch, count) ? lua->scratch.bytes : NULL;
}

// MARK: Running

// The length of `FILE:LINE: ` before a text, where FILE is what Lua calls the source of a function that runs now; 0: there
// is none.
static size_t place_before(lua_State *state, const char *text, size_t count) {
  lua_Debug frame;
  for (int level = 1; lua_getstack(state, level, &frame); level++) {
    lua_getinfo(state, "S", &frame);
    size_t length = strlen(frame.short_src);
    if (count <= length || memcmp(text, frame.short_src, length) != 0 || text[length] != ':') continue;
    size_t digits = length + 1;
    while (digits < count && text[digits] >= '0' && text[digits] <= '9') digits++;
    if (digits > length + 1 && count - digits >= 2 && memcmp(text + digits, ": ", 2) == 0) return digits + 2;
  }
  return 0;
}

// The error of a put, as it was raised, or raised again with the places that `error` and `coroutine.wrap` put before it.
static bool is_closed(lua_State *state, const char *text, size_t count) {
  size_t place;
  while ((place = place_before(state, text, count)) > 0) {
    text += place;
    count -= place;
  }
  return count == sizeof "closed" - 1 && memcmp(text, "closed", count) == 0;
}

// What `mporch_note_failure` has noted of the error with this text, if it was the last one.
static void push_failure_of(lua_State *state, const char *text, size_t count) {
  lua_rawgetp(state, LUA_REGISTRYINDEX, &mporch_failure_key);
  size_t noted = 0;
  const char *message = NULL;
  if (lua_istable(state, -1)) {
    lua_rawgeti(state, -1, 1);
    message = lua_tolstring(state, -1, &noted);
    lua_pop(state, 1);
  }
  if (message && noted == count && memcmp(message, text, count) == 0) {
    lua_rawgeti(state, -1, 2);
  } else {
    lua_pushliteral(state, "");
  }
  lua_remove(state, -2);
}

static bool is_line(const char *text, size_t count, const char *start) {
  size_t length = strlen(start);
  return count >= length && memcmp(text, start, length) == 0;
}

// Frames of what mporch itself does in Lua have no line that means anything to the reader.
void mporch_push_traceback(lua_State *state) {
  static const char prelude[] = "\n\t[mporch]:", raiser[] = "\n\t[C]: in upvalue 'fail'";
  luaL_traceback(state, state, NULL, 1);
  size_t left = 0;
  const char *text = lua_tolstring(state, -1, &left);
  luaL_Buffer kept;
  luaL_buffinit(state, &kept);
  while (left > 0) {
    const char *next = memchr(text + 1, '\n', left - 1);
    size_t count = next ? (size_t)(next - text) : left;
    bool is_own = is_line(text, count, prelude) || is_line(text, count, raiser);
    if (!is_own) luaL_addlstring(&kept, text, count);
    text += count;
    left -= count;
  }
  luaL_pushresult(&kept);
  lua_remove(state, -2);
}

static int add_traceback(lua_State *state) {
  mporch_lua *lua = mporch_of(state);
  size_t count = 0;
  const char *text = lua_tolstring(state, 1, &count);
  lua->ended_by_closed = lua->raised_closed && text && is_closed(state, text, count);
  // Where such a value lies would say nothing to anyone; the words are those of Lua's own interpreter.
  if (!text && luaL_getmetafield(state, 1, "__tostring") == LUA_TNIL)
    text = lua_pushfstring(state, "(error object is a %s value)", luaL_typename(state, 1)), count = strlen(text);
  if (!text) text = luaL_tolstring(state, 1, &count);
  lua_pushlstring(state, text, count);
  lua_pushliteral(state, "\n");
  push_failure_of(state, text, count);
  mporch_push_traceback(state);
  lua_concat(state, 4);
  return 1;
}

// Takes the error from the top of the stack.
static mporch_lua_status failed(mporch_lua *lua, int status) {
  size_t count = 0;
  const char *text = lua_type(lua->state, -1) == LUA_TSTRING ? lua_tolstring(lua->state, -1, &count) : NULL;
  static const char unknown[] = "an error in the handling of an error";
  mporch_lua_set_message(lua, text ? text : unknown, text ? count : sizeof unknown - 1);
  lua_settop(lua->state, 0);
  if (status == LUA_ERRMEM) return MPORCH_LUA_OUT_OF_MEMORY;
  return status == LUA_ERRRUN && lua->ended_by_closed ? MPORCH_LUA_CLOSED : MPORCH_LUA_FAILED;
}

mporch_lua_status mporch_lua_compile(mporch_lua *lua, const char *source, size_t count, const char *name) {
  lua->ended_by_closed = false;
  int status = luaL_loadbufferx(lua->state, source, count, name, "t");
  if (status != LUA_OK) return failed(lua, status);
  lua_settop(lua->state, 0);
  return MPORCH_LUA_DONE;
}

mporch_lua_status mporch_lua_run(mporch_lua *lua, const char *source, size_t count, const char *name) {
  lua_State *state = lua->state;
  lua->ended_by_closed = false;
  lua_settop(state, 0);
  lua_pushcfunction(state, add_traceback);
  int status = luaL_loadbufferx(state, source, count, name, "t");
  if (status == LUA_OK) status = lua_pcall(state, 0, 0, 1);
  if (status != LUA_OK) return failed(lua, status);
  lua_settop(state, 0);
  return MPORCH_LUA_DONE;
}
#endif
