"""One folder of versions, one champion, and a history that nobody can rewrite."""

from __future__ import annotations

import signal
import time
from typing import TYPE_CHECKING

import pytest

from models.versions import (
    Action,
    InvalidVersionError,
    NoChampionError,
    Registry,
    RegistryError,
    UnknownVersionError,
)

if TYPE_CHECKING:
    from pathlib import Path

    from tests.models.versions.conftest import Save, Start

ANN = {"who": "ann", "why": "better on teasers"}


@pytest.fixture
def registry(tmp_path: Path, save: Save) -> Registry:
    """Three versions, `c` the oldest, and no champion yet."""
    for hour, version in enumerate(["c", "a", "b"]):
        save(version, metadata={"created": f"2026-11-23T1{hour}:00:00+00:00"})
    return Registry(tmp_path)


def actions(registry: Registry) -> list[tuple[str, str | None, str]]:
    """What the history says happened: action, from, to."""
    return [(change.action, change.previous, change.version) for change in registry.history()]


def test_versions_come_oldest_first(registry: Registry, tmp_path: Path) -> None:
    """The list follows the time of creation and holds nothing but whole versions."""
    (tmp_path / ".writing-d-1").mkdir()
    (tmp_path / "no version").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "a")

    assert registry.versions() == ["c", "a", "b"]


def test_a_registry_without_a_folder_is_empty(tmp_path: Path) -> None:
    """Looking at a folder that is not there finds nothing, and does not make it."""
    registry = Registry(tmp_path / "none")

    assert registry.versions() == []
    assert registry.history() == []
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize("version", ["../a", "/a", "", ".", "a/../b", "a\0", "link"])
def test_a_version_is_looked_for_in_the_registry_only(registry: Registry, tmp_path: Path, version: str) -> None:
    """No name leads out of the registry."""
    (tmp_path / "link").symlink_to(tmp_path / "a")

    with pytest.raises(UnknownVersionError, match=r"be a version's name|no version 'link' in .* are: c, a, b"):
        registry.folder(version)


def test_without_a_champion_the_error_says_what_to_do(registry: Registry) -> None:
    """A registry in which nothing was promoted has no champion."""
    with pytest.raises(NoChampionError, match="train a version and promote it"):
        registry.champion()


def test_a_broken_champion_file_is_no_way_out_of_the_registry(registry: Registry, tmp_path: Path) -> None:
    """The champion file can hold nothing but a version's name."""
    (tmp_path / "champion").write_text("../../elsewhere\n")

    with pytest.raises(NoChampionError, match="which is no version's name"):
        registry.champion()


def test_promoting_changes_the_champion_and_tells_the_history(registry: Registry) -> None:
    """Who promoted what, and why, is kept; promoting the champion again changes nothing."""
    registry.promote("c", **ANN)
    registry.promote("a", **ANN)
    registry.promote("a", **ANN)

    assert registry.champion() == "a"
    assert actions(registry) == [("promote", None, "c"), ("promote", "c", "a")]
    assert {(change.who, change.why) for change in registry.history()} == {("ann", "better on teasers")}


def test_rolling_back_goes_one_further_each_time(registry: Registry) -> None:
    """A rollback undoes a promotion, the next one undoes the promotion before."""
    for version in ("c", "a", "b"):
        registry.promote(version, **ANN)

    assert registry.rollback(**ANN) == "a"
    assert registry.rollback(**ANN) == "c"
    with pytest.raises(RegistryError, match="no version before 'c' is left"):
        registry.rollback(**ANN)


def test_a_promotion_after_a_rollback_goes_on_from_there(registry: Registry) -> None:
    """What was rolled back is no predecessor of what is promoted next."""
    for version in ("c", "a"):
        registry.promote(version, **ANN)
    registry.rollback(**ANN)
    registry.promote("b", **ANN)

    assert registry.rollback(**ANN) == "c"


def test_a_damaged_version_is_not_promoted(registry: Registry, tmp_path: Path) -> None:
    """The champion stays where the challenger is not what was saved."""
    registry.promote("c", **ANN)
    (tmp_path / "a" / "card.md").write_text("another card")

    with pytest.raises(InvalidVersionError, match=r"card\.md"):
        registry.promote("a", **ANN)

    assert registry.champion() == "c"


def test_a_renamed_version_is_not_promoted(registry: Registry, tmp_path: Path) -> None:
    """A version answers under the name that it was saved with, or history and answers would not agree."""
    (tmp_path / "a").rename(tmp_path / "renamed")

    with pytest.raises(InvalidVersionError, match=r"model\.json: is of version 'a'; name the folder so"):
        registry.promote("renamed", **ANN)


