extension Scripting {
  /// What a script has for a pool.
  ///
  /// Tasks for which there is no room stay here, as jobs that have tasks unsent; each call sends what it can. Nothing
  /// waits for room while results may come: the workers may wait for room too.
  ///
  /// Short tasks travel together, as many as take half a millisecond: to hand over each by itself would take longer than
  /// most take. Where such a bundle is given up, its tasks are sent again one by one, so that only the guilty one fails.
  static let poolCaller = """
    local _, tools = ...
    local opaque, fail, note_failure = tools.opaque, tools.fail, tools.note_failure
    local send_task, replies, client = mporch_client.send, mporch_client.replies, mporch_client.number
    local pool, size, deliveries = mporch_client.server, mporch_client.size, mporch_client.max_deliveries
    -- Where workers are renewed after so many tasks, these are counted one by one.
    local bundle_seconds, task_seconds = mporch_client.is_renewed and 0 or 0.0005, 0.0005
    mporch_client = nil
    local now, metatable_of, methods, jobs = now, debug.getmetatable, {}, {}
    local pool_type, result = {__index = methods}, {}
    -- Jobs with tasks to be sent, the oldest first.
    local unsent, first_unsent, last_unsent = {}, 1, 0
    local unanswered, is_closed, is_broken = 0, false, false
    -- Results for an earlier life of this process are of other jobs.
    local last_job = process.pid << 24

    -- A time-out is over all that a call waits for.
    local function deadline_of(seconds)
      if seconds == nil then return nil end
      if type(seconds) ~= 'number' or not (seconds >= 0) then
        fail('a time-out is a number of seconds from 0, not ' .. tostring(seconds))
      end
      return now() + seconds
    end
    local function left(deadline) return deadline and math.max(0, deadline - now()) end

    local function queue(job)
      if job.is_queued then return end
      last_unsent, job.is_queued = last_unsent + 1, true
      unsent[last_unsent] = job
    end

    -- Its results find nobody; what is unsent stays so.
    local function drop(job)
      job.is_dropped, job.list, job.values, job.missing = true, nil, {}, 0
      for _, count in pairs(job.counts) do job.missing = job.missing + count end
      if job.missing == 0 then jobs[job.number] = nil end
    end

    -- Results

    local function did_answer(job, first, count)
      job.missing = job.missing - count
      if job.missing == 0 then jobs[job.number] = nil end
      if job.on_result and not job.is_dropped then job.on_result(first, count) end
    end

    local function send_again(job, first, count, chunk)
      for place = first + (count - 1) // chunk * chunk, first, -chunk do
        job.again[#job.again + 1] = {place, math.min(place + chunk, first + count) - 1}
      end
      queue(job)
    end

    local function give_up(job, first, count)
      if count > job.chunk then return send_again(job, first, count, job.chunk) end
      for place = first, first + count - 1 do
        job.failures[place] = {'a task of pool ' .. pool .. ' was given up: it took down its worker '
          .. deliveries .. (deliveries == 1 and ' time' or ' times')}
      end
      did_answer(job, first, count)
    end

    local function take(job, first, count, values, failures, seconds)
      for place, value in ipairs(values) do job.values[first + place - 1] = value end
      for _, failure in ipairs(failures) do job.failures[first + failure[1] - 1] = {failure[2], failure[3]} end
      task_seconds = (task_seconds * 7 + seconds / count) / 8
      did_answer(job, first, count)
    end

    -- Takes one result, of whatever job; nil, reason: there was none.
    local function collect(seconds)
      local reply, reason = replies:get(seconds)
      if reply == nil then
        is_broken = is_broken or reason ~= 'timeout'
        return nil, is_broken and 'broken' or reason
      end
      local job, first = jobs[reply[2]], reply[3]
      local count = job and job.counts[first]
      -- For an earlier life; or a worker died after its answer, and the same came again.
      if not count then return true end
      job.counts[first] = nil
      unanswered = unanswered - 1
      if job.is_dropped then
        did_answer(job, first, count)
      elseif reply[1] == true then
        take(job, first, count, reply[4], reply[5], reply[6])
      elseif reply[1] == false then
        send_again(job, first, count, 1)
      else
        give_up(job, first, count)
      end
      return true
    end

    -- Tasks

    local function has_unsent(job) return not job.is_dropped and (#job.again > 0 or job.sent < job.count) end

    local function next_range(job)
      local again = job.again[#job.again]
      if again then return again[1], again[2] end
      local chunks = math.min(bundle_seconds // (task_seconds * job.chunk + 1e-9),
        (job.count - job.sent - 1) // (2 * size * job.chunk), 256 // job.chunk)
      return job.sent + 1, math.min(job.sent + math.max(1, math.tointeger(chunks)) * job.chunk, job.count)
    end

    -- What no message takes together goes in halves.
    local function refuse(job, first, last, why, words)
      if why == 'no_item' then
        job.misuse = 'a task of pool ' .. pool .. ' can not be ' .. words
      elseif first < last then
        return send_again(job, first, last - first + 1, (last - first) // 2 + 1)
      else
        job.misuse = 'a task takes more than 1 MiB, the most that a pool carries: give it in parts, or put it into a '
          .. 'queue whose bytes allow it'
      end
      drop(job)
    end

    -- The next tasks of a job, together; nil, reason: there was no room in time.
    local function send(job, seconds)
      local first, last = next_range(job)
      local task = {client, job.number, first, table.move(job.list, first, last, 1, {})}
      local sent, why, words = send_task(task, seconds)
      if why == 'timeout' then return nil, why end
      if why == 'closed' then
        is_closed = true
        return nil, 'broken'
      end
      if #job.again > 0 then job.again[#job.again] = nil else job.sent = last end
      if sent then
        job.counts[first] = last - first + 1
        unanswered = unanswered + 1
      else
        refuse(job, first, last, why, words)
      end
      return true
    end

    -- All that there is room for.
    local function send_unsent()
      while first_unsent <= last_unsent and not is_closed do
        local job = unsent[first_unsent]
        while has_unsent(job) do
          while collect(0) do end
          if not send(job, 0) then return end
        end
        unsent[first_unsent], job.is_queued = nil, false
        first_unsent = first_unsent + 1
      end
    end

    -- Until one result is there, or tasks were sent; nil, reason: neither.
    local function step(deadline)
      send_unsent()
      if unanswered > 0 then return collect(left(deadline)) end
      if is_closed or is_broken or first_unsent > last_unsent then return nil, 'broken' end
      return send(unsent[first_unsent], left(deadline))
    end

    -- Jobs

    local function start(list, chunk, on_result)
      last_job = last_job + 1
      local job = {
        number = last_job, list = list, count = #list, chunk = chunk, sent = 0, again = {}, counts = {}, values = {},
        failures = {}, missing = #list, on_result = on_result,
      }
      jobs[last_job] = job
      queue(job)
      send_unsent()
      -- Whether it is an item is seen at once, though others are before it.
      if job.count == 1 and has_unsent(job) and not is_closed then send(job, 0) end
      return job
    end

    local function wait_for(job, deadline, is_there)
      while not job.misuse and job.missing > 0 and not (is_there and is_there()) do
        local going, reason = step(deadline)
        if not going then return nil, reason end
      end
      if job.misuse then fail(job.misuse) end
      return true
    end

    local function refuse_list(list)
      for key in pairs(list) do
        if math.type(key) ~= 'integer' or key < 1 then
          fail("a list of tasks has the keys 1 to n, and not '" .. tostring(key) .. "'")
        end
      end
      fail('a list of tasks with holes: put null where there is nothing')
    end

    -- A copy. What is behind a hole would be left out by the length of the list.
    local function check_list(list)
      local kind = metatable_of(list)
      if type(list) ~= 'table' or kind == pool_type or kind == result then
        fail('a list of tasks is due, not ' .. tostring(list))
      end
      local length, count = #list, 0
      local copy = table.move(list, 1, length, 1, {})
      for place = 1, length do
        if copy[place] == nil then refuse_list(list) end
      end
      for _ in pairs(list) do count = count + 1 end
      if count > length then refuse_list(list) end
      return copy
    end

    local function chunk_of(count, chunk)
      if chunk == nil then return math.max(1, math.min(256, count // (4 * size))) end
      local exact = math.type(chunk) and math.tointeger(chunk)
      if not exact or exact < 1 then fail('a chunk is a number of tasks from 1, not ' .. tostring(chunk)) end
      return exact
    end

    -- As the task raised it; where nobody catches it, with the traceback of the task.
    local function raise(failure)
      if type(failure[1]) == 'string' and failure[2] then
        note_failure(failure[1], 'in a task of pool ' .. pool .. ', ' .. failure[2] .. '\\n')
      end
      error(failure[1], 0)
    end

    local function value_or_failure(job, index)
      if job.failures[index] then raise(job.failures[index]) end
      local value = job.values[index]
      job.values[index] = nil
      return value
    end

    function methods.map(_, list, chunk, seconds)
      list = check_list(list)
      chunk = chunk_of(#list, chunk)
      local deadline = deadline_of(seconds)
      local job = start(list, chunk)
      local done, reason = wait_for(job, deadline)
      if not done then
        drop(job)
        return nil, reason
      end
      for index = 1, job.count do
        if job.failures[index] then raise(job.failures[index]) end
      end
      return job.values
    end

    function methods.imap(_, list, seconds)
      list = check_list(list)
      deadline_of(seconds)
      local job, index = start(list, 1), 1
      local function is_there() return job.values[index] ~= nil or job.failures[index] end
      return function()
        if index > job.count then return nil end
        local done, reason = wait_for(job, deadline_of(seconds), is_there)
        if not done then error(reason, 0) end
        index = index + 1
        return value_or_failure(job, index - 1)
      end
    end

    function methods.imap_unordered(_, list, seconds)
      list = check_list(list)
      deadline_of(seconds)
      local given, done, ready = 0, 0, {}
      local function on_result(first, count)
        for place = first, first + count - 1 do done = done + 1; ready[done] = place end
      end
      local job = start(list, 1, on_result)
      local function is_there() return done > given end
      return function()
        if given == job.count then return nil end
        local going, reason = wait_for(job, deadline_of(seconds), is_there)
        if not going then error(reason, 0) end
        given = given + 1
        return value_or_failure(job, ready[given])
      end
    end

    local function check_task(argument)
      if argument == nil then fail('a task is an item, not nil: write null') end
    end

    function methods.apply(_, argument, seconds)
      check_task(argument)
      local deadline = deadline_of(seconds)
      local job = start({argument}, 1)
      local done, reason = wait_for(job, deadline)
      if not done then
        drop(job)
        return nil, reason
      end
      return value_or_failure(job, 1)
    end

    result.__index = result
    function result.ready(own)
      local job = own.job
      repeat send_unsent() until job.missing == 0 or not collect(0)
      return job.missing == 0 or is_broken or is_closed and unanswered == 0
    end
    function result.get(own, seconds)
      local job = own.job
      local done, reason = wait_for(job, deadline_of(seconds))
      if not done then return nil, reason end
      if job.failures[1] then raise(job.failures[1]) end
      return job.values[1]
    end

    function methods.apply_async(_, argument)
      check_task(argument)
      local job = start({argument}, 1)
      if job.misuse then fail(job.misuse) end
      return setmetatable({job = job}, result)
    end

    pool_type.__name, pool_type.__metatable = 'pool', 'pool'
    opaque(pool_type, 'a pool, which is no item')
    opaque(result, "the result of 'apply_async', which is no item: take what its ':get()' gives")
    _G[mporch_pool_name] = setmetatable({}, pool_type)
    mporch_pool_name = nil
    """
}
