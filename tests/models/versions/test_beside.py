"""What a registry keeps beside its versions: the shadow, verdicts, comparisons; and what may be promoted by them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from models.versions import (
    InvalidVersionError,
    Registry,
    RegistryError,
    RegistryUnwritableError,
    UnknownVersionError,
    VersionWriteError,
    objection,
    read_file,
)

if TYPE_CHECKING:
    from pathlib import Path

    from tests.models.versions.conftest import Save

ANN = {"who": "ann", "why": "better on teasers"}


@pytest.fixture
def registry(tmp_path: Path, save: Save) -> Registry:
    """Two versions, no champion yet."""
    save("a")
    save("b")
    return Registry(tmp_path)


def test_a_shadow_is_kept_until_it_is_taken_away(registry: Registry) -> None:
    """There is one shadow at most; who set it, and why, is told."""
    assert registry.shadow() is None
    registry.set_shadow("a", **ANN)
    registry.set_shadow("b", **ANN)

    shadow = registry.shadow()

    assert shadow is not None
    assert ("b", "ann", "better on teasers") == (shadow.version, shadow.who, shadow.why)
    registry.clear_shadow()
    assert registry.shadow() is None


def test_a_damaged_version_is_no_shadow(registry: Registry, tmp_path: Path) -> None:
    """What could not be promoted cannot shadow either; the earlier shadow stays."""
    registry.set_shadow("b", **ANN)
    (tmp_path / "a" / "card.md").write_text("another card")

    with pytest.raises(InvalidVersionError, match=r"card\.md"):
        registry.set_shadow("a", **ANN)

    shadow = registry.shadow()
    assert shadow is not None
    assert "b" == shadow.version


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"version": "../b", "who": "", "why": "", "time": ""}'])
def test_a_broken_shadow_file_is_named(registry: Registry, tmp_path: Path, content: str) -> None:
    """It is not guessed at, and leads nowhere."""
    (tmp_path / "shadow").write_text(content)

    with pytest.raises(RegistryError, match=r"shadow names .*remove the file"):
        registry.shadow()


def test_the_shadow_is_spared_by_pruning(registry: Registry, save: Save) -> None:
    """A challenger under watch stays, however old it is."""
    save("c", metadata={"created": "2027"})
    registry.promote("c", **ANN)
    registry.set_shadow("a", **ANN)

    assert ["b"] == registry.prune(0)


def test_a_verdict_is_kept_and_replaced(registry: Registry) -> None:
    """The last verdict counts; a version that the gate never saw has none."""
    registry.record_verdict("a", {"passed": False, "reasons": ["worse"]})
    registry.record_verdict("a", {"passed": True, "reasons": []})

    assert {"passed": True, "reasons": []} == registry.verdict("a")
    assert registry.verdict("b") is None
    with pytest.raises(UnknownVersionError, match="no version 'c'"):
        registry.record_verdict("c", {"passed": True})


@pytest.mark.parametrize("content", ["{", "[]", "{}", '{"passed": "yes"}'])
def test_a_broken_verdict_is_named(registry: Registry, tmp_path: Path, content: str) -> None:
    """A file that does not say whether the version passed vouches for nothing."""
    (tmp_path / "verdicts").mkdir()
    (tmp_path / "verdicts" / "a.json").write_text(content)

    with pytest.raises(RegistryError, match=r"a\.json .*let the gate judge again"):
        registry.verdict("a")


def test_what_nothing_vouches_for_must_be_forced(registry: Registry) -> None:
    """The first champion and former ones pass without a verdict, others need one that passed."""
    assert objection(registry, "a") is None
    registry.promote("a", **ANN)
    assert "no gate has judged 'b': run `lanmu-train gate b`, or force it" == objection(registry, "b")
    registry.record_verdict("b", {"passed": False, "reasons": ["opinion fell by .04", "slower"]})
    assert "the gate refused 'b': opinion fell by .04; slower" == objection(registry, "b")
    registry.record_verdict("b", {"passed": True})
    assert objection(registry, "b") is None
    registry.promote("b", **ANN)

    assert objection(registry, "a") is None


def test_a_comparison_goes_with_its_versions(registry: Registry, save: Save) -> None:
    """It can be read as long as both versions are there."""
    save("c", metadata={"created": "2027"})
    registry.promote("b", **ANN)
    for first, second in (("a", "b"), ("b", "c")):
        registry.record_comparison(first, second, f"<p>{first} {second}".encode())

    registry.prune(0)

    assert [] == registry.comparisons()
    with pytest.raises(UnknownVersionError):
        registry.comparison("b", "c")


def test_a_comparison_is_kept_and_replaced(registry: Registry) -> None:
    """The last one counts; in the other direction there is none."""
    for page in (b"first", b"second"):
        registry.record_comparison("a", "b", page)

    assert (b"second", None) == (registry.comparison("a", "b"), registry.comparison("b", "a"))
    assert [("a", "b")] == registry.comparisons()


def test_a_verdict_that_cannot_be_written_leaves_the_earlier_one(registry: Registry, tmp_path: Path) -> None:
    """A failing file system is named, and nothing is half written."""
    (tmp_path / "verdicts").write_text("in the way")

    with pytest.raises(RegistryUnwritableError, match="cannot be changed"):
        registry.record_verdict("a", {"passed": True})


def test_one_file_of_a_version_is_checked_when_it_is_read(registry: Registry, tmp_path: Path) -> None:
    """A report or card is given as it was saved, or refused; one that was never saved is None."""
    assert "# 首版\n".encode() == read_file(tmp_path / "a", "card.md")
    assert read_file(tmp_path / "a", "report.html") is None
    (tmp_path / "a" / "card.md").write_text("# 别版\n", "utf-8")

    with pytest.raises(InvalidVersionError, match=r"card\.md: is not the file that MANIFEST describes"):
        read_file(registry.folder("a"), "card.md")


@pytest.mark.parametrize("name", ["champion", "history", "shadow", "verdicts"])
def test_names_that_mean_something_else_are_refused(save: Save, name: str) -> None:
    """A version called like a file of the registry, or like an address of the API, could not be reached."""
    with pytest.raises(VersionWriteError, match="cannot name a version"):
        save(name)
