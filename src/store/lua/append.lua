-- KEYS 1 entries. ARGV 1 now (ms), 2 how many, then for each: number of words, names and values.
-- Answers the entries' ids.
local KEYS, ARGV, call = KEYS, ARGV, redis.call
local ids = {}
local at = 3
for i = 1, tonumber(ARGV[2]) do
  local last = at + tonumber(ARGV[at])
  ids[i] = call('XADD', KEYS[1], '*', 'appended_at', ARGV[1], unpack(ARGV, at + 1, last))
  at = last + 1
end
return ids
