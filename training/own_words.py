"""A user's own words: lexicon files with classes, and words for jieba's dictionary."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from models.terms.dictionary import Word
from models.terms.extractor import TermsConfig
from models.terms.lexicon import Lexicon, parse, shipped

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

CLASS_NAME = re.compile(r"[A-Z][A-Z0-9_]*")
WORD_LINE = re.compile(r"(?P<text>\S+)[ \t]+(?P<frequency>[1-9][0-9]{0,8})(?:[ \t]+(?P<tag>[a-z]{1,4}))?")


def own_terms(lexicons: Sequence[Path], word_files: Sequence[Path]) -> TermsConfig:
    """The default terms with a user's own words.

    Raises
    ------
    ValueError
        For a line that cannot be read, naming file and line.
    """
    added = [entry for path in lexicons for entry in parse(_lines(path), path.name)]
    wrong = sorted({name for _, name in added if not CLASS_NAME.fullmatch(name)})
    if wrong:
        raise ValueError(f"the lexicon class {wrong[0]!r} must be written like OUR_CLASS: capitals, digits and _")
    words = tuple(word for path in word_files for word in read_words(_lines(path), path.name))
    return TermsConfig(lexicon=Lexicon(shipped().entries, tuple(added)), user_words=words)


def read_words(lines: Iterable[str], name: str) -> list[Word]:
    """Words in the form of jieba's user dictionary, with the frequency given.

    Raises
    ------
    ValueError
        For a line of another form, naming `name` and the line's number.
    """
    words = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        found = WORD_LINE.fullmatch(line.strip())
        if found is None:
            raise ValueError(f"{name}:{number}: expected a word, its frequency and maybe its tag, got {line.strip()!r}")
        words.append(Word(found["text"], int(found["frequency"]), found["tag"] or ""))
    return words


def _lines(path: Path) -> list[str]:
    """The lines of a UTF-8 file."""
    try:
        return path.read_text(encoding="utf-8-sig").split("\n")
    except UnicodeDecodeError as error:
        raise ValueError(f"{path.name}: not UTF-8 at byte {error.start}; save the file as UTF-8") from error
