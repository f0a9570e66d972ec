"""Small topologies for the stress test, each with what must come of it whatever is done to its processes.

A scene is made at random from a `random.Random`. Its names begin with its own prefix, so that several fit into one file:

  queues, pipes, …   what it declares, as in the file's sections
  processes          {name: declaration}
  mortal             processes that may be killed at any instant
  scalable           {process: most replicas}: may be scaled and restarted by commands
  next_command()     the words of a command to run beside it, or None; `told(exit_code)` when that has ended
  told_lost          items that the run has said its commands may have lost, as one does that does not answer in time
  complaints(lines)  what is wrong, given {process: the lines that it printed}; an empty list if nothing is
"""
from collections import Counter

SECTIONS = ["values", "arrays", "queues", "pipes", "locks", "rwlocks", "semaphores", "conditions", "events", "barriers", "managed",
            "pools"]
SURVIVES = {"restart": "on-failure", "restart_delay": "1ms"}
PADDING = 3001  # bytes of an item's padding, at most


class Scene:
    def __init__(self, prefix, random, seconds):
        self.prefix, self.random, self.seconds = prefix, random, seconds
        self.sections = {}
        self.processes = {}
        self.mortal = set()
        self.scalable = {}
        self.told_lost = 0
        self.build()

    def name(self, word):
        return f"{self.prefix}{word}"

    def next_command(self):
        return None

    def declare(self, section, word, declaration):
        self.sections.setdefault(section, {})[self.name(word)] = declaration
        return self.name(word)

    def process(self, word, mortal=True, scalable=0, **declaration):
        """`mortal`: may be killed, and is started again."""
        name = self.name(word)
        self.processes[name] = {**(SURVIVES if mortal else {}), **declaration}
        if mortal:
            self.mortal.add(name)
        if scalable:
            self.scalable[name] = scalable
        return name


def differences(what, expected, found, at_least_once=False, told_lost=0):
    """Complaints where the bags differ; `at_least_once`: more of one that is expected is no difference; nor are so many
    less as were `told_lost`."""
    expected, found = Counter(expected), Counter(found)
    lost = list((expected - found).keys())
    more = [item for item in (found - expected).keys() if not (at_least_once and item in expected)]
    complaints = []
    if len(lost) > told_lost:
        complaints.append(f"{what}: {len(lost)} lost of {sum(expected.values())}, such as {lost[:5]}")
    if more:
        complaints.append(f"{what}: {len(more)} too often or never put, such as {more[:5]}")
    return complaints


