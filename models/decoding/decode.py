"""Bytes to text: a page's encoding is found from what its bytes say, with what was declared as a hint."""

from __future__ import annotations

import codecs
import re

from models.decoding.frequent import frequent_share

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_DECLARED = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([A-Za-z0-9_:.-]{2,30})""", re.IGNORECASE)
_HEAD = 4096
"""Bytes at the start in which a meta element or an XML declaration is looked for."""
_CHINESE = ("gb18030", "big5hkscs")
_READ_AS = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "cp936": "gb18030",
    "hz": "gb18030",
    "big5": "big5hkscs",
    "cp950": "big5hkscs",
    "iso8859-1": "cp1252",
    "ascii": "cp1252",
    "utf-16": "utf-16-le",
}
"""What browsers read under a declared name: the larger set that pages really use."""
_NOT_FOR_PAGES = frozenset(("idna", "punycode", "unicode-escape", "raw-unicode-escape", "utf-7", "undefined"))
"""Encodings that Python knows and no page is written in."""
_BONUS = 0.08
"""What a declaration adds to a decoding's score: enough to settle a close call, too little to save a wrong one."""
_PLAINLY_CHINESE = 0.25
"""Share of frequent characters from which a decoding is taken for Chinese; wrong ones stay below it."""
_WIDE = 0xE0
"""First byte from which UTF-8 begins a character of three bytes or more, as all Chinese ones are."""
_DAMAGED = 0.02
"""Share of broken characters that UTF-8 cut or joined carelessly may have and still be UTF-8."""
_MOJIBAKE_GAIN = 0.3
"""Gain in frequent characters that a repair must bring."""
_SAMPLE = 60_000
"""Bytes that the choice between encodings looks at."""


def decode(data: bytes, declared: str | None = None) -> str:
    """Read a page's bytes as text; never raises, and bytes that mean nothing become U+FFFD.

    Parameters
    ----------
    data : the page as it was sent or saved: UTF-8, GB18030 and its subsets, Big5, UTF-16 with a byte order mark,
        or whatever else is declared.
    declared : the charset of the HTTP header, or None. What a meta element or XML declaration names is found in `data`.
        Both are hints: pages declare gb2312 and send UTF-8. Unknown names are ignored.
    """
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return data[len(bom) :].decode(encoding, "replace")
    text = _as_utf8(data)
    if text is None:
        names = [name for name in (declared, _declared_inside(data)) if name]
        return data.decode(_best_encoding(data[:_SAMPLE], names), "replace")
    return _repaired(text)


def _as_utf8(data: bytes) -> str | None:
    """The text where the bytes are UTF-8, whole or with little damage; else None."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        text = data.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    wide = sum(byte >= _WIDE for byte in data[:_SAMPLE])
    whole = broken <= 1 + _DAMAGED * wide and frequent_share(text) > _PLAINLY_CHINESE
    return text if whole else None


def _declared_inside(data: bytes) -> str | None:
    found = _DECLARED.search(data[:_HEAD])
    return found[1].decode("ascii") if found else None


def _best_encoding(sample: bytes, declared: list[str]) -> str:
    """The encoding whose reading has the largest share of frequent characters, declared ones a little ahead."""
    known = [encoding for encoding in map(_known, declared) if encoding]
    scores = {
        encoding: frequent_share(sample.decode(encoding, "replace")) + _BONUS * (encoding in known)
        for encoding in dict.fromkeys([*known, *_CHINESE])
    }
    best = max(scores, key=lambda encoding: scores[encoding])
    if scores[best] >= _PLAINLY_CHINESE or not known:
        return best
    return known[0]


def _known(name: str) -> str | None:
    """The text encoding that a declared name is read with, or None for names that are none."""
    try:
        found = codecs.lookup(name.strip().strip("'\""))
        b" ".decode(found.name, "replace")
    except (LookupError, ValueError):
        return None
    return None if found.name in _NOT_FOR_PAGES else _READ_AS.get(found.name, found.name)


def _repaired(text: str) -> str:
    """The text, or what it was before UTF-8 bytes were read as another encoding and saved: only where that is certain.

    Certain means that every character goes back to bytes, that these are UTF-8, and that the result is plainly Chinese
    while the text is not.
    """
    share = frequent_share(text)
    if share > _PLAINLY_CHINESE or text.isascii():
        return text
    for wrong in ("cp1252", "latin-1", "gb18030"):
        repaired = _read_back(text, wrong)
        if repaired and frequent_share(repaired) > share + _MOJIBAKE_GAIN:
            return repaired
    return text


def _read_back(text: str, wrong: str) -> str | None:
    try:
        return text.encode(wrong).decode("utf-8")
    except UnicodeError:
        return None
