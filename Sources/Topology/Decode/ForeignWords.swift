/// What the words of other programs (Compose, process-compose, tools that read a Procfile, supervisord, Python's
/// multiprocessing) are called here.
struct ForeignWords: Sendable {
  struct Entry: Sendable {
    /// The word here; `nil`: there is no such thing.
    var word: String?
    /// As others write it, with blanks between.
    var others: String
    var advice: String?
    /// It is another way to the same end, not the same thing by another name: the advice says all.
    var isOtherWay = false
  }

  struct Meaning {
    var word: String?
    /// What to write.
    var help: String
  }

  private let entries: [String: Entry]

  init(_ entries: [Entry] = []) {
    var known: [String: Entry] = [:]
    for entry in entries {
      for other in entry.others.split(separator: " ") { known[Self.plain(String(other))] = entry }
    }
    self.entries = known
  }

  subscript(other: String) -> Meaning? {
    guard let entry = entries[Self.plain(other)] else { return nil }
    let name = entry.isOtherWay ? nil : entry.word
    let advice = entry.advice.map { ": " + $0 } ?? ""
    return Meaning(
      word: entry.word, help: name.map { "'\(other)' is '\($0)' here" + advice } ?? entry.advice ?? "remove it")
  }

  /// `maxSize`, `max-size` and `max_size` are one word.
  private static func plain(_ word: String) -> String {
    String(word.lowercased().filter { $0 != "_" && $0 != "-" })
  }
}

extension ForeignWords.Entry {
  static func key<Key: KeyTable>(_ key: Key, _ others: String, _ advice: String? = nil) -> Self {
    Self(word: key.rawValue, others: others, advice: advice)
  }

  static func word(_ word: String, _ others: String, _ advice: String? = nil) -> Self {
    Self(word: word, others: others, advice: advice)
  }

  /// What is done here by `key` in another way.
  static func instead<Key: KeyTable>(_ key: Key, _ others: String, _ advice: String) -> Self {
    Self(word: key.rawValue, others: others, advice: advice, isOtherWay: true)
  }

  static func nothing(_ others: String, _ advice: String) -> Self { Self(word: nil, others: others, advice: advice) }
}

// MARK: Processes

extension ProcessKey {
  static let foreign = ForeignWords(work + wiring + life + settings + absent)

  private static let work: [ForeignWords.Entry] = [
    .key(
      run, "command cmd entrypoint exec shell bash sh program executable argv",
      "a list is the command, a string goes to /bin/sh -c"),
    .instead(
      run, "image build dockerfile container", "nothing runs in a container: 'run' starts a program of this machine"),
    .instead(run, "python node ruby", "a program of yours is a command, as in 'run: [python3, work.py]'"),
    .key(script, "lua code chunk"),
    .key(task, "kind type job worker module function func class builtin", "'mporch tasks' lists the kinds"),
    .instead(task, "target", "the work is a kind under 'task', or a 'script', or a command under 'run'"),
  ]

  private static let wiring: [ForeignWords.Entry] = [
    .key(inputs, "input inputs stdin from reads read consumes source subscribe"),
    .key(outputs, "output outputs stdout to writes write produces sink publish"),
    .instead(inputs, "queue queues", "'in' reads a queue, 'out' writes one; the top of the file declares it"),
    .key(use, "uses using resources shared shares", "it names what the process touches"),
    .instead(
      use,
      "lock locks value values array arrays event events semaphore semaphores "
        + "barrier barriers condition conditions managed pool pools pipe pipes",
      "'use' names what the process touches; the top of the file declares it"),
    .key(with, "args kwargs params parameters options config configuration settings arguments"),
    .key(replicas, "instances scale numprocs count concurrency workers processes num parallelism copies"),
    .instead(replicas, "deploy", "write 'replicas: N' at the process itself"),
  ]

