"""A batch runs through bounded chunks and leaves whole files only."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import orjson
import pytest

from service.batch import Summary, run_batch
from service.batch.lines import CHUNK_LINES, read_chunks
from service.batch.records import LARGEST_LINE

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from service.batch.records import Record


def echo(records: Sequence[Record]) -> list[dict[str, Any]]:
    """Answer each record with its own id: what is judged is not what these tests are about."""
    return [{"id": record.id} for record in records]


def ignore(_: Summary) -> None:
    """Take no notice of progress."""


def objects(file: Path) -> list[dict[str, Any]]:
    """The JSON objects in a file."""
    return [orjson.loads(line) for line in file.read_bytes().splitlines()]


def test_bad_lines_go_aside_and_the_rest_goes_on(tmp_path: Path) -> None:
    """Answers keep the order of the records; each bad line is told with its number; blank lines count as lines only."""
    source = io.BytesIO(b'\xef\xbb\xbf{"id": 1, "text": ""}\n\n{"id": 2}\nno JSON\n{"id": 3, "page": ""}')

    done = run_batch(source, tmp_path / "out", tmp_path / "errors", echo, ignore)

    assert done == Summary(answered=2, bad=2, size=len(source.getvalue()))
    assert objects(tmp_path / "out") == [{"id": 1}, {"id": 3}]
    assert [(bad["line"], bad["id"], bad["field"]) for bad in objects(tmp_path / "errors")] == [
        (3, 2, None),
        (4, None, None),
    ]


def test_without_bad_lines_there_is_no_file_of_errors(tmp_path: Path) -> None:
    """Not even one of an earlier batch is left."""
    (tmp_path / "errors").write_text("old")

    run_batch(io.BytesIO(b'{"id": 1, "text": ""}\n'), tmp_path / "out", tmp_path / "errors", echo, ignore)

    assert [file.name for file in tmp_path.iterdir()] == ["out"]


def test_an_empty_batch_has_an_empty_answer(tmp_path: Path) -> None:
    """A file without records is answered by a file without answers."""
    done = run_batch(io.BytesIO(b"\n \n"), tmp_path / "out", tmp_path / "errors", echo, ignore)

    assert (done.records, (tmp_path / "out").read_bytes()) == (0, b"")


def test_a_batch_that_fails_leaves_what_was_there(tmp_path: Path) -> None:
    """Nothing of a batch is seen before all of it is done, and nothing of a failed one stays."""
    (tmp_path / "out").write_text("old")

    def stop(_: Summary) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_batch(io.BytesIO(b'{"id": 1, "text": ""}\n'), tmp_path / "out", tmp_path / "errors", echo, stop)

    assert [(file.name, file.read_text()) for file in tmp_path.iterdir()] == [("out", "old")]


def test_progress_is_told_chunk_by_chunk(tmp_path: Path) -> None:
    """Each report holds all that is done so far."""
    told: list[Summary] = []
    source = io.BytesIO(b'{"id": 1, "text": ""}\n' * (CHUNK_LINES + 1))

    run_batch(source, tmp_path / "out", tmp_path / "errors", echo, told.append)

    assert [each.records for each in told] == [CHUNK_LINES, CHUNK_LINES + 1]


def test_a_chunk_is_bounded_by_its_bytes() -> None:
    """Large lines do not add up in memory: a chunk ends early."""
    lines = io.BytesIO((b"x" * (3 << 20) + b"\n") * 4)

    assert [len(chunk.lines) for chunk in read_chunks(lines)] == [2, 2]


def test_a_line_without_an_end_is_not_read_into_memory() -> None:
    """Of a line longer than any record only the start is kept, and the next line has its proper number."""
    source = io.BytesIO(b"x" * (3 * LARGEST_LINE) + b'\n{"id": 1, "text": ""}\n')

    chunks = [line for chunk in read_chunks(source) for line in chunk.lines]

    assert [(number, len(line)) for number, line in chunks] == [(1, LARGEST_LINE + 1), (2, 22)]
