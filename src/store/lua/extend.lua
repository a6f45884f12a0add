-- KEYS  five of one stream. ARGV 1 group, 2 consumer, 3 visible again at (ms), then ids.
for i = 4, #ARGV do
  local pending = redis.pcall('XPENDING', KEYS[1], ARGV[1], ARGV[i], ARGV[i], 1, ARGV[2])
  if pending[1] then
    redis.call('ZADD', KEYS[2], ARGV[3], ARGV[i])
    redis.call('XCLAIM', KEYS[1], ARGV[1], ARGV[2], 0, ARGV[i], 'JUSTID')
  end
end
return 1
