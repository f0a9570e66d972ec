#include "CPlatformCommand.h"
#include "CPlatformProcess.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <linux/close_range.h>
#include <linux/futex.h>
#include <stdbool.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

// A signal that nothing else uses: all others are the command's.
#define PARENT_DEATH_SIGNAL (SIGRTMAX - 1)
// As that one: what the supervisor wants of a process that stands above a command comes by it.
#define ORDER_SIGNAL (SIGRTMAX - 2)

static pid_t supervisor;

// MARK: Descendants

// In what follows nothing allocates or locks: a signal's handler calls it.

static pid_t command_group;

static char *append(char *end, const char *text) {
  while (*text) *end++ = *text++;
  *end = 0;
  return end;
}

/// Not snprintf, which a handler may not call.
static char *append_number(char *end, pid_t number) {
  char digits[16];
  int count = 0;
  do digits[count++] = (char)('0' + number % 10);
  while ((number /= 10) > 0);
  while (count > 0) *end++ = digits[--count];
  *end = 0;
  return end;
}

/// The numbers of a list separated by spaces, as far as they fit; how many there are, or -errno.
static int32_t read_children(pid_t pid, pid_t *found, int32_t capacity) {
  char path[64];
  char *end = append_number(append(path, "/proc/"), pid);
  append(append_number(append(end, "/task/"), pid), "/children");
  int list = open(path, O_RDONLY | O_CLOEXEC);
  if (list < 0) return -errno;
  char chunk[4096];
  pid_t number = 0;
  int32_t total = 0;
  ssize_t count;
  while ((count = read(list, chunk, sizeof chunk)) > 0) {
    for (ssize_t index = 0; index < count; index++) {
      if (chunk[index] >= '0' && chunk[index] <= '9') {
        number = number * 10 + (chunk[index] - '0');
      } else if (number > 0) {
        if (total < capacity) found[total] = number;
        total++;
        number = 0;
      }
    }
  }
  int error = count < 0 ? errno : 0;
  close(list);
  return error ? -error : total;
}

/// Of a process of /proc; -1: there is none of that number.
static pid_t parent_of(const char *number) {
  char path[64];
  append(append(append(path, "/proc/"), number), "/stat");
  int file = open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0) return -1;
  char text[512];
  ssize_t count = read(file, text, sizeof text);
  close(file);
  // `PID (NAME) STATE PARENT …`, and the name may hold anything.
  ssize_t index = count - 1;
  while (index >= 0 && text[index] != ')') index--;
  pid_t parent = 0;
  for (index += 4; index > 3 && index < count && text[index] >= '0' && text[index] <= '9'; index++) {
    parent = parent * 10 + (text[index] - '0');
  }
  return parent;
}

/// As `read_children`, where the system keeps no list of them (CONFIG_PROC_CHILDREN): of all processes.
int32_t mporch_search_children(int32_t pid, int32_t *found, int32_t capacity) {
  int folder = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder < 0) return -errno;
  struct entry {
    uint64_t inode;
    int64_t offset;
    unsigned short length;
    unsigned char type;
    char name[];
  };
  _Alignas(8) char chunk[4096];
  int32_t total = 0;
  long count;
  while ((count = syscall(SYS_getdents64, folder, chunk, sizeof chunk)) > 0) {
    for (long place = 0; place < count;) {
      const struct entry *entry = (const struct entry *)(chunk + place);
      place += entry->length;
      if (entry->name[0] < '1' || entry->name[0] > '9' || parent_of(entry->name) != pid) continue;
      pid_t number = 0;
      for (const char *digit = entry->name; *digit >= '0' && *digit <= '9'; digit++) number = number * 10 + (*digit - '0');
      if (total < capacity) found[total] = number;
      total++;
    }
  }
  int error = count < 0 ? errno : 0;
  close(folder);
  return error ? -error : total;
}

int32_t mporch_children(int32_t pid, int32_t *found, int32_t capacity) {
  int32_t count = read_children(pid, found, capacity);
  return count == -ENOENT || count == -EACCES || count == -EPERM ? mporch_search_children(pid, found, capacity) : count;
}

/// SIGKILL to each child: they are this process's own and not reaped, so that their numbers are theirs.
static void kill_children(void) {
  pid_t found[1024];
  int32_t count = mporch_children(getpid(), found, 1024);
  for (int32_t index = 0; index < count && index < 1024; index++) kill(found[index], SIGKILL);
  // Where /proc can't be read: what is known of them.
  if (count < 0 && command_group > 0) kill(-command_group, SIGKILL);
}

/// Children that no signal reaches, as they are another user's, are not waited for longer than this.
#define ROUNDS_WITHOUT_DEATH 500

void mporch_end_descendants(void) {
  sigset_t child;
  sigemptyset(&child);
  sigaddset(&child, SIGCHLD);
  // The children of a killed child become this process's own: the next round's. Where there is no child, there is no
  // descendant.
  for (int rounds = 0; rounds < ROUNDS_WITHOUT_DEATH; rounds++) {
    kill_children();
    struct timespec pause = {.tv_nsec = 10000000};
    sigtimedwait(&child, NULL, &pause);
    pid_t pid;
    while ((pid = waitpid(-1, NULL, WNOHANG)) > 0) rounds = 0;
    if (pid < 0 && errno == ECHILD) return;
  }
}

