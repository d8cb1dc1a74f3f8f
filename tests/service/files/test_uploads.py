"""POST /v1/files: what is refused, and how much memory that takes."""

from __future__ import annotations

import gzip
import http.client
import io
import os
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zstandard
from flask import Flask
from flask.testing import FlaskClient
from openai import APIStatusError, UnprocessableEntityError
from werkzeug.test import TestResponse

from service.keys import Scope, create_key
from tests.service.files.calls import LIMITS, MEBIBYTE, Caller
from tests.service.jobs.workers import children
from tests.service.server_process import Answer, ServerProcess, read_answer

TOO_LARGE = 413
BOUNDARY = "form-of-a-test"
HEAD = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="a.jsonl"\r\n\r\n'.encode()
END = f'\r\n--{BOUNDARY}\r\nContent-Disposition: form-data; name="purpose"\r\n\r\nbatch\r\n--{BOUNDARY}--\r\n'.encode()
ALLOWED = int(LIMITS["LANMU_MAX_FILE_BYTES"])


@pytest.fixture
def small(make_app: Callable[..., Flask]) -> FlaskClient:
    """An application that takes files of 10,000 bytes at most."""
    return make_app(max_file_bytes=10_000).test_client()


def send(client: FlaskClient, content: bytes = b"{}\n", name: str = "a.jsonl", **fields: Any) -> TestResponse:
    """Upload a file, for a batch unless told otherwise."""
    return client.post("/v1/files", data={"purpose": "batch"} | fields | {"file": (io.BytesIO(content), name)})


def kept(client: FlaskClient) -> list[Path]:
    """Everything that lies among the files."""
    folder = client.application.extensions["lanmu"].settings.data_dir / "files"
    return sorted(folder.iterdir())


def test_a_file_comes_back_as_it_was(small: FlaskClient) -> None:
    """Byte for byte, line ends and all, under its name; parts of it where they are asked for."""
    content = bytes(range(256)) * 30 + b"\r\n--" + BOUNDARY.encode() + b"\r\n"

    told = send(small, content, "../网页.jsonl").get_json()

    path = f"/v1/files/{told['id']}/content"
    with small.get(path) as whole, small.get(path, headers={"Range": "bytes=10-19"}) as part:
        assert (content, len(content), "网页.jsonl") == (whole.data, told["bytes"], told["filename"])
        assert (206, content[10:20]) == (part.status_code, part.data)
    assert 30 * 86_400 == told["expires_at"] - told["created_at"]
    assert [told] == small.get("/v1/files").get_json()["data"]


def test_a_file_may_expire_earlier(small: FlaskClient) -> None:
    """As OpenAI's `expires_after` says, and never later than the service's own limit."""
    fields: list[dict[str, Any]] = [
        {"expires_after[anchor]": "created_at", "expires_after[seconds]": str(wanted)}
        for wanted in (7200, 364 * 86_400)
    ]

    seconds = [send(small, **each).get_json() for each in fields]

    assert [7200, 30 * 86_400] == [told["expires_at"] - told["created_at"] for told in seconds]


@pytest.mark.parametrize(
    ("fields", "param"),
    [
        ({"purpose": "fine-tune"}, "purpose"),
        ({"purpose": ["batch", "batch"]}, "purpose"),
        ({"purpose": "batch" * 1000}, "purpose"),
        ({"colour": "red"}, "colour"),
        ({"expires_after[seconds]": "60"}, "expires_after[seconds]"),
    ],
    ids=["another purpose", "twice", "too long", "an unknown field", "too short a life"],
)
def test_a_wrong_field_is_named(small: FlaskClient, fields: dict[str, Any], param: str) -> None:
    """422, and nothing is kept."""
    answer = send(small, **fields)

    assert (422, param) == (answer.status_code, answer.get_json()["error"]["param"])
    assert [] == kept(small)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        HEAD,
        HEAD + b"{}",
        HEAD + b"{}\r\n--" + BOUNDARY.encode(),
        b"no form at all",
        HEAD.replace(b"file", b"\xff") + b"{}" + END,
        b"--" + BOUNDARY.encode() + b"\r\nX: " + b"x" * (MEBIBYTE // 2) + b"\r\n\r\n" + END,
        HEAD.replace(b'name="file"', b'name="other"') + b"{}" + END,
        HEAD + b"{}\r\n" + HEAD + b"{}" + END,
        END.lstrip(),
    ],
    ids=["empty", "head", "cut off", "cut boundary", "none", "not UTF-8", "long head", "name", "two", "no file"],
)
def test_a_broken_form_is_refused(small: FlaskClient, body: bytes) -> None:
    """400 or 422 with a reason in OpenAI's form, and nothing is kept."""
    answer = small.post("/v1/files", data=body, content_type=f"multipart/form-data; boundary={BOUNDARY}")

    assert answer.status_code in {400, 422}
    assert answer.get_json()["error"]["message"]
    assert [] == kept(small)


