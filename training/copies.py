"""Copies of pages that teach the page context not to lean on one layout.

About a fifth of real pages has no marker line, and teasers also stand in the middle of articles: so pages with markers
are learned a second time without them, and pages that end in teasers a second time with the teasers moved up.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from models.judging.context import MARKER_FACT, MARKER_SHARE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from training.dataset import Dataset

SHORTEST = 4
"""A page with fewer sections is not copied."""


def layouts(dataset: Dataset, teaser: int | None) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The pages as they are, and their copies behind them.

    teaser : the number of the label whose run at a page's end is moved up, None to move none.

    Returns the number of the section that stands in each place, and where each page begins (the number of places last).
    """
    originals = [np.arange(*pair) for pair in zip(dataset.pages, dataset.pages[1:], strict=False)]
    copies = [copy for page in originals if len(page) >= SHORTEST for copy in _copies(page, dataset, teaser)]
    pages = originals + copies
    return np.concatenate(pages), np.cumsum([0, *map(len, pages)])


def _copies(page: NDArray[np.int64], dataset: Dataset, teaser: int | None) -> Iterator[NDArray[np.int64]]:
    """One page's copies."""
    marked = dataset.facts[page, MARKER_FACT] > MARKER_SHARE
    if marked.any() and not marked.all():
        yield page[~marked]
    others = np.flatnonzero(dataset.target[page] != teaser)
    tail = page[others[-1] + 1 :] if len(others) else page[:0]
    if len(tail) and len(tail) < len(page) - 1:
        body = page[: -len(tail)]
        middle = (len(body) + 1) // 2
        yield np.concatenate([body[:middle], tail, body[middle:]])
