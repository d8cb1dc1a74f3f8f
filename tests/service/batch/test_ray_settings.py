"""What Ray is told before it is imported."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from service.batch.ray_settings import ray_settings

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("environment", "mode"),
    [
        ({}, None),
        ({"RAY_AUTH_TOKEN": "secret"}, "token"),
        ({"RAY_AUTH_TOKEN_PATH": "/token"}, "token"),
    ],
    ids=["none", "token", "file"],
)
def test_a_token_that_is_known_is_shown(
    environment: dict[str, str], mode: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ray itself would not show it to a cluster that is joined."""
    monkeypatch.setenv("HOME", str(tmp_path))

    assert mode == ray_settings(environment).get("RAY_AUTH_MODE")


def test_a_token_in_the_home_is_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is where a head that was started here takes its own from."""
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / ".ray").mkdir()
    (tmp_path / ".ray" / "auth_token").write_text("secret")

    assert "token" == ray_settings({})["RAY_AUTH_MODE"]


def test_what_is_set_is_kept() -> None:
    """Who says how it shall be is not asked again."""
    chosen = {"RAY_AUTH_MODE": "disabled", "RAY_AUTH_TOKEN": "secret", "RAY_USAGE_STATS_ENABLED": "1"}

    assert {} == ray_settings(chosen)
