"""Readings of the machine: beacons of workers, /proc, exits. Linux only; nothing here starts or ends a process."""
import os
import select
import threading
import time


def now():
    """CLOCK_MONOTONIC in nanoseconds, the workers' clock."""
    return time.clock_gettime_ns(time.CLOCK_MONOTONIC)


class Beacon:
    """The file to which workers append "ID PID NANOSECONDS" as their first act."""

    def __init__(self, path):
        self.path = path
        open(path, "w").close()
        self.file = open(path, "rb")
        self.rest = b""
        self.last = {}
        self.fresh = set()
        self.since = 0

    def mark(self):
        """From now on counts anew; returns the time."""
        self.poll()
        self.fresh = set()
        self.since = now()
        return self.since

    def poll(self):
        data = self.file.read()
        if data:
            *lines, self.rest = (self.rest + data).split(b"\n")
            for line in lines:
                name, pid, at = line.decode().split()
                self.last[name] = (int(pid), int(at))
                if int(at) >= self.since and "." not in name:
                    self.fresh.add(name)

    def wait(self, condition, timeout):
        end = time.monotonic() + timeout
        while True:
            self.poll()
            if condition():
                return
            if time.monotonic() > end:
                raise TimeoutError("workers did not report in %d s (%d of them did)" % (timeout, len(self.fresh)))
            time.sleep(0.001)

    def wait_workers(self, count, timeout):
        """Waits for the first instructions of so many workers since mark(); returns the time of the last."""
        self.wait(lambda: len(self.fresh) >= count, timeout)
        return max(self.last[name][1] for name in self.fresh)

    def wait_change(self, name, pid, timeout):
        """Waits for another process of a worker; returns the time of its first instruction."""
        self.wait(lambda: self.last[name][0] != pid, timeout)
        return self.last[name][1]

    def pids(self):
        self.poll()
        return [pid for name, (pid, _) in self.last.items() if "." not in name]


class Exits:
    """Sees when processes end, by pidfd, from the moment it is made: whoever asks for the end may be busy until long after it.

    The thread of it looks five times a millisecond at all ends since, so that it takes no processor from who is measured.
    """

    PAUSE = 0.0002

    def __init__(self, pids):
        self.poll = select.epoll()
        self.open = []
        self.last = now()
        self.giving_up = threading.Event()
        for pid in pids:
            try:
                fd = os.pidfd_open(pid)
            except OSError:
                continue
            self.open.append(fd)
            # an end is told when it happens, and once more when it was waited for
            self.poll.register(fd, select.EPOLLIN | select.EPOLLET)
        self.living = set(self.open)
        self.thread = threading.Thread(target=self.watch, daemon=True)
        self.thread.start()

    def watch(self):
        while self.living and not self.giving_up.is_set():
            events = self.poll.poll(0.1, len(self.open))
            at, before = now(), len(self.living)
            self.living.difference_update(fd for fd, _ in events)
            if len(self.living) < before:
                self.last = at
            time.sleep(self.PAUSE)

    def wait(self, timeout):
        """Returns the time of the last exit and how many live on."""
        self.thread.join(timeout)
        self.giving_up.set()
        self.thread.join()
        for fd in self.open:
            os.close(fd)
        self.poll.close()
        return self.last, len(self.living)


def stat(pid):
    """The fields of /proc/PID/stat after the name, or None."""
    try:
        with open("/proc/%d/stat" % pid) as file:
            text = file.read()
        return text[text.rindex(")") + 2:].split()
    except (OSError, ValueError):
        return None


def alive(pid):
    fields = stat(pid)
    return fields is not None and fields[0] not in "ZX"


def executable(pid):
    try:
        return os.readlink("/proc/%d/exe" % pid)
    except OSError:
        return None


def family(pid, worker):
    """A supervisor and its helpers: the process and its descendants without the workers."""
    children = {}
    for name in os.listdir("/proc"):
        if name.isdigit():
            fields = stat(int(name))
            if fields:
                children.setdefault(int(fields[1]), []).append(int(name))
    found, todo = [], [pid]
    while todo:
        one = todo.pop()
        if executable(one) != worker:
            found.append(one)
            todo += children.get(one, [])
    return found


def memory(pids):
    """Sums: PSS and RSS in MiB, threads, open files, processes."""
    total = {"pss": 0.0, "rss": 0.0, "threads": 0, "files": 0, "processes": len(pids)}
    for pid in pids:
        try:
            with open("/proc/%d/smaps_rollup" % pid) as file:
                for line in file:
                    if line.startswith(("Pss:", "Rss:")):
                        total[line[:3].lower()] += int(line.split()[1]) / 1024
            total["threads"] += len(os.listdir("/proc/%d/task" % pid))
            total["files"] += len(os.listdir("/proc/%d/fd" % pid))
        except OSError:
            total["processes"] -= 1
    return total


def cpu_nanoseconds(pids):
    """CPU used so far, by threads that have ended too, to the nanosecond."""
    total = 0
    for pid in pids:
        try:
            # the clock of another process, see clock_getcpuclockid(3)
            total += time.clock_gettime_ns((~pid << 3) | 2)
        except OSError:
            pass
    return total


def load():
    return os.getloadavg()[0]
