/// What a built-in kind takes and gives, as data: the one source of its checks, its line in `mporch tasks`, its part
/// of the JSON schema and its page in the docs.
public struct KindSignature: Sendable {
  /// As written after `task:`.
  public var name: String
  /// One line.
  public var summary: String
  public var answers: Answers
  /// Each replica does a share of the work that follows from its number and how many they are: these can't change while
  /// it is under way.
  public var splitsByReplica: Bool
  /// What a pool gets that calls it with a task; `nil`: it can't be called.
  public var taskResult: TaskResult?
  public var inputs: [Port]
  public var outputs: [Port]
  public var uses: [Use]
  public var parameters: [Parameter]
  /// It keeps what it absorbs in `Worker.region`. With the parameter `durable` that outlives its process.
  public var keepsTable: Bool
  /// The parameter by which it is slow on purpose, all replicas together: no more of them make it quicker.
  public var limit: String?
  /// What the parameters must satisfy together and against the resources; see `Binding`.
  public var check: @Sendable (Binding) -> [Problem]

  public init(
    _ name: String, _ summary: String, answers: Answers, splitsByReplica: Bool = false,
    taskResult: TaskResult? = nil, inputs: [Port] = [], outputs: [Port] = [], uses: [Use] = [],
    parameters: [Parameter] = [], keepsTable: Bool = false, limit: String? = nil,
    check: @escaping @Sendable (Binding) -> [Problem] = { _ in [] }
  ) {
    self.name = name
    self.summary = summary
    self.answers = answers
    self.splitsByReplica = splitsByReplica
    self.taskResult = taskResult
    self.inputs = inputs
    self.outputs = outputs
    self.uses = uses
    self.parameters = parameters
    self.keepsTable = keepsTable
    self.limit = limit
    self.check = check
  }

  /// When a kind's output follows from its input.
  public enum Answers: String, Sendable {
    /// Has no input: makes its items by itself.
    case source
    /// Each item's answer is published in one step with its end: exactly once.
    case itemByItem
    /// Absorbs its input and answers at its end.
    case atEnd
    /// Takes its input out of the topology.
    case sink
    /// None of these: works on shared resources.
    case none
  }

  /// What a task's call gives, of a kind that puts its answers to an item and nothing else.
  public enum TaskResult: String, Sendable {
    /// It puts one item at most: that, or null.
    case value
    /// It may put several: a list, always.
    case list
  }

  /// A queue or pipe end that it reads (`in`) or writes (`out`).
  public struct Port: Sendable {
    public var name: String
    /// Item types that may pass; empty: every type.
    public var types: [ItemType]
    public var isRequired: Bool
    public var summary: String
    /// For an output: the type that it puts is that of the named input port.
    public var typeFollowsInput: String?
    /// For an output: it puts the elements of this parameter, a list.
    public var elementsOf: String?
    /// For an input: what passes instead of `types`, by the word that this parameter has.
    public var typesByWord: (parameter: String, types: [String: [ItemType]])?

    public init(
      _ name: String, _ types: [ItemType] = [], required: Bool = true, typeFollowsInput: String? = nil,
      elementsOf: String? = nil, typesByWord: (parameter: String, types: [String: [ItemType]])? = nil,
      _ summary: String
    ) {
      self.name = name
      self.types = types
      self.isRequired = required
      self.typeFollowsInput = typeFollowsInput
      self.elementsOf = elementsOf
      self.typesByWord = typesByWord
      self.summary = summary
    }

    package func types(under arguments: Arguments) -> [ItemType] {
      guard let typesByWord, let word = arguments.string(typesByWord.parameter) else { return types }
      return typesByWord.types[word] ?? types
    }
  }

  /// A resource that it works on, by role, under `use`. `use: {value: total}` or, where just one resource of a
  /// fitting sort is listed, `use: total`.
  public struct Use: Sendable {
    public var name: String
    public var sort: Sort
    /// For values and arrays; empty: every type.
    public var elementTypes: [ElementType]
    public var isRequired: Bool
    public var summary: String

    public enum Sort: String, Sendable {
      case value, array, lock, pipe
    }

    public init(
      _ name: String, _ sort: Sort, elementTypes: [ElementType] = [], required: Bool = true, _ summary: String
    ) {
      self.name = name
      self.sort = sort
      self.elementTypes = elementTypes
      self.isRequired = required
      self.summary = summary
    }
  }

