#!/usr/bin/env python3
"""Measures mporch beside what one would use instead, and prints a Markdown table.

  run.py --binary .build/release/mporch                 mporch and Python's multiprocessing
  run.py --binary … --peers FOLDER [--text FILE]         with the peers declared in FOLDER/peers.toml too

All cases run interleaved, round by round, so that the drift of a shared machine hits all alike.
A case that gives no answer in time is a failure in the table, not a gap."""
import argparse, json, os, pathlib, re, shlex, shutil, signal, statistics, subprocess, sys, tempfile, time

TOPOLOGIES = pathlib.Path(__file__).resolve().parents[2] / "topologies"
HZ = os.sysconf("SC_CLK_TCK")
# Row: (case, unit, goal, True where less is better, case of the peers, what its metric is divided or multiplied by)
ROWS = [
    ("queue 1 to 1", "M items/s", 50, False, "queue_1p1c", 1e-6),
    ("queue 4 to 4", "M items/s", 40, False, "queue_4p4c", 1e-6),
    ("round trip", "ns", 400, True, "pipe_pingpong", 1),
    ("1 MiB messages", "GB/s", 12, False, "bandwidth", 1),
    ("the same, by a queue", "GB/s", None, False, None, 1),
    ("lock, 2 processes", "M/s", 30, False, "lock_contended2", 1e-6),
    ("lock, uncontended", "ns", 10, True, "lock_uncontended", 1),
    ("start and reap", "workers/s", 3500, False, "spawn", 1),
    ("up of 100", "ms", 120, True, "up_n/up", 1),
    ("down of 100", "ms", 60, True, "up_n/down", 1),
    ("logs, 1 writer", "M lines/s", 3.5, False, "logs_1/lines", 1e-6),
    ("logs, 4 writers", "M lines/s", 3.5, False, "logs_4/lines", 1e-6),
    ("word count", "s", None, True, "wordcount", 1),
    ("supervisor's memory", "MiB", 20 * 1e6 / 2**20, True, None, 1),
    ("idle CPU", "%", 0, True, None, 1),
    ("version", "ms", None, True, None, 1),
    ("check", "ms", None, True, None, 1),
]
PEERS = re.compile(r"^(LIMIT_(shm|cpp_2|c_fork|cat|atomic|memcpy).*|openmpi|boost_mq|zmq_ipc|py_mp_queue|pipe|py_pipe_bytes|"
                   r"unix_stream|pthread_robust|py_lock_rawvalue|py_process_fork|s6_svscan|honcho|s6_log_b_t|supervisord.*|py_pool_2)$")


class Failure(Exception):
    pass


def busy_cores():
    """Cores in use by all programs, over a quarter of a second."""
    def read():
        with open("/proc/stat") as file:
            ticks = list(map(int, file.readline().split()[1:9]))
        return sum(ticks[:3]) + sum(ticks[5:8]), time.monotonic()
    (first, start), _, (last, end) = read(), time.sleep(0.25), read()
    return (last - first) / HZ / (end - start)


def wait_until_quiet(limit, level=0.2):
    end = time.monotonic() + limit
    while (busy := busy_cores()) > level and time.monotonic() < end:
        pass
    return busy


