// A record as a value of Lua. May raise: runs in C alone.
#ifdef MPORCH_LUA
#include "state.h"

#include <math.h>
#include <string.h>

typedef struct {
  lua_State *state;
  const unsigned char *bytes;
  size_t count;
  size_t offset;
} decoder;

static int damaged(decoder *decoder) { return luaL_error(decoder->state, "an item that is not in CBOR"); }

static size_t left(const decoder *decoder) { return decoder->count - decoder->offset; }

static void push_unsigned(lua_State *state, uint64_t value) {
  if (value > INT64_MAX) {
    luaL_error(state, "an integer above 2^63-1 (2^63 + %I), which Lua does not have", (LUAI_UACINT)(value - INT64_MAX - 1));
  }
  lua_pushinteger(state, (lua_Integer)value);
}

// By hand: C has no half that every processor knows.
static double half(uint64_t bits) {
  int exponent = bits >> 10 & 31;
  double fraction = (double)(bits & 1023);
  double magnitude = exponent == 0    ? ldexp(fraction, -24)
                     : exponent == 31 ? (fraction == 0 ? INFINITY : NAN)
                                      : ldexp(fraction + 1024, exponent - 25);
  return bits >> 15 & 1 ? -magnitude : magnitude;
}

static void push_item(decoder *decoder, int depth);

static void push_simple(decoder *decoder, unsigned information, uint64_t argument) {
  lua_State *state = decoder->state;
  float narrow;
  double wide;
  uint32_t bits = (uint32_t)argument;
  switch (information) {
    case 20:
    case 21: lua_pushboolean(state, information == 21); break;
    case 22:
    case 23: lua_pushlightuserdata(state, NULL); break;
    case 25: lua_pushnumber(state, half(argument)); break;
    case 26:
      memcpy(&narrow, &bits, sizeof narrow);
      lua_pushnumber(state, narrow);
      break;
    case 27:
      memcpy(&wide, &argument, sizeof wide);
      lua_pushnumber(state, wide);
      break;
    default: damaged(decoder);
  }
}

static void push_list(decoder *decoder, uint64_t count, int depth) {
  if (depth >= 100) damaged(decoder);
  // Each has a byte at least: a larger count is garbage, no reason to allocate.
  if (count > left(decoder)) damaged(decoder);
  lua_createtable(decoder->state, count > INT32_MAX ? 0 : (int)count, 0);
  for (uint64_t index = 1; index <= count; index++) {
    push_item(decoder, depth + 1);
    lua_rawseti(decoder->state, -2, (lua_Integer)index);
  }
}

static void push_map(decoder *decoder, uint64_t count, int depth) {
  if (depth >= 100) damaged(decoder);
  if (count > left(decoder)) damaged(decoder);
  lua_createtable(decoder->state, 0, count > INT32_MAX ? 0 : (int)count);
  mporch_push_map_metatable(decoder->state);
  lua_setmetatable(decoder->state, -2);
  for (uint64_t index = 0; index < count; index++) {
    if (left(decoder) == 0) damaged(decoder);
    unsigned major = decoder->bytes[decoder->offset] >> 5;
    if (major != 2 && major != 3) damaged(decoder);
    // A text, whose depth does not count.
    push_item(decoder, depth + 1);
    push_item(decoder, depth + 1);
    lua_rawset(decoder->state, -3);
  }
}

static void push_text(decoder *decoder, uint64_t count) {
  if (count > left(decoder)) damaged(decoder);
  lua_pushlstring(decoder->state, (const char *)decoder->bytes + decoder->offset, (size_t)count);
  decoder->offset += (size_t)count;
}

