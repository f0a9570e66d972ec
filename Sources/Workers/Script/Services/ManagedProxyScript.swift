extension Scripting {
  /// What a script has for managed objects: tables whose methods ask the server and wait for its reply.
  static let managedProxies = """
    local requests, replies, client = mporch_client.requests, mporch_client.replies, mporch_client.number
    local server = mporch_client.server
    mporch_client = nil
    -- Replies to an earlier life of this process have other numbers.
    local number = process.pid << 24
    local proxies = setmetatable({}, {__mode = 'v'})
    local proxy_of

    local function gone() error('managed objects are gone: their server, ' .. server .. ', has ended', 4) end

    -- Errors are of the third level, the script's own line: so no method ends in a tail call, which has no line.
    local function ask(proxy, operation, first, second)
      number = number + 1
      local sent, problem = pcall(requests.put, requests, {client, number, proxies[proxy], operation, first, second})
      if not sent then
        if problem == 'closed' then gone() end
        if problem:find('is larger than', 1, true) then
          problem = 'a call of a managed object carries at most 1 MiB: keep the value in parts'
        end
        error((problem:gsub('^%[mporch%]:%d+: ', '')), 3)
      end
      while true do
        local reply = replies:get()
        if not reply then gone() end
        if reply[1] == number then
          if not reply[2] then error(reply[3], 3) end
          if reply[3] == nil or reply[3] == 'value' then return reply[4] end
          return proxy_of(reply[3], reply[4])
        end
      end
    end

    local function given(value)
      if value == nil then error('nil can not be kept: write null', 3) end
      return value
    end

    local list, dict = {}, {}
    for _, name in ipairs{'get', 'sort', 'all', 'pop'} do
      list[name] = function(proxy, index) return (ask(proxy, name, index)) end
    end
    function list.set(proxy, index, value) ask(proxy, 'set', index, given(value)) return true end
    function list.insert(proxy, index, value) ask(proxy, 'insert', index, given(value)) return true end
    function list.append(proxy, value) ask(proxy, 'append', given(value)) return true end
    function list.extend(proxy, values) ask(proxy, 'extend', given(values)) return true end
    function list.sort(proxy) ask(proxy, 'sort') return true end

    function dict.get(proxy, key, default)
      local value = ask(proxy, 'get', key)
      if value == nil then return default end
      return value
    end
    function dict.set(proxy, key, value) ask(proxy, 'set', key, given(value)) return true end
    function dict.add(proxy, key, amount) return (ask(proxy, 'add', key, amount)) end
    for _, name in ipairs{'pop', 'keys', 'all'} do
      dict[name] = function(proxy, key) return (ask(proxy, name, key)) end
    end

    local types = {
      list = {
        __index = function(proxy, key)
          if math.type(key) then return (ask(proxy, 'at', key)) end
          return list[key]
        end,
        __newindex = function(proxy, key, value) ask(proxy, 'set', key, given(value)) end,
        __len = function(proxy) return (ask(proxy, 'len')) end,
      },
      dict = {
        __index = dict,
        __newindex = function(_, key) error('write d:set(' .. tostring(key) .. ', …) to change a managed dict', 2) end,
        __len = function(proxy) return (ask(proxy, 'len')) end,
      },
      namespace = {
        __index = function(proxy, key) return (ask(proxy, 'get', key)) end,
        __newindex = function(proxy, key, value) ask(proxy, 'set', key, given(value)) end,
      },
    }
    for sort, type in pairs(types) do
      type.__name = 'managed ' .. sort
      type.__metatable = type.__name
    end

    -- A proxy is empty, so that every access goes to the server; what it stands for is in `proxies`.
    local ids = setmetatable({}, {__mode = 'k'})
    proxies = ids
    function proxy_of(sort, id)
      local proxy = setmetatable({}, types[sort])
      ids[proxy] = id
      return proxy
    end
    for _, object in ipairs(mporch_objects) do _G[object.name] = proxy_of(object.sort, object.id) end
    mporch_objects = nil
    """
}
