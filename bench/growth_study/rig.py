"""One store, one mock bookmaker and running `oddsloom extract` processes; work is loaded in slices, and what each slice
cost is read off the processes' own clocks."""
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import time

import redis as redis_py
from harness import job
from harness.contenders import clock
from harness.runs import machine_busy
from harness.servers import Servers
from harness.stores import usage_of
from harness.tables import Table

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

BETS = list(job.BETS)
STALL_S = 60
SLICE = 20_000           # entries that wait at once at most

# KEYS: a stream; ARGV: event ids from, to, a step. One atomic step; gives the last entry's id.
LOAD = """
local last = false
for id = tonumber(ARGV[1]), tonumber(ARGV[2]) - 1, tonumber(ARGV[3]) do
  last = redis.call('XADD', KEYS[1], '*', 'event_id', string.format('%d', id))
end
return last
"""


class Failed(Exception):
    pass


def events_from(begin, end, step=1):
    """Ids of the events from place begin to end; new events have higher ids, as at the bookmaker."""
    return range(job.FIRST_EVENT + begin, job.FIRST_EVENT + end, step)


def stream_name(bookmaker, bet, period):
    return f"{bookmaker.lower()}_{bet}-upcoming-{period}_event"


def copies(folder, count):
    """A bookmakers folder with BookieDelta under so many names."""
    source = os.path.join(ROOT, "bookmakers")
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    shutil.copy2(os.path.join(source, "bet_types.toml"), folder)
    names = [f"Copy{i:02}" for i in range(1, count + 1)]
    for name in names:
        shutil.copytree(os.path.join(source, "BookieDelta"), os.path.join(folder, name))
    return names


