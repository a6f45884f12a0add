-- KEYS  five of one stream. ARGV 1 group, 2 not seen since (ms), 3 how our consumers' names begin. Those that hold
--       nothing are forgotten. Listing and deleting in one script, so that none is given something in between.
local consumers = redis.pcall('XINFO', 'CONSUMERS', KEYS[1], ARGV[1])
if consumers.err then return 0 end
local forgotten = 0
for _, consumer in ipairs(consumers) do
  local info = {}
  for i = 1, #consumer, 2 do info[consumer[i]] = consumer[i + 1] end
  local name = info['name']
  if info['pending'] == 0 and string.sub(name, 1, #ARGV[3]) == ARGV[3] then
    local seen = redis.call('ZSCORE', KEYS[4], name)
    if not seen or tonumber(seen) <= tonumber(ARGV[2]) then
      redis.call('XGROUP', 'DELCONSUMER', KEYS[1], ARGV[1], name)
      redis.call('ZREM', KEYS[4], name)
      forgotten = forgotten + 1
    end
  end
end
redis.call('ZREMRANGEBYSCORE', KEYS[4], '-inf', ARGV[2])
return forgotten
