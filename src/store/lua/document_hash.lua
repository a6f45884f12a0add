-- A document is a hash: created, and per bookmaker bk:NAME (its record) and ts:NAME (when it was last seen).
local function seen_at(doc, ts) return redis.call('HGET', doc, 'ts:' .. ARGV[1]) end
local function see(observed) redis.call('HSET', KEYS[2], 'ts:' .. ARGV[1], observed) end
local function branch(doc) return redis.call('HGET', doc, 'bk:' .. ARGV[1]) end
local function write(observed)
  redis.call('HSET', KEYS[2], 'bk:' .. ARGV[1], ARGV[5], 'ts:' .. ARGV[1], observed)
  redis.call('HSET', KEYS[1], 'h', ARGV[3])
end
local function create(observed)
  if redis.call('EXISTS', KEYS[2]) == 1 then return false end
  redis.call('HSET', KEYS[2], 'created', ARGV[13], 'bk:' .. ARGV[1], ARGV[5], 'ts:' .. ARGV[1], observed)
  redis.call('HSET', KEYS[1], 'key', KEYS[2], 'h', ARGV[3])
  return true
end
