-- A document is a JSON value; when a branch was last seen stands in the lookup, so that a sighting that changes
-- nothing does not make the search index work. JSON.MERGE answers nil, and writes nothing, where
-- match_team_objects is missing; merged at the root every level comes into being.
local path = '$.match_team_objects.' .. ARGV[1]
local function seen_at(doc, ts)
  if redis.call('EXISTS', doc) == 0 then return nil end
  return ts or '0'
end
local function see(observed) redis.call('HSET', KEYS[1], 'ts', observed) end
local function branch(doc)
  local found = redis.call('JSON.GET', doc, path)
  if not found then return '' end
  return string.sub(found, 2, -2)
end
local function write(observed)
  redis.call('JSON.DEL', KEYS[2], path .. '.teams')
  local deleted = tonumber(ARGV[16])
  for i = 17, 16 + deleted do redis.call('JSON.DEL', KEYS[2], path .. '["' .. ARGV[i] .. '"]') end
  local merged = redis.call('JSON.MERGE', KEYS[2], path, ARGV[5])
  if not merged then
    redis.call('JSON.MERGE', KEYS[2], '$', '{"match_team_objects":{"' .. ARGV[1] .. '":' .. ARGV[5] .. '}}')
  end
  redis.call('JSON.SET', KEYS[2], path .. '.outcomes', ARGV[15])
  for i = 17 + deleted, #ARGV do redis.call('JSON.SET', KEYS[2], path .. '.' .. ARGV[i], 'null') end
  redis.call('JSON.SET', KEYS[2], '$.bookie_updated', string.sub(observed, 1, -4))
  redis.call('HSET', KEYS[1], 'h', ARGV[3], 'ts', observed)
end
local function create(observed)
  local made = redis.call('JSON.SET', KEYS[2], '$', ARGV[14], 'NX')
  if not made then return false end
  redis.call('HSET', KEYS[1], 'key', KEYS[2], 'h', ARGV[3], 'ts', observed)
  return true
end
