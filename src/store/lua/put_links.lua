-- KEYS 1 links, 2 undone, 3 revisions. ARGV for each link its event and its JSON.
-- Answers the events whose links were undone; then nothing was done.
local undone = {}
for i = 1, #ARGV, 2 do
  if redis.call('HEXISTS', KEYS[2], ARGV[i]) == 1 then undone[#undone + 1] = ARGV[i] end
end
if #undone > 0 then return undone end
local last = redis.call('ZREVRANGE', KEYS[3], 0, 0, 'WITHSCORES')
local revision = tonumber(last[2] or '0')
for i = 1, #ARGV, 2 do
  revision = revision + 1
  redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 1])
  redis.call('ZADD', KEYS[3], string.format('%.0f', revision), ARGV[i])
end
return undone
