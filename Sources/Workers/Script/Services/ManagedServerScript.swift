extension Scripting {
  /// The server of managed objects: a script as others, whose requests come from proxies (`ManagedProxyScript.swift`).
  ///
  /// A request is `{client, number, object, operation, first, second, links}`, where null stands for no argument, and each
  /// of `links` is `{path, object}`: where in the arguments another object stands. Its reply is `{number, true, sort,
  /// value}` or `{number, false, message}`. What is kept is a plain value or, for a nested list or map, another object,
  /// so that it is live for everyone; an object that no other holds is collected.
  ///
  /// An operation gives its value, whether that is plain as it is, and, where it has taken something away, a function that
  /// puts it back: a call whose reply can't be delivered has changed nothing.
  package static let managedServer = """
    local requests, replies, roots = mporch_service.requests, mporch_service.replies, mporch_service.roots
    mporch_service = nil
    local map_type, object_type = getmetatable(map{}), {}
    local objects, last_id = setmetatable({}, {__mode = 'v'}), #roots
    local kept = {}

    local function is_object(value) return getmetatable(value) == object_type end

    local add
    local function keep(value)
      if type(value) ~= 'table' or is_object(value) then return value end
      return add(getmetatable(value) == map_type and 'dict' or 'list', value)
    end

    function add(sort, value, id)
      if not id then
        last_id = last_id + 1
        id = last_id
      end
      local object = setmetatable({id = id, sort = sort, held = {}}, object_type)
      objects[id] = object
      for key, element in pairs(value) do object.held[key] = keep(element) end
      return object
    end

    -- A plain copy, of nested objects too.
    local function plain(value, depth)
      if not is_object(value) then return value end
      depth = depth or 0
      if depth >= 100 then error('it is more than 100 deep, or holds itself: get it in parts', 0) end
      local copy = value.sort == 'list' and {} or map{}
      for key, element in pairs(value.held) do copy[key] = plain(element, depth + 1) end
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
      local held, count = object.held, #object.held
      index = index_of(object, index == null and math.max(count, 1) or index, count)
      local value = plain(held[index])
      local taken = table.remove(held, index)
      return value, true, function() table.insert(held, index, taken) end
    end
    function list.extend(object, values)
      local is_list = is_object(values) and values.sort == 'list'
        or type(values) == 'table' and not is_object(values) and getmetatable(values) ~= map_type
      if not is_list then
        error('extend takes a list, not ' .. (getmetatable(values) == map_type and 'a map' or words_for(values)), 0)
      end
      if is_object(values) then values = table.move(values.held, 1, #values.held, 1, {}) end
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
      local taken = object.held[key_of(key)]
      local value = plain(taken)
      object.held[key] = nil
      return value, true, function() object.held[key] = taken end
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

    namespace.get, namespace.set, namespace.keys = dict.get, dict.set, dict.keys

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

    -- Puts the objects into a request's arguments, which are its fifth and sixth elements.
    local function link(request)
      for _, link in ipairs(request[7] or {}) do
        local path, object, holder = link[1], objects[link[2]], request
        if not object then error('an object is not kept any more: it was removed from what held it', 0) end
        local place = 4 + path[1]
        for step = 2, #path do
          holder = holder[place]
          place = path[step]
        end
        holder[place] = object
      end
    end

    local function perform(request)
      local object = objects[request[3]]
      if not object then error('it is not kept any more: it was removed from what held it', 0) end
      link(request)
      return operations[object.sort][request[4]](object, request[5], request[6])
    end

    for id, root in ipairs(roots) do kept[id] = add(root.sort, root.initial or {}, id) end

    local function reply_to(request)
      local done, value, is_plain, undo = pcall(perform, request)
      if not done then return {request[2], false, tostring(value)} end
      if value == nil then return {request[2], true} end
      if not is_plain and is_object(value) then return {request[2], true, value.sort, value.id} end
      return {request[2], true, 'value', value}, undo
    end

    for request in requests:items() do
      local send = replies[request[1] + 1]
      local reply, undo = reply_to(request)
      -- A client that has ended for good takes nothing any more.
      local sent, why, words = send(reply, 0)
      if not sent then
        if undo then undo() end
        local message = why == 'too_large' and 'an answer of a managed object has at most 1 MiB: get the value in parts'
          or why == 'no_item' and 'the answer of a managed object is ' .. words
        if message then send({request[2], false, message}, 0) end
      end
    end
    """
}
