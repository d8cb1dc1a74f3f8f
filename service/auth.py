"""Who may call what: every route below /v1 names the scope it needs."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from http import HTTPStatus
from typing import NoReturn, ParamSpec, TypeVar

from flask import g, request
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from service.errors import Problem
from service.keys import Key, Scope, any_key, find_key
from service.parts import parts

P = ParamSpec("P")
R = TypeVar("R")

LIFETIME_S = 5.0
"""How long a key that was looked up is trusted: a revoked key lives at most this long, in seconds."""

OPEN = "open service"
"""Who did what was done without a key."""


class Keyring:
    """The keys in the database, remembered for `LIFETIME_S` seconds.

    open_without_keys : whether everything is allowed as long as no key was ever made.
    """

    def __init__(self, engine: Engine, *, open_without_keys: bool, clock: Callable[[], float] = time.monotonic) -> None:
        self._engine = engine
        self._open_without_keys = open_without_keys
        self._clock = clock
        self._found: dict[str, tuple[float, Key]] = {}
        self._open_until = 0.0

    def warm(self) -> None:
        """Ask the database once what requests ask it, so that processes forked from this one know how to ask.

        SQLAlchemy gets its dialect ready at its first query, and compiles each query when it is first asked.
        """
        with suppress(SQLAlchemyError):  # requests will tell
            any_key(self._engine)
            find_key(self._engine, "")

    def is_open(self) -> bool:
        """Whether calls need no key."""
        if not self._open_without_keys:
            return False
        if self._clock() < self._open_until:
            return True
        self._open_without_keys = not any_key(self._engine)
        self._open_until = self._clock() + LIFETIME_S
        return self._open_without_keys

    def key_of(self, token: str) -> Key | None:
        """The key that a token opens, or None."""
        prefix, _, secret = token.partition(".")
        key = self._look_up(prefix)
        return key if key is not None and key.opened_by(secret) else None

    def _look_up(self, prefix: str) -> Key | None:
        until, key = self._found.get(prefix, (0.0, None))
        if key is not None and self._clock() < until:
            return key
        # Only keys that exist are remembered, so guessing prefixes does not fill the memory.
        if (key := find_key(self._engine, prefix)) is not None:
            self._found[prefix] = (self._clock() + LIFETIME_S, key)
        return key


def requires(scope: Scope) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Let a view run only for callers whose key has the scope."""

    def decorate(view: Callable[P, R]) -> Callable[P, R]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
            check(scope)
            return view(*args, **kwargs)

        guarded.scope = scope  # type: ignore[attr-defined] # read by the OpenAPI document
        return guarded

    return decorate


def check(scope: Scope) -> None:
    """Let the current request go on only if its key has the scope. Raises Problem (401, 403)."""
    keyring = parts().keyring
    if keyring.is_open():
        return
    if (token := token_in(request.headers.get("Authorization", ""), request.headers.get("X-API-Key"))) is None:
        _unauthorized("This call needs a key: send it as 'Authorization: Bearer KEY' or 'X-API-Key: KEY'")
    if (key := keyring.key_of(token)) is None:
        _unauthorized("The key is unknown or revoked")
    g.key_prefix, g.key_name, g.sees_all = key.prefix, key.name, key.allows(Scope.ADMIN)
    if not key.allows(scope):
        scopes = ", ".join(sorted(key.scopes))
        detail = f"This call needs a key with the scope {scope.value!r}; key {key.prefix!r} has: {scopes}"
        raise Problem(HTTPStatus.FORBIDDEN, detail)


def caller() -> str:
    """Who calls, for whatever keeps who did a thing: the key's name and prefix. The open service knows nobody."""
    return f"{g.key_name} ({g.key_prefix})" if "key_prefix" in g else OPEN


def owner() -> str | None:
    """Whose a thing is that the current request makes: the key's prefix, or None in the open service."""
    prefix: str | None = g.get("key_prefix")
    return prefix


def seen_by() -> str | None:
    """Whose things the current request sees: those of its key, or None for all; administrators see all."""
    return None if g.get("sees_all", True) else owner()


def token_in(authorization: str, api_key: str | None) -> str | None:
    """The key that the headers of these names carry, or None."""
    scheme, _, token = authorization.partition(" ")
    return token.strip() if scheme.lower() == "bearer" else api_key


def _unauthorized(detail: str) -> NoReturn:
    raise Problem(HTTPStatus.UNAUTHORIZED, detail, headers={"WWW-Authenticate": 'Bearer realm="lanmu"'})
