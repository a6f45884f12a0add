-- Records of one bet type and source, each stored with its announcement and its change, or not at all.
-- KEYS  1 announcements, 2 changes, 3 documents by kick-off, 4 records by expiry, 5 id of the newest change; then per
--       record: lookup, document
-- ARGV  1 bound of the logs, 2 number of words per record, 3 now (ms), then per record:
--       1 bookmaker, 2 event id, 3 observed at (ms), 4 content hash, 5 hash of the content it builds on; behind a "*",
--       as bits in two hexadecimal digits, the members that it does not say and that must not be in the stored record if
--       it is to take that one's place whatever its content, 6 what the document key is, 7 record, 8 record for the change
--       log, 9 kick-off (ms, +inf = not known, "" = as it was),
--       10 time to live (ms, 0 = for ever, "" = as it was), 11 expires at (ms or +inf)
--       JSON only: 12 whole document, 13 outcomes, 14 members to delete, 15 members to set to null (by blanks)
--       Words 7, 8 and 12 to 15 are "" where no outcome needs them; with JSON word 12 is for a new document, 7 and 13 to
--       15 for one that is there.
-- What the key is: "known", the document as the caller remembers it; "withdraw", likewise, and the record is no longer
--       offered; "find", nothing: a withdrawal whose document has to be looked up; "new", a name proposed for a new
--       one; "any", likewise, or else the one that the lookup names, whose key nobody had to declare (not in a cluster);
--       "ask", as "new", but say so before making it; "found", one made by another program, to be adopted.
-- Answers per record a word or {word, ..}: created; merged; same; stale (a newer sighting is stored), these three with the
--       document's key where the lookup named another than was proposed; absent (nothing to withdraw); and what the caller
--       has to resolve: {known, KEY} (the lookup names another document), gone (the document is no longer there), taken
--       (the name is another's), unknown (asked and there is none), {older, HASH, RECORD} (the stored content is not what
--       word 5 says; RECORD is the branch; with that key, too).
local words = tonumber(ARGV[2])
local count = (#KEYS - 5) / 2
local announced, logged = false, false

-- A reader stands at one place in all streams of the log, so no change may have an id at or below one that was given
-- before, in whichever stream: not even when the server's clock was set back. Ids then keep their millisecond and count
-- up; readers have room for five digits (store/redis_change_log.h).
local newest_ms, newest_number, newest_id

local function read_newest()
  newest_ms, newest_number = 0, 0
  local id = call('GET', KEYS[5])
  if id then
    local ms, number = string.match(id, '^(%d+)-(%d+)$')
    newest_ms, newest_number = tonumber(ms) or 0, tonumber(number) or 0
  end
  local time = call('TIME')
  local now = time[1] * 1000 + math.floor(time[2] / 1000)
  if now > newest_ms then newest_ms, newest_number = now, -1 end
end

-- What the ids of one millisecond begin with: writing that out costs more than adding the entry.
local millis, millis_text
local function next_id()
  newest_number = newest_number + 1
  if newest_number > 99999 then newest_ms, newest_number = newest_ms + 1, 0 end
  if millis ~= newest_ms then millis, millis_text = newest_ms, string.format('%.0f-', newest_ms) end
  return millis_text .. string.format('%d', newest_number)
end

local function add_change(id, doc, at)
  return redis.pcall('XADD', KEYS[2], id, 'data_key', doc, 'bookmaker', ARGV[at + 1], 'event_id', ARGV[at + 2],
    'version', ARGV[at + 4], 'record', ARGV[at + 8])
end

local function log_change(doc, at)
  if not logged then read_newest() end
  logged = true
  newest_id = add_change(next_id(), doc, at)
  if type(newest_id) == 'string' then return end
  -- The stream itself is further: it was filled by an earlier version, or the newest id was lost.
  newest_id = add_change('*', doc, at)
  if type(newest_id) ~= 'string' then error(newest_id) end
  local ms, number = string.match(newest_id, '^(%d+)-(%d+)$')
  newest_ms, newest_number = tonumber(ms), tonumber(number)
end

local function refresh(lookup, doc, at)
  if ARGV[at + 9] ~= '' then call('ZADD', KEYS[3], ARGV[at + 9], doc) end
  local ttl = ARGV[at + 10]
  if ttl == '' then return end
  call('ZADD', KEYS[4], ARGV[at + 11], doc .. '\n' .. lookup)
  if ttl == '0' then call('PERSIST', doc)
  else call('PEXPIRE', doc, ttl) end
  keep(lookup, doc, ttl)
end

local function update(lookup, doc, at)
  write(lookup, doc, at)
  refresh(lookup, doc, at)
  log_change(doc, at)
  return 'merged'
end

-- Of two times (ms). Numbers of as many digits are in the order of their texts, and reading one takes ten times as long.
local function is_later(a, b)
  if #a == #b then return a > b end
  return tonumber(a) > tonumber(b)
end

-- How members stand in a record that does not say them, by the bits of word 5 (store/redis_known_records.h).
local unsaid = {'"home":""', '"away":""', '"competition_name":""', '"sport_id":""', '"betradar_id":""', '"target_date":""',
  '"market_id":""', '"start_time":null'}

-- Whether it can be stored without losing what only the stored record, of that hash, says.
local function may_replace(hash, doc, at)
  local base = ARGV[at + 5]
  if base == '*00' or string.sub(base, 1, 32) == hash then return true end
  local bits = tonumber(string.match(base, '%*(%x%x)$') or '', 16)
  if not bits then return false end
  local stored = branch(doc, at)
  for i = 1, #unsaid do
    if bits % 2 == 1 and not string.find(stored, unsaid[i], 1, true) then return false end
    bits = math.floor(bits / 2)
  end
  return true
end

local function known(lookup, doc, at, withdraw)
  local ts, hash = seen(lookup, doc, at)
  if not ts then
    if named(lookup) == doc then call('DEL', lookup) end
    return 'gone'
  end
  if is_later(ts, ARGV[at + 3]) then return 'stale' end
  -- A branch that another program wrote has no hash, and nothing else to hold on to. Where nothing is said of the
  -- record there is nothing to replace it with.
  if withdraw or (hash and hash ~= ARGV[at + 4] and not may_replace(hash, doc, at)) or
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

-- Of a record that is named and listed.
local function make(lookup, doc, at)
  create(lookup, doc, at)
  if ARGV[at + 10] ~= '0' then call('PEXPIRE', doc, ARGV[at + 10]) end
  call('XADD', KEYS[1], '*', 'data_key', doc)
  announced = true
  log_change(doc, at)
  return 'created'
end

-- What the lookup names; nothing where that document is gone, and the lookup with it.
local function known_as(lookup, doc, at)
  local word = known(lookup, doc, at, false)
  if word == 'gone' then return nil end
  if type(word) == 'string' then return {word, doc} end
  word[4] = doc
  return word
end

local function make_unless_known(lookup, doc, at)
  local other = named(lookup)
  if other and ARGV[at + 6] ~= 'any' then return {'known', other} end
  local answer = other and known_as(lookup, other, at)
  if answer then return answer end
  if call('EXISTS', doc) == 1 then return 'taken' end
  name(lookup, doc, at)
  call('ZADD', KEYS[3], ARGV[at + 9], doc)
  call('ZADD', KEYS[4], ARGV[at + 11], doc .. '\n' .. lookup)
  return make(lookup, doc, at)
end

local proposes = {new = true, any = true}

local function store(lookup, doc, at)
  local what = ARGV[at + 6]
  if what == 'known' then return known(lookup, doc, at, false) end
  if proposes[what] then return make_unless_known(lookup, doc, at) end
  if what == 'withdraw' then return known(lookup, doc, at, true) end
  local other = named(lookup)
  if other then return {'known', other} end
  if what == 'find' then return 'absent' end
  if what == 'ask' then return 'unknown' end
  if call('EXISTS', doc) == 0 then return 'gone' end
  name(lookup, doc, at)
  return update(lookup, doc, at)
end

-- New records are nearly always new: those are named and listed all at once, and else one by one. A record that this
-- call spoke of before waits for its turn.
local function make_new_ones(out)
  local met, which, docs, names, kick_offs, expiries = {}, {}, {}, {}, {}, {}
  local n = 0
  for i = 1, count do
    local lookup, doc, at = KEYS[4 + 2 * i], KEYS[5 + 2 * i], 3 + words * (i - 1)
    if proposes[ARGV[at + 6]] and not met[lookup] and not met[doc] then
      n = n + 1
      which[n], docs[n] = i, doc
      names[2 * n - 1], names[2 * n] = lookup, doc
      kick_offs[2 * n - 1], kick_offs[2 * n] = ARGV[at + 9], doc
      expiries[2 * n - 1], expiries[2 * n] = ARGV[at + 11], doc .. '\n' .. lookup
    end
    met[lookup], met[doc] = true, true
  end
  if n == 0 or call('EXISTS', unpack(docs)) > 0 or not name_all(names) then return end
  call('ZADD', KEYS[3], unpack(kick_offs))
  call('ZADD', KEYS[4], unpack(expiries))
  for j = 1, n do out[which[j]] = make(names[2 * j - 1], docs[j], 3 + words * (which[j] - 1)) end
end

local out, has_new = {}, false
for i = 1, count do has_new = has_new or proposes[ARGV[9 + words * (i - 1)]] end
if has_new then make_new_ones(out) end
for i = 1, count do
  if not out[i] then out[i] = store(KEYS[4 + 2 * i], KEYS[5 + 2 * i], 3 + words * (i - 1)) end
end
if announced then call('XTRIM', KEYS[1], 'MAXLEN', '~', ARGV[1]) end
if logged then
  call('SET', KEYS[5], newest_id)
  call('XTRIM', KEYS[2], 'MAXLEN', '~', ARGV[1])
end
return out
