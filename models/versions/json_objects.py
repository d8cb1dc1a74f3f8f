"""JSON in a version: objects only, and none that is nested without end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from models.versions.errors import InvalidVersionError

if TYPE_CHECKING:
    from pathlib import Path

DEEPEST = 32
"""How deep arrays and objects may stand in one another."""


def parse_object(content: bytes, file: Path) -> dict[str, Any]:
    """The JSON object that `content` holds; raises InvalidVersionError (naming `file`) where it holds anything else."""
    try:
        value = orjson.loads(content)
    except orjson.JSONDecodeError as error:
        raise InvalidVersionError(file, f"is not JSON: {error}") from error
    if not isinstance(value, dict):
        raise InvalidVersionError(file, f"holds a JSON {type(value).__name__} where an object was expected")
    _check_depth(value, file)
    return value


def parse_lines(content: bytes, file: Path) -> list[dict[str, Any]]:
    """The JSON objects that `content` holds, one a line."""
    return [parse_object(line, file) for line in content.split(b"\n") if line.strip()]


def _check_depth(value: object, file: Path) -> None:
    level = [value]
    for _ in range(DEEPEST):
        level = [child for parent in level for child in _children(parent)]
        if not level:
            return
    raise InvalidVersionError(file, f"is nested deeper than {DEEPEST} levels")


def _children(value: object) -> list[Any]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []
