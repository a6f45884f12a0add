"""The page: what was measured on what, tables, a verdict for each series, and what they say about one machine."""
import datetime
import os
import tomllib

from . import calibration
from .rig import ROOT
from .verdict import SLOWLY, STAYS, WORSE, judge, slope
from harness.page import first_line, machine, markdown, package

STORES = {"redis": "Redis", "sqlite": "the embedded store (SQLite, synchronous FULL)"}
X = {"known": "events known", "threads": "worker threads", "processes": "worker processes", "streams": "streams",
     "bookmakers": "bookmakers"}


def columns(series, store):
    """Heading and value of what a series' points have, costs per event first; True where a verdict is made of it."""
    redis = store == "redis"
    out = []
    for kind, title in (("new", "new"), ("changed", "changed")):
        if kind == "changed" or series == "known":
            out.append((f"client CPU µs, {title}", lambda p, k=kind: p[k]["client"], 1, True))
            if redis:
                out.append((f"Redis CPU µs, {title}", lambda p, k=kind: p[k]["redis"], 1, True))
                out.append((f"Redis commands, {title}", lambda p, k=kind: p[k]["commands"], 1, True))
            else:
                out.append((f"bytes written, {title}", lambda p, k=kind: p[k]["written"], 0, True))
    out.append(("events/s", lambda p: p["rate"], 0, False))
    out.append(("worker RSS MiB", lambda p: p["rss"], 0, False))
    out.append(("Redis memory MiB" if redis else "database MiB", lambda p: p["memory"], 1, False))
    return out


def per_more(points, key):
    """Bytes that one more event takes, between the marks before and this one."""
    return [(b[key] - a[key]) * 1024 ** 2 / (b["x"] - a["x"]) for a, b in zip(points, points[1:])]


def verdicts(series, store, points):
    """(what, slope, word) of each cost of the series."""
    return [(heading, *judge([(p["x"], value(p)) for p in points], shared(series, points)))
            for heading, value, _, judged in columns(series, store) if judged]


def shared(series, points):
    """The slope that a machine gives which is only slower per processor when more of them are busy."""
    if series not in ("threads", "processes"):
        return 0.0
    return slope([(points[0]["x"], 1.0), (points[-1]["x"], max(1.0, calibration.sharing()))])


def section(series, store, points):
    shown = columns(series, store)
    head = [X[series], *(heading for heading, _, _, _ in shown)]
    rows = [[f"{p['x']:,}", *(f"{value(p):,.{digits}f}" for _, value, digits, _ in shown)] for p in points]
    if series == "known":
        head += ["worker bytes per further event", "store bytes per further event"]
        more = list(zip(per_more(points, "rss"), per_more(points, "memory")))
        rows = [[*row, *(f"{v:,.0f}" for v in pair)] if pair else [*row, "-", "-"] for row, pair in zip(rows, [(), *more])]
    text = f"### {X[series].capitalize()}: {STORES[store]}\n\n{markdown(head, rows)}\n"
    return text + "\n".join(f"- {what}: slope {value:+.2f}, {word}" for what, value, word in verdicts(series, store, points))


def limits(results):
    """What one machine keeps fresh, by the largest mark's figures: what the page says of it, and what the politeness
    towards one bookmaker allows."""
    with open(os.path.join(ROOT, "bookmakers", "BookieDelta", "bookmaker.toml"), "rb") as f:
        toml = tomllib.load(f)
    seconds = float(toml["freshness"]["upcoming"].rstrip("s")) / 2
    asked = toml["host"]["requests_per_second"] * toml["endpoints"]["upcoming_markets"]["ids_per_request"]
    rows = [["politeness, one bookmaker: "
             f"{toml['host']['requests_per_second']} requests/s of {toml['endpoints']['upcoming_markets']['ids_per_request']} "
             "events", f"{asked:,.0f}", f"{asked * seconds:,.0f}"]]
    for store, points in results.get("known", {}).items():
        last = points[-1]["changed"]
        if store == "redis":
            rows.append(["Redis' one thread, one bet type", f"{1e6 / last['redis']:,.0f}", f"{1e6 / last['redis'] * seconds:,.0f}"])
        name = "one worker with Redis" if store == "redis" else "one process with the embedded store"
        rows.append([f"one core for {name}, one bet type", f"{1e6 / last['client']:,.0f}",
                     f"{1e6 / last['client'] * seconds:,.0f}"])
        rows.append([f"measured altogether, {'Redis' if store == 'redis' else 'embedded store'}, one worker, one bet type",
                     f"{points[-1]['rate']:,.0f}", f"{points[-1]['rate'] * seconds:,.0f}"])
        more = per_more(points, "memory")[-1] + (per_more(points, "rss")[-1] if store == "redis" else 0)
        if store == "redis":
            rows.append([f"16 GiB of memory, at {more:,.0f} bytes an event and bet type", "-", f"{16 * 1024 ** 3 / more:,.0f}"])
    text = markdown(["limit", "looks a second", f"events kept fresh (a look every {seconds:.0f} s)"], rows)
    fresh_live = float(toml["freshness"]["live"].rstrip("s"))
    live_ids = toml["endpoints"]["live_markets"]["ids_per_request"]
    facts = {"limits": text, "seconds": seconds, "fresh": seconds * 2, "fresh_live": fresh_live, "live_ids": live_ids,
             "live": toml["host"]["requests_per_second"] * live_ids * fresh_live / 2}
    return facts, asked * seconds


