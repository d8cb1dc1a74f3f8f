"""Parquet becomes records, in bounded memory, whatever its columns are."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from service.batch.blocks import BLOCK_BYTES, BLOCK_RECORDS, LARGEST, Block
from service.batch.job import Fields, Format
from service.batch.parsing import parse
from service.batch.tables import read_table

if TYPE_CHECKING:
    from service.batch.blocks import Fault
    from service.batch.lines import Piece
    from service.batch.records import Record


def pieces_of(table: pa.Table, **options: Any) -> list[Piece]:
    """The pieces of a table that was written as Parquet."""
    stream = io.BytesIO()
    pq.write_table(table, stream, **options)
    stream.seek(0)
    return list(read_table(stream, "in", Fields()))


def read(pieces: list[Piece]) -> tuple[list[Record], list[Fault]]:
    """The records of some pieces and what is wrong."""
    records: list[Record] = []
    faults: list[Fault] = []
    for number, piece in enumerate(pieces):
        block = Block(number, "in", 0, Format.PARQUET, piece.first, 0, piece.payload, (), tuple(piece.faults))
        found, wrong = parse(block, Fields())
        records += found
        faults += wrong
    return records, faults


def test_rows_become_records() -> None:
    """A row has the content that is not null, numbers are ids, and other columns are passed over."""
    table = pa.table({
        "id": [1, 2, 3], "text": ["一", None, None], "page": [None, "二\n三", None],
        "sections": [None, None, ["四", "五"]], "url": ["a", "b", "c"],
    })  # fmt: skip

    records, faults = read(pieces_of(table))

    assert [(1, "text", "一", 1), (2, "page", "二\n三", 2), (3, "sections", ["四", "五"], 3)] == records
    assert [] == faults


@pytest.mark.parametrize(
    "kind", [pa.string(), pa.large_string(), pa.binary(), pa.dictionary(pa.int32(), pa.string())], ids=str
)
def test_text_may_be_stored_in_any_way(kind: pa.DataType) -> None:
    """Strings, bytes and dictionaries hold the same texts."""
    table = pa.table({"id": pa.array(["a", "b"]), "html": pa.array(["<p>电池", "<p>电池"]).cast(kind)})

    assert [("a", "html", "<p>电池", 1), ("b", "html", "<p>电池", 2)] == read(pieces_of(table))[0]


def test_bad_rows_are_told_and_the_others_read() -> None:
    """A row that is not UTF-8, has no id or two contents is told with its number."""
    table = pa.table({
        "id": ["a", None, "c", "d"],
        "text": pa.array([b"\xff\xfe", b"x", b"x", b"x"]).view(pa.binary()),
        "page": [None, None, "y", None],
    })  # fmt: skip

    records, faults = read(pieces_of(table))

    assert [("d", "text", "x", 4)] == records
    assert [1, 2, 3] == [fault["line"] for fault in faults]
    assert [True, True, True] == [
        said in fault["reason"]
        for said, fault in zip(["not in UTF-8", "has no id", "not text and page"], faults, strict=True)
    ]


def test_blocks_are_bounded() -> None:
    """A block ends by its rows or its bytes, also within a row group, and every row is in one."""
    many = pa.table({"id": range(3 * BLOCK_RECORDS), "text": ["x"] * 3 * BLOCK_RECORDS})
    large = pa.table({"id": range(9), "text": ["x" * (BLOCK_BYTES // 2)] * 9})

    assert [1, BLOCK_RECORDS + 1, 2 * BLOCK_RECORDS + 1] == [piece.first for piece in pieces_of(many)]
    assert [1, 3, 5, 7, 9] == [piece.first for piece in pieces_of(large)]
    assert list(range(9)) == [record.id for record in read(pieces_of(large))[0]]


def test_a_bomb_of_repeated_texts_is_told_row_by_row() -> None:
    """A text of 20 MB that stands in 500 rows is held once: each row is told, and the last one is read."""
    texts = pa.array(["x" * (LARGEST + 1), "short"])
    column = pa.DictionaryArray.from_arrays(pa.array([0] * 500 + [1]), texts)

    records, faults = read(pieces_of(pa.table({"id": range(501), "text": column})))

    assert [(500, "text", "short", 501)] == records
    assert list(range(1, 501)) == [fault["line"] for fault in faults]


@pytest.mark.parametrize("left", [0, 3, 100, -20], ids=str)
def test_what_is_no_parquet_is_told(left: int) -> None:
    """A file that is cut off, or was none ever, is one error, and no failure."""
    stream = io.BytesIO()
    pq.write_table(pa.table({"id": [1], "text": ["x"]}), stream)

    records, faults = read(list(read_table(io.BytesIO(stream.getvalue()[:left]), "in", Fields())))

    assert [] == records
    assert ["no Parquet file, or a damaged one" in fault["reason"] for fault in faults] == [True]


def test_a_damaged_row_group_is_left_out_and_told() -> None:
    """The row groups before and behind it are read."""
    stream = io.BytesIO()
    noise = [f"{number * 7919 % 10007:05}" * 9 for number in range(300)]
    pq.write_table(pa.table({"id": range(300), "text": noise}), stream, row_group_size=100, compression="gzip")
    content = bytearray(stream.getvalue())
    about = pq.ParquetFile(io.BytesIO(content)).metadata.row_group(1).column(1)
    middle = about.dictionary_page_offset + about.total_compressed_size // 2
    content[middle : middle + 30] = bytes(30)

    records, faults = read(list(read_table(io.BytesIO(bytes(content)), "in", Fields())))

    assert [*range(100), *range(200, 300)] == [record.id for record in records]
    assert [101] == [fault["line"] for fault in faults]


def test_a_table_without_our_columns_is_told() -> None:
    """Nothing is guessed."""
    records, faults = read(pieces_of(pa.table({"a": [1, 2]})))

    assert ([], ["has none of the columns id, text, sections, page, html"]) == (
        records,
        [fault["reason"] for fault in faults],
    )
