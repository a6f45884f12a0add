"""The page: what was measured on what, and the tables."""
import datetime
import os
import platform
import statistics
import subprocess

from .contenders import CONTENDERS, PYTHON


def first_line(*command):
    try:
        return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True).stdout.split("\n")[0]
    except OSError:
        return ""


def package(name):
    text = first_line("dpkg-query", "-W", "-f", "${Version}", name)
    return text if " " not in text else "?"


def machine():
    with open("/proc/cpuinfo") as f:
        model = next((line.split(":")[1].strip() for line in f if line.startswith("model name")), platform.machine())
    with open("/proc/meminfo") as f:
        gib = int(f.readline().split()[1]) / 1024 ** 2
    return f"{os.cpu_count()} × {model}, {gib:.0f} GiB, Linux {platform.release()}"


def versions(names, work):
    found = [first_line(work + "/oddsloom", "--version"), "g++ " + first_line("g++", "-dumpfullversion"),
             "redis-server " + package("redis-server"), "simdjson " + package("libsimdjson-dev"),
             "hiredis " + package("libhiredis-dev"), "libdeflate " + package("libdeflate-dev"),
             first_line(PYTHON, "--version"), "redis-py " + package("python3-redis")]
    if {"python-tuned", "python-seed"} & set(names):
        found += [f"{n} {package('python3-' + n)}" for n in ("aiohttp", "hiredis", "uvloop", "ujson")]
    if "go" in names:
        found.append(first_line("go", "version").replace("go version go", "Go ").rsplit(" ", 1)[0])
        found += [f"{n} {package(f'golang-github-{p}-dev')}" for n, p in
                  (("fasthttp", "valyala-fasthttp"), ("fastjson", "valyala-fastjson"), ("redigo", "gomodule-redigo"))]
    if "node" in names:
        found.append("Node " + first_line("node", "--version").lstrip("v"))
        found += [f"{n} " + first_line("node", "-p", f"require('{work}/node/node_modules/{n}/package.json').version")
                  for n in ("undici", "ioredis")]
    return ", ".join(found)


def middle(runs, key, digits=0):
    """The median, and the extremes where there are several."""
    values = [run[key] for run in runs]
    text = f"{statistics.median(values):,.{digits}f}"
    return text if len(values) == 1 else f"{text} ({min(values):,.{digits}f}–{max(values):,.{digits}f})"


def table(head, rows):
    return "\n".join("| " + " | ".join(row) + " |" for row in [head, ["---"] + ["---:"] * (len(head) - 1), *rows])


def bulk_table(results):
    base = statistics.median(r["cpu"] for r in results["limit"]) if results.get("limit") else None
    rows = []
    for name, runs in results.items():
        if not runs:
            rows.append([CONTENDERS[name][2], "failed"] + ["-"] * 8)
            continue
        ratio = f"{statistics.median(r['cpu'] for r in runs) / base:.2f}" if base else "-"
        wanted, right = sum(r["wanted"] for r in runs), sum(r["right"] for r in runs)
        rows.append([CONTENDERS[name][2], middle(runs, "cpu", 1), ratio, middle(runs, "per_second"),
                     middle(runs, "rss"), f"{statistics.median(r['http'] for r in runs):.3g}",
                     f"{statistics.median(r['connections'] for r in runs):.0f}",
                     f"{statistics.median(r['commands'] for r in runs):.1f}", middle(runs, "redis_cpu", 1),
                     "all" if right == wanted else f"{right:,} of {wanted:,}"])
    return table(["contender", "CPU µs per event", "× limit", "events/s", "peak RSS MiB", "HTTP requests per event",
                  "connections per 1,000 events", "Redis commands per event", "Redis CPU µs per event", "stored right"],
                 rows)


