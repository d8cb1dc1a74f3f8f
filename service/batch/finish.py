"""The end of a batch: its parts put together, in order and checked, and written where they were to go."""

from __future__ import annotations

import errno
import hashlib
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import orjson

from models.versions.files import sync_folder
from service.batch.disk import pieces, sha256_of, written_aside
from service.batch.doubles import doubled_ids
from service.batch.errors import BatchError
from service.batch.job import Format
from service.batch.places import place

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from service.batch.job import Batch
    from service.batch.ledger import Ledger


def finish(ledger: Ledger, batch: Batch, names: Sequence[str], counts: dict[str, Any]) -> int:
    """Write answers, errors and, last, the ledger to where they go; return how many ids are doubled.

    names : the input's files. counts : what the last line of the ledger says of the whole.
    """
    output, errors = ledger.folder / "output", ledger.folder / "errors"
    with ThreadPoolExecutor(1) as beside:  # hashing and the disk's waits leave the interpreter to the other
        written = beside.submit(_write_output, ledger, batch, output)
        doubled = _write_errors(ledger, names, errors)
        end = counts | {"doubled": doubled, "output": written.result(), "errors": _about(errors)}
    _deliver(output, batch.target, force=batch.force)
    if end["errors"]["bytes"]:
        _deliver(errors, batch.errors_target, force=True)
    elif (old := place(batch.errors_target).local) is not None:
        old.unlink(missing_ok=True)
    kept = ledger.folder / "finished"
    with written_aside(kept) as stream:
        lines = [ledger.plan, *(line for _, line in sorted(ledger.lines.items())), {"finished": end}]
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


def _write_output(ledger: Ledger, batch: Batch, file: Path) -> dict[str, Any]:
    """Put the blocks' answers together; return what the ledger says of them."""
    with written_aside(file) as stream:
        if batch.shape.format is Format.PARQUET:
            from service.batch.arrow import write_table  # noqa: PLC0415 - pyarrow is loaded where there is Parquet alone

            write_table(stream, [ledger.file(number, "output") for number in sorted(ledger.lines)])
        else:
            stream.writelines(_parts(ledger, "output"))
    return _about(file)


def _write_errors(ledger: Ledger, names: Sequence[str], file: Path) -> int:
    """Put the blocks' bad records together, and doubled ids behind them; return how many those are."""
    doubled = 0
    with written_aside(file) as stream:
        stream.writelines(_parts(ledger, "errors"))
        for line in doubled_ids(ledger, names):
            stream.write(line)
            doubled += 1
    return doubled


def _about(file: Path) -> dict[str, Any]:
    return {"bytes": file.stat().st_size, "sha256": sha256_of(file)}


def _parts(ledger: Ledger, part: str) -> Iterator[bytes]:
    """A part of all blocks, in order, each checked against the ledger as it is read."""
    for number, line in sorted(ledger.lines.items()):
        if not line[part]["bytes"]:
            continue
        file, digest = ledger.file(number, part), hashlib.sha256()
        with file.open("rb") as stream:
            for piece in pieces(stream):
                digest.update(piece)
                yield piece
        if digest.hexdigest() != line[part]["sha256"]:
            raise BatchError(f"{str(file)!r} is not what was written; run the same command again to do it anew")


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
        file.replace(to.local)
        sync_folder(to.local.parent)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        with file.open("rb") as stream, written_aside(to.local) as out:
            out.writelines(pieces(stream))


def _upload(content: Iterable[bytes], store: Any, path: str) -> None:
    """An object appears when its stream is closed, and streams close themselves: half an object is removed again."""
    try:
        with store.open_output_stream(path, compression=None) as out:
            for piece in content:
                out.write(piece)
    except BaseException:
        store.delete_file(path)
        raise
