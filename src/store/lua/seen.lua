-- KEYS documents (hashes). ARGV 1 since when (ms, "" = ever), then of each document the bookmaker.
-- Answers per document { last seen (ms), last changed (ISO 8601) }, or false where it does not hold the bookmaker, or was
-- not seen since. The record itself stays here: its text says when it changed, and nothing in it can look like that.
local mark = '"changed_at":"'
local since = tonumber(ARGV[1])
local out = {}
for i, doc in ipairs(KEYS) do
  out[i] = false
  local seen = redis.call('HGET', doc, 'ts:' .. ARGV[i + 1])
  if seen and (not since or tonumber(seen) > since) then
    local record = redis.call('HGET', doc, 'bk:' .. ARGV[i + 1]) or ''
    local _, at = string.find(record, mark, 1, true)
    if at then out[i] = {seen, string.match(record, '^[^"]*', at + 1)} end
  end
end
return out
