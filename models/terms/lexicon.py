"""The lexicon: words and phrases in classes, found by the longest match over the raw text.

`models/lexicon/*.tsv` holds one `word<TAB>class` a line. A word may be in several classes. Users add files of their own
in the same form, with classes of their own.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from models.terms.fold import char_table, folded, hash_changes, hash_table
from models.terms.kept import kept
from models.terms.trie import Trie, build_trie

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray


MOST_CLASSES = 3
"""A word may be in so many classes, so that a section's terms are bounded by its length."""


class Matches(NamedTuple):
    """What the kernel walks: the classes of a word of value v are `classes[first[v]:first[v + 1]]`; of 0, none."""

    trie: Trie
    first: NDArray[np.int32]
    classes: NDArray[np.int32]


class LexiconError(ValueError):
    """A lexicon line that cannot be read; the message names file and line."""


@dataclass(frozen=True)
class Lexicon:
    """Words in classes.

    entries : (word, class) pairs.
    added : pairs that a user adds. Their classes are numbered behind the others, so that seeds extracted without them
        keep their meaning.
    """

    entries: tuple[tuple[str, str], ...]
    added: tuple[tuple[str, str], ...] = ()

    @cached_property
    def classes(self) -> tuple[str, ...]:
        """The names of the classes, sorted, added ones last; the position is the class's number."""
        own = {name for _, name in self.entries}
        return (*sorted(own), *sorted({name for _, name in self.added} - own))

    @cached_property
    def hash(self) -> str:
        """sha256 over the sorted entries, without added ones."""
        rows = sorted(f"{word}\t{name}\n" for word, name in set(self.entries))
        return hashlib.sha256("".join(rows).encode()).hexdigest()

    def matches(self) -> Matches:
        """What the kernel walks; words are folded as the text will be."""
        told = hashlib.sha256(repr((self.hash, self.added)).encode())
        for table in (char_table(), hash_table()):
            told.update(table.tobytes())
        *trie, first, classes = kept(f"lexicon-1-{told.hexdigest()[:16]}", self._tables)
        return Matches(Trie(*trie), first, classes)

    def _tables(self) -> list[NDArray[Any]]:
        """The arrays of `matches`."""
        numbers = {name: number for number, name in enumerate(self.classes)}
        by_word: dict[str, set[int]] = {}
        for word, name in (*self.entries, *self.added):
            by_word.setdefault(hashed_form(word), set()).add(numbers[name])
        by_word.pop("", None)
        crowded = [word for word, numbers_of in by_word.items() if len(numbers_of) > MOST_CLASSES]
        if crowded:
            message = f"the lexicon word {crowded[0]!r} is in more than {MOST_CLASSES} classes; take it out of some"
            raise LexiconError(message)
        sets = {
            numbers_of: value
            for value, numbers_of in enumerate(sorted({tuple(sorted(of)) for of in by_word.values()}), 1)
        }
        trie = build_trie(list(by_word), [sets[tuple(sorted(of))] for of in by_word.values()])
        first = np.cumsum([0, 0, *map(len, sets)], dtype=np.int32)
        classes = np.array([number for numbers_of in sets for number in numbers_of], np.int32)
        return [*trie, first, classes]


def hashed_form(word: str) -> str:
    """The word as the kernel looks it up: folded and lower-case, digits as 0."""
    return folded(word).translate(hash_changes())


def parse(lines: Iterable[str], name: str) -> list[tuple[str, str]]:
    """Read `word<TAB>class` lines; blank lines and lines that begin with # are passed over.

    Raises
    ------
    LexiconError
        For a line of another form, naming `name` and the line's number.
    """
    entries = []
    for number, line in enumerate(lines, 1):
        row = line.rstrip("\r\n")
        if not row.strip() or row.startswith("#"):
            continue
        word, tab, label = row.partition("\t")
        if not (tab and word.strip() and label.strip()) or "\t" in label:
            message = f"{name}:{number}: expected a word, a tab and a class, got {row!r}"
            raise LexiconError(message)
        entries.append((word.strip(), label.strip()))
    return entries


def shipped() -> Lexicon:
    """The lexicon that comes with Lanmu."""
    folder = files("models").joinpath("lexicon")
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".tsv"))
    entries = [pair for name in names for pair in parse(folder.joinpath(name).read_text("utf-8").splitlines(), name)]
    return Lexicon(tuple(entries))
