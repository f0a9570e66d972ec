// A value of Lua as a record of a ring. Nothing here raises or allocates in Lua: it may run within a call of Swift's.
#ifdef MPORCH_LUA
#include "state.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const int depth_limit = 100;
static const char nil_is_no_item[] = "nil, which is no item: write null";

typedef struct {
  lua_State *state;
  mporch_lua *lua;
  // Where the payload begins, and how long it may be.
  size_t start;
  size_t payload_limit;
  mporch_encode_status status;
} encoder;

// MARK: UTF-8

bool mporch_is_utf8(const char *text, size_t count) {
  const unsigned char *bytes = (const unsigned char *)text;
  size_t index = 0;
  while (index < count) {
    uint64_t word;
    if (count - index >= sizeof word) {
      memcpy(&word, bytes + index, sizeof word);
      if (!(word & 0x8080808080808080)) {
        index += sizeof word;
        continue;
      }
    }
    unsigned char first = bytes[index++];
    if (first < 0x80) continue;
    int more = first >= 0xF0 ? 3 : first >= 0xE0 ? 2 : 1;
    if (first < 0xC2 || first > 0xF4 || count - index < (size_t)more) return false;
    unsigned char second = bytes[index];
    // No overlong forms, no surrogates, nothing above U+10FFFF.
    if ((first == 0xE0 && second < 0xA0) || (first == 0xED && second > 0x9F) || (first == 0xF0 && second < 0x90) ||
        (first == 0xF4 && second > 0x8F)) {
      return false;
    }
    for (int step = 0; step < more; step++) {
      if ((bytes[index++] & 0xC0) != 0x80) return false;
    }
  }
  return true;
}

// MARK: Bytes

static bool add(encoder *encoder, const void *bytes, size_t count) {
  mporch_buffer *record = &encoder->lua->record;
  if (count > encoder->payload_limit - (record->count - encoder->start)) {
    encoder->status = MPORCH_ENCODE_TOO_LARGE;
    return false;
  }
  if (!mporch_buffer_reserve(record, count + 8)) {
    encoder->status = MPORCH_ENCODE_NO_MEMORY;
    return false;
  }
  if (count > 0) memcpy(record->bytes + record->count, bytes, count);
  record->count += count;
  return true;
}

static bool mismatch(encoder *encoder, const char *why) {
  mporch_lua_set_message(encoder->lua, why, strlen(why));
  encoder->status = MPORCH_ENCODE_MISMATCH;
  return false;
}

// The head of a CBOR item (RFC 8949 §3): major type and argument, as short as it goes.
static bool add_head(encoder *encoder, unsigned major, uint64_t argument) {
  unsigned char head[9];
  int count = argument < 24 ? 0 : argument <= 0xFF ? 1 : argument <= 0xFFFF ? 2 : argument <= 0xFFFFFFFF ? 4 : 8;
  static const unsigned char information[] = {0, 24, 25, 0, 26, 0, 0, 0, 27};
  head[0] = (unsigned char)(major << 5 | (count == 0 ? argument : information[count]));
  for (int index = 0; index < count; index++) head[1 + index] = (unsigned char)(argument >> 8 * (count - 1 - index));
  return add(encoder, head, 1 + (size_t)count);
}

// MARK: CBOR

static bool add_any(encoder *encoder, int index, int depth);

static bool add_number(encoder *encoder, int index) {
  if (lua_isinteger(encoder->state, index)) {
    int64_t value = lua_tointeger(encoder->state, index);
    return value < 0 ? add_head(encoder, 1, ~(uint64_t)value) : add_head(encoder, 0, (uint64_t)value);
  }
  double value = lua_tonumber(encoder->state, index);
  uint64_t bits;
  memcpy(&bits, &value, sizeof bits);
  unsigned char item[9] = {0xFB};
  for (int byte = 0; byte < 8; byte++) item[1 + byte] = (unsigned char)(bits >> 8 * (7 - byte));
  return add(encoder, item, sizeof item);
}

