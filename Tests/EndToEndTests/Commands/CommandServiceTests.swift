import Glibc
import Testing

/// A server of the real world as a process, and clients of it between queues.
@Suite(.serialized) struct CommandServiceTests {
  @Test func redisServesFiltersAndGoesWithTheRun() throws {
    try World.with { world in
      let file = try world.write(
        "nap.yaml",
        """
        name: nap
        queues: {words: {type: string}, replies: {type: int64}}
        processes:
          redis:
            run: [redis-server, --port, '0', --unixsocket, redis.sock, --save, '', --daemonize, 'no']
          words: {task: items, with: {items: [a, b, a, c, a]}, out: words}
          count:
            run: |
              until redis-cli -s redis.sock ping >/dev/null 2>&1; do sleep 0.05; done
              while read -r word; do redis-cli -s redis.sock incr "$word"; done
            in: words
            out: replies
            with: {replies: each}
          total: {task: sum, in: replies}

        """)
      let client = try world.start("up", "--no-log-prefix", file)
      #expect(
        poll(within: 30) { readText(client.standardOutput).contains("\n8\n") }, "\(readText(client.standardOutput))")
      #expect(try world.run("ps", "-p", "nap").text.contains("redis-1"))
      client.send(SIGINT)
      let outcome = try client.wait(within: 30)
      #expect(outcome.status == 130 && !outcome.errors.contains("killed"), "\(outcome.errors)")
      // It was asked to end, and did what it does then.
      #expect(outcome.text.contains("User requested shutdown") || outcome.text.contains("ready to exit"))
    }
  }
}
