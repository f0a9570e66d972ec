extension Scripting {
  /// The server of managed objects: a script as others, whose requests come from proxies (`ManagedProxyScript.swift`).
  ///
  /// A request is `{client, number, object, operation, arguments…}`; its reply `{number, true, sort, value}` or `{number,
  /// false, message}`. What is kept is a plain value or, for a nested list or map, another object, so that it is live for
  /// everyone; an object that no other holds is collected.
  package static let managedServer = """
    local requests, replies, roots = mporch_service.requests, mporch_service.replies, mporch_service.roots
    mporch_service = nil
    local map_type = getmetatable(map{})
    local objects, last_id = setmetatable({}, {__mode = 'v'}), #roots
    local kept = {}

    local add
    local function keep(value)
      if type(value) ~= 'table' then return value end
      return add(getmetatable(value) == map_type and 'dict' or 'list', value)
    end

    function add(sort, value, id)
      if not id then
        last_id = last_id + 1
        id = last_id
      end
      local object = {id = id, sort = sort, held = {}}
      objects[id] = object
      for key, element in pairs(value) do object.held[key] = keep(element) end
      return object
    end

    local function is_object(value) return type(value) == 'table' and value.held ~= nil end

    -- A plain copy, of nested objects too.
    local function plain(value)
      if not is_object(value) then return value end
      local copy = value.sort == 'list' and {} or map{}
      for key, element in pairs(value.held) do copy[key] = plain(element) end
      return copy
    end

    local function words_for(value)
      if is_object(value) then return 'a ' .. value.sort end
      return type(value) == 'string' and "'" .. value .. "'" or type(value) == 'table' and 'a table' or tostring(value)
    end

    local function index_of(object, index, limit)
      local exact = math.type(index) and math.tointeger(index)
      if not exact then error('an index must be an integer, not ' .. words_for(index), 0) end
      if exact < 1 or exact > limit then
        error(limit == 0 and 'index ' .. exact .. ' of an empty list'
          or 'index ' .. exact .. ' is not from 1 to ' .. limit, 0)
      end
      return exact
    end

    local function key_of(key)
      if type(key) ~= 'string' then error('a key must be a string, not ' .. words_for(key), 0) end
      return key
    end

    local function number_of(value, what)
      if not math.type(value) then error(what .. ' must be a number, not ' .. words_for(value), 0) end
      return value
    end

    local operations = {list = {}, dict = {}, namespace = {}}
    local list, dict, namespace = operations.list, operations.dict, operations.namespace

    function list.get(object, index) return object.held[index_of(object, index, #object.held)] end
    function list.at(object, index) return object.held[index] end
    function list.set(object, index, value) object.held[index_of(object, index, #object.held)] = keep(value) end
    function list.append(object, value) object.held[#object.held + 1] = keep(value) end
    function list.insert(object, index, value)
      table.insert(object.held, index_of(object, index, #object.held + 1), keep(value))
    end
    function list.pop(object, index)
      local count = #object.held
      return plain(table.remove(object.held, index_of(object, index == nil and math.max(count, 1) or index, count))), true
    end
    function list.extend(object, values)
      if type(values) ~= 'table' then error('extend takes a list, not ' .. words_for(values), 0) end
      for _, value in ipairs(values) do object.held[#object.held + 1] = keep(value) end
    end
    function list.sort(object)
      local sorted = table.move(object.held, 1, #object.held, 1, {})
      table.sort(sorted)
      object.held = sorted
    end
    function list.len(object) return #object.held end
    function list.all(object) return plain(object), true end

    function dict.get(object, key) return object.held[key_of(key)] end
    function dict.set(object, key, value) object.held[key_of(key)] = keep(value) end
    function dict.add(object, key, amount)
      local old = number_of(object.held[key_of(key)] or 0, "what '" .. key .. "' holds")
      local sum = old + number_of(amount, 'what is added')
      if math.type(sum) == 'integer' and (sum >= old) ~= (amount >= 0) then
        error(old .. ' + ' .. amount .. ' is out of the range of int64', 0)
      end
      object.held[key] = sum
      return sum
    end
    function dict.pop(object, key)
      local value = plain(object.held[key_of(key)])
      object.held[key] = nil
      return value, true
    end
    function dict.keys(object)
      local keys = {}
      for key in pairs(object.held) do keys[#keys + 1] = key end
      table.sort(keys)
      return keys, true
    end
    function dict.len(object)
      local count = 0
      for _ in pairs(object.held) do count = count + 1 end
      return count
    end
    function dict.all(object) return plain(object), true end

    namespace.get, namespace.set = dict.get, dict.set

    -- For people: how much it holds, and of that a little, so that the answer is small and soon there.
    local function cut(value) return type(value) == 'string' and #value > 200 and value:sub(1, 200) .. '…' or value end
    local function sample(value, limit, budget)
      if not is_object(value) then return cut(value) end
      if budget.left <= 0 then return '…' end
      local copy = value.sort == 'list' and {} or map{}
      for key, element in (value.sort == 'list' and ipairs or pairs)(value.held) do
        if limit <= 0 then break end
        limit, budget.left = limit - 1, budget.left - 1
        copy[cut(key)] = sample(element, 10, budget)
      end
      return copy
    end
    local function look(object, limit)
      return {object.sort == 'list' and #object.held or dict.len(object), sample(object, limit, {left = 200})}, true
    end
    for _, operation in pairs(operations) do operation.look = look end

    local function perform(request)
      local object = objects[request[3]]
      if not object then error('it is not kept any more: it was removed from what held it', 0) end
      local operation = operations[object.sort][request[4]]
      return operation(object, request[5], request[6])
    end

    for id, root in ipairs(roots) do kept[id] = add(root.sort, root.initial or {}, id) end

    local function reply_to(request)
      local done, value, is_plain = pcall(perform, request)
      if not done then return {request[2], false, tostring(value)} end
      if value == nil then return {request[2], true} end
      if not is_plain and is_object(value) then return {request[2], true, value.sort, value.id} end
      return {request[2], true, 'value', value}
    end

    for request in requests:items() do
      local target = replies[request[1] + 1]
      -- A client that has ended for good takes nothing any more.
      local sent, problem = pcall(target.put, target, reply_to(request), 0)
      if not sent and problem ~= 'closed' then
        local message = tostring(problem)
        if message:find('is larger than', 1, true) then
          message = 'an answer of a managed object has at most 1 MiB: get the value in parts'
        end
        pcall(target.put, target, {request[2], false, message}, 0)
      end
    end
    """
}
