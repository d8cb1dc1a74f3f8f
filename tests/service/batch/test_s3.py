"""Records are read from an object store, and answers written to it: a real S3 server on this machine."""

from __future__ import annotations

import gzip
import socket
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any
from urllib.parse import quote
from urllib.request import urlopen

import orjson
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pyarrow import fs as stores

from service.batch.errors import BatchError
from service.batch.job import Format, Packing, Shape
from service.batch.run import run_batch
from service.batch.verify import verify_batch

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.service.batch.conftest import Here, MakeBatch

LINES = [{"id": number, "text": "电池"} for number in range(10)]


@pytest.fixture(scope="module")
def endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server of the S3 protocol."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    log = tmp_path_factory.mktemp("s3") / "log"
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    with log.open("wb") as stream, subprocess.Popen(command, stdout=stream, stderr=stream) as server:
        try:
            wait_for(port, server)
            yield f"127.0.0.1:{port}"
        finally:
            server.kill()


def wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    """Return as soon as the server answers."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and server.poll() is None:
        try:
            urlopen(f"http://127.0.0.1:{port}/moto-api/", timeout=5).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    pytest.fail("the S3 server did not start")


@pytest.fixture
def bucket(endpoint: str, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> tuple[str, Any]:
    """A bucket of the test's own, and the store that it is in; the environment says where, as it does for others."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://{endpoint}")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    store = stores.S3FileSystem(
        endpoint_override=endpoint, scheme="http", region="us-east-1", allow_bucket_creation=True
    )
    name = request.node.name.replace("_", "-")[:40].strip("-")
    store.create_dir(name)
    return name, store


def put(store: Any, path: str, content: bytes) -> None:
    """Write an object."""
    with store.open_output_stream(path, compression=None) as stream:
        stream.write(content)


def lines(content: bytes) -> list[dict[str, Any]]:
    """The objects in JSON Lines."""
    return [orjson.loads(line) for line in content.splitlines()]


def read(store: Any, path: str) -> bytes:
    """Read an object."""
    with store.open_input_stream(path, compression=None) as stream:
        return bytes(stream.read())


def test_objects_are_answered_by_an_object(
    bucket: tuple[str, Any], tmp_path: Path, make_batch: MakeBatch, here: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All below a prefix is read, in order and unpacked; answers, errors and ledger are written, and verified."""
    monkeypatch.chdir(tmp_path)
    name, store = bucket
    content = [orjson.dumps(line) + b"\n" for line in LINES]
    put(store, f"{name}/pages/a.jsonl.gz", gzip.compress(b"".join(content[:5])))
    put(store, f"{name}/pages/b.jsonl", b"".join(content[5:]) + b"bad\n")
    batch = make_batch(f"s3://{name}/pages", target=f"s3://{name}/out.jsonl.gz", shape=Shape(packing=Packing.GZIP))

    done = run_batch(batch, engine=here)
    verify_batch(batch)

    answers = lines(gzip.decompress(read(store, f"{name}/out.jsonl.gz")))
    errors = lines(read(store, f"{name}/out.jsonl.gz.errors.jsonl"))
    assert (10, 1) == (done.answered, done.bad)
    assert list(range(10)) == [answer["id"] for answer in answers]
    assert [(f"s3://{name}/pages/b.jsonl", 6)] == [(bad["file"], bad["line"]) for bad in errors]
    assert [] == list(tmp_path.iterdir())


def test_a_table_in_a_store_is_read_in_place(
    bucket: tuple[str, Any], tmp_path: Path, make_batch: MakeBatch, here: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A pattern names Parquet files; the answers are one, too."""
    monkeypatch.chdir(tmp_path)
    name, store = bucket
    for part in range(2):
        pq.write_table(
            pa.Table.from_pylist(LINES[5 * part : 5 * part + 5]), f"{name}/part-{part}.parquet", filesystem=store
        )
    target = f"s3://{name}/answers.parquet"

    run_batch(make_batch(f"s3://{name}/part-*.parquet", target=target, shape=Shape(Format.PARQUET)), engine=here)

    table = pq.read_table(f"{name}/answers.parquet", filesystem=store)
    assert list(map(str, range(10))) == table.column("id").to_pylist()


def test_an_object_that_is_there_is_not_replaced(
    bucket: tuple[str, Any], tmp_path: Path, make_batch: MakeBatch, here: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As with files."""
    monkeypatch.chdir(tmp_path)
    name, store = bucket
    put(store, f"{name}/in.jsonl", b"")
    put(store, f"{name}/out.jsonl", b"precious")

    with pytest.raises(BatchError, match="is there already"):
        run_batch(make_batch(f"s3://{name}/in.jsonl", target=f"s3://{name}/out.jsonl"), engine=here)
    with pytest.raises(BatchError, match="no file is meant by"):
        run_batch(make_batch(f"s3://{name}/none.jsonl", target=f"s3://{name}/other.jsonl"), engine=here)

    assert b"precious" == read(store, f"{name}/out.jsonl")


def test_the_address_of_a_store_may_stand_in_the_url(
    bucket: tuple[str, Any], endpoint: str, tmp_path: Path, make_batch: MakeBatch, here: Here
) -> None:
    """What the URL says of the store is not repeated in answers, errors or ledger: it may hold a password."""
    name, store = bucket
    put(store, f"{name}/in.jsonl", b"bad\n")
    options = f"?scheme=http&region=us-east-1&endpoint_override={quote(endpoint, safe='')}"

    run_batch(make_batch(f"s3://key:secret@{name}/in.jsonl{options}"), engine=here)

    told = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert f"s3://{name}/in.jsonl".encode() in told
    assert not any(word in told for word in (b"secret", b"endpoint_override"))
