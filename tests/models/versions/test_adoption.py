"""A registry without versions takes over the shipped champion."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from models.versions import SHIPPED_MODELS, InvalidVersionError, Registry, adopt_shipped, read_version

if TYPE_CHECKING:
    from pathlib import Path

    from tests.models.versions.conftest import Save


def test_an_empty_registry_gets_the_shipped_champion(tmp_path: Path) -> None:
    """It is whole, the history tells where it came from, and a second start changes nothing."""
    shipped = Registry(SHIPPED_MODELS)
    folder = tmp_path / "registry"

    assert [shipped.champion(), None] == [adopt_shipped(folder), adopt_shipped(folder)]

    saved = read_version(folder / shipped.champion())
    assert read_version(shipped.folder(shipped.champion())).metadata == saved.metadata
    assert ["lanmu"] == [change.who for change in Registry(folder).history()]
    assert (folder / shipped.champion() / "report.html").is_file()


def test_with_a_key_the_copy_is_signed(tmp_path: Path) -> None:
    """The service that asks for signatures can load it, one with another key cannot."""
    version = adopt_shipped(tmp_path, key=b"a key for tests")

    assert version is not None
    assert version == read_version(tmp_path / version, key=b"a key for tests").metadata["version"]
    with pytest.raises(InvalidVersionError, match="the signature is wrong"):
        read_version(tmp_path / version, key=b"another")


def test_a_registry_with_versions_is_left_alone(tmp_path: Path, save: Save) -> None:
    """Whose champion was never promoted has made up no mind, and is not helped along."""
    save("a")

    assert adopt_shipped(tmp_path) is None
    assert ["a"] == Registry(tmp_path).versions()