  /// One key of `with`.
  public struct Parameter: Sendable {
    public var name: String
    public var type: ParameterType
    /// `nil`: none; then the parameter is `isRequired` or simply absent.
    public var defaultValue: Literal?
    public var isRequired: Bool
    public var summary: String

    public init(
      _ name: String, _ type: ParameterType, default defaultValue: Literal? = nil, required: Bool = false,
      _ summary: String
    ) {
      self.name = name
      self.type = type
      self.defaultValue = defaultValue
      self.isRequired = required
      self.summary = summary
    }
  }

  public enum ParameterType: Sendable, Equatable {
    case bool
    case int(ClosedRange<Int64>)
    /// An integer is taken too; finite.
    case float(ClosedRange<Double>)
    case number
    case string
    /// One of these words.
    case word([String])
    /// `250ms`, `10s`, `1m30s`; a `Literal.float` of seconds after checking.
    case duration
    /// A count, or a duration: a `Literal.int`, or a `Literal.float` of seconds, after checking.
    case countOrDuration
    /// `64KiB`; a `Literal.int` of bytes after checking.
    case size
    /// Literal signal name or number; a `Literal.int` after checking.
    case signal
    /// A path or a list of them, globs allowed; `-` is the standard input of `mporch up`. Made absolute by the check.
    case inputPaths
    /// A path; `-` is the standard output of `mporch up`. Made absolute by the check.
    case outputPath
    /// Of values that items can hold: integers up to 2^63-1.
    case list
    case any
  }

  /// What a `check` may look at: the process as bound.
  public struct Binding: Sendable {
    public var arguments: Arguments
    public var replicas: Int
    /// By port, the capacity in items and the bytes of each bound queue (a pipe's capacity is `nil`).
    public var inputs: [String: [(capacity: Int?, byteCount: Int)]]
    public var outputs: [String: [(capacity: Int?, byteCount: Int)]]
    /// Names of the uses that are bound.
    public var uses: Set<String>

    public init(
      arguments: Arguments, replicas: Int, inputs: [String: [(capacity: Int?, byteCount: Int)]],
      outputs: [String: [(capacity: Int?, byteCount: Int)]], uses: Set<String>
    ) {
      self.arguments = arguments
      self.replicas = replicas
      self.inputs = inputs
      self.outputs = outputs
      self.uses = uses
    }
  }

  /// A finding of a `check`: becomes a diagnostic at what it is about.
  public struct Problem: Sendable {
    public var subject: Subject
    public var message: String
    public var help: String?
    /// It may be meant so: a warning, no error.
    public var isWarning = false

    /// Where the file does not give it, it is the process.
    public enum Subject: Sendable, Equatable {
      case process, replicas
      case parameter(String)
    }

    public init(about subject: Subject, _ message: String, help: String? = nil) {
      self.subject = subject
      self.message = message
      self.help = help
    }

    public init(parameter: String? = nil, _ message: String, help: String? = nil) {
      self.init(about: parameter.map { .parameter($0) } ?? .process, message, help: help)
    }

    public static func warning(parameter: String, _ message: String, help: String? = nil) -> Problem {
      var problem = Problem(parameter: parameter, message, help: help)
      problem.isWarning = true
      return problem
    }
  }
}

/// A kind's parameters: what `with` gave, checked, over the defaults.
public struct Arguments: Sendable {
  package private(set) var values: [String: Literal]

  package init(_ values: [String: Literal]) { self.values = values }

  /// `nil` where neither the file nor a default gives one.
  public subscript(name: String) -> Literal? { values[name] }

  public func int(_ name: String) -> Int64? {
    switch values[name] {
    case .int(let value): value
    case .float(let value): Int64(exactly: value)
    default: nil
    }
  }

  /// Numbers and durations (in seconds).
  public func float(_ name: String) -> Double? {
    switch values[name] {
    case .int(let value): Double(value)
    case .unsigned(let value): Double(value)
    case .float(let value): value
    default: nil
    }
  }

  public func bool(_ name: String) -> Bool? {
    if case .bool(let value) = values[name] { value } else { nil }
  }

  public func string(_ name: String) -> String? {
    if case .string(let value) = values[name] { value } else { nil }
  }

  /// A list of strings, or one string as a list of one: paths.
  public func strings(_ name: String) -> [String]? {
    switch values[name] {
    case .string(let value): [value]
    case .list(let values): values.compactMap { if case .string(let value) = $0 { value } else { nil } }
    default: nil
    }
  }
}
