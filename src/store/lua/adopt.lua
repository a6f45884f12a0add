-- KEYS  five of one stream. ARGV 1 now (ms), then ids that are pending.
-- Those that nobody noted as claimed (delivered to a program that is not ours, or to a worker that died in between)
-- become due at once. Answers how many.
local adopted = 0
for i = 2, #ARGV do adopted = adopted + redis.call('ZADD', KEYS[2], 'NX', ARGV[1], ARGV[i]) end
return adopted