// MARK: The parent's death

static void parent_died(int signal) {
  (void)signal;
  // Somebody else has sent it.
  if (getppid() == supervisor) return;
  mporch_end_descendants();
  _exit(1);
}

int32_t mporch_parent_death_signal(void) { return PARENT_DEATH_SIGNAL; }

int32_t mporch_order_signal(void) { return ORDER_SIGNAL; }

int32_t mporch_send_order(int32_t pid, uint64_t order) {
  union sigval value = {.sival_ptr = (void *)(uintptr_t)order};
  return sigqueue(pid, ORDER_SIGNAL, value) < 0 ? -errno : 0;
}

int32_t mporch_next_arrival(int fd, struct mporch_arrival *arrival) {
  struct signalfd_siginfo info;
  ssize_t count;
  do count = read(fd, &info, sizeof info);
  while (count < 0 && errno == EINTR);
  if (count != sizeof info) return 0;
  *arrival = (struct mporch_arrival){
    .signal = (int32_t)info.ssi_signo,
    .sender = (int32_t)info.ssi_pid,
    .order = info.ssi_code == SI_QUEUE ? info.ssi_ptr : 0,
  };
  return 1;
}

int32_t mporch_end_with_parent(int32_t parent) {
  supervisor = parent;
  struct sigaction action = {.sa_handler = parent_died, .sa_flags = SA_RESTART};
  sigfillset(&action.sa_mask);
  if (sigaction(PARENT_DEATH_SIGNAL, &action, NULL) < 0) return -errno;
  if (prctl(PR_SET_PDEATHSIG, PARENT_DEATH_SIGNAL, 0, 0, 0) < 0) return -errno;
  // It may have died before the line above.
  if (getppid() != parent) _exit(1);
  return 0;
}

// MARK: The command

static _Noreturn void become_command(
  char *const *arguments, int standard_input, int standard_output, int failure, pid_t pump
) {
  // A group of its own in the pump's session, by which whoever outlives the pump can tell what it has started.
  setpgid(0, 0);
  // If this process's parent is killed, and the supervisor at the same time.
  prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
  if (getppid() != pump) _exit(1);
  mporch_reset_signals_of_program();
  if (dup2(standard_input, 0) >= 0 && dup2(standard_output, 1) >= 0) {
    // Closed by the kernel as the command begins.
    syscall(SYS_close_range, 3u, ~0u, CLOSE_RANGE_CLOEXEC);
    execvp(arguments[0], arguments);
  }
  int error = errno;
  ssize_t written = write(failure, &error, sizeof error);
  _exit(written == sizeof error ? 127 : 126);
}

void mporch_forget_command_group(void) { command_group = 0; }

int32_t mporch_start_command(char *const *arguments, int standard_input, int standard_output) {
  int failure[2];
  if (pipe2(failure, O_CLOEXEC) < 0) return -errno;
  pid_t pump = getpid();
  pid_t pid = fork();
  if (pid == 0) become_command(arguments, standard_input, standard_output, failure[1], pump);
  int error = pid < 0 ? errno : 0;
  close(failure[1]);
  if (pid > 0) {
    ssize_t count;
    do count = read(failure[0], &error, sizeof error);
    while (count < 0 && errno == EINTR);
    if (count == sizeof error) waitpid(pid, NULL, 0);
    else error = 0;
    // Its number stays its own as long as it is not reaped.
    if (error == 0) command_group = pid;
  }
  close(failure[0]);
  return error ? -error : pid;
}

// MARK: Sleep

enum mporch_sleep mporch_sleep_of(int64_t number, const uint64_t arguments[6]) {
  switch (number) {
  case SYS_read:
  case SYS_readv:
  case SYS_splice:
    return MPORCH_SLEEP_READ;
#ifdef SYS_epoll_wait
  case SYS_epoll_wait:
#endif
  case SYS_epoll_pwait:
    return (int32_t)arguments[3] < 0 ? MPORCH_SLEEP_EPOLL : MPORCH_SLEEP_OTHER;
  case SYS_wait4:
  case SYS_waitid:
  // As shells do for their children.
  case SYS_rt_sigsuspend:
    return MPORCH_SLEEP_CHILD;
  case SYS_futex: {
    uint64_t operation = arguments[1] & FUTEX_CMD_MASK;
    bool waits = operation == FUTEX_WAIT || operation == FUTEX_WAIT_BITSET;
    bool is_private = (arguments[1] & FUTEX_PRIVATE_FLAG) != 0;
    return waits && is_private && arguments[3] == 0 ? MPORCH_SLEEP_THREAD : MPORCH_SLEEP_OTHER;
  }
  default: return MPORCH_SLEEP_OTHER;
  }
}