class Mporch:
    """The program under test, with folders of its own for runs and logs."""

    def __init__(self, binary, folder, text, reference):
        """`reference`: a command that prints the top 20 words of the file behind it; None: the answer is not compared."""
        self.binary, self.folder, self.text = str(pathlib.Path(binary).resolve()), folder, text
        self.reference, self.expected = reference, None
        (folder / "runtime").mkdir(mode=0o700)
        self.lines = folder / "lines"
        with open(self.lines, "w") as file:
            file.writelines(f"{number:010d}{' eighty bytes in all':69}\n" for number in range(1_000_000))

    def environment(self, **variables):
        return os.environ | {"XDG_STATE_HOME": f"{self.folder}/state", "XDG_RUNTIME_DIR": f"{self.folder}/runtime",
                             **{name: str(value) for name, value in variables.items()}}

    def command(self, *words, limit=60, **variables):
        """Runs a command to its end; gives its wall seconds, output and summaries."""
        with tempfile.TemporaryFile("w+", dir=self.folder) as out, tempfile.TemporaryFile("w+", dir=self.folder) as err:
            start = time.perf_counter()
            process = subprocess.Popen([self.binary, *words], stdin=subprocess.DEVNULL, stdout=out, stderr=err,
                                       env=self.environment(**variables))
            try:
                process.wait(limit)
            except BaseException as stop:
                process.kill()
                process.wait()
                if isinstance(stop, subprocess.TimeoutExpired):
                    raise Failure(f"no end in {limit} s")
                raise
            wall = time.perf_counter() - start
            out.seek(0), err.seek(0)
            output, errors = out.read(), err.read()
        if process.returncode:
            raise Failure(f"exit {process.returncode}: {errors.strip()[:200]}")
        return wall, output, [json.loads(line) for line in errors.splitlines() if line.startswith("{")]

    def up(self, name, *words, **variables):
        return self.command("up", str(TOPOLOGIES / f"bench/{name}.yaml"), "--summary", "json", *words, **variables)

    def queue(self, width, items=50_000_000):
        _, _, summaries = self.up(f"queue-{width}-{width}", ITEMS=items)
        consumers = [line for line in summaries if line["process"] == "consume"]
        if sum(line["in"] for line in consumers) != items:
            raise Failure("items were lost")
        return items / max(line["wallSeconds"] for line in consumers) / 1e6

    def round_trip(self, name, count):
        _, output, _ = self.up(name, COUNT=count)
        if not (found := re.search(r"median (\d+) ns", output)):
            raise Failure(f"no report of ping: {output[:100]}")
        return float(found[1])

    def one_way(self, name, count):
        """Messages of 1 MiB, as fast as their receiver has them in memory of its own: GB/s."""
        _, _, summaries = self.up(name, COUNT=count)
        consumer = next(line for line in summaries if line["process"] == "consume")
        if (consumer["in"], consumer["bytesIn"]) != (count, count * 2**20):
            raise Failure("messages were lost")
        return count * 2**20 / consumer["wallSeconds"] / 1e9

    def increments(self, writers, times=20_000_000):
        _, _, summaries = self.up("lock", WRITERS=writers, TIMES=times)
        return writers * times / max(line["wallSeconds"] for line in summaries)

    def spawn(self, count=1000):
        return count / (self.up("spawn", WORKERS=count)[0] - self.up("spawn", WORKERS=1)[0])

    def logs(self, writers):
        """From the start of a detached run to its end, when all is stored; nobody looks on meanwhile."""
        file, start = str(TOPOLOGIES / "bench/logs.yaml"), time.perf_counter()
        try:
            self.command("up", "-d", file, WRITERS=writers, FILE=self.lines)
            self.command("wait", "-p", "bench-logs")
            wall = time.perf_counter() - start
        except BaseException:
            self.down("bench-logs")
            raise
        _, stored, _ = self.command("logs", "--no-log-prefix", "-p", "bench-logs", "print")
        with open(self.lines) as file:
            if sorted(stored.splitlines(True)) != file.readlines():
                raise Failure("lines were lost or mixed")
        return 1 / wall

    def down(self, project):
        """After something went wrong: whether or not it runs still."""
        subprocess.run([self.binary, "down", "-p", project], env=self.environment(), stdin=subprocess.DEVNULL,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=30)

    def word_count(self):
        if not self.text:
            raise Failure("needs --text")
        if self.reference and self.expected is None:
            self.expected = subprocess.run([*self.reference, self.text], stdout=subprocess.PIPE, check=True).stdout.split()
        wall, output, _ = self.up("wordcount", "--no-log-prefix", FILE=self.text)
        if self.expected is not None and output.encode().split() != self.expected:
            raise Failure("another answer than the C++ program's")
        return wall

    def hundred(self):
        """Start and stop of a hundred processes, and between them what the supervisor takes."""
        file, found = str(TOPOLOGIES / "bench/hundred.yaml"), {}
        try:
            try:
                found["up of 100"] = self.command("up", "-d", file, limit=10)[0] * 1e3
            except Failure as failure:
                found["up of 100"] = failure
            found |= self.supervisor()
        finally:
            found["down of 100"] = self.command("down", "-p", "bench-hundred", limit=20)[0] * 1e3
        return found

    def supervisor(self):
        """What the supervisor of the hundred takes, in memory and in five seconds of nothing to do."""
        workers = json.loads(self.command("ps", "-p", "bench-hundred", "--format", "json")[1])
        fields = lambda pid: pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        pid = fields(workers[0]["pid"])[1]
        ticks = lambda: sum(map(int, fields(pid)[11:13]))
        memory = re.search(r"VmRSS:\s+(\d+)", pathlib.Path(f"/proc/{pid}/status").read_text())[1]
        before, _ = ticks(), time.sleep(5)
        return {"supervisor's memory": int(memory) / 1024, "idle CPU": (ticks() - before) / HZ / 5 * 100}

    def cases(self):
        check = str(TOPOLOGIES / "wordcount.yaml")
        return {
            "queue 1 to 1": lambda: self.queue(1),
            "queue 4 to 4": lambda: self.queue(4),
            "round trip": lambda: self.round_trip("pingpong", 50_000),
            "1 MiB messages": lambda: self.one_way("bandwidth", 20_000),
            "the same, by a queue": lambda: self.one_way("bandwidth-queue", 20_000),
            "lock, 2 processes": lambda: self.increments(2) / 1e6,
            "lock, uncontended": lambda: 1e9 / self.increments(1),
            "start and reap": self.spawn,
            "up of 100": self.hundred,
            "logs, 1 writer": lambda: self.logs(1),
            "logs, 4 writers": lambda: self.logs(4),
            "word count": self.word_count,
            "version": lambda: self.command("version")[0] * 1e3,
            "check": lambda: self.command("check", check)[0] * 1e3,
        }


