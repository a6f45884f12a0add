"""Who is compared: how each is started, and what its processes have used so far."""
import os
import signal
import subprocess
import time

PYTHON = "/usr/bin/python3"  # the one that has Debian's packages

# name: command, variables, what the page says. {bets}: all bet types in one process; {bet}: a process per bet type.
ODDSLOOM = "{work}/oddsloom extract BookieDelta {bets} upcoming 0 --store redis://127.0.0.1:{redis} " \
           "--base-url http://127.0.0.1:{mock}"
CONTENDERS = {
    "limit": ("{work}/limit {redis} {mock} {bets} 1", {}, "the limit program"),
    "oddsloom-one": (ODDSLOOM, {"ODDSLOOM_EXTRACT_MOST_IDS": "1"}, "oddsloom, one event a request"),
    "limit-50": ("{work}/limit {redis} {mock} {bets} 50", {}, "the limit program, 50 events a request"),
    "oddsloom": (ODDSLOOM, {}, "oddsloom as shipped, 50 events a request"),
    "oddsloom-now": (ODDSLOOM, {"ODDSLOOM_EXTRACT_LINGER": "0s"}, "oddsloom, `extract.linger` 0s"),
    "go": ("{work}/gopeer {redis} {mock} {bets}", {}, "Go: fasthttp, fastjson, redigo pipelines"),
    "node": ("node {work}/node/peer.mjs {redis} {mock} {bets}", {}, "Node: undici, ioredis auto-pipelining"),
    "python-tuned": ("{python} {source}/peers/python_tuned.py {redis} {mock} {bets}", {},
                     "Python: uvloop, aiohttp, hiredis, pipelines"),
    "python-seed": ("{python} {source}/peers/python_seed.py {redis} {mock} {bet}", {},
                    "Python as first written: blocking Redis, a session per batch"),
}
ONLY_PACED = {"oddsloom-now"}
ONLY_BULK = {"limit-50"}

# oddsloom is polite by default; the mock need not be spared.
NO_BUDGET = {"ODDSLOOM_BOOKMAKER_BOOKIEDELTA_" + name: "10000"
             for name in ("REQUESTS_PER_SECOND", "BURST", "IN_FLIGHT")}


class Contender:
    """The running processes of one contender."""

    def __init__(self, name, bets, servers, folders):
        command, variables, _ = CONTENDERS[name]
        environment = {**os.environ, **NO_BUDGET, **variables, "XDG_CONFIG_HOME": folders["work"],
                       "XDG_STATE_HOME": folders["work"], "PYTHONDONTWRITEBYTECODE": "1"}
        self.log_path = os.path.join(folders["work"], name + ".log")
        self.processes = []
        with open(self.log_path, "w") as log:
            for bet in bets if "{bet}" in command else [""]:
                words = command.format(bets=",".join(bets), bet=bet, redis=servers.redis_port, mock=servers.mock_port,
                                       python=PYTHON, **folders).split()
                self.processes.append(subprocess.Popen(words, env=environment, cwd=folders["work"], stdout=log,
                                                       stderr=log, start_new_session=True))

    def ended(self):
        return any(p.poll() is not None for p in self.processes)

    def pids(self):
        """These processes and whatever they started."""
        sessions, found = {p.pid for p in self.processes}, []
        for name in filter(str.isdigit, os.listdir("/proc")):
            try:
                with open(f"/proc/{name}/stat") as f:
                    if int(f.read().rsplit(")", 1)[1].split()[3]) in sessions:
                        found.append(int(name))
            except OSError:
                pass
        return found

    def cpu(self):
        """Seconds of CPU so far, user and system, all threads: the processes' own clocks, exact to the nanosecond."""
        return sum(clock(pid) for pid in self.pids())

    def peak_rss_mib(self):
        total = 0
        for pid in self.pids():
            with open(f"/proc/{pid}/status") as f:
                total += sum(int(line.split()[1]) for line in f if line.startswith("VmHWM:"))
        return total / 1024

    def stop(self):
        for sent in (signal.SIGTERM, signal.SIGKILL):
            for p in self.processes:
                if p.poll() is None:
                    p.send_signal(sent)
            end = time.monotonic() + 5
            while time.monotonic() < end and not all(p.poll() is not None for p in self.processes):
                time.sleep(0.02)


def clock(pid):
    try:
        return time.clock_gettime((~pid << 3) | 2)  # the kernel's id of another process's CPU clock
    except OSError:
        return 0.0
