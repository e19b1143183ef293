"""Drives a realm with autobahn's client on Twisted, over RawSocket: what README's of it show, and what must be refused.

Takes a file's path or HOST:PORT, a serializer, a method of authentication with its secret, and what to do. Prints a line for each thing done.
"""

import sys

from autobahn.twisted.component import Component
from autobahn.wamp.exception import ApplicationError
from autobahn.wamp.types import CallOptions, PublishOptions
from twisted.internet.defer import Deferred, ensureDeferred
from twisted.internet.task import react

where, serializer, method, secret, task = sys.argv[1:]
if "/" in where:
    endpoint = {"type": "unix", "path": where}
else:
    host, port = where.split(":")
    endpoint = {"type": "tcp", "host": host, "port": int(port)}
authentication = {
    "anonymous": {"anonymous": {}},
    "ticket": {"ticket": {"authid": "joe", "ticket": secret}},
    "wampcra": {"wampcra": {"authid": "joe", "secret": secret}},
    "cryptosign": {"cryptosign": {"authid": "joe", "privkey": secret}},
}[method]
component = Component(
    transports=[{
        "type": "rawsocket",
        "url": "rs://localhost",
        "endpoint": endpoint,
        "serializer": serializer,
        "max_retries": 0,
    }],
    realm="realm",
    authentication=authentication,
)


def say(*words):
    print(*words, flush=True)


async def drive(session):
    heard = Deferred()
    await session.subscribe(lambda *args, **kwargs: heard.callback((args, kwargs)), "test.topic")
    await session.publish(
        "test.topic", 1, "zwö", key=[True, None, 1.5], options=PublishOptions(acknowledge=True, exclude_me=False))
    say("event", await heard)
    await session.register(lambda a, b: a + b, "client.add")
    say("own", await session.call("client.add", 2, 3))
    say("asked", await session.call("test.ask", "client.add"))
    parts = []
    last = await session.call("test.count", 5, options=CallOptions(on_progress=parts.append))
    say("parts", parts, last)
    data = bytes(range(256))
    assert await session.call("test.echo", data) == data
    text = "x" * 200000
    assert await session.call("test.echo", text) == text
    say("echo")
    for procedure in ("test.missing", "secret.thing", "test.fail"):
        try:
            await session.call(procedure)
        except ApplicationError as e:
            say("error", e.error)


@component.on_join
async def joined(session, details):
    say("joined", details.authid, details.authrole, details.authmethod)
    if task == "slow":
        await session.subscribe(lambda *args: None, "test.topic")
        say("subscribed")
        return
    try:
        await drive(session)
    except BaseException as e:
        say("failed", repr(e))
    session.leave()


@component.on_leave
def left(session, details):
    say("left", details.reason)


async def main(reactor):
    try:
        await component.start(reactor)
    except Exception as e:
        say("ended", type(e).__name__)


react(lambda reactor: ensureDeferred(main(reactor)))
