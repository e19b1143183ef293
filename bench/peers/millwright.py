# Adapter for the peers' harness: a Millwright node with the default settings, driven by its command line as users do.
# Found through BENCH_ADAPTERS=bench/peers; MILLWRIGHT_HOME names the installation, else the one in run/target is taken.
import glob, json, os, sys
from lib import *

HOME = os.environ.get("MILLWRIGHT_HOME") or next(iter(sorted(glob.glob(
    os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../run/target/millwright-*/bin"), recursive=False))), "/nowhere/bin").rsplit("/", 1)[0]

STAMP = len("2026-01-01T00:00:00.000Z o ")


class Peer(PeerBase):
    name = "millwright"
    max_n = 5000
    watchdir = ROOT + "/millwright/node/watched"

    def available(self):
        return os.access(HOME + "/bin/millwright", os.X_OK)

    def prepare(self):
        self.node = self.dir + "/node"
        os.makedirs(self.watchdir)
        workers = []
        for i in range(self.n):
            # disabled is like a peer's "autostart = false": known to the node, started by start_all and not at boot
            options = {
                "restart": {"policy": "always", "delay": 0}, "stop": {"timeout": self.stop_timeout}, "disabled": not self.autostart}
            if self.kw.get("watch"):
                options["watch"] = {"directories": [self.watchdir], "debounce": 0}
            workers.append(dict(type="guest", id=f"w{i}", executable=WORKER, arguments=self.argv(i)[1:], options=options))
        with open(self.node + "/node.json", "w") as file:
            json.dump(dict(version=2, workers=workers), file)

    def start_daemon(self):
        self.popen([HOME + "/bin/millwright", "run", self.node])

    def ready(self):
        try:
            with open(self.node + "/run/ready") as file:
                return file.read().startswith(f"{self.proc.pid} ")
        except OSError:
            return False

    def command(self, *words, **kw):
        return self.run([HOME + "/bin/millwright", "-d", self.node, *words], **kw)

    def ids(self):
        # by name, because globs leave disabled workers alone
        return [f"w{i}" for i in range(self.n)]

    def start_all(self):
        self.command("worker:start", *self.ids())

    def stop_all(self):
        self.command("worker:stop", *self.ids())

    def log_files(self, i):
        return glob.glob(f"{self.node}/log/workers/w{i}.log*")

    def log_bytes(self, i):
        # the worker's own bytes: the stamps before its lines (logger MB LINE) do not count as captured output
        size = super().log_bytes(i)
        return size * self.wargs[2] // (self.wargs[2] + STAMP) if self.wargs[:1] == ["logger"] else size

    def read_log(self, i):
        return self.command("worker:log", "-n", "20", f"w{i}", stdout=subprocess.PIPE).stdout
