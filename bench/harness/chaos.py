"""What bench/soak does to a node, and the account it keeps of it."""
import collections
import glob
import json
import os
import random
import signal
import subprocess
import sys
import time

from .subjects import BENCH

SETTLED = 60
BUNDLES = ("Millwright file watcher", "Millwright guest worker type", "Millwright remote management", "Millwright shutdown triggers")


class Chaos:
    def __init__(self, home, root, seed, workers):
        self.program = os.path.join(home, "bin/millwright")
        self.random = random.Random(seed)
        self.directory = os.path.join(root, "node")
        self.ledgers = os.path.join(root, "ledgers")
        os.makedirs(self.directory)
        os.makedirs(self.ledgers)
        self.ids = ["w%02d" % i for i in range(workers)]
        self.extra = 0
        self.generation = {}
        self.stopped = set()
        self.done = collections.Counter()
        self.faults = []
        # (id, pid) -> list of exits that the node told of, by event or history
        self.told = collections.defaultdict(dict)
        self.runs_by_event = 0
        self.events = 0
        self.last_seq = 0
        self.life = None
        # runs that the node's own kill -9 took with it
        self.taken = set()
        self.node = None
        self.configure()

    # --- the node ---------------------------------------------------------------------------------------------------

    def configure(self):
        names = self.ids + ["x%02d" % i for i in range(self.extra)]
        workers = [{
            "type": "guest", "id": name, "executable": "perl",
            "arguments": [os.path.join(BENCH, "src/soak.pl"), self.ledgers, name, "1" if i % 3 == 0 else ""],
            "options": {
                "restart": {"policy": "always", "delay": "50ms", "max": "500ms"},
                "log": {"ring": 100, "keep": 1000, "max": {"size": "256KiB"}},
                "stop": {"timeout": "5s"},
                "env": {"vars": {"GENERATION": str(self.generation.get(name, 0))}}}} for i, name in enumerate(names)]
        document = {"version": 2, "controller": {"id": "soak", "options": {"history": {"size": 100000}}}, "workers": workers}
        fresh = os.path.join(self.directory, "node.json.new")
        with open(fresh, "w") as out:
            json.dump(document, out)
        os.rename(fresh, os.path.join(self.directory, "node.json"))

    def command(self, *words, expect=0, limit=120):
        try:
            done = subprocess.run(
                [self.program, "-d", self.directory, *words], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                stderr=subprocess.PIPE, timeout=limit)
        except subprocess.TimeoutExpired:
            self.fault("'%s' did not end in %d s" % (" ".join(words), limit))
            return ""
        if expect is not None and done.returncode != expect:
            self.fault("'%s' ended with %d: %s" % (" ".join(words), done.returncode, done.stderr.decode("utf-8", "replace").strip()[:300]))
        return done.stdout.decode("utf-8", "replace")

    def start(self):
        done = subprocess.run([self.program, "start", self.directory], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, timeout=300)
        if done.returncode != 0:
            raise RuntimeError("the node does not start: " + done.stdout.decode("utf-8", "replace"))
        with open(os.path.join(self.directory, "run/pid")) as pid:
            self.node = int(pid.read())
        self.last_seq = 0
        self.life = None

    def fault(self, text):
        self.faults.append("%s  %s" % (time.strftime("%H:%M:%S"), text))
        print("soak: LOST OR WRONG: " + text, flush=True)

    # --- what is asked of it ----------------------------------------------------------------------------------------

    def read_events(self):
        text = self.command("node:events", "--after", str(self.last_seq), "--json")
        if not text.strip():
            return
        page = json.loads(text)
        if page.get("lost"):
            self.fault("%s events were not kept until they were read" % page["lost"])
        for event in page["events"]:
            if self.life is None:
                self.life = event["node_life"]
            if event["node_life"] != self.life:
                self.fault("an event of another life: %s" % event)
            if event["seq"] != self.last_seq + 1 and not page.get("lost"):
                self.fault("after event %d came %d" % (self.last_seq, event["seq"]))
            self.last_seq = event["seq"]
            self.events += 1
            if event["topic"].endswith("/EXITED") and "worker_pid" in event:
                self.tell(event["worker_id"], event["worker_pid"], event.get("exit_code"), event.get("exit_signal"), "event")

    def read_history(self):
        for run in json.loads(self.command("worker:history", "--json") or "[]"):
            if run.get("pid"):
                self.tell(run["id"], run["pid"], run["exit"].get("code"), run["exit"].get("signal"), "history")

    def tell(self, worker, pid, code, sign, source):
        known = self.told[(worker, pid)]
        before = known.get("how")
        if before is not None and before != (code, sign):
            self.fault("%s of %s, pid %d, says %s, and earlier it was %s" % (source, worker, pid, (code, sign), before))
        known["how"] = (code, sign)
        known[source] = known.get(source, 0) + 1
        if source == "event" and known[source] > 1:
            self.fault("the exit of %s, pid %d, was told %d times" % (worker, pid, known[source]))

    # --- what is done to it -----------------------------------------------------------------------------------------

    def run(self, seconds):
        self.start()
        end = time.monotonic() + seconds
        deeds = [
            (40, self.signal_worker), (10, self.restart_worker), (10, self.stop_worker), (12, self.start_worker),
            (5, self.kill_worker), (8, self.flood), (6, self.change), (3, self.add_or_remove), (4, self.toggle_bundle),
            (1, self.restart_node), (1, self.kill_node)]
        names, weights = [deed for _, deed in deeds], [weight for weight, _ in deeds]
        # Each deed once in a short run too.
        first = [deed for deed in names if deed is not self.signal_worker]
        self.random.shuffle(first)
        read_at = 0
        while time.monotonic() < end:
            deed = first.pop() if first and self.random.random() < 0.3 else self.random.choices(names, weights)[0]
            deed()
            self.done[deed.__name__] += 1
            if time.monotonic() >= read_at:
                self.read_events()
                read_at = time.monotonic() + 0.5
            time.sleep(self.random.uniform(0.01, 0.2))
        self.settle()

    def living(self, worker=None):
        """The runs that live: (id, pid)."""
        found = []
        for path in glob.glob(os.path.join(self.ledgers, (worker or "*") + ".*")):
            name, run = os.path.basename(path).split(".", 1)
            pid = int(run.split("-")[0])
            if is_run(pid, name):
                found.append((name, pid))
        return found

    def pick(self):
        return self.random.choice(self.ids)

    def signal_worker(self):
        sign = self.random.choice([signal.SIGKILL, signal.SIGKILL, signal.SIGTERM, signal.SIGSEGV, signal.SIGINT])
        for _, pid in self.living(self.pick()):
            send(pid, sign)

    def flood(self):
        for _, pid in self.living(self.pick()):
            send(pid, signal.SIGUSR1)

    def restart_worker(self):
        self.command("worker:restart", self.pick(), expect=None)

    def stop_worker(self):
        worker = self.pick()
        if len(self.stopped) < len(self.ids) // 3:
            self.command("worker:stop", worker, expect=None)
            self.stopped.add(worker)

    def start_worker(self):
        if self.stopped:
            worker = self.random.choice(sorted(self.stopped))
            self.command("worker:start", worker, expect=None)
            self.stopped.discard(worker)

    def kill_worker(self):
        worker = self.pick()
        self.command("worker:kill", worker, expect=None)
        self.stopped.add(worker)

    def change(self):
        worker = self.pick()
        self.generation[worker] = self.generation.get(worker, 0) + 1
        self.configure()

    def add_or_remove(self):
        self.extra = self.random.randint(0, 4)
        self.configure()

    def toggle_bundle(self):
        name = self.random.choice(BUNDLES)
        for line in self.command("lb").splitlines():
            if "|" + name in line:
                number = line.split("|")[0].strip()
                self.command("felix:stop", number)
                time.sleep(self.random.uniform(0, 0.3))
                self.command("felix:start", number)
                return
        self.fault("there is no bundle '%s'" % name)

    def restart_node(self):
        self.read_events()
        done = subprocess.run([self.program, "restart", self.directory], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, timeout=300)
        if done.returncode != 0:
            self.fault("restart ended with %d: %s" % (done.returncode, done.stdout.decode("utf-8", "replace")[-300:]))
        self.last_seq, self.life = 0, None
        self.read_history()

    def kill_node(self):
        self.read_events()
        before = {(name, run) for name, run in self.all_runs() if self.is_living(name, run)}
        send(self.node, signal.SIGKILL)
        wait(lambda: not os.path.exists("/proc/%d" % self.node) or zombie(self.node), 30)
        gone = wait(lambda: not any(self.is_living(name, run) for name, run in before), 30)
        if not gone:
            self.fault("workers outlived their node")
        # What began between the look and the kill went with it too.
        self.taken |= before | {(name, run) for name, run in self.all_runs() if (name, int(run.split("-")[0])) not in self.told}
        self.start()
        self.read_history()

    def all_runs(self):
        for path in glob.glob(os.path.join(self.ledgers, "*.*")):
            name, run = os.path.basename(path).split(".", 1)
            yield name, run

    def is_living(self, name, run):
        return is_run(int(run.split("-")[0]), name)

    # --- the account ------------------------------------------------------------------------------------------------

    def settle(self):
        """Everything that is to run runs again; then the node ends in order."""
        for worker in sorted(self.stopped):
            self.command("worker:start", worker, expect=None)
        self.extra = 0
        self.configure()
        wanted = set(self.ids)

        def all_up():
            listed = json.loads(self.command("worker:list", "--json") or "[]")
            return {row["id"] for row in listed if row.get("state", row.get("status")) == "started"} == wanted

        if not wait(all_up, SETTLED, 1):
            self.fault("not every worker is started again:\n" + self.command("worker:list", "--all"))
        self.read_events()
        self.read_history()

    def end(self):
        if self.node is None:
            return
        subprocess.run([self.program, "stop", self.directory], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL, timeout=600)
        left = self.living()
        for name, pid in left:
            self.fault("%s, pid %d, outlived the node" % (name, pid))
            send(pid, signal.SIGKILL)

    def report(self):
        # Those that ran at the end are told of by the history that the node has left.
        with open(os.path.join(self.directory, "state/history.json")) as file:
            for run in json.load(file)["runs"]:
                if run.get("pid"):
                    self.tell(run["id"], run["pid"], run["exit"].get("code"), run["exit"].get("signal"), "file")
        lines, in_logs = 0, 0
        codes, signals, cut = 0, 0, 0
        logs = {}
        for name, run in sorted(self.all_runs()):
            with open(os.path.join(self.ledgers, name + "." + run)) as file:
                fields = file.read().split()
            wrote, exit_code = int(fields[0]), int(fields[2]) if fields[1] == "exit" else None
            if name not in logs:
                logs[name] = self.lines_of(name)
            found = logs[name].get(run, 0)
            lines += wrote
            in_logs += found
            taken = (name, run) in self.taken
            # A line is written before its number is: a kill may come in between.
            if found not in (wrote, wrote + 1):
                if taken and found < wrote:
                    cut += wrote - found
                else:
                    self.fault("%s, run %s, wrote %d lines, its log has %d" % (name, run, wrote, found))
            how = self.told.get((name, int(run.split("-")[0])), {}).get("how")
            if how is None:
                if not taken:
                    self.fault("nothing tells how %s, run %s, ended" % (name, run))
            elif exit_code is not None:
                codes += 1
                if how[0] != exit_code and how[1] is None:
                    self.fault("%s, run %s, ended with %d, and the node says %s" % (name, run, exit_code, how[0]))
            else:
                signals += 1
                if how[1] is None and not taken:
                    self.fault("%s, run %s, was ended by a signal, and the node says exit code %s" % (name, run, how[0]))
        print("done: " + ", ".join("%d %s" % (count, deed.replace("_", " ")) for deed, count in sorted(self.done.items())))
        print("accounted for: %d events, %d exits by code and %d by signal, %d log lines; %d runs ended with a killed node,"
              " and %d of their last lines with it" % (self.events, codes, signals, in_logs, len(self.taken), cut))
        print("lost or wrong: %d" % len(self.faults))
        for fault in self.faults:
            print("  " + fault)
        sys.stdout.flush()
        return len(self.faults)

    def lines_of(self, name):
        """By run how many lines there are, which must be 1, 2, 3 ... in that order."""
        counts = collections.Counter()
        base = os.path.join(self.directory, "log/workers", name + ".log")
        rotated = sorted((path for path in glob.glob(base + ".*") if path.rsplit(".", 1)[1].isdigit()),
                         key=lambda path: -int(path.rsplit(".", 1)[1]))
        for path in rotated + [base]:
            if not os.path.exists(path):
                continue
            with open(path, errors="replace") as file:
                for line in file:
                    words = line.split()
                    if len(words) != 4 or words[1] != "o":
                        if len(words) > 1 and words[1] == "o":
                            self.fault("%s has the line %r" % (path, line))
                        continue
                    run, number = words[2], int(words[3])
                    if number != counts[run] + 1:
                        self.fault("%s: after line %d of run %s comes %d" % (path, counts[run], run, number))
                    counts[run] = number
        return counts


def is_run(pid, name):
    try:
        with open("/proc/%d/cmdline" % pid, "rb") as file:
            words = file.read().split(b"\0")
    except OSError:
        return False
    return b"soak.pl" in b" ".join(words) and name.encode() in words and not zombie(pid)


def zombie(pid):
    try:
        with open("/proc/%d/stat" % pid) as file:
            return file.read().rsplit(")", 1)[1].split()[0] in "ZX"
    except OSError:
        return True


def send(pid, sign):
    try:
        os.kill(pid, sign)
    except ProcessLookupError:
        pass


def wait(condition, seconds, pause=0.05):
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() >= end:
            return False
        time.sleep(pause)
    return True
