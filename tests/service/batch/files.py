"""Files of JSON Lines, as tests write and read them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

if TYPE_CHECKING:
    from pathlib import Path


def write_objects(file: Path, *objects: Any) -> Path:
    """Write an object a line, and give the file back."""
    file.write_bytes(b"".join(orjson.dumps(each) + b"\n" for each in objects))
    return file


def objects(file: Path) -> list[dict[str, Any]]:
    """The objects in a file."""
    return [orjson.loads(line) for line in file.read_bytes().splitlines()]
