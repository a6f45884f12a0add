"""What is measured, table by table, and what is asked of it: data, and nothing else."""
import statistics
from dataclasses import dataclass

from .contenders import PEERS

KB = 1024


@dataclass(frozen=True)
class Table:
    name: str
    says: str                      # what is special about it, for the page
    bulk: tuple = ()               # contenders
    paced: tuple = ()
    bets: tuple = ("three_way",)
    source: str = "upcoming"
    store: str = "redis"
    size: int = 12 * KB            # bytes of an answer about one event; 0: the wanted markets only
    gzip: bool = False
    tls: bool = False
    latency_ms: int = 0            # what the bookmaker waits before each answer
    share: float = 1.0             # of the main tables' events
    prices_change: bool = True     # from pass to pass
    counts_from: int = 1           # the first pass whose costs count


THREE = ("three_way", "btts", "double_chance")
ALL = ("limit", "oddsloom-one", "limit-many", "oddsloom", *PEERS, "python-seed")
ALL_PACED = ("limit", "oddsloom-one", "oddsloom", "oddsloom-now", *PEERS, "python-seed")
SAME_REQUESTS = ("limit", "oddsloom-one", "go")

TABLES = [
    Table("one", "one bet type", ALL, ALL_PACED),
    Table("three", "three bet types", ALL, ALL_PACED, bets=THREE),
    Table("60k", "60 KB", SAME_REQUESTS, size=60 * KB, share=0.4),
    Table("12k-gzip", "12 KB, gzip", SAME_REQUESTS, gzip=True, share=0.4),
    Table("60k-gzip", "60 KB, gzip", SAME_REQUESTS, size=60 * KB, gzip=True, share=0.4),
    Table("tls", "12 KB, TLS", ("oddsloom-one", "oddsloom", "go"), tls=True, share=0.4),
    Table("far", "after 80 ms", SAME_REQUESTS, latency_ms=80, share=0.2),
    Table("far-many", "after 80 ms", ("limit-many", "oddsloom"), latency_ms=80),
    Table("live", "live", ("limit", "oddsloom-one", "limit-many", "oddsloom"), source="live", size=0),
    Table("sqlite", "12 KB, embedded store", ("oddsloom-one", "oddsloom"),
          ("oddsloom-one", "oddsloom", "oddsloom-now"), store="sqlite"),
    Table("unchanged", "12 KB, unchanged", ("oddsloom-one", "oddsloom"), prices_change=False, counts_from=2),
    Table("without", "something switched off", ("oddsloom-now", "oddsloom-apart"), ("oddsloom-apart",), bets=THREE),
]


class Results:
    """runs[table][bulk or paced][contender]: a list of what runs.py gives."""

    def __init__(self, tables):
        self.runs = {t.name: {"bulk": {n: [] for n in t.bulk}, "paced": {n: [] for n in t.paced}} for t in tables}

    def __call__(self, key, table, name, kind="bulk"):
        """The median; None where it was not measured."""
        values = [run[key] for run in self.runs.get(table, {}).get(kind, {}).get(name, []) if key in run]
        return statistics.median(values) if values else None

    def best_peer(self, key, table):
        found = [v for v in (self(key, table, name) for name in PEERS) if v is not None]
        return min(found) if found else None


def over(a, b, of=1.0):
    return None if a is None or b is None else a / b / of


# what it is, how to get it, which way, the limit, unit
TARGETS = [
    ("CPU per event, one event a request, 12 KB, by that of the limit program",
     lambda r: over(r("cpu", "one", "oddsloom-one"), r("cpu", "one", "limit")), "<=", 2.0, "×"),
    ("the same by that of the Go program",
     lambda r: over(r("cpu", "one", "oddsloom-one"), r("cpu", "one", "go")), "<=", 0.55, "×"),
    ("the same of Python as first written, by that of oddsloom",
     lambda r: over(r("cpu", "one", "python-seed"), r("cpu", "one", "oddsloom-one")), ">=", 15, "×"),
    ("CPU per event, 60 KB compressed, one event a request, by that of the limit program",
     lambda r: over(r("cpu", "60k-gzip", "oddsloom-one"), r("cpu", "60k-gzip", "limit")), "<=", 1.5, "×"),
    ("CPU per event and bet type, as shipped, three bet types",
     lambda r: over(r("cpu", "three", "oddsloom"), 3), "<=", 6, "µs"),
    ("the same of the best program of others, by that of oddsloom",
     lambda r: over(r.best_peer("cpu", "three"), r("cpu", "three", "oddsloom")), ">=", 5, "×"),
    ("HTTP requests per event, as shipped, three bet types",
     lambda r: r("http", "three", "oddsloom"), "<=", 0.05, ""),
    ("CPU of Redis per event, as shipped, one bet type",
     lambda r: r("store_cpu", "one", "oddsloom"), "<=", 8, "µs"),
    ("time to a new document, 99th percentile, `extract.linger` 0s",
     lambda r: r("p99", "one", "oddsloom-now", "paced"), "<=", 1, "ms"),
    ("the same as shipped (`extract.linger` 100 ms)",
     lambda r: r("p99", "one", "oddsloom", "paced"), "<=", 102, "ms"),
    ("CPU at 200 new events per second, as shipped",
     lambda r: r("core", "one", "oddsloom", "paced"), "<=", 2, "% of a core"),
    ("the same, `extract.linger` 0s",
     lambda r: r("core", "one", "oddsloom-now", "paced"), "<=", 2, "% of a core"),
    ("embedded store: time to a new document, 99th percentile, `extract.linger` 0s",
     lambda r: r("p99", "sqlite", "oddsloom-now", "paced"), "<=", 5, "ms"),
    ("embedded store: records per second, as shipped, the whole job",
     lambda r: r("per_second", "sqlite", "oddsloom"), ">=", 20_000, ""),
    ("unchanged prices: answers recognised before they are read, as shipped",
     lambda r: over(r("recognised", "unchanged", "oddsloom"), 0.01), ">=", 90, "%"),
    ("unchanged prices: records not written, as shipped",
     lambda r: over(r("same", "unchanged", "oddsloom"), 0.01), ">=", 90, "%"),
]


def met(value, way, limit):
    return value <= limit if way == "<=" else value >= limit
