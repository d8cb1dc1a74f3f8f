"""The words that decided, read back from the text: each token gets what its characters added to the label's score."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from models.result import Evidence

if TYPE_CHECKING:
    from numpy.typing import NDArray

MOST = 8
"""So many words are named at most."""


def strongest(
    text: str,
    label: str,
    column: int,
    pull: NDArray[np.float64],
    starts: NDArray[np.int32],
) -> tuple[Evidence, ...]:
    """The tokens that pull most towards a label, against the mean of the others.

    column : the label's place in `pull`.
    pull : (characters, labels), see `pull_on_characters`.
    starts : where the tokens start, and the text's length.
    """
    others = np.delete(pull, column, axis=1).mean(axis=1)
    total = np.concatenate([[0.0], np.cumsum(pull[:, column] - others)])
    by_token = total[starts[1:]] - total[starts[:-1]]
    found: list[Evidence] = []
    for token in np.argsort(-by_token, kind="stable")[: 3 * MOST].tolist():
        weight = round(float(by_token[token]), 4)
        start, end = int(starts[token]), int(starts[token + 1])
        word = text[start:end]
        if weight <= 0 or len(found) == MOST:
            break
        if any(char.isalnum() for char in word):
            found.append(Evidence(start, end, word, label, weight))
    return tuple(found)
