"""Where work comes from and results go, as the harness sees it: both stores have the same methods."""
import collections
import glob
import json
import os
import sqlite3
import time

import redis as redis_py

from . import job

# One atomic step, so that nobody sees half a load. KEYS: streams; ARGV: first event, count. Gives the last id of each
# stream, and what Redis has used up to then.
LOAD = """
local out = {}
for event = tonumber(ARGV[1]), tonumber(ARGV[1]) + tonumber(ARGV[2]) - 1 do
  for i, key in ipairs(KEYS) do out[i] = redis.call('XADD', key, '*', 'event_id', string.format('%d', event)) end
end
table.insert(out, redis.call('INFO', 'cpu', 'commandstats'))
return out
"""


class RedisStore:
    name = "redis"

    def __init__(self, servers, source):
        self.redis, self.source, self.url = servers.redis, source, f"redis://127.0.0.1:{servers.redis_port}"
        self.pace_place = servers.redis_socket

    def clear(self):
        self.redis.flushall()

    def groups(self, bet):
        try:
            return [g for g in self.redis.xinfo_groups(job.stream(bet, self.source))
                    if g["name"] == job.group(bet, self.source)]
        except redis_py.ResponseError:
            return []  # no such stream yet

    def ready(self, bets):
        return all(self.groups(bet) for bet in bets)

    def load(self, bets, first, count):
        """Adds one entry per event for each bet type; gives what `left` wants, and `usage` as it was then."""
        *last, info = self.redis.eval(LOAD, len(bets), *(job.stream(bet, self.source) for bet in bets), first, count)
        return list(zip(bets, last)), usage_of(info)

    def left(self, loaded):
        """Nothing once every group has read its stream's last entry and acknowledged everything."""
        now = [(g["last-delivered-id"], g["pending"]) for bet, _ in loaded for g in self.groups(bet)]
        return None if now == [(last, 0) for _, last in loaded] else now

    def usage(self):
        return usage_of(self.redis.eval("return redis.call('INFO', 'cpu', 'commandstats')", 0))

    def check(self, bets, first, count, number):
        counted = collections.Counter()
        for bet in bets:
            for begin in range(first, first + count, 1000):
                events = range(begin, min(begin + 1000, first + count))
                keys = self.redis.mget([job.lookup(bet, self.source, event) for event in events])
                pipe = self.redis.pipeline(transaction=False)
                for key in keys:
                    pipe.hget(key or "-", job.FIELD)
                for event, text in zip(events, pipe.execute()):
                    counted[job.verdict(bet, event, number, json.loads(text)["outcomes"] if text else None)] += 1
        return counted


def usage_of(info):
    """CPU seconds and commands so far; without commands that only this harness sends while a contender works."""
    lines = dict(line.split(":", 1) for line in info.splitlines() if ":" in line)
    own = ("cmdstat_eval", "cmdstat_info", "cmdstat_xinfo|groups")
    return {"store_cpu": float(lines["used_cpu_user"]) + float(lines["used_cpu_sys"]),
            "commands": sum(int(text.split("=")[1].split(",")[0]) for name, text in lines.items()
                            if name.startswith("cmdstat_") and name not in own)}


class SqliteStore:
    """oddsloom's own embedded file; read and written as any SQLite shell could."""
    name = "sqlite"

    def __init__(self, folder, source):
        self.path, self.source = os.path.join(folder, "compare.db"), source
        self.url, self.pace_place = "sqlite:" + self.path, self.path

    def ask(self, sql, *values):
        database = sqlite3.connect(self.path, timeout=30, isolation_level=None)
        try:
            return database.execute(sql, values).fetchall()
        finally:
            database.close()

    def clear(self):
        for path in glob.glob(self.path + "*"):
            os.remove(path)

    def ready(self, bets):
        if not os.path.exists(self.path):
            return False
        try:
            names = {name for name, in self.ask("SELECT name FROM streams")}
        except sqlite3.OperationalError:
            return False  # no such table yet
        return names >= {job.stream(bet, self.source) for bet in bets}

    def load(self, bets, first, count):
        database = sqlite3.connect(self.path, timeout=30, isolation_level=None)
        database.execute("BEGIN IMMEDIATE")
        for bet in bets:
            row, = database.execute("SELECT id FROM streams WHERE name = ?", [job.stream(bet, self.source)]).fetchone()
            database.executemany("INSERT INTO entries (stream, appended_at, event_id, entry) VALUES (?, ?, ?, ?)",
                                 ((row, int(time.time() * 1000), str(event), json.dumps({"event_id": str(event)}))
                                  for event in range(first, first + count)))
        database.execute("COMMIT")
        database.close()
        return None, self.usage()

    def left(self, _):
        last = self.ask("SELECT max(id) FROM entries")[0][0]
        return None if last is None else (last, self.ask("SELECT min(id) FROM entries")[0][0])

    def usage(self):
        return {"store_cpu": 0.0, "commands": 0}  # it is part of the contender

    def check(self, bets, first, count, number):
        counted = collections.Counter()
        for bet in bets:
            stored = {event: {o["outcome"]: o["price"] for o in json.loads(text)} for event, text in self.ask(
                "SELECT event_id, outcomes FROM records WHERE bet_type = ? AND source = ?", bet, self.source)}
            for event in range(first, first + count):
                counted[job.verdict(bet, event, number, stored.get(str(event)))] += 1
        return counted
