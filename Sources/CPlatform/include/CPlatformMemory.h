// Shared memory, futexes, clocks.
#pragma once
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

/// Sleeps while `*word == expected`, until woken or `deadline` (CLOCK_MONOTONIC, may be NULL). 0 or -errno.
static inline int mporch_futex_wait(const volatile void *word, uint32_t expected, const struct timespec *deadline) {
  long result = syscall(SYS_futex, word, FUTEX_WAIT_BITSET, expected, deadline, NULL, FUTEX_BITSET_MATCH_ANY);
  return result < 0 ? -errno : 0;
}

/// Sleeps while all of up to 128 words are `expected`; as above. -ENOSYS before Linux 5.16.
int mporch_futex_wait_any(const void *const *words, int count, uint32_t expected, const struct timespec *deadline);

/// Wakes up to `count` sleepers; how many it woke, or -errno.
static inline int mporch_futex_wake(const volatile void *word, int count) {
  long result = syscall(SYS_futex, word, FUTEX_WAKE, count, NULL, NULL, 0);
  return result < 0 ? -errno : (int)result;
}

static inline void mporch_spin_pause(void) {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

static inline int mporch_memfd_create(const char *name) {
  int fd = memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING);
  return fd < 0 ? -errno : fd;
}

/// What is stored before is in memory before what is stored after, as the same thread sees it: also when it is killed in
/// between, and another process looks. No instruction: the compiler alone may change that order.
static inline void mporch_order_stores(void) { __atomic_signal_fence(__ATOMIC_SEQ_CST); }

/// Gives pages of a mapping back; they are zeroes then. 0 or -errno.
static inline int mporch_remove_pages(void *start, size_t byteCount, bool isShared) {
  return madvise(start, byteCount, isShared ? MADV_REMOVE : MADV_DONTNEED) < 0 ? -errno : 0;
}

/// Against shrinking: nobody can make a mapped page vanish.
static inline int mporch_memfd_seal_shrink(int fd) {
  return fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK) < 0 ? -errno : 0;
}
