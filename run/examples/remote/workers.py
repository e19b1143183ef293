"""Shows the workers of a node and restarts one: python3 workers.py NODE_DIRECTORY [WORKER]

Needs python3-autobahn and Twisted. Over the node's own socket its user is an operator."""
import sys
from autobahn.twisted.component import Component
from autobahn.wamp.exception import ApplicationError
from twisted.internet.defer import inlineCallbacks
from twisted.internet.task import react

component = Component(realm="millwright", authentication={"anonymous": {}}, transports=[{
    "type": "rawsocket", "serializer": "msgpack", "max_retries": 0, "url": "rs://localhost",
    "endpoint": {"type": "unix", "path": sys.argv[1] + "/run/wamp.sock"}}])


@component.on_join
@inlineCallbacks
def joined(session, details):
    try:
        for one in (yield session.call("millwright.list_workers", "all")):
            print(one["id"], one["type"], one["status"], one["pid"] or "-")
        if len(sys.argv) > 2:
            started = yield session.call("millwright.restart_worker", sys.argv[2])
            print(started["id"], "restarted, pid", started["pid"])
    except ApplicationError as error:
        print(error.error, error.args[0], file=sys.stderr)
    session.leave()


react(component.start)
