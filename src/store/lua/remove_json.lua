-- As remove_hash.lua, for documents that are JSON values.
local doc, place = KEYS[2], ARGV[2]
local ts = redis.call('HGET', KEYS[1], 'ts')
if (ts or '') ~= ARGV[3] then return 0 end
redis.call('ZREM', KEYS[4], place)
if redis.call('HGET', KEYS[1], 'key') == doc then redis.call('DEL', KEYS[1]) end
redis.call('JSON.DEL', doc, '$.match_team_objects.' .. ARGV[1])
local left = redis.call('JSON.GET', doc, '$.match_team_objects')
if not left or left == '[{}]' or left == '[]' then
  redis.call('DEL', doc)
  redis.call('ZREM', KEYS[3], doc)
end
return 1