PYTHON_QUEUE = """
import multiprocessing as m, time
def produce(q, n):
    for i in range(n): q.put(i)
if __name__ == '__main__':
    n, q = 100000, m.Queue(1024); t = time.perf_counter(); p = m.Process(target=produce, args=(q, n)); p.start()
    for i in range(n): q.get()
    print(n / (time.perf_counter() - t) / 1e6); p.join()"""
PYTHON_PIPE = """
import multiprocessing as m, time
def echo(c, n):
    for i in range(n): c.send_bytes(c.recv_bytes())
if __name__ == '__main__':
    n = 10000; a, b = m.Pipe(); p = m.Process(target=echo, args=(b, n)); p.start(); t = time.perf_counter()
    for i in range(n): a.send_bytes(b'12345678'); a.recv_bytes()
    print((time.perf_counter() - t) / n * 1e9); p.join()"""
PYTHON_LOCK = """
import multiprocessing as m, time
def add(v, l, n):
    for i in range(n):
        with l: v.value += 1
if __name__ == '__main__':
    n, v, l = 200000, m.RawValue('q'), m.Lock(); ps = [m.Process(target=add, args=(v, l, n)) for _ in 'ab']
    t = time.perf_counter(); [p.start() for p in ps]; [p.join() for p in ps]
    print(v.value / (time.perf_counter() - t) / 1e6)"""


def python_case(source):
    done = subprocess.run([sys.executable, "-c", source], capture_output=True, text=True, timeout=60)
    if done.returncode:
        raise Failure(done.stderr.strip()[-100:])
    return float(done.stdout)


def peer_case(command, case, scale, limit):
    """Runs one peer's command, in a group of its own; gives its metrics by their row."""
    with tempfile.TemporaryFile("w+") as out:
        process = subprocess.Popen(command, stdout=out, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL,
                                   start_new_session=True)
        try:
            process.wait(limit)
        except BaseException as stop:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            if isinstance(stop, subprocess.TimeoutExpired):
                raise Failure(f"no end in {limit} s")
            raise
        out.seek(0)
        found = {}
        for line in filter(lambda line: line.startswith("{"), out):
            answer = json.loads(line)
            for row, _, _, _, wanted, scale in ROWS:
                if wanted and case == answer["case"] and wanted in (case, f"{case}/{answer['metric']}"):
                    found[row] = answer["value"] * scale
    if not found:
        raise Failure(f"exit {process.returncode}, no answer")
    return found


def peer_cases(folder, data):
    """The peers of FOLDER/peers.toml whose programs are there, by case and name."""
    import tomllib
    fill = {"{bin}": os.environ.get("PEERS_BIN", f"{data}/bin"), "{data}": data, "{here}": str(folder),
            "{py}": os.environ.get("PEERS_PY", f"{data}/venv/bin/python")}
    cases = {row[4].split("/")[0]: row[5] for row in ROWS if row[4]}
    with open(folder / "peers.toml", "rb") as file:
        for peer in tomllib.load(file)["peer"]:
            if peer["case"] not in cases or not PEERS.match(peer["name"]):
                continue
            words = peer["cmd"]
            for key, value in fill.items():
                words = words.replace(key, value)
            words = shlex.split(words)
            if not shutil.which(words[0]):
                print(f"absent: {peer['name']} ({words[0]})", file=sys.stderr)
                continue
            yield (peer["name"], peer["case"],
                   lambda words=words, peer=peer: peer_case(words, peer["case"], cases[peer["case"]], 60))


def median_and_range(values):
    if not values:
        return "–"
    form = lambda value: f"{value:.0f}" if value >= 100 else f"{value:.3g}"
    return f"{form(statistics.median(values))} ({form(min(values))}–{form(max(values))})"


def verdict(row, values, results):
    """Reached or missed; the word count's goal is the time of the C++ program in the same run."""
    name, _, goal, less, _, _ = row
    if name == "word count":
        limit = results.get((name, "LIMIT_cpp_2procs"))
        goal = statistics.median(limit) if limit else None
    if goal is None:
        return "–"
    bound = f"{'≤' if less else '≥'} {goal:.3g}"
    if not values:
        return f"{bound}: **missed**"
    median = statistics.median(values)
    return f"{bound}: {'reached' if (median <= goal if less else median >= goal) else '**missed**'}"