  private static let life: [ForeignWords.Entry] = [
    .key(dependsOn, "depends dependencies after requires needs wants waitfor"),
    .instead(restart, "availability", "write 'restart: on-failure:N', and 'restart_delay' for the first pause"),
    .key(restart, "autorestart restartpolicy", "no, on-failure, on-failure:N or always"),
    .instead(restart, "maxrestarts startretries", "write 'restart: on-failure:N' for N restarts"),
    .key(restartDelay, "restartsec backoff backoffseconds delay restartpause", "it doubles up to 30s"),
    .key(timeout, "maxruntime timeoutseconds deadline timelimit maxtime"),
    .key(
      healthCheck, "readinessprobe livenessprobe startupprobe health healthchecks probe check",
      "a map of test, interval, timeout, retries and start_period"),
    .key(readyLogLine, "readylog readywhen ready waitforlog", "a regular expression"),
    .key(stopSignal, "signal killsignal"),
    .key(
      stopGracePeriod,
      "stoptimeout stopwaitsecs graceperiod killtimeout timeoutstop shutdowntimeout terminationgraceperiod"
    ),
    .instead(
      stopSignal, "shutdown", "write 'stop_signal', and 'stop_grace_period' for its time-out; SIGKILL follows by itself"
    ),
    .instead(
      profiles, "namespace disabled enabled tags",
      "'profiles' leaves a process out: it runs only where one of them is chosen by '--profile'"),
  ]

  private static let settings: [ForeignWords.Entry] = [
    .key(environment, "env envs envvars variables vars environmentvariables"),
    .key(environmentFile, "dotenv envfiles environmentfile environmentfiles"),
    .key(workingDirectory, "cwd dir directory workdir workingdirectory chdir folder"),
    .key(cpus, "cpuset affinity cpu cores cpuaffinity"),
    .key(nice, "priority niceness cpushares"),
  ]

  private static let absent: [ForeignWords.Entry] = [
    .nothing(
      "ports expose networks networkmode hostname dns links",
      "remove it: there are no networks of their own, a process listens where it listens"),
    .nothing("volumes devices tmpfs mounts", "remove it: a process sees the files of this machine"),
    .nothing("secrets configs", "remove it: use files and their modes"),
    .nothing("name containername", "remove it: the key before the map is its name"),
    .nothing("labels annotations description comment", "remove it, or write it behind a '#'"),
    .nothing("daemon isdaemon detach", "remove it: every process ends with its run, and stays in the foreground"),
    .nothing(
      "logging log logs logfile loglocation logconfiguration stdoutlogfile stderrlogfile",
      "remove it: what each process prints is kept, see 'mporch logs'; 'logging' at the top of the file bounds it"),
    .nothing("tty istty stdinopen isinteractive isforeground", "remove it: a command has no terminal"),
    .nothing(
      "user group privileged capadd capdrop securityopt iselevated", "remove it: a process runs as who runs 'mporch up'"
    ),
    .nothing(
      "memlimit memory mem ulimits",
      "a script is bounded by 'with: {memory: 64MiB}', another process by the limits of 'mporch up'"),
    .nothing("watch develop", "remove it: 'mporch restart' starts a process anew, 'mporch up' applies a changed file"),
    .nothing("schedule cron every interval", "remove it: kind 'tick' and scripts have a clock"),
    .nothing("extends include", "remove it: '<<: *anchor' shares keys, and 'mporch up -f A -f B' merges files"),
    .nothing("pullpolicy platform runtime init", "remove it: nothing runs in a container"),
  ]
}

extension DependencyKey {
  static let foreign = ForeignWords([
    .key(condition, "state status when until"), .nothing("restart required", "remove it"),
  ])

  static let foreignConditions = ForeignWords([
    .word("started", "service_started process_started running start up"),
    .word("healthy", "service_healthy process_healthy ready"),
    .word("healthy", "process_log_ready log_ready", "give the other process a 'ready_log_line'"),
    .word("completed", "process_completed service_completed complete done exited finished ended stopped"),
    .word(
      "completed_successfully",
      "process_completed_successfully service_completed_successfully success succeeded successful ok"),
  ])
}

extension ProcessDeclaration.RestartPolicy {
  static let foreign = ForeignWords([
    .word("always", "unless-stopped", "a run does not outlive a reboot, nor a process its 'mporch stop'"),
    .word("always", "true yes on"), .word("no", "false never none off"),
    .word("on-failure", "on_failure unexpected onerror failure fail", "or 'on-failure:N' for N restarts"),
    .nothing("exit_on_failure", "write 'fail_fast: true' at the top of the file: a failure ends the run"),
  ])
}

extension EnvironmentFileKey {
  static let foreign = ForeignWords([.key(path, "file name"), .nothing("format", "remove it")])
}

