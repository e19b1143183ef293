"""The two supervisors that are compared: the floor in C and a Millwright node. Both start the same workers.

Each ends what it started, by pid, whatever happened in between.
"""
import glob
import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time

from . import readings
from .readings import Beacon, now

BENCH = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
TARGET = os.path.join(BENCH, "target")
WORKER = os.path.join(TARGET, "worker")
FLOOR = os.path.join(TARGET, "floor")
PATIENCE = 120


def build():
    """Compiles worker and floor where they are older than their sources."""
    os.makedirs(TARGET, exist_ok=True)
    for name in ("worker", "floor"):
        source, program = os.path.join(BENCH, "src", name + ".c"), os.path.join(TARGET, name)
        if os.path.exists(program) and os.path.getmtime(program) >= os.path.getmtime(source):
            continue
        command = [os.environ.get("CC", "gcc"), "-O2", "-Wall", "-o", program, source]
        # static: the start of a worker is then the kernel's work and the supervisor's, not the dynamic linker's
        if subprocess.run(command + ["-static"], stderr=subprocess.DEVNULL).returncode != 0:
            subprocess.run(command, check=True)


def find_home(given=None):
    """The installation that is measured: the argument, $MILLWRIGHT_HOME, or the one built in run/target."""
    if given or os.environ.get("MILLWRIGHT_HOME"):
        home = given or os.environ["MILLWRIGHT_HOME"]
    else:
        built = sorted(glob.glob(os.path.join(os.path.dirname(BENCH), "run/target/millwright-*/bin/millwright")))
        if not built:
            sys.exit("bench: there is no distribution in run/target; run 'mvn package -DskipTests' or give --home DIR")
        home = os.path.dirname(os.path.dirname(built[-1]))
    if not os.access(os.path.join(home, "bin/millwright"), os.X_OK):
        sys.exit("bench: %s has no bin/millwright" % home)
    return os.path.abspath(home)


def make_archive(home):
    """What whoever installs a node does once; without the right to write there nodes start without it."""
    if not glob.glob(os.path.join(home, "lib/classes-*")):
        subprocess.run([os.path.join(home, "bin/millwright"), "archive"], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)


def raise_file_limit():
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return hard


def scratch():
    """A new directory for one run, in memory where there is /dev/shm: disks are not what is measured."""
    shared = "/dev/shm"
    return tempfile.mkdtemp(prefix="millwright-bench-", dir=shared if os.access(shared, os.W_OK) else None)


class Subject:
    """What both have: a directory, a beacon, a main process."""

    name = "?"

    def __init__(self, root, label):
        self.dir = os.path.join(root, label)
        os.makedirs(self.dir)
        self.beacon = Beacon(os.path.join(root, label + ".beacon"))
        self.process = None
        self.rest = []

    def family(self):
        return readings.family(self.process.pid, WORKER)

    def finish(self):
        """Ends the supervisor and everything it may have left; returns how many workers it left."""
        if self.process is None:
            return 0
        helpers = self.family() if self.process.poll() is None else []
        self.ask_to_end()
        try:
            self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(10)
        self.process = None
        end = time.monotonic() + 10
        # the node's watchdog ends a moment after the node
        while time.monotonic() < end and any(readings.alive(pid) for pid in helpers):
            time.sleep(0.02)
        left = [pid for pid in self.beacon.pids() if readings.alive(pid) and readings.executable(pid) == WORKER]
        for pid in left + [pid for pid in helpers if readings.alive(pid)]:
            try:
                os.kill(pid, signal.SIGKILL)
            except OSError:
                pass
        return len(left)

    def __enter__(self):
        return self

    def __exit__(self, *failure):
        left = self.finish()
        if left:
            print("bench: %s left %d workers behind" % (self.name, left), file=sys.stderr)


