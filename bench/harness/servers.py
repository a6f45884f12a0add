"""What a contender talks to: a Redis without persistence and the mock bookmaker, each on a free port of 127.0.0.1."""
import http.client
import json
import os
import socket
import ssl
import subprocess
import time

import redis as redis_py


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Servers:
    def __init__(self, folder):
        self.folder, self.mock_process = folder, None
        self.log = open(os.path.join(folder, "servers.log"), "w")
        self.redis_port = free_port()
        self.redis_socket = os.path.join(folder, "redis.sock")  # for the harness itself
        self.certificate, key = os.path.join(folder, "mock.pem"), os.path.join(folder, "mock-key.pem")
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
             "-keyout", key, "-out", self.certificate, "-days", "2", "-subj", "/CN=127.0.0.1",
             "-addext", "subjectAltName=IP:127.0.0.1"],
            stdout=self.log, stderr=self.log, check=True)
        self.redis_process = subprocess.Popen(
            ["redis-server", "--port", str(self.redis_port), "--bind", "127.0.0.1", "--unixsocket", self.redis_socket,
             "--save", "", "--appendonly", "no", "--dir", folder], stdout=self.log, stderr=self.log)
        self.redis = redis_py.Redis(unix_socket_path=self.redis_socket, decode_responses=True)
        for _ in range(500):
            try:
                self.redis.ping()
                return
            except redis_py.ConnectionError:
                time.sleep(0.02)
        self.close()
        raise SystemExit("redis-server did not start; see " + self.log.name)

    def start_mock(self, table):
        """Another bookmaker, as the table wants it; the one before ends."""
        self.stop_mock()
        command = [os.path.join(self.folder, "mock"), "--size", str(table.size), "--latency-ms", str(table.latency_ms)]
        command += ["--gzip"] if table.gzip else []
        command += ["--tls", self.certificate, os.path.join(self.folder, "mock-key.pem")] if table.tls else []
        self.mock_process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=self.log, text=True)
        self.mock_url = self.mock_process.stdout.readline().strip()
        self.mock_port = int(self.mock_url.rsplit(":", 1)[1])
        if table.tls:
            context = ssl.create_default_context(cafile=self.certificate)
            self.control = http.client.HTTPSConnection("127.0.0.1", self.mock_port, timeout=300, context=context)
        else:
            self.control = http.client.HTTPConnection("127.0.0.1", self.mock_port, timeout=300)

    def stop_mock(self):
        if self.mock_process:
            self.mock_process.terminate()
            self.mock_process.wait()

    def close(self):
        self.stop_mock()
        self.redis_process.terminate()
        self.redis_process.wait()

    def ask_mock(self, target):
        self.control.request("GET", target)
        return json.loads(self.control.getresponse().read())

    def begin_pass(self, number, first, count):
        self.ask_mock(f"/pass?number={number}&first={first}&count={count}")

    def mock_usage(self):
        stats = self.ask_mock("/stats")
        return {"http": stats["requests"], "connections": stats["connections"]}
