"""What must be in order before the server process answers: the database, the policy, a key, a version."""

from __future__ import annotations

import sys

from sqlalchemy import Engine

from models.versions import RegistryError, VersionWriteError, adopt_shipped
from service.keys import Scope, any_key, create_key
from service.policy_file import PolicyError, policy_of
from service.settings import WRONG_SETTINGS, Settings
from service.store import StoreError, open_store


def prepare(settings: Settings) -> None:
    """Bring the database up to date, and provide a key and a version where there is none.

    Exits with status 2 and a message on standard error when the policy is wrong or the database cannot be opened.
    """
    try:
        engine = open_store(settings.store_url)
        policy_of(settings)
    except (StoreError, PolicyError) as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(WRONG_SETTINGS)
    _provide_key(engine, settings)
    _provide_model(settings)
    engine.dispose()


def _provide_key(engine: Engine, settings: Settings) -> None:
    """Where others can reach the service and no key was ever made, make one and show it this once."""
    if settings.loopback or any_key(engine):
        return
    made = create_key(engine, "first start", [Scope.ADMIN])
    sys.stdout.write(
        f"The service listens on {settings.host}, so callers need a key. This one is shown only now:\n{made.token}\n"
    )
    sys.stdout.flush()


def _provide_model(settings: Settings) -> None:
    """Where the registry has no version yet, let the shipped champion answer. Without room the service says so."""
    try:
        version = adopt_shipped(settings.models_dir, key=settings.key_bytes)
    except (VersionWriteError, RegistryError) as error:
        sys.stderr.write(f"{error}\n")
        return
    if version is not None:
        sys.stdout.write(f"{settings.models_dir} has no versions yet: {version}, which comes with Lanmu, answers\n")
        sys.stdout.flush()
