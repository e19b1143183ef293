"""The peers' own harness, run step by step with our adapter: a peer that fails or stalls costs its cells and no more."""
import contextlib
import ctypes
import fcntl
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time

from . import readings, subjects
from .report import Report, number

PR_SET_CHILD_SUBREAPER = 36
#: the harness adds up the live threads, so a supervisor whose threads end seems to use less than nothing; this counts them, for every peer
CPU = """

def cpu_s(pids):
    t = 0
    for p in pids:
        try: t += time.clock_gettime_ns((~p << 3) | 2)
        except OSError: pass
    return t / 1e9
"""
FLOOR = "floorc"
#: step -> what the harness calls it; the last column says whether it is done for each N
STEPS = {
    "cold": ("cold", False),
    "workers": ("start,crash,log,stop,idle", True),
    "boot": ("boot", True),
    "logcap": ("logcap", False),
    "esc": ("esc", False),
    "tree": ("tree", False),
    "watch": ("watch", False),
}
#: the harness's scenario, its key, the figure, its unit, and how peers are shown: as ratio to the floor, as share, as they are
ROWS = [
    ("cold", "ready_ms", "start of the supervisor → ready", "ms", "plain"),
    ("cold", "pss_mib", "memory without workers (PSS, helpers included)", "MiB", "plain"),
    ("start", "ms", "start by one command → last first line", "ms", "ratio"),
    ("start", "cpu_s", "start by one command, CPU of the supervisor", "s", "ratio"),
    ("boot", "ms", "start of the supervisor → last first line (boot)", "ms", "ratio"),
    ("crash", "med_ms", "kill -9 → first line of the new process", "ms", "ratio"),
    ("stop", "ms", "stop by one command → last is dead", "ms", "ratio"),
    ("start", "pss_mib", "memory (PSS, helpers included)", "MiB", "plain"),
    ("start", "procs", "processes of the supervisor", "count", "plain"),
    ("start", "threads", "threads of the supervisor", "count", "plain"),
    ("idle", "cpu_pct", "idle CPU over 10 s", "% of a core", "plain"),
    ("readlog", "ms", "last lines of a worker's log by command", "ms", "plain"),
    ("log", "MBps", "log capture into a file", "MB/s", "share"),
    ("log", "cpu_s_per_100MB", "log capture, CPU per 100 MB", "s", "ratio"),
    ("escalate", "ms", "stop of one that ignores TERM, timeout 1 s → dead", "ms", "plain"),
    ("watch", "med_ms", "watch: file touched → first line of the new process", "ms", "plain"),
    ("tree", "grandchild_survives_crash", "a child of the worker survives its crash", "", "plain"),
    ("tree", "grandchild_survives_stop", "a child of the worker survives its stop", "", "plain"),
    ("tree", "worker_survives_daemon_kill9", "workers survive kill -9 of the supervisor", "", "plain"),
]


class PeerReport(Report):
    """Peers beside each other: the floor as measured, the others in ratio to it where that means something."""

    def __init__(self, home, peers):
        super().__init__("Millwright and its peers, measured by the peers' harness", home)
        self.columns = ["floor"] + peers
        self.forms = {}

    def take(self, record):
        """Adds what one line of the harness says."""
        subject = "floor" if record["peer"] == FLOOR else record["peer"]
        for scenario, key, name, unit, form in ROWS:
            if scenario == record["scen"] and record.get(key) is not None:
                figure = self.figure(name, unit, record.get("n"))
                figure.add(subject, record[key])
                self.forms[name] = form
                if key == "med_ms":
                    figure.reach(subject, record["min_ms"], record["max_ms"])

    def markdown(self):
        machine = self.machine()
        order = [name for _, _, name, _, _ in ROWS]
        lines = [
            "### " + self.title, "",
            "%s; %d cores, Linux %s, %s; load average median %.1f, max %.1f; %d s."
            % (machine["time"], machine["cores"], machine["kernel"], machine["java"],
               machine["load"]["median"], machine["load"]["max"], machine["seconds"]),
            "Medians, in brackets the least and the greatest. × is the ratio to the floor of the same run; for log capture the share of "
            "the floor's speed; without × as measured. –: it has no such thing, or see below.", "",
            "| figure | N | " + " | ".join(self.columns) + " |", "|---|---:|" + "---:|" * len(self.columns),
        ]
        for figure in sorted(self.figures.values(), key=lambda figure: (order.index(figure.name), figure.n or 0)):
            cells = [self.cell(figure, subject) for subject in self.columns]
            lines.append("| %s%s | %s | %s |" % (
                figure.name, ", " + figure.unit if figure.unit else "", figure.n or "", " | ".join(cells)))
        lines += [""] + ["* " + note for note in self.notes]
        return "\n".join(lines).rstrip() + "\n"

    def cell(self, figure, subject):
        form = "plain" if subject == "floor" else self.forms[figure.name]
        middle, base = figure.median(subject), figure.median("floor")
        if middle is None or form != "plain" and not base:
            return "–"
        if isinstance(figure.values[subject][0], bool):
            return "yes" if figure.values[subject][-1] else "no"
        low, high = figure.span(subject)
        if form != "plain":
            middle, low, high = middle / base, low / base, high / base
        text = ("×" if form == "ratio" else "") + number(middle)
        return text if low == high else "%s (%s–%s)" % (text, number(low), number(high))


