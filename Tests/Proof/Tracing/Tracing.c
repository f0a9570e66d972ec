#define _GNU_SOURCE
#include "Tracing.h"

#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>

#if !defined(__x86_64__)
#error "only x86-64 lets a process step itself"
#endif

static const greg_t trapFlag = 0x100;

static struct proof_watch watch;
// What the process may do between two steps: nothing, or read.
static int permitted;
static bool isWatched;
static bool isWriting;
static const volatile uint32_t *gate;
// Nanoseconds of the watched process's clock; 0: it goes by the system's.
static int64_t ownTime;
// 0: it is the system's.
static pid_t ownProcess;

// System calls that are made here must not come to what stands in their place below.
static long call(long number, long a, long b, long c, long d, long e, long f) {
  register long r10 __asm__("r10") = d;
  register long r8 __asm__("r8") = e;
  register long r9 __asm__("r9") = f;
  long result;
  __asm__ volatile("syscall"
                   : "=a"(result)
                   : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
                   : "rcx", "r11", "memory");
  return result;
}

static long answer(long result) {
  if (result >= 0 || result < -4095) return result;
  errno = (int)-result;
  return -1;
}

static void permit(int protection) {
  call(SYS_mprotect, (long)watch.memory, (long)watch.byte_count, protection, 0, 0, 0);
}

static void note(greg_t address) {
  extern const char __executable_start;
  watch.progress->address = (uint64_t)address - (uint64_t)&__executable_start;
}

static void stop(enum proof_reason reason, greg_t address) {
  watch.progress->reason = reason;
  note(address);
  call(SYS_kill, call(SYS_getpid, 0, 0, 0, 0, 0, 0), SIGSTOP, 0, 0, 0, 0);
}

void proof_go_through(const volatile uint32_t *asked) { gate = asked; }

void proof_stop_at_gate(void) {
  while (gate && *gate) {
    if (isWatched) watch.progress->reason = proof_is_at_gate;
    call(SYS_kill, call(SYS_getpid, 0, 0, 0, 0, 0, 0), SIGSTOP, 0, 0, 0, 0);
  }
}

// MARK: Looks of a waiting loop

// Of each place of the code and of the memory: how often it was touched since the process has last changed anything there.
// Nobody else runs meanwhile: a look that sees the same again is worth no further stop.
enum { lookLimit = 2, lookCapacity = 1024 };
static struct look {
  uint64_t code, place, epoch, count;
} looks[lookCapacity];
static uint64_t lookEpoch = 1;

static bool isRepeatedLook(uint64_t code, uint64_t place) {
  uint64_t hash = (code * 0x9E3779B97F4A7C15u ^ place) * 0x9E3779B97F4A7C15u >> 32;
  for (int probe = 0; probe < 8; probe++) {
    struct look *look = &looks[(hash + (uint64_t)probe) % lookCapacity];
    if (look->epoch != lookEpoch) *look = (struct look){code, place, lookEpoch, 0};
    if (look->code == code && look->place == place) return ++look->count > lookLimit;
  }
  return false;
}

// MARK: Steps

static bool contains(const void *address) {
  return (char *)address >= (char *)watch.memory && (char *)address < (char *)watch.memory + watch.byte_count;
}

void proof_release(void) {
  if (!isWatched) return;
  isWatched = false;
  signal(SIGSEGV, SIG_DFL);
  signal(SIGTRAP, SIG_DFL);
  permit(PROT_READ | PROT_WRITE);
}

static void willTouch(const void *address, greg_t code, int kind) {
  uint64_t place = (uint64_t)((char *)address - (char *)watch.memory);
  uint64_t line = place / proof_line_byte_count;
  if (watch.touched) watch.touched[line] |= (uint8_t)kind;
  if (watch.marked && watch.marked[line] && !isRepeatedLook((uint64_t)code, place)) {
    uint64_t number = watch.progress->touches++;
    if (watch.log && number < watch.log_capacity) watch.log[number] = (uint32_t)(line * 4) | (uint32_t)kind;
    if (number + 1 == watch.progress->next_stop) {
      stop(proof_is_about_to_touch, code);
      // What others have done meanwhile is news.
      lookEpoch++;
    }
  }
}

