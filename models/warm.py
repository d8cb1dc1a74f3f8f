"""`python -m models.warm`: compile the kernels and build the dictionary ahead of time, by asking the champion once."""

from __future__ import annotations

from pathlib import Path

from models.model import Model
from models.parts import parts_of
from models.versions import SHIPPED_MODELS, Registry, read_version


def main() -> None:
    """Do all of it; count terms once, too, which trainings do and the service does not."""
    warm()
    parts_of(read_version(_shipped())).extractor.count(["我认为这显然是错的。"])


def warm() -> None:
    """Load the shipped champion and warm it."""
    Model.load(_shipped()).warm()


def warm_judging() -> None:
    """Do a third of that, which another process then finds done: the dictionary, and the kernels behind the scores."""
    Model(read_version(_shipped())).warm_judging()


def _shipped() -> Path:
    """The shipped champion's folder."""
    registry = Registry(SHIPPED_MODELS)
    return registry.folder(registry.champion())


if __name__ == "__main__":
    main()
