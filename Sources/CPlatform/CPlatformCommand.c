#include "CPlatformCommand.h"
#include "CPlatformProcess.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <linux/close_range.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

// A signal that nothing else uses: all others are the command's.
#define PARENT_DEATH_SIGNAL (SIGRTMAX - 1)

static pid_t supervisor;

// MARK: Descendants

// In what follows nothing allocates or locks: a signal's handler calls it.

static int open_list_of_children(void) {
  char path[64];
  // Not snprintf, which a handler may not call.
  char digits[16];
  int count = 0;
  for (pid_t rest = getpid(); rest > 0; rest /= 10) digits[count++] = (char)('0' + rest % 10);
  char *end = path;
  for (const char *part = "/proc/self/task/"; *part; part++) *end++ = *part;
  while (count > 0) *end++ = digits[--count];
  for (const char *part = "/children"; *part; part++) *end++ = *part;
  *end = 0;
  return open(path, O_RDONLY | O_CLOEXEC);
}

/// SIGKILL to each child.
static void kill_children(void) {
  int list = open_list_of_children();
  if (list < 0) return;
  char chunk[4096];
  pid_t pid = 0;
  ssize_t count;
  while ((count = read(list, chunk, sizeof chunk)) > 0) {
    for (ssize_t index = 0; index < count; index++) {
      if (chunk[index] >= '0' && chunk[index] <= '9') {
        pid = pid * 10 + (chunk[index] - '0');
      } else if (pid > 0) {
        kill(pid, SIGKILL);
        pid = 0;
      }
    }
  }
  if (pid > 0) kill(pid, SIGKILL);
  close(list);
}

void mporch_end_descendants(void) {
  // The children of a killed child become this process's own: the next round's. Where there is no child, there is no
  // descendant.
  for (;;) {
    kill_children();
    pid_t pid = waitpid(-1, NULL, 0);
    if (pid < 0 && errno == ECHILD) return;
    while (pid > 0) pid = waitpid(-1, NULL, WNOHANG);
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
  mporch_reset_signals();
  if (dup2(standard_input, 0) >= 0 && dup2(standard_output, 1) >= 0) {
    // Closed by the kernel as the command begins.
    syscall(SYS_close_range, 3u, ~0u, CLOSE_RANGE_CLOEXEC);
    execvp(arguments[0], arguments);
  }
  int error = errno;
  ssize_t written = write(failure, &error, sizeof error);
  _exit(written == sizeof error ? 127 : 126);
}

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
  }
  close(failure[0]);
  return error ? -error : pid;
}
