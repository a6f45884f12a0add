-- KEYS 1 entries. ARGV 1 now (ms), 2 how many, then for each: number of words, names and values.
-- Answers the entries' ids.
local ids = {}
local at = 3
for i = 1, tonumber(ARGV[2]) do
  local count = tonumber(ARGV[at])
  local words = {}
  for j = 1, count do words[j] = ARGV[at + j] end
  words[count + 1] = 'appended_at'
  words[count + 2] = ARGV[1]
  ids[i] = redis.call('XADD', KEYS[1], '*', unpack(words))
  at = at + count + 1
end
return ids
