"""The job that retrains: seeds out of the database, a version into the registry, the gate, and perhaps a new champion.

Training and gate are programs of their own, `python -m training`, and files are all that is exchanged with them.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import structlog
from sqlalchemy.exc import SQLAlchemyError

from models.seeds.records import read_jsonl
from models.versions import Registry, RegistryError
from service.jobs.jobs import Jobs
from service.jobs.program import Program
from service.jobs.task import Task
from service.seeds import write_seeds
from service.settings import Promotion, Settings

KIND = "training"
PASSED, NOT_PASSED = 0, 1
"""With what status the gate ends when it has come to a verdict."""

log = structlog.get_logger()


def run(task: Task) -> dict[str, Any]:
    """Train, judge, and promote where that is wanted and the gate lets it pass.

    Returns
    -------
    `version`; `unchanged`, whether these seeds had given the champion already; `verdict`, what the gate says, None
    where there was nothing to judge; `promoted`.

    Raises JobFailedError where the seeds or the registry do not allow a training.
    """
    registry = Registry(task.settings.models_dir, key=task.settings.key_bytes)
    seeds = task.folder / "seeds.jsonl"
    sources = _sources(task.settings, seeds if write_seeds(task.engine, seeds) else None)
    version = _train(task, [*sources, *_new_labels(registry, seeds)])
    if version == _champion(registry):
        return {"version": version, "unchanged": True, "verdict": registry.verdict(version), "promoted": False}
    task.pin(version, *filter(None, [_champion(registry)]))
    verdict = _judge(task, version, sources)
    promoted = bool(verdict["passed"]) and _wanted(task)
    if promoted:
        why = task.job.payload.get("why") or f"training {task.job.id}: the gate let it pass"
        with task.held():
            registry.promote(version, who=task.job.who, why=why)
        _prune(registry, task)
    return {"version": version, "unchanged": False, "verdict": verdict, "promoted": promoted}


def _sources(settings: Settings, own: Path | None) -> list[str]:
    """The options that say which seeds there are."""
    base = [] if settings.training_seeds is None else ["--only", "--seeds", str(settings.training_seeds)]
    return base if own is None else [*base, "--seeds", str(own)]


def _new_labels(registry: Registry, seeds: Path) -> list[str]:
    """The options that declare labels of one's own: those in the seeds, and those that the champion answers with."""
    labels = set(_labels_of(registry))
    with seeds.open(encoding="utf-8") as lines:
        labels |= {seed.label for page in read_jsonl(lines, seeds.name).pages for seed in page.seeds}
    return [word for label in sorted(labels) for word in ("--new-label", label)]


def _labels_of(registry: Registry) -> list[str]:
    """The labels of the champion, as far as they can be read."""
    try:
        metadata = json.loads((registry.folder(registry.champion()) / "model.json").read_bytes())
    except (RegistryError, OSError, ValueError):
        return []
    return [str(label) for label in metadata.get("labels", [])]


def _champion(registry: Registry) -> str | None:
    try:
        return registry.champion()
    except RegistryError:
        return None


def _wanted(task: Task) -> bool:
    """Whether who asked for the training wants a version promoted that passes; else the operator decides."""
    asked = task.job.payload.get("promote")
    return task.settings.promote is Promotion.AUTO if asked is None else bool(asked)


def _prune(registry: Registry, task: Task) -> None:
    try:
        registry.prune(task.settings.keep_versions, Jobs(task.engine).pinned())
    except (RegistryError, SQLAlchemyError) as error:
        log.warning("versions_not_pruned", reason=str(error))


def _train(task: Task, options: list[str]) -> str:
    """Train, and return the version's name."""
    program = Program(task, "train", *options, "--out", str(task.settings.models_dir))
    version = program.follow().get("version")
    if program.status or version is None:
        program.refuse()
    return str(version)


def _judge(task: Task, version: str, sources: list[str]) -> dict[str, Any]:
    """Have the gate judge a version, and return its verdict."""
    registry = str(task.settings.models_dir)
    program = Program(task, "gate", version, "--registry", registry, *sources, "--who", task.job.who)
    verdict = program.follow().get("verdict")
    if program.status not in {PASSED, NOT_PASSED} or verdict is None:
        program.refuse()
    return dict(verdict)