class Chain(Scene):
    """Items of one form through channels of every size and stages of every sort: each arrives, whole, in order."""

    FORMS = {
        # form: (the map from a number, the sink's check of an item, as a number)
        "number": (None, "return item"),
        "text": ("item .. ':' .. string.rep('x', item * 7919 % {pad})",
                 "local id, pad = item:match('^(%d+):(x*)$') id = math.tointeger(id)"
                 " assert(#pad == id * 7919 % {pad}) return id"),
        "map": ("map{{id = item, pad = string.rep('x', item * 7919 % {pad}), more = map{{a = {{item, -item}}}}}}",
                "assert(#item.pad == item.id * 7919 % {pad} and item.more.a[2] == -item.id) return item.id"),
    }

    def build(self):
        random = self.random
        self.form = random.choice(list(self.FORMS))
        self.type = {"number": "int64", "text": random.choice(["string", "any", "bytes"]), "map": "any"}[self.form]
        self.pad = random.choice([1, 40, PADDING])
        self.rate = random.choice([200, 1000, 3000])
        self.count = int(self.rate * self.seconds)
        self.exact, self.ordered = True, True
        self.commands = 0
        at = self.channel("int64")
        self.process("src", task="range", out=at, with_={"stop": self.count})
        paced = self.channel("int64")
        self.process("pace", task="throttle", in_=at, out=paced, with_={"rate": self.rate})
        at = paced
        make, check = (text and text.format(pad=self.pad) for text in self.FORMS[self.form])
        if make:
            out = self.item_channel()
            self.process("make", task="map", in_=at, out=out, with_={"expr": make})
            at = out
        for number in range(random.randrange(1, 4)):
            at = self.stage(f"st{number}", at)
        self.sink("sink", at, check)
        for declaration in self.processes.values():
            for word in ("in_", "with_"):
                if word in declaration:
                    declaration[word[:-1]] = declaration.pop(word)

    def item_channel(self):
        return self.channel(self.type)

    def channel(self, type):
        """A queue, or a pipe where one writes and one reads."""
        random = self.random
        self.channels = getattr(self, "channels", 0) + 1
        word = f"c{self.channels}"
        room = random.choice([4 * PADDING, 4 * PADDING, 65536, 1 << 20])
        if type == "int64":
            room = random.choice([64, 256, 4096, 1 << 20])
        if random.random() < 0.3:
            return self.declare("pipes", word, {"duplex": False, "type": type, "bytes": room})
        return self.declare("queues", word, {
            "type": type, "capacity": random.choice([1, 2, 3, 16, 256, 1024]), "bytes": room, "max_deliveries": 1000})

    def is_queue(self, channel):
        return channel in self.sections.get("queues", {})

    def stage(self, word, at):
        random = self.random
        sorts = ["filter", "compute", "script", "each", "plain"]
        if self.form != "number":
            sorts += ["map"]
        sort = random.choice(sorts)
        out = self.item_channel()
        replicas = random.choice([1, 1, 2, 3]) if self.is_queue(at) and self.is_queue(out) else 1
        if replicas > 1:
            self.ordered = False
        scalable = 4 if self.is_queue(at) and self.is_queue(out) and random.random() < 0.5 else 0
        if scalable:
            self.ordered = False
        wiring = {"in_": at, "out": out, "replicas": replicas, "scalable": scalable}
        if sort == "compute" and self.form == "number":
            middle = self.item_channel()
            if not self.is_queue(middle):
                wiring.update(replicas=1, scalable=0)
            self.process(word, task="compute", with_={"function": "negate"}, **{**wiring, "out": middle})
            if not self.is_queue(middle):
                wiring.update(replicas=1, scalable=0)
            self.process(word + "b", task="compute", with_={"function": "negate"}, **{**wiring, "in_": middle})
        elif sort == "script":
            self.exact = False
            self.process(word, script=f"for x in {self.items(at)} do output:{'put' if self.is_queue(out) else 'send'}(x) end",
                         **wiring)
        elif sort == "each":
            # JSON, so that numbers and maps come back as what they were.
            self.process(word, run=["sed", "-u", ""], with_={"replies": "each", "format": "json"}, **wiring)
        elif sort == "plain":
            # Killed, it would lose what it has read; changed by a command, it is drained.
            self.process(word, mortal=False, run=["cat"], with_={"format": "json"}, **wiring)
        else:
            self.process(word, task="map" if sort == "map" else "filter", with_={"expr": "item" if sort == "map" else "true"},
                         **wiring)
        return out

    def sink(self, word, at, check):
        self.shown = self.process(word, mortal=False, in_=at, script=f"""
            local function number(item) {check} end
            for item in {self.items(at)} do print(number(item)) end""")

    def items(self, channel):
        """What a script's `for` goes through."""
        return "input:items()" if self.is_queue(channel) else "(function() return (input:receive()) end)"

    def complaints(self, lines):
        found = [int(line) for line in lines.get(self.shown, [])]
        complaints = differences(
            self.shown, range(self.count), found, at_least_once=not self.exact, told_lost=self.told_lost)
        if not complaints and self.ordered and self.exact and found != sorted(found):
            complaints.append(f"{self.shown}: out of order")
        return complaints


