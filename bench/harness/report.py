"""Collects values of figures and prints them: Markdown with ratios to the floor and spread, and JSON."""
import json
import os
import platform
import statistics
import subprocess
import sys
import time

from . import readings


class Figure:
    """One row: what it is, and the values of each subject."""

    def __init__(self, name, unit, n=None, goal=None, inverse=False):
        self.name, self.unit, self.n, self.goal, self.inverse = name, unit, n, goal, inverse
        self.values = {}
        self.reached = {}

    def add(self, subject, *values):
        self.values.setdefault(subject, []).extend(values)

    def reach(self, subject, *values):
        """Values that are known to have been there, but not how many of each: they count for the spread alone."""
        self.reached.setdefault(subject, []).extend(values)

    def span(self, subject):
        values = self.values[subject] + self.reached.get(subject, [])
        return min(values), max(values)

    def median(self, subject):
        values = self.values.get(subject)
        return statistics.median(values) if values else None

    def ratio(self, subject="millwright"):
        """Subject to floor; for rates, floor to subject would read badly, so it is the share reached."""
        ours, floor = self.median(subject), self.median("floor")
        return ours / floor if ours is not None and floor else None


class Report:
    """All figures of one run, in the order they were first named."""

    def __init__(self, title, home):
        self.title, self.home = title, home
        self.figures = {}
        self.notes = []
        self.loads = [readings.load()]
        self.began = time.time()
        self.backend = "?"

    def figure(self, name, unit, n=None, goal=None, inverse=False):
        return self.figures.setdefault((name, n), Figure(name, unit, n, goal, inverse))

    def note(self, text):
        self.notes.append(text)
        print("bench: " + text, file=sys.stderr, flush=True)

    def progress(self, text):
        self.loads.append(readings.load())
        print("bench: [%4.0f s, load %.1f] %s" % (time.time() - self.began, self.loads[-1], text), file=sys.stderr, flush=True)

    def machine(self):
        java = os.path.join(os.environ["JAVA_HOME"], "bin/java") if os.environ.get("JAVA_HOME") else "java"
        done = subprocess.run([java, "-version"], capture_output=True)
        version = (done.stderr.decode().splitlines() or ["?"])[0]
        return {
            "cores": os.cpu_count(), "kernel": platform.release(), "arch": platform.machine(), "java": version,
            "load": {"median": round(statistics.median(self.loads), 2), "max": round(max(self.loads), 2)},
            "seconds": round(time.time() - self.began), "backend": self.backend,
            "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(self.began)),
        }

    def markdown(self):
        machine = self.machine()
        lines = [
            "### " + self.title, "",
            "%s; %d cores, Linux %s, %s; backend: %s; load average median %.1f, max %.1f; %d s."
            % (machine["time"], machine["cores"], machine["kernel"], machine["java"], self.backend,
               machine["load"]["median"], machine["load"]["max"], machine["seconds"]),
            "Medians, in brackets the least and the greatest of so many values. The ratio is Millwright's to the floor's.", "",
            "| figure | N | floor | Millwright | ratio | goal |", "|---|---:|---:|---:|---:|---|",
        ]
        for figure in self.figures.values():
            ratio = figure.ratio()
            lines.append("| %s, %s | %s | %s | %s | %s | %s |" % (
                figure.name, figure.unit, "" if figure.n is None else figure.n, cell(figure.values.get("floor")),
                cell(figure.values.get("millwright")), "" if ratio is None else ("%.2f" % ratio if figure.inverse else "×%.2f" % ratio),
                figure.goal or ""))
        lines += [""] + ["* " + note for note in self.notes]
        return "\n".join(lines).rstrip() + "\n"

    def write(self, path):
        rows = [
            {
                "figure": figure.name, "unit": figure.unit, "n": figure.n, "goal": figure.goal, "ratio": figure.ratio(),
                "subjects": {
                    subject: {
                        "median": statistics.median(values), "min": figure.span(subject)[0], "max": figure.span(subject)[1],
                        "ratio": figure.ratio(subject), "values": values}
                    for subject, values in figure.values.items() if values
                },
            }
            for figure in self.figures.values()
        ]
        with open(path, "w") as file:
            json.dump({"title": self.title, "machine": self.machine(), "figures": rows, "notes": self.notes}, file, indent=1)


def cell(values):
    if not values:
        return "–"
    text = number(statistics.median(values))
    if len(values) > 1:
        text += " (%s–%s, %d)" % (number(min(values)), number(max(values)), len(values))
    return text


def number(value):
    if value == 0:
        return "0"
    for limit, digits in ((100, 0), (10, 1), (1, 2)):
        if abs(value) >= limit:
            return "%.*f" % (digits, value)
    return "%.3f" % value
