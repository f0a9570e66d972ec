#if Lua
  extension ScriptState {
    /// `require` finds modules in Lua. One in C has nothing here that it could be linked with: it says what to do instead.
    func defineModules() throws(OutOfMemory) {
      try define(
        prelude: """
          local searchpath, cpath = package.searchpath, package.cpath
          package.searchers[3] = function(name)
            local file = searchpath(name, cpath) or searchpath((name:match('^[^.]*')), cpath)
            if file then
              error("module '" .. name .. "' is in C (" .. file .. "), and scripts load modules in Lua only: let a 'run:' "
                .. 'command use it, with items as lines', 3)
            end
            return "write it in Lua, into a file beside the topology; modules in C can't be loaded, a 'run:' command can "
              .. 'use them'
          end
          package.searchers[4] = nil
          """)
    }
  }
#endif
