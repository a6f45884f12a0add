-- KEYS  five of one stream. Removes what every group has acknowledged: all before the oldest entry that is pending
--       or unread in any of them. Answers how many.
local function less(a, b)
  local a_ms, a_seq = string.match(a, '(%d+)-(%d+)')
  local b_ms, b_seq = string.match(b, '(%d+)-(%d+)')
  if a_ms ~= b_ms then return tonumber(a_ms) < tonumber(b_ms) end
  return tonumber(a_seq) < tonumber(b_seq)
end
local groups = redis.pcall('XINFO', 'GROUPS', KEYS[1])
if groups.err or #groups == 0 then return 0 end
local keep
for _, group in ipairs(groups) do
  local info = {}
  for i = 1, #group, 2 do info[group[i]] = group[i + 1] end
  local unread = redis.call('XRANGE', KEYS[1], '(' .. info['last-delivered-id'], '+', 'COUNT', 1)
  local needed = unread[1] and unread[1][1]
  if info['pending'] > 0 then
    local oldest = redis.call('XPENDING', KEYS[1], info['name'])[2]
    if not needed or less(oldest, needed) then needed = oldest end
  end
  if needed and (not keep or less(needed, keep)) then keep = needed end
end
if not keep then return redis.call('XTRIM', KEYS[1], 'MAXLEN', '=', 0) end
return redis.call('XTRIM', KEYS[1], 'MINID', '=', keep)