class Floor(Subject):
    """src/floor.c, driven over its standard input."""

    name = "floor"

    def __init__(self, root, label="floor", arguments=()):
        super().__init__(root, label)
        self.process = subprocess.Popen(
            [FLOOR, WORKER, self.beacon.path, self.dir, *map(str, arguments)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True)
        self.answer()

    def answer(self):
        if self.process.stdout.readline() != b"ok\n":
            raise RuntimeError("the floor has ended")

    def ask(self, command):
        self.process.stdin.write(command.encode() + b"\n")
        self.process.stdin.flush()
        self.answer()

    def start_all(self, count):
        self.ask("start %d" % count)

    def stop_all(self, timeout=20):
        self.ask("stop %d" % (timeout * 1000))

    def log_bytes(self, name):
        return os.path.getsize(os.path.join(self.dir, name + ".log"))

    def ask_to_end(self):
        self.process.stdin.close()


class Node(Subject):
    """A Millwright node, driven by its command line as a user does."""

    name = "millwright"
    always = {"restart": {"policy": "always", "delay": 0}}

    def __init__(self, root, home, label="node"):
        super().__init__(root, label)
        self.home = home
        self.program = os.path.join(home, "bin/millwright")

    def configure(self, count, arguments=(), options=None):
        """Writes node.json with the workers w0 ... of the ids' numbers."""
        workers = [
            {
                "type": "guest", "id": "w%d" % i, "executable": WORKER,
                "arguments": [str(i), self.beacon.path, *map(str, arguments)],
                "options": self.always if options is None else options,
            }
            for i in range(count)
        ]
        with open(os.path.join(self.dir, "node.json"), "w") as file:
            json.dump({"version": 2, "workers": workers}, file)

    def forget_everything(self):
        """As on the first day: only the configuration is left in the node directory."""
        for name in os.listdir(self.dir):
            if name != "node.json":
                shutil.rmtree(os.path.join(self.dir, name), ignore_errors=True)

    def exec(self, archive=True):
        """Executes bin/millwright run, with the class-data archive if there is one; does not wait."""
        environment = dict(os.environ)
        if not archive:
            environment["MILLWRIGHT_JAVA_OPTS"] = environment.get("MILLWRIGHT_JAVA_OPTS", "") + " -Xshare:auto"
        with open(os.path.join(os.path.dirname(self.dir), "node.out"), "ab") as out:
            self.process = subprocess.Popen(
                [self.program, "run", self.dir], stdin=subprocess.DEVNULL, stdout=out, stderr=out, start_new_session=True,
                env=environment)

    def await_ready(self):
        ready = os.path.join(self.dir, "run/ready")
        end = time.monotonic() + PATIENCE
        while not (os.path.exists(ready) and open(ready).read().startswith("%d " % self.process.pid)):
            if self.process.poll() is not None:
                raise RuntimeError("the node ended:\n" + self.output())
            if time.monotonic() > end:
                raise TimeoutError("the node is not ready in %d s" % PATIENCE)
            time.sleep(0.002)

    def output(self):
        with open(os.path.join(os.path.dirname(self.dir), "node.out"), errors="replace") as file:
            return file.read()[-2000:]

    def command(self, *words):
        """One command of the command line; returns its output."""
        done = subprocess.run(
            [self.program, "-d", self.dir, *words], stdin=subprocess.DEVNULL, capture_output=True, timeout=2 * PATIENCE)
        if done.returncode != 0:
            raise RuntimeError("%s: exit %d: %s" % (" ".join(words), done.returncode, done.stderr.decode()[-1000:]))
        return done.stdout.decode()

    def start_all(self, count):
        self.command("worker:start", "w*")

    def stop_all(self, timeout=20):
        self.command("worker:stop", "w*")

    def log_files(self, name):
        return glob.glob(os.path.join(self.dir, "log/workers", name + ".log*"))

    def log_bytes(self, name):
        return sum(map(os.path.getsize, self.log_files(name)))

    def ask_to_end(self):
        self.process.terminate()

    def backend(self):
        """What the node says of its process backend."""
        return json.loads(self.command("node:status", "--json")).get("backend", "?")


def elapsed_ms(start, end=None):
    return ((now() if end is None else end) - start) / 1e6
