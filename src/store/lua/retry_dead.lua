-- KEYS  five of one stream. ARGV 1 now (ms), then ids of dead letters. Each goes back as a fresh entry. Answers how
--       many were there and had a body.
local count = 0
for i = 2, #ARGV do
  local letter = redis.call('XRANGE', KEYS[5], ARGV[i], ARGV[i])
  if letter[1] then
    local words, fields = {}, letter[1][2]
    for j = 1, #fields, 2 do
      local name = fields[j]
      if string.sub(name, 1, 5) ~= 'dead_' and name ~= 'appended_at' then
        words[#words + 1] = name
        words[#words + 1] = fields[j + 1]
      end
    end
    if #words > 0 then
      words[#words + 1] = 'appended_at'
      words[#words + 1] = ARGV[1]
      redis.call('XADD', KEYS[1], '*', unpack(words))
      redis.call('XDEL', KEYS[5], ARGV[i])
      count = count + 1
    end
  end
end
return count
