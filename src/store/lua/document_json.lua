-- A document is a JSON value. A lookup is a hash: key of the document, h the content's hash, ts when it was last seen:
-- beside the document, so that a sighting that changes nothing does not make the search index work. JSON.MERGE answers
-- nil, and writes nothing, where match_team_objects is missing; merged at the root every level comes into being.
local KEYS, ARGV, call = KEYS, ARGV, redis.call
local function path(at) return '$.match_team_objects.' .. ARGV[at + 1] end
local function named(lookup) return call('HGET', lookup, 'key') end
local function name(lookup, doc, at)
  call('HSET', lookup, 'key', doc)
  if ARGV[at + 10] ~= '0' then call('PEXPIRE', lookup, ARGV[at + 10]) end
end
-- Hashes are not named many at a time.
local function name_all(names) return false end
local function keep(lookup, doc, ttl)
  if ttl == '0' then call('PERSIST', lookup)
  else call('PEXPIRE', lookup, ttl) end
end
local function seen(lookup, doc, at)
  local found = call('HMGET', lookup, 'key', 'ts', 'h')
  if found[1] ~= doc or call('EXISTS', doc) == 0 then return nil end
  return found[2] or '0', found[3]
end
local function see(lookup, doc, at) call('HSET', lookup, 'ts', ARGV[at + 3]) end
local function branch(doc, at)
  local found = call('JSON.GET', doc, path(at))
  return found and string.sub(found, 2, -2) or ''
end
local function write(lookup, doc, at)
  local place = path(at)
  call('JSON.DEL', doc, place .. '.teams')
  for member in string.gmatch(ARGV[at + 14], '%S+') do call('JSON.DEL', doc, place .. '["' .. member .. '"]') end
  if not call('JSON.MERGE', doc, place, ARGV[at + 7]) then
    call('JSON.MERGE', doc, '$', '{"match_team_objects":{"' .. ARGV[at + 1] .. '":' .. ARGV[at + 7] .. '}}')
  end
  call('JSON.SET', doc, place .. '.outcomes', ARGV[at + 13])
  -- A merge takes null for "delete".
  for member in string.gmatch(ARGV[at + 15], '%S+') do call('JSON.SET', doc, place .. '.' .. member, 'null') end
  call('JSON.SET', doc, '$.bookie_updated', string.sub(ARGV[at + 3], 1, -4))
  call('HSET', lookup, 'h', ARGV[at + 4], 'ts', ARGV[at + 3])
end
local function create(lookup, doc, at)
  call('JSON.SET', doc, '$', ARGV[at + 12], 'NX')
  call('HSET', lookup, 'h', ARGV[at + 4], 'ts', ARGV[at + 3])
end