extension HealthCheckKey {
  static let foreign = ForeignWords([
    .key(test, "command cmd exec run script"),
    .instead(test, "http httpget url tcp tcpsocket", "let a command ask, as in 'test: [curl, -fsS, URL]'"),
    .key(interval, "period periodseconds every intervalseconds"), .key(timeout, "timeoutseconds"),
    .key(retries, "failurethreshold attempts failures"),
    .key(startPeriod, "initialdelayseconds initialdelay delay startinterval"),
    .nothing("successthreshold successes", "remove it: one success makes it healthy"),
    .instead(test, "disable", "leave 'healthcheck' out"),
  ])
}

// MARK: The top of the file

extension TopLevelKey {
  static let foreign = ForeignWords([
    .key(Self.processes, "services procs programs apps applications jobs workers tasks nodes"),
    .key(Self.name, "project projectname title"),
    .key(Self.environment, "env envs variables vars"), .key(Self.environmentFile, "dotenv envfiles"),
    .instead(
      Self.logging, "log logs loglevel loglocation loglength logconfiguration",
      "remove it: what each process prints is kept, see 'mporch logs'; 'logging: {max_size, max_files}' bounds it"),
    .key(Self.section(.queues), "channels streams topics"),
    .key(Self.section(.values), "numbers counters integers ints floats"),
    .key(Self.section(.arrays), "buffers vectors lists sharedmemory memory"),
    .key(Self.section(.locks), "mutexes mutex rlocks"),
    .key(Self.section(.rwlocks), "readwritelocks rwlock sharedlocks"), .key(Self.section(.conditions), "condvars"),
    .key(Self.section(.events), "flags signals"), .key(Self.section(.managed), "managers manager dicts objects"),
    .key(Self.section(.pools), "executors"),
    .nothing("version", "remove it: the file has no version"),
    .nothing("networks volumes secrets configs", "remove it: processes share this machine's network and files"),
    .nothing("include extends", "remove it: 'mporch up -f A -f B' merges files"),
    .nothing("shell isstrict disableenvexpansion", "remove it"),
  ])
}

extension LoggingKey {
  static let foreign = ForeignWords([
    .key(maxSize, "size maxbytes maxlength"), .key(maxFiles, "maxfile files backups maxbackups keep"),
    .nothing("driver options level format path", "remove it: logs are files, see 'mporch logs'"),
  ])
}

// MARK: Resources

extension ForeignWords {
  private static let typeEntries: [Entry] = [
    .word("int64", "integer int long number i64 q l bigint"), .word("int32", "i i32"), .word("int16", "short i16 h"),
    .word("int8", "i8 b char"), .word("uint64", "u64 ulong usize size_t"), .word("uint32", "u32 uint unsigned"),
    .word("uint16", "u16 ushort"), .word("uint8", "u8 byte"), .word("float64", "double float f64 d real decimal"),
    .word("float32", "f32 f single"), .word("bool", "boolean flag"),
  ]

  /// Of values and arrays.
  static let elementTypes = ForeignWords(
    typeEntries + [
      .nothing("string str text bytes any list dict map object", "values hold numbers; 'managed' holds anything else")
    ])

  /// Of queues and pipes.
  static let itemTypes = ForeignWords(
    typeEntries + [
      .word("string", "str text line lines"), .word("bytes", "binary blob bytearray raw"),
      .word("any", "object json dict map list mixed auto"),
    ])

  static let kinds = ForeignWords([
    .nothing(
      "run command cmd exec shell bash sh python program",
      "a command is no kind: write 'run: [program, argument]' instead of 'task'"),
    .nothing("lua script", "write 'script: |' and the text below it, instead of 'task'"),
    .word("read-lines", "cat readlines readfile reader file lines input stdin"),
    .word("write-lines", "writefile writer tee save"), .word("print", "log stdout printer show output logger"),
    .word("discard", "null noop devnull drop sink ignore"), .word("filter", "grep where"),
    .word("map", "transform apply"), .word("count-words", "wc wordcount"), .word("tick", "timer cron clock"),
    .word("range", "seq sequence numbers generate generator"), .word("take", "head limit first"),
    .word("throttle", "ratelimit pace"), .word("batch", "chunk group buffer"), .word("sleep", "wait delay nop"),
    .word("mean", "average avg"), .word("split-words", "split tokenize words"),
  ])
}
