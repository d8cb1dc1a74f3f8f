"""Making, listing and revoking keys."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from service.keys import Scope, UnknownKeyError, any_key, create_key, find_key, list_keys, revoke_key
from service.store import open_store


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """An empty database."""
    opened = open_store(f"sqlite:///{tmp_path / 'lanmu.db'}")
    yield opened
    opened.dispose()


def test_a_new_key_is_opened_by_its_token(engine: Engine) -> None:
    """The token's secret opens the key of its prefix, another secret does not."""
    made = create_key(engine, "crawler", ["predict"])
    prefix, _, secret = made.token.partition(".")

    key = find_key(engine, prefix)

    assert key == made.key
    assert key.opened_by(secret)
    assert not key.opened_by(secret[:-1])


def test_the_secret_is_not_in_the_database(engine: Engine) -> None:
    """Only the SHA-256 of the secret is stored."""
    made = create_key(engine, "crawler", ["predict"])

    with engine.connect() as connection:
        stored = repr(connection.execute(text("SELECT * FROM api_keys")).all())

    assert made.token.partition(".")[2] not in stored


def test_keys_are_listed_oldest_first(engine: Engine) -> None:
    """The list holds every key, with name and scopes."""
    create_key(engine, "first", ["predict"])
    create_key(engine, "second", [Scope.TRAIN, "review"])

    listed = [(key.name, sorted(key.scopes)) for key in list_keys(engine)]

    assert listed == [("first", ["predict"]), ("second", ["review", "train"])]


def test_a_revoked_key_opens_nothing_and_stays_listed(engine: Engine) -> None:
    """Revoking ends the key, not its record."""
    made = create_key(engine, "crawler", ["predict"])

    revoked = revoke_key(engine, made.key.prefix)

    assert not revoked.opened_by(made.token.partition(".")[2])
    assert list_keys(engine) == [revoked]
    assert any_key(engine)


def test_revoking_twice_keeps_the_first_time(engine: Engine) -> None:
    """A second revocation changes nothing."""
    prefix = create_key(engine, "crawler", ["predict"]).key.prefix

    assert revoke_key(engine, prefix).revoked_at == revoke_key(engine, prefix).revoked_at


def test_an_unknown_key_cannot_be_revoked(engine: Engine) -> None:
    """The error names the prefix."""
    with pytest.raises(UnknownKeyError, match="'nope'"):
        revoke_key(engine, "nope")


@pytest.mark.parametrize(
    ("name", "scopes", "reason"),
    [
        ("x", ["predict", "rule"], "Unknown scope 'rule'; the scopes are predict, batch, train, review, admin"),
        ("x", [], "at least one scope"),
        ("", ["predict"], "1 to 200 characters, not 0"),
        ("x" * 201, ["predict"], "1 to 200 characters, not 201"),
    ],
    ids=["unknown-scope", "no-scope", "no-name", "long-name"],
)
def test_a_key_that_makes_no_sense_is_refused(engine: Engine, name: str, scopes: list[str], reason: str) -> None:
    """The message says what a key needs, and no key is made."""
    with pytest.raises(ValueError, match=reason):
        create_key(engine, name, scopes)

    assert list_keys(engine) == []


def test_admin_includes_every_scope(engine: Engine) -> None:
    """An admin key may do everything."""
    key = create_key(engine, "root", ["admin"]).key

    assert all(key.allows(scope) for scope in Scope)