class FanOut(Scene):
    """Each item to all outputs, and each of these counted and added up by kinds that survive."""

    def build(self):
        random = self.random
        rate = random.choice([2000, 10000])
        self.count = int(rate * self.seconds)
        wide = random.choice([2, 3, 8])
        type = random.choice(["int64", "any"])
        kind = lambda: {"type": type, "capacity": random.choice([1, 8, 300]), "max_deliveries": 1000}
        source, paced = self.declare("queues", "s", kind()), self.declare("queues", "p", kind())
        outs = [self.declare("queues", f"o{number}", kind()) for number in range(wide)]
        self.process("src", task="range", replicas=random.choice([1, 3]), **{"with": {"stop": self.count}, "out": source})
        self.process("pace", task="throttle", **{"with": {"rate": rate}, "in": source, "out": paced})
        self.process("fan", task="filter", replicas=random.choice([1, 2]), scalable=3,
                     **{"with": {"expr": "true"}, "in": paced, "out": outs})
        self.expected = {}
        for number, queue in enumerate(outs):
            task = random.choice(["sum", "count"])
            answer = self.declare("queues", f"a{number}", {"type": "int64"})
            replicas = random.choice([1, 1, 3])
            self.process(f"t{number}", task=task, replicas=replicas, scalable=replicas if replicas > 1 else 0,
                         **{"in": queue, "out": answer})
            shown = self.process(f"sh{number}", mortal=False, task="print", **{"in": answer})
            self.expected[shown] = self.count if task == "count" else self.count * (self.count - 1) // 2

    def complaints(self, lines):
        return [f"{process} printed {lines.get(process)} instead of {answer}" for process, answer in self.expected.items()
                if lines.get(process) != [str(answer)]]


class Words(Scene):
    """The words of a file, counted by processes that survive."""

    def build(self):
        random = self.random
        self.text = "\n".join(" ".join(f"w{random.randrange(2000)}" for _ in range(random.randrange(20)))
                              for _ in range(int(self.seconds * 20000)))
        lines, paced, counts = (self.declare("queues", word, {"type": type, "bytes": random.choice(["64KiB", "1MiB"]),
                                                              "max_deliveries": 1000})
                                for word, type in [("l", "string"), ("p", "string"), ("c", "any")])
        self.process("read", task="read-lines", replicas=random.choice([1, 2]),
                     **{"with": {"path": self.name("words.txt")}, "out": lines})
        self.process("pace", task="throttle", **{"with": {"rate": 20000}, "in": lines, "out": paced})
        self.process("count", task="count-words", replicas=random.choice([1, 3]), **{"in": paced, "out": counts})
        self.process("merge", task="merge-counts", **{"in": counts, "out": self.declare("queues", "m", {})})
        self.shown = self.process("show", mortal=False, script="for x in input:items() do print(x.word, x.count) end",
                                  **{"in": self.name("m")})

    def files(self):
        return {self.name("words.txt"): self.text}

    def complaints(self, lines):
        expected = [f"{word}\t{count}" for word, count in Counter(self.text.split()).items()]
        return differences(self.shown, expected, lines.get(self.shown, []))


class Increment(Scene):
    """A value counted up under a lock: exact, whoever dies."""

    def build(self):
        random = self.random
        self.times, self.replicas = int(self.seconds * 10_000_000), random.choice([1, 2, 3])
        lock, value = self.declare("locks", "lock", {}), self.declare("values", "sum", random.choice(["int64", "float64"]))
        adds = self.process("add", task="increment", replicas=self.replicas,
                            **{"with": {"times": self.times, "mode": "locked"}, "use": {"value": value, "lock": lock}})
        self.shown = self.process("show", mortal=False, task="print", use={"value": value},
                                  depends_on={adds: {"condition": "completed_successfully"}})

    def complaints(self, lines):
        found = [float(line) for line in lines.get(self.shown, [])]
        expected = self.times * self.replicas
        return [] if found == [expected] else [f"{self.shown}: {found} instead of {expected}"]


