"""`python -m models.warm`: compile the kernels and build the dictionary ahead of time, by asking the champion once."""

from __future__ import annotations

from models.model import Model
from models.versions import SHIPPED_MODELS, Registry


def main() -> None:
    """Load the shipped champion and warm it."""
    registry = Registry(SHIPPED_MODELS)
    Model.load(registry.folder(registry.champion())).warm()


if __name__ == "__main__":
    main()
