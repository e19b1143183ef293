"""What bench/rolling does: a node with a group of servers, clients that ask at a rate, and restarts meanwhile."""
import json
import multiprocessing
import os
import socket
import subprocess
import sys
import time

from .subjects import BENCH

CLIENTS = 8
PATIENCE = 10


def ask(port, rate, until, results):
    """One client: a new connection for each request, at a steady rate, or as fast as the answers come if that is slower."""
    counts = {"requests": 0, "refused": 0, "broken": 0, "slowest": 0.0}
    due = time.monotonic()
    while not until.is_set():
        due = max(due + 1 / rate, time.monotonic() - 1)
        wait = due - time.monotonic()
        if wait > 0:
            time.sleep(wait)
        word = b"%d-%d" % (os.getpid(), counts["requests"])
        counts["requests"] += 1
        begin = time.monotonic()
        try:
            with socket.create_connection(("127.0.0.1", port), PATIENCE) as connection:
                try:
                    connection.sendall(word)
                    answer = b""
                    for part in iter(lambda: connection.recv(1000), b""):
                        answer += part
                    good = answer.endswith(b" " + word)
                except OSError:
                    good = False
                counts["broken"] += not good
        except OSError:
            counts["refused"] += 1
        counts["slowest"] = max(counts["slowest"], time.monotonic() - begin)
    results.put(counts)


class Subject:
    """A supervisor with a group of servers."""

    def __init__(self, directory, instances):
        self.directory = directory
        self.instances = instances
        os.makedirs(directory)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]

    def await_others(self, before):
        limit = time.monotonic() + 300
        while True:
            now = self.pids()
            if len(now) == self.instances and not now & before:
                return
            if time.monotonic() > limit:
                raise RuntimeError("the instances were not replaced in 5 minutes")
            time.sleep(0.2)

    def run(self, rate, rounds):
        self.begin()
        until = multiprocessing.Event()
        results = multiprocessing.Queue()
        clients = [multiprocessing.Process(target=ask, args=(self.port, rate / CLIENTS, until, results)) for _ in range(CLIENTS)]
        try:
            self.await_others(set())
            begin = time.monotonic()
            for client in clients:
                client.start()
            for number in range(1, rounds + 1):
                before = self.pids()
                self.restart()
                self.await_others(before)
                before = self.pids()
                self.change(number)
                self.await_others(before)
            until.set()
            counts = [results.get() for _ in clients]
            seconds = time.monotonic() - begin
        finally:
            until.set()
            for client in clients:
                if client.pid:
                    client.join()
            self.end()
        row = {key: sum(one[key] for one in counts) for key in ("requests", "refused", "broken")}
        row.update(rate=row["requests"] / seconds, slowest=max(one["slowest"] for one in counts), replaced=2 * rounds * self.instances)
        return row


class Rolling(Subject):
    """A node."""

    def __init__(self, home, directory, shared, instances, overlap=False):
        super().__init__(directory, instances)
        self.program = os.path.join(home, "bin/millwright")
        self.shared = shared
        self.overlap = overlap
        self.configure(0)

    def configure(self, version):
        options = {"instances": self.instances, "ready": {"notify": True}, "env": {"vars": {"VERSION": str(version)}}}
        if self.shared:
            options["sockets"] = {"web": {"listen": "tcp:127.0.0.1:%d" % self.port}}
        if self.overlap:
            options["reload"] = {"mode": "overlap"}
        worker = {
            "type": "guest", "id": "web", "executable": sys.executable,
            "arguments": [os.path.join(BENCH, "src/rolling_server.py"), str(self.port)], "options": options}
        fresh = os.path.join(self.directory, "node.json.new")
        with open(fresh, "w") as out:
            json.dump({"version": 2, "controller": {"id": "rolling"}, "workers": [worker]}, out)
        os.rename(fresh, os.path.join(self.directory, "node.json"))

    def command(self, *words):
        return subprocess.run([self.program, *words], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, check=True, timeout=300).stdout

    def pids(self):
        """The pids of the instances that are ready."""
        rows = json.loads(self.command("-d", self.directory, "worker:list", "--json"))
        return {row["pid"] for row in rows if row["status"] == "started" and row.get("pid")}

    def begin(self):
        self.command("start", self.directory)

    def restart(self):
        self.command("-d", self.directory, "worker:restart", "web")

    def change(self, version):
        self.configure(version)

    def end(self):
        self.command("stop", self.directory)


class Pm2(Subject):
    """pm2 in cluster mode, where its own process listens and hands connections on; it replaces by `pm2 reload`."""

    def __init__(self, program, directory, instances):
        super().__init__(directory, instances)
        self.program = program
        self.environment = dict(os.environ, PM2_HOME=os.path.join(directory, "home"))

    def command(self, *words):
        return subprocess.run(
            [self.program, *words], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True, timeout=300,
            env=self.environment).stdout

    def configure(self, version):
        path = os.path.join(self.directory, "ecosystem.json")
        with open(path, "w") as out:
            json.dump({"apps": [{
                "name": "web", "script": os.path.join(BENCH, "src/rolling_server.js"), "exec_mode": "cluster", "instances": self.instances,
                "wait_ready": True, "listen_timeout": 20000, "kill_timeout": 20000,
                "env": {"ROLLING_PORT": str(self.port), "VERSION": str(version)}}]}, out)
        return path

    def pids(self):
        text = self.command("jlist").decode()
        rows = json.loads(text[text.index("["):])
        return {row["pid"] for row in rows if row["pm2_env"]["status"] == "online" and row.get("pid") and not row["name"].startswith("_old_")}

    def begin(self):
        self.command("start", self.configure(0))

    def restart(self):
        self.command("reload", "web")

    def change(self, version):
        self.command("reload", self.configure(version), "--update-env")

    def end(self):
        self.command("kill")
