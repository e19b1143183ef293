"""The scenarios. Each adds values to figures of a report and leaves nothing running."""
import os
import random
import shutil
import statistics
import tempfile
import time

from . import readings
from .readings import Exits, cpu_nanoseconds, memory, now
from .subjects import WORKER, Floor, Node, elapsed_ms

WAIT = 240
# The threads of the node's pools end after ten idle seconds.
POOLS_SHRINK = 12


def fresh(root, kind, *arguments, **options):
    """A subject in a directory of its own."""
    return kind(tempfile.mkdtemp(prefix=kind.name + "-", dir=root), *arguments, **options)


# --- start-up --------------------------------------------------------------------------------------------------------

def startup(report, root, home, reps):
    """exec of "bin/millwright run" to the first instruction of its one worker, first with nothing but node.json there and no archive."""
    cold = report.figure("exec of `bin/millwright run` → first instruction, cold", "ms", goal="≤ 1200")
    warm = report.figure("exec of `bin/millwright run` → first instruction, warm", "ms", goal="≤ 800 (500)")
    floor = report.figure("exec of the floor → first instruction", "ms")
    with fresh(root, Node, home) as node:
        node.configure(1)
        for i in range(reps):
            node.forget_everything()
            cold.add("millwright", first_instruction(node, archive=False))
            warm.add("millwright", first_instruction(node))
    for i in range(reps):
        began = now()
        with fresh(root, Floor) as bare:
            bare.beacon.mark()
            bare.start_all(1)
            floor.add("floor", elapsed_ms(began, bare.beacon.wait_workers(1, WAIT)))


def first_instruction(node, archive=True):
    began = node.beacon.mark()
    node.exec(archive)
    first = node.beacon.wait_workers(1, WAIT)
    node.await_ready()
    node.finish()
    return elapsed_ms(began, first)


def idle_node(report, root, home, reps, with_cpu):
    """A node without workers: memory and threads, and how long a command takes."""
    with fresh(root, Node, home) as node:
        node.configure(0)
        node.exec()
        node.await_ready()
        time.sleep(POOLS_SHRINK)
        footprint(report, node, 0)
        if with_cpu:
            idle_cpu(report, node, 0, 10)
        report.backend = node.backend()
        commands(report, node, 0, reps)


def commands(report, node, n, reps):
    for words, goal in ((("node:status",), "≤ 60 (20)"), (("worker:list",), None)):
        row = report.figure("command line round trip, `%s`" % words[0], "ms", n, goal=goal)
        for _ in range(reps):
            began = now()
            node.command(*words)
            row.add(node.name, elapsed_ms(began))


# --- N workers -------------------------------------------------------------------------------------------------------

def workers(report, root, home, n, reps, kills, with_cpu=True, storm=True):
    """Boot, start, crash and stop of n workers, the two subjects in turn."""
    with fresh(root, Node, home) as node:
        node.configure(n)
        began = node.beacon.mark()
        node.exec()
        boot = report.figure("exec of `bin/millwright run` → last first instruction (boot)", "ms", n)
        boot.add(node.name, elapsed_ms(began, node.beacon.wait_workers(n, WAIT)))
        node.await_ready()
        if report.backend == "?":
            report.backend = node.backend()
        time.sleep(1)
        stop(report, node, n)
        with fresh(root, Floor) as floor:
            for i in range(reps):
                for subject in (floor, node):
                    report.progress("n=%d, repetition %d of %d, %s" % (n, i + 1, reps, subject.name))
                    start(report, subject, n)
                    time.sleep(0.5)
                    crash(report, subject, n, kills)
                    if storm and n > 1:
                        crash_storm(report, subject, n)
                    if i == reps - 1:
                        time.sleep(POOLS_SHRINK)
                        footprint(report, subject, n)
                        if with_cpu:
                            idle_cpu(report, subject, n, 10)
                        if subject is node:
                            commands(report, node, n, 5)
                    stop(report, subject, n)
        shutdown(report, node, n)


GOALS = {1: None, 100: "≤ ×2.0 (1.3)", 1000: "≤ ×1.8 (1.3)"}


def start(report, subject, n):
    began = subject.beacon.mark()
    used = cpu_nanoseconds([subject.process.pid])
    subject.start_all(n)
    answered = now()
    last = subject.beacon.wait_workers(n, WAIT)
    report.figure("start by one command → last first instruction", "ms", n, GOALS.get(n)).add(subject.name, elapsed_ms(began, last))
    report.figure("start by one command → command is back", "ms", n).add(subject.name, elapsed_ms(began, answered))
    report.figure("start by one command, CPU of the supervisor", "s", n).add(
        subject.name, (cpu_nanoseconds([subject.process.pid]) - used) / 1e9)


