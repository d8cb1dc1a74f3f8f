"""The local engine: worker processes on this machine's cores, each fed by a thread of its own."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
from collections import deque
from contextlib import suppress
from pathlib import Path
from queue import Empty, Queue
from threading import Event, Lock, Thread
from typing import IO, TYPE_CHECKING, Self

import service
from service.batch.blocks import Block, Outcome
from service.batch.errors import BatchError
from service.batch.wire import receive, send

if TYPE_CHECKING:
    from collections.abc import Iterator

    from service.batch.job import Task

AHEAD = 2
"""Blocks that a worker has at once: one that it judges, and the next, so that it never waits."""

PIPE_BYTES = 1 << 20
"""What a pipe to a worker holds, and one from it."""

DEATHS = 10
"""Times that workers may end over one block before the batch stops: it is the block then, and no accident."""

DIED = "a worker ended {deaths} times over {file!r}, from line {first}: it may need more memory than there is; "
REMEDY = "what is done is kept, and the same command goes on"


def cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class LocalEngine:
    """Judges blocks in processes of this machine.

    As a context, it starts the first of them at once: it loads its libraries while this process loads its own.

    workers : how many; None is one for each core.
    """

    def __init__(self, workers: int | None = None) -> None:
        self._workers = workers or cores()
        self._ready: list[subprocess.Popen[bytes]] = []
        """Workers that have no task yet."""

    def __enter__(self) -> Self:
        with suppress(OSError):  # a lane tries again, and its failure is told
            self._ready.append(start_worker())
        return self

    def __exit__(self, *_: object) -> None:
        while self._ready:
            _end(self._ready.pop())

    def outcomes(self, blocks: Iterator[Block], task: Task) -> Iterator[tuple[Block, Outcome] | None]:
        """What becomes of the blocks, in no order; None now and then, where nothing did.

        Raises BatchError. Workers are gone when this ends, however it ends.
        """
        source = _Source(blocks)
        done: Queue[_Done] = Queue(maxsize=self._workers)
        lanes = [_Lane(source, task, done, self._ready) for _ in range(self._workers)]
        try:
            for lane in lanes:
                lane.start()
            yield from _collected(done, len(lanes))
        finally:
            for lane in lanes:
                lane.stop()
            for lane in lanes:
                while lane.is_alive():
                    with suppress(Empty):  # it may be waiting to hand something over
                        done.get_nowait()
                    lane.join(0.05)


_Done = tuple[Block, Outcome] | BaseException | None


def _collected(done: Queue[_Done], lanes: int) -> Iterator[tuple[Block, Outcome] | None]:
    while lanes:
        try:
            each = done.get(timeout=0.25)
        except Empty:
            yield None
            continue
        if isinstance(each, BaseException):
            raise each
        if each is None:
            lanes -= 1
        else:
            yield each


class _Source:
    """The blocks, for several threads; a failure to read reaches one of them."""

    def __init__(self, blocks: Iterator[Block]) -> None:
        self._blocks = blocks
        self._lock = Lock()
        self._ended = False

    def next(self) -> Block | None:
        with self._lock:
            if self._ended:
                return None
            try:
                block = next(self._blocks, None)
            except BaseException:
                self._ended = True
                raise
            self._ended = block is None
            return block


class _Lane(Thread):
    """A worker process and the thread that feeds it. A worker that dies is replaced, and given its blocks again."""

    def __init__(self, source: _Source, task: Task, done: Queue[_Done], ready: list[subprocess.Popen[bytes]]) -> None:
        super().__init__(daemon=True)
        self._source = source
        self._task = task
        self._done = done
        self._ready = ready
        self._stopped = Event()
        self._worker: subprocess.Popen[bytes] | None = None
        self._lock = Lock()

    def stop(self) -> None:
        """End the worker and then the thread."""
        with self._lock:
            self._stopped.set()
            if self._worker is not None:
                self._worker.kill()

    def run(self) -> None:
        try:
            self._feed()
            self._done.put(None)
        except BaseException as error:  # noqa: BLE001 - it is raised again where the outcomes are collected
            self._done.put(error)
        finally:
            self._end_worker()

    def _feed(self) -> None:
        ahead: deque[Block] = deque()
        deaths = 0
        ended = False
        while not self._stopped.is_set():
            while not ended and len(ahead) < AHEAD:
                block = self._source.next()
                ended = block is None
                if block is not None:
                    ahead.append(block)
                    self._send(block)
            if not ahead:
                return
            outcome = self._receive()
            if outcome is not None:
                deaths = 0
                self._done.put((ahead.popleft(), outcome))
                continue
            deaths += 1
            if deaths >= DEATHS:
                first = ahead[0]
                raise BatchError(DIED.format(deaths=deaths, file=first.file, first=first.first) + REMEDY)
            self._end_worker()
            for block in ahead:
                self._send(block)

    def _send(self, block: Block) -> None:
        """Hand a block to the worker; one that is dead is noticed when its answer is waited for."""
        worker = self._running()
        with suppress(BrokenPipeError, ValueError):
            send(_pipe(worker.stdin), block.told(), block.payload)

    def _receive(self) -> Outcome | None:
        """The worker's next answer; None where it died."""
        message = receive(_pipe(self._running().stdout))
        if message is not None and "refused" in message[0]:
            raise BatchError(message[0]["refused"])
        if message is not None and "ready" in message[0]:
            return self._receive()
        return None if message is None else Outcome.heard(message[0], *message[1])

    def _running(self) -> subprocess.Popen[bytes]:
        with self._lock:
            if self._worker is None:
                try:
                    self._worker = self._ready.pop()
                except IndexError:  # to look first would let another lane in between
                    self._worker = start_worker()
                with suppress(BrokenPipeError):
                    send(_pipe(self._worker.stdin), self._task.told())
                if self._stopped.is_set():
                    self._worker.kill()
            return self._worker

    def _end_worker(self) -> None:
        with self._lock:
            worker, self._worker = self._worker, None
        if worker is not None:
            _end(worker)


def _pipe(stream: IO[bytes] | None) -> IO[bytes]:
    assert stream is not None  # noqa: S101 - both are pipes: see `start_worker`
    return stream


def start_worker() -> subprocess.Popen[bytes]:
    """A worker that waits for its task. Ctrl-C in the terminal does not reach it."""
    root = str(Path(service.__file__).absolute().parents[1])
    path = os.pathsep.join([root, *filter(None, [os.environ.get("PYTHONPATH")])])
    # One thread each: the cores are shared out by processes, and sums of one thread are the same on any machine.
    one = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"), "1")
    worker = subprocess.Popen(
        [sys.executable, "-P", "-m", "service.batch.worker"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=os.environ | one | {"PYTHONPATH": path},
        process_group=0,
    )
    for stream in (worker.stdin, worker.stdout):
        _widen(_pipe(stream))
    return worker


def _end(worker: subprocess.Popen[bytes]) -> None:
    for stream in (worker.stdin, worker.stdout):
        with suppress(BrokenPipeError):
            _pipe(stream).close()
    worker.kill()
    worker.wait()


def _widen(pipe: IO[bytes]) -> None:
    """Let a pipe hold more, where the system allows it: the two at its ends wake each other less often."""
    if hasattr(fcntl, "F_SETPIPE_SZ"):
        with suppress(OSError):  # those who are not root have a limit over all pipes
            fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, PIPE_BYTES)
