"""One contender doing the job once: in bulk (what does an event cost?) and paced (how long does an event take?)."""
import os
import select
import time

import redis as redis_py

from . import job
from .contenders import Contender, clock

STALL_S = 20
WARM_UP = 400


class Failed(Exception):
    pass


def wait_ready(contender, servers, bets):
    end = time.monotonic() + 30
    for bet in bets:
        while True:
            try:
                if any(g["name"] == job.group(bet) for g in servers.redis.xinfo_groups(job.stream(bet))):
                    break
            except redis_py.ResponseError:
                pass  # no such stream yet
            if contender.ended() or time.monotonic() > end:
                raise Failed("did not start")
            time.sleep(0.02)
    time.sleep(0.5)


def wait_acknowledged(contender, servers, bets, last):
    """Until each group has read its stream's last entry and acknowledged everything."""
    state, moved = None, time.monotonic()
    while True:
        now = []
        for bet in bets:
            now += [(g["last-delivered-id"], g["pending"]) for g in servers.redis.xinfo_groups(job.stream(bet))
                    if g["name"] == job.group(bet)]
        if now == [(id, 0) for id in last]:
            return
        if now != state:
            state, moved = now, time.monotonic()
        if contender.ended():
            raise Failed("ended by itself")
        if time.monotonic() - moved > STALL_S:
            raise Failed(f"stalled at {now}")
        time.sleep(0.003)


def machine_busy():
    """CPU seconds that all programs have used so far."""
    with open("/proc/stat") as f:
        v = [int(x) for x in f.readline().split()[1:9]]
    return (sum(v) - v[3] - v[4]) / os.sysconf("SC_CLK_TCK")


def others(contender, servers):
    """What programs that are no part of this have used of that."""
    servers_own = clock(servers.mock_process.pid) + clock(servers.redis_process.pid)
    return machine_busy() - contender.cpu() - servers_own - time.process_time()


def bulk(name, bets, servers, folders, events, passes):
    """The whole load at once, `passes` times the same events at new prices. Costs are per event, in microseconds."""
    servers.redis.flushall()
    contender = Contender(name, bets, servers, folders)
    total = dict.fromkeys(("seconds", "cpu", "http", "connections", "redis_cpu", "commands", "others"), 0.0)
    right = wrong = 0
    try:
        wait_ready(contender, servers, bets)
        for number in range(1, passes + 1):
            servers.begin_pass(number, job.FIRST_EVENT, events)
            before = {"cpu": contender.cpu(), "others": others(contender, servers), **servers.mock_usage()}
            last, usage = job.load(servers.redis, bets, job.FIRST_EVENT, events)
            before.update(usage, seconds=time.perf_counter())
            wait_acknowledged(contender, servers, bets, last)
            after = {"seconds": time.perf_counter(), "cpu": contender.cpu(), "others": others(contender, servers),
                     **servers.mock_usage(), **job.redis_usage(servers.redis)}
            for key in total:
                total[key] += after[key] - before[key]
            counted = job.check(servers.redis, bets, job.FIRST_EVENT, events, number)
            right += counted["right"]
            wrong += counted["wrong"]
        n = events * passes
        return {"cpu": total["cpu"] / n * 1e6, "per_second": n / total["seconds"], "rss": contender.peak_rss_mib(),
                "http": total["http"] / n, "connections": total["connections"] / n * 1000,
                "commands": total["commands"] / n, "redis_cpu": total["redis_cpu"] / n * 1e6,
                "others": total["others"] / total["seconds"] / os.cpu_count(), "right": right, "wrong": wrong,
                "wanted": n * len(bets)}
    finally:
        contender.stop()


def paced(name, bets, servers, folders, events, rate):
    """New events at a fixed rate: milliseconds from before the append until a reader of the announcements has them."""
    servers.redis.flushall()
    contender = Contender(name, bets, servers, folders)
    try:
        wait_ready(contender, servers, bets)
        servers.begin_pass(1, job.FIRST_EVENT, 0)
        last, _ = job.load(servers.redis, bets, job.FIRST_EVENT - WARM_UP, WARM_UP)
        wait_acknowledged(contender, servers, bets, last)
        feeds = [Feed(servers.redis, job.announcements(bet)) for bet in bets]
        pipe = servers.redis.pipeline()  # a transaction: all the streams of an event at once
        begin, cpu = time.perf_counter(), contender.cpu()
        added, seen, at = {}, [], 0
        while len(seen) < events * len(bets):
            now = time.perf_counter()
            if at < events and now >= begin + at / rate:
                added[job.FIRST_EVENT + at] = now
                for bet in bets:
                    pipe.xadd(job.stream(bet), {"event_id": job.FIRST_EVENT + at})
                pipe.execute()
                at += 1
                continue
            if now > begin + events / rate + STALL_S or contender.ended():
                raise Failed(f"{len(seen)} of {events * len(bets)} seen")
            due = begin + at / rate - now if at < events else 1
            for feed in select.select(feeds, [], [], max(0, due))[0]:
                keys, arrived = feed.read(), time.perf_counter()
                seen += [(arrived - added[int(key.rsplit("-", 1)[1])]) * 1000 for key in keys]
        seconds = time.perf_counter() - begin
        seen.sort()
        counted = job.check(servers.redis, bets, job.FIRST_EVENT, events, 1)
        return {**{f"p{q}": seen[min(len(seen) - 1, len(seen) * q // 100)] for q in (50, 90, 99)},
                "core": (contender.cpu() - cpu) / seconds * 100, "right": counted["right"],
                "wanted": events * len(bets)}
    finally:
        contender.stop()


class Feed:
    """A blocking reader of one announcement stream, of what comes from now on; readable for select."""

    def __init__(self, redis, key):
        self.connection = redis.connection_pool.make_connection()
        self.connection.connect()
        self.key, self.last = key, (redis.xrevrange(key, count=1) or [("0", {})])[0][0]
        self.ask()

    def fileno(self):
        return self.connection._sock.fileno()

    def ask(self):
        self.connection.send_command("XREAD", "BLOCK", 0, "STREAMS", self.key, self.last)

    def read(self):
        entries = self.connection.read_response()[0][1]
        self.last = entries[-1][0]
        self.ask()
        return [fields[1] for _, fields in entries]
