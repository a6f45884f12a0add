"""One contender doing the job once: in bulk (what does an event cost?) and paced (how long does an event take?)."""
import json
import os
import subprocess
import time

from . import job
from .contenders import Contender, clock

STALL_S = 20
WARM_UP = 400


class Failed(Exception):
    pass


def wait_ready(contender, store, bets):
    """Gives what the start cost, from exec until the contender can take work."""
    end = time.monotonic() + 30
    while not store.ready(bets):
        if contender.ended() or time.monotonic() > end:
            raise Failed("did not start")
        time.sleep(0.002)
    start = {"start_ms": (time.perf_counter() - contender.started) * 1000,
             "start_cpu_ms": contender.usage()["cpu"] * 1000}
    time.sleep(0.5)
    return start


def wait_acknowledged(contender, store, loaded):
    before, moved = None, time.monotonic()
    while left := store.left(loaded):
        if left != before:
            before, moved = left, time.monotonic()
        if contender.ended():
            raise Failed("ended by itself")
        if time.monotonic() - moved > STALL_S:
            raise Failed(f"stalled at {left}")
        time.sleep(0.003)


def machine_busy():
    """CPU seconds that all programs have used so far."""
    with open("/proc/stat") as f:
        v = [int(x) for x in f.readline().split()[1:9]]
    return (sum(v) - v[3] - v[4]) / os.sysconf("SC_CLK_TCK")


def usage(contender, store, servers):
    """Everything that is counted so far. others: what programs that are no part of this have used of the machine."""
    own = contender.usage()
    others = (machine_busy() - own["cpu"] - clock(servers.mock_process.pid) - clock(servers.redis_process.pid)
              - time.process_time())
    return {**own, **servers.mock_usage(), **store.usage(), "others": others, "seconds": time.perf_counter()}


def bulk(name, table, store, servers, folders, events, passes):
    """The whole load at once, `passes` times the same events. Costs are per event, in microseconds."""
    store.clear()
    contender = Contender(name, table, store, servers, folders)
    counted = ("seconds", "cpu", "user", "system", "http", "connections", "store_cpu", "commands", "others")
    total = dict.fromkeys(counted, 0.0)
    result = {"right": 0, "wanted": 0}
    try:
        result.update(wait_ready(contender, store, table.bets))
        for number in range(1, passes + 1):
            prices = number if table.prices_change else 1
            servers.begin_pass(prices, job.FIRST_EVENT, events)
            before = usage(contender, store, servers)
            loaded, then = store.load(table.bets, job.FIRST_EVENT, events)
            before.update(then, seconds=time.perf_counter())
            wait_acknowledged(contender, store, loaded)
            after = usage(contender, store, servers)
            result["right"] += store.check(table.bets, job.FIRST_EVENT, events, prices)["right"]
            result["wanted"] += events * len(table.bets)
            if number >= table.counts_from:
                for key in total:
                    total[key] += after[key] - before[key]
        result["rss"] = contender.peak_rss_mib()
    finally:
        contender.stop()
    n = events * (passes - table.counts_from + 1)
    result.update(cpu=total["cpu"] / n * 1e6, per_second=n / total["seconds"], http=total["http"] / n,
                  connections=total["connections"] / n * 1000, commands=total["commands"] / n,
                  store_cpu=total["store_cpu"] / n * 1e6, others=total["others"] / total["seconds"] / os.cpu_count())
    result.update(user=total["user"], system=total["system"])
    account = contender.own_account()
    for key, word, of in (("same", "same", n * len(table.bets)), ("recognised", "unchanged_answers", total["http"])):
        if word in account:
            result[key] = account[word] / of
    return result


def paced(name, table, store, servers, folders, events, rate):
    """New events at a fixed rate: milliseconds from before the append until a reader of the announcements has them."""
    store.clear()
    contender = Contender(name, table, store, servers, folders)
    try:
        wait_ready(contender, store, table.bets)
        servers.begin_pass(1, job.FIRST_EVENT, 0)
        loaded, _ = store.load(table.bets, job.FIRST_EVENT - WARM_UP, WARM_UP)
        wait_acknowledged(contender, store, loaded)
        streams = [job.stream(bet, table.source) + ":" + job.announcements(bet, table.source) for bet in table.bets]
        before = usage(contender, store, servers)
        pace = subprocess.run([os.path.join(folders["work"], "pace"), store.name, store.pace_place, str(rate),
                               str(job.FIRST_EVENT), str(events), *streams], stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, text=True)
        after = usage(contender, store, servers)
        if pace.returncode != 0 or contender.ended():
            raise Failed(pace.stderr.strip() or "ended by itself")
        result = json.loads(pace.stdout)
        right = store.check(table.bets, job.FIRST_EVENT, events, 1)["right"]
        return {**result, "core": (after["cpu"] - before["cpu"]) / result["seconds"] * 100, "right": right,
                "wanted": events * len(table.bets),
                "others": (after["others"] - before["others"]) / result["seconds"] / os.cpu_count()}
    finally:
        contender.stop()
