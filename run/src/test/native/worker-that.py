#!/usr/bin/env python3
"""A native worker that does what its first argument says, most of it wrong. It speaks WAMP itself and needs nothing but Python."""
import itertools
import json
import os
import socket
import struct
import subprocess
import sys
import threading
import time

mode = sys.argv[1]
birth = json.loads(sys.stdin.readline())
me = birth["worker"]["id"]
P = birth["prefix"] + ".worker." + me + "."
if mode == "hangs":
    time.sleep(1e6)
if mode == "exits":
    sys.exit(0)


def lifeline():
    while sys.stdin.readline():
        pass
    os._exit(0)


class Session:
    def __init__(self, ticket=birth["token"], authid=me):
        self.s = socket.socket(socket.AF_UNIX)
        self.s.connect(birth["socket"])
        self.s.sendall(b"\x7f\xf1\0\0")
        self.read(4)
        self.next = 0
        self.send([1, birth["realm"], {"roles": {r: {} for r in ("caller", "callee", "publisher", "subscriber")},
                                       "authmethods": ["ticket"], "authid": authid}])
        self.answer = self.receive()
        if self.answer[0] == 4:
            self.send([5, ticket, {}])
            self.answer = self.receive()

    def read(self, n):
        data = b""
        while len(data) < n:
            got = self.s.recv(n - len(data))
            if not got:
                raise EOFError("the router has closed the connection")
            data += got
        return data

    def send(self, message):
        data = json.dumps(message).encode()
        self.s.sendall(struct.pack(">I", len(data)) + data)

    def receive(self):
        while True:
            kind, = struct.unpack(">I", self.read(4))
            data = self.read(kind & 0xFFFFFF)
            if kind >> 24 == 0:
                return json.loads(data)
            if kind >> 24 == 1:
                self.s.sendall(struct.pack(">I", 2 << 24 | len(data)) + data)

    def ask(self, code, *rest):
        self.next += 1
        self.send([code, self.next, *rest])
        answer = self.receive()
        return answer[4] if answer[0] == 8 else "ok"

    def register(self, uri, match="exact"):
        return self.ask(64, {"match": match}, uri)

    def subscribe(self, uri, match="exact"):
        return self.ask(32, {"match": match}, uri)

    def call(self, uri, *args):
        return self.ask(48, {}, uri, list(args))

    def ready(self):
        return self.call(P + "ready", {"runtime": "test", "capabilities": [], "operations": []})


def stay():
    threading.Thread(target=lifeline, daemon=True).start()
    try:
        while True:
            session.receive()
    except EOFError:
        time.sleep(1e6)


def say(*words):
    print(*words, flush=True)


if mode == "sends-garbage":
    s = socket.socket(socket.AF_UNIX)
    s.connect(birth["socket"])
    s.sendall(b"GET / HTTP/1.1\r\n" * 1000)
    say("answered", s.recv(100))
    sys.exit(1)
if mode == "sends-garbage-later":
    session = Session()
    session.s.sendall(b"\xff" * (1 << 16))
    session.read(1 << 20)
if mode == "has-a-foreign-token":
    say("as another:", Session(authid=sys.argv[2]).answer)
    say("a wrong one:", Session(ticket="x" * 40).answer)
    sys.exit(1)

if mode == "joins-by-a-child" and len(sys.argv) == 2:
    child = subprocess.Popen([sys.executable, sys.argv[0], mode, "child"], stdin=subprocess.PIPE)
    child.stdin.write(json.dumps(birth).encode() + b"\n")
    child.stdin.flush()
    sys.exit(child.wait())

session = Session()
if session.answer[0] != 2:
    say("refused:", session.answer)
    sys.exit(1)
if mode == "joins-and-hangs":
    time.sleep(1e6)
if mode == "uses-its-token-twice":
    say("again:", Session().answer)
if mode == "goes-elsewhere":
    workers = birth["prefix"] + ".worker."
    other = workers + sys.argv[2]
    # Its own id with a letter less; patterns that its own names match among others.
    answers = [session.register(uri, match) for uri, match in (
        (other + ".x", "exact"), (P[:-2] + ".x", "exact"), (workers, "prefix"), (workers + me, "prefix"), (workers + ".x", "wildcard"), ("", "prefix"))]
    answers += [session.subscribe(uri, match) for uri, match in (
        (other + ".x", "exact"), (birth["prefix"] + ".", "prefix"), (workers + ".", "wildcard"), ("", "prefix"), ("wamp.", "prefix"))]
    answers += [session.call(other + ".shutdown"), session.call(birth["prefix"] + ".start_worker")]
    answers += [session.ask(16, {"acknowledge": True}, other + ".x")]
    say("others:", sorted(set(answers)))
    say("own:", sorted({session.register(P + "x"), session.subscribe(P, "prefix")}))
session.ready()
if mode in ("floods", "asks-and-does-not-listen"):
    threading.Thread(target=lifeline, daemon=True).start()
    for n in itertools.count(10):
        try:
            session.send([16, n, {}, P + "flood", ["x" * 1000]] if mode == "floods" else [48, n, {}, P + "nobody", ["x" * 1000]])
        except OSError:
            time.sleep(1e6)
if mode == "writes-anything":
    mark = birth["log"]["mark"]
    out = sys.stdout.buffer
    out.write(os.urandom(100000) + b"\n")
    out.write((mark + json.dumps({"level": "error", "message": "forged"}) + "\n").encode())
    out.flush()
    sys.stderr.write("no mark " + json.dumps({"level": "error", "message": "forged"}) + "\n" + mark + "{broken\n")
    sys.stderr.flush()
    say('{"message": "forged by hand"}')
if mode == "closes-its-input":
    sys.stdin.close()
    os.close(0)
    say("standard input is closed")
    while True:
        session.receive()
stay()