static void push_item(decoder *decoder, int depth) {
  if (left(decoder) == 0) damaged(decoder);
  luaL_checkstack(decoder->state, 6, "an item nested too deep");
  unsigned first = decoder->bytes[decoder->offset++];
  unsigned major = first >> 5, information = first & 31;
  uint64_t argument = information;
  if (information >= 24) {
    if (information >= 28 || left(decoder) < (size_t)1 << (information - 24)) damaged(decoder);
    argument = 0;
    for (int byte = 0; byte < 1 << (information - 24); byte++) {
      argument = argument << 8 | decoder->bytes[decoder->offset++];
    }
  }
  switch (major) {
    case 0: push_unsigned(decoder->state, argument); break;
    case 1:
      if (argument > INT64_MAX) luaL_error(decoder->state, "an integer below -2^63, which Lua does not have");
      lua_pushinteger(decoder->state, -1 - (lua_Integer)argument);
      break;
    case 2:
    case 3: push_text(decoder, argument); break;
    case 4: push_list(decoder, argument, depth); break;
    case 5: push_map(decoder, argument, depth); break;
    case 7: push_simple(decoder, information, argument); break;
    default: damaged(decoder);
  }
}

// A number, raw and little-endian as this processor has it.
#define PUSH_RAW(type, push)             \
  {                                      \
    type value;                          \
    memcpy(&value, bytes, sizeof value); \
    push(state, value);                  \
    break;                               \
  }

static size_t byte_count(mporch_item_type type) {
  switch (type) {
    case MPORCH_ITEM_BOOL:
    case MPORCH_ITEM_INT8:
    case MPORCH_ITEM_UINT8: return 1;
    case MPORCH_ITEM_INT16:
    case MPORCH_ITEM_UINT16: return 2;
    case MPORCH_ITEM_INT32:
    case MPORCH_ITEM_UINT32:
    case MPORCH_ITEM_FLOAT32: return 4;
    default: return 8;
  }
}

static void push_fixed(lua_State *state, const void *bytes, size_t count, mporch_item_type type) {
  if (count != byte_count(type)) luaL_error(state, "a number of %d bytes", (int)count);
  switch (type) {
    case MPORCH_ITEM_BOOL: lua_pushboolean(state, *(const uint8_t *)bytes); break;
    case MPORCH_ITEM_INT8: PUSH_RAW(int8_t, lua_pushinteger)
    case MPORCH_ITEM_INT16: PUSH_RAW(int16_t, lua_pushinteger)
    case MPORCH_ITEM_INT32: PUSH_RAW(int32_t, lua_pushinteger)
    case MPORCH_ITEM_INT64: PUSH_RAW(int64_t, lua_pushinteger)
    case MPORCH_ITEM_UINT8: PUSH_RAW(uint8_t, lua_pushinteger)
    case MPORCH_ITEM_UINT16: PUSH_RAW(uint16_t, lua_pushinteger)
    case MPORCH_ITEM_UINT32: PUSH_RAW(uint32_t, lua_pushinteger)
    case MPORCH_ITEM_UINT64: PUSH_RAW(uint64_t, push_unsigned)
    case MPORCH_ITEM_FLOAT32: PUSH_RAW(float, lua_pushnumber)
    default: PUSH_RAW(double, lua_pushnumber)
  }
}

void mporch_push_record(lua_State *state, const void *bytes, size_t count, mporch_item_type type) {
  if (type == MPORCH_ITEM_ANY) {
    decoder decoder = {state, bytes, count, 0};
    push_item(&decoder, 0);
    if (left(&decoder) != 0) damaged(&decoder);
  } else if (type <= MPORCH_ITEM_BYTES) {
    lua_pushlstring(state, bytes, count);
  } else {
    push_fixed(state, bytes, count, type);
  }
}

void mporch_push_value(lua_State *state, const mporch_lua_value *value) {
  switch (value->kind) {
    case MPORCH_LUA_NULL: lua_pushlightuserdata(state, NULL); break;
    case MPORCH_LUA_BOOL: lua_pushboolean(state, value->boolean); break;
    case MPORCH_LUA_INTEGER: lua_pushinteger(state, value->integer); break;
    case MPORCH_LUA_FLOAT: lua_pushnumber(state, value->number); break;
    case MPORCH_LUA_STRING: lua_pushlstring(state, value->bytes, value->count); break;
    case MPORCH_LUA_RECORD: mporch_push_record(state, value->bytes, value->count, value->item_type); break;
    default: lua_pushnil(state);
  }
}
#endif
