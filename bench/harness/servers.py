"""What a contender talks to: a Redis without persistence and the mock bookmaker, each on a free port of 127.0.0.1."""
import http.client
import json
import os
import socket
import subprocess
import time

import redis as redis_py


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Servers:
    def __init__(self, mock, folder, size, gzip, latency_ms):
        self.log = open(os.path.join(folder, "servers.log"), "w")
        self.redis_port = free_port()
        path = os.path.join(folder, "redis.sock")  # for the harness itself
        self.mock_process = subprocess.Popen(
            [mock, "--size", str(size), "--latency-ms", str(latency_ms), *(["--gzip"] if gzip else [])],
            stdout=subprocess.PIPE, stderr=self.log, text=True)
        self.redis_process = subprocess.Popen(
            ["redis-server", "--port", str(self.redis_port), "--bind", "127.0.0.1", "--unixsocket", path, "--save", "",
             "--appendonly", "no", "--dir", folder], stdout=self.log, stderr=self.log)
        self.mock_port = int(self.mock_process.stdout.readline().rsplit(":", 1)[1])
        self.control = http.client.HTTPConnection("127.0.0.1", self.mock_port, timeout=300)
        self.redis = redis_py.Redis(unix_socket_path=path, decode_responses=True)
        for _ in range(500):
            try:
                self.redis.ping()
                return
            except redis_py.ConnectionError:
                time.sleep(0.02)
        self.close()
        raise SystemExit("redis-server did not start; see " + self.log.name)

    def close(self):
        for process in (self.mock_process, self.redis_process):
            process.terminate()
            process.wait()

    def ask_mock(self, target):
        self.control.request("GET", target)
        return json.loads(self.control.getresponse().read())

    def begin_pass(self, number, first, count):
        self.ask_mock(f"/pass?number={number}&first={first}&count={count}")

    def mock_usage(self):
        stats = self.ask_mock("/stats")
        return {"http": stats["requests"], "connections": stats["connections"]}
