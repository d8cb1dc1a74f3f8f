"""Keys are made, listed and revoked from the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest

    from tests.service.cli.conftest import Run


def test_a_key_is_shown_once(run: Run) -> None:
    """The key is all that goes to standard output when it is made; the list knows its prefix and not its secret."""
    token = run("keys", "create", "newsroom", "--scope", "batch", "--scope", "predict").stdout.strip()
    prefix, _, secret = token.partition(".")

    listed = run("keys", "list").output

    assert len(secret) > 30
    assert [prefix, "newsroom", "batch", "predict"] == listed.splitlines()[1].split()[:4]
    assert secret not in listed


def test_a_revoked_key_stays_listed(run: Run) -> None:
    """A key is revoked by its prefix, or by all of it, and its end is kept."""
    token = run("keys", "create", "新闻部").stdout.strip()

    result = run("keys", "revoke", token)

    assert (result.exit_code, result.output) == (0, f"{token.partition('.')[0]} (新闻部) is revoked\n")
    assert "revoked 20" in run("keys", "list").output


def test_revoking_an_unknown_key_says_where_to_look(run: Run) -> None:
    """The error names the prefix and the command that lists them."""
    result = run("keys", "revoke", "nobody")

    assert (result.exit_code, result.output) == (
        1,
        "Error: No key has the prefix 'nobody'; `lanmu keys list` shows those there are\n",
    )


def test_a_name_that_is_too_long_is_refused(run: Run) -> None:
    """What the store refuses is told as a wrong command line."""
    result = run("keys", "create", "x" * 201)

    assert (result.exit_code, "1 to 200 characters, not 201" in result.output) == (2, True)


def test_a_database_that_cannot_be_opened_is_named(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """The error says which database and which setting to look at."""
    monkeypatch.setenv("LANMU_DATABASE_URL", "sqlite:////proc/no/lanmu.db")

    result = run("keys", "list")

    assert (result.exit_code, "/proc/no/lanmu.db" in result.output, "LANMU_DATABASE_URL" in result.output) == (
        1,
        True,
        True,
    )
