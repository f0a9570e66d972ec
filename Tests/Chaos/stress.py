#!/usr/bin/env python3
"""Random topologies whose processes are stopped, continued and killed at random instants, while commands scale, restart
and look at them; what must come of each is checked to the item.

  stress.py --binary .build/release/mporch [--seconds 60] [--seed N] [--scenes 3] [--only Chain]

Rounds go on until the time is over. Round n of a seed is the same topology each time (`--seed S --round n` makes it
again); when its processes are harmed is never quite the same. Ends with exit code 1 at the first round in which something is lost, twice, stuck,
said wrongly or left behind; its folder then stays, with the topology and all that was printed."""
import argparse, json, os, pathlib, random, re, shutil, signal, subprocess, sys, tempfile, time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from harm import Suspensions, send, tree_below
from scenes import SCENES, SECTIONS

ROUND_SECONDS = 3  # of items, at the pace of a round unharmed
PATIENCE_SECONDS = 120  # past them a round is stuck


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--binary", required=True)
    arguments.add_argument("--seconds", type=float, default=60)
    arguments.add_argument("--seed", type=int, default=random.randrange(1 << 32))
    arguments.add_argument("--round", type=int, help="only this one")
    arguments.add_argument("--scenes", type=int, default=3, help="in a round")
    arguments.add_argument("--only", help="scenes of this name")
    options = arguments.parse_args()
    print(f"seed {options.seed}", flush=True)
    end = time.monotonic() + options.seconds
    number, harm = options.round or 0, {}
    while True:
        folder = pathlib.Path(tempfile.mkdtemp(prefix="mporch-stress-"))
        started = Round(options, number, folder)
        complaints = started.play()
        for word, count in started.harm.items():
            harm[word] = harm.get(word, 0) + count
        if complaints:
            print(f"round {number} of seed {options.seed}, in {folder}: {started.describe()}")
            print("\n".join(complaints))
            return 1
        shutil.rmtree(folder)
        number += 1
        if options.round is not None or time.monotonic() > end:
            break
    print(f"{number - (options.round or 0)} rounds: " + ", ".join(f"{count} {word}" for word, count in sorted(harm.items())))
    print("nothing lost, nothing stuck, nothing left")
    return 0


# How a round ends, and what 'up' may exit with then.
ENDINGS = {
    "by itself": [0],
    "by SIGKILL of the supervisor": [1],
    "by SIGKILL of the client": [-signal.SIGKILL],
    "by down": [0],
    "by an interrupt": [130],
}