// The line that the instruction under way touches, as it was before.
static char touchedLine[proof_line_byte_count], *touchedPlace;

// An instruction is about to touch the memory: it may, and the next one traps.
static void faulted(int signalNumber, siginfo_t *information, void *context) {
  greg_t *registers = ((ucontext_t *)context)->uc_mcontext.gregs;
  if (!contains(information->si_addr)) {
    signal(signalNumber, SIG_DFL);
    return;
  }
  isWriting = registers[REG_ERR] & 2;
  if (permitted == PROT_NONE) {
    willTouch(information->si_addr, registers[REG_RIP], isWriting ? proof_writes : proof_reads);
    if (watch.progress->is_free) return proof_release();
  }
  permit(PROT_READ | PROT_WRITE);
  touchedPlace = (char *)((uintptr_t)information->si_addr & ~(uintptr_t)(proof_line_byte_count - 1));
  memcpy(touchedLine, touchedPlace, sizeof touchedLine);
  registers[REG_EFL] |= trapFlag;
}

// It has. A repeated instruction (rep movs) traps after each of its rounds.
static void trapped(int signalNumber, siginfo_t *information, void *context) {
  (void)signalNumber, (void)information;
  greg_t *registers = ((ucontext_t *)context)->uc_mcontext.gregs;
  registers[REG_EFL] &= ~trapFlag;
  if (isWriting) watch.progress->writes++;
  if (isWriting && memcmp(touchedLine, touchedPlace, sizeof touchedLine) != 0) lookEpoch++;
  bool hasChanged = permitted == PROT_READ && memcmp(watch.memory, watch.shadow, watch.byte_count) != 0;
  if (hasChanged) memcpy(watch.shadow, watch.memory, watch.byte_count);
  permit(permitted);
  if (hasChanged) stop(proof_has_changed, registers[REG_RIP]);
}

// A trap of the program's own ends it, and says where.
static void crashed(int signalNumber, siginfo_t *information, void *context) {
  (void)information;
  note(((ucontext_t *)context)->uc_mcontext.gregs[REG_RIP]);
  signal(signalNumber, SIG_DFL);
}

static int32_t begin(const struct proof_watch *asked, int protection) {
  watch = *asked;
  permitted = protection;
  if (watch.shadow) memcpy(watch.shadow, watch.memory, watch.byte_count);
  if (!ownTime) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    ownTime = now.tv_sec * 1000000000 + now.tv_nsec;
  }
  // The stack in use may be small.
  static char stack[1 << 16];
  stack_t alternative = {.ss_sp = stack, .ss_size = sizeof stack};
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_flags = SA_SIGINFO | SA_ONSTACK;
  if (sigaltstack(&alternative, NULL) < 0) return -errno;
  action.sa_sigaction = trapped;
  if (sigaction(SIGTRAP, &action, NULL) < 0) return -errno;
  action.sa_sigaction = faulted;
  if (sigaction(SIGSEGV, &action, NULL) < 0) return -errno;
  action.sa_sigaction = crashed;
  if (sigaction(SIGILL, &action, NULL) < 0) return -errno;
  if (!gate) gate = &watch.progress->gate;
  isWatched = true;
  permit(permitted);
  return 0;
}

int32_t proof_watch_changes(const struct proof_watch *asked) { return begin(asked, PROT_READ); }

int32_t proof_watch_accesses(const struct proof_watch *asked) { return begin(asked, PROT_NONE); }

// MARK: In the place of the system library's

// What the kernel does with the memory in a system call, it does for the process.
static bool willCall(const void *address, size_t byteCount, int kind) {
  if (!isWatched || permitted != PROT_NONE) return false;
  const char *end = (const char *)address + byteCount;
  for (const char *place = address; contains(place) && place < end; place += proof_line_byte_count) {
    willTouch(place, (greg_t)__builtin_return_address(0), kind);
    if (!watch.progress->is_free) continue;
    proof_release();
    return false;
  }
  permit(PROT_READ | PROT_WRITE);
  return true;
}

