"""The page: what was measured on what, and the tables."""
import datetime
import os
import platform
import statistics
import subprocess

from . import chart
from .contenders import PYTHON, label
from .tables import TARGETS, met


def first_line(*command):
    try:
        out = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True).stdout
        return out.split("\n")[0]
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


def median(runs, key):
    return statistics.median(run[key] for run in runs)


def markdown(head, rows, words=1):
    """A table whose first columns, as many as `words`, are text."""
    line = ["---"] * words + ["---:"] * (len(head) - words)
    return "\n".join("| " + " | ".join(row) + " |" for row in [head, line, *rows]) + "\n"


def stored_right(runs):
    wanted, right = sum(r["wanted"] for r in runs), sum(r["right"] for r in runs)
    return "all" if right == wanted else f"{right:,} of {wanted:,}"


def times(runs, base):
    """This CPU by that of others in the same table."""
    return f"{median(runs, 'cpu') / median(base, 'cpu'):.2f}" if base else "-"


def shares(runs):
    """CPU in the program and in the kernel. The kernel's two counters are coarse: those of all repeats go together."""
    user, system = sum(r["user"] for r in runs), sum(r["system"] for r in runs)
    if not user + system:
        return "-"
    cpu = median(runs, "cpu")
    return f"{cpu * user / (user + system):.0f} + {cpu * system / (user + system):.0f}"


def percent(runs, key):
    return f"{median(runs, key):.1%}" if all(key in r for r in runs) else "-"


# Columns: heading, how a cell is made from the runs of a contender and those of all in its table.
CPU = [("CPU µs per event", lambda runs, _: middle(runs, "cpu", 1)), ("user + system", lambda runs, _: shares(runs))]
BY_LIMIT = [("× limit", lambda runs, all: times(runs, all.get("limit")))]
BY_GO = [("× Go", lambda runs, all: times(runs, all.get("go")))]
RATE = [("events/s", lambda runs, _: middle(runs, "per_second"))]
REQUESTS = [("HTTP requests per event", lambda runs, _: f"{median(runs, 'http'):.3g}")]
CONNECTIONS = [("connections per 1,000 events", lambda runs, _: f"{median(runs, 'connections'):.0f}")]
REDIS = [("Redis commands per event", lambda runs, _: f"{median(runs, 'commands'):.1f}"),
         ("Redis CPU µs per event", lambda runs, _: middle(runs, "store_cpu", 1))]
MEMORY = [("peak RSS MiB", lambda runs, _: middle(runs, "rss"))]
START = [("start-up ms", lambda runs, _: middle(runs, "start_ms")),
         ("start-up CPU ms", lambda runs, _: middle(runs, "start_cpu_ms"))]
TIMES = [(f"p{q} ms", lambda runs, _, key=f"p{q}": middle(runs, key, 2)) for q in (50, 90, 99)] + \
        [("CPU, % of a core", lambda runs, _: middle(runs, "core", 1))]
SAME = [("answers recognised unread", lambda runs, _: percent(runs, "recognised")),
        ("records not written", lambda runs, _: percent(runs, "same"))]
RIGHT = [("stored right", lambda runs, _: stored_right(runs))]


def rows_of(table, results, columns, kind="bulk"):
    all_runs = results.runs[table.name][kind]
    for name, runs in all_runs.items():
        cells = [cell(runs, all_runs) for _, cell in columns] if runs else ["failed"] + ["-"] * (len(columns) - 1)
        yield [label(name, table.source), *cells]


def one_table(tables, results, columns, kind="bulk"):
    """One table of the page, of one or more of what was measured."""
    return markdown(["contender", *(name for name, _ in columns)],
                    [row for table in tables for row in rows_of(table, results, columns, kind)])


def answers_table(tables, results, columns):
    rows = [[table.says, *row] for table in tables for row in rows_of(table, results, columns)]
    return markdown(["answers", "contender", *(name for name, _ in columns)], rows, words=2)


