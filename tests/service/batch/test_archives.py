"""WARC and WET become records: pages of HTML or text, whatever stands around them."""

from __future__ import annotations

import gzip
import io
from typing import TYPE_CHECKING

import pytest

from service.batch.archives import read_archive
from service.batch.blocks import LARGEST, Block
from service.batch.job import Fields, Format, Packing
from service.batch.packing import Unpacked, pack
from service.batch.parsing import parse

if TYPE_CHECKING:
    from service.batch.blocks import Fault
    from service.batch.records import Record

HTML = "<html><body><p>固态电池的能量密度更高。</p></body></html>"


def warc(kind: str, name: str, body: bytes, media: str = "application/http; msgtype=response") -> bytes:
    """A record of an archive."""
    head = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Record-ID: <urn:{name}>\r\nWARC-Target-URI: http://a.example/{name}\r\n"
        f"WARC-Date: 2026-11-23T00:00:00Z\r\nContent-Type: {media}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body + b"\r\n\r\n"


def http(body: bytes, *headers: str, media: str = "text/html; charset=utf-8") -> bytes:
    """The answer of a web server."""
    return "\r\n".join(["HTTP/1.1 200 OK", f"Content-Type: {media}", *headers, "", ""]).encode() + body


ARCHIVE = [
    warc("warcinfo", "info", b"software: none", "application/warc-fields"),
    warc("response", "utf8", http(HTML.encode())),
    warc("response", "gbk", http(HTML.encode("gbk"), media="text/html; charset=gbk")),
    warc("response", "packed", http(gzip.compress(HTML.encode()), "Content-Encoding: gzip")),
    warc("response", "image", http(b"\x89PNG", media="image/png")),
    warc("conversion", "wet", "电池\n我认为它太贵了。".encode(), "text/plain"),
    warc("request", "request", b"GET / HTTP/1.1\r\n\r\n", "application/http; msgtype=request"),
]


def read(
    content: bytes, packing: Packing = Packing.NONE, fields: Fields | None = None
) -> tuple[list[Record], list[Fault]]:
    """The records of an archive and what is wrong with it."""
    fields = fields or Fields()
    records: list[Record] = []
    faults: list[Fault] = []
    for piece in read_archive(Unpacked(io.BytesIO(content), packing), "in", fields):
        block = Block(0, "in", 0, Format.WARC, piece.first, 0, piece.payload, (), tuple(piece.faults))
        found, wrong = parse(block, fields)
        records += found
        faults += wrong
    return records, faults


@pytest.mark.parametrize("packing", list(Packing), ids=["plain", "gzip", "zstd"])
def test_pages_are_found_and_decoded(packing: Packing) -> None:
    """Answers in HTML and converted texts are records; images, requests and notes are passed over."""
    records, faults = read(b"".join(pack(record, packing) for record in ARCHIVE), packing)

    assert [
        ("<urn:utf8>", "html", HTML, 2), ("<urn:gbk>", "html", HTML, 3), ("<urn:packed>", "html", HTML, 4),
        ("<urn:wet>", "page", "电池\n我认为它太贵了。", 6),
    ] == records  # fmt: skip
    assert [] == faults


def test_the_id_may_come_from_any_header() -> None:
    """The address of the page, for instance."""
    records, _ = read(ARCHIVE[1], fields=Fields(id="WARC-Target-URI"))

    assert ["http://a.example/utf8"] == [record.id for record in records]


@pytest.mark.parametrize("packing", [Packing.NONE, Packing.GZIP], ids=["plain", "gzip"])
def test_an_archive_that_is_cut_off_gives_what_is_whole(packing: Packing) -> None:
    """The end is told to be missing, and no page before it is lost."""
    content = b"".join(pack(record, packing) for record in ARCHIVE[:3])

    records, faults = read(content[:-30], packing)

    assert "<urn:utf8>" in [record.id for record in records]
    assert [True] == ["ends" in fault["reason"] for fault in faults]


@pytest.mark.parametrize(
    "content", [b"no archive\n" * 50, b"\0" * 5000, b"WARC/1.0\r\nContent-Length: -5\r\n\r\nx", b"WARC/1.0\r\n" * 50],
    ids=["text", "zeros", "negative length", "heads alone"],
)  # fmt: skip
def test_what_is_no_archive_is_told(content: bytes) -> None:
    """One error says so; nothing fails."""
    records, faults = read(content)

    assert ([], 1) == (records, len(faults))


def test_a_page_that_is_too_large_is_told_and_the_next_is_read() -> None:
    """It may be packed into a few kilobytes: no more of it is unpacked than a record may have."""
    bomb = warc("response", "bomb", http(gzip.compress(b"x" * (4 * LARGEST)), "Content-Encoding: gzip"))

    records, faults = read(bomb + ARCHIVE[1])

    assert ["<urn:utf8>"] == [record.id for record in records]
    assert [("<urn:bomb>", True)] == [(fault["id"], "longer than" in fault["reason"]) for fault in faults]
