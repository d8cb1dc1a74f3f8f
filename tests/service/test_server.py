"""The production server under clients and requests that mean no good."""

from __future__ import annotations

import signal
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from threading import Event

import pytest

from tests.service.jobs.workers import until
from tests.service.server_process import ServerProcess, free_port, read_answer, start

CLIENTS = 40
DRIP_SECONDS = 4
QUICKLY = 20
HEADERS = b"POST /v1/classify HTTP/1.1\r\nHost: x\r\nX-Slow: " + b"a" * 100
BODY = (
    b"POST /v1/classify HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 5000\r\n\r\n"
    + b" " * 100
)


def drip(clients: list[socket.socket], data: bytes, stop: Event) -> None:
    """Send one byte a second on every connection; the server may hang up."""
    position = len(data) - 100
    while not stop.wait(1):
        for client in clients:
            try:
                client.send(data[position : position + 1])
            except OSError:
                continue
        position += 1


@pytest.mark.parametrize("data", [HEADERS, BODY], ids=["headers", "body"])
def test_clients_that_drip_do_not_keep_livez_from_answering(server: ServerProcess, data: bytes) -> None:
    """With 40 clients that send a byte a second, /livez answers every time, and fast."""
    stop = Event()
    with ExitStack() as stack, ThreadPoolExecutor(1) as pool:
        clients = [stack.enter_context(server.connect()) for _ in range(CLIENTS)]
        for client in clients:
            client.sendall(data[:-100])
        pool.submit(drip, clients, data, stop)

        times = []
        for _ in range(2 * DRIP_SECONDS):
            started = time.monotonic()
            assert server.get("/livez").status == 200
            times.append(time.monotonic() - started)
            time.sleep(0.5)
        stop.set()

    assert max(times) < 2


@pytest.mark.parametrize("path", ["/wait", "/compute_long"])
def test_a_request_that_does_not_end_is_ended(stuck_server: ServerProcess, path: str) -> None:
    """A request that waits, or computes in a thread, gets a 503 problem when its time is up."""
    started = time.monotonic()

    answer = stuck_server.get(path)

    assert 1.5 < time.monotonic() - started < 10
    assert (answer.status, answer.headers["Content-Type"]) == (503, "application/problem+json")
    assert "LANMU_REQUEST_TIMEOUT_S" in answer.json["detail"]


def test_a_worker_that_was_just_forked_is_told_to_end(tmp_path: Path) -> None:
    """What comes before it listens to signals is not lost: the server would wait a minute for it, and then kill it."""
    process = start(tmp_path, free_port(), "tests.service.slow_fork", {"LANMU_MODELS_DIR": str(tmp_path)})
    until(lambda: "forked" in (tmp_path / "stdout").read_text())

    process.send_signal(signal.SIGTERM)

    try:
        assert 0 == process.wait(QUICKLY)
    finally:
        process.kill()


def test_workers_whose_loop_is_stuck_are_replaced(stuck_server: ServerProcess) -> None:
    """When every worker hangs in a computation, all are ended and new ones answer."""
    with ThreadPoolExecutor(4) as pool:
        stuck = [pool.submit(stuck_server.get, "/spin") for _ in range(4)]

        assert [answer.result().status for answer in stuck if answer.exception() is None] != []
        stuck_server.wait()

    assert [stuck_server.get("/livez").status for _ in range(10)] == [200] * 10


def test_a_thread_that_does_not_end_costs_its_worker(stuck_server: ServerProcess) -> None:
    """A worker with a thread that cannot be ended is replaced, and the service answers all the while."""
    for _ in range(3):
        assert stuck_server.get("/compute_long").status == 503
        assert stuck_server.get("/livez").status == 200


