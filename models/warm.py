"""`python -m models.warm`: compile the kernels and build the dictionary ahead of time, by asking the champion once."""

from __future__ import annotations

from pathlib import Path

from models.model import Model
from models.parts import parts_of
from models.splitting.lines import lines_of
from models.splitting.rules import blocks_of
from models.versions import SHIPPED_MODELS, Registry, read_version


def main() -> None:
    """Do all of it; count terms once, too, which trainings do and the service does not."""
    Model.load(_shipped()).warm()
    parts_of(read_version(_shipped())).extractor.count(["我认为这显然是错的。"])


def warm_scoring() -> None:
    """Do one part of what the service needs: the dictionary, and the kernels that score a text and explain it."""
    Model(read_version(_shipped())).warm_scoring()


def warm_judging() -> None:
    """Do another: the kernels that judge scores."""
    Model(read_version(_shipped())).warm_judging()


def warm_splitting() -> None:
    """Do another: the kernels that cut a page into sections."""
    blocks_of(lines_of("我认为这显然是错的。"))


def _shipped() -> Path:
    """The shipped champion's folder."""
    registry = Registry(SHIPPED_MODELS)
    return registry.folder(registry.champion())


if __name__ == "__main__":
    main()