class Round:
    def __init__(self, options, number, folder):
        self.binary, self.folder = os.path.abspath(options.binary), folder
        self.random = random.Random(f"{options.seed}:{number}")
        kinds = [scene for scene in SCENES if options.only in (None, scene.__name__)]
        self.scenes = [self.random.choice(kinds)(f"{letter}_", self.random, ROUND_SECONDS)
                       for letter in "abcdefghij"[:options.scenes]]
        self.ending = self.random.choices(list(ENDINGS), weights=[7, 1, 1, 1, 1])[0]
        self.environment = dict(os.environ, XDG_RUNTIME_DIR=f"{folder}/run", XDG_STATE_HOME=f"{folder}/state")
        (folder / "run").mkdir(mode=0o700)
        self.mortal = set().union(*(scene.mortal for scene in self.scenes))
        self.scalable = {name: most for scene in self.scenes for name, most in scene.scalable.items()}
        self.harm, self.history = {}, []
        self.commands, self.scene_commands = [], {}
        self.has_changed_file = False
        self.write()

    def describe(self):
        return ", ".join(type(scene).__name__ for scene in self.scenes)

    def write(self, **changes):
        """JSON is YAML. `changes`: what is added to a process's declaration."""
        topology = {section: {} for section in SECTIONS}
        topology["processes"] = {}
        for scene in self.scenes:
            for section, declared in scene.sections.items():
                topology[section].update(declared)
            topology["processes"].update(scene.processes)
            for name, text in getattr(scene, "files", dict)().items():
                (self.folder / name).write_text(text)
        for name, more in changes.items():
            topology["processes"][name] = {**topology["processes"][name], **more}
        topology = {section: declared for section, declared in topology.items() if declared}
        (self.folder / "stress.yaml").write_text(json.dumps(topology, indent=1))

    def play(self):
        """Gives what is wrong."""
        up = subprocess.Popen([self.binary, "up", "stress.yaml"], cwd=self.folder, env=self.environment,
                              stdin=subprocess.DEVNULL, stdout=(self.folder / "out").open("wb"),
                              stderr=(self.folder / "errors").open("wb"))
        complaints = self.play_to_the_end(up)
        for command in self.commands + [command for command in self.scene_commands.values() if command]:
            try:
                command.wait(timeout=30)
            except subprocess.TimeoutExpired:
                complaints.append(f"a command does not return: {' '.join(command.args[1:])}")
                command.kill()
        if up.poll() is None:
            self.mporch("down", "--timeout", "1s")
            up.kill()
        # An 'up' that found the run just ended has begun another.
        if self.has_changed_file:
            self.mporch("down", "--timeout", "1s")
        return complaints + self.left()

    def play_to_the_end(self, up):
        limit = time.monotonic() + ROUND_SECONDS + PATIENCE_SECONDS
        end_at = time.monotonic() + self.random.uniform(0.05, ROUND_SECONDS) if self.ending != "by itself" else None
        # Harm stops some time before patience does, so that who is left alone can come to an end.
        harmless = time.monotonic() + 6 * ROUND_SECONDS
        with Suspensions() as suspensions:
            while up.poll() is None:
                now = time.monotonic()
                if now > limit:
                    return [f"it does not end\n{self.look()}"]
                supervisor = self.supervisor()
                if end_at and now > end_at and supervisor:
                    self.end(supervisor, up)
                    end_at = None
                if supervisor and now < harmless:
                    self.do_harm(supervisor, up.pid, suspensions)
                if supervisor:
                    self.run_scenes_commands()
                suspensions.go_on()
                time.sleep(self.random.uniform(0, 0.05))
        return self.complaints(up.returncode)

    def end(self, supervisor, up):
        self.count(f"ended {self.ending}")
        match self.ending:
            case "by SIGKILL of the supervisor":
                send(supervisor, signal.SIGKILL)
            case "by SIGKILL of the client":
                up.kill()
            case "by down":
                self.command(["down", "--timeout", "2s"], always=True)
            case "by an interrupt":
                up.send_signal(signal.SIGINT)

    def supervisor(self):
        try:
            return json.loads((self.folder / "run/mporch/stress/run.json").read_text())["pid"]
        except (OSError, ValueError, KeyError):
            return None

    def do_harm(self, supervisor, client, suspensions):
        chance = self.random.random()
        processes = tree_below(supervisor)
        if not processes:
            return
        pid = self.random.choice(list(processes))
        name = processes[pid]
        if chance < 0.45:
            victim = self.random.choice([pid] * 8 + [supervisor, client])
            suspensions.suspend(victim, self.random.choice([0, 0.001, 0.01, 0.1, 0.4]))
            self.count("stops")
        elif chance < 0.75:
            if self.is_mortal(name):
                send(pid, signal.SIGKILL)
                self.count("kills")
        elif chance < 0.80:
            same = [other for other, other_name in processes.items() if other_name.rpartition("-")[0] == name.rpartition("-")[0]]
            if self.is_mortal(name):
                for other in same:
                    send(other, signal.SIGKILL)
                self.count("kills of all replicas")
        elif chance < 0.86:
            self.command(self.random.choice([["ps"], ["inspect"], ["why"], ["ps", "--format", "json"], ["logs", "--tail", "3"]]))
        elif chance < 0.92 and self.scalable:
            process = self.random.choice(list(self.scalable))
            self.command(["scale", f"{process}={self.random.randrange(1, self.scalable[process] + 1)}"])
        elif chance < 0.95 and self.scalable:
            self.command(["restart", self.random.choice(list(self.scalable))])
        elif chance < 0.96 and self.scalable:
            self.write(**{self.random.choice(list(self.scalable)): {"environment": {"ROUND": str(self.random.random())}}})
            self.command(["up", "-d", "stress.yaml"])
            self.has_changed_file = True

    def is_mortal(self, name):
        """The kernel keeps 15 bytes of a process's name."""
        if name == "mporch-warden":
            return True
        process = name.rpartition("-")[0]
        return process in self.mortal

    def command(self, words, always=False):
        """Runs beside the others; they may cross."""
        self.commands = [command for command in self.commands if command.poll() is None]
        if always or len(self.commands) < 4:
            with (self.folder / "commands").open("ab") as file:
                file.write(f"> {' '.join(words)}\n".encode())
                file.flush()
                self.commands.append(self.start(words, file))
            self.count("commands")

    def count(self, word):
        self.harm[word] = self.harm.get(word, 0) + 1

    def mporch(self, *words):
        return subprocess.run([self.binary, *words], cwd=self.folder, env=self.environment, capture_output=True, text=True,
                              timeout=60)

    def run_scenes_commands(self):
        """One at a time for each scene, beside all else: what it needs may be stopped just now."""
        for scene in self.scenes:
            running = self.scene_commands.get(scene)
            if running and running.poll() is not None:
                scene.told(running.returncode)
                running = None
            if not running and (words := scene.next_command()):
                running = self.start(words, subprocess.DEVNULL)
            self.scene_commands[scene] = running

    def start(self, words, output):
        return subprocess.Popen([self.binary, *words], cwd=self.folder, env=self.environment, stdin=subprocess.DEVNULL,
                                stdout=output, stderr=output)

    def look(self):
        return "\n".join(self.mporch(word).stdout for word in ("ps", "inspect", "why"))

    def complaints(self, exit_code):
        errors = (self.folder / "errors").read_text()
        if f"ended {self.ending}" in self.harm:
            expected = ENDINGS[self.ending]
            return [] if exit_code in expected else [f"ended {self.ending}: exit code {exit_code}\n{errors[-3000:]}"]
        lines = {}
        for line in (self.folder / "out").read_text(errors="replace").splitlines():
            if found := re.match(r"(\S+)-\d+ +\| (.*)$", line):
                lines.setdefault(found[1], []).append(found[2])
        for process, count in re.findall(r"process '(\S+)-\d+': (?:at most )?(\d+) items? that its command was given", errors):
            for scene in self.scenes:
                scene.told_lost += int(count) if process in scene.processes else 0
        found = [complaint for scene in self.scenes for complaint in scene.complaints(lines)]
        if exit_code != 0:
            found.append(f"exit code {exit_code}")
        if "deadlock" in errors:
            found.append("a deadlock was told")
        return found + [errors[-3000:]] if found else []

    def left(self):
        """Processes and files of the run that are there some time after its end."""
        end = time.monotonic() + 15
        while True:
            self.mporch("ls")  # sweeps, where several were killed at once
            marks = f"XDG_RUNTIME_DIR={self.folder}/run".encode()
            processes = []
            for entry in os.scandir("/proc"):
                try:
                    if entry.name.isdigit() and marks in open(f"/proc/{entry.name}/environ", "rb").read().split(b"\0"):
                        processes.append((entry.name, open(f"/proc/{entry.name}/comm").read().strip()))
                except OSError:
                    pass
            files = [str(path) for path in (self.folder / "run/mporch").glob("*")]
            if not processes and not files:
                return []
            if time.monotonic() > end:
                return [f"left behind: processes {processes}, files {files}"]
            time.sleep(0.1)


if __name__ == "__main__":
    sys.exit(main())