def test_with_a_key_an_unsigned_version_is_not_promoted(save: Save, tmp_path: Path) -> None:
    """A registry with a model key promotes signed versions only."""
    save("a")

    with pytest.raises(InvalidVersionError, match="is not signed"):
        Registry(tmp_path, key=b"a key for tests").promote("a", **ANN)


def test_pruning_spares_the_champion_and_its_predecessor(registry: Registry, save: Save) -> None:
    """However few are to be kept, a rollback stays possible."""
    save("d", metadata={"created": "2027"})
    registry.promote("c", **ANN)
    registry.promote("b", **ANN)

    assert registry.prune(1) == ["a"]
    assert registry.prune(0) == ["d"]
    assert registry.rollback(**ANN) == "c"


def test_pruning_spares_what_is_needed(registry: Registry) -> None:
    """A version that somebody still works with stays, champion or not."""
    registry.promote("c", **ANN)

    assert registry.prune(0, needed=["a"]) == ["b"]
    assert registry.prune(0) == ["a"]


def test_a_torn_last_line_is_no_change(registry: Registry, tmp_path: Path) -> None:
    """What a crash left of a line is passed over, and the next line does not run into it."""
    registry.promote("c", **ANN)
    with (tmp_path / "history.jsonl").open("a") as stream:
        stream.write('{"time": "2026-')

    assert actions(registry) == [("promote", None, "c")]
    registry.promote("a", **ANN)
    assert actions(registry) == [("promote", None, "c"), ("promote", "c", "a")]


@pytest.mark.parametrize("line", ["not JSON", "[]", "{}", '{"action": "dance", "from": null}'])
def test_a_broken_history_is_named_and_not_guessed_at(registry: Registry, tmp_path: Path, line: str) -> None:
    """Any other line that is no change is an error with its number."""
    registry.promote("c", **ANN)
    with (tmp_path / "history.jsonl").open("a") as stream:
        stream.write(f"{line}\n")

    with pytest.raises(RegistryError, match=r"history\.jsonl, line 2: no change of the champion"):
        registry.history()


def test_a_promotion_that_was_cut_off_is_corrected(registry: Registry, tmp_path: Path) -> None:
    """Where the last line did not come true, the next change says so first, and rolls back to the right version."""
    registry.promote("c", **ANN)
    registry.promote("a", **ANN)
    registry.promote("b", **ANN)
    (tmp_path / "champion").write_text("a\n")

    registry.rollback(**ANN)

    assert actions(registry)[-2:] == [(Action.CORRECTED, "b", "a"), (Action.ROLLBACK, "a", "c")]


def test_a_registry_that_cannot_be_written_says_so(registry: Registry, tmp_path: Path) -> None:
    """A failing file system is named, and the champion stays."""
    registry.promote("c", **ANN)
    (tmp_path / "history.jsonl").unlink()
    (tmp_path / "history.jsonl").mkdir()

    with pytest.raises(RegistryError, match="cannot be changed: Is a directory"):
        registry.promote("a", **ANN)

    assert registry.champion() == "c"


PROMOTE = """
import sys
from pathlib import Path
from models.versions import Registry
registry = Registry(Path(sys.argv[1]))
for number in range(int(sys.argv[2])):
    registry.promote("abc"[number % 3], who=sys.argv[3], why=str(number))
"""


def test_concurrent_promotions_leave_one_consistent_history(registry: Registry, tmp_path: Path, start: Start) -> None:
    """Each line of the history starts from the version that the line before it ended with, whoever wrote them."""
    processes = [start(PROMOTE, tmp_path, 20, f"p{number}") for number in range(4)]

    assert [process.communicate(timeout=60)[1] for process in processes] == [""] * 4

    changes = actions(registry)
    assert {change[0] for change in changes} == {"promote"}
    assert [None, *(to for _, _, to in changes)] == [*(previous for _, previous, _ in changes), registry.champion()]


@pytest.mark.parametrize("delay", [0.0, 0.003, 0.011, 0.017, 0.029])
def test_a_killed_promotion_leaves_a_valid_champion(
    registry: Registry, tmp_path: Path, start: Start, delay: float
) -> None:
    """Killed at any moment, a promotion has happened or not; the registry goes on working and keeps its history."""
    process = start(PROMOTE, tmp_path, 100_000, "p")
    deadline = time.monotonic() + 60
    while not registry.history() and time.monotonic() < deadline:
        time.sleep(0.002)
    time.sleep(delay)
    process.send_signal(signal.SIGKILL)
    process.communicate()

    left = registry.champion() if (tmp_path / "champion").exists() else None
    before = len(registry.history())
    registry.promote("a" if left != "a" else "b", **ANN)

    assert left in {None, "a", "b", "c"}
    assert registry.champion() == registry.history()[-1].version
    assert before < len(registry.history()) <= before + 2
    assert registry.history()[-1].previous == left