PAGE = """<!-- Written by bench/growth. Do not edit. -->

# Growth: what an event costs when there are many

    {command}

made this page on {date}. It needs nothing but this repository on Debian 12. `oddsloom extract` works on a Redis without
persistence or on the embedded store, and asks a mock bookmaker on loopback; 50 events share a request.

- Machine: {machine}.
- {versions}.
- Load average when it began: {load}. Other programs used {others} of the machine during the measurements.{warning}

**Client CPU** is user and system time of the `oddsloom extract` processes, for the embedded store with its writer
thread. Redis CPU and commands include those inside scripts. **New** events are documents created, **changed** ones have
new prices and are spread over the three quarters of the known events that were seen longest ago.

A step is linear where the cost per event stays: the **slope** in a log-log plot is 0. Up to {stays} it counts as
staying, up to {slowly} as growing slowly (trees get deeper, caches too small), above that as worse than linear, unless
the last two points show that it has risen to a level. On this machine any program takes {sharing:.2f}
times the CPU time when all processors are busy; that much is taken off the slopes of the worker series, whose workers
keep more of them busy.

## Verdict

{verdict}

## How far one machine goes

{limits}
A price of an upcoming event may be {fresh:.0f} s old, so that each event is looked at every {seconds:.0f} s at least.
The first limit is the smallest number in the last column:
**{first}**.
More bookmakers are budgets of their own; then the next smallest number counts, for all of them together and for each
bet type anew. Of live events, whose prices are believed {fresh_live:.0f} s and of which {live_ids} share a request, the same budget
keeps {live:,.0f} fresh.

## Series

{sections}

## How to read it, and what it does not say

- Step 1 (lists), live sources and the readers of the match book are not part of it.
- Worker, store and mock share the processors, so events/s with several workers say little on a small machine; CPU per
  event is the figure to trust.
- The database is a file on this machine's disk, so its events/s contain waiting for the disk.
- How many Redis commands a change takes tells whether the worker still knew the record as it is stored. Where it does
  not, because it has forgotten it or another worker has changed it since, it looks the record up.
- Redis had no persistence and no replicas. Its change log keeps 100,000 changes; the memory per event is right where
  there are many more events than that.
"""


def verdict_lines(results):
    worse, lines = [], []
    for series, stores in results.items():
        for store, points in stores.items():
            found = verdicts(series, store, points)
            what, value, word = max(found, key=lambda v: (v[2] == WORSE, v[1]))
            lines.append(f"- {X[series]}, {points[0]['x']:,} to {points[-1]['x']:,}, {STORES[store].split(' (')[0]}: "
                         f"{word} (steepest: {what}, slope {value:+.2f})")
            worse += [f"{X[series]}, {store}: {what}, slope {v:+.2f}" for what, v, word in found if word == WORSE]
    return lines, worse


def write(path, results, facts):
    points = [p for stores in results.values() for points in stores.values() for p in points]
    others = [p["others"] for p in points]
    lines, worse = verdict_lines(results)
    of_limits, polite = limits(results)
    busy = max(others) > 0.25
    text = PAGE.format(
        command=facts["command"], date=datetime.datetime.utcnow().strftime("%Y-%m-%d"), machine=machine(), load=facts["load"],
        others=f"{max(0, min(others)):.0%} to {max(0, max(others)):.0%}",
        warning="\n  **That is too much for the figures to be relied on.**" if busy else "",
        versions=", ".join([first_line(facts["oddsloom"], "--version"), "g++ " + first_line("g++", "-dumpfullversion"),
                            "redis-server " + package("redis-server"), "SQLite " + package("libsqlite3-0")]),
        sharing=calibration.sharing(), stays=STAYS, slowly=SLOWLY, verdict="\n".join(lines), **of_limits,
        first=first_limit(results, of_limits["seconds"], polite), sections="\n\n".join(section(series, store, points) for series, stores in results.items()
                                             for store, points in stores.items()))
    with open(path, "w") as f:
        f.write(text)
    return lines, worse


def first_limit(results, seconds, polite):
    """In words."""
    found = [(polite, "politeness towards the bookmaker")]
    for store, points in results.get("known", {}).items():
        found.append((points[-1]["rate"] * seconds, f"one worker on {'Redis' if store == 'redis' else 'the embedded store'}"))
    count, what = min(found)
    return f"{what}, at {count:,.0f} events"
