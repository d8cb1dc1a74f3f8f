"""`python -m models.warm`: compile the kernels and build the dictionary ahead of time, by asking the champion once."""

from __future__ import annotations

from models.model import Model
from models.parts import parts_of
from models.versions import SHIPPED_MODELS, Registry, read_version


def main() -> None:
    """Load the shipped champion and warm it; count terms once, too, which trainings do and the service does not."""
    registry = Registry(SHIPPED_MODELS)
    folder = registry.folder(registry.champion())
    Model.load(folder).warm()
    parts_of(read_version(folder)).extractor.count(["我认为这显然是错的。"])


def warm_judging() -> None:
    """Do a third of that, which another process then finds done: the dictionary, and the kernels behind the scores."""
    registry = Registry(SHIPPED_MODELS)
    Model(read_version(registry.folder(registry.champion()))).warm_judging()


if __name__ == "__main__":
    main()