def table(results, failures, rounds):
    """A figure that not every round gave has its number of rounds beside it."""
    def count(values):
        return "" if len(values) in (0, rounds) else f" [{len(values)} of {rounds}]"
    print("| case | unit | mporch | goal | peers: median, and mporch's speed as a multiple of it |")
    print("| --- | --- | --- | --- | --- |")
    for row in ROWS:
        name, unit, _, less, _, _ = row
        values = results.get((name, "mporch"), [])
        peers = []
        for (case, peer), found in sorted(results.items()):
            if case == name and peer != "mporch":
                middle, ratio = statistics.median(found), ""
                if values and middle:
                    own = statistics.median(values)
                    ratio = f", {middle / own if less else own / middle:.2g}x"
                peers.append(f"{peer.replace('LIMIT_', 'limit ')} {middle:.3g}{ratio}{count(found)}")
        print(f"| {name} | {unit} | {median_and_range(values)}{count(values)} | {verdict(row, values, results)} "
              f"| {'; '.join(peers)} |")
    for (name, peer, why), times in sorted(failures.items()):
        print(f"\nFailed {times} times: {name}, {peer}: {why}")


def reference_words(data):
    """The C++ program that the word count is compared with, if the peers were built."""
    program = pathlib.Path(os.environ.get("PEERS_BIN", f"{data}/bin")) / "wordcount"
    return [str(program), "--procs", "2", "--file"] if data and os.access(program, os.X_OK) else None


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--binary", default=".build/release/mporch")
    options.add_argument("--peers", default=os.environ.get("PEERS"), help="folder with the peers.toml of other programs")
    options.add_argument("--peers-data", default=os.environ.get("PEERS_DATA"), help="where the peers were built (bin/, venv/)")
    options.add_argument("--text", default=os.environ.get("TEXT"), help="a large text for the word count")
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--quiet-wait", type=float, default=3, help="seconds to wait for a quiet machine before a case")
    options.add_argument("--only", default="", help="regular expression on the names of peers")
    options.add_argument("--cases", default="", help="regular expression on the names of cases")
    options = options.parse_args()
    # As an exception, so that what was started is ended and what was written removed.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    data = options.peers_data or options.peers
    results, failures, noise = {}, {}, []
    with tempfile.TemporaryDirectory(prefix="mporch-bench-") as folder:
        mporch = Mporch(options.binary, pathlib.Path(folder), options.text, reference_words(data))
        cases = [(name, "mporch", case) for name, case in mporch.cases().items()]
        cases += [("queue 1 to 1", "Python Queue", lambda: python_case(PYTHON_QUEUE)),
                  ("round trip", "Python Pipe", lambda: python_case(PYTHON_PIPE)),
                  ("lock, 2 processes", "Python Lock", lambda: python_case(PYTHON_LOCK))]
        if options.peers:
            rows = {row[4].split("/")[0]: row[0] for row in reversed(ROWS) if row[4]}
            cases += [(rows[case], name, run) for name, case, run in peer_cases(pathlib.Path(options.peers), data)
                      if re.search(options.only, name)]
        cases = sorted((case for case in cases if re.search(options.cases, case[0])), key=lambda case: case[0])
        for number in range(options.rounds):
            for name, who, run in cases:
                noise.append(wait_until_quiet(options.quiet_wait))
                try:
                    found = run()
                    for row, value in (found if isinstance(found, dict) else {name: found}).items():
                        if isinstance(value, Failure):
                            failures[row, who, str(value)] = failures.get((row, who, str(value)), 0) + 1
                        else:
                            results.setdefault((row, who), []).append(value)
                    print(f"[{number + 1}/{options.rounds}] {name}, {who}: {found}", file=sys.stderr, flush=True)
                except (Failure, subprocess.TimeoutExpired, OSError, LookupError, ValueError) as failure:
                    failures[name, who, str(failure)[:200]] = failures.get((name, who, str(failure)[:200]), 0) + 1
                    print(f"[{number + 1}/{options.rounds}] {name}, {who}: {failure}", file=sys.stderr, flush=True)
    model = re.search(r"model name\s*: (.*)", pathlib.Path("/proc/cpuinfo").read_text())
    print(f"{model[1] if model else 'unknown processor'}, {os.cpu_count()} cores; {options.rounds} rounds; before each "
          f"case other programs used {statistics.median(noise):.2f} cores (median; most: {max(noise):.2f}).\n")
    table(results, failures, options.rounds)


if __name__ == "__main__":
    main()