class Pool(Scene):
    """A pool whose workers are killed in the middle of tasks: every result, in order."""

    def build(self):
        random = self.random
        self.rounds = max(1, int(self.seconds * 2))
        work = random.choice(["", "sleep(0.0005) ", "for i = 1, 20000 do end "])
        pool = self.declare("pools", "pool", {
            "size": random.choice([1, 3, 5]), "max_deliveries": 1000,
            "script": f"return function(x) {work}return type(x) == 'table' and x[1] * 2 or x * 2 end"})
        self.mortal.add(pool)
        call = random.choice(["pool:map(tasks)", "pool:map(tasks, 7)", "imap(pool.imap)", "imap(pool.imap_unordered)"])
        text = f"""
            local pool = {pool}
            local function imap(f)
              local t = {{}}
              for r in f(pool, tasks) do t[#t + 1] = r end
              table.sort(t)
              return t
            end
            for round = 1, {self.rounds} do
              local tasks = {{}}
              for i = 1, 400 do tasks[i] = i % 5 == 0 and {{i, ('y'):rep(i * 50)}} or i end
              local results = {call.replace("imap(", "imap(tasks, ")}
              for i = 1, 400 do assert(results[i] == i * 2, i .. ' gave ' .. tostring(results[i])) end
              assert(#results == 400)
            end
            print('right')""".replace("local function imap(f)", "local function imap(tasks, f)")
        self.shown = self.process("call", mortal=False, script=text, use=[pool])

    def complaints(self, lines):
        return [] if lines.get(self.shown) == ["right"] else [f"{self.shown}: {lines.get(self.shown)}"]


class Managed(Scene):
    """Managed objects that several add to."""

    def build(self):
        self.replicas, self.times = self.random.choice([1, 4]), int(self.seconds * 400)
        table, list_ = self.declare("managed", "d", "dict"), self.declare("managed", "l", "list")
        adds = self.process("add", mortal=False, replicas=self.replicas, use=[table, list_], script=f"""
            for i = 1, {self.times} do sleep(0.002) {table}:add('n', 1) if i % 10 == 0 then {list_}:append{{i}} end end""")
        self.shown = self.process("show", mortal=False, use=[table, list_], script=f"print({table}:get('n'), #{list_})",
                                  depends_on={adds: {"condition": "completed_successfully"}})

    def complaints(self, lines):
        expected = f"{self.replicas * self.times}\t{self.replicas * (self.times // 10)}"
        return [] if lines.get(self.shown) == [expected] else [f"{self.shown}: {lines.get(self.shown)}, not {expected}"]


class Turns(Scene):
    """Locks, read-write locks, bounded semaphores and their holders' deaths: all rounds come to an end, and where nobody dies never more than the bound are inside."""

    def build(self):
        random = self.random
        self.replicas, rounds = 4, int(self.seconds * 150)
        done = self.declare("arrays", "done", f"int64[{self.replicas}]")
        inside = self.declare("arrays", "inside", f"int64[{self.replicas}]")
        acquire, sort = "acquire", random.choice(["locks", "rwlocks", "semaphores"])
        if sort != "semaphores":
            bound, turn = 1, self.declare(sort, "turn", {})
            if sort == "rwlocks":
                acquire = "acquire_write"
        else:
            bound = random.choice([1, 2, 3])
            turn = self.declare("semaphores", "turn", bound)
        # Who was killed within is marked so until its next life.
        mortal = random.random() < 0.6
        check = "" if mortal else f"assert(count <= {bound}, 'too many inside')"
        nobody = "" if mortal else f"for k = 1, {self.replicas} do assert({inside}[k] == 0, 'a writer inside') end"
        look = f"{turn}:acquire_read() {nobody} {turn}:release()" if sort == "rwlocks" else ""
        self.shown = self.process("turn", mortal=mortal, replicas=self.replicas, use=[done, inside, turn], script=f"""
            local r = process.replica
            {inside}[r] = 0     -- of a life that died within
            for i = {done}[r] + 1, {rounds} do
              {look}
              {turn}:{acquire}()
              {inside}[r] = 1
              local count = 0
              for k = 1, {self.replicas} do count = count + {inside}[k] end
              {check}
              if i % 2 == 0 then sleep(0.002) end
              {inside}[r] = 0
              {done}[r] = i
              {turn}:release()
            end
            print('done')""")

    def complaints(self, lines):
        count = Counter(lines.get(self.shown, []))["done"]
        return [] if count >= self.replicas else [f"{self.shown}: {count} of {self.replicas} came to their end"]


