"""A batch from one file to another, in one process."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson

from service.batch.aside import written_aside
from service.batch.lines import read_chunks
from service.batch.records import BadRecordError, parse_record

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path
    from typing import IO

    from service.batch.lines import Chunk
    from service.batch.records import Record

    Judge = Callable[[Sequence[Record]], list[dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class Summary:
    """What became of a batch, or of the part of it that is done.

    records : lines that were no blank ones; answered and bad add up to it.
    size : bytes read.
    """

    answered: int = 0
    bad: int = 0
    size: int = 0

    @property
    def records(self) -> int:
        """Lines read, blank ones left out."""
        return self.answered + self.bad


def run_batch(
    source: IO[bytes],
    target: Path,
    errors: Path,
    judge: Judge,
    progress: Callable[[Summary], None],
) -> Summary:
    """Answer every record of `source` in `target`, in order; lines that are no records go to `errors`.

    judge : gives one answer for each record, in order.
    progress : is told after each chunk how far the batch is.

    Both files are written aside and appear at the end. Without bad lines there is no file of errors, not even an old
    one. Raises OSError where a file cannot be read or written; then neither appears.
    """
    done = Summary()
    with written_aside(target) as answers:
        with written_aside(errors) as bad_lines:
            for chunk in read_chunks(source):
                records, bad = _parse(chunk)
                _write(answers, judge(records))
                _write(bad_lines, bad)
                done = Summary(done.answered + len(records), done.bad + len(bad), done.size + chunk.size)
                progress(done)
        if not done.bad:
            errors.unlink()
    return done


def _parse(chunk: Chunk) -> tuple[list[Record], list[dict[str, Any]]]:
    """The chunk's records, and what to say of the lines that are none."""
    records, bad = [], []
    for number, line in chunk.lines:
        try:
            records.append(parse_record(line))
        except BadRecordError as error:
            bad.append({"line": number, "id": error.id, "field": error.field, "reason": error.reason})
    return records, bad


def _write(stream: IO[bytes], objects: list[dict[str, Any]]) -> None:
    stream.writelines(orjson.dumps(each, option=orjson.OPT_APPEND_NEWLINE) for each in objects)
