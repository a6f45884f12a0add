-- KEYS  1 lookup, 2 document, 3 announcements, 4 changes, 5 documents by kick-off, 6 records by expiry
-- ARGV  1 bookmaker, 2 observed at (ms), 3 content hash, 4 hash of the content it builds on, 5 record,
--       6 record for the change log, 7 kick-off (ms or +inf), 8 time to live (ms, 0 = for ever), 9 expires at
--       (ms or +inf), 10 bound of the logs, 11 event id, 12 what KEYS[2] is, 13 created at (ms)
--       JSON only: 14 whole document, 15 outcomes, 16 how many members to delete, then these, then members to
--       set to null
-- What KEYS[2] is: "known", the document the lookup named last; "new", a name proposed for a new one; "ask",
--       the same, but say so before making it; "found", one made by another program, to be adopted;
--       "withdraw", as known, and the record is no longer offered.
-- Answers {word, ..}: created; merged; same; stale (a newer sighting is stored); absent (nothing to withdraw);
--       and what the caller has to resolve: known KEY (the lookup names another document), gone (KEYS[2] is no
--       longer there; its lookup was removed), taken (KEYS[2] is another event's), unknown (asked and there is
--       none), older HASH RECORD (the stored content is not what ARGV[4] says; RECORD is the branch).
local lookup, doc = KEYS[1], KEYS[2]
local bookmaker, observed, hash, what = ARGV[1], ARGV[2], ARGV[3], ARGV[12]

local function keep()
  redis.call('ZADD', KEYS[5], ARGV[7], doc)
end
local function refresh()
  redis.call('ZADD', KEYS[6], ARGV[9], doc .. '\n' .. lookup)
  if ARGV[8] ~= '0' then
    redis.call('PEXPIRE', doc, ARGV[8])
    redis.call('PEXPIRE', lookup, ARGV[8])
  end
end
local function log_change()
  local words = {'data_key', doc, 'bookmaker', bookmaker, 'event_id', ARGV[11], 'version', hash, 'record', ARGV[6]}
  local id = redis.call('XADD', KEYS[4], 'MAXLEN', '~', ARGV[10], '*', unpack(words))
  -- Where the server's clock was set back, ids keep their millisecond and count up; readers have room for five
  -- digits (store/redis_change_log.h).
  if #id >= 20 then
    redis.call('XDEL', KEYS[4], id)
    local millis = string.match(id, '%d+')
    redis.call('XADD', KEYS[4], string.format('%.0f-0', tonumber(millis) + 1), unpack(words))
  end
end

local known = redis.call('HMGET', lookup, 'key', 'h', 'ts')
if known[1] and known[1] ~= doc then return {'known', known[1]} end
if known[1] then
  local ts = seen_at(doc, known[3])
  if ts then
    if tonumber(ts) > tonumber(observed) then return {'stale'} end
    if what ~= 'withdraw' and known[2] == hash then
      see(observed)
      refresh()
      return {'same'}
    end
    if what == 'withdraw' or known[2] ~= ARGV[4] then return {'older', known[2], branch(doc)} end
    write(observed)
    keep()
    refresh()
    log_change()
    return {'merged'}
  end
  redis.call('DEL', lookup)
  if what ~= 'new' then return {'gone'} end
end
if what == 'withdraw' then return {'absent'} end
if what == 'known' then return {'gone'} end
if what == 'ask' then return {'unknown'} end
if what == 'found' then
  if redis.call('EXISTS', doc) == 0 then return {'gone'} end
  redis.call('HSET', lookup, 'key', doc)
  write(observed)
  keep()
  refresh()
  log_change()
  return {'merged'}
end
if not create(observed) then return {'taken'} end
keep()
refresh()
redis.call('XADD', KEYS[3], 'MAXLEN', '~', ARGV[10], '*', 'data_key', doc)
log_change()
return {'created'}
