#define _GNU_SOURCE
#include "Tracing.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>

#if !defined(__x86_64__)
#error "only x86-64 lets a process step itself"
#endif

static const greg_t trapFlag = 0x100;

static char *watched;
static void *copy;
static size_t count;
static struct proof_progress *told;
// Nanoseconds of the watched process's clock; 0: it goes by the system's.
static int64_t ownTime;
// 0: it is the system's.
static pid_t ownProcess;

static greg_t *flags(void *context) { return &((ucontext_t *)context)->uc_mcontext.gregs[REG_EFL]; }

// An instruction is about to write: it may, and the next one traps.
static void faulted(int signal, siginfo_t *information, void *context) {
  char *address = information->si_addr;
  if (address < watched || address >= watched + count) {
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = SIG_DFL;
    sigaction(signal, &action, NULL);
    return;
  }
  mprotect(watched, count, PROT_READ | PROT_WRITE);
  *flags(context) |= trapFlag;
}

// It has written. A repeated instruction (rep movs) traps after each of its rounds.
static void trapped(int signal, siginfo_t *information, void *context) {
  (void)signal, (void)information;
  *flags(context) &= ~trapFlag;
  mprotect(watched, count, PROT_READ);
  told->writes++;
  if (memcmp(watched, copy, count) == 0) return;
  memcpy(copy, watched, count);
  told->address = (uint64_t)((ucontext_t *)context)->uc_mcontext.gregs[REG_RIP];
  kill((pid_t)syscall(SYS_getpid), SIGSTOP);
}

// In the place of the system library's. How long a watched process is stopped must not change what it does: its clock
// goes by its own looks at it.
int clock_gettime(clockid_t clock, struct timespec *time) {
  if (!ownTime) return (int)syscall(SYS_clock_gettime, clock, time);
  ownTime += 1000;
  time->tv_sec = ownTime / 1000000000;
  time->tv_nsec = ownTime % 1000000000;
  return 0;
}

// In the place of the system library's.
pid_t getpid(void) { return ownProcess ? ownProcess : (pid_t)syscall(SYS_getpid); }

void proof_live_as(int32_t pid) {
  ownProcess = pid;
  ownTime = 1000000000;
}

int32_t proof_watch_myself(void *memory, void *shadow, size_t byteCount, struct proof_progress *progress) {
  watched = memory, copy = shadow, count = byteCount, told = progress;
  memcpy(copy, watched, count);
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
  return mprotect(watched, count, PROT_READ) < 0 ? -errno : 0;
}

int32_t proof_tick(int32_t milliseconds, void (*handler)(int)) {
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_handler = handler;
  if (sigaction(SIGALRM, &action, NULL) < 0) return -errno;
  struct timeval pause = {milliseconds / 1000, milliseconds % 1000 * 1000};
  struct itimerval timer = {pause, pause};
  return setitimer(ITIMER_REAL, &timer, NULL) < 0 ? -errno : 0;
}
