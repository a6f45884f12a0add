-- Records of one bet type and source, each stored with its announcement and its change, or not at all.
-- KEYS  1 announcements, 2 changes, 3 documents by kick-off, 4 records by expiry; then per record: lookup, document
-- ARGV  1 bound of the logs, 2 number of words per record, then these:
--       1 bookmaker, 2 event id, 3 observed at (ms), 4 content hash, 5 hash of the content it builds on, 6 what the
--       document key is, 7 record, 8 record for the change log, 9 kick-off (ms, +inf = not known, "" = as it was),
--       10 time to live (ms, 0 = for ever, "" = as it was), 11 expires at (ms or +inf), 12 created at (ms)
--       JSON only: 13 whole document, 14 outcomes, 15 members to delete, 16 members to set to null (by blanks)
-- What the key is: "known", the document as the caller remembers it; "withdraw", likewise, and the record is no longer
--       offered; "find", nothing: a withdrawal whose document has to be looked up; "new", a name proposed for a new
--       one; "ask", the same, but say so before making it; "found", one made by another program, to be adopted.
-- Answers per record a word or {word, ..}: created; merged; same; stale (a newer sighting is stored); absent (nothing to
--       withdraw); and what the caller has to resolve: {known, KEY} (the lookup names another document), gone (the
--       document is no longer there), taken (the name is another's), unknown (asked and there is none), {older, HASH,
--       RECORD} (the stored content is not what word 5 says; RECORD is the branch).
local words = tonumber(ARGV[2])

local function log_change(doc, at)
  local id = redis.call('XADD', KEYS[2], 'MAXLEN', '~', ARGV[1], '*', 'data_key', doc, 'bookmaker', ARGV[at + 1],
    'event_id', ARGV[at + 2], 'version', ARGV[at + 4], 'record', ARGV[at + 8])
  -- Where the server's clock was set back, ids keep their millisecond and count up; readers have room for five
  -- digits (store/redis_change_log.h).
  if #id >= 20 then
    redis.call('XDEL', KEYS[2], id)
    redis.call('XADD', KEYS[2], string.format('%.0f-0', tonumber(string.match(id, '%d+')) + 1), 'data_key', doc,
      'bookmaker', ARGV[at + 1], 'event_id', ARGV[at + 2], 'version', ARGV[at + 4], 'record', ARGV[at + 8])
  end
end

local function refresh(lookup, doc, at)
  if ARGV[at + 9] ~= '' then redis.call('ZADD', KEYS[3], ARGV[at + 9], doc) end
  local ttl = ARGV[at + 10]
  if ttl == '' then return end
  redis.call('ZADD', KEYS[4], ARGV[at + 11], doc .. '\n' .. lookup)
  if ttl ~= '0' then
    redis.call('PEXPIRE', doc, ttl)
    redis.call('PEXPIRE', lookup, ttl)
  end
end

local function update(lookup, doc, at)
  write(lookup, doc, at)
  refresh(lookup, doc, at)
  log_change(doc, at)
  return 'merged'
end

local function known(lookup, doc, at, withdraw)
  local ts, hash = seen(lookup, doc, at)
  if not ts then
    if named(lookup) == doc then redis.call('DEL', lookup) end
    return 'gone'
  end
  if tonumber(ts) > tonumber(ARGV[at + 3]) then return 'stale' end
  -- A branch that another program wrote has no hash, and nothing else to hold on to. Where nothing is said of the
  -- record there is nothing to replace it with.
  if withdraw or (hash and hash ~= ARGV[at + 4] and hash ~= ARGV[at + 5]) or
    (ARGV[at + 7] == '' and hash ~= ARGV[at + 4]) then
    return {'older', hash or '', branch(doc, at)}
  end
  if hash == ARGV[at + 4] then
    see(lookup, doc, at)
    refresh(lookup, doc, at)
    return 'same'
  end
  return update(lookup, doc, at)
end

local function store(lookup, doc, at)
  local what = ARGV[at + 6]
  if what == 'known' then return known(lookup, doc, at, false) end
  if what == 'withdraw' then return known(lookup, doc, at, true) end
  local other = named(lookup)
  if other then return {'known', other} end
  if what == 'find' then return 'absent' end
  if what == 'ask' then return 'unknown' end
  local there = redis.call('EXISTS', doc) == 1
  if what == 'found' then
    if not there then return 'gone' end
    name(lookup, doc, at)
    return update(lookup, doc, at)
  end
  if there then return 'taken' end
  name(lookup, doc, at)
  create(lookup, doc, at)
  redis.call('ZADD', KEYS[3], ARGV[at + 9], doc)
  redis.call('ZADD', KEYS[4], ARGV[at + 11], doc .. '\n' .. lookup)
  if ARGV[at + 10] ~= '0' then redis.call('PEXPIRE', doc, ARGV[at + 10]) end
  redis.call('XADD', KEYS[1], 'MAXLEN', '~', ARGV[1], '*', 'data_key', doc)
  log_change(doc, at)
  return 'created'
end

local out = {}
for i = 1, (#KEYS - 4) / 2 do
  out[i] = store(KEYS[3 + 2 * i], KEYS[4 + 2 * i], 2 + words * (i - 1))
end
return out
