"""How bytes travel through Ray."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Packed = NDArray[np.uint8]
"""Bytes as an array, which Ray hands over without copying it into a pickle and out again."""


def packed(content: bytes | memoryview) -> Packed:
    """Bytes on their way."""
    return np.frombuffer(content, np.uint8)
