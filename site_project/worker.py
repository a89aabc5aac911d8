"""The web process: gunicorn's gthread, but a thread gets a request only when all of it is here.

gthread lends one of its few threads to whoever sends slowly, and its one loop to whoever leaves a connection open: ten
people with a bad line, or one who means harm, stop everybody. Here the loop takes requests in, which costs it nothing
while they are on their way, and threads read and wait for nothing. So it does not matter what stands in front.

What one process bears: `worker_connections` connections at once, then those that have waited longest go; MOST_HELD
bytes of unfinished requests, then the largest goes. A body of more than MOST_BODY bytes, or one whose length is not
told, is never taken in: the application sees the head only, and refuses it (site_project/sizes.py). Which request a
thread takes next, when there are more than threads: turns.py.
"""

import errno
import fcntl
import re
import selectors
import socket
import sys
import termios
import time
from concurrent.futures import Future
from functools import partial
from typing import Any

from gunicorn import http
from gunicorn.http.unreader import Unreader
from gunicorn.workers.gthread import TConn, ThreadWorker

from .turns import Turns, read_sender

MOST_HEAD = 64 * 1024  # bytes; browsers and proxies send a few hundred
MOST_BODY = 25 * 1024 * 1024  # bytes; as in deploy/: a picture of an editor (content/images.py) and its form
MOST_BODY_ELSEWHERE = 1024 * 1024  # bytes, outside the staff pages: more than site_project/sizes.py takes there
MOST_HELD = 64 * 1024 * 1024
# Seconds until a request must be here: so many, and one more for each so many bytes of its body.
PATIENCE, SLOWEST = 30, 20_000
# Seconds for an answer to leave our side, and for a client to close after it.
SENDING, CLOSING = 30, 2
LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*(\d{1,15})[ \t]*(?=\r\n)", re.I)
CODED = re.compile(rb"\r\ntransfer-encoding[ \t]*:", re.I)


def measure_request(data: bytes | bytearray) -> tuple[int, bool] | None:
    """(bytes of the first request in this, whether its body is among them); None while its head is not whole.

    Only for how long to wait: what a request is, gunicorn's parser says. Without its body go those that are longer than
    these pages may take, and those whose length is not told once and plainly.
    """
    end = data.find(b"\r\n\r\n")
    if end < 0:
        return None
    head = bytes(data[: end + 2])
    lengths = LENGTH.findall(head)
    plain = not CODED.search(head) and len(lengths) == head.lower().count(b"\r\ncontent-length") <= 1
    length = int(lengths[0]) if plain and lengths else 0
    most = MOST_BODY if b"/admin/" in head.partition(b"\r\n")[0] else MOST_BODY_ELSEWHERE
    if not plain or length > most:
        return end + 4, False
    return end + 4 + length, True


def count_unread(client: socket.socket) -> int:
    """How many bytes of answers the other side has not taken in."""
    return int.from_bytes(fcntl.ioctl(client, termios.TIOCOUTQ, bytes(4)), sys.byteorder)


class Arrived(Unreader):  # type: ignore[misc]  # gunicorn has no types
    """What the parser reads from: what is here, and never the socket."""

    def chunk(self, size_hint: int | None = None) -> bytes:
        return b""


class Incoming:
    """A request on its way. size: of the whole of it, None while unknown. closing: it was answered, nothing is kept."""

    def __init__(self, data: bytes, closing: bool = False) -> None:
        self.data = bytearray(data)
        self.size: int | None = None
        self.closing = closing
        self.deadline = time.monotonic() + (CLOSING if closing else PATIENCE)


