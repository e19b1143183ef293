"""A native worker in Python: {"type": "process", "id": "py", "executable": "python3", "arguments": ["/path/to/worker.py"]} in node.json.

Needs python3-autobahn and Twisted. docs/native-protocol.md explains each step."""
import json
import os
import sys
import threading
from autobahn.twisted.component import Component
from twisted.internet import reactor
from twisted.internet.defer import inlineCallbacks
from twisted.internet.task import react

birth = json.loads(sys.stdin.readline())
own = "{}.worker.{}.".format(birth["prefix"], birth["worker"]["id"])
proof = {"authid": birth["worker"]["id"], "ticket": birth["token"]}
component = Component(realm=birth["realm"], authentication={"ticket": proof}, transports=[{
    "type": "rawsocket", "serializer": "json", "url": "rs://localhost",
    "endpoint": {"type": "unix", "path": birth["socket"]},
    "max_retries": -1, "initial_retry_delay": 0.05, "max_retry_delay": 1}])


def until_the_node_is_gone():
    sys.stdin.read()
    os._exit(1)


@component.on_join
@inlineCallbacks
def joined(session, details):
    proof["ticket"] = details.authextra["rejoin"]  # the token is spent
    yield session.register(lambda a, b: a + b, own + "add")
    yield session.register(lambda: reactor.callLater(0, os._exit, 0) and None, own + "shutdown")
    info = {"runtime": "Python " + sys.version.split()[0], "capabilities": [], "operations": ["add", "shutdown"]}
    yield session.call(own + "ready", info)


threading.Thread(target=until_the_node_is_gone, daemon=True).start()
react(component.start)
