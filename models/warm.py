"""`python -m models.warm`: compile the kernels and build the dictionary ahead of time, by asking the champion once."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from models.model import Model
from models.parts import parts_of
from models.splitting.columns import COLUMNS, Lines
from models.splitting.lines import lines_of
from models.splitting.rules import blocks_of
from models.versions import SHIPPED_MODELS, Registry, read_version


def main() -> None:
    """Do all of it; count terms once, too, which trainings do and the service does not."""
    Model.load(_shipped()).warm()
    parts_of(read_version(_shipped())).extractor.count(["我认为这显然是错的。"])


def warm_scoring() -> None:
    """Do one half of what the service needs: the dictionary, and the kernels that read a text and score it."""
    lines_of("我认为这显然是错的。")
    Model(read_version(_shipped())).warm_scoring()


def warm_judging() -> None:
    """Do the other half: the kernels that cut a page's lines into sections, and those that judge scores and explain."""
    blocks_of(Lines(np.zeros(2, np.uint32), np.ones((COLUMNS, 2), np.int32)))
    Model(read_version(_shipped())).warm_judging()


def _shipped() -> Path:
    """The shipped champion's folder."""
    registry = Registry(SHIPPED_MODELS)
    return registry.folder(registry.champion())


if __name__ == "__main__":
    main()
