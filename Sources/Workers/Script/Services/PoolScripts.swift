extension Scripting {
  /// A pool's worker, whose function is of its script, or a kind. A request is `{client, job, index, arguments}`, of one task or several; its result `{true, job,
  /// index, values, failures, seconds}`, where `failures` are `{place, error, traceback}`. It is finished after its result was put.
  static let poolWorker = """
    local tasks, replies, limit = mporch_service.requests, mporch_service.replies, mporch_service.task_limit
    local source, name, work = mporch_service.source, mporch_service.chunk, mporch_service.kind
    local tools, xpcall, metatable_of = mporch_service.tools, xpcall, debug.getmetatable
    mporch_service = nil
    if source then work = assert(load(source, name, 't'))() end
    if type(work) ~= 'function' then
      error("a pool's script returns the function that is called with each task, not " .. type(work), 0)
    end
    local function refuse() error("a pool's task can't end its worker", 2) end
    exit, os.exit = refuse, refuse

    -- What a task raised, as an item: an error that is a table is one, unless it has words of its own.
    local function error_of(value)
      local kind = type(value) == 'table' and metatable_of(value)
      if type(value) ~= 'table' or kind and kind.__tostring then return tostring(value) end
      local problem = tools.problem_of(value)
      return problem and 'an error that is ' .. problem or value
    end

    -- As far as the task's own function.
    local function with_traceback(value)
      local traceback = tools.traceback():gsub("\\n\\t%[C%]: in function 'xpcall'.*", '')
      return {error_of(value), process.instance .. ', ' .. traceback}
    end

    local function call(arguments)
      local values, failures = {}, {}
      for place = 1, #arguments do
        local done, value = xpcall(work, with_traceback, arguments[place])
        if not done then
          failures[#failures + 1] = {place, value[1], value[2]}
          value = null
        elseif value == nil then
          value = null
        end
        values[place] = value
      end
      return values, failures
    end

    -- A task whose result is no item has failed.
    local function take_out_no_items(values, failures)
      for place = 1, #values do
        local problem = tools.problem_of(values[place])
        if problem then
          values[place] = null
          failures[#failures + 1] = {place, 'the result of a task is ' .. problem}
        end
      end
    end

    local function answer(task)
      local send, began = replies[task[1] + 1], now()
      local values, failures = call(task[4])
      local seconds = now() - began
      local sent, why = send{true, task[2], task[3], values, failures, seconds}
      if why == 'no_item' then
        take_out_no_items(values, failures)
        sent, why = send{true, task[2], task[3], values, failures, seconds}
      end
      if sent or why == 'closed' then return end
      -- Results that are too large together: the tasks come again, one by one.
      if #values > 1 then return send{false, task[2], task[3], task[4]} end
      send{true, task[2], task[3], {null}, {{1, 'the result of a task takes more than 1 MiB, the most that a pool carries: '
        .. 'give it in parts, or put it into a queue whose bytes allow it'}}, 0}
    end

    local done = 0
    for task in tasks:items() do
      answer(task)
      done = done + #task[4]
      if limit ~= null and done >= limit then
        tasks:ack()
        break
      end
    end
    """
}
