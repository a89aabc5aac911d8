"""What a thread of the web process gets, and what has to go. Slow clients beside readers: tests/faults."""

import selectors
import socket
from contextlib import suppress
from types import SimpleNamespace

import pytest
from gunicorn.config import Config
from gunicorn.workers.gthread import TConn

from site_project import worker as module
from site_project.worker import MOST_BODY, MOST_HEAD, PatientWorker, measure_request

GET = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"


PICTURE = b"POST /admin/content/picture/add/ HTTP/1.1\r\nHost: a\r\nContent-Length: 9000000\r\n\r\n"


def post(*headers):
    return b"\r\n".join([b"POST / HTTP/1.1", b"Host: a", *headers, b"", b""])


@pytest.mark.parametrize(
    ("data", "measured"),
    [
        (GET[:-1], None),
        (GET, (len(GET), True)),
        (GET + GET, (len(GET), True)),
        (post(b"Content-Length: 5") + b"abc", (len(post(b"Content-Length: 5")) + 5, True)),
        (post(b"content-length:0"), (len(post(b"content-length:0")), True)),
        # Longer than anything of ours, or not told plainly: the body is not waited for, whatever was meant.
        (post(b"Content-Length: %d" % (MOST_BODY + 1)), (len(post(b"Content-Length: %d" % (MOST_BODY + 1))), False)),
        # A picture of an editor, and the same sent to a patients' page.
        (PICTURE, (len(PICTURE) + 9_000_000, True)),
        (PICTURE.replace(b"/admin/", b"/"), (len(PICTURE) - 6, False)),
        (post(b"Content-Length: 5", b"Content-Length: 5"), (len(post(*2 * [b"Content-Length: 5"])), False)),
        (post(b"Content-Length: -5"), (len(post(b"Content-Length: -5")), False)),
        (post(b"Content-Length : 5"), (len(post(b"Content-Length : 5")), False)),
        (post(b"Transfer-Encoding: chunked"), (len(post(b"Transfer-Encoding: chunked")), False)),
        (post(b"transfer-encoding : x"), (len(post(b"transfer-encoding : x")), False)),
    ],
)
def test_how_much_belongs_to_a_request(data, measured):
    assert measure_request(data) == measured


@pytest.fixture
def worker():
    """One whose threads only note what they were given: worker.given."""
    config = Config()
    config.set("worker_connections", 20)
    config.set("threads", 8)
    made = PatientWorker(0, 0, [], SimpleNamespace(), 30, config, SimpleNamespace())
    made.given, made.sockets_of_test = [], []
    made.poller = selectors.DefaultSelector()
    made.tpool = SimpleNamespace(
        submit=lambda handle, conn: made.given.append(conn) or SimpleNamespace(add_done_callback=id)
    )
    yield made
    for open_socket in made.sockets_of_test:
        open_socket.close()
    made.poller.close()
    made.tmp.close()


def connect(worker):
    """The client's side of a new connection, and the worker's connection."""
    ours, client = socket.socketpair()
    worker.sockets_of_test += [ours, client]
    client.settimeout(1)
    connection = TConn(worker.cfg, ours, ("127.0.0.1", 1), ("127.0.0.1", 2))
    worker.nr_conns += 1
    worker.enqueue_req(connection)
    return client, connection


def let_come(worker):
    """What the loop does while there is something to do."""
    while events := worker.poller.select(0):
        for key, _ in events:
            key.data(key.fileobj)


def send_whole(worker, data, peer="127.0.0.1"):
    """The worker's connection of a new client that has sent this."""
    client, connection = connect(worker)
    connection.client = (peer, 1)
    client.send(data)
    let_come(worker)
    return connection


def is_closed(client):
    with suppress(ConnectionResetError):
        return client.recv(1) == b""
    return True


def test_a_thread_gets_a_request_when_all_of_it_is_here(worker):
    client, connection = connect(worker)
    for piece in (b"POST / HTTP/1.1\r\nHost: a\r\nContent-Le", b"ngth: 4\r\n\r\nab", b"c"):
        client.send(piece)
        let_come(worker)
        assert worker.given == []
    client.send(b"d")
    let_come(worker)
    assert worker.given == [connection]
    request = next(connection.parser)
    assert request.body.read() == b"abcd"
    assert (worker.incoming, worker.held) == ({}, 0)


def test_the_next_request_of_a_connection_is_waited_for_in_the_same_way(worker):
    client, connection = connect(worker)
    client.send(GET + GET[:9])
    let_come(worker)
    assert next(connection.parser).path == "/"
    finish(worker, connection, True)
    let_come(worker)
    assert worker.given == [connection]
    client.send(GET[9:])
    let_come(worker)
    assert worker.given == [connection] * 2
    assert next(connection.parser).path == "/"


@pytest.mark.parametrize("sent", [b"", b"GET / HT", post(b"Content-Length: 9") + b"ab"])
def test_whoever_takes_too_long_is_closed_and_no_thread_had_to_wait(worker, sent, monkeypatch):
    client, _ = connect(worker)
    client.send(sent)
    let_come(worker)
    worker.murder_pending()
    assert worker.nr_conns == 1
    now = module.time.monotonic()
    monkeypatch.setattr(module.time, "monotonic", lambda: now + 31)
    worker.murder_pending()
    assert (worker.nr_conns, worker.held, worker.given) == (0, 0, [])
    assert is_closed(client)


