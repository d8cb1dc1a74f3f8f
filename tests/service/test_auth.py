"""Who is let in."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from service.auth import LIFETIME_S, Keyring
from service.keys import create_key, revoke_key
from service.parts import EXTENSION, Parts
from service.store import open_store

ELSEWHERE = "192.0.2.1"
"""An address that is not loopback; nothing is bound in these tests."""


def parts_of(app: Flask) -> Parts:
    """The parts of an application."""
    parts: Parts = app.extensions[EXTENSION]
    return parts


@pytest.fixture
def guarded(make_app: Callable[..., Flask]) -> Flask:
    """An application that others can reach."""
    return make_app(host=ELSEWHERE)


def test_without_keys_loopback_is_open(make_app: Callable[..., Flask]) -> None:
    """On 127.0.0.1 nobody needs a key as long as none was made."""
    assert make_app().test_client().get("/v1/models").status_code == 200


def test_elsewhere_a_key_is_needed(guarded: Flask) -> None:
    """A call without a key gets 401 and is told how to send one."""
    answer = guarded.test_client().get("/v1/models")

    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="lanmu"'
    assert "Authorization: Bearer" in answer.get_json()["detail"]


@pytest.mark.parametrize(
    "headers",
    [{"Authorization": "Bearer {}"}, {"Authorization": "bearer {}"}, {"X-API-Key": "{}"}],
    ids=["bearer", "lower-case", "x-api-key"],
)
def test_a_key_opens(guarded: Flask, headers: dict[str, str]) -> None:
    """A key is taken from either header."""
    token = create_key(parts_of(guarded).engine, "crawler", ["predict"]).token

    sent = {name: value.format(token) for name, value in headers.items()}

    assert guarded.test_client().get("/v1/models", headers=sent).status_code == 200


@pytest.mark.parametrize(
    "token", ["", ".", "nope", "nope.secret", "{prefix}", "{prefix}.", "{prefix}.wrong", "密钥.密"]
)
def test_a_wrong_key_is_refused(guarded: Flask, token: str) -> None:
    """Whatever else is sent is 401."""
    prefix = create_key(parts_of(guarded).engine, "crawler", ["predict"]).key.prefix

    headers = {"X-API-Key": token.format(prefix=prefix).encode().decode("latin-1")}

    assert guarded.test_client().get("/v1/models", headers=headers).status_code == 401


def test_a_missing_scope_is_named(guarded: Flask) -> None:
    """A key without the scope gets 403, which says what it lacks and what it has."""
    token = create_key(parts_of(guarded).engine, "trainer", ["train"]).token

    answer = guarded.test_client().get("/v1/models", headers={"X-API-Key": token})

    assert answer.status_code == 403
    assert "the scope 'predict'" in answer.get_json()["detail"]
    assert "has: train" in answer.get_json()["detail"]


def test_making_a_key_closes_an_open_service(tmp_path: Path) -> None:
    """Within LIFETIME_S seconds of the first key, calls need one; revoking all keys does not open it again."""
    now = [100.0]
    engine = open_store(f"sqlite:///{tmp_path / 'lanmu.db'}")
    keyring = Keyring(engine, open_without_keys=True, clock=lambda: now[0])
    assert keyring.is_open()

    revoke_key(engine, create_key(engine, "first", ["predict"]).key.prefix)
    now[0] += LIFETIME_S

    assert not keyring.is_open()
    engine.dispose()


def test_a_revoked_key_lives_no_longer_than_said(tmp_path: Path) -> None:
    """A key that was looked up works until LIFETIME_S seconds later at most."""
    now = [100.0]
    engine = open_store(f"sqlite:///{tmp_path / 'lanmu.db'}")
    keyring = Keyring(engine, open_without_keys=False, clock=lambda: now[0])
    made = create_key(engine, "crawler", ["predict"])
    assert keyring.key_of(made.token) is not None

    revoke_key(engine, made.key.prefix)
    now[0] += LIFETIME_S

    assert keyring.key_of(made.token) is None
    engine.dispose()


def test_every_route_below_v1_needs_a_scope(app: Flask) -> None:
    """No view of the API is left unguarded."""
    views = {rule.rule: app.view_functions[rule.endpoint] for rule in app.url_map.iter_rules()}

    unguarded = [path for path, view in views.items() if path.startswith("/v1/") and not hasattr(view, "scope")]

    assert unguarded == []
