"""Text as the checks compare it: what differs only in white space, width or case is the same."""

from __future__ import annotations

import re

from models.seeds.folding import folded

GRAM = 5
"""Characters of a gram, as near-duplicates and the share of distinct grams count them."""

SHORTEST_SENTENCE = 12
"""Characters of the shortest sentence that is compared, folded: shorter ones are shared by chance."""

ENDS_SENTENCE = re.compile(r"[。!?;…]|\.{3,}")
MARKS_AROUND = re.compile(r"^\W+|\W+$")


def grams(text: str) -> list[str]:
    """The character 5-grams of the folded text, in order; the folded text itself where it is shorter."""
    whole = folded(text)
    if len(whole) < GRAM:
        return [whole] if whole else []
    return [whole[start : start + GRAM] for start in range(len(whole) - GRAM + 1)]


def sentences(line: str) -> list[str]:
    """The folded sentences of a line that are long enough to be compared, without the marks around them."""
    parts = (MARKS_AROUND.sub("", part) for part in ENDS_SENTENCE.split(folded(line)))
    return [part for part in parts if len(part) >= SHORTEST_SENTENCE]