def test_a_large_picture_over_a_slow_line_has_its_time(worker, monkeypatch):
    client, _ = connect(worker)
    client.send(post(b"Content-Length: 12000000"))
    let_come(worker)
    now = module.time.monotonic()
    monkeypatch.setattr(module.time, "monotonic", lambda: now + 600)
    worker.murder_pending()
    assert worker.nr_conns == 1


def test_a_head_without_an_end_is_not_kept(worker):
    client, _ = connect(worker)
    client.settimeout(None)
    client.setblocking(False)
    for _ in range(MOST_HEAD // 1024 + 2):
        with suppress(OSError):
            client.send(b"a" * 1024)
        let_come(worker)
    assert (worker.nr_conns, worker.given) == (0, [])


def test_of_too_many_bytes_the_largest_request_goes(worker, monkeypatch):
    monkeypatch.setattr(module, "MOST_HELD", 1000)
    small, _ = connect(worker)
    large, _ = connect(worker)
    for client, size in ((small, 100), (large, 800), (small, 50)):
        client.send(post(b"Content-Length: 5000") + b"a" * size)
        let_come(worker)
    assert is_closed(large)
    assert worker.nr_conns == 1


def test_of_too_many_connections_the_one_that_waited_longest_goes(worker):
    clients = [connect(worker)[0] for _ in range(19)]
    with socket.create_server(("127.0.0.1", 0)) as listener:
        newest = socket.create_connection(listener.getsockname())
        worker.accept(listener)
    worker.sockets_of_test += [newest, *(connection.sock for connection in worker.incoming)]
    assert is_closed(clients[0])
    assert worker.nr_conns == 19


def finish(worker, connection, answer):
    worker.finish_request(
        connection, SimpleNamespace(cancelled=lambda: False, exception=lambda: None, result=lambda: answer)
    )


def test_a_client_that_stays_after_the_last_answer_holds_nobody_up(worker, monkeypatch):
    client, connection = connect(worker)
    client.send(GET)
    let_come(worker)
    begun = module.time.monotonic()
    finish(worker, connection, False)
    assert module.time.monotonic() - begun < 1
    assert client.recv(1) == b""
    client.send(b"more")
    let_come(worker)
    assert worker.given == [connection]
    monkeypatch.setattr(module.time, "monotonic", lambda: begun + 3)
    worker.murder_pending()
    assert worker.nr_conns == 0


def test_who_takes_no_answer_in_gets_no_second_one(worker, monkeypatch):
    client, _ = connect(worker)
    monkeypatch.setattr(module, "count_unread", lambda ours: 1)
    client.send(GET)
    let_come(worker)
    assert worker.given == []
    assert is_closed(client)


def test_a_process_that_stops_waits_for_what_has_begun(worker, monkeypatch):
    begun, _ = connect(worker)
    idle, _ = connect(worker)
    begun.send(b"GET")
    let_come(worker)
    worker.alive = False
    worker.murder_pending()
    now = module.time.monotonic()
    monkeypatch.setattr(module.time, "monotonic", lambda: now + 5)
    worker.murder_pending()
    assert is_closed(idle)
    assert worker.nr_conns == 1


def test_after_a_body_that_was_not_taken_in_the_connection_ends(worker, monkeypatch):
    client, connection = connect(worker)
    client.send(post(b"Content-Length: 99000000"))
    let_come(worker)
    request = next(connection.parser)
    monkeypatch.setattr(module.ThreadWorker, "handle_request", lambda self, req, conn: req.should_close())
    assert worker.handle_request(request, connection) is True


def test_what_one_network_sends_beyond_its_share_waits_and_holds_no_thread(worker):
    sent = [send_whole(worker, GET.replace(b"/", b"/%d/" % number, 1), "192.0.2.1") for number in range(30)]
    assert worker.given == sent[:4]
    patient = send_whole(worker, GET, "203.0.113.9")
    assert worker.given == [*sent[:4], patient]
    finish(worker, sent[0], False)
    assert worker.given[5:] == [sent[4]]


def test_what_is_asked_of_one_page_beyond_its_share_waits_from_however_many_networks(worker):
    sent = [
        send_whole(worker, GET.replace(b"/", b"/search/?q=%d" % number, 1), f"192.0.{number}.1") for number in range(9)
    ]
    patient = send_whole(worker, GET, "203.0.113.9")
    assert worker.given == [*sent[:4], patient]


def test_pages_of_staff_take_a_quarter_of_the_threads_wherever_they_are_asked_for(worker):
    sent = [send_whole(worker, GET.replace(b"/", b"/admin/", 1), f"192.0.{number}.1") for number in range(5)]
    patient = send_whole(worker, GET, "203.0.113.9")
    assert worker.given == [*sent[:2], patient]
    finish(worker, patient, False)
    assert worker.given[3:] == []
    finish(worker, sent[1], False)
    assert worker.given[3:] == [sent[2]]
