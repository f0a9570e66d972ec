#include "CPlatformMemory.h"

// The system's headers may be older than Linux 5.16; the kernel says whether it knows the call.
#ifndef SYS_futex_waitv
#define SYS_futex_waitv 449
#endif

typedef struct {
  uint64_t expected;
  uint64_t address;
  uint32_t flags;
  uint32_t reserved;
} waited_word;

int mporch_futex_wait_any(const void *const *words, int count, uint32_t expected, const struct timespec *deadline) {
  enum { limit = 128, word_of_32_bits = 2 };
  waited_word waited[limit];
  if (count < 1 || count > limit) return -EINVAL;
  for (int index = 0; index < count; index++) {
    waited[index] = (waited_word){expected, (uintptr_t)words[index], word_of_32_bits, 0};
  }
  long result = syscall(SYS_futex_waitv, waited, count, 0, deadline, CLOCK_MONOTONIC);
  return result < 0 ? -errno : 0;
}