class PatientWorker(ThreadWorker):  # type: ignore[misc]  # gunicorn has no types
    """See above. What begins with an underscore or is not defined here is gunicorn's."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.incoming: dict[TConn, Incoming] = {}  # the oldest first
        self.held = 0
        self.turns = Turns(self.cfg.threads)

    def accept(self, listener: socket.socket) -> None:
        if self.nr_conns >= self.worker_connections - 1 and self.incoming:
            self.drop(next(iter(self.incoming)))
        super().accept(listener)

    def enqueue_req(self, conn: TConn) -> None:
        """A connection is new, or its next request begins: gunicorn would give it to a thread now."""
        if conn.parser is None:
            # So that the kernel takes in a whole page at once, and no thread waits for who reads slowly.
            conn.sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4 * 1024 * 1024)
            conn.parser = http.get_parser(self.cfg, conn.sock, conn.client)
            conn.parser.unreader = Arrived()
            conn.initialized = conn.data_ready = True
        self.wait_for(conn, Incoming(conn.parser.unreader.take_buffered()))
        self.take_in(conn, conn.sock)

    def wait_for(self, conn: TConn, incoming: Incoming) -> None:
        conn.sock.setblocking(False)
        self.incoming[conn] = incoming
        self.held += len(incoming.data)
        self.poller.register(conn.sock, selectors.EVENT_READ, partial(self.take_in, conn))

    def stop_waiting(self, conn: TConn) -> Incoming:
        self.poller.unregister(conn.sock)
        incoming = self.incoming.pop(conn)
        self.held -= len(incoming.data)
        return incoming

    def drop(self, conn: TConn) -> None:
        self.stop_waiting(conn)
        self.nr_conns -= 1
        conn.close()

    def take_in(self, conn: TConn, client: socket.socket) -> None:
        """Something is here of a request, or the client is gone."""
        incoming = self.incoming.get(conn)
        if incoming is None:
            return  # dropped for another in the same round
        try:
            piece = client.recv(64 * 1024)
        except BlockingIOError:
            pass
        except OSError:
            self.drop(conn)
            return
        else:
            if not piece:
                self.drop(conn)
                return
            if not incoming.closing:
                incoming.data += piece
                self.held += len(piece)
        self.look_at(conn, incoming)

    def look_at(self, conn: TConn, incoming: Incoming) -> None:
        """A whole request goes to a thread; what is too much is dropped."""
        if incoming.size is None and (found := measure_request(incoming.data)):
            incoming.size, conn.whole = found
            incoming.deadline += incoming.size / SLOWEST
        if incoming.size is None:
            if len(incoming.data) > MOST_HEAD:
                self.drop(conn)
        elif len(incoming.data) >= incoming.size:
            if count_unread(conn.sock):
                # Asks for more, and takes nothing in: a thread would wait for that when the kernel's room is full.
                self.drop(conn)
                return
            data = bytes(self.stop_waiting(conn).data)
            conn.parser.unreader.unread(data)
            peer = conn.client[0] if isinstance(conn.client, tuple) else ""
            self.turns.wait(conn, read_sender(data.partition(b"\r\n\r\n")[0], peer))
            self.fill_threads()
        elif self.held > MOST_HELD:
            self.drop(max(self.incoming, key=lambda other: len(self.incoming[other].data)))

    def fill_threads(self) -> None:
        for conn in self.turns.begin():
            super().enqueue_req(conn)

    def handle_request(self, req: Any, conn: TConn) -> Any:
        """In a thread."""
        if not conn.whole:
            # Where the next request would begin is not known.
            req.force_close()
        conn.sock.settimeout(SENDING)
        try:
            return super().handle_request(req, conn)
        except TimeoutError as error:
            # gunicorn takes it for what it is: nobody is there any more.
            raise ConnectionResetError(errno.ECONNRESET, "nobody reads the answer") from error

    def finish_request(self, conn: TConn, fs: "Future[Any]") -> None:
        """Back in the loop. gunicorn would wait here until the client closes too."""
        self.turns.finish(conn)
        self.fill_threads()
        if not fs.cancelled() and not fs.exception() and not fs.result():
            try:
                conn.sock.shutdown(socket.SHUT_WR)
                self.wait_for(conn, Incoming(b"", closing=True))
                return
            except (OSError, ValueError):
                pass  # closed already
        super().finish_request(conn, fs)

    def murder_pending(self) -> None:
        """Once a second: close what took too long. While the process stops, what has not begun has CLOSING seconds."""
        now = time.monotonic()
        for conn, incoming in list(self.incoming.items()):
            if not self.alive and not incoming.data:
                incoming.deadline = min(incoming.deadline, now + CLOSING)
            if incoming.deadline < now:
                self.drop(conn)