@pytest.mark.parametrize(("media_type", "status"), [("application/json", 415), ("multipart/form-data", 400)])
def test_what_is_no_form_is_refused(small: FlaskClient, media_type: str, status: int) -> None:
    """415 for another media type, 400 for a form without a boundary."""
    assert status == small.post("/v1/files", data=b"{}", content_type=media_type).status_code


@pytest.mark.parametrize("name", ["", "a" * 256, "a\x00b", "/"])
def test_a_file_needs_a_name(small: FlaskClient, name: str) -> None:
    """One that can be printed and is not too long."""
    body = HEAD.replace(b"a.jsonl", name.encode()) + b"{}" + END

    answer = small.post("/v1/files", data=body, content_type=f"multipart/form-data; boundary={BOUNDARY}")

    assert (422, "file") == (answer.status_code, answer.get_json()["error"]["param"])


def test_a_key_needs_the_scope(small: FlaskClient) -> None:
    """`batch` opens files and batches, `predict` does not."""
    engine = small.application.extensions["lanmu"].engine
    keys = {scope: create_key(engine, scope, [scope]).token for scope in (Scope.PREDICT, Scope.BATCH)}

    statuses = {
        (scope, path): small.get(path, headers={"X-API-Key": key}).status_code
        for scope, key in keys.items()
        for path in ("/v1/files", "/v1/batches")
    }

    assert {"/v1/files", "/v1/batches"} == {path for (scope, path), status in statuses.items() if status == 403}
    assert {Scope.BATCH} == {scope for (scope, _), status in statuses.items() if status == 200}


def test_a_file_that_is_too_large_is_refused(caller: Caller, batch_server: ServerProcess) -> None:
    """By its length before it is read, or as soon as it is too long; the message names the setting."""
    body = HEAD + b"x" * (ALLOWED + 1) + END
    form = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
    told = batch_server.send("POST", "/v1/files", body, form)
    just = batch_server.send("POST", "/v1/files", HEAD + b"x" * ALLOWED + END, form)
    pieces = (body[start : start + MEBIBYTE] for start in range(0, len(body), MEBIBYTE))
    streamed = _streamed(batch_server, pieces, form)

    assert [TOO_LARGE, 200, TOO_LARGE] == [told.status, just.status, streamed.status]
    for answer in (told, streamed):
        assert "LANMU_MAX_FILE_BYTES" in answer.json["error"]["message"]
    with pytest.raises(APIStatusError, match="LANMU_MAX_FILE_BYTES") as refused:
        caller.upload(b"x" * (ALLOWED + 1))
    assert TOO_LARGE == refused.value.status_code


def _streamed(server: ServerProcess, pieces: Iterator[bytes], headers: dict[str, str]) -> Answer:
    """Send a body in chunks, without its length."""
    with closing(http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)) as connection:
        connection.request("POST", "/v1/files", pieces, headers, encode_chunked=True)
        answer = connection.getresponse()
        return Answer(answer.status, dict(answer.getheaders()), answer.read())


def _zeros_gz() -> bytes:
    """2 GiB of zeros."""
    stream = io.BytesIO()
    with gzip.GzipFile(fileobj=stream, mode="wb", compresslevel=1) as out:
        for _ in range(512):
            out.write(bytes(4 * MEBIBYTE))
    return stream.getvalue()


def _zeros_zst() -> bytes:
    """4 GiB of zeros, in a file of 400 KiB or so."""
    one = zstandard.compress(bytes(64 * MEBIBYTE), 19)
    return one * 64


