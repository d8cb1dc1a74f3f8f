"""`python -m models.warm`: compile the kernels and build the dictionary ahead of time, by asking the champion once."""

from __future__ import annotations

from models.model import Model
from models.versions import SHIPPED_MODELS, Registry, read_version


def main() -> None:
    """Load the shipped champion and warm it."""
    registry = Registry(SHIPPED_MODELS)
    Model.load(registry.folder(registry.champion())).warm()


def warm_judging() -> None:
    """Do a third of that, which another process then finds done: the dictionary, and the kernels behind the scores."""
    registry = Registry(SHIPPED_MODELS)
    Model(read_version(registry.folder(registry.champion()))).warm_judging()


if __name__ == "__main__":
    main()
