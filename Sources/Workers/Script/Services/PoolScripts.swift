extension Scripting {
  /// A pool's worker, whose function is of its script, or a kind. A request is `{client, job, index, arguments}`, of one task or several; its result `{true, job,
  /// index, values, failures, seconds}`, where `failures` are `{place, message}`. It is finished after its result was put.
  static let poolWorker = """
    local tasks, replies, limit = mporch_service.requests, mporch_service.replies, mporch_service.task_limit
    local source, name, work = mporch_service.source, mporch_service.chunk, mporch_service.kind
    mporch_service = nil
    if source then work = assert(load(source, name, 't'))() end
    if type(work) ~= 'function' then
      error("a pool's script returns the function that is called with each task, not " .. type(work), 0)
    end
    local function refuse() error("a pool's task can't end its worker", 2) end
    exit, os.exit = refuse, refuse

    local function call(arguments)
      local values, failures = {}, {}
      for place, argument in ipairs(arguments) do
        local done, value = pcall(work, argument)
        if done then
          if value == nil then value = null end
          values[place] = value
        else
          values[place] = null
          failures[#failures + 1] = {place, tostring(value)}
        end
      end
      return values, failures
    end

    local function answer(task)
      local target, began = replies[task[1] + 1], now()
      local values, failures = call(task[4])
      local sent, problem = pcall(target.put, target, {true, task[2], task[3], values, failures, now() - began})
      if sent or problem == 'closed' then return end
      local message = tostring(problem):gsub('^%[mporch%]:%d+: ', '')
      if message:find('is larger than', 1, true) then
        -- Results that are too large together: the tasks come again, one by one.
        if #values > 1 then return target:put{false, task[2], task[3], task[4]} end
        message = 'the result of a task takes more than 1 MiB, the most that a pool carries: give it in parts, or put it '
          .. 'into a queue whose bytes allow it'
      end
      -- A value that is no item: the task fails with that.
      pcall(target.put, target, {true, task[2], task[3], {}, {{1, message}}, 0})
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
