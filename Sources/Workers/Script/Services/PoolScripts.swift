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

  /// What a script has for a pool.
  ///
  /// Short tasks travel together, as many as take half a millisecond: to hand over each by itself would take longer than
  /// most take. Where such a bundle is given up, its tasks are put again one by one, so that only the guilty one fails.
  static let poolCaller = """
    local tasks, replies, client = mporch_client.requests, mporch_client.replies, mporch_client.number
    local pool, size, deliveries = mporch_client.server, mporch_client.size, mporch_client.max_deliveries
    local methods, jobs, unanswered = {}, {}, 0
    -- Where workers are renewed after so many tasks, these are counted one by one.
    local bundle_seconds, task_seconds = mporch_client.is_renewed and 0 or 0.0005, 0.0005
    mporch_client = nil
    local submit
    -- Results for an earlier life of this process are of other jobs.
    local last_job = process.pid << 24

    local function new_job(chunk)
      last_job = last_job + 1
      local job = {number = last_job, values = {}, failures = {}, counts = {}, missing = 0, chunk = chunk or 1}
      jobs[last_job] = job
      return job
    end

    local function given_up(job, first, arguments)
      local count = #arguments
      if count > job.chunk then
        for place = 1, count, job.chunk do
          submit(job, first + place - 1, table.move(arguments, place, math.min(place + job.chunk - 1, count), 1, {}))
        end
        return
      end
      for place = first, first + count - 1 do
        job.failures[place] = 'a task of pool ' .. pool .. ' was given up: it took down its worker '
          .. deliveries .. (deliveries == 1 and ' time' or ' times')
      end
      if job.on_result then job.on_result(first, count) end
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
      local count = job.counts[first]
      -- A worker that died after its answer: the same came again.
      if not count then return true end
      job.counts[first] = nil
      job.missing = job.missing - count
      if reply[1] == false then
        for place, argument in ipairs(reply[4]) do submit(job, first + place - 1, {argument}) end
        return true
      elseif not is_result then
        given_up(job, first, reply[4])
        return true
      end
      for place, value in ipairs(reply[4]) do job.values[first + place - 1] = value end
      for _, failure in ipairs(reply[5]) do job.failures[first + failure[1] - 1] = failure[2] end
      task_seconds = (task_seconds * 7 + reply[6] / count) / 8
      if job.on_result then job.on_result(first, count) end
      return true
    end

    -- What no message takes together, in halves.
    local function submit_apart(job, index, arguments, problem)
      if not problem:find('is larger than', 1, true) then error(problem, 4) end
      local count = #arguments
      if count == 1 then
        error('a task takes more than 1 MiB, the most that a pool carries: give it in parts, or put it into a queue '
          .. 'whose bytes allow it', 4)
      end
      local half = count // 2
      return submit(job, index, table.move(arguments, 1, half, 1, {}))
        and submit(job, index + half, table.move(arguments, half + 1, count, 1, {}))
    end

    -- Never waits for room while results wait to be taken: the workers may wait for room too. nil: the pool is broken.
    function submit(job, index, arguments)
      job.counts[index] = #arguments
      job.missing = job.missing + #arguments
      local task = {client, job.number, index, arguments}
      while true do
        local sent, taken, reason = pcall(tasks.put, tasks, task, unanswered > 0 and 0 or nil)
        if not sent then
          if taken == 'closed' then return nil end
          job.counts[index] = nil
          job.missing = job.missing - #arguments
          return submit_apart(job, index, arguments, (tostring(taken):gsub('^%[mporch%]:%d+: ', '')))
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
      if not exact or exact < 1 then error('a chunk is a number of tasks from 1, not ' .. tostring(chunk), 5) end
      return exact
    end

    local function check_list(list)
      if type(list) ~= 'table' then error('a list of tasks is due, not ' .. tostring(list), 5) end
    end

    local function submit_all(job, list)
      local first, count = 1, #list
      while first <= count do
        while collect(0) do end
        local chunks = math.min(bundle_seconds // (task_seconds * job.chunk + 1e-9),
          (count - first) // (2 * size * job.chunk), 256 // job.chunk)
        local last = math.min(first + math.max(1, math.tointeger(chunks)) * job.chunk - 1, count)
        if not submit(job, first, table.move(list, first, last, 1, {})) then return nil end
        first = last + 1
      end
      return true
    end

    local function new_job_of(list, chunk)
      check_list(list)
      return new_job(chunk_of(#list, chunk))
    end

    local function wait_for(job)
      while job.missing > 0 do
        if not collect() then return nil end
      end
      jobs[job.number] = nil
      return true
    end

    function methods.map(_, list, chunk)
      local job = new_job_of(list, chunk)
      if not submit_all(job, list) or not wait_for(job) then return nil, 'broken' end
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
      local job, count, index = new_job_of(list, 1), #list, 0
      local submitted = submit_all(job, list)
      return function()
        if index == count or not submitted then return nil end
        index = index + 1
        while job.values[index] == nil and job.failures[index] == nil do
          if not collect() then error('broken', 0) end
        end
        return value_or_failure(job, index)
      end
    end

    function methods.imap_unordered(_, list)
      local job, given, done, ready = new_job_of(list, 1), 0, 0, {}
      function job.on_result(first, count)
        for place = first, first + count - 1 do done = done + 1; ready[done] = place end
      end
      local submitted = submit_all(job, list)
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
