extension Scripting {
  /// A pool's worker. A task is `{client, job, index, arguments}`; its result `{true, job, index, values, failures}`,
  /// where `failures` are `{place, message}`. A task is finished after its result was put.
  static let poolWorker = """
    local tasks, replies, limit = mporch_service.requests, mporch_service.replies, mporch_service.task_limit
    local source, name = mporch_service.source, mporch_service.chunk
    mporch_service = nil
    local work = assert(load(source, name, 't'))()
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
      local target = replies[task[1] + 1]
      local values, failures = call(task[4])
      local sent, problem = pcall(target.put, target, {true, task[2], task[3], values, failures})
      if sent or problem == 'closed' then return end
      -- A value that is no item: the task fails with that.
      local message = tostring(problem):gsub('^%[mporch%]:%d+: ', '')
      pcall(target.put, target, {true, task[2], task[3], {}, {{1, message}}})
    end

    local done = 0
    for task in tasks:items() do
      answer(task)
      done = done + 1
      if done == limit then
        tasks:ack()
        break
      end
    end
    """

  /// What a script has for a pool.
  static let poolCaller = """
    local tasks, replies, client = mporch_client.requests, mporch_client.replies, mporch_client.number
    local pool, size, deliveries = mporch_client.server, mporch_client.size, mporch_client.max_deliveries
    mporch_client = nil
    local methods, jobs, unanswered = {}, {}, 0
    -- Results for an earlier life of this process are of other jobs.
    local last_job = process.pid << 24

    local function new_job()
      last_job = last_job + 1
      local job = {number = last_job, values = {}, failures = {}, missing = 0}
      jobs[last_job] = job
      return job
    end

    local function fail(job, first, count, message)
      for place = first, first + count - 1 do job.failures[place] = message end
    end

    -- Takes one result, of whatever job; false, reason: there was none.
    local function collect(timeout)
      local reply, reason = replies:get(timeout)
      if reply == nil then return false, reason == 'timeout' and reason or 'broken' end
      unanswered = unanswered - 1
      local is_result = reply[1] == true
      local job = jobs[reply[2]]
      if not job then return true end
      local first = reply[3]
      if is_result then
        for place, value in ipairs(reply[4]) do job.values[first + place - 1] = value end
        for _, failure in ipairs(reply[5]) do job.failures[first + failure[1] - 1] = failure[2] end
      else
        fail(job, first, #reply[4], 'a task of pool ' .. pool .. ' was given up: it took down its worker '
          .. deliveries .. (deliveries == 1 and ' time' or ' times'))
      end
      local count = job.counts[first]
      job.missing = job.missing - count
      if job.on_result then job.on_result(first, count) end
      return true
    end

    -- Never waits for room while results wait to be taken: the workers may wait for room too. nil: the pool is broken.
    local function submit(job, index, arguments)
      job.counts = job.counts or {}
      job.counts[index] = #arguments
      job.missing = job.missing + #arguments
      local task = {client, job.number, index, arguments}
      while true do
        local sent, taken, reason = pcall(tasks.put, tasks, task, unanswered > 0 and 0 or nil)
        if not sent then
          if taken == 'closed' then return nil end
          error((tostring(taken):gsub('^%[mporch%]:%d+: ', '')), 4)
        end
        if taken then
          unanswered = unanswered + 1
          return true
        end
        if not collect() then return nil end
      end
    end

    local function chunk_of(count, chunk)
      if chunk == nil then return math.max(1, math.min(256, count // (4 * size))) end
      local exact = math.type(chunk) and math.tointeger(chunk)
      if not exact or exact < 1 then error('a chunk is a number of tasks from 1, not ' .. tostring(chunk), 4) end
      return exact
    end

    local function check_list(list)
      if type(list) ~= 'table' then error('a list of tasks is due, not ' .. tostring(list), 4) end
    end

    local function submit_all(job, list, chunk)
      check_list(list)
      chunk = chunk_of(#list, chunk)
      for first = 1, #list, chunk do
        if not submit(job, first, table.move(list, first, math.min(first + chunk - 1, #list), 1, {})) then
          return nil
        end
      end
      return true
    end

    local function wait_for(job)
      while job.missing > 0 do
        if not collect() then return nil end
      end
      jobs[job.number] = nil
      return true
    end

    function methods.map(_, list, chunk)
      local job = new_job()
      if not submit_all(job, list, chunk) or not wait_for(job) then return nil, 'broken' end
      for index = 1, #list do
        if job.failures[index] then error(job.failures[index], 0) end
      end
      return job.values
    end

    local function value_or_failure(job, index)
      if job.failures[index] then error(job.failures[index], 0) end
      local value = job.values[index]
      job.values[index] = nil
      return value
    end

    function methods.imap(_, list)
      local job, count, index = new_job(), #list, 0
      local submitted = submit_all(job, list, 1)
      return function()
        if index == count or not submitted then return nil end
        index = index + 1
        while job.values[index] == nil do
          if not collect() then error('broken', 0) end
        end
        return value_or_failure(job, index)
      end
    end

    function methods.imap_unordered(_, list)
      local job, given, done, ready = new_job(), 0, 0, {}
      function job.on_result(first) done = done + 1; ready[done] = first end
      local submitted = submit_all(job, list, 1)
      return function()
        if given == #list or not submitted then return nil end
        given = given + 1
        while done < given do
          if not collect() then error('broken', 0) end
        end
        return value_or_failure(job, ready[given])
      end
    end

    local result = {}
    result.__index = result
    function result.ready(own)
      while not own.is_broken and own.job.missing > 0 do
        local taken, reason = collect(0)
        if not taken then
          own.is_broken = reason == 'broken'
          return own.is_broken
        end
      end
      return true
    end
    function result.get(own, timeout)
      local deadline = timeout and now() + timeout
      while own.job.missing > 0 do
        local taken, reason = collect(deadline and math.max(0, deadline - now()))
        if not taken then return nil, reason end
      end
      jobs[own.job.number] = nil
      if own.job.failures[1] then error(own.job.failures[1], 0) end
      return own.job.values[1]
    end

    function methods.apply_async(_, argument)
      if argument == nil then error('a task is an item, not nil: write null', 2) end
      local job = new_job()
      while collect(0) do end
      local submitted = submit(job, 1, {argument})
      return setmetatable({job = job, is_broken = not submitted}, result)
    end

    function methods.apply(own, argument)
      if argument == nil then error('a task is an item, not nil: write null', 2) end
      local job = new_job()
      if not submit(job, 1, {argument}) or not wait_for(job) then return nil, 'broken' end
      if job.failures[1] then error(job.failures[1], 0) end
      return job.values[1]
    end

    _G[mporch_pool_name] = setmetatable({}, {__index = methods, __name = 'pool', __metatable = 'pool'})
    mporch_pool_name = nil
    """
}
