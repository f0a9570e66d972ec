// An expression over an item, for kinds: no process of a script's own.
#ifdef MPORCH_LUA
#include "state.h"

#include <string.h>

typedef struct {
  const char *source;
  size_t count;
} expression_source;

// Pushes the function, or an error; gives Lua's status.
static int load_between(lua_State *state, const char *before, const expression_source *source, const char *after) {
  luaL_Buffer chunk;
  luaL_buffinit(state, &chunk);
  luaL_addstring(&chunk, before);
  luaL_addlstring(&chunk, source->source, source->count);
  luaL_addstring(&chunk, after);
  luaL_pushresult(&chunk);
  size_t count;
  const char *text = lua_tolstring(state, -1, &count);
  return luaL_loadbufferx(state, text, count, "=expr", "t");
}

static int define_expression(lua_State *state) {
  const expression_source *source = lua_touserdata(state, 1);
  // Lua's own words for what is wrong are of the expression as it is written.
  if (load_between(state, "local item = ... return ", source, "") != LUA_OK) return lua_error(state);
  // One value, no list and not none: only such stands in parentheses.
  if (load_between(state, "local item = ... return (", source, "\n)") != LUA_OK) {
    return luaL_error(state, "expr:1: one expression is due, as in 'item * 2'");
  }
  mporch_of(state)->expression = luaL_ref(state, LUA_REGISTRYINDEX);
  return 0;
}

typedef struct {
  const void *record;
  size_t count;
  mporch_item_type type;
  mporch_lua_value *value;
} evaluation;

static void take_value(lua_State *state, mporch_lua_value *value) {
  mporch_lua *lua = mporch_of(state);
  *value = (mporch_lua_value){.kind = MPORCH_LUA_NIL};
  switch (lua_type(state, -1)) {
    case LUA_TNIL: return;
    case LUA_TBOOLEAN:
      value->kind = MPORCH_LUA_BOOL;
      value->boolean = lua_toboolean(state, -1);
      return;
    case LUA_TNUMBER:
      if (lua_isinteger(state, -1)) {
        value->kind = MPORCH_LUA_INTEGER;
        value->integer = lua_tointeger(state, -1);
      } else {
        value->kind = MPORCH_LUA_FLOAT;
        value->number = lua_tonumber(state, -1);
      }
      return;
    default: break;
  }
  if (mporch_encode(state, lua_gettop(state), MPORCH_ITEM_ANY, SIZE_MAX) != MPORCH_ENCODED) {
    lua_pushlstring(state, lua->message.bytes, lua->message.count);
    luaL_error(state, "its value is %s", lua_tostring(state, -1));
  }
  uint32_t payload;
  memcpy(&payload, lua->record.bytes, sizeof payload);
  value->kind = MPORCH_LUA_RECORD;
  value->item_type = MPORCH_ITEM_ANY;
  value->bytes = mporch_payload(lua);
  value->count = payload;
}

static int evaluate(lua_State *state) {
  const evaluation *evaluation = lua_touserdata(state, 1);
  lua_rawgeti(state, LUA_REGISTRYINDEX, mporch_of(state)->expression);
  mporch_push_record(state, evaluation->record, evaluation->count, evaluation->type);
  lua_call(state, 1, 1);
  take_value(state, evaluation->value);
  return 0;
}

// The error of a protected call becomes the message.
static mporch_lua_status run(mporch_lua *lua, lua_CFunction body, void *argument) {
  lua_State *state = lua->state;
  lua_settop(state, 0);
  lua_pushcfunction(state, body);
  lua_pushlightuserdata(state, argument);
  int status = lua_pcall(state, 1, 0, 0);
  if (status == LUA_OK) return MPORCH_LUA_DONE;
  size_t count = 0;
  const char *text = lua_type(state, -1) == LUA_TSTRING ? lua_tolstring(state, -1, &count) : "an error that is no text";
  mporch_lua_set_message(lua, text, count > 0 ? count : strlen(text));
  lua_settop(state, 0);
  return status == LUA_ERRMEM ? MPORCH_LUA_OUT_OF_MEMORY : MPORCH_LUA_FAILED;
}

mporch_lua_status mporch_lua_define_expression(mporch_lua *lua, const char *source, size_t count) {
  return run(lua, define_expression, &(expression_source){source, count});
}

mporch_lua_status mporch_lua_evaluate(
    mporch_lua *lua, const void *record, size_t count, mporch_item_type type, mporch_lua_value *value) {
  return run(lua, evaluate, &(evaluation){record, count, type, value});
}
#endif
