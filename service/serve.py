"""Starting the service: what must be in order before the server process takes over."""

from __future__ import annotations

import os
import shutil
import sys
from typing import NoReturn

from sqlalchemy import Engine

from models.versions import RegistryError, VersionWriteError, adopt_shipped
from service.keys import Scope, any_key, create_key
from service.metrics import FOLDER
from service.policy_file import PolicyError, policy_of
from service.settings import Settings, SettingsError
from service.store import StoreError, open_store

WRONG_SETTINGS = 2
"""The exit status when a setting or the database does not let the service start."""


def serve(settings: Settings | None = None) -> NoReturn:
    """Become the server process. Settings default to the environment's.

    Exits with status 2 and a message on standard error when a setting or the policy is wrong, or the database cannot be
    opened.
    """
    try:
        chosen = settings or Settings.load()
        engine = open_store(chosen.store_url)
        policy_of(chosen)
    except (SettingsError, StoreError, PolicyError) as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(WRONG_SETTINGS)
    _provide_key(engine, chosen)
    _provide_model(chosen)
    engine.dispose()
    _become_server(chosen)


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


def _become_server(settings: Settings) -> NoReturn:
    environment = os.environ | settings.environment() | {FOLDER: _metrics_folder(settings)}
    arguments = [sys.executable, "-m", "service.server"]
    os.execve(sys.executable, arguments, environment)  # noqa: S606 - our own module, no shell


def _metrics_folder(settings: Settings) -> str:
    """A fresh folder for the workers' counts; the port keeps apart the servers that share a data folder."""
    folder = settings.data_dir / "metrics" / str(settings.port)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return str(folder)


if __name__ == "__main__":
    serve()
