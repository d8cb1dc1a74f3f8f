"""What the name of an output says."""

from __future__ import annotations

from service.batch.errors import BatchError
from service.batch.job import Format, Packing
from service.batch.places import form_of


def output_form(name: str) -> tuple[Format, Packing]:
    """Format and packing of an output, by its name; JSON Lines where that does not tell. Raises BatchError."""
    if not _names_file(name):
        raise BatchError(f"{name!r} names no file to write to")
    form, packing = form_of(name)
    if form is Format.WARC:
        raise BatchError(f"{name!r} would be WARC, which is only read: name it .jsonl, .csv or .parquet")
    if form is Format.PARQUET and packing:
        raise BatchError(f"{name!r}: Parquet is compressed inside; leave out .{packing}")
    return form or Format.JSONL, packing


def _names_file(name: str) -> bool:
    """Whether there is a file's name at the end; that of a bucket is none."""
    folder, _, last = name.partition("?")[0].rpartition("/") if "://" in name else name.rpartition("/")
    return last not in {"", ".", ".."} and not folder.endswith(":/")
