"""What the tests of files and batches send, and how they wait for answers."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Literal, Self

from openai import OpenAI
from openai.types import Batch, FileObject

from tests.service.server_process import ServerProcess

OPINION = "显然，这次涨价毫无道理。"
TEASER = "猜你喜欢：手机还值得买吗？"
ANALYSIS = "新芯片采用三纳米工艺，功耗下降两成。"
TEXTS = (OPINION, TEASER, ANALYSIS)

LONG = 140_000
"""Records that keep one process busy until somebody presses a button."""

OVER = {"completed", "failed", "cancelled"}
WAIT_S = 600

MEBIBYTE = 1 << 20
LIMITS = {
    "LANMU_WORKERS": "1",
    "LANMU_BATCH_WORKERS": "1",
    "LANMU_MAX_FILE_BYTES": str(24 * MEBIBYTE),
    "LANMU_MAX_UNPACKED_BYTES": str(64 * MEBIBYTE),
    "LANMU_JOB_LEASE_S": "1",
}

Endpoint = Literal["/v1/moderations", "/v1/classify"]


class Caller(OpenAI):
    """OpenAI's SDK, and what every test does with it."""

    @classmethod
    @contextmanager
    def of(cls, server: ServerProcess) -> Iterator[Self]:
        """Pointed at a server."""
        with cls(base_url=f"http://127.0.0.1:{server.port}/v1", api_key="none", max_retries=0) as client:
            yield client

    def upload(self, content: bytes, name: str = "requests.jsonl") -> FileObject:
        """Upload a file for a batch."""
        return self.files.create(file=(name, content), purpose="batch")

    def order(self, content: bytes, endpoint: Any, name: str = "requests.jsonl", **ours: Any) -> Batch:
        """Upload a file and order a batch over it."""
        file = self.upload(content, name)
        return self.batches.create(
            input_file_id=file.id, endpoint=endpoint, completion_window="24h", extra_body=ours or None
        )

    def over(self, batch: Batch) -> Batch:
        """The batch, when it is over."""
        deadline = time.monotonic() + WAIT_S
        while batch.status not in OVER:
            assert time.monotonic() < deadline, f"the batch is still {batch.status}"
            time.sleep(0.05)
            batch = self.batches.retrieve(batch.id)
        return batch

    def content(self, file_id: str | None) -> bytes:
        """A file's bytes."""
        assert file_id is not None
        return self.files.content(file_id).content

    def lines(self, file_id: str | None) -> list[Any]:
        """A file's lines, read as JSON."""
        return [json.loads(line) for line in self.content(file_id).splitlines()]


def requests(bodies: Iterable[dict[str, Any]], url: Endpoint) -> list[bytes]:
    """A line for each body, in OpenAI's form."""
    return [
        json.dumps(
            {"custom_id": f"r-{number}", "method": "POST", "url": url, "body": body}, ensure_ascii=False
        ).encode()
        for number, body in enumerate(bodies)
    ]


def many(records: int) -> bytes:
    """So many requests, each another one."""
    texts = (f"{TEXTS[number % len(TEXTS)]}第{number}次。" for number in range(records))
    return b"\n".join(requests(({"input": text} for text in texts), "/v1/moderations")) + b"\n"