static void didCall(bool isToBeWatched) {
  if (isToBeWatched) permit(permitted);
}

long syscall(long number, ...) {
  va_list rest;
  va_start(rest, number);
  long a = va_arg(rest, long), b = va_arg(rest, long), c = va_arg(rest, long), d = va_arg(rest, long);
  long e = va_arg(rest, long), f = va_arg(rest, long);
  va_end(rest);
  bool isSleep = number == SYS_futex;
  bool isToBeWatched = willCall((const void *)a, isSleep ? 1 : 0, proof_reads);
  long result = call(number, a, b, c, d, e, f);
  proof_stop_at_gate();
  didCall(isToBeWatched);
  return answer(result);
}

int clock_nanosleep(clockid_t clock, int flags, const struct timespec *time, struct timespec *rest) {
  long result = call(SYS_clock_nanosleep, clock, flags, (long)time, (long)rest, 0, 0);
  proof_stop_at_gate();
  return (int)-result;
}

ssize_t write(int descriptor, const void *bytes, size_t count) {
  bool isToBeWatched = contains(bytes) && willCall(bytes, count, proof_reads);
  long result = call(SYS_write, descriptor, (long)bytes, (long)count, 0, 0, 0);
  didCall(isToBeWatched);
  return answer(result);
}

ssize_t writev(int descriptor, const struct iovec *parts, int count) {
  bool isToBeWatched = false;
  for (int index = 0; index < count; index++) {
    if (contains(parts[index].iov_base) && willCall(parts[index].iov_base, parts[index].iov_len, proof_reads)) {
      isToBeWatched = true;
    }
  }
  long result = call(SYS_writev, descriptor, (long)parts, count, 0, 0, 0);
  didCall(isToBeWatched && isWatched);
  return answer(result);
}

ssize_t read(int descriptor, void *bytes, size_t count) {
  bool isToBeWatched = contains(bytes) && willCall(bytes, count, proof_writes);
  lookEpoch++;
  long result = call(SYS_read, descriptor, (long)bytes, (long)count, 0, 0, 0);
  didCall(isToBeWatched);
  return answer(result);
}

// How long a watched process is stopped must not change what it does: its clock goes by its own looks at it.
int clock_gettime(clockid_t clock, struct timespec *time) {
  if (!ownTime) return (int)answer(call(SYS_clock_gettime, clock, (long)time, 0, 0, 0, 0));
  ownTime += 1000;
  time->tv_sec = ownTime / 1000000000;
  time->tv_nsec = ownTime % 1000000000;
  return 0;
}

pid_t getpid(void) { return ownProcess ? ownProcess : (pid_t)call(SYS_getpid, 0, 0, 0, 0, 0, 0); }

void proof_live_as(int32_t pid) {
  ownProcess = pid;
  ownTime = 1000000000;
}

// MARK: The watcher's own

int32_t proof_tick(int32_t milliseconds, void (*handler)(int)) {
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_handler = handler;
  if (sigaction(SIGALRM, &action, NULL) < 0) return -errno;
  struct timeval pause = {milliseconds / 1000, milliseconds % 1000 * 1000};
  struct itimerval timer = {pause, pause};
  return setitimer(ITIMER_REAL, &timer, NULL) < 0 ? -errno : 0;
}

int32_t proof_tell_crashes(void (*handler)(int)) {
  static char stack[1 << 16];
  stack_t alternative = {.ss_sp = stack, .ss_size = sizeof stack};
  if (sigaltstack(&alternative, NULL) < 0) return -errno;
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_flags = SA_ONSTACK | SA_RESETHAND;
  action.sa_handler = handler;
  for (size_t index = 0; index < 4; index++) {
    if (sigaction((int[]){SIGSEGV, SIGILL, SIGBUS, SIGABRT}[index], &action, NULL) < 0) return -errno;
  }
  return 0;
}
