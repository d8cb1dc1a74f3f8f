"""How a label is written."""

from __future__ import annotations

import re

LABEL = re.compile(r"[a-z][a-z0-9_]{0,63}")
"""A label is written as seed pages and answers can hold it."""

RULE = "write it like our_label, up to 64 letters a-z, digits and _"


def well_named(label: str) -> bool:
    """Whether seed pages and answers can hold the label.

    >>> well_named("recipe"), well_named("Recipe")
    (True, False)
    """
    return LABEL.fullmatch(label) is not None


FEWEST_SECTIONS = 20
FEWEST_PAGES = 5
"""A label needs so many sections, on so many pages, or a training's folds would be empty."""