def run(report, harness, steps, counts, reps, limit, lock=None):
    """Runs the steps for the floor and the report's peers; the results are in the report."""
    # what a killed supervisor leaves becomes our child and can be ended by pid
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    copy = build(harness)
    work = [(step, n) for step in steps for n in (counts if STEPS[step][1] else [None]) if (step, n) != ("boot", 1)]
    # what takes longest comes last: a run that is cut short has the rest
    for step, n in sorted(work, key=lambda one: (one[1] or 0) >= 1000):
        label = "%s of %d" % (step, n) if n else step
        for subject in report.columns:
            # so many at once take long: then a repetition is a step, and the time limit holds for one
            singly = (n or 0) >= 1000
            times = repetitions(subject, reps)
            for i in range(times if singly else 1):
                report.progress("%s, %s, %s" % (label, subject, "%d of %d" % (i + 1, times) if singly else "all %d" % times))
                names = STEPS[step][0] if i == 0 else STEPS[step][0].replace(",idle", "")
                with exclusive(lock):
                    failure = one(report, copy, subject, names, n, 1 if singly else times, limit)
                if failure:
                    report.note("%s, %s: %s" % (subject, label, failure))
                    break


def repetitions(subject, reps):
    # seconds for each command
    return 1 if subject == "pm2" else reps


@contextlib.contextmanager
def exclusive(path):
    """Holds a lock while a step runs, where several measure on one machine."""
    if not path:
        yield
        return
    with open(path, "a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def build(harness):
    """A copy, because the original may be read-only, with CPU read so that threads that have ended count."""
    copy = os.path.join(subjects.TARGET, "peers")
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(harness, copy)
    subprocess.run(["chmod", "-R", "u+rwX", copy], check=True)
    with open(os.path.join(copy, "lib.py"), "a") as library:
        library.write(CPU)
    subprocess.run(["sh", "build.sh"], cwd=copy, check=True)
    return copy


def one(report, copy, subject, scenarios, n, reps, limit):
    """One step of one peer; returns why it has no result, or None."""
    root = tempfile.mkdtemp(prefix="millwright-bench-", dir="/dev/shm" if os.access("/dev/shm", os.W_OK) else None)
    results, errors = os.path.join(root, "results"), os.path.join(root, "errors")
    environment = {
        **os.environ, "BENCH_ADAPTERS": os.path.join(subjects.BENCH, "peers"), "MILLWRIGHT_HOME": report.home,
        "PSB_RUNROOT": os.path.join(root, "run"), "PSB_WAIT": str(limit // 2), "PSB_REPS1000": str(reps), "TMPDIR": root}
    if "PM2_BIN" not in os.environ and shutil.which("pm2"):
        environment["PM2_BIN"] = os.path.realpath(shutil.which("pm2"))
    command = [sys.executable, "bench.py", FLOOR if subject == "floor" else subject, "--scen", scenarios, "--n", str(n or 1),
               "--reps", str(reps), "--idle", "10", "--kills", "7", "--out", results]
    try:
        with open(errors, "w") as err:
            process = subprocess.Popen(command, cwd=copy, env=environment, stdin=subprocess.DEVNULL,
                                       stdout=subprocess.DEVNULL, stderr=err, start_new_session=True)
        ended = finish(process, limit)
        report.loads.append(readings.load())
        records = [json.loads(line) for line in open(results)] if os.path.exists(results) else []
        for record in records:
            report.take(record)
        return reason(ended, records, open(errors).read().strip(), limit)
    finally:
        end_descendants()
        shutil.rmtree(root, ignore_errors=True)


def reason(ended, records, errors, limit):
    if not ended:
        return "took more than %d s" % limit
    if "not available" in errors:
        return "is not installed"
    if errors:
        return errors.splitlines()[-1]
    late = [record for record in records if "ms" in record and record["ms"] is None]
    if late:
        return "only %s of %s workers came in %d s" % (late[0].get("got"), late[0].get("n"), limit // 2)
    return None


def finish(process, limit):
    """Waits for the harness; one that takes too long is asked to end, which takes its peer down, and then killed."""
    if ends(process, limit):
        return True
    process.send_signal(signal.SIGINT)
    if not ends(process, 40):
        process.kill()
        ends(process, 10)
    return False


def ends(process, seconds):
    """Waits for the process and reaps what has become our child meanwhile."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            while (reaped := os.waitpid(-1, os.WNOHANG))[0] > 0:
                if reaped[0] == process.pid:
                    process.returncode = os.waitstatus_to_exitcode(reaped[1])
                    return True
        except ChildProcessError:
            return True
        time.sleep(0.05)
    return False


def end_descendants():
    """Kills what is left, by pid, until nothing is: supervisors first, so that none starts another worker."""
    for _ in range(100):
        left = [pid for pid in readings.family(os.getpid(), None) if pid != os.getpid() and readings.alive(pid)]
        for pid in left:
            with contextlib.suppress(OSError):
                os.kill(pid, signal.SIGKILL)
        with contextlib.suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0] > 0:
                pass
        if not left:
            return
        time.sleep(0.05)
