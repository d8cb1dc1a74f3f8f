"""`python -m models.warm`: compile the kernels and build the dictionary ahead of time, by asking the champion once."""

from __future__ import annotations

from pathlib import Path

from models.model import Model
from models.versions import Registry

SHIPPED = Path(__file__).parent / "saved"


def main() -> None:
    """Load the shipped champion and warm it."""
    registry = Registry(SHIPPED)
    Model.load(registry.folder(registry.champion())).warm()


if __name__ == "__main__":
    main()
