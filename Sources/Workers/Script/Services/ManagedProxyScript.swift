extension Scripting {
  /// What a script has for managed objects: tables whose methods ask the server and wait for its reply.
  static let managedProxies = """
    local _, tools = ...
    local opaque, fail = tools.opaque, tools.fail
    local send, replies, client = mporch_client.send, mporch_client.replies, mporch_client.number
    local server = mporch_client.server
    mporch_client = nil
    local type, next, tostring, rawequal, null, math_type = type, next, tostring, rawequal, null, math.type
    local setmetatable, metatable_of, map_type = setmetatable, debug.getmetatable, getmetatable(map{})
    -- Replies to an earlier life of this process have other numbers; those that are there make room first.
    local number, has_asked = process.pid << 24, false
    -- A proxy is empty, so that every access goes to the server; what it stands for is here.
    local ids = setmetatable({}, {__mode = 'k'})
    local proxy_of

    local function gone() fail('managed objects are gone: their server, ' .. server .. ', has ended') end

    -- What a call carries: in the place of each managed object stands null, and `links` say which stands where.
    local function unlinked(value, path, links, depth)
      if ids[value] then
        local keys = {}
        while path do
          table.insert(keys, 1, path[1])
          path = path[2]
        end
        links[#links + 1] = {keys, ids[value]}
        return null
      end
      if type(value) ~= 'table' or links.is_too_deep then return value end
      -- To put it is refused then.
      if depth > 100 then links.is_too_deep = true end
      local copy
      for key, element in next, value do
        local plain = type(element) == 'table' and unlinked(element, {key, path}, links, depth + 1) or element
        if not rawequal(plain, element) then
          if not copy then
            copy = {}
            for key, element in next, value do copy[key] = element end
            if metatable_of(value) == map_type then setmetatable(copy, map_type) end
          end
          copy[key] = plain
        end
      end
      return copy or value
    end

    local function request(id, operation, first, second)
      local links = {}
      first, second = unlinked(first, {1}, links, 0), unlinked(second, {2}, links, 0)
      if links.is_too_deep then links = {} end
      while not has_asked and replies:get(0) do end
      has_asked = true
      if first == nil then first = null end
      if second == nil then second = null end
      number = number + 1
      local sent, why, words = send{client, number, id, operation, first, second, links}
      if sent then return end
      if why == 'too_large' then fail('a call of a managed object carries at most 1 MiB: keep the value in parts') end
      if why == 'no_item' then fail("'" .. operation .. "' of a managed object can't take " .. words) end
      gone()
    end

    local function ask(proxy, operation, first, second)
      request(ids[proxy], operation, first, second)
      while true do
        local reply = replies:get()
        if not reply then gone() end
        if reply[1] == number then
          if not reply[2] then fail(reply[3]) end
          if reply[3] == nil or reply[3] == 'value' then return reply[4] end
          return proxy_of(reply[3], reply[4])
        end
      end
    end

    local function given(value)
      if value == nil then fail('nil can not be kept: write null') end
      return value
    end
    local function key(value)
      if value == nil then fail('a key must be a string, not nil') end
      return value
    end
    local function index(value)
      if value == nil then fail('an index must be an integer, not nil') end
      return value
    end

    local list, dict = {}, {}
    function list.get(proxy, place) return (ask(proxy, 'get', index(place))) end
    function list.set(proxy, place, value) ask(proxy, 'set', index(place), given(value)) return true end
    function list.insert(proxy, place, value) ask(proxy, 'insert', index(place), given(value)) return true end
    function list.append(proxy, value) ask(proxy, 'append', given(value)) return true end
    function list.extend(proxy, values) ask(proxy, 'extend', given(values)) return true end
    function list.pop(proxy, place) return (ask(proxy, 'pop', place)) end
    function list.sort(proxy) ask(proxy, 'sort') return true end
    function list.all(proxy) return (ask(proxy, 'all')) end

    function dict.get(proxy, name, default)
      local value = ask(proxy, 'get', key(name))
      if value == nil then return default end
      return value
    end
    function dict.set(proxy, name, value) ask(proxy, 'set', key(name), given(value)) return true end
    function dict.add(proxy, name, amount)
      if amount == nil then fail('what is added must be a number, not nil') end
      return (ask(proxy, 'add', key(name), amount))
    end
    function dict.pop(proxy, name) return (ask(proxy, 'pop', key(name))) end
    function dict.keys(proxy) return (ask(proxy, 'keys')) end
    function dict.all(proxy) return (ask(proxy, 'all')) end

    for sort, methods in next, {list = list, dict = dict} do
      for name, method in next, methods do
        methods[name] = function(proxy, ...)
          if not ids[proxy] then
            fail("'" .. name .. "' is a method of a managed " .. sort .. ": write 'OBJECT:" .. name .. "(…)'")
          end
          return method(proxy, ...)
        end
      end
    end

    local function next_element(proxy, place)
      local value = ask(proxy, 'at', place + 1)
      if value ~= nil then return place + 1, value end
    end

    -- The keys that are there at the start, without those that are gone when their turn comes.
    local function each_key(proxy)
      local keys, place = ask(proxy, 'keys'), 0
      return function()
        while place < #keys do
          place = place + 1
          local value = ask(proxy, 'get', keys[place])
          if value ~= nil then return keys[place], value end
        end
      end
    end

    local types = {
      list = {
        __index = function(proxy, place)
          if math_type(place) then return (ask(proxy, 'at', place)) end
          return list[place] or fail("a managed list has no '" .. tostring(place) .. "'")
        end,
        __newindex = function(proxy, place, value) ask(proxy, 'set', index(place), given(value)) end,
        __len = function(proxy) return (ask(proxy, 'len')) end,
        __pairs = function(proxy) return next_element, proxy, 0 end,
      },
      dict = {
        __index = function(_, name)
          return dict[name] or fail('write d:get(' .. tostring(name) .. ') to read a managed dict')
        end,
        __newindex = function(_, name) fail('write d:set(' .. tostring(name) .. ', …) to change a managed dict') end,
        __len = function(proxy) return (ask(proxy, 'len')) end,
        __pairs = each_key,
      },
      namespace = {
        __index = function(proxy, name) return (ask(proxy, 'get', name)) end,
        __newindex = function(proxy, name, value) ask(proxy, 'set', name, given(value)) end,
        __pairs = each_key,
      },
    }
    for sort, kind in next, types do
      kind.__name = 'managed ' .. sort
      kind.__metatable = kind.__name
      opaque(kind, 'a managed ' .. sort .. ', which is no item: take what it holds'
        .. (sort == 'namespace' and ', field by field' or ", by ':all()'"))
    end

    function proxy_of(sort, id)
      local proxy = setmetatable({}, types[sort])
      ids[proxy] = id
      return proxy
    end
    for _, object in ipairs(mporch_objects) do _G[object.name] = proxy_of(object.sort, object.id) end
    mporch_objects = nil
    """
}
