-- KEYS  five per stream. ARGV 1 now (ms), 2 visible again at (ms), 3 how many at most, 4 "1" = note the
--       consumers' sighting, 5 "1" = when there is nothing, say what to wait for; then per stream: group,
--       consumer, rank (equal ranks share evenly, lower ones are emptied first).
-- Answers { {stream number, id, fields, deliveries, attempts}.., next due time or "", {newest id of each stream..},
--       {stream number, {{id, fields}..} as one MessagePack text}.. }: what was due (abandoned or delayed), and last what
--       was never delivered, packed, because to answer with all the lists and texts in it costs more than reading them.
--       What is due goes first. An entry whose body was trimmed away becomes a dead letter.
local now, again, most = ARGV[1], ARGV[2], tonumber(ARGV[3])
local count = #KEYS / 5
local out, fresh = {}, {}

local function group_of(i) return ARGV[3 * i + 3] end
local function consumer_of(i) return ARGV[3 * i + 4] end
local function key_of(i, part) return KEYS[5 * (i - 1) + part] end

-- A stream or group that somebody deleted is made anew, from the first entry on.
local function call(i, ...)
  local answer = redis.pcall(...)
  if type(answer) == 'table' and answer.err and string.find(answer.err, 'NOGROUP', 1, true) then
    redis.call('XGROUP', 'CREATE', key_of(i, 1), group_of(i), '0', 'MKSTREAM')
    redis.call('DEL', key_of(i, 2), key_of(i, 3))
  elseif type(answer) ~= 'table' or not answer.err then
    return answer
  end
  return redis.call(...)
end

local function forget(i, id)
  redis.call('ZREM', key_of(i, 2), id)
  redis.call('HDEL', key_of(i, 3), id)
end

local function give(i, id, entry, deliveries, tries)
  redis.call('ZADD', key_of(i, 2), again, id)
  out[#out + 1] = {i, id, entry[2], deliveries, tries}
end

-- 1 when it was given, 0 when there was nothing to give.
local function reclaim(i, id, deliveries)
  local tries = redis.call('HGET', key_of(i, 3), id) or '0'
  local entry = call(i, 'XCLAIM', key_of(i, 1), group_of(i), consumer_of(i), 0, id)
  if entry[1] and entry[1][2] then
    give(i, id, entry[1], deliveries + 1, tries)
    return 1
  end
  redis.call('XADD', key_of(i, 5), '*', 'dead_id', id, 'dead_reason', 'its body was trimmed off the stream',
    'dead_deliveries', deliveries + 1, 'dead_attempts', tries, 'dead_at', now)
  redis.call('XACK', key_of(i, 1), group_of(i), id)
  forget(i, id)
  return 0
end

-- What one claim took is noted as one range; those of it that were put off or prolonged have due times of their own.
local function reclaim_range(i, range, first, last, consumer, most_due)
  local taken = 0
  local pending = call(i, 'XPENDING', key_of(i, 1), group_of(i), first, last, 10000, consumer)
  for _, held in ipairs(pending) do
    if taken >= most_due then return taken end
    if not redis.call('ZSCORE', key_of(i, 2), held[1]) then taken = taken + reclaim(i, held[1], held[4]) end
  end
  redis.call('ZREM', key_of(i, 2), range)
  return taken
end

local function take_due(i, most_due)
  local taken = 0
  local due = redis.call('ZRANGEBYSCORE', key_of(i, 2), '-inf', now, 'LIMIT', 0, most_due)
  for _, place in ipairs(due) do
    if taken >= most_due then break end
    local first, last, consumer = string.match(place, '^(%S+) (%S+) (.+)$')
    if first then
      taken = taken + reclaim_range(i, place, first, last, consumer, most_due - taken)
    else
      local pending = call(i, 'XPENDING', key_of(i, 1), group_of(i), place, place, 1)
      if pending[1] then taken = taken + reclaim(i, place, pending[1][4])
      else forget(i, place) end
    end
  end
  return taken
end

local function take_fresh(i, most_fresh)
  local answer = call(i, 'XREADGROUP', 'GROUP', group_of(i), consumer_of(i), 'COUNT', most_fresh, 'STREAMS',
    key_of(i, 1), '>')
  if not answer then return 0 end
  local entries = answer[1][2]
  fresh[#fresh + 1] = {i, cmsgpack.pack(entries)}
  redis.call('ZADD', key_of(i, 2), again, entries[1][1] .. ' ' .. entries[#entries][1] .. ' ' .. consumer_of(i))
  return #entries
end

local function take(i, share)
  local taken = take_due(i, share)
  if taken < share then taken = taken + take_fresh(i, share - taken) end
  if ARGV[4] == '1' then redis.call('ZADD', key_of(i, 4), now, consumer_of(i)) end
  return taken
end

local first = 1
while first <= count and most > 0 do
  local hungry = {}
  local rank = ARGV[3 * first + 5]
  while first <= count and ARGV[3 * first + 5] == rank do
    hungry[#hungry + 1] = first
    first = first + 1
  end
  while most > 0 and #hungry > 0 do
    local share = math.max(1, math.floor(most / #hungry))
    local more = {}
    for _, i in ipairs(hungry) do
      if most > 0 then
        local wanted = math.min(share, most)
        local taken = take(i, wanted)
        most = most - taken
        if taken == wanted then more[#more + 1] = i end
      end
    end
    hungry = more
  end
end

local next_due, newest = '', {}
if #out == 0 and #fresh == 0 and ARGV[5] == '1' then
  for i = 1, count do
    local due = redis.call('ZRANGE', key_of(i, 2), 0, 0, 'WITHSCORES')
    if due[1] and (next_due == '' or tonumber(due[2]) < tonumber(next_due)) then next_due = due[2] end
    local info = redis.call('XINFO', 'STREAM', key_of(i, 1))
    for j = 1, #info, 2 do
      if info[j] == 'last-generated-id' then newest[i] = info[j + 1] end
    end
  end
end
return {out, next_due, newest, fresh}