def stop(report, subject, n):
    exits = Exits(subject.beacon.pids())
    began = now()
    subject.stop_all()
    answered = now()
    last, left = exits.wait(WAIT)
    if left:
        report.note("%s: %d of %d workers were not stopped" % (subject.name, left, n))
    report.figure("stop by one command → last is dead", "ms", n, "≤ ×2 (1.3)" if n >= 100 else None).add(
        subject.name, elapsed_ms(began, last))
    report.figure("stop by one command → command is back", "ms", n).add(subject.name, elapsed_ms(began, answered))


def crash(report, subject, n, kills):
    """kill -9 of one of n, to the first instruction of its new process; others each time where there are so many."""
    row = report.figure("crash of one → first instruction of the new process", "ms", n, "≤ ×1.5 (1.2)" if n >= 100 else None)
    for i in random.sample(range(n), min(kills, n)):
        name = str(i)
        pid = subject.beacon.last[name][0]
        time.sleep(0.05)
        began = now()
        os.kill(pid, 9)
        row.add(subject.name, elapsed_ms(began, subject.beacon.wait_change(name, pid, WAIT)))
        subject.beacon.poll()


def crash_storm(report, subject, n):
    """kill -9 of all n at once, to the first instruction of the last new process."""
    pids = subject.beacon.pids()
    began = subject.beacon.mark()
    for pid in pids:
        os.kill(pid, 9)
    report.figure("crash of all at once → last first instruction", "ms", n).add(
        subject.name, elapsed_ms(began, subject.beacon.wait_workers(n, WAIT)))
    time.sleep(0.5)


def footprint(report, subject, n):
    """PSS and RSS in MiB and threads of supervisor and helpers, without the workers."""
    reading = memory(subject.family())
    goal = {0: "≤ 90 (70)", 1000: "≤ 110 (85)"}.get(n)
    report.figure("memory (PSS)", "MiB", n, goal).add(subject.name, reading["pss"])
    report.figure("memory (RSS)", "MiB", n).add(subject.name, reading["rss"])
    report.figure("threads, helpers included", "count", n, "as with 0" if n else None).add(subject.name, reading["threads"])
    report.figure("open files, helpers included", "count", n).add(subject.name, reading["files"])


def idle_cpu(report, subject, n, seconds):
    family = subject.family()
    before, began = cpu_nanoseconds(family), now()
    time.sleep(seconds)
    share = (cpu_nanoseconds(family) - before) / (now() - began) * 100
    report.figure("idle CPU over %d s" % seconds, "% of a core", n, "< 0.1 (0.02)").add(subject.name, share)


def shutdown(report, node, n):
    """TERM to a node with n running workers, until the last of them is dead."""
    node.beacon.mark()
    node.start_all(n)
    node.beacon.wait_workers(n, WAIT)
    exits = Exits(node.beacon.pids())
    began = now()
    node.ask_to_end()
    last, left = exits.wait(WAIT)
    if left:
        report.note("node's shutdown left %d of %d workers" % (left, n))
    report.figure("TERM to the node with N running → last is dead", "ms", n).add(node.name, elapsed_ms(began, last))
    node.process.wait(WAIT)
    report.figure("TERM to the node with N running → node is gone", "ms", n).add(node.name, elapsed_ms(began))


# --- output, watching, escalation --------------------------------------------------------------------------------------

