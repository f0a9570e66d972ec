#!/usr/bin/env python3
"""Kills and stops the processes of topologies/chaos.yaml at random, and checks that nothing is lost and nothing twice.

  run.py --binary .build/release/mporch [--seconds 60] [--seed N]

Ends with exit code 1 if an item is missing or was counted twice, if the run hangs, or if it leaves anything behind."""
import argparse, json, os, pathlib, random, re, signal, subprocess, sys, tempfile, time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from harm import Suspensions, send

TOPOLOGY = pathlib.Path(__file__).resolve().parents[2] / "topologies" / "chaos.yaml"
RATE = 10_000  # items a second; the pipeline alone is faster


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--binary", required=True)
    arguments.add_argument("--seconds", type=int, default=60, help="of items, at the pace of the pipeline unharmed")
    arguments.add_argument("--seed", type=int, default=random.randrange(1 << 32))
    options = arguments.parse_args()
    print(f"seed {options.seed}, {options.seconds} s of items", flush=True)
    with tempfile.TemporaryDirectory(prefix="mporch-chaos-") as folder:
        run = Run(options, folder)
        try:
            return run.check(run.play())
        finally:
            run.end()


class Run:
    def __init__(self, options, folder):
        self.binary = os.path.abspath(options.binary)
        self.random = random.Random(options.seed)
        self.items = options.seconds * RATE
        self.limit = options.seconds * 5 + 30
        self.folder = pathlib.Path(folder)
        self.environment = dict(os.environ, ITEMS=str(self.items), RATE=str(RATE), XDG_RUNTIME_DIR=f"{folder}/run",
                                XDG_STATE_HOME=f"{folder}/state")
        (self.folder / "run").mkdir(mode=0o700)
        self.harm = {"kill": 0, "stop": 0}
        self.kills = {}  # by instance: when it was killed last, and how often without 10 s of health between

    def mporch(self, *words):
        return subprocess.run([self.binary, *words, "-p", "chaos"], env=self.environment, capture_output=True, text=True,
                              timeout=60)

    def play(self):
        """Harms the run until it has ended by itself; gives the exit code of `up`."""
        up = subprocess.Popen([self.binary, "up", str(TOPOLOGY)], env=self.environment, stdin=subprocess.DEVNULL,
                              stdout=(self.folder / "out").open("wb"), stderr=(self.folder / "errors").open("wb"))
        end = time.monotonic() + self.limit
        with Suspensions() as suspensions:
            while up.poll() is None:
                if time.monotonic() > end:
                    words = f"{self.mporch('ps').stdout}\n{self.mporch('inspect').stdout}"
                    up.kill()
                    sys.exit(f"it hangs:\n{words}")
                time.sleep(self.random.uniform(0.01, 0.2))
                suspensions.go_on()
                self.harm_some(suspensions)
        return up.returncode

    def harm_some(self, suspensions):
        try:
            table = json.loads(self.mporch("ps", "--format", "json").stdout)
        except (json.JSONDecodeError, subprocess.TimeoutExpired):
            return
        victims = [row for row in table if row["state"] == "running" and row["pid"] and not row["name"].startswith("show")]
        for row in self.random.sample(victims, min(len(victims), self.random.choice([1, 1, 1, 2, 3]))):
            if self.random.random() < 0.75:
                if self.may_kill(row["name"]):
                    send(row["pid"], signal.SIGKILL)
                    self.harm["kill"] += 1
            else:
                suspensions.suspend(row["pid"], 0)
                self.harm["stop"] += 1

    def may_kill(self, name):
        """Each kill doubles the pause before a restart: one that is killed too often in a row does nothing any more."""
        last, count = self.kills.get(name, (0, 0))
        now = time.monotonic()
        count = 0 if now - last > 12 else count
        if count >= 11:
            return False
        self.kills[name] = (now, count + 1)
        return True

    def check(self, exit_code):
        text = (self.folder / "out").read_text()
        errors = (self.folder / "errors").read_text()
        said = {name: int(value) for name, value in re.findall(r"\| (\S+) (-?\d+)$", text, re.MULTILINE)}
        expected = self.items * (self.items - 1) // 2
        items = said.get("arrived", 0) + said.get("lost", 0)
        total = said.get("arrived-sum", 0) + said.get("lost-sum", 0)
        print(f"{self.harm['kill']} kills, {self.harm['stop']} stops: produced {self.items}, arrived {said.get('arrived')},"
              f" dead-lettered {said.get('lost')}")
        if exit_code == 0 and items == self.items and total == expected:
            print("nothing lost, nothing twice")
            return 0
        print(f"exit code {exit_code}; {items} items with sum {total} instead of {self.items} with sum {expected}\n{errors}")
        return 1

    def end(self):
        self.mporch("down")
        left = [name for name in (self.folder / "run").rglob("*") if name.is_file() or name.is_socket()]
        if left:
            sys.exit(f"left behind: {left}")


if __name__ == "__main__":
    sys.exit(main())
