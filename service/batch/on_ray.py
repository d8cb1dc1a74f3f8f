"""The engine of a Ray cluster: the same blocks, judged as tasks on any node; the driver keeps the ledger.

Nodes need Lanmu installed and nothing else: the model comes to them through Ray, once each, and is checked there.
"""

from __future__ import annotations

import logging
import os
import secrets
import socket
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from service.batch.ray_settings import names_token, ray_settings

os.environ.update(ray_settings(os.environ))

import ray
from ray.exceptions import RayError, RayTaskError

from models.versions import Registry, RegistryError
from service.batch.blocks import Block, Outcome
from service.batch.errors import BatchError
from service.batch.job import Task
from service.batch.lanes import DEATHS, DIED, REMEDY
from service.batch.ray_bytes import Packed, packed

if TYPE_CHECKING:
    from collections.abc import Iterator

STORE_BYTES = 512 << 20
"""Object store of a cluster that is started here: blocks in flight and the model, each once."""

AHEAD = 2
WAIT_S = 0.5
ANSWER_S = 10.0


class RayEngine:
    """Judges blocks on a cluster.

    workers : blocks judged at once; None is one for each of the cluster's CPUs.
    address : of the cluster to join; None starts one on this machine, which ends with the batch.
    """

    def __init__(self, workers: int | None = None, *, address: str | None = None) -> None:
        self._workers = workers
        self._address = address

    def outcomes(self, blocks: Iterator[Block], task: Task) -> Iterator[tuple[Block, Outcome] | None]:
        """What becomes of the blocks, in no order; None now and then, where nothing did. Raises BatchError."""
        self._join()
        pending: dict[Any, Block] = {}
        try:
            judge = ray.remote(num_cpus=1, max_retries=DEATHS, retry_exceptions=False)(_judge)
            told, model = orjson.dumps(task.told()), ray.put(_files(task))
            while True:
                self._submit(blocks, pending, lambda *block: judge.remote(told, [model], *block))
                if not pending:
                    return
                ready, _ = ray.wait(list(pending), num_returns=1, timeout=WAIT_S)
                yield (pending[ready[0]], _outcome(ready[0], pending.pop(ready[0]))) if ready else None
        finally:
            for each in pending:
                ray.cancel(each, force=True)
            ray.shutdown()

    def _join(self) -> None:
        # What a cluster is made of can be said only where it is made.
        own: dict[str, Any] = {
            "include_dashboard": False,
            "num_cpus": self._workers,
            "object_store_memory": STORE_BYTES,
        }
        options = {} if self._address else own
        if self._address:
            _check_address(self._address)
        elif not names_token(os.environ):
            os.environ["RAY_AUTH_TOKEN"] = secrets.token_hex()  # Ray would leave one in the user's home
        try:
            ray.init(address=self._address or "local", log_to_driver=False, logging_level=logging.ERROR, **options)
        except (ConnectionError, RuntimeError, ValueError) as error:
            where = f"no Ray cluster at {self._address!r}" if self._address else "Ray does not start here"
            token = "; where it asks for a token, set RAY_AUTH_TOKEN" if isinstance(error, ConnectionError) else ""
            raise BatchError(f"{where}: {error}{token}") from error

    def _submit(self, blocks: Iterator[Block], pending: dict[Any, Block], judge: Any) -> None:
        """Hand out blocks until all CPUs have one, and the next."""
        room = int(ray.cluster_resources().get("CPU", 1)) * AHEAD  # type: ignore[no-untyped-call]
        if self._workers and self._address:
            room = self._workers
        while len(pending) < room and (block := next(blocks, None)) is not None:
            pending[judge(orjson.dumps(block.told()), packed(block.payload))] = block


def _check_address(address: str) -> None:
    """Refuse an address where nobody answers: Ray itself would try for minutes."""
    host, _, port = address.rpartition(":")
    if host and "://" not in address and port.isdecimal():
        try:
            socket.create_connection((host, int(port)), timeout=ANSWER_S).close()
        except OSError as error:
            raise BatchError(f"no Ray cluster at {address!r}: {error}") from error


def _outcome(ref: Any, block: Block) -> Outcome:
    try:
        head, *parts = ray.get(ref)
    except RayTaskError as error:
        raise BatchError(f"a Ray worker failed: {error.cause!r}") from error
    except RayError as error:
        raise BatchError(DIED.format(deaths=DEATHS, file=block.file, first=block.first) + REMEDY) from error
    return Outcome.heard(orjson.loads(head), *[memoryview(part) for part in parts])


def _files(task: Task) -> dict[str, bytes]:
    """The files of the version."""
    try:
        folder = Registry(Path(task.models_dir)).folder(task.version)
    except RegistryError as error:
        raise BatchError(str(error)) from error
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def _judge(task: bytes, model: list[Any], head: bytes, payload: Packed) -> tuple[bytes, Packed, Packed, Packed]:
    """The task: the head and the parts of a block's outcome."""
    from service.batch.ray_task import judge  # noqa: PLC0415 - the driver hands out blocks, and needs no kernels for it

    return judge(task, model, head, payload)
