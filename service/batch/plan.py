"""What a batch is to do, checked before anything is read and kept in its ledger."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from models.versions import InvalidVersionError, Registry, RegistryError, read_version
from models.versions.manifest import MANIFEST
from service.batch.blocks import BLOCK_BYTES, BLOCK_RECORDS, LARGEST
from service.batch.disk import sha256_of
from service.batch.errors import BatchError
from service.batch.ledger import earlier_plan
from service.batch.places import Place, place
from service.batch.reading import format_of

if TYPE_CHECKING:
    from pathlib import Path

    from service.batch.job import Batch

LAYOUT = 3
"""Changes whenever the same batch would be cut or written in another way: an unfinished one is not gone on with."""


def layout() -> list[int]:
    """How batches are cut and written by this release."""
    return [LAYOUT, BLOCK_BYTES, BLOCK_RECORDS, LARGEST]


def is_of_another_release(folder: Path) -> bool:
    """Whether the unfinished batch in this folder was cut or written in another way, so that none can go on with it."""
    before = earlier_plan(folder)
    return before is not None and before.get("layout") != layout()


def version_of(batch: Batch) -> str:
    """The version that judges: that of the unfinished batch, or the one that was named, or the champion."""
    before = None if batch.restart else earlier_plan(batch.work_folder)
    if before is not None and batch.version is None:
        return str(before["model"])
    try:
        return batch.version or Registry(batch.models_dir).champion()
    except RegistryError as error:
        raise BatchError(str(error)) from error


def plan_of(batch: Batch, places: list[Place], version: str) -> dict[str, Any]:
    """What the batch is to do: two batches of the same plan write the same bytes."""
    try:
        manifest = sha256_of(Registry(batch.models_dir).folder(version) / MANIFEST)
    except (OSError, RegistryError) as error:
        raise BatchError(str(error)) from error
    return {
        "layout": layout(),
        "model": version,
        "manifest": manifest,
        "input": [_told(each, batch) for each in places],
        "fields": asdict(batch.fields),
        "output": asdict(batch.shape),
        "policy": batch.policy.told(),
    }


def check_labels(batch: Batch, version: str) -> None:
    """Refuse labels that the model never gives: a typing error would drop everything."""
    named = (*(batch.shape.keep or ()), *(batch.shape.drop or ()))
    if not named:
        return
    try:
        known = read_version(Registry(batch.models_dir).folder(version), key=batch.model_key).metadata["labels"]
    except InvalidVersionError as error:
        raise BatchError(str(error)) from error
    for label in named:
        if label not in known:
            raise BatchError(f"version {version} has no label {label!r}; there are: {', '.join(known)}")


def _told(source: Place, batch: Batch) -> dict[str, Any]:
    return {"file": source.name, "bytes": source.size(), "format": format_of(source, batch.format)}


def check_targets(batch: Batch, places: list[Place]) -> None:
    """Refuse targets that cannot be, before anything is read."""
    targets = [place(name) for name in batch.targets]
    names, sources = {each.address for each in targets}, {each.address for each in places}
    if len(names) < len(targets) or names & sources:
        raise BatchError("input, output and the file of errors have to be different files")
    going_on = not batch.restart and earlier_plan(batch.work_folder) is not None
    for target in targets[:2]:
        name, local = target.name, target.local
        if local is not None and not local.parent.is_dir():
            raise BatchError(f"there is no folder {str(local.parent)!r}; make it first")
        if local is not None and local.exists() and not local.is_file():
            raise BatchError(f"{name!r} is no regular file")
        if not batch.force and not going_on and target.exists():
            raise BatchError(f"{name!r} is there already; --force replaces it")
