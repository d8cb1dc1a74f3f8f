"""What the commands open: versions of a registry, and labelled pages; what cannot be opened ends the command."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from models.model import Model
from models.seeds.seed import SeedsError
from models.versions import InvalidVersionError, Registry, RegistryError, SavedVersion, read_version
from training.evaluation.pages import Page, read_pages


def folder_of(registry: Path, version: str | None) -> Path:
    """The folder of a version, or of the champion."""
    versions = Registry(registry)
    try:
        return versions.folder(version or versions.champion())
    except RegistryError as error:
        raise click.ClickException(str(error)) from error


def checked(folder: Path) -> SavedVersion:
    """A version whose files are what its manifest says."""
    try:
        return read_version(folder, key=model_key())
    except InvalidVersionError as error:
        raise click.ClickException(str(error)) from error


def loaded(folder: Path) -> Model:
    """A version, ready to answer."""
    try:
        return Model.load(folder, key=model_key())
    except InvalidVersionError as error:
        raise click.ClickException(str(error)) from error


def model_key() -> bytes | None:
    """The key that versions must be signed with, or None."""
    return os.environ.get("LANMU_MODEL_KEY", "").encode() or None


def pages_in(file: Path, labels: Sequence[str]) -> list[Page]:
    """The labelled pages of a file; every bad line is named, and ends the command."""
    try:
        text = file.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise click.UsageError(f"{file.name} is not UTF-8 at byte {error.start}; save it as UTF-8") from error
    try:
        return read_pages(text.split("\n"), file.name, labels)
    except SeedsError as error:
        click.echo(f"{len(error.problems)} problems with the pages:\n{error}", err=True)
        sys.exit(1)