class Lockstep(Scene):
    """Barriers, conditions and events between processes that are stopped at random."""

    def build(self):
        random = self.random
        self.parties, rounds = random.choice([2, 5]), int(self.seconds * 100)
        barrier, at = self.declare("barriers", "b", self.parties), self.declare("values", "at", "int64")
        self.shown = self.process("step", mortal=False, replicas=self.parties, use=[barrier, at], script=f"""
            for i = 1, {rounds} do
              local index = {barrier}:wait()
              if index == 0 then assert({at}:add(1) == i) end
              assert({barrier}:wait())
              assert({at}:get() == i)
              sleep(0.005)
            end
            print('done')""")
        lock, filled, freed = (self.declare(*words) for words in
                               [("locks", "l", {}), ("conditions", "f", self.name("l")), ("conditions", "e", self.name("l"))])
        stock = self.declare("values", "stock", "int64")
        items = rounds * 3
        self.process("fill", mortal=False, use=[lock, filled, freed, stock], script=f"""
            for i = 1, {items} do
              {lock}:with(function()
                {freed}:wait_for(function() return {stock}:get() < 3 end)
                {stock}:add(1)
                {filled}:notify()
              end)
            end""")
        self.emptied = self.process("empty", mortal=False, replicas=3, use=[lock, filled, freed, stock], script=f"""
            for i = 1, {rounds} do
              {lock}:with(function()
                {filled}:wait_for(function() return {stock}:get() > 0 end)
                {stock}:add(-1)
                {freed}:notify()
              end)
            end
            print('done')""")
        ping, pong = self.declare("events", "ping", False), self.declare("events", "pong", False)
        for word, own, other in [("ping", ping, pong), ("pong", pong, ping)]:
            self.process("ev" + word, mortal=False, use=[ping, pong], script=f"""
                for i = 1, {rounds} do
                  {other + ":set()" if word == "ping" else ""}
                  {own}:wait() {own}:clear()
                  {other + ":set()" if word == "pong" else ""}
                end""")

    def complaints(self, lines):
        counts = [len(lines.get(process, [])) for process in (self.shown, self.emptied)]
        return [] if counts == [self.parties, 3] else [f"{self.shown}: {counts} came to their end"]


class Batches(Scene):
    """Lists of many items, from queues that may hold fewer."""

    def build(self):
        random = self.random
        self.count, self.size = int(self.seconds * 1000), random.choice([2, 10, 100])
        kind = lambda: {"type": random.choice(["int64", "any"]), "capacity": random.choice([self.size, self.size + 3, 300]),
                        "bytes": random.choice([16 * self.size, 1 << 20]), "max_deliveries": 1000}
        source, paced = self.declare("queues", "s", {"type": "int64"}), self.declare("queues", "p", kind())
        lists = self.declare("queues", "l", {"capacity": random.choice([1, 100]), "max_deliveries": 1000})
        self.process("src", task="range", **{"with": {"stop": self.count}, "out": source})
        self.process("pace", task="throttle", replicas=random.choice([1, 2]),
                     **{"with": {"rate": 1000}, "in": source, "out": paced})
        options = {"size": self.size, **random.choice([{}, {"linger": "20ms"}])}
        self.process("gather", task="batch", replicas=random.choice([1, 2, 3]), scalable=3,
                     **{"with": options, "in": paced, "out": lists})
        self.shown = self.process("show", mortal=False, **{"in": lists}, script=f"""
            for list in input:items() do
              assert(#list <= {self.size})
              for _, x in ipairs(list) do print(x) end
            end""")

    def complaints(self, lines):
        return differences(self.shown, range(self.count), [int(line) for line in lines.get(self.shown, [])])


