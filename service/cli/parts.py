"""What several commands need: settings, the store, the champion, consoles, and text that is safe to show."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from models.versions import InvalidVersionError, Registry, RegistryError
from service.settings import Settings, SettingsError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TextIO

    from rich.console import Console
    from sqlalchemy import Engine

    from models.model import Model
    from service.policy import Policy

PLAIN_WIDTH = 120
"""Columns of a table that goes to a file or a pipe."""


def read_settings() -> Settings:
    """The settings in the environment; wrong ones end the command with their reasons."""
    try:
        return Settings.load()
    except SettingsError as error:
        raise click.UsageError(str(error)) from error


@contextmanager
def opened_store() -> Iterator[Engine]:
    """The store that the settings name; one that cannot be opened ends the command with the reason."""
    from service.store.engine import StoreError, open_store  # noqa: PLC0415 - SQLAlchemy takes its time

    try:
        engine = open_store(read_settings().store_url)
    except StoreError as error:
        raise click.ClickException(str(error)) from error
    try:
        yield engine
    finally:
        engine.dispose()


def open_registry(settings: Settings) -> Registry:
    """The registry that the settings name."""
    return Registry(settings.models_dir, key=settings.key_bytes)


@contextmanager
def refusals() -> Iterator[None]:
    """What the registry refuses ends the command with the reason."""
    try:
        yield
    except (InvalidVersionError, RegistryError) as error:
        raise click.ClickException(str(error)) from error


def load_version(settings: Settings, version: str | None = None) -> Model:
    """A version's model, the champion's by default; one that cannot be trusted ends the command with the reason."""
    from models.model import Model  # noqa: PLC0415 - compiled code takes its time; not every command needs it

    registry = open_registry(settings)
    with refusals():
        return Model.load(registry.folder(version or registry.champion()), key=settings.key_bytes)


def load_policy(settings: Settings) -> Policy:
    """The policy that the settings name; one that cannot be used ends the command with the reason."""
    from service.policy_file import PolicyError, policy_of  # noqa: PLC0415 - pydantic's shapes take their time

    try:
        return policy_of(settings)
    except PolicyError as error:
        raise click.ClickException(str(error)) from error


def console_on(stream: TextIO) -> Console:
    """A console that colours on a terminal and writes plainly elsewhere."""
    from rich.console import Console  # noqa: PLC0415 - a batch in a pipe has no need of it

    return Console(file=stream, highlight=False, soft_wrap=False, width=None if stream.isatty() else PLAIN_WIDTH)


def one_line(text: str) -> str:
    """Text that cannot move the cursor: white space becomes one blank, control characters and lone surrogates a ?."""
    joined = " ".join(text.split())
    return "".join(character if character.isprintable() else "?" for character in joined)
