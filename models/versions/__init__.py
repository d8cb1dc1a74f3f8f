"""Saved versions on disk: written whole, signed, checked before use, and kept in a registry with one champion."""

from models.versions.errors import (
    InvalidVersionError,
    NoChampionError,
    RegistryError,
    UnknownVersionError,
    VersionExistsError,
    VersionWriteError,
)
from models.versions.history import Action, Change
from models.versions.reading import SavedVersion, read_version
from models.versions.registry import SHIPPED_MODELS, Registry
from models.versions.weights import weights_hash
from models.versions.writing import write_version

__all__ = [
    "SHIPPED_MODELS",
    "Action",
    "Change",
    "InvalidVersionError",
    "NoChampionError",
    "Registry",
    "RegistryError",
    "SavedVersion",
    "UnknownVersionError",
    "VersionExistsError",
    "VersionWriteError",
    "read_version",
    "weights_hash",
    "write_version",
]
