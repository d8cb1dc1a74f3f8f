"""Saved versions on disk: written whole, signed, checked before use, and kept in a registry with one champion."""

from models.shipped import SHIPPED_MODELS
from models.versions.adoption import adopt_shipped
from models.versions.approval import objection
from models.versions.beside import Shadow
from models.versions.errors import (
    InvalidVersionError,
    NoChampionError,
    RegistryError,
    RegistryUnwritableError,
    UnknownVersionError,
    VersionExistsError,
    VersionWriteError,
)
from models.versions.history import Action, Change
from models.versions.reading import SavedVersion, read_file, read_version
from models.versions.registry import Registry
from models.versions.weights import weights_hash
from models.versions.writing import refuse_taken, write_version

__all__ = [
    "SHIPPED_MODELS",
    "Action",
    "Change",
    "InvalidVersionError",
    "NoChampionError",
    "Registry",
    "RegistryError",
    "RegistryUnwritableError",
    "SavedVersion",
    "Shadow",
    "UnknownVersionError",
    "VersionExistsError",
    "VersionWriteError",
    "adopt_shipped",
    "objection",
    "read_file",
    "read_version",
    "refuse_taken",
    "weights_hash",
    "write_version",
]
