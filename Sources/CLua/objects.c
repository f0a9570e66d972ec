// What a script sees of Swift: objects with methods, functions, items.
#ifdef MPORCH_LUA
#include "state.h"

#include <stdio.h>
#include <string.h>

static const uint64_t object_mark = 0x6d706f7263684c75;

// Their addresses are keys of the registry: of each type its metatable and its methods.
static const char metatable_keys[MPORCH_LUA_TYPE_LIMIT];
static const char method_keys[MPORCH_LUA_TYPE_LIMIT];

mporch_object *mporch_object_at(lua_State *state, int index) {
  if (lua_type(state, index) != LUA_TUSERDATA || lua_rawlen(state, index) != sizeof(mporch_object)) return NULL;
  mporch_object *object = lua_touserdata(state, index);
  return object->mark == object_mark ? object : NULL;
}

// What errors call the file of preludes.
#define MPORCH_LUA_PRELUDE "=[mporch]"

// MARK: Calls

// Of the call in the script: where a prelude's function made it, of the call of that.
static void push_place(lua_State *state) {
  lua_Debug frame;
  for (int level = 1; lua_getstack(state, level, &frame); level++) {
    lua_getinfo(state, "Sl", &frame);
    if (strcmp(frame.source, MPORCH_LUA_PRELUDE) == 0) continue;
    if (frame.currentline <= 0) break;
    lua_pushfstring(state, "%s:%d: ", frame.short_src, frame.currentline);
    return;
  }
  lua_pushliteral(state, "");
}

int mporch_lua_line(const mporch_lua *lua, const char *name) {
  lua_Debug frame;
  for (int level = 0; lua_getstack(lua->caller, level, &frame); level++) {
    lua_getinfo(lua->caller, "Sl", &frame);
    if (strcmp(frame.source, name) == 0 && frame.currentline > 0) return frame.currentline;
  }
  return 0;
}

static int finish(lua_State *state, mporch_lua_call *call) {
  if (call->outcome == MPORCH_LUA_RETURN) {
    for (int index = 0; index < call->result_count; index++) mporch_push_value(state, &call->results[index]);
    return call->result_count;
  }
  if (call->outcome == MPORCH_LUA_RAISE_CLOSED) {
    call->lua->raised_closed = true;
    lua_pushliteral(state, "closed");
  } else {
    push_place(state);
    lua_pushlstring(state, call->lua->message.bytes, call->lua->message.count);
    lua_concat(state, 2);
  }
  return lua_error(state);
}

static int call(lua_State *state, mporch_lua_function function, void *context, int first) {
  mporch_lua_call call;
  call.state = state;
  call.lua = mporch_of(state);
  call.lua->caller = state;
  call.context = context;
  call.first = first;
  call.argument_count = lua_gettop(state) - first + 1;
  call.result_count = 0;
  call.outcome = MPORCH_LUA_RETURN;
  function(&call);
  return finish(state, &call);
}

static mporch_lua_function function_upvalue(lua_State *state, int index) {
  return (mporch_lua_function)lua_touserdata(state, lua_upvalueindex(index));
}

static void push_function(lua_State *state, mporch_lua_function function) {
  lua_pushlightuserdata(state, (void *)function);
}

// Upvalues: the function, the type's number, the method's name, the type's name.
static int call_method(lua_State *state) {
  mporch_object *object = mporch_object_at(state, 1);
  if (!object || object->type != lua_tointeger(state, lua_upvalueindex(2))) {
    const char *method = lua_tostring(state, lua_upvalueindex(3));
    const char *type = lua_tostring(state, lua_upvalueindex(4));
    return luaL_error(state, "'%s' is a method of a %s: write 'OBJECT:%s(…)'", method, type, method);
  }
  return call(state, function_upvalue(state, 1), object->context, 2);
}

