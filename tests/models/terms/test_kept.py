"""Tables that are kept in the cache folder."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from models.terms.kept import kept
from tests.small_disk import small_disk

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

TABLES: list[NDArray[Any]] = [np.arange(1000, dtype=np.uint64), np.zeros(0, np.int32), np.array([0.5])]


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache folder of the test's own."""
    monkeypatch.setenv("LANMU_CACHE_DIR", str(tmp_path))
    return tmp_path


def never() -> list[NDArray[Any]]:
    """What must not be called."""
    raise AssertionError("the tables are made a second time")


def test_tables_come_back_as_they_were_made(cache: Path) -> None:
    """They are mapped and read-only, made once, and nothing but them and the lock is left in the folder."""
    made, found = kept("things-1", lambda: TABLES), kept("things-1", never)

    for given in (made, found):
        for one, other in zip(TABLES, given, strict=True):
            np.testing.assert_array_equal(one, other)
            assert one.dtype == other.dtype
            assert not other.flags.writeable
    assert [".tables.lock", "things-1"] == sorted(path.name for path in cache.iterdir())


@pytest.mark.parametrize("content", [b"", b"\x93NUMPY", bytes(500)], ids=["empty", "cut off", "zeros"])
def test_a_table_that_cannot_be_read_is_made_again(cache: Path, content: bytes) -> None:
    """A power cut or a full disk costs the time to make the tables, not the start."""
    kept("things-1", lambda: TABLES)
    (cache / "things-1" / "00.npy").write_bytes(content)

    again = kept("things-1", lambda: TABLES)

    np.testing.assert_array_equal(TABLES[0], again[0])
    np.testing.assert_array_equal(TABLES[0], kept("things-1", never)[0])


def test_a_table_that_is_shorter_than_it_says_is_made_again(cache: Path) -> None:
    """To read behind a mapped file's end would end the process."""
    kept("things-1", lambda: TABLES)
    file = cache / "things-1" / "00.npy"
    file.write_bytes(file.read_bytes()[:-8])

    np.testing.assert_array_equal(TABLES[0], kept("things-1", lambda: TABLES)[0])


def test_a_full_disk_costs_the_copy_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The process has the tables for itself, and leaves no half of them; the next one tries again."""
    large = [np.arange(100_000, dtype=np.uint64)]
    with small_disk(tmp_path / "small", 400_000) as folder:
        monkeypatch.setenv("LANMU_CACHE_DIR", str(folder))

        own = kept("things-1", lambda: large)

        assert own[0].shape == (100_000,)
        assert not own[0].flags.writeable
        assert [".tables.lock"] == [path.name for path in folder.iterdir()]
        assert 3 == len(kept("things-2", lambda: TABLES))
        assert 3 == len(kept("things-2", never))


def test_what_cannot_be_made_leaves_nothing(cache: Path) -> None:
    """The reason comes out as it is, and the next call tries again."""

    def fails() -> list[NDArray[Any]]:
        raise ValueError("no such word")

    with pytest.raises(ValueError, match="no such word"):
        kept("things-1", fails)

    assert [".tables.lock"] == [path.name for path in cache.iterdir()]
    assert 3 == len(kept("things-1", lambda: TABLES))
