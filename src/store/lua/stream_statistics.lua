-- KEYS  five of one stream. ARGV 1 group, 2 parked consumer, 3 "1" = only what has not been acknowledged is wanted.
-- Answers { unread, pending, delayed, oldest entry {id, fields} or nil, dead, {consumers..} }, or {unread, pending}.
local unread, pending, last = 0, 0, '0-0'
local groups = redis.pcall('XINFO', 'GROUPS', KEYS[1])
local found = false
if not groups.err then
  for _, group in ipairs(groups) do
    local info = {}
    for i = 1, #group, 2 do info[group[i]] = group[i + 1] end
    if info['name'] == ARGV[1] then
      found, pending, last = true, info['pending'], info['last-delivered-id']
      unread = info['lag'] or -1
    end
  end
end
if not found then
  unread = redis.call('XLEN', KEYS[1])
elseif unread == false or unread < 0 then
  -- The server lost count (somebody deleted undelivered entries): count them.
  unread = 0
  local from = '(' .. last
  while true do
    local page = redis.call('XRANGE', KEYS[1], from, '+', 'COUNT', 1000)
    unread = unread + #page
    if #page < 1000 then break end
    from = '(' .. page[#page][1]
  end
end
if ARGV[3] == '1' then return {unread, pending} end

local delayed, consumers, oldest = 0, {}, false
if found then
  for _, consumer in ipairs(redis.call('XINFO', 'CONSUMERS', KEYS[1], ARGV[1])) do
    local info = {}
    for i = 1, #consumer, 2 do info[consumer[i]] = consumer[i + 1] end
    if info['name'] == ARGV[2] then delayed = info['pending']
    else consumers[#consumers + 1] = info['name'] end
  end
  if pending > 0 then
    local id = redis.call('XPENDING', KEYS[1], ARGV[1])[2]
    oldest = redis.call('XRANGE', KEYS[1], id, id)[1] or {id, {}}
  end
end
if not oldest and unread > 0 then
  oldest = redis.call('XRANGE', KEYS[1], '(' .. last, '+', 'COUNT', 1)[1] or false
end
return {unread, pending, delayed, oldest, redis.call('XLEN', KEYS[5]), consumers}
