"""Records in WARC and WET files: answers of web servers as HTML, converted ones as text."""

from __future__ import annotations

import io
from contextlib import suppress
from typing import TYPE_CHECKING, Any, BinaryIO, cast

import orjson
from fastwarc.warc import ArchiveIterator, WarcRecordType

from models.decoding import decode
from service.batch.blocks import BLOCK_BYTES, BLOCK_RECORDS, LARGEST, Fault, fault, too_large
from service.batch.job import Packing
from service.batch.lines import Piece
from service.batch.packing import DamagedError, Unpacked

if TYPE_CHECKING:
    from collections.abc import Iterator

    from service.batch.job import Fields
    from service.batch.packing import Readable

RECORD_ID = "WARC-Record-ID"
HTML = ("text/html", "application/xhtml+xml")
TEXT = "text/plain"
GZIP = b"\x1f\x8b"
END = b"\r\n\r\n"
"""What every record ends with."""


def read_archive(stream: Readable, file: str, fields: Fields) -> Iterator[Piece]:
    """The pages of an archive, piece by piece, its records numbered from 1; other records are passed over."""
    header = RECORD_ID if fields.id == "id" else fields.id
    watched = _Watched(stream)
    packer = _Packer()
    number = 0
    try:
        archive = ArchiveIterator(
            cast("BinaryIO", watched), record_types=WarcRecordType.any_type, parse_http=True, auto_decode="transfer"
        )
        for number, record in enumerate(archive, start=1):
            kind = _kind(record)
            if kind is None:
                continue
            content = _content(record)
            about = {"n": number, "id": record.headers.get(header), "kind": kind, "charset": record.http_charset}
            if len(content) > LARGEST:
                packer.faults.append(fault(file, number, too_large(), record_id=about["id"]))
            elif packer.add(about, content):
                yield packer.taken()
    except (OSError, ValueError) as error:
        watched.damage = watched.damage or f"is damaged, or no WARC: {error}"
    wrong = watched.wrong(number)
    if wrong:
        packer.faults.append(fault(file, number + 1, f"the file {wrong}"))
    yield packer.taken()


def _content(record: Any) -> bytes:
    """The page's bytes, unpacked, or as many as show that it is too large.

    fastwarc would unpack as well, but loses its way where a packed page is not read to its end.
    """
    raw: bytes = record.reader.read(LARGEST + 1)
    while record.reader.read(1 << 20):
        pass
    packed = (record.http_headers.get("Content-Encoding") or "").strip().lower() if record.is_http else ""
    if packed not in {"gzip", "x-gzip"} or not raw.startswith(GZIP):
        return raw
    parts: list[bytes] = []
    with suppress(DamagedError):  # a page that was cut off when it was fetched is as much as there is of it
        stream = Unpacked(io.BytesIO(raw), Packing.GZIP)
        while sum(map(len, parts)) <= LARGEST and (part := stream.read(1 << 20)):
            parts.append(part)
    return b"".join(parts)


def _kind(record: Any) -> str | None:
    """`html` or `page`; None for records that hold no page."""
    if record.record_type == WarcRecordType.conversion:
        return "page"
    if record.record_type not in (WarcRecordType.response, WarcRecordType.resource):
        return None
    declared = record.http_content_type if record.is_http else record.headers.get("Content-Type")
    media = (declared or "").partition(";")[0].strip().lower()
    return "html" if media in HTML else "page" if media == TEXT else None


class _Watched:
    """A stream that never raises, which fastwarc would not stand, and the last bytes that came from it."""

    def __init__(self, stream: Readable) -> None:
        self._stream = stream
        self._tail = b""
        self._at = 0
        self._failure: OSError | None = None
        self.damage: str | None = None

    def read(self, size: int = 1 << 16) -> bytes:
        """Up to so many bytes; none where there are no more to be had."""
        if self.damage or self._failure:
            return b""
        try:
            content = self._stream.read(size)
        except DamagedError as error:
            self.damage = str(error)
            return b""
        except OSError as error:
            self._failure = error
            return b""
        self._tail = (self._tail + content[-len(END) :])[-len(END) :]
        self._at += len(content)
        return content

    def tell(self) -> int:
        """Bytes read so far."""
        return self._at

    def wrong(self, records: int) -> str | None:
        """What is wrong with the file after so many records. Raises OSError where it is not the file that failed."""
        if self._failure:
            raise self._failure
        if self.damage or self._tail in {b"", END}:
            return self.damage
        return "ends in the middle of a record" if records else "is no WARC: it has no records"


class _Packer:
    """Pages on their way into a block: a line of JSON each, and the page's bytes."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []
        self._parts: list[bytes] = []
        self._pages = 0
        self._size = 0
        self._first = 1

    def add(self, about: dict[str, Any], content: bytes) -> bool:
        """Take a page in; True where the block is full."""
        head = orjson.dumps(about | {"size": len(content)}, option=orjson.OPT_APPEND_NEWLINE)
        self._first = self._first if self._parts else about["n"]
        self._parts += [head, content]
        self._pages += 1
        self._size += len(head) + len(content)
        return self._size >= BLOCK_BYTES or self._pages >= BLOCK_RECORDS

    def taken(self) -> Piece:
        """What came in since the last time."""
        piece = Piece(self._first, b"".join(self._parts), faults=self.faults)
        self.faults, self._parts, self._pages, self._size = [], [], 0, 0
        return piece


def pages_of(payload: bytes) -> Iterator[tuple[int, dict[str, Any]]]:
    """The number and the fields of each page of a piece; its bytes are read as what they seem to be."""
    at = 0
    while at < len(payload):
        end = payload.index(b"\n", at)
        about = orjson.loads(payload[at:end])
        at = end + 1 + about["size"]
        values = {"id": about["id"], about["kind"]: decode(payload[end + 1 : at], about["charset"])}
        yield about["n"], {name: value for name, value in values.items() if value is not None}
