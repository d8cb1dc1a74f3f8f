"""An upload as it comes in: a form with one file, written to disk piece by piece and held to its limits meanwhile."""

from __future__ import annotations

import errno
import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.sansio.multipart import Data, Epilogue, Event, Field, File, MultipartDecoder, NeedData

from service.batch.job import Packing
from service.batch.packing import DamagedError, Readable, Unpacked
from service.batch.places import form_of
from service.files.errors import FileRefusedError, FileTooLargeError, NoRoomError

PIECE_BYTES = 64 * 1024
MOST_HELD = 1 << 18
"""Bytes of a form's heads that are held at a time; its file goes to the disk."""

MOST_PARTS = 20
LONGEST_FIELD = 1000
LONGEST_NAME = 255

SUFFIX = ".part"
"""What the name of a file ends with that is not whole yet."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Bytes that a file may have, and that it may unpack to."""

    stored: int
    unpacked: int


@dataclass(frozen=True, slots=True)
class Upload:
    """A form that came in whole.

    aside : where its file is for now. fields : what else the form says.
    """

    aside: Path
    filename: str
    size: int
    fields: dict[str, str]

    def sync(self) -> None:
        """Wait until the file is on the disk. Raises NoRoomError."""
        with _room(), self.aside.open("rb") as stream:
            os.fsync(stream.fileno())


@contextmanager
def receive(
    body: Readable, boundary: bytes, folder: Path, limits: Limits, breathe: Callable[[int], None] = lambda _: None
) -> Iterator[Upload]:
    """Read a form of which the field `file` is a file; the file is removed at the end, unless somebody moved it.

    breathe : called after every piece with the bytes that came in so far.

    Raises FileRefusedError, FileTooLargeError, NoRoomError.
    """
    aside = folder / f".{secrets.token_hex(12)}{SUFFIX}"
    try:
        with _room(), aside.open("xb") as stream:
            upload = _received(_events(body, boundary), aside, stream, limits, breathe)
        yield upload
    finally:
        aside.unlink(missing_ok=True)


def _events(body: Readable, boundary: bytes) -> Iterator[Event]:
    """What the form consists of, piece by piece."""
    decoder = MultipartDecoder(boundary, MOST_HELD, max_parts=MOST_PARTS)
    try:
        while True:
            event = decoder.next_event()
            if isinstance(event, NeedData):
                decoder.receive_data(body.read(PIECE_BYTES) or None)
                continue
            yield event
            if isinstance(event, Epilogue):
                return
    except ValueError as error:
        raise FileRefusedError(f"The body is no whole multipart form: {error}") from error
    except RequestEntityTooLarge as error:
        raise FileRefusedError("The form has too many parts, or a part's head is too long") from error


def _received(
    events: Iterator[Event], aside: Path, stream: IO[bytes], limits: Limits, breathe: Callable[[int], None]
) -> Upload:
    fields: dict[str, str] = {}
    found: tuple[str, int] | None = None
    for event in events:
        if isinstance(event, File):
            if event.name != "file" or found is not None:
                raise FileRefusedError("The form has to have one file, named 'file'", event.name)
            part = _Part(events, stream, limits.stored, breathe)
            filename = _filename(event.filename)
            _take(part, form_of(filename)[1], limits.unpacked)
            found = filename, part.size
        elif isinstance(event, Field):
            if event.name in fields:
                raise FileRefusedError("This field is there twice", event.name)
            fields[event.name] = _value(event.name, events)
    if found is None:
        raise FileRefusedError("The form has no file: send one in the field 'file'", "file")
    return Upload(aside, *found, fields)


def _filename(given: str) -> str:
    """The last part of a name, which may come with folders."""
    name = given.replace("\\", "/").rpartition("/")[2]
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        reason = f"The file needs a name of 1 to {LONGEST_NAME} characters that can be printed, not {given!r:.300}"
        raise FileRefusedError(reason, "file")
    return name


def _value(name: str, events: Iterator[Event]) -> str:
    value = b""
    for event in events:
        assert isinstance(event, Data)  # noqa: S101 - what follows the head of a part
        value += event.data
        if len(value) > LONGEST_FIELD:
            raise FileRefusedError(f"This field is longer than {LONGEST_FIELD} bytes", name)
        if not event.more_data:
            break
    try:
        return value.decode()
    except UnicodeDecodeError as error:
        raise FileRefusedError("This field is not in UTF-8", name) from error


class _Part:
    """The form's file: whatever is read of it was written to the disk before."""

    def __init__(self, events: Iterator[Event], stream: IO[bytes], limit: int, breathe: Callable[[int], None]) -> None:
        self.size = 0
        self._events = events
        self._stream = stream
        self._limit = limit
        self._breathe = breathe
        self._held = b""
        self._ended = False

    def read(self, size: int) -> bytes:
        """Up to so many bytes; none at the end."""
        while not self._held and not self._ended:
            self._next()
        given, self._held = self._held[:size], self._held[size:]
        return given

    def _next(self) -> None:
        event = next(self._events)
        assert isinstance(event, Data)  # noqa: S101 - what follows the head of a part
        self._held, self._ended = bytes(event.data), not event.more_data
        self.size += len(self._held)
        if self.size > self._limit:
            raise FileTooLargeError(
                f"The file is larger than {self._limit} bytes (LANMU_MAX_FILE_BYTES): send it in parts"
            )
        self._stream.write(self._held)
        self._breathe(self.size)


@contextmanager
def _room() -> Iterator[None]:
    """Say that the disk is full, where that is what goes wrong."""
    try:
        yield
    except OSError as error:
        if error.errno not in {errno.ENOSPC, errno.EDQUOT}:
            raise
        raise NoRoomError("There is no room for the file on the service's disk: remove files, or try later") from error


def _take(part: _Part, packing: Packing, limit: int) -> None:
    """Read a file to its end. What is packed is unpacked on the way, to see how much that gives, and dropped.

    A damaged file is taken: a batch reads what is before the damage, and tells of it.
    """
    if packing is not Packing.NONE:
        with suppress(DamagedError):
            _check_unpacked(Unpacked(part, packing), limit)
    while part.read(PIECE_BYTES):
        pass


def _check_unpacked(stream: Unpacked, limit: int) -> None:
    unpacked = 0
    while piece := stream.read(PIECE_BYTES):
        unpacked += len(piece)
        if unpacked > limit:
            raise FileTooLargeError(
                f"The file unpacks to more than {limit} bytes (LANMU_MAX_UNPACKED_BYTES): send it in parts"
            )
