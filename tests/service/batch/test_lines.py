"""Lines and rows become blocks of bounded size, cut where the content says."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest

from service.batch.blocks import BLOCK_BYTES, BLOCK_RECORDS, LARGEST
from service.batch.lines import cut_lines, read_lines, read_rows

if TYPE_CHECKING:
    from service.batch.lines import Piece


class Dripping(io.BytesIO):
    """A stream that hands over less than it is asked for, as pipes do."""

    def read(self, size: int | None = -1) -> bytes:
        """At most 7 KB."""
        return super().read(min(size or 0, 7_000))


def contents(pieces: list[Piece]) -> list[tuple[int, bytes]]:
    """Number and content of each piece."""
    return [(piece.first, piece.payload) for piece in pieces]


def test_a_block_is_cut_by_its_records() -> None:
    """Short lines do not add up without end, and each block knows the number of its first line."""
    lines = b"{}\n" * (2 * BLOCK_RECORDS + 1)

    pieces = list(read_lines(io.BytesIO(lines), "in"))

    assert [1, BLOCK_RECORDS + 1, 2 * BLOCK_RECORDS + 1] == [piece.first for piece in pieces]
    assert lines == b"".join(piece.payload for piece in pieces)


@pytest.mark.parametrize(
    "lengths",
    [[1] * BLOCK_RECORDS, [900] * 300 + [1] * (2 * BLOCK_RECORDS), [1] * BLOCK_RECORDS + [9] * 300_000, [0] * 9999],
    ids=["just full", "long lines first", "long lines last", "empty lines"],
)
def test_a_full_block_has_all_its_lines(lengths: list[int]) -> None:
    """However long they are: where the lines lie is guessed, and then counted."""
    lines = [b"x" * length + b"\n" for length in lengths]

    expected = (sum(map(len, lines[:BLOCK_RECORDS])), BLOCK_RECORDS, True)

    for about in (0, expected[0] // 2, expected[0] - 1, expected[0], expected[0] + 1, BLOCK_BYTES):
        assert expected == cut_lines(b"".join(lines) + b"more", about)


@pytest.mark.parametrize(("content", "expected"), [(b"", (0, 0)), (b"a", (0, 0)), (b"a\nb\nc", (4, 2))])
def test_a_block_that_is_not_full_ends_with_its_last_line(content: bytes, expected: tuple[int, int]) -> None:
    """Wherever its end is guessed, before and behind it."""
    for about in range(8):
        assert (*expected, False) == cut_lines(content, about)


def test_a_block_is_cut_by_its_bytes() -> None:
    """Long lines do not add up in memory: a block ends before the line that would not fit."""
    line = b"x" * (BLOCK_BYTES // 2) + b"\n"

    assert [(number, line) for number in (1, 2, 3)] == contents(list(read_lines(io.BytesIO(line * 3), "in")))


def test_blocks_do_not_depend_on_how_bytes_come() -> None:
    """A pipe that drips is cut in the same places as a file."""
    lines = b"".join(b"x" * (number % 977) + b"\n" for number in range(30_000))

    assert contents(list(read_lines(io.BytesIO(lines), "in"))) == contents(list(read_lines(Dripping(lines), "in")))


@pytest.mark.parametrize("end", [b"", b"\n"], ids=["without an end", "with an end"])
def test_the_last_line_needs_no_end(end: bytes) -> None:
    """All that is there is given."""
    assert [(1, b"a\nb" + end)] == contents(list(read_lines(io.BytesIO(b"a\nb" + end), "in")))


def test_a_line_without_an_end_is_not_read_into_memory() -> None:
    """A line longer than any record is told, and the next line has its proper number."""
    source = io.BytesIO(b"first\n" + b"x" * (3 * LARGEST) + b"\nnext\n")

    pieces = list(read_lines(source, "in"))

    assert [(1, b"first\n"), (2, b"\n"), (3, b"next\n")] == contents(pieces)
    assert [(2, "longer than 16 MiB; cut the page into parts")] == [
        (fault["line"], fault["reason"]) for piece in pieces for fault in piece.faults
    ]


def test_a_byte_order_mark_belongs_to_no_line() -> None:
    """What editors put in front of a file is no part of its first line."""
    assert [(1, b"{}\n")] == contents(list(read_lines(io.BytesIO(b"\xef\xbb\xbf{}\n"), "in")))


def test_a_row_may_hold_line_ends() -> None:
    """A block of CSV ends outside of quotes, and the header is known to every block."""
    row = b'1,"' + b"x\n" * (BLOCK_BYTES // 5) + b'"\n'

    pieces = list(read_rows(io.BytesIO(b"id,text\n" + row * 5), "in"))

    assert {("id", "text")} == {piece.columns for piece in pieces}
    assert row * 5 == b"".join(piece.payload for piece in pieces).removeprefix(b"\n")
    assert all(piece.payload.endswith(b'"\n') for piece in pieces)
    assert len(pieces) > 1