static bool add_string(encoder *encoder, int index) {
  size_t count;
  const char *text = lua_tolstring(encoder->state, index, &count);
  return add_head(encoder, mporch_is_utf8(text, count) ? 3 : 2, count) && add(encoder, text, count);
}

typedef enum { IS_LIST, IS_MAP, IS_NEITHER } table_form;

static bool has_map_metatable(lua_State *state, int index) {
  if (!lua_getmetatable(state, index)) return false;
  mporch_push_map_metatable(state);
  bool is_map = lua_rawequal(state, -1, -2);
  lua_pop(state, 2);
  return is_map;
}

// A list has the keys 1 to n and no other, a map strings alone; empty, it is a list unless made by `map{}`.
static table_form form_of(encoder *encoder, int table, lua_Unsigned *count) {
  lua_State *state = encoder->state;
  bool all_integers = true, all_strings = true;
  lua_Integer most = 0;
  *count = 0;
  lua_pushnil(state);
  while (lua_next(state, table)) {
    lua_pop(state, 1);
    ++*count;
    bool is_string = lua_type(state, -1) == LUA_TSTRING;
    bool is_integer = lua_isinteger(state, -1) && lua_tointeger(state, -1) >= 1;
    all_strings = all_strings && is_string;
    all_integers = all_integers && is_integer;
    if (is_integer && lua_tointeger(state, -1) > most) most = lua_tointeger(state, -1);
  }
  if (has_map_metatable(state, table)) {
    if (all_strings) return IS_MAP;
    mismatch(encoder, "a map whose keys are not all strings");
    return IS_NEITHER;
  }
  if (all_integers && (lua_Unsigned)most == *count) return IS_LIST;
  if (all_strings) return IS_MAP;
  mismatch(
      encoder, all_integers ? "a list with holes: put null where there is nothing"
                            : "a table whose keys are neither 1 to n (a list) nor all strings (a map)");
  return IS_NEITHER;
}

static bool add_list(encoder *encoder, int table, lua_Unsigned count, int depth) {
  lua_State *state = encoder->state;
  if (!add_head(encoder, 4, count)) return false;
  for (lua_Unsigned index = 1; index <= count; index++) {
    lua_rawgeti(state, table, (lua_Integer)index);
    bool done = add_any(encoder, lua_gettop(state), depth + 1);
    lua_pop(state, 1);
    if (!done) return false;
  }
  return true;
}

// A key of a map, on Lua's stack.
typedef struct {
  const char *text;
  size_t count;
  int place;
} map_key;

static int compare_keys(const void *left, const void *right) {
  const map_key *a = left, *b = right;
  int order = memcmp(a->text, b->text, a->count < b->count ? a->count : b->count);
  return order != 0 ? order : a->count < b->count ? -1 : a->count > b->count;
}

static bool add_entries(encoder *encoder, int table, const map_key *keys, int count, int depth) {
  lua_State *state = encoder->state;
  for (int index = 0; index < count; index++) {
    lua_pushvalue(state, keys[index].place);
    lua_rawget(state, table);
    bool done = add_string(encoder, keys[index].place) && add_any(encoder, lua_gettop(state), depth + 1);
    lua_pop(state, 1);
    if (!done) return false;
  }
  return true;
}

// In order of the keys: Lua's own order is another in each process.
static bool add_map(encoder *encoder, int table, lua_Unsigned count, int depth) {
  lua_State *state = encoder->state;
  map_key few[16];
  if (!add_head(encoder, 5, count)) return false;
  if (count > INT32_MAX / 2 || !lua_checkstack(state, (int)count + 6)) {
    return mismatch(encoder, "a map with more keys than Lua's stack takes");
  }
  map_key *keys = count <= 16 ? few : malloc((size_t)count * sizeof *keys);
  if (!keys) {
    encoder->status = MPORCH_ENCODE_NO_MEMORY;
    return false;
  }
  int top = lua_gettop(state), found = 0;
  lua_pushnil(state);
  while (lua_next(state, table)) {
    // The value makes way for a copy of the key: one stays, one is for the next step.
    lua_pop(state, 1);
    lua_pushvalue(state, -1);
    map_key *key = &keys[found++];
    key->text = lua_tolstring(state, -2, &key->count);
    key->place = top + found;
  }
  qsort(keys, (size_t)found, sizeof *keys, compare_keys);
  bool done = add_entries(encoder, table, keys, found, depth);
  lua_settop(state, top);
  if (keys != few) free(keys);
  return done;
}

