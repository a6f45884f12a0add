-- KEYS  1 lookup, 2 document, 3 documents by kick-off, 4 records by expiry
-- ARGV  1 bookmaker, 2 the record's place in KEYS[4], 3 when it was last seen, as the caller judged it ("" = the
--       document is gone)
-- Answers 1, or 0 when it was seen again meanwhile and stays.
local doc, place = KEYS[2], ARGV[2]
local ts = redis.call('HGET', doc, 'ts:' .. ARGV[1])
if (ts or '') ~= ARGV[3] then return 0 end
redis.call('ZREM', KEYS[4], place)
if redis.call('GET', KEYS[1]) == doc then redis.call('DEL', KEYS[1]) end
redis.call('HDEL', doc, 'bk:' .. ARGV[1], 'ts:' .. ARGV[1], 'h:' .. ARGV[1])
if redis.call('HLEN', doc) <= 1 then
  redis.call('DEL', doc)
  redis.call('ZREM', KEYS[3], doc)
end
return 1
