#ifndef MPORCH_CLUA_H
#define MPORCH_CLUA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// A Lua 5.4 state for scripts, such that no error of Lua crosses a Swift frame.
//
// Lua's errors are longjmp. Everything here that may raise one runs in a protected call of C's own. Where a script calls
// a function of Swift, C gets the arguments ready, calls it, and pushes results or raises its error after it has
// returned; what Swift may call meanwhile (`mporch_lua_argument`, `mporch_lua_encode`, …) never raises.

// A state, its memory bound and its buffers.
typedef struct mporch_lua mporch_lua;

// The type of the items of a queue or pipe, or of a value.
typedef enum {
  MPORCH_ITEM_ANY,  // CBOR (RFC 8949)
  MPORCH_ITEM_STRING,
  MPORCH_ITEM_BYTES,
  MPORCH_ITEM_BOOL,
  MPORCH_ITEM_INT8,
  MPORCH_ITEM_INT16,
  MPORCH_ITEM_INT32,
  MPORCH_ITEM_INT64,
  MPORCH_ITEM_UINT8,
  MPORCH_ITEM_UINT16,
  MPORCH_ITEM_UINT32,
  MPORCH_ITEM_UINT64,
  MPORCH_ITEM_FLOAT32,
  MPORCH_ITEM_FLOAT64,
} mporch_item_type;

typedef enum {
  MPORCH_LUA_NONE,  // no such argument
  MPORCH_LUA_NIL,
  MPORCH_LUA_NULL,
  MPORCH_LUA_BOOL,
  MPORCH_LUA_INTEGER,
  MPORCH_LUA_FLOAT,
  MPORCH_LUA_STRING,
  MPORCH_LUA_TABLE,
  MPORCH_LUA_OBJECT,  // of a type that was defined: `bytes` is its context, `count` the type's number
  MPORCH_LUA_OTHER,
  MPORCH_LUA_RECORD,  // a result only: `bytes` hold an item of `item_type`
} mporch_lua_kind;

typedef struct {
  mporch_lua_kind kind;
  mporch_item_type item_type;
  union {
    bool boolean;
    int64_t integer;
    double number;
  };
  // Of a string or record: valid as long as the call; of a result, until the function has returned and longer.
  const void *bytes;
  size_t count;
} mporch_lua_value;

typedef enum {
  MPORCH_LUA_RETURN,
  // With the message set by `mporch_lua_set_message`, after the place of the call in the script.
  MPORCH_LUA_RAISE,
  // The error is the bare string 'closed', and `mporch_lua_run` tells it from others.
  MPORCH_LUA_RAISE_CLOSED,
} mporch_lua_outcome;

#define MPORCH_LUA_RESULT_LIMIT 3

// One call of a function of Swift. The function leaves `result_count` results and the outcome.
typedef struct {
  void *state;
  mporch_lua *lua;
  // Of the object whose method it is, or of the function.
  void *context;
  // The first argument's place on Lua's stack: behind the object.
  int first;
  int argument_count;
  int result_count;
  mporch_lua_outcome outcome;
  mporch_lua_value results[MPORCH_LUA_RESULT_LIMIT];
} mporch_lua_call;

typedef void (*mporch_lua_function)(mporch_lua_call *call);

// MARK: A state

// With Lua's standard library. `memory_limit` in bytes, 0: none. NULL: no memory.
mporch_lua *mporch_lua_create(size_t memory_limit);
void mporch_lua_destroy(mporch_lua *lua);

typedef enum {
  MPORCH_LUA_DONE,
  // With a message: of a run, the error and a traceback.
  MPORCH_LUA_FAILED,
  MPORCH_LUA_OUT_OF_MEMORY,
  // Uncaught 'closed' of MPORCH_LUA_RAISE_CLOSED, with a message as above.
  MPORCH_LUA_CLOSED,
} mporch_lua_status;

// Runs a chunk. `name` as Lua has it: '@' before a file's name.
mporch_lua_status mporch_lua_run(mporch_lua *lua, const char *source, size_t count, const char *name);
// Compiles it and no more.
mporch_lua_status mporch_lua_compile(mporch_lua *lua, const char *source, size_t count, const char *name);
// Of the last call that did not end with MPORCH_LUA_DONE; not terminated.
const char *mporch_lua_message(const mporch_lua *lua, size_t *count);

// MARK: What a script sees. All of these fail for want of memory only.

// A type of objects, by a number of the caller's from 0 to below MPORCH_LUA_TYPE_LIMIT.
#define MPORCH_LUA_TYPE_LIMIT 32
bool mporch_lua_define_type(mporch_lua *lua, int type, const char *name);
bool mporch_lua_define_method(mporch_lua *lua, int type, const char *name, mporch_lua_function function);
// What `object[key]` (where `key` is no method), `object[key] = x` and `#object` do; each may be NULL.
bool mporch_lua_define_access(
    mporch_lua *lua, int type, mporch_lua_function get, mporch_lua_function set, mporch_lua_function length);
// In `table`, which is made if there is none, or itself a global; `context` is what its methods get.
bool mporch_lua_define_object(mporch_lua *lua, const char *table, const char *name, int type, void *context);
// A function in `table`, a global or NULL: then itself a global.
bool mporch_lua_define_function(
    mporch_lua *lua, const char *table, const char *name, mporch_lua_function function, void *context);
// An item in `table`, which is made if there is none, or itself a global.
bool mporch_lua_define_item(mporch_lua *lua, const char *table, const char *name, const void *cbor, size_t count);

// Runs a chunk of mporch's own, in Lua. It is given a function, `methods(type number)` gives a type's table of methods, and
// a table of functions: see `prelude_tools`.
bool mporch_lua_run_prelude(mporch_lua *lua, const char *source, size_t count);

// MARK: Within a call

// From 0. A string's bytes are not terminated.
mporch_lua_value mporch_lua_argument(const mporch_lua_call *call, int index);
// Names a value in an error's words: `3.5`, `"abc"`, `a table`. Terminated and cut to `limit`.
void mporch_lua_describe(const mporch_lua_call *call, int index, char *text, size_t limit);
// The line at which the chunk of that name (as Lua has it) has made the call, perhaps by functions of others; 0: it has not.
int mporch_lua_line(const mporch_lua *lua, const char *name);
// A copy for a message; memory that can't be had leaves it empty.
void mporch_lua_set_message(mporch_lua *lua, const char *text, size_t count);
// Memory that stays until the next call of this; NULL: none.
void *mporch_lua_scratch(mporch_lua *lua, size_t count);

typedef enum {
  MPORCH_ENCODED,
  // The item type can't take the value; of `any`, why stands in the message.
  MPORCH_ENCODE_MISMATCH,
  MPORCH_ENCODE_TOO_LARGE,
  MPORCH_ENCODE_NO_MEMORY,
} mporch_encode_status;

// An argument as a record of a ring: a number raw, all else with its length before it and padded to 4 bytes. The bytes
// stay until the next encoding; `payload` is their count without length and padding, `payload_limit` its most.
mporch_encode_status mporch_lua_encode(
    const mporch_lua_call *call, int index, mporch_item_type type, size_t payload_limit, const void **bytes,
    size_t *count, size_t *payload);

// MARK: An expression over an item

// Compiles `return EXPR` with `item` as its variable. One at a time.
mporch_lua_status mporch_lua_define_expression(mporch_lua *lua, const char *source, size_t count);
// Its value for one item. A string's or record's bytes stay until the next call of this.
mporch_lua_status mporch_lua_evaluate(
    mporch_lua *lua, const void *record, size_t count, mporch_item_type type, mporch_lua_value *value);

#endif