def capture(report, root, home, reps, megabytes=100):
    """One worker that writes 100-byte lines as fast as they are taken. The floor copies bytes and looks at nothing. In turns,
    so that both have the same moments of the machine."""
    size = megabytes * 1000000
    with fresh(root, Node, home) as node:
        node.configure(0)
        node.exec()
        node.await_ready()
        have_memory(root, 10 * megabytes)
        for i in range(reps):
            with fresh(root, Floor, arguments=("flood", megabytes)) as floor:
                have_memory(root, 2 * megabytes)
                flood(report, ("stamped", "raw"), floor, "0", lambda: floor.start_all(1),
                      lambda: floor.log_bytes("0") >= size, size)
            # its files stay in memory otherwise, and the next flood gets memory that nobody used before
            shutil.rmtree(floor.dir)
            for form in ("stamped", "raw"):
                name = "%s%d" % (form, i)
                have_memory(root, 2 * megabytes)
                flood(report, (form,), node, name, lambda: node.command(
                    "worker:start", name, "guest", "log.format=" + form, "--",
                    WORKER, name, node.beacon.path, "flood", str(megabytes)), lambda: has_lines(node, name, size // 100), size)
                node.command("worker:stop", name)
                for path in node.log_files(name):
                    os.unlink(path)


def have_memory(root, megabytes):
    """Has the machine find the memory for files now: a virtual one takes pages from its host at their first use, which costs
    several times what is measured, whoever is first."""
    path = os.path.join(root, "memory")
    with open(path, "wb", buffering=0) as file:
        for _ in range(megabytes):
            file.write(bytes(1000000))
    os.unlink(path)


def flood(report, forms, subject, name, begin, complete, size):
    begin()
    subject.beacon.wait(lambda: name in subject.beacon.last, WAIT)
    # the worker waits longer: what its start costs is not log capture
    time.sleep(0.3)
    used = cpu_nanoseconds(subject.family())
    subject.beacon.wait(lambda: name + ".end" in subject.beacon.last, WAIT)
    time.sleep(0.2)
    used = (cpu_nanoseconds(subject.family()) - used) / 1e9
    beacons = subject.beacon.last
    rate = size / 1e6 / ((beacons[name + ".end"][1] - beacons[name + ".begin"][1]) / 1e9)
    for form in forms:
        goal = "≥ 0.65 (0.9)" if form == "stamped" else "≥ 0.8 (0.9)"
        report.figure("log capture, %s" % form, "MB/s of the worker's", goal=goal, inverse=True).add(subject.name, rate)
        report.figure("log capture, %s, CPU per 100 MB" % form, "s", goal="≤ ×2").add(subject.name, used * 1e8 / size)
    end = time.monotonic() + 10
    while not complete():
        if time.monotonic() > end:
            report.note("log capture, %s: lines are missing" % name)
            break
        time.sleep(0.05)


def has_lines(node, name, count):
    """Whether the worker's lines and the one of its beacon are in the files, rotated ones included."""
    lines = 0
    for path in node.log_files(name):
        with open(path, "rb") as file:
            while chunk := file.read(1 << 20):
                lines += chunk.count(b"\n")
    return lines >= count + 1


def watch(report, root, home, reps):
    """A file in a watched directory is written, to the first instruction of the new process; debounce 0."""
    row = report.figure("watch: file touched → first instruction of the new process", "ms", goal="≤ ×2 of the crash")
    with fresh(root, Node, home) as node:
        watched = os.path.join(node.dir, "watched")
        os.mkdir(watched)
        node.configure(1, options={**node.always, "watch": {"directories": [watched], "debounce": 0}})
        node.exec()
        node.await_ready()
        node.beacon.wait(lambda: "0" in node.beacon.last, WAIT)
        time.sleep(2)
        for i in range(reps):
            pid = node.beacon.last["0"][0]
            began = now()
            with open(os.path.join(watched, "file"), "a") as file:
                file.write("%d\n" % i)
            row.add(node.name, elapsed_ms(began, node.beacon.wait_change("0", pid, 30)))
            time.sleep(1)
            node.beacon.poll()


def escalation(report, root, home, reps):
    """A worker that ignores TERM, with a stop timeout of a second, until it is dead."""
    row = report.figure("stop of one that ignores TERM, timeout 1 s → dead", "ms")
    with fresh(root, Node, home) as node:
        node.configure(1, ("stubborn",), {"stop": {"timeout": "1s"}})
        node.exec()
        node.await_ready()
        with fresh(root, Floor, arguments=("stubborn",)) as floor:
            floor.start_all(1)
            for i in range(reps):
                for subject in (floor, node):
                    subject.beacon.wait(lambda: "0" in subject.beacon.last and readings.alive(subject.beacon.last["0"][0]), WAIT)
                    exits = Exits([subject.beacon.last["0"][0]])
                    began = now()
                    subject.stop_all(timeout=1)
                    last, _ = exits.wait(30)
                    row.add(subject.name, elapsed_ms(began, last))
                    subject.beacon.mark()
                    subject.start_all(1)
                    subject.beacon.wait_workers(1, WAIT)


def crash_median(report, n):
    row = report.figures.get(("crash of one → first instruction of the new process", n))
    return statistics.median(row.values["millwright"]) if row and row.values.get("millwright") else None
