"""A thousand malformed inputs: each is told or answered, nothing fails, and nothing beside it is lost."""

from __future__ import annotations

import gzip
import io
import random
from typing import TYPE_CHECKING

import orjson
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zstandard

from service.batch.answering import answer
from service.batch.job import Fields
from service.batch.places import place
from service.batch.reading import read_blocks
from service.batch.run import run_batch
from tests.service.batch.files import objects

if TYPE_CHECKING:
    from pathlib import Path

    from service.batch.answering import Kit
    from tests.service.batch.conftest import Here, MakeBatch

GOOD = b'{"id": "good", "text": "\xe7\x94\xb5\xe6\xb1\xa0"}'
BROKEN = [
    b"\x00", b"\x00" * 1000, b"{", b"}", b"[]", b"null", b"1e999", b'"text"',
    b"\xff\xfe" + '{"id":1}'.encode("utf-16-le"), '{"id": "1", "text": "电池"}'.encode("gbk"),
    '{"id": "1", "text": "電池"}'.encode("big5"), b'{"id": "1", "text": "\xed\xa0\x80"}',
    b'{"id": "1"}', b'{"text": "x"}', b'{"id": {}, "text": "x"}', b'{"id": "1", "text": ["x"]}',
    b'{"id": "1", "sections": "x"}', b'{"id": "1", "sections": [[]]}', b'{"id": "1", "text": "x", "page": "y"}',
    b'{"id": "1", "id": "2", "text": "x"}', b"[" * 10_000, b'{"a":' * 10_000,
    b'{"id": "1", "text": ' + b"[" * 10_000 + b"]" * 10_000 + b"}", b'{"id": 1e400, "text": ""}',
    b'{"id": 123456789012345678901234567890, "text": ""}', b'{"id": NaN, "text": ""}', b"{'id': 1, 'text': 'x'}",
    b'{"id": "1", "text": "\\ud83d"}', b'{"id": "1", "text": "\\x41"}', b'{"id": "1", "text": "a\tb"}',
]  # fmt: skip
MIXED = 1000


def spoiled(line: bytes, chance: random.Random) -> bytes:
    """A line of which some bytes were lost, doubled or exchanged."""
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(line))
        line = chance.choice([
            line[:at], line[at:], line[:at] + line[at + 1 :], line[: at + 1] + line[at:],
            line[:at] + bytes([chance.choice([0, 34, 44, 92, 123, 125, 200, 255])]) + line[at + 1 :],
        ]).replace(b"\n", b" ") or b"{"  # fmt: skip
    return line


def test_a_thousand_broken_lines_lose_none_between_them(tmp_path: Path, make_batch: MakeBatch, here: Here) -> None:
    """Each line is answered or told by its number, and every good line between them is answered."""
    chance = random.Random(1000)  # noqa: S311 - the same lines in every run
    template = '{"id": "1", "text": "我认为它太贵了。", "page": "", "n": [1, {"a": null}]}'.encode()
    broken = [*BROKEN, *(spoiled(template, chance) for _ in range(MIXED - len(BROKEN)))]
    source = tmp_path / "in.jsonl"
    source.write_bytes(b"".join(line + b"\n" + GOOD + b"\n" for line in broken))

    done = run_batch(make_batch(source), engine=here)

    answers, told = objects(tmp_path / "out.jsonl"), objects(tmp_path / "out.jsonl.errors.jsonl")
    blank = sum(not line.strip() for line in broken)
    odd = [bad["line"] for bad in told if bad["reason"].find("both are answered") < 0]
    assert MIXED == sum(each["id"] == "good" for each in answers)
    assert 2 * MIXED - blank == done.answered + done.bad == len(answers) + len(odd)
    assert all(line % 2 == 1 for line in odd)
    assert {2 * number + 1 for number in range(len(BROKEN))} <= set(odd)


def files() -> dict[str, bytes]:
    """Whole files of each format."""
    lines = b"".join(orjson.dumps({"id": number, "text": f"电池{number}"}) + b"\n" for number in range(300))
    table = io.BytesIO()
    pq.write_table(pa.table({"id": range(300), "text": [f"电池{n}" for n in range(300)]}), table, row_group_size=100)
    page = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n<p>\r\n0\r\n\r\n"
    head = ["WARC/1.0", "WARC-Type: response", "WARC-Record-ID: <urn:1>", "Content-Type: application/http"]
    archive = ("\r\n".join([*head, f"Content-Length: {len(page)}", "", ""]).encode() + page + b"\r\n\r\n") * 20
    return {
        "in.jsonl": lines,
        "in.jsonl.gz": gzip.compress(lines),
        "in.jsonl.zst": zstandard.compress(lines),
        "in.csv": b"id,text\n" + b"".join(f'{n},"电池, {n}"\n'.encode() for n in range(300)),
        "in.parquet": table.getvalue(),
        "in.warc": archive,
        "in.warc.gz": gzip.compress(archive),
    }


@pytest.mark.parametrize("name", list(files()))
def test_spoiled_files_end_in_answers_and_errors(name: str, kit: Kit, tmp_path: Path) -> None:
    """A file that was cut off, or of which bytes were exchanged, is read as far as it goes; nothing is raised."""
    chance = random.Random(name)  # noqa: S311 - the same files in every run
    whole = files()[name]
    for _ in range(40):
        content = bytearray(whole[: chance.choice([len(whole), chance.randrange(len(whole))])] or b"\0")
        for _ in range(chance.randint(0, 6)):
            content[chance.randrange(len(content))] = chance.randrange(256)
        (tmp_path / name).write_bytes(content)

        outcomes = [answer(block, kit) for block in read_blocks([place(str(tmp_path / name))], None, Fields())]

        for outcome in outcomes:
            assert outcome.records - outcome.bad == outcome.sizes["ids"] // 16 == bytes(outcome.parts[0]).count(b"\n")
            assert outcome.bad == bytes(outcome.parts[1]).count(b"\n")


def test_a_line_of_100_mb_is_told(tmp_path: Path, make_batch: MakeBatch, here: Here) -> None:
    """It is passed over without being held, and the line behind it is answered."""
    source = tmp_path / "in.jsonl"
    with source.open("wb") as stream:
        stream.write(b'{"id": "long", "text": "')
        for _ in range(100):
            stream.write(b"x" * 1_000_000)
        stream.write(b'"}\n' + GOOD + b"\n")

    done = run_batch(make_batch(source), engine=here)

    assert (1, 1) == (done.answered, done.bad)
    assert [(1, "longer than 16 MiB; cut the page into parts")] == [
        (bad["line"], bad["reason"]) for bad in objects(tmp_path / "out.jsonl.errors.jsonl")
    ]
