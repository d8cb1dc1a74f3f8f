"""Workers find out from each other's sizes where their answers begin."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from service.batch.offsets import Offsets

if TYPE_CHECKING:
    from pathlib import Path

MANY = 10_000
"""More sizes than are read at once."""


def test_a_block_begins_where_those_before_it_end(tmp_path: Path) -> None:
    """Whoever told their sizes, in whatever order; one that nobody knows yet keeps all behind it waiting."""
    one = Offsets.begun(tmp_path, {})
    other = Offsets(tmp_path)
    assert (0, None) == (one.of(0), one.of(1))

    other.tell(1, 30)
    one.tell(3, 2)
    assert (0, None, None) == (other.of(0), one.of(1), one.of(2))

    other.tell(0, 7)
    assert [0, 7, 37, None, None] == [one.of(block) for block in range(5)]
    one.tell(2, 100)
    assert [0, 7, 37, 137, 139] == [other.of(block) for block in range(5)]


def test_what_is_done_already_is_known(tmp_path: Path) -> None:
    """A batch that goes on knows the sizes of its blocks, and nothing that an earlier run told beside them."""
    Offsets.begun(tmp_path, {0: 1}).tell(1, 99)
    again = Offsets.begun(tmp_path, {1: 20, 0: 10})

    assert [0, 10, 30, None] == [again.of(block) for block in range(4)]


def test_a_block_that_is_judged_again_changes_nothing(tmp_path: Path) -> None:
    """As where its worker was killed: it has the same size, before and after others go on."""
    offsets = Offsets.begun(tmp_path, {})
    for _ in range(2):
        offsets.tell(0, 5)
    assert 5 == offsets.of(1)
    offsets.tell(0, 5)
    offsets.tell(1, 6)

    assert [0, 5, 11] == [offsets.of(block) for block in range(3)]


def test_many_sizes_are_read(tmp_path: Path) -> None:
    """However many there are at once."""
    offsets = Offsets.begun(tmp_path, dict.fromkeys(range(MANY), 3))

    assert 3 * MANY == offsets.of(MANY)


def test_without_a_file_of_them_nobody_begins(tmp_path: Path) -> None:
    """As where the answers become a table in the end."""
    with pytest.raises(FileNotFoundError):
        Offsets(tmp_path)
