// Instructions for bytes in bulk.
#pragma once
#include <stdint.h>

typedef signed char mporch_int8x16 __attribute__((ext_vector_type(16)));

/// The top bit of each byte: bit i is byte i's. One instruction on x86.
static inline uint16_t mporch_top_bits(mporch_int8x16 bytes) {
  typedef _Bool bits __attribute__((ext_vector_type(16)));
  bits negative = __builtin_convertvector(bytes < 0, bits);
  uint16_t packed;
  __builtin_memcpy(&packed, &negative, sizeof packed);
  return packed;
}

/// Has the line of memory at `address` on its way to the cache.
static inline void mporch_prefetch(const void *_Nonnull address) { __builtin_prefetch(address); }
