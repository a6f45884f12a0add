-- KEYS 1 links, 2 undone, 3 revisions. ARGV 1 "undo" or "forget", 2 event, 3 when (ms).
-- Answers 1, or 0 where there is nothing to undo or to forget. Done twice it is as done once.
local there = redis.call('HEXISTS', KEYS[1], ARGV[2]) == 1
if ARGV[1] == 'undo' then
  if not there then return 0 end
  if redis.call('HSETNX', KEYS[2], ARGV[2], ARGV[3]) == 0 then return 1 end
else
  if not there then return redis.call('ZSCORE', KEYS[3], ARGV[2]) and 1 or 0 end
  redis.call('HDEL', KEYS[1], ARGV[2])
  redis.call('HDEL', KEYS[2], ARGV[2])
end
local last = redis.call('ZREVRANGE', KEYS[3], 0, 0, 'WITHSCORES')
redis.call('ZADD', KEYS[3], string.format('%.0f', tonumber(last[2] or '0') + 1), ARGV[2])
return 1
