import ArgumentParser
import SystemPackage

struct InitCommand: Subcommand {
  static let configuration = CommandConfiguration(
    commandName: "init", abstract: "Write a small topology to begin with.",
    discussion: """
      The file runs as it is: two replicas square the numbers from 0 to 9 at the same time, and a third process prints \
      them. A file that is there already is left alone.

      Example:
        mporch init && mporch up
      """)

  @Argument(help: "The file to write.", completion: .file(extensions: ["yaml", "yml"]))
  var file = "mporch.yaml"

  func run(in context: CommandContext) throws -> ExitStatus {
    do {
      let descriptor = try FileDescriptor.open(
        FilePath(file), .writeOnly, options: [.create, .exclusiveCreate, .closeOnExec],
        permissions: .init(rawValue: 0o666))
      _ = try descriptor.closeAfter { try descriptor.writeAll(StarterTopology.text.utf8) }
    } catch Errno.fileExists {
      throw CommandFailure(
        "'\(file)' exists already, and was left as it is", help: "name another file: mporch init other.yaml")
    } catch {
      throw CommandFailure(
        "can't write '\(file)': \(error)", help: "choose a folder that exists and that you may write to")
    }
    let argument = file == "mporch.yaml" ? "" : " \(file)"
    context.errorOutput.write("mporch: wrote \(file); run it with: mporch up\(argument)\n")
    return .success
  }
}

/// What `mporch init` writes.
enum StarterTopology {
  static let text = """
    # Processes that run at the same time, and what they share.
    #
    #   mporch up       runs it, until every process has ended
    #   mporch check    says all that is wrong with it
    #   mporch tasks    lists what a process can do

    # A queue hands each item to one of its readers. It ends when its writers have.
    queues: [numbers, squares]

    processes:
      count:
        task: range
        with: {stop: 10}
        out: numbers

      # Two processes, square-1 and square-2, share the work.
      square:
        task: compute
        with: {function: square}
        replicas: 2
        in: numbers
        out: squares

      show:
        task: print
        in: squares

    """
}