@pytest.mark.parametrize(("name", "bomb"), [("a.jsonl.gz", _zeros_gz), ("a.csv.zst", _zeros_zst)])
def test_a_bomb_is_refused_in_bounded_memory(
    caller: Caller, batch_server: ServerProcess, name: str, bomb: Callable[[], bytes]
) -> None:
    """413 as soon as more comes out than is taken; the server's processes stay as large as they were."""
    content = bomb()
    before = _peak_kb(batch_server)

    with pytest.raises(APIStatusError, match="LANMU_MAX_UNPACKED_BYTES") as refused:
        caller.upload(content, name)

    assert TOO_LARGE == refused.value.status_code
    assert _peak_kb(batch_server) - before < 64 * 1024


def test_an_upload_takes_no_memory(caller: Caller, batch_server: ServerProcess) -> None:
    """24 MiB go to the disk piece by piece."""
    caller.upload(b"{}\n")
    before = _peak_kb(batch_server)

    caller.upload(os.urandom(ALLOWED - 1024))

    assert _peak_kb(batch_server) - before < 8 * 1024


def _peak_kb(server: ServerProcess) -> int:
    """The most memory that one of the server's processes ever had, in KiB."""
    return max(_status(pid) for pid in children(server.process.pid))


def _status(pid: int) -> int:
    lines = Path(f"/proc/{pid}/status").read_text("utf-8").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:"))


def _rows(records: int, text: str) -> bytes:
    """Many rows of one long text, which Parquet holds once: packed a little, unpacked a lot."""
    stream = io.BytesIO()
    table = pa.table({"id": [str(number) for number in range(records)], "text": [text] * records})
    pq.write_table(table, stream, use_dictionary=False, compression="zstd")
    return stream.getvalue()


def test_a_table_that_unpacks_to_too_much_fails_its_batch(caller: Caller) -> None:
    """Its footer says how much it is; nothing of it is unpacked."""
    content = _rows(10_000, "显" * 4000)

    batch = caller.over(caller.order(content, "/v1/classify", "a.parquet"))

    assert len(content) < MEBIBYTE
    assert ("failed", None) == (batch.status, batch.output_file_id)
    assert batch.errors is not None
    assert batch.errors.data is not None
    assert "LANMU_MAX_UNPACKED_BYTES" in str(batch.errors.data[0].message)


@pytest.mark.parametrize("name", ["a.jsonl.gz", "a.parquet"])
def test_a_file_that_is_not_what_its_name_says_ends_in_an_error_line(caller: Caller, name: str) -> None:
    """The batch is done, nothing is answered, and the file of errors says why."""
    batch = caller.over(caller.order(b"\x00\xff not that \x1f\x8b" * 100, "/v1/classify", name, records={}))

    (error,) = caller.lines(batch.error_file_id)
    assert batch.request_counts is not None
    assert ("completed", 0, 1) == (batch.status, batch.request_counts.completed, batch.request_counts.failed)
    assert name == error["file"]


def test_the_sdk_raises_what_it_raises_elsewhere(caller: Caller) -> None:
    """A wrong purpose is an UnprocessableEntityError, with the words of the service."""
    with pytest.raises(UnprocessableEntityError, match="batch") as refused:
        caller.files.create(file=("a.jsonl", b"{}"), purpose="fine-tune")

    assert "purpose" == refused.value.param


def test_a_slow_upload_has_its_time_for_each_mebibyte(tmp_path: Path) -> None:
    """Four seconds are fine where a request has two, as long as it comes in; one that stalls is ended with 408."""
    body = HEAD + b"x" * (4 * MEBIBYTE) + END
    head = f"POST /v1/files HTTP/1.1\r\nHost: a\r\nContent-Length: {len(body)}\r\n"
    head += f"Content-Type: multipart/form-data; boundary={BOUNDARY}\r\n\r\n"
    timeout = {"LANMU_REQUEST_TIMEOUT_S": "2", "LANMU_MODELS_DIR": str(tmp_path)}

    with ServerProcess.started(tmp_path, **timeout) as server, server.connect() as slow, server.connect() as stalled:
        for connection in (slow, stalled):
            connection.sendall(head.encode() + body[:MEBIBYTE])
        for start in range(MEBIBYTE, len(body), MEBIBYTE):
            time.sleep(1)
            slow.sendall(body[start : start + MEBIBYTE])
        taken, ended = read_answer(slow), read_answer(stalled)

    assert [200, 408] == [taken.status, ended.status]
    assert "LANMU_REQUEST_TIMEOUT_S" in ended.json["error"]["message"]
