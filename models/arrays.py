"""The arrays of a saved version, each checked as it is taken."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from models.versions import InvalidVersionError

if TYPE_CHECKING:
    from pathlib import Path

    from models.versions import SavedVersion


class Arrays:
    """What weights.safetensors holds. Every method raises InvalidVersionError where an array is not as expected."""

    def __init__(self, saved: SavedVersion) -> None:
        self._saved = saved

    @property
    def file(self) -> Path:
        """Where they are."""
        return self._saved.folder / "weights.safetensors"

    def take(self, name: str, *shape: int | None) -> Any:
        """The array of that name, as float64. None in `shape` stands for any length."""
        return self.raw(name, *shape).astype(np.float64)

    def raw(self, name: str, *shape: int | None) -> Any:
        """The array of that name as it lies in the file."""
        array = self._saved.weights.get(name)
        if array is None:
            raise InvalidVersionError(self.file, f"lacks the array {name!r}")
        fits = array.ndim == len(shape) and all(
            want in (None, have) for want, have in zip(shape, array.shape, strict=True)
        )
        if not fits:
            raise InvalidVersionError(self.file, f"has {name!r} in the shape {array.shape}, expected {shape}")
        return array