def paced_table(results):
    rows = []
    for name, runs in results.items():
        if not runs:
            rows.append([CONTENDERS[name][2], "failed"] + ["-"] * 4)
            continue
        wanted, right = sum(r["wanted"] for r in runs), sum(r["right"] for r in runs)
        rows.append([CONTENDERS[name][2], *(middle(runs, f"p{q}", 1) for q in (50, 90, 99)), middle(runs, "core", 1),
                     "all" if right == wanted else f"{right:,} of {wanted:,}"])
    return table(["contender", "p50 ms", "p90 ms", "p99 ms", "CPU, % of a core", "stored right"], rows)


PAGE = """<!-- Written by bench/compare. Do not edit. -->

# Benchmarks: the same job by other means

    {command}

made this page on {date}. It needs nothing but this repository on Debian 12: it installs packages, builds everything,
starts a Redis and a mock bookmaker on loopback, lets each contender do the same job in turn, and checks every price
that was stored.

- Machine: {machine}.
- Load average when it began: {load}. Other programs used {others} of the machine during the bulk runs (a run
  begins when they use less than a tenth and is done again when it was more than a quarter, as long as patience lasts).
- {versions}.

## The job

Take an entry of a work stream (Redis), ask the bookmaker for the event's markets, read the wanted prices, write the
match document and its lookup, announce a new document, acknowledge. {events:,} events, {passes} passes over the same
events, each with new prices: new documents first, then changes of known ones. {repeats}; the tables give
medians (and extremes). Answers about one event have {size}{gzip}{latency}. In bulk runs all events
are there at once.

**CPU** is user and system time of the contender's processes from the moment the load is there until everything is
acknowledged; start-up is not in it. **× limit** compares with `bench/limit/limit.cpp`: the job in bare sockets, with
no retry, no check and nothing else in it, which nothing useful can undercut by much. **Stored right**: documents that
exist and have exactly the prices of their pass.

{tables}
## What is not fair, and what was not measured

- Contenders other than oddsloom have no retry, budget, breaker, dead letters, change log, expiry or metrics, and store
  a document of some 100 bytes, oddsloom one of 1,000 to 1,500. They stop at anything unexpected.
- oddsloom as shipped asks for 50 events a request and for the wanted markets only, as this bookmaker's own pages do;
  such answers have no other markets in them, whatever the size of answers about one event. The limit program with 50
  events a request is its yardstick. Its politeness budget is set out of the way (10,000 requests per second).
- "Python as first written" is the plain way: blocking reads of one entry, a buffer that must fill up (50), a new HTTP
  session per batch. Its paced times depend on the rate (50 events fill its buffer), and so do oddsloom's, less: a
  commit waits until it has 50 entries or 100 ms have passed, unless `extract.linger` is 0s.
- Redis commands include those inside scripts.
- Loopback: no TLS, no real network, a bookmaker that answers at once{but_latency}. The sender does part of the
  receiver's work there, so CPU is on the low side for all alike. Client, Redis and mock share the processors: CPU is
  the figure to trust, events/s mostly rank.
- Live events, faults and failovers are not part of this; `./test` is about those.
"""


def write(path, results, facts):
    sections = []
    for job, (bulk, paced) in results.items():
        title = {"one": "One bet type", "three": "Three bet types: an event is three documents"}[job]
        sections.append(f"## {title}\n\n### In bulk\n\n{bulk_table(bulk)}\n")
        if paced:
            sections.append(f"### Paced: {facts['rate']} new events per second, {facts['paced_events']:,} events\n\n"
                            "From just before the append to the work stream until a blocking reader of the "
                            "announcements has the new\ndocument's key.\n\n" + paced_table(paced) + "\n")
    others = [r["others"] for bulk, _ in results.values() for runs in bulk.values() for r in runs] or [0]
    facts["others"] = f"{max(0, min(others)):.0%} to {max(0, max(others)):.0%}"
    text = PAGE.format(tables="\n".join(sections), date=datetime.datetime.utcnow().strftime("%Y-%m-%d"),
                       machine=machine(), **facts)
    with open(path, "w") as f:
        f.write(text)
    return "\n".join(sections)