def gains_table(results):
    """As shipped and with one thing switched off, each in bulk and paced."""
    bulk, paced = CPU + RATE + REQUESTS + REDIS + RIGHT, [TIMES[0], TIMES[2], TIMES[3]]
    rows = []
    for name in ("oddsloom", "oddsloom-one", "oddsloom-apart", "oddsloom-now"):
        found = {kind: next((r[kind][name] for r in (results.runs.get(t, {}) for t in ("three", "without"))
                             if r.get(kind, {}).get(name)), None) for kind in ("bulk", "paced")}
        if found["bulk"]:
            rows.append([label(name), *(cell(found["bulk"], {}) for _, cell in bulk),
                         *(cell(found["paced"], {}) if found["paced"] else "-" for _, cell in paced)])
    return markdown(["contender", *(name for name, _ in bulk), *("paced: " + name for name, _ in paced)], rows)


def summary(results):
    rows = []
    for what, get, way, limit, unit in TARGETS:
        value = get(results)
        if value is None:
            continue
        asked = f"{'at most' if way == '<=' else 'at least'} {limit:,g} {unit}".strip()
        rows.append([what, asked, f"{value:,.3g} {unit}".strip() if value < 1000 else f"{value:,.0f} {unit}".strip(),
                     "yes" if met(value, way, limit) else "**no**"])
    return markdown(["what", "asked", "measured", "met"], rows) if rows else ""


def sections(tables, results, facts):
    """Heading and text, in the order of the page; only of what was measured."""
    have = {t.name: t for t in tables}

    def those(*names):
        return [have[n] for n in names if n in have]

    for name, title in (("one", "One bet type"), ("three", "Three bet types: an event is three documents")):
        if main := those(name):
            columns = CPU + BY_LIMIT + RATE + REQUESTS + CONNECTIONS + REDIS + RIGHT
            yield f"## {title}", f"In bulk:\n\n{one_table(main, results, columns)}"
            if main[0].paced:
                yield "", (f"Paced, {facts['rate']} new events per second, {facts['paced_events']:,} events; the time is "
                           "from just before the append to the\nwork stream until a blocking reader of the "
                           "announcements has the new document's key:\n\n"
                           + one_table(main, results, TIMES + RIGHT, "paced"))
    if main := those("one"):
        yield "## Starting, and memory", one_table(main, results, START + MEMORY)
    if answers := those("60k", "12k-gzip", "60k-gzip", "tls"):
        yield "## Other answers", ("In bulk, one bet type. Plain answers of 12 KB are above; the limit program has no "
                                  "TLS.\n\n"
                                  + answers_table(answers, results, CPU + BY_LIMIT + BY_GO + RATE + RIGHT))
    if far := those("far", "far-many"):
        yield "## A far bookmaker", (
            f"Each answer comes after {far[0].latency_ms} ms. With one event a request, 50 connections bound everybody "
            f"at {50_000 // far[0].latency_ms} events/s.\n\n" + one_table(far, results, CPU + RATE + REQUESTS + RIGHT))
    if live := those("live"):
        yield "## The live source", ("One bet type, in bulk; all answers hold the wanted markets only.\n\n"
                                    + one_table(live, results, CPU + BY_LIMIT + RATE + REQUESTS + REDIS + RIGHT))
    if embedded := those("sqlite"):
        text = ("The same job on a SQLite file that is flushed at each commit; its CPU is the contender's own. One bet "
                "type, in bulk:\n\n" + one_table(embedded, results, CPU + RATE + MEMORY + START + RIGHT))
        if embedded[0].paced:
            text += ("\nPaced; the entries are appended by another process, and the file is looked at for announcements"
                     "\nevery 0.2 ms:\n\n" + one_table(embedded, results, TIMES + RIGHT, "paced"))
        yield "## The embedded store", text
    if unchanged := those("unchanged"):
        yield "## Unchanged prices", ("The second pass alone, with the prices of the first.\n\n"
                                     + one_table(unchanged, results, CPU + RATE + SAME + REDIS + RIGHT))
    if those("without"):
        yield "## What each means gains", ("Three bet types; as shipped, and with one thing switched off at a time.\n\n"
                                          + gains_table(results))


