#ifndef MPORCH_LUA_INCLUDES_H
#define MPORCH_LUA_INCLUDES_H

// Debian has a folder for each version of Lua; others have one Lua.
#if __has_include(<lua5.4/lua.h>)
#include <lua5.4/lauxlib.h>
#include <lua5.4/lua.h>
#include <lua5.4/lualib.h>
#elif __has_include(<lua.h>)
#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>
#else
#error "the headers of Lua 5.4 are missing: install liblua5.4-dev, or build without scripts (--disable-default-traits)"
#endif

#if LUA_VERSION_NUM != 504
#error "scripts need Lua 5.4"
#endif

#endif