// Upvalues: the function, its context.
static int call_function(lua_State *state) {
  return call(state, function_upvalue(state, 1), lua_touserdata(state, lua_upvalueindex(2)), 1);
}

// Upvalues: the function, the type's methods. `object[key]`.
static int get(lua_State *state) {
  if (lua_type(state, 2) == LUA_TSTRING) {
    lua_pushvalue(state, 2);
    if (lua_rawget(state, lua_upvalueindex(2)) != LUA_TNIL) return 1;
    lua_settop(state, 2);
  }
  mporch_object *object = mporch_object_at(state, 1);
  return object ? call(state, function_upvalue(state, 1), object->context, 2) : 0;
}

// Upvalue: the function. `object[key] = x`, `#object`.
static int access_object(lua_State *state) {
  mporch_object *object = mporch_object_at(state, 1);
  return object ? call(state, function_upvalue(state, 1), object->context, 2) : 0;
}

// MARK: Definitions, each in a protected call

typedef struct {
  int type;
  const char *table;
  const char *name;
  mporch_lua_function function;
  mporch_lua_function set;
  mporch_lua_function length;
  void *context;
  const void *bytes;
  size_t count;
} definition;

static definition *definition_of(lua_State *state) { return lua_touserdata(state, 1); }

static int define_type(lua_State *state) {
  definition *type = definition_of(state);
  lua_createtable(state, 0, 6);
  lua_pushstring(state, type->name);
  lua_setfield(state, -2, "__name");
  // Also what getmetatable gives: scripts can't change an object's type.
  lua_pushstring(state, type->name);
  lua_setfield(state, -2, "__metatable");
  lua_newtable(state);
  lua_pushvalue(state, -1);
  lua_rawsetp(state, LUA_REGISTRYINDEX, &method_keys[type->type]);
  lua_setfield(state, -2, "__index");
  lua_rawsetp(state, LUA_REGISTRYINDEX, &metatable_keys[type->type]);
  return 0;
}

static int define_method(lua_State *state) {
  definition *method = definition_of(state);
  lua_rawgetp(state, LUA_REGISTRYINDEX, &method_keys[method->type]);
  push_function(state, method->function);
  lua_pushinteger(state, method->type);
  lua_pushstring(state, method->name);
  lua_rawgetp(state, LUA_REGISTRYINDEX, &metatable_keys[method->type]);
  lua_getfield(state, -1, "__name");
  lua_remove(state, -2);
  lua_pushcclosure(state, call_method, 4);
  lua_setfield(state, -2, method->name);
  return 0;
}

static int define_access(lua_State *state) {
  definition *access = definition_of(state);
  lua_rawgetp(state, LUA_REGISTRYINDEX, &metatable_keys[access->type]);
  if (access->function) {
    push_function(state, access->function);
    lua_rawgetp(state, LUA_REGISTRYINDEX, &method_keys[access->type]);
    lua_pushcclosure(state, get, 2);
    lua_setfield(state, -2, "__index");
  }
  if (access->set) {
    push_function(state, access->set);
    lua_pushcclosure(state, access_object, 1);
    lua_setfield(state, -2, "__newindex");
  }
  if (access->length) {
    push_function(state, access->length);
    lua_pushcclosure(state, access_object, 1);
    lua_setfield(state, -2, "__len");
  }
  return 0;
}

// Pushes the table that a definition names: the globals, where it names none.
static void push_table(lua_State *state, const char *name) {
  lua_pushglobaltable(state);
  if (!name) return;
  if (lua_getfield(state, -1, name) != LUA_TTABLE) {
    lua_pop(state, 1);
    lua_newtable(state);
    lua_pushvalue(state, -1);
    lua_setfield(state, -3, name);
  }
  lua_remove(state, -2);
}

