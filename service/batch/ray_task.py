"""What nodes of a Ray cluster do: judge blocks with a model that came through Ray, and is checked where it came to."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson
import ray

from models.compiled import cache_folder
from models.versions.manifest import MANIFEST
from service.batch.answering import Kit, answer_alone, made_alone
from service.batch.blocks import Block
from service.batch.job import Task
from service.batch.ray_bytes import Packed, packed


def judge(task: bytes, model: list[Any], head: bytes, payload: Packed) -> tuple[bytes, Packed, Packed, Packed]:
    """The head and the parts of a block's outcome. model : a reference to the version's files, by their names."""
    outcome = answer_alone(Block.heard(orjson.loads(head), payload.tobytes()), _kit(task, model[0]))
    output, errors, ids = map(packed, outcome.parts)
    return orjson.dumps(outcome.told()), output, errors, ids


_kits: dict[tuple[bytes, str], Kit] = {}
"""The kit of the batch at hand: a worker process serves many blocks, and loads the model once."""


def _kit(told: bytes, model: Any) -> Kit:
    key = (told, model.hex())
    if key not in _kits:
        _kits.clear()
        task = Task.heard(orjson.loads(told))
        _kits[key] = made_alone(replace(task, models_dir=str(_unpacked(ray.get(model), task.version))))
    return _kits[key]


def _unpacked(files: dict[str, bytes], version: str) -> Path:
    """A registry on this node that holds the version; made once, and checked whenever a model is loaded from it."""
    registry = cache_folder() / "versions" / hashlib.sha256(files[MANIFEST]).hexdigest()
    if (registry / version).is_dir():
        return registry
    registry.mkdir(parents=True, exist_ok=True)
    aside = Path(tempfile.mkdtemp(prefix=".", dir=registry))
    for name, content in files.items():
        (aside / name).write_bytes(content)
    try:
        aside.rename(registry / version)
    except OSError:  # another process was first; its copy is as good
        shutil.rmtree(aside)
    return registry
