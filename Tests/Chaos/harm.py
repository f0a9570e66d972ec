"""Random harm to the processes of a run: SIGKILL, SIGSTOP and SIGCONT at random instants."""
import os, signal, time


def send(pid, number):
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        pass


def tree_below(root):
    """{pid: name} of all that descends from `root`; a worker, its command and what helps it have the instance's name."""
    children, names = {}, {}
    for entry in os.scandir("/proc"):
        if not entry.name.isdigit():
            continue
        try:
            text = open(f"/proc/{entry.name}/stat").read()
        except OSError:
            continue
        head, _, rest = text.rpartition(")")
        state, parent = rest.split()[:2]
        if state != "Z":
            children.setdefault(int(parent), []).append(int(entry.name))
            names[int(entry.name)] = head.partition("(")[2]
    found, ahead = {}, [root]
    while ahead:
        for pid in children.get(ahead.pop(), []):
            found[pid] = names[pid]
            ahead.append(pid)
    return found


class Suspensions:
    """Processes that were stopped, and when each goes on; all go on when the `with` ends."""

    def __init__(self):
        self.until = {}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for pid in self.until:
            send(pid, signal.SIGCONT)

    def suspend(self, pid, seconds):
        send(pid, signal.SIGSTOP)
        self.until[pid] = time.monotonic() + seconds

    def go_on(self):
        """Lets those go on whose time is over."""
        now = time.monotonic()
        for pid in [pid for pid, end in self.until.items() if end <= now]:
            send(pid, signal.SIGCONT)
            del self.until[pid]
