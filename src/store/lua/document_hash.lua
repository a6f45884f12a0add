-- A document is a hash: created, and per bookmaker bk:NAME (its record), ts:NAME (when it was last seen) and h:NAME (its
-- content's hash). A lookup is a string, the document's key, without a time to live: tidying removes it.
local KEYS, ARGV, call = KEYS, ARGV, redis.call  -- looked up once, not a hundred times a record
local fields = {}
local function fields_of(bookmaker)
  local names = fields[bookmaker]
  if not names then
    names = {'bk:' .. bookmaker, 'ts:' .. bookmaker, 'h:' .. bookmaker}
    fields[bookmaker] = names
  end
  return names
end
local function named(lookup) return call('GET', lookup) end
local function name(lookup, doc, at) call('SET', lookup, doc) end
-- Lookups and documents in turn. False where one of the lookups is there: none was named then.
local function name_all(names) return call('MSETNX', unpack(names)) == 1 end
-- The lookup may be one that an earlier version made, with a time to live.
local function keep(lookup, doc)
  if call('PERSIST', lookup) == 0 then call('SET', lookup, doc, 'NX') end
end
local function seen(lookup, doc, at)
  local names = fields_of(ARGV[at + 1])
  local found = call('HMGET', doc, names[2], names[3])
  return found[1], found[2]
end
local function see(lookup, doc, at) call('HSET', doc, fields_of(ARGV[at + 1])[2], ARGV[at + 3]) end
local function branch(doc, at) return call('HGET', doc, fields_of(ARGV[at + 1])[1]) or '' end
local function write(lookup, doc, at)
  local names = fields_of(ARGV[at + 1])
  call('HSET', doc, names[1], ARGV[at + 7], names[2], ARGV[at + 3], names[3], ARGV[at + 4])
end
local function create(lookup, doc, at)
  local names = fields_of(ARGV[at + 1])
  call('HSET', doc, 'created', ARGV[3], names[1], ARGV[at + 7], names[2], ARGV[at + 3], names[3], ARGV[at + 4])
end
