"""The end of a batch: its parts put together, in order and checked, and written where they were to go."""

from __future__ import annotations

import errno
import os
from typing import TYPE_CHECKING, Any

import orjson

from models.versions.files import sync_folder
from service.batch.disk import about, aside_for, pieces, sha256_of, written_aside
from service.batch.doubles import doubled_ids
from service.batch.errors import BatchError
from service.batch.places import place

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from service.batch.assembly import Assembly
    from service.batch.job import Batch
    from service.batch.ledger import Ledger


def finish(ledger: Ledger, assembly: Assembly, batch: Batch, names: Sequence[str], counts: dict[str, Any]) -> int:
    """Write answers, errors and, last, the ledger to where they go; return how many ids are doubled.

    assembly : of the answers. names : the input's files. counts : what the last line of the ledger says of the whole.
    """
    errors = ledger.folder / "errors"
    doubled = _write_errors(ledger, names, errors)  # meanwhile the last answers are written
    end = counts | {"doubled": doubled, "output": assembly.finished(), "errors": about(errors)}
    _deliver(assembly.file, batch.target, force=batch.force)
    if end["errors"]["bytes"]:
        _deliver(errors, batch.errors_target, force=True)
    elif (old := place(batch.errors_target).local) is not None:
        old.unlink(missing_ok=True)
    kept = ledger.folder / "finished"
    with written_aside(kept) as stream:
        done = [{name: line[name] for name in line if name != "at"} for _, line in sorted(ledger.lines.items())]
        lines = [ledger.plan, *done, {"finished": end}]
        stream.writelines(orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE) for line in lines)
    _deliver(kept, batch.ledger_target, force=True)
    ledger.remove()
    return doubled


def write_errors(ledger: Ledger, target: str) -> None:
    """Write the bad records found so far, for a batch that stops because of them."""
    errors = ledger.folder / "errors"
    with written_aside(errors) as stream:
        stream.writelines(_parts(ledger, "errors"))
    _deliver(errors, target, force=True)


def _write_errors(ledger: Ledger, names: Sequence[str], file: Path) -> int:
    """Put the blocks' bad records together, and doubled ids behind them; return how many those are."""
    doubled = 0
    with written_aside(file) as stream:
        stream.writelines(_parts(ledger, "errors"))
        for line in doubled_ids(ledger, names):
            stream.write(line)
            doubled += 1
    return doubled


def _parts(ledger: Ledger, part: str) -> Iterator[bytes]:
    """A part of all blocks, in order, each checked against the ledger as it is read."""
    for number in sorted(ledger.lines):
        yield from ledger.content(number, part)


def _deliver(file: Path, target: str, *, force: bool) -> None:
    """Bring a local file to its place, where it appears whole."""
    to = place(target)
    if to.local is None:
        with file.open("rb") as stream:
            _upload(pieces(stream), to.store, to.path)
        return
    if not force and to.local.exists() and sha256_of(to.local) != sha256_of(file):
        raise BatchError(f"{target!r} came to be while the batch ran; --force replaces it")
    try:
        _bring(file, to.local)
        sync_folder(to.local.parent)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        with file.open("rb") as stream, written_aside(to.local) as out:
            out.writelines(pieces(stream))


def _bring(file: Path, to: Path) -> None:
    """Give a file its name, and leave it the one it had: where a kill comes now, nothing has to be done again.

    Where a file has one name only, the batch's own goes. Raises OSError.
    """
    aside = aside_for(to)
    try:
        os.link(file, aside)
    except OSError:
        file.replace(to)
        return
    try:
        aside.replace(to)
    finally:  # a file that has both names already keeps them, says POSIX
        aside.unlink(missing_ok=True)


def _upload(content: Iterable[bytes], store: Any, path: str) -> None:
    """An object appears when its stream is closed, and streams close themselves: half an object is removed again."""
    try:
        with store.open_output_stream(path, compression=None) as out:
            for piece in content:
                out.write(piece)
    except BaseException:
        store.delete_file(path)
        raise