static int define_object(lua_State *state) {
  definition *global = definition_of(state);
  mporch_object *object = lua_newuserdatauv(state, sizeof *object, 0);
  object->mark = object_mark;
  object->type = global->type;
  object->context = global->context;
  lua_rawgetp(state, LUA_REGISTRYINDEX, &metatable_keys[global->type]);
  lua_setmetatable(state, -2);
  push_table(state, global->table);
  lua_insert(state, -2);
  lua_setfield(state, -2, global->name);
  return 0;
}

static int define_function(lua_State *state) {
  definition *function = definition_of(state);
  push_table(state, function->table);
  push_function(state, function->function);
  lua_pushlightuserdata(state, function->context);
  lua_pushcclosure(state, call_function, 2);
  lua_setfield(state, -2, function->name);
  return 0;
}

static int define_item(lua_State *state) {
  definition *item = definition_of(state);
  push_table(state, item->table);
  mporch_push_record(state, item->bytes, item->count, MPORCH_ITEM_ANY);
  lua_setfield(state, -2, item->name);
  return 0;
}

bool mporch_lua_define_type(mporch_lua *lua, int type, const char *name) {
  return mporch_protected(lua, define_type, &(definition){.type = type, .name = name});
}

bool mporch_lua_define_method(mporch_lua *lua, int type, const char *name, mporch_lua_function function) {
  return mporch_protected(lua, define_method, &(definition){.type = type, .name = name, .function = function});
}

bool mporch_lua_define_access(
    mporch_lua *lua, int type, mporch_lua_function get, mporch_lua_function set, mporch_lua_function length) {
  return mporch_protected(
      lua, define_access, &(definition){.type = type, .function = get, .set = set, .length = length});
}

bool mporch_lua_define_object(mporch_lua *lua, const char *table, const char *name, int type, void *context) {
  return mporch_protected(
      lua, define_object, &(definition){.type = type, .table = table, .name = name, .context = context});
}

bool mporch_lua_define_function(
    mporch_lua *lua, const char *table, const char *name, mporch_lua_function function, void *context) {
  return mporch_protected(
      lua, define_function, &(definition){.table = table, .name = name, .function = function, .context = context});
}

bool mporch_lua_define_item(mporch_lua *lua, const char *table, const char *name, const void *cbor, size_t count) {
  return mporch_protected(
      lua, define_item, &(definition){.table = table, .name = name, .bytes = cbor, .count = count});
}

static int methods_of(lua_State *state) {
  lua_Integer type = luaL_checkinteger(state, 1);
  luaL_argcheck(state, type >= 0 && type < MPORCH_LUA_TYPE_LIMIT, 1, "no type");
  lua_rawgetp(state, LUA_REGISTRYINDEX, &method_keys[type]);
  return 1;
}

const char mporch_opaque_key;
const char mporch_failure_key;

// opaque(metatable, words): a table that has it stands for something, and is no item; `words` say what, and what is one.
static int make_opaque(lua_State *state) {
  luaL_checktype(state, 1, LUA_TTABLE);
  luaL_checkstring(state, 2);
  lua_settop(state, 2);
  lua_rawsetp(state, 1, &mporch_opaque_key);
  return 0;
}

// fail(message): an error at the script's line that has called what mporch has in Lua.
static int fail(lua_State *state) {
  luaL_checkstring(state, 1);
  push_place(state);
  lua_pushvalue(state, 1);
  lua_concat(state, 2);
  return lua_error(state);
}

// note_failure(message, text): where nobody catches an error of that text, `text` is shown before the traceback.
static int note_failure(lua_State *state) {
  lua_settop(state, 2);
  lua_createtable(state, 2, 0);
  lua_insert(state, 1);
  lua_rawseti(state, 1, 2);
  lua_rawseti(state, 1, 1);
  lua_rawsetp(state, LUA_REGISTRYINDEX, &mporch_failure_key);
  return 0;
}

static int traceback(lua_State *state) {
  mporch_push_traceback(state);
  return 1;
}

