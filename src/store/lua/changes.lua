-- KEYS 1 a change stream, 2 id of the newest change. ARGV 1 from (an id, "(" before it = after it), 2 how many at most.
-- Answers { the server's time (ms), entries, that id or nothing }. Whatever is appended later has an id that is not below
-- that time, and beyond that id: it may lie ahead of a clock that was set back.
local time = redis.call('TIME')
local millis = time[1] .. string.format('%03d', math.floor(tonumber(time[2]) / 1000))
return {millis, redis.call('XRANGE', KEYS[1], ARGV[1], '+', 'COUNT', ARGV[2]), redis.call('GET', KEYS[2])}
