"""API keys: `prefix.secret`. The prefix finds the row; of the secret only its SHA-256 is kept."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from service.store.tables import ApiKey


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
    row = ApiKey(
        prefix=prefix,
        name=name,
        digest=_digest(secret),
        scopes=sorted(granted),
        created_at=datetime.now(UTC),
        revoked_at=None,
    )
    with Session(engine, expire_on_commit=False) as session, session.begin():
        session.add(row)
    return NewKey(key=_key(row), token=f"{prefix}.{secret}")


def list_keys(engine: Engine) -> list[Key]:
    """Every key that was made, revoked ones too, oldest first."""
    with Session(engine) as session:
        return [_key(row) for row in session.scalars(select(ApiKey).order_by(ApiKey.created_at, ApiKey.prefix))]


def find_key(engine: Engine, prefix: str) -> Key | None:
    """The key with this prefix, revoked or not."""
    with Session(engine) as session:
        row = session.get(ApiKey, prefix)
        return None if row is None else _key(row)


def any_key(engine: Engine) -> bool:
    """Whether a key was ever made."""
    with Session(engine) as session:
        return session.scalar(select(ApiKey.prefix).limit(1)) is not None


def revoke_key(engine: Engine, prefix: str) -> Key:
    """End a key; running services refuse it within `service.auth.LIFETIME_S` seconds. Revoking twice changes nothing.

    Raises UnknownKeyError.
    """
    with Session(engine, expire_on_commit=False) as session, session.begin():
        row = session.get(ApiKey, prefix)
        if row is None:
            raise UnknownKeyError(f"No key has the prefix {prefix!r}; `lanmu keys list` shows those there are")
        row.revoked_at = row.revoked_at or datetime.now(UTC)
    return _key(row)


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


def _key(row: ApiKey) -> Key:
    scopes = frozenset(Scope(name) for name in row.scopes)
    return Key(row.prefix, row.name, scopes, row.created_at, row.revoked_at, row.digest)
