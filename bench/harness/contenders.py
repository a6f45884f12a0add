"""Who is compared: how each is started, and what its processes have used so far."""
import os
import re
import signal
import subprocess
import time

PYTHON = "/usr/bin/python3"  # the one that has Debian's packages

# name: command, variables, what the page says. {bets}: all bet types in one process; {bet}: a process per bet type.
ODDSLOOM = "{work}/oddsloom extract BookieDelta {bets} {source} 0 --store {store} --base-url {mock_url}"
CONTENDERS = {
    "limit": ("{work}/limit {redis} {mock} {bets} {source} 1", {}, "the limit program"),
    "oddsloom-one": (ODDSLOOM, {"EXTRACT_MOST_IDS": "1"}, "oddsloom, one event a request"),
    "limit-many": ("{work}/limit {redis} {mock} {bets} {source} {ids}", {},
                   "the limit program, {ids} events a request"),
    "oddsloom": (ODDSLOOM, {}, "oddsloom as shipped, {ids} events a request"),
    "go": ("{work}/gopeer {redis} {mock} {bets} {ca}", {}, "Go: fasthttp, fastjson, redigo pipelines"),
    "node": ("node {work}/node/peer.mjs {redis} {mock} {bets}", {}, "Node: undici, ioredis auto-pipelining"),
    "python-tuned": ("{python} {bench}/peers/python_tuned.py {redis} {mock} {bets}", {},
                     "Python: uvloop, aiohttp, hiredis, pipelines"),
    "python-seed": ("{python} {bench}/peers/python_seed.py {redis} {mock} {bet}", {},
                    "Python as first written: blocking Redis, a session per batch"),
    # oddsloom with one thing switched off; so is oddsloom-one
    "oddsloom-now": (ODDSLOOM, {"EXTRACT_LINGER": "0s"}, "oddsloom, `extract.linger` 0s"),
    "oddsloom-apart": (ODDSLOOM.replace("{bets}", "{bet}"), {},
                       "oddsloom, a process, and so a request, for each bet type"),
}
PEERS = ("go", "node", "python-tuned")  # what others would do that know what they are about
IDS = {"upcoming": 50, "live": 15}      # that this bookmaker takes in one request

# oddsloom is polite by default; the mock need not be spared.
NO_BUDGET = {"BOOKMAKER_BOOKIEDELTA_" + name: "10000" for name in ("REQUESTS_PER_SECOND", "BURST", "IN_FLIGHT")}


def label(name, source="upcoming"):
    return CONTENDERS[name][2].format(ids=IDS[source])


class Contender:
    """The running processes of one contender."""

    def __init__(self, name, table, store, servers, folders):
        command, variables, _ = CONTENDERS[name]
        ca = {"HTTP_CA_FILE": servers.certificate} if table.tls else {}
        settings = {"ODDSLOOM_" + key: value for key, value in {**NO_BUDGET, **variables, **ca}.items()}
        environment = {**os.environ, **settings,
                       "XDG_CONFIG_HOME": folders["work"], "XDG_STATE_HOME": folders["work"],
                       "PYTHONDONTWRITEBYTECODE": "1"}
        self.log_path = os.path.join(folders["work"], name + ".log")
        self.processes, self.started = [], time.perf_counter()
        with open(self.log_path, "w") as log:
            for bet in table.bets if "{bet}" in command else [""]:
                words = command.format(
                    bets=",".join(table.bets), bet=bet, source=table.source, ids=IDS[table.source], store=store.url,
                    redis=servers.redis_port, mock=servers.mock_port, mock_url=servers.mock_url,
                    ca=servers.certificate if table.tls else "", python=PYTHON, **folders).split()
                self.processes.append(subprocess.Popen(words, env=environment, cwd=folders["work"], stdout=log,
                                                       stderr=log, start_new_session=True))

    def ended(self):
        return any(p.poll() is not None for p in self.processes)

    def pids(self):
        """These processes and whatever they started."""
        sessions, found = {p.pid for p in self.processes}, []
        for name in filter(str.isdigit, os.listdir("/proc")):
            try:
                if int(stat(name)[3]) in sessions:
                    found.append(int(name))
            except OSError:
                pass
        return found

    def usage(self):
        """Seconds of CPU so far, of all threads: `cpu` is exact to the nanosecond; `user` and `system` are coarse, good
        for their shares of it."""
        pids = self.pids()
        both = [[int(x) / os.sysconf("SC_CLK_TCK") for x in stat(pid)[11:13]] for pid in pids]
        return {"cpu": sum(clock(pid) for pid in pids), "user": sum(b[0] for b in both),
                "system": sum(b[1] for b in both)}

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

    def own_account(self):
        """What oddsloom says at its end that it has done; nothing for others."""
        with open(self.log_path) as f:
            last = [line for line in f if "extract_ended" in line]
        return {key: int(value) for line in last for key, value in re.findall(r"(\w+)=(\d+)\b", line)}


def stat(pid):
    """The fields of /proc/PID/stat behind the name."""
    with open(f"/proc/{pid}/stat") as f:
        return f.read().rsplit(")", 1)[1].split()


def clock(pid):
    try:
        return time.clock_gettime((~pid << 3) | 2)  # the kernel's id of another process's CPU clock
    except OSError:
        return 0.0
