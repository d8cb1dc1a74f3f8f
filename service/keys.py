"""API keys: `prefix.secret`. The prefix finds the row; of the secret only its SHA-256 is kept."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Engine, Row, bindparam, insert, select, update

from service.store.tables import API_KEYS

ANY_KEY = select(API_KEYS.c.prefix).limit(1)
KEY_OF_PREFIX = select(API_KEYS).where(API_KEYS.c.prefix == bindparam("prefix"))
"""What requests ask. Statements are made once, so that workers share what SQLAlchemy notes of them before the fork."""


class Scope(StrEnum):
    """What a key may do. `admin` may do everything."""

    PREDICT = "predict"
    BATCH = "batch"
    TRAIN = "train"
    REVIEW = "review"
    ADMIN = "admin"


class UnknownKeyError(LookupError):
    """No key has this prefix."""


@dataclass(frozen=True, slots=True)
class Key:
    """A key that was made: who it is for and what it may do, without its secret."""

    prefix: str
    name: str
    scopes: frozenset[Scope]
    created_at: datetime
    revoked_at: datetime | None
    digest: bytes

    def allows(self, scope: Scope) -> bool:
        """Whether the key has the scope."""
        return scope in self.scopes or Scope.ADMIN in self.scopes

    def opened_by(self, secret: str) -> bool:
        """Whether this is the key's secret, compared in constant time, and the key is not revoked."""
        matches = hmac.compare_digest(self.digest, _digest(secret))
        return matches and self.revoked_at is None


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key just made. `token` is shown to its owner now and cannot be read again."""

    key: Key
    token: str


def create_key(engine: Engine, name: str, scopes: Iterable[Scope | str]) -> NewKey:
    """Make a key.

    Raises ValueError when no scope is given, a scope is unknown, or the name is empty or longer than 200 characters.
    """
    granted = _scopes(scopes)
    if not 1 <= len(name) <= 200:  # noqa: PLR2004 - the column's width
        raise ValueError(f"A key's name has 1 to 200 characters, not {len(name)}")
    prefix, secret = secrets.token_hex(4), secrets.token_urlsafe(32)
    key = Key(prefix, name, granted, datetime.now(UTC), revoked_at=None, digest=_digest(secret))
    with engine.begin() as connection:
        connection.execute(insert(API_KEYS).values(asdict(key) | {"scopes": sorted(granted)}))
    return NewKey(key=key, token=f"{prefix}.{secret}")


def list_keys(engine: Engine) -> list[Key]:
    """Every key that was made, revoked ones too, oldest first."""
    every = select(API_KEYS).order_by(API_KEYS.c.created_at, API_KEYS.c.prefix)
    with engine.connect() as connection:
        return [_key(row) for row in connection.execute(every)]


def find_key(engine: Engine, prefix: str) -> Key | None:
    """The key with this prefix, revoked or not."""
    with engine.connect() as connection:
        row = connection.execute(KEY_OF_PREFIX, {"prefix": prefix}).first()
    return None if row is None else _key(row)


def any_key(engine: Engine) -> bool:
    """Whether a key was ever made."""
    with engine.connect() as connection:
        return connection.execute(ANY_KEY).first() is not None


def revoke_key(engine: Engine, prefix: str) -> Key:
    """End a key; running services refuse it within `service.auth.LIFETIME_S` seconds. Revoking twice changes nothing.

    Raises UnknownKeyError.
    """
    valid = (API_KEYS.c.prefix == prefix, API_KEYS.c.revoked_at.is_(None))
    with engine.begin() as connection:
        connection.execute(update(API_KEYS).where(*valid).values(revoked_at=datetime.now(UTC)))
    key = find_key(engine, prefix)
    if key is None:
        raise UnknownKeyError(f"No key has the prefix {prefix!r}; `lanmu keys list` shows those there are")
    return key


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()


def _scopes(names: Iterable[Scope | str]) -> frozenset[Scope]:
    granted = frozenset(_scope(name) for name in names)
    if not granted:
        raise ValueError(f"A key needs at least one scope of {', '.join(Scope)}")
    return granted


def _scope(name: Scope | str) -> Scope:
    try:
        return Scope(name)
    except ValueError:
        raise ValueError(f"Unknown scope {name!r}; the scopes are {', '.join(Scope)}") from None


def _key(row: Row[Any]) -> Key:
    scopes = frozenset(Scope(name) for name in row.scopes)
    return Key(row.prefix, row.name, scopes, row.created_at, row.revoked_at, row.digest)
