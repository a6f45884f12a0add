-- KEYS  five of one stream. ARGV 1 group, 2 consumer under whose name delayed entries wait, 3 now (ms), 4 how many
--       to acknowledge, then their ids; how many to delay, then id, until (ms), "1" = a failed attempt; how many to
--       bury, then id, reason. Entries that are no longer pending are left alone, so that it may run twice.
local stream, due, tries, group, parked = KEYS[1], KEYS[2], KEYS[3], ARGV[1], ARGV[2]
local function pending(id)
  local found = redis.pcall('XPENDING', stream, group, id, id, 1)
  if found.err then return nil end
  return found[1]
end
local function forget(ids)
  redis.pcall('XACK', stream, group, unpack(ids))
  redis.call('ZREM', due, unpack(ids))
  if redis.call('EXISTS', tries) == 1 then redis.call('HDEL', tries, unpack(ids)) end
end

local at = 4
local acknowledged = tonumber(ARGV[at])
local ids = {}
for i = at + 1, at + acknowledged do
  ids[#ids + 1] = ARGV[i]
  if #ids >= 1000 then
    forget(ids)
    ids = {}
  end
end
if #ids > 0 then forget(ids) end
at = at + acknowledged + 1

local delayed = tonumber(ARGV[at])
for i = 0, delayed - 1 do
  local id, until_, failed = ARGV[at + 1 + 3 * i], ARGV[at + 2 + 3 * i], ARGV[at + 3 + 3 * i]
  local held = pending(id)
  if held and held[2] ~= parked then
    if failed == '1' then
      redis.call('HINCRBY', tries, id, 1)
      redis.call('XCLAIM', stream, group, parked, 0, id, 'JUSTID')
    else
      redis.call('XCLAIM', stream, group, parked, 0, id, 'RETRYCOUNT', math.max(0, held[4] - 1), 'JUSTID')
    end
    redis.call('ZADD', due, until_, id)
  end
end
at = at + 3 * delayed + 1

local buried = tonumber(ARGV[at])
for i = 0, buried - 1 do
  local id, reason = ARGV[at + 1 + 2 * i], ARGV[at + 2 + 2 * i]
  local held = pending(id)
  if held then
    local words = {}
    local entry = redis.call('XRANGE', stream, id, id)
    if entry[1] then words = entry[1][2] end
    for _, word in ipairs({'dead_id', id, 'dead_reason', reason, 'dead_deliveries', held[4], 'dead_attempts',
        redis.call('HGET', tries, id) or '0', 'dead_at', ARGV[3]}) do
      words[#words + 1] = word
    end
    redis.call('XADD', KEYS[5], '*', unpack(words))
    forget({id})
  end
end
return 1
