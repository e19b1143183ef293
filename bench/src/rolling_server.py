"""A server as bench/rolling has them: it takes the socket it is handed, or binds its own, and ends what it has begun before it ends."""
import os
import select
import signal
import socket
import sys

stop = []
signal.signal(signal.SIGTERM, lambda number, frame: stop.append(number))
if os.environ.get("LISTEN_PID") == str(os.getpid()):
    server = socket.socket(fileno=3)
else:
    server = socket.socket()
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    server.bind(("127.0.0.1", int(sys.argv[1])))
    server.listen(4096)
server.setblocking(False)
waiting = select.epoll()
# One connection wakes one of those that share the socket.
waiting.register(server, select.EPOLLIN | select.EPOLLEXCLUSIVE)
address = os.environ["NOTIFY_SOCKET"]
with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notify:
    notify.connect("\0" + address[1:] if address[0] == "@" else address)
    notify.send(b"READY=1")
while not stop:
    if not waiting.poll(0.05):
        continue
    try:
        connection, _ = server.accept()
    except BlockingIOError:
        continue
    try:
        with connection:
            connection.setblocking(True)
            connection.sendall(b"%d %s" % (os.getpid(), connection.recv(1000)))
    except OSError:
        pass
