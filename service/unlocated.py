"""What goes wrong with files, told to callers without where they lie on this machine."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from service.settings import Settings


def unlocated(text: str, settings: Settings) -> str:
    """The text with the names of settings in place of the folders that they name: operators know those, nobody else."""
    names = {str(settings.models_dir): "LANMU_MODELS_DIR", str(settings.data_dir): "LANMU_DATA_DIR"}
    if settings.policy is not None:
        names[str(settings.policy)] = "LANMU_POLICY"
    for path in sorted(names, key=len, reverse=True):  # one may lie within another
        text = re.sub(rf"(?<![\w/.]){re.escape(path)}(?![\w-])", names[path], text)
    return text
