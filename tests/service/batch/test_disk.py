"""Slices of files, copied by the system or, where it cannot, by us."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from service.batch.disk import READ, copy_slice, write_at

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CONTENT = bytes(range(251)) * (3 * READ // 251)
"""More than is read at once, and no part like the next."""


@pytest.fixture(params=[0, os.O_APPEND], ids=["by the system", "by us"])
def target(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[int]:
    """A file to write to. Linux copies to none that is opened for appending: there it is done by us."""
    file = os.open(tmp_path / "to", os.O_RDWR | os.O_CREAT | request.param)
    yield file
    os.close(file)


def test_slices_stand_where_they_are_to(target: int, tmp_path: Path) -> None:
    """Between what was written before and what is written then."""
    (tmp_path / "from").write_bytes(CONTENT)
    place = range(7, len(CONTENT) - 7)

    write_at(target, b"before", 0)
    assert len(place) == copy_slice(tmp_path / "from", place, target, 6)
    assert 3 == copy_slice(tmp_path / "from", range(1, 4), target, 6 + len(place))
    write_at(target, b"behind", 9 + len(place))

    assert b"before" + CONTENT[7:-7] + CONTENT[1:4] + b"behind" == (tmp_path / "to").read_bytes()


def test_a_file_that_ends_before_gives_what_there_is(target: int, tmp_path: Path) -> None:
    """Whoever asks is told how much that was."""
    (tmp_path / "from").write_bytes(b"short")

    assert 3 == copy_slice(tmp_path / "from", range(2, 9), target, 0)
    assert 0 == copy_slice(tmp_path / "from", range(9, 12), target, 3)

    assert (tmp_path / "to").read_bytes() == b"ort"