// Of a table that stands for something else, whose own contents mean nothing: what to write instead. NULL: it is none.
static const char *words_of_opaque(lua_State *state, int table) {
  if (!lua_getmetatable(state, table)) return NULL;
  // The metatable keeps the string.
  const char *words = lua_rawgetp(state, -1, &mporch_opaque_key) == LUA_TSTRING ? lua_tostring(state, -1) : NULL;
  lua_pop(state, 2);
  return words;
}

static bool add_table(encoder *encoder, int table, int depth) {
  if (depth >= depth_limit) return mismatch(encoder, "tables more than 100 deep, or within themselves");
  if (!lua_checkstack(encoder->state, 6)) return mismatch(encoder, "tables too deep for Lua's stack");
  const char *opaque = words_of_opaque(encoder->state, table);
  if (opaque) return mismatch(encoder, opaque);
  lua_Unsigned count;
  switch (form_of(encoder, table, &count)) {
    case IS_LIST: return add_list(encoder, table, count, depth);
    case IS_MAP: return add_map(encoder, table, count, depth);
    default: return false;
  }
}

static bool add_any(encoder *encoder, int index, int depth) {
  lua_State *state = encoder->state;
  switch (lua_type(state, index)) {
    case LUA_TBOOLEAN: return add(encoder, lua_toboolean(state, index) ? "\xF5" : "\xF4", 1);
    case LUA_TNUMBER: return add_number(encoder, index);
    case LUA_TSTRING: return add_string(encoder, index);
    case LUA_TTABLE: return add_table(encoder, index, depth);
    case LUA_TLIGHTUSERDATA:
      if (mporch_is_null(state, index)) return add(encoder, "\xF6", 1);
      break;
    case LUA_TNIL:
    case LUA_TNONE: return mismatch(encoder, nil_is_no_item);
    default: break;
  }
  char why[64];
  snprintf(why, sizeof why, "a %s, which is no item", lua_typename(state, lua_type(state, index)));
  return mismatch(encoder, why);
}

// MARK: Numbers of a type

static bool add_integer(encoder *encoder, int64_t value, mporch_item_type type) {
  switch (type) {
    case MPORCH_ITEM_INT8: return value == (int8_t)value && add(encoder, &(int8_t){(int8_t)value}, 1);
    case MPORCH_ITEM_INT16: return value == (int16_t)value && add(encoder, &(int16_t){(int16_t)value}, 2);
    case MPORCH_ITEM_INT32: return value == (int32_t)value && add(encoder, &(int32_t){(int32_t)value}, 4);
    case MPORCH_ITEM_INT64: return add(encoder, &value, 8);
    case MPORCH_ITEM_UINT8: return value == (uint8_t)value && add(encoder, &(uint8_t){(uint8_t)value}, 1);
    case MPORCH_ITEM_UINT16: return value == (uint16_t)value && add(encoder, &(uint16_t){(uint16_t)value}, 2);
    case MPORCH_ITEM_UINT32: return value == (uint32_t)value && add(encoder, &(uint32_t){(uint32_t)value}, 4);
    case MPORCH_ITEM_UINT64: return value >= 0 && add(encoder, &value, 8);
    case MPORCH_ITEM_FLOAT32: return add(encoder, &(float){(float)value}, 4);
    case MPORCH_ITEM_FLOAT64: return add(encoder, &(double){(double)value}, 8);
    default: return false;
  }
}

// An integral one goes into integers.
static bool add_float(encoder *encoder, double value, mporch_item_type type) {
  if (type == MPORCH_ITEM_FLOAT64) return add(encoder, &value, 8);
  if (type == MPORCH_ITEM_FLOAT32) {
    float narrow = (float)value;
    return (!isinf(narrow) || isinf(value)) && add(encoder, &narrow, 4);
  }
  if (value != floor(value)) return false;
  if (value >= -0x1p63 && value < 0x1p63) return add_integer(encoder, (int64_t)value, type);
  return type == MPORCH_ITEM_UINT64 && value >= 0 && value < 0x1p64 && add(encoder, &(uint64_t){(uint64_t)value}, 8);
}

static bool add_fixed(encoder *encoder, int index, mporch_item_type type) {
  lua_State *state = encoder->state;
  if (type == MPORCH_ITEM_BOOL) {
    return lua_type(state, index) == LUA_TBOOLEAN && add(encoder, &(uint8_t){(uint8_t)lua_toboolean(state, index)}, 1);
  }
  if (lua_type(state, index) != LUA_TNUMBER) return false;
  return lua_isinteger(state, index) ? add_integer(encoder, lua_tointeger(state, index), type)
                                     : add_float(encoder, lua_tonumber(state, index), type);
}

// MARK: Records

static bool add_text(encoder *encoder, int index) {
  if (lua_type(encoder->state, index) != LUA_TSTRING) return false;
  size_t count;
  const char *text = lua_tolstring(encoder->state, index, &count);
  return add(encoder, text, count);
}

static void finish_framed(mporch_buffer *record) {
  uint32_t payload = (uint32_t)(record->count - 4);
  memcpy(record->bytes, &payload, sizeof payload);
  // `add` has left room for it.
  while (record->count % 4 != 0) record->bytes[record->count++] = 0;
}

mporch_encode_status mporch_encode(lua_State *state, int index, mporch_item_type type, size_t payload_limit) {
  mporch_lua *lua = mporch_of(state);
  bool is_framed = type <= MPORCH_ITEM_BYTES;
  encoder encoder = {state, lua, is_framed ? 4 : 0, payload_limit, MPORCH_ENCODED};
  if (is_framed && encoder.payload_limit > UINT32_MAX - 8) encoder.payload_limit = UINT32_MAX - 8;
  lua->record.count = 0;
  if (!mporch_buffer_reserve(&lua->record, 16)) return MPORCH_ENCODE_NO_MEMORY;
  lua->record.count = encoder.start;
  bool done = type == MPORCH_ITEM_ANY ? add_any(&encoder, index, 0)
              : is_framed             ? add_text(&encoder, index)
                                      : add_fixed(&encoder, index, type);
  if (!done) return encoder.status == MPORCH_ENCODED ? MPORCH_ENCODE_MISMATCH : encoder.status;
  if (is_framed) finish_framed(&lua->record);
  return MPORCH_ENCODED;
}

mporch_encode_status mporch_lua_encode(
    const mporch_lua_call *call, int index, mporch_item_type type, size_t payload_limit, const void **bytes,
    size_t *count, size_t *payload) {
  // An argument that is not there is nil.
  if (index >= call->argument_count) {
    mporch_lua_set_message(call->lua, nil_is_no_item, strlen(nil_is_no_item));
    return MPORCH_ENCODE_MISMATCH;
  }
  mporch_encode_status status = mporch_encode(call->state, call->first + index, type, payload_limit);
  if (status != MPORCH_ENCODED) return status;
  const mporch_buffer *record = &call->lua->record;
  uint32_t framed = 0;
  if (type <= MPORCH_ITEM_BYTES) memcpy(&framed, record->bytes, sizeof framed);
  *bytes = record->bytes;
  *count = record->count;
  *payload = type <= MPORCH_ITEM_BYTES ? framed : record->count;
  return MPORCH_ENCODED;
}
#endif
