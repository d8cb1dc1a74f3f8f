"""The version that answers, or why none does."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Self

import structlog

from models.model import Model
from models.versions import InvalidVersionError, Registry, RegistryError
from service.metrics import MODEL

log = structlog.get_logger()


class NoModelError(RuntimeError):
    """No version of the model is loaded; the message says why."""


@dataclass(frozen=True, slots=True)
class Champion:
    """The registry's champion, checked, loaded and warm.

    failure : why there is none; the service starts without one and says so.
    """

    loaded: Model | None
    failure: str | None = None

    @classmethod
    def load(cls, folder: Path, key: bytes | None) -> Self:
        """Load the champion of the registry in `folder`; a failure is kept, not raised."""
        registry = Registry(folder, key=key)
        try:
            model = Model.load(registry.folder(registry.champion()), key=key)
        except (InvalidVersionError, RegistryError, OSError) as error:
            log.error("champion_not_loaded", reason=str(error))  # noqa: TRY400 - the reason tells all, a traceback nothing more
            return cls(None, str(error))
        model.warm()
        MODEL.labels(model.version).set(1)
        return cls(model)

    @property
    def version(self) -> str | None:
        """The version's name, or None."""
        return None if self.loaded is None else self.loaded.version

    def model(self) -> Model:
        """The model. Raises NoModelError where none is loaded."""
        if self.loaded is None:
            raise NoModelError(f"No model is loaded: {self.failure}")
        return self.loaded
