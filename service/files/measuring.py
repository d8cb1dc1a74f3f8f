"""What a file holds, looked through once before its batch begins: how many records, and that it is no bomb."""

from __future__ import annotations

from pathlib import Path

from service.batch.blocks import Block
from service.batch.job import Fields, Format
from service.batch.lines import row_ends
from service.batch.places import place
from service.batch.reading import read_blocks
from service.files.errors import FileTooLargeError


def records_in(file: Path, form: Format, limit: int) -> int:
    """How many records there seem to be: a damaged row counts, too, and so may an empty one in a table.

    limit : bytes that the file may unpack to.

    Raises FileTooLargeError, before more than that was unpacked.
    """
    if form is Format.PARQUET:
        return _rows(file, limit)
    unpacked = found = 0
    for block in read_blocks([place(str(file))], form, Fields()):
        unpacked += len(block.payload)
        if unpacked > limit:
            _refuse(limit)
        found += _count(block)
    return found


def _count(block: Block) -> int:
    if block.format is Format.CSV:
        unended = bool(block.payload) and not block.payload.endswith(b"\n")
        header = block.payload.startswith(b"\n") and block.index == 0
        return int(row_ends(block.payload).size) + unended - header
    return sum(1 for line in block.payload.split(b"\n") if line and not line.isspace())


def _rows(file: Path, limit: int) -> int:
    """What a Parquet file says of itself; where it lies, its row groups are refused one by one when they are read."""
    import pyarrow as pa  # noqa: PLC0415 - pyarrow is loaded where there is Parquet alone
    import pyarrow.parquet as pq  # noqa: PLC0415 - as above

    try:
        about = pq.read_metadata(file)
    except (pa.ArrowException, OSError):
        return 0  # the batch tells of it, as of any damage
    groups = [about.row_group(number) for number in range(about.num_row_groups)]
    if sum(group.total_byte_size for group in groups) > limit:
        _refuse(limit)
    return int(about.num_rows)


def _refuse(limit: int) -> None:
    raise FileTooLargeError(f"The file unpacks to more than {limit} bytes (LANMU_MAX_UNPACKED_BYTES): send it in parts")
