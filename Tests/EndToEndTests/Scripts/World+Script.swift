import Testing

extension World {
  /// Lua that scripts of tests begin with.
  static let scriptHelpers = """
    function timed(seconds, f, ...)
      local start = now()
      local value, why = f(...)
      assert(value == nil and why == "timeout", tostring(value) .. ", " .. tostring(why))
      assert(now() - start >= seconds, "too early")
    end
    function raises(pattern, f, ...)
      local ok, message = pcall(f, ...)
      assert(not ok and message:find(pattern), tostring(message))
    end
    """

  /// What a run of `text` prints and how it ends. `HELPERS` as a line of a script is `scriptHelpers`.
  static func run(topology text: String, within seconds: Int = 90) throws -> Child.Outcome {
    var outcome: Child.Outcome?
    try with { world in
      let helpers = scriptHelpers.replacing("\n", with: " ")
      let file = try world.write("nap.yaml", text.replacing("HELPERS", with: helpers))
      outcome = try world.run("up", "--no-log-prefix", file, within: seconds)
    }
    return try #require(outcome)
  }
}