PAGE = """<!-- Written by bench/compare. Do not edit. -->

# Benchmarks: the same job by other means

{summary}
{picture}    {command}

made this page on {date}. It needs nothing but this repository on Debian 12: it installs packages, builds everything,
starts a Redis and a mock bookmaker on loopback, lets each contender do the same job in turn, and checks every price
that was stored.

- Machine: {machine}.
- Load average when it began: {load}. Other programs used {others} of the machine during the runs (a run
  begins when they use less than a tenth and is done again when it was more than a quarter, as long as patience lasts).
- {versions}.

## The job

Take an entry of a work stream (Redis), ask the bookmaker for the event's markets, read the wanted prices, write the
match document and its lookup, announce a new document, acknowledge. {events:,} events (the smaller tables: fewer), 2
passes over the same events, each with new prices: new documents first, then changes of known ones. {repeats};
the tables give medians (and extremes). Unless a table says otherwise, answers about one event have 12 KB, not
compressed, and come at once over plain HTTP. In bulk runs all events are there at once.

**CPU** is user and system time of the contender's processes from the moment the load is there until everything is
acknowledged (paced: from the first append to the last announcement); start-up, from exec until the consumer groups
stand, is not in it and has a table of its own. **× limit** compares with `bench/limit/limit.cpp`: the job in bare
sockets, with no retry, no check and nothing else in it, which nothing useful can undercut by much. **Stored right**:
documents that exist and have exactly the prices of their pass.

**oddsloom** has everything on that `oddsloom extract` has by default: every value checked, retries with back-off, dead
letters, the host's budget and breaker, change detection, change log, expiry and tidying, recognition of answers seen
before. Only the budget's numbers are set out of the way (10,000 requests per second).

{sections}
## What is not fair, and what was not measured

- Contenders other than oddsloom have no retry, budget, breaker, dead letters, change log, expiry or metrics, and store
  a document of some 100 bytes, oddsloom one of 1,000 to 1,500. They stop at anything unexpected.
- oddsloom as shipped asks for 50 events a request (live: 15) and for the wanted markets only, as this bookmaker's own
  pages do; such answers have no other markets in them, whatever the size of answers about one event. The limit program
  with as many events a request is its yardstick.
- "Python as first written" is the plain way: blocking reads of one entry, a buffer that must fill up (50), a new HTTP
  session per batch. Its paced times depend on the rate (50 events fill its buffer), and so do oddsloom's, less: a
  commit waits until it has 50 entries or 100 ms have passed, unless `extract.linger` is 0s.
- Paced times include a Redis round trip for the append and the clock program's own waking up: the limit program's
  figures show how much that is.
- Redis commands include those inside scripts.
- Loopback: no real network. The sender does part of the receiver's work there, so CPU is on the low side for all alike.
  Client, Redis and mock share the processors: CPU is the figure to trust, events/s mostly rank.
- Faults and failovers are not part of this; `./test` is about those.
"""


def picture(results):
    """The chart's text, or nothing: needs the main table."""
    values = [(label(name).replace("`", ""), median(runs, "cpu"), name.startswith("oddsloom"))
              for name, runs in results.runs.get("one", {}).get("bulk", {}).items() if runs]
    return chart.bars("CPU microseconds per event, one bet type, answers of 12 KB", values) if values else ""


def write(path, tables, results, facts):
    text = "\n".join(f"{heading}\n\n{text}" if heading else text for heading, text in sections(tables, results, facts))
    others = [r["others"] for kinds in results.runs.values() for kind in kinds.values() for runs in kind.values()
              for r in runs] or [0]
    svg, svg_path = picture(results), os.path.splitext(path)[0] + ".svg"
    facts = {**facts, "others": f"{max(0, min(others)):.0%} to {max(0, max(others)):.0%}"}
    if svg:
        with open(svg_path, "w") as f:
            f.write(svg)
    with open(path, "w") as f:
        f.write(PAGE.format(
            summary=summary(results), sections=text, machine=machine(),
            date=datetime.datetime.utcnow().strftime("%Y-%m-%d"),
            picture=f"![CPU per event]({os.path.basename(svg_path)})\n\n" if svg else "", **facts))