// problem_of(value): why it is no item; nil: it is one.
static int problem_of(lua_State *state) {
  luaL_checkany(state, 1);
  mporch_lua *lua = mporch_of(state);
  if (mporch_encode(state, 1, MPORCH_ITEM_ANY, SIZE_MAX) != MPORCH_ENCODE_MISMATCH) return 0;
  lua_pushlstring(state, lua->message.bytes, lua->message.count);
  return 1;
}

static const luaL_Reg prelude_tools[] = {
    {"opaque", make_opaque}, {"fail", fail}, {"note_failure", note_failure}, {"traceback", traceback},
    {"problem_of", problem_of}, {NULL, NULL},
};

static int run_prelude(lua_State *state) {
  definition *prelude = definition_of(state);
  if (luaL_loadbufferx(state, prelude->bytes, prelude->count, MPORCH_LUA_PRELUDE, "t") != LUA_OK) return lua_error(state);
  lua_pushcfunction(state, methods_of);
  luaL_newlib(state, prelude_tools);
  lua_call(state, 2, 0);
  return 0;
}

bool mporch_lua_run_prelude(mporch_lua *lua, const char *source, size_t count) {
  return mporch_protected(lua, run_prelude, &(definition){.bytes = source, .count = count});
}

// MARK: Arguments

mporch_lua_value mporch_lua_argument(const mporch_lua_call *call, int index) {
  lua_State *state = call->state;
  mporch_lua_value value = {.kind = MPORCH_LUA_NONE};
  if (index >= call->argument_count) return value;
  int place = call->first + index;
  switch (lua_type(state, place)) {
    case LUA_TNIL: value.kind = MPORCH_LUA_NIL; break;
    case LUA_TBOOLEAN:
      value.kind = MPORCH_LUA_BOOL;
      value.boolean = lua_toboolean(state, place);
      break;
    case LUA_TNUMBER:
      if (lua_isinteger(state, place)) {
        value.kind = MPORCH_LUA_INTEGER;
        value.integer = lua_tointeger(state, place);
      } else {
        value.kind = MPORCH_LUA_FLOAT;
        value.number = lua_tonumber(state, place);
      }
      break;
    case LUA_TSTRING:
      value.kind = MPORCH_LUA_STRING;
      value.bytes = lua_tolstring(state, place, &value.count);
      break;
    case LUA_TTABLE: value.kind = MPORCH_LUA_TABLE; break;
    default: {
      mporch_object *object = mporch_object_at(state, place);
      value.kind = object ? MPORCH_LUA_OBJECT : mporch_is_null(state, place) ? MPORCH_LUA_NULL : MPORCH_LUA_OTHER;
      if (object) {
        value.bytes = object->context;
        value.count = (size_t)object->type;
      }
    }
  }
  return value;
}

void mporch_lua_describe(const mporch_lua_call *call, int index, char *text, size_t limit) {
  mporch_lua_value value = mporch_lua_argument(call, index);
  switch (value.kind) {
    case MPORCH_LUA_NONE:
    case MPORCH_LUA_NIL: snprintf(text, limit, "nil"); break;
    case MPORCH_LUA_NULL: snprintf(text, limit, "null"); break;
    case MPORCH_LUA_BOOL: snprintf(text, limit, value.boolean ? "true" : "false"); break;
    case MPORCH_LUA_INTEGER: snprintf(text, limit, "%lld", (long long)value.integer); break;
    case MPORCH_LUA_FLOAT: snprintf(text, limit, "%.14g", value.number); break;
    case MPORCH_LUA_STRING: {
      bool is_cut = value.count > 40;
      snprintf(text, limit, "\"%.*s%s\"", (int)(is_cut ? 40 : value.count), (const char *)value.bytes, is_cut ? "…" : "");
      break;
    }
    default: {
      lua_State *state = call->state;
      snprintf(text, limit, "a %s", lua_typename(state, lua_type(state, call->first + index)));
    }
  }
}
#endif
