-- A document is a hash: created, and per bookmaker bk:NAME (its record), ts:NAME (when it was last seen) and h:NAME (its
-- content's hash). A lookup is a string, the document's key.
local function named(lookup) return redis.call('GET', lookup) end
local function name(lookup, doc, at)
  if ARGV[at + 10] == '0' then redis.call('SET', lookup, doc)
  else redis.call('SET', lookup, doc, 'PX', ARGV[at + 10]) end
end
local function seen(lookup, doc, at)
  local found = redis.call('HMGET', doc, 'ts:' .. ARGV[at + 1], 'h:' .. ARGV[at + 1])
  return found[1], found[2]
end
local function see(lookup, doc, at) redis.call('HSET', doc, 'ts:' .. ARGV[at + 1], ARGV[at + 3]) end
local function branch(doc, at) return redis.call('HGET', doc, 'bk:' .. ARGV[at + 1]) or '' end
local function write(lookup, doc, at)
  redis.call('HSET', doc, 'bk:' .. ARGV[at + 1], ARGV[at + 7], 'ts:' .. ARGV[at + 1], ARGV[at + 3],
    'h:' .. ARGV[at + 1], ARGV[at + 4])
end
local function create(lookup, doc, at)
  redis.call('HSET', doc, 'created', ARGV[at + 12], 'bk:' .. ARGV[at + 1], ARGV[at + 7], 'ts:' .. ARGV[at + 1],
    ARGV[at + 3], 'h:' .. ARGV[at + 1], ARGV[at + 4])
end
