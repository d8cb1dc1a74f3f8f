"""Text as seeds are compared: what differs only in white space, width or case is the same."""

from __future__ import annotations

import unicodedata


def folded(text: str) -> str:
    """The text without white space, in compatibility form (full-width marks become half-width) and lower case."""
    return "".join(unicodedata.normalize("NFKC", text).split()).casefold()
