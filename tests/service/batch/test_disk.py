"""Slices of files, copied by the system or, where it cannot, by us."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from service.batch.disk import READ, add_slice

if TYPE_CHECKING:
    from pathlib import Path

CONTENT = bytes(range(251)) * (3 * READ // 251)
"""More than is read at once, and no part like the next."""


@pytest.mark.parametrize("mode", ["wb", "ab"], ids=["by the system", "by us"])
def test_slices_stand_between_what_is_written(mode: str, tmp_path: Path) -> None:
    """Linux copies to no file that is opened for appending: there it is done by us, with the same bytes."""
    (tmp_path / "from").write_bytes(CONTENT)
    place = range(7, len(CONTENT) - 7)

    with (tmp_path / "to").open(mode) as stream:
        stream.write(b"before")
        assert len(place) == add_slice(stream, tmp_path / "from", place)
        stream.write(b"between")
        assert 3 == add_slice(stream, tmp_path / "from", range(1, 4))
        stream.write(b"behind")

    expected = b"before" + CONTENT[7:-7] + b"between" + CONTENT[1:4] + b"behind"
    assert expected == (tmp_path / "to").read_bytes()


@pytest.mark.parametrize("mode", ["wb", "ab"], ids=["by the system", "by us"])
def test_a_file_that_ends_before_gives_what_there_is(mode: str, tmp_path: Path) -> None:
    """Whoever asks is told how much that was."""
    (tmp_path / "from").write_bytes(b"short")

    with (tmp_path / "to").open(mode) as stream:
        assert 3 == add_slice(stream, tmp_path / "from", range(2, 9))
        assert 0 == add_slice(stream, tmp_path / "from", range(9, 12))

    assert (tmp_path / "to").read_bytes() == b"ort"
