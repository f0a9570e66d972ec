#if Lua
  import Testing
  import Topology
  @testable import Workers

  /// What goes through a queue and comes back.
  struct ScriptItemTests {
    private func run(_ type: ItemType, _ source: String) throws {
      try ScriptFixture([("q", .queue(type))]).run("function back(x) q:put(x) return (q:get()) end\n" + source)
    }

    /// Seen to fail: 24 written into the head's one byte.
    @Test func anyItemComesBackAsItWas() throws {
      try run(
        .any,
        """
        for _, x in ipairs{0, 1, -1, 23, 24, 255, 256, 65536, 2^40 | 0, math.maxinteger, math.mininteger, 1.5, 3.0, -0.0,
            math.huge, -math.huge, true, false, "", "a", "h\\u{e9}", "a\\0b\\n", "\\xff\\xfe", ("x"):rep(30000)} do
          same(back(x), x)
        end
        local nan = back(0/0)
        assert(nan ~= nan)
        same(back(null), null)
        same(tostring(null), "null")
        """)
    }

    /// Seen to fail: a map that comes back as any table.
    @Test func tablesAreListsAndMaps() throws {
      try run(
        .any,
        """
        local list = back({1, {2, "x"}, null, {}})
        same(#list, 4) same(list[2][2], "x") same(list[3], null) same(#list[4], 0)
        local nested = back({a = 1, b = {c = {true}}})
        same(nested.a, 1) same(nested.b.c[1], true)
        -- An empty one is a list, unless made by map.
        same(getmetatable(back({})), nil)
        assert(getmetatable(back(map({}))) == getmetatable(map()))
        local emptied = back({a = 1})
        emptied.a = nil
        assert(getmetatable(back(emptied)) == getmetatable(map()))
        """)
    }

    /// Seen to fail: holes passed over; the limit not looked at; the rest of what was refused left before the next one.
    @Test func whatIsNoItemIsRefusedAndTheNextOneWorks() throws {
      try run(
        .any,
        """
        raises("nil, which is no item", q.put, q)
        raises("a function", q.put, q, print)
        raises("holes", q.put, q, {1, nil, 3})
        raises("neither 1 to n", q.put, q, {1, x = 2})
        raises("not all strings", q.put, q, map{1, 2})
        local loop = {}
        loop[1] = loop
        raises("100 deep", q.put, q, loop)
        raises("raise its 'bytes'", q.put, q, ("x"):rep(70000), 0)
        raises("raise its 'bytes'", q.put, q, {("x"):rep(40000), ("x"):rep(40000)}, 0)
        same(back(1), 1)
        same(q:size(), 0)
        """)
    }

    /// Seen to fail: numbers cut to the width of the type.
    @Test(arguments: [
      (ElementType.int8, "-128", "127", "128"), (.int16, "-32768", "32767", "-32769"),
      (.int32, "-2147483648", "2147483647", "2147483648"),
      (.int64, "math.mininteger", "math.maxinteger", "9223372036854775808.0"), (.uint8, "0", "255", "-1"),
      (.uint16, "0", "65535", "65536"), (.uint32, "0", "4294967295", "-1"), (.uint64, "0", "math.maxinteger", "-1"),
    ]) func anIntegerTypeTakesItsExtremesAndNoMore(type: ElementType, least: String, most: String, past: String) throws
    {
      try run(
        .number(type),
        """
        same(back(\(least)), \(least)) same(back(\(most)), \(most)) same(back(3.0), 3)
        raises("can't take", q.put, q, \(past))
        raises("can't take", q.put, q, 1.5)
        raises("can't take", q.put, q, "1")
        raises("can't take", q.put, q, 0/0)
        raises("can't take", q.put, q, true)
        """)
    }

    /// Seen to fail: a float32 that becomes infinite; a bool that takes numbers.
    @Test func floatsTakeIntegersAndBoolsTakeBools() throws {
      try run(.float64, "same(back(1), 1.0) same(back(0.1), 0.1) same(back(math.huge), math.huge)")
      try run(.number(.float32), "same(back(0.5), 0.5) raises([[can't take]], q.put, q, 1e300) same(back(3), 3.0)")
      try run(.number(.bool), "same(back(true), true) same(back(false), false) raises([[can't take]], q.put, q, 1)")
    }

    /// Seen to fail: text that ends at its first zero byte.
    @Test func textPassesAsItIs() throws {
      for type in [ItemType.string, .bytes] {
        try run(
          type, "for _, x in ipairs{'', 'a', '\\xff\\0'} do same(back(x), x) end raises('can.t take', q.put, q, 1)")
      }
    }

    /// Seen to fail: its bits taken for an int64.
    @Test func aUint64ThatLuaDoesNotHaveRaises() throws {
      let fixture = try ScriptFixture([("q", .queue(.number(.uint64)))])
      try fixture.run("q:put(2^63)\nraises('above 2%^63%-1', q.get, q)")
    }
  }
#endif
