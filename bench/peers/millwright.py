# Adapter for the peers' harness: a Millwright node with the default settings, driven by its command line as users do.
# Found through BENCH_ADAPTERS=bench/peers; MILLWRIGHT_HOME names the installation, else the one in run/target is taken.
import glob, json, os, sys
from lib import *

HOME = os.environ.get("MILLWRIGHT_HOME") or next(iter(sorted(glob.glob(
    os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../run/target/millwright-*/bin"), recursive=False))), "/nowhere/bin").rsplit("/", 1)[0]


class Peer(PeerBase):
    name = "millwright"
    max_n = 5000
    watchdir = ROOT + "/millwright/node/watched"

    def available(self):
        return os.access(HOME + "/bin/millwright", os.X_OK)

    def prepare(self):
        self.node = self.dir + "/node"
        os.makedirs(self.watchdir)
        self.workers = []
        for i in range(self.n):
            options = {"restart": {"policy": "always", "delay": 0}, "stop": {"timeout": self.stop_timeout}}
            if self.kw.get("watch"):
                options["watch"] = {"directories": [self.watchdir], "debounce": 0}
            self.workers.append(dict(type="guest", id=f"w{i}", executable=WORKER, arguments=self.argv(i)[1:], options=options))
        self.write(self.workers)

    def write(self, workers):
        with open(self.node + "/node.json", "w") as file:
            json.dump(dict(version=2, workers=workers), file)

    def start_daemon(self):
        self.popen([HOME + "/bin/millwright", "run", self.node])
        if not self.autostart:
            # a configured worker is started at boot: let it, then stop all, so that start_all is one command for known workers
            self.beacon.wait_n(self.n, 240)
            self.command("worker:stop", "w*")
            self.beacon.poll()
            self.beacon.last.clear()

    def ready(self):
        try:
            with open(self.node + "/run/ready") as file:
                return file.read().startswith(f"{self.proc.pid} ")
        except OSError:
            return False

    def command(self, *words, **kw):
        return self.run([HOME + "/bin/millwright", "-d", self.node, *words], **kw)

    def start_all(self):
        self.command("worker:start", "w*")

    def stop_all(self):
        self.command("worker:stop", "w*")

    def log_files(self, i):
        return glob.glob(f"{self.node}/log/workers/w{i}.log*")

    def read_log(self, i):
        return self.command("worker:log", "-n", "20", f"w{i}", stdout=subprocess.PIPE).stdout