class Outside(Scene):
    """Items that commands put: who was told that its item is in sees it arrive."""

    def build(self):
        self.sent, self.sure, self.total = 0, set(), 25
        kind = {"external": True, "capacity": self.random.choice([1, 100]), "max_deliveries": 1000}
        self.queue = self.declare("queues", "q", kind)
        passed = self.declare("queues", "p", {"max_deliveries": 1000})
        self.process("pass", task="take", replicas=self.random.choice([1, 2]),
                     **{"with": {"count": self.total}, "in": self.queue, "out": passed})
        self.shown = self.process("show", mortal=False, task="print", **{"in": passed})

    def next_command(self):
        self.sent += 1
        return ["put", self.queue, str(self.sent)]

    def told(self, exit_code):
        if exit_code == 0:
            self.sure.add(self.sent)

    def complaints(self, lines):
        found = [int(line) for line in lines.get(self.shown, [])]
        lost = [number for number in range(1, max(found, default=1)) if number in self.sure and number not in found]
        complaints = [f"{self.shown}: {lost} lost"] if lost else []
        return complaints + ([f"{self.shown}: {len(found)} instead of {self.total}"] if len(found) != self.total else [])


class DeadLetters(Scene):
    """A script that fails at some items: these are the dead letters, and no others."""

    def build(self):
        random = self.random
        self.count, self.every = int(self.seconds * 200), random.choice([61, 97])
        type = random.choice(["int64", "any", "string"])
        word = lambda: "tostring(i)" if type == "string" else "i"
        dead = self.declare("queues", "dead", {"type": type})
        items = self.declare("queues", "items", {"type": type, "capacity": random.choice([1, 10, 1024]),
                                                 "max_deliveries": random.choice([1, 3]), "dead_letter": dead})
        good = self.declare("queues", "good", {"type": type})
        self.process("put", mortal=False, out=items, script=f"""
            for i = 1, {self.count} do output:put({word()}) if i % 200 == 0 then sleep(0.5) end end""")
        self.process("work", mortal=False, restart="on-failure", restart_delay="1ms", **{"in": items, "out": good},
                     script=f"""
            for x in input:items() do
              if math.tointeger(tonumber(x)) % {self.every} == 0 then error('bad item') end
              output:put(x)
            end""")
        self.shown = self.process("show", mortal=False, task="print", **{"in": good})
        self.buried = self.process("bury", mortal=False, task="print", **{"in": dead})

    def complaints(self, lines):
        bad = [number for number in range(1, self.count + 1) if number % self.every == 0]
        good = [number for number in range(1, self.count + 1) if number % self.every]
        numbers = lambda process: [int(line) for line in lines.get(process, [])]
        return (differences(self.shown, good, numbers(self.shown), at_least_once=True)
                + differences(self.buried, bad, numbers(self.buried)))


class Drops(Scene):
    """A queue that drops: in order, none twice, and with `drop_old` the newest is there."""

    def build(self):
        random = self.random
        self.policy = random.choice(["drop_new", "drop_old"])
        self.count = int(self.seconds * 20000)
        source = self.declare("queues", "s", {"type": "int64"})
        lossy = self.declare("queues", "q", {"type": "int64", "on_full": self.policy, "max_deliveries": 1000,
                                             "capacity": random.choice([1, 5, 100]), "bytes": random.choice([64, 1 << 20])})
        slow = self.declare("queues", "slow", {"type": "int64"})
        self.process("src", task="range", **{"with": {"stop": self.count}, "out": source})
        self.process("pace", task="throttle", **{"with": {"rate": 20000}, "in": source, "out": lossy})
        self.process("slow", task="throttle", **{"with": {"rate": 500}, "in": lossy, "out": slow})
        self.shown = self.process("show", mortal=False, task="print", **{"in": slow})

    def complaints(self, lines):
        found = [int(line) for line in lines.get(self.shown, [])]
        complaints = []
        if found != sorted(set(found)):
            complaints.append(f"{self.shown}, {self.policy}: out of order, or twice")
        wanted = self.count - 1 if self.policy == "drop_old" else 0
        if wanted not in found:
            complaints.append(f"{self.shown}, {self.policy}: {wanted} was dropped")
        return complaints


SCENES = [Chain, Chain, Chain, Chain, FanOut, Words, Increment, Pool, Managed, Turns, Lockstep, Batches, Outside,
          DeadLetters, Drops]
