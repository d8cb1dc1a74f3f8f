"""The shadow: a challenger that scores live traffic without answering, and where it differs from the champion."""

from __future__ import annotations

import hashlib
import os
from collections import deque
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson
import structlog

from models.model import Model
from models.page import Page
from models.versions import InvalidVersionError, Registry, RegistryError, Shadow
from models.versions.files import aside_of
from service.metrics import count_shadowed

if TYPE_CHECKING:
    from service.observing import Answered

KEPT = 200
"""So many disagreements are kept, the latest, of each process."""

ABSTAINED = "abstained"

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A section that the shadow judged otherwise. text : None unless texts may be kept."""

    time: str
    champion: str
    shadow: str
    said: str
    shadow_said: str
    sha256: str
    start: int | None
    end: int | None
    text: str | None


class ShadowScorer:
    """Scores what one process answers by the registry's shadow.

    folder : where each process of the server keeps its disagreements for the others to read; None keeps them in memory.
    keep_texts : whether their texts are kept, too.
    """

    def __init__(self, registry: Registry, key: bytes | None, folder: Path | None, *, keep_texts: bool) -> None:
        self._registry = registry
        self._key = key
        self._folder = folder
        self._keep_texts = keep_texts
        self._model: Model | None = None
        self._seen: Shadow | None = None
        self._found: deque[Disagreement] = deque(maxlen=KEPT)
        self._unsaved = False
        self._trouble: str | None = None

    @property
    def active(self) -> bool:
        """Whether there is a shadow."""
        return self._model is not None

    def look(self) -> None:
        """Load the shadow that the registry names, where it is another; save what was found."""
        try:
            shadow = self._registry.shadow()
        except RegistryError as error:
            if self._trouble != str(error):
                log.error("shadow_not_known", reason=str(error))  # noqa: TRY400 - the reason tells all, a traceback nothing more
            self._trouble, shadow = str(error), None
        if shadow != self._seen:
            self._seen = shadow
            self._model = None if shadow is None else self._loaded(shadow.version)
            self._found.clear()
            self._unsaved = True
        if self._unsaved:
            self._save()

    def score(self, answered: Answered) -> None:
        """Judge what was answered once more, and keep where the two differ."""
        model = self._model
        if model is None or model.version == answered.model.version:
            return
        if isinstance(answered.given, Page):
            (results,) = model.classify_pages([answered.given])
        else:
            results = model.classify(answered.given)
        labels = [result.label for result in results]
        differ = [place for place, (one, other) in enumerate(zip(answered.said, labels, strict=True)) if one != other]
        pairs = [(answered.said[place] or ABSTAINED, labels[place] or ABSTAINED) for place in differ]
        count_shadowed(model.version, len(labels), pairs)
        for place, pair in zip(differ, pairs, strict=True):
            self._found.append(self._disagreement(answered, model.version, place, pair))
        self._unsaved = self._unsaved or bool(differ)

    def latest(self) -> list[Disagreement]:
        """The last disagreements with the present shadow in all processes, latest first."""
        found = list(self._found) if self._folder is None else list(_read_all(self._folder))
        shadow = self._registry.shadow()
        mine = [each for each in found if shadow is not None and each.shadow == shadow.version]
        return sorted(mine, key=lambda each: each.time, reverse=True)[:KEPT]

    def _loaded(self, version: str) -> Model | None:
        try:
            model = Model.load(self._registry.folder(version), key=self._key)
        except (InvalidVersionError, RegistryError, OSError, MemoryError) as error:
            self._trouble = f"{version} is refused: {error}"
            log.error("shadow_not_loaded", version=version, reason=str(error))  # noqa: TRY400 - the reason tells all, a traceback nothing more
            return None
        self._trouble = None
        model.warm()
        return model

    def _disagreement(self, answered: Answered, shadow: str, place: int, pair: tuple[str, str]) -> Disagreement:
        text = answered.texts()[place]
        section = answered.given.sections[place] if isinstance(answered.given, Page) else None
        return Disagreement(
            time=datetime.now(UTC).isoformat(timespec="milliseconds"),
            champion=answered.model.version,
            shadow=shadow,
            said=pair[0],
            shadow_said=pair[1],
            sha256=hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest(),
            start=None if section is None else section.start,
            end=None if section is None else section.end,
            text=text if self._keep_texts else None,
        )

    def _save(self) -> None:
        self._unsaved = False
        if self._folder is None:
            return
        file = self._folder / f"shadow-{os.getpid()}.json"
        aside = aside_of(file)
        try:
            aside.write_bytes(orjson.dumps([asdict(each) for each in self._found]))
            aside.replace(file)
        except OSError as error:  # a full disk; the next disagreement tries again
            log.error("disagreements_not_kept", reason=str(error))  # noqa: TRY400 - the reason tells all, a traceback nothing more
        finally:
            aside.unlink(missing_ok=True)


def _read_all(folder: Path) -> Iterable[Disagreement]:
    for file in folder.glob("shadow-*.json"):
        with suppress(FileNotFoundError, orjson.JSONDecodeError, TypeError):
            rows: list[dict[str, Any]] = orjson.loads(file.read_bytes())
            yield from [Disagreement(**row) for row in rows]