class Rig:
    """`streams`: (bookmaker, bet type, period) that are fed in turn. `processes` for each bookmaker, `workers` threads in
    each."""

    def __init__(self, store, work, streams, workers=1, processes=1,
                 bookmakers_folder=os.path.join(ROOT, "bookmakers")):
        self.store, self.work, self.streams, self.bookmakers_folder = store, work, streams, bookmakers_folder
        self.last = {}  # of each stream, the last entry's id
        self.processes, self.database = [], os.path.join(work, "growth.db")
        for part in ("", "-wal", "-shm"):
            if os.path.exists(self.database + part):
                os.remove(self.database + part)
        self.servers = Servers(work)
        self.url = f"redis://127.0.0.1:{self.servers.redis_port}" if store == "redis" else f"sqlite:{self.database}"
        bookmakers = sorted({bookmaker for bookmaker, _, _ in streams})
        try:
            self.servers.start_mock(Table("growth", "", size=0))
            self.servers.begin_pass(1, 0, 0)
            for bookmaker in bookmakers:
                for _ in range(processes):
                    self.processes.append(self.start(bookmaker, workers))
            self.wait_ready()
        except BaseException:
            self.close()
            raise

    def environment(self):
        out = {**os.environ, "XDG_CONFIG_HOME": self.work, "XDG_STATE_HOME": self.work,
               "ODDSLOOM_BOOKMAKERS_FOLDER": self.bookmakers_folder}
        for bookmaker, _, _ in self.streams:  # the mock need not be spared
            for name in ("REQUESTS_PER_SECOND", "BURST", "IN_FLIGHT"):
                out[f"ODDSLOOM_BOOKMAKER_{bookmaker.upper()}_{name}"] = "10000"
        return out

    def start(self, bookmaker, workers):
        bets = sorted({bet for name, bet, _ in self.streams if name == bookmaker}, key=BETS.index)
        periods = {period for name, _, period in self.streams if name == bookmaker}
        command = [self.work + "/oddsloom", "extract", bookmaker, ",".join(bets), "upcoming",
                   *(["0"] if periods == {0} else []), "--workers", str(workers), "--store", self.url,
                   "--base-url", f"http://127.0.0.1:{self.servers.mock_port}"]
        with open(self.work + "/extract.log", "a") as log:
            return subprocess.Popen(command, cwd=self.work, stdout=log, stderr=log,
                                    env=self.environment())

    def check_alive(self):
        if any(p.poll() is not None for p in self.processes):
            raise Failed(f"oddsloom ended by itself; see {self.work}/extract.log")

    def wait_ready(self):
        end = time.monotonic() + 60
        while not self.ready():
            self.check_alive()
            if time.monotonic() > end:
                raise Failed("oddsloom did not start")
            time.sleep(0.05)
        time.sleep(0.5)

    def ready(self):
        try:
            if self.store == "sqlite":
                self.waits()
                return True
            return all(self.servers.redis.xinfo_groups(stream_name(*stream)) for stream in self.streams)
        except (sqlite3.OperationalError, redis_py.ResponseError):
            return False

    def load(self, ids):
        """A range of event ids, dealt out to the streams in turn; nobody works on them before all are there."""
        parts = [(stream, ids[at::len(self.streams)]) for at, stream in enumerate(self.streams)]
        if self.store == "redis":
            for stream, part in parts:
                last = self.servers.redis.eval(LOAD, 1, stream_name(*stream), part.start, part.stop, part.step)
                self.last[stream] = last or self.last.get(stream)
            return
        self.hold_still()
        try:
            for stream, part in parts:
                self.push(stream, part)
        finally:
            self.signal(signal.SIGCONT)

    def push(self, stream, ids):
        lines = "".join(json.dumps({"event_id": str(id)}) + "\n" for id in ids)
        bookmaker, bet, period = stream
        command = [self.work + "/oddsloom", "push", bookmaker, bet, "upcoming", str(period), "--store", self.url]
        done = subprocess.run(command, input=lines, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                              env=self.environment(), cwd=self.work)
        if done.returncode != 0:
            raise Failed("oddsloom push: " + done.stdout)

    def hold_still(self):
        """Stops the workers, at a moment when none of them has the database locked."""
        end = time.monotonic() + STALL_S
        while time.monotonic() < end:
            self.signal(signal.SIGSTOP)
            connection = sqlite3.connect(self.database, timeout=0.1, isolation_level=None)
            try:
                connection.execute("BEGIN IMMEDIATE")
                connection.execute("ROLLBACK")
                return
            except sqlite3.OperationalError:
                self.signal(signal.SIGCONT)
                time.sleep(0.05)
            finally:
                connection.close()
        raise Failed("the database is locked all the time")

    def signal(self, number):
        for p in self.processes:
            if p.poll() is None:
                p.send_signal(number)

    def waits(self):
        """Whether something is not yet acknowledged."""
        if self.store == "sqlite":
            with sqlite3.connect(f"file:{self.database}?mode=ro", uri=True, timeout=30) as connection:
                return connection.execute("SELECT EXISTS (SELECT 1 FROM work)").fetchone() == (1,)
        for stream, last in self.last.items():
            group = self.servers.redis.xinfo_groups(stream_name(*stream))[0]
            if (group["last-delivered-id"], group["pending"]) != (last, 0):
                return True
        return False

    def wait_done(self):
        end = time.monotonic() + STALL_S
        while self.waits():
            self.check_alive()
            if time.monotonic() > end:
                raise Failed("work is left over and does not move")
            time.sleep(0.01 * max(1, len(self.streams) / 3))  # asking costs Redis, too

    def usage(self):
        """What was used so far: CPU seconds, Redis commands, bytes written to disk; and the time."""
        redis = {"store_cpu": 0, "commands": 0}
        if self.store == "redis":
            redis = usage_of(self.servers.redis.eval("return redis.call('INFO', 'cpu', 'commandstats')", 0))
        written = sum(io_bytes(p.pid) for p in self.processes) if self.store == "sqlite" else 0
        own = sum(clock(p.pid) for p in self.processes)
        harness = clock(self.servers.mock_process.pid) + clock(self.servers.redis_process.pid) + time.process_time()
        return {"client": own, "redis": redis["store_cpu"], "commands": redis["commands"], "written": written,
                "others": machine_busy() - own - harness, "seconds": time.perf_counter()}

    def process(self, ids):
        """Loads these events and waits until they are done: what that took, in all, without the loading."""
        total = {}
        for at in range(0, len(ids), SLICE):
            self.load(ids[at:at + SLICE])
            loaded = self.usage()
            self.wait_done()
            after = self.usage()
            for key in after:
                total[key] = total.get(key, 0) + after[key] - loaded[key]
        return total

    def new_prices(self, number):
        self.servers.begin_pass(number, 0, 0)

    def rss_mib(self):
        return sum(status(p.pid, "VmRSS:") for p in self.processes) / 1024

    def store_mib(self):
        if self.store == "redis":
            for stream in self.streams:  # acknowledged entries, which tidying would remove sooner or later
                self.servers.redis.xtrim(stream_name(*stream), maxlen=0, approximate=False)
            return self.servers.redis.info("memory")["used_memory"] / 1024 ** 2
        return sum(os.path.getsize(self.database + part) for part in ("", "-wal")
                   if os.path.exists(self.database + part)) / 1024 ** 2

    def documents(self):
        """How many there are, as the store's own programs count them."""
        if self.store == "sqlite":
            with sqlite3.connect(f"file:{self.database}?mode=ro", uri=True, timeout=30) as connection:
                return connection.execute("SELECT count(*) FROM documents").fetchone()[0]
        return sum(self.servers.redis.zcard(f"lst-{job.BETS[bet][0]}_upcoming_documents") for bet in BETS)

    def close(self):
        for sent in (signal.SIGTERM, signal.SIGKILL):
            self.signal(sent)
            self.signal(signal.SIGCONT)
            end = time.monotonic() + 10
            while time.monotonic() < end and any(p.poll() is None for p in self.processes):
                time.sleep(0.02)
        self.servers.close()
        for part in ("", "-wal", "-shm"):
            if os.path.exists(self.database + part):
                os.remove(self.database + part)


def status(pid, name):
    with open(f"/proc/{pid}/status") as f:
        return next(int(line.split()[1]) for line in f if line.startswith(name))


def io_bytes(pid):
    """What it has had written to disk."""
    with open(f"/proc/{pid}/io") as f:
        return next(int(line.split()[1]) for line in f if line.startswith("write_bytes:"))