def test_a_body_that_does_not_arrive_is_408(stuck_server: ServerProcess) -> None:
    """A client that sends headers and half a body is told so when its time is up."""
    with stuck_server.connect() as client:
        client.sendall(BODY)

        answer = read_answer(client)

    assert (answer.status, answer.json["pointer"]) == (408, "")
    assert "The body did not arrive within 2 s" in answer.json["detail"]


def test_a_request_in_flight_is_finished_before_the_end(stuck_server: ServerProcess) -> None:
    """SIGTERM lets a request that was begun be answered whole, and the server ends with status 0."""
    with ThreadPoolExecutor(1) as pool:
        late = pool.submit(stuck_server.get, "/answer_late")
        until(lambda: "answering" in stuck_server.output)

        status = stuck_server.stop()

    assert (late.result().status, late.result().body) == (200, b"late but whole")
    assert status == 0


def test_a_chunked_body_over_the_limit_is_413(server: ServerProcess) -> None:
    """A body without a length is counted as it comes."""
    chunks = (b" " * 65536 for _ in range(300))
    headers = {"Content-Type": "application/json", "Transfer-Encoding": "chunked"}

    answer = server.send("POST", "/v1/classify", chunks, headers, encode_chunked=True)

    assert answer.status == 413
    assert "LANMU_MAX_BODY_BYTES" in answer.json["detail"]


@pytest.mark.parametrize(
    ("path", "form", "status"),
    [("/v1/pages", "text/plain", 413), ("/v1/pages", "image/png", 415), ("/v1/nothing", "text/plain", 404)],
    ids=["too large", "unknown form", "nowhere"],
)
def test_a_client_that_sends_all_of_a_refused_body_sees_why(
    server: ServerProcess, path: str, form: str, status: int
) -> None:
    """The server does not hang up on a client that reads no answer before its 20 MB are sent."""
    answer = server.send("POST", path, b"a" * 20_000_000, {"Content-Type": form})

    assert (answer.status, answer.headers["Content-Type"]) == (status, "application/problem+json")


def test_a_large_page_that_is_refused_leaves_one_log_line(server: ServerProcess) -> None:
    """What a thread of gevent's pool raises is answered, and not printed as a traceback."""
    answer = server.post("/v1/pages", {"sections": ["显然"] * 50_001})

    assert (answer.status, answer.json["pointer"]) == (422, "/sections")
    assert "Traceback" not in (server.folder / "stderr").read_text("utf-8")


def test_a_chunked_body_is_read_whole(server: ServerProcess) -> None:
    """A body in chunks is answered like any other."""
    chunks = iter([b'{"texts": ["', "显然".encode() * 1000, b'", ""]}'])
    headers = {"Content-Type": "application/json", "Transfer-Encoding": "chunked"}

    answer = server.send("POST", "/v1/classify", chunks, headers, encode_chunked=True)

    assert (answer.status, len(answer.json["results"])) == (200, 2)


def test_broken_chunks_are_400(server: ServerProcess) -> None:
    """A chunk with a senseless size is the client's fault."""
    head = (
        b"POST /v1/classify HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
    )
    with server.connect() as client:
        client.sendall(head + b"zz\r\nnonsense\r\n0\r\n\r\n")

        answer = read_answer(client)

    assert (answer.status, answer.json["pointer"]) == (400, "")
    assert "did not arrive whole" in answer.json["detail"]


def test_livez_answers_while_large_pages_are_judged(server: ServerProcess) -> None:
    """Pages of some megabytes compute in threads: /livez does not wait for them."""
    page = {"page": "显然，这样的定价毫无道理，厂商应该向用户道歉。\n\n" * 20_000}
    times = []
    with ThreadPoolExecutor(4) as pool:
        large = [pool.submit(server.post, "/v1/pages", page) for _ in range(4)]
        while not all(answer.done() for answer in large):
            started = time.monotonic()
            assert server.get("/livez").status == 200
            times.append(time.monotonic() - started)

    assert [answer.result().status for answer in large] == [200] * 4
    assert sorted(times)[len(times) // 2] < 0.5
