"""What is in the lexicon twice, in two classes, or in no seed."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from models.seeds.seed import SeedPage
from models.terms.lexicon import LexiconError, hashed_form, parse

SHIPPED = Path(str(files("models"))) / "lexicon"


@dataclass(frozen=True)
class ClassWords:
    """How many words a class has, and how many of them stand in no written seed."""

    words: int
    unused: int


@dataclass(frozen=True)
class Words:
    """Findings of the lexicon, whose words are compared folded.

    duplicates : "word class: places" of entries given twice.
    in_two_classes : word → its classes.
    by_class : class → counts. unused : class → words that no written seed contains.
    """

    entries: int
    duplicates: list[str]
    in_two_classes: dict[str, list[str]]
    by_class: dict[str, ClassWords]
    unused: dict[str, list[str]]


@dataclass(frozen=True)
class _Entry:
    word: str
    name: str
    place: str


def words_of(pages: Iterable[SeedPage], own: Sequence[Path] = ()) -> Words:
    """Check the shipped lexicon together with files of one's own.

    Raises
    ------
    LexiconError
        For a line that cannot be read, naming file and line.
    """
    entries = [entry for path in (*sorted(SHIPPED.glob("*.tsv")), *own) for entry in _read(path)]
    words = {entry.word for entry in entries}
    missing = words - contained(words, "\n".join(hashed_form(seed.text) for page in pages for seed in page.seeds))
    by_class: dict[str, set[str]] = defaultdict(set)
    for entry in entries:
        by_class[entry.name].add(entry.word)
    return Words(
        len(entries),
        _duplicates(entries),
        _in_two_classes(by_class),
        {name: ClassWords(len(by_class[name]), len(by_class[name] & missing)) for name in sorted(by_class)},
        {name: sorted(by_class[name] & missing) for name in sorted(by_class) if by_class[name] & missing},
    )


def _read(path: Path) -> list[_Entry]:
    """A file's entries with their places."""
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise LexiconError(f"{path.name}: not UTF-8 at byte {error.start}; save the file as UTF-8") from error
    parse(lines, path.name)  # names the line, where one cannot be read
    return [
        _Entry(hashed_form(word), name, f"{path.name}:{number}")
        for number, line in enumerate(lines, 1)
        for word, name in parse([line], path.name)
    ]


def _duplicates(entries: Iterable[_Entry]) -> list[str]:
    """Entries that are given more than once."""
    places: dict[tuple[str, str], list[str]] = defaultdict(list)
    for entry in entries:
        places[entry.word, entry.name].append(entry.place)
    return [f"{word} {name}: {', '.join(where)}" for (word, name), where in places.items() if len(where) > 1]


def _in_two_classes(by_class: dict[str, set[str]]) -> dict[str, list[str]]:
    """Words that stand in more than one class."""
    times = Counter(word for words in by_class.values() for word in words)
    return {
        word: sorted(name for name, words in by_class.items() if word in words)
        for word in sorted(times)
        if times[word] > 1
    }


def contained(words: Iterable[str], text: str) -> set[str]:
    """Those of the words that stand anywhere in the text. One length after the other, so that memory stays small."""
    by_length: dict[int, set[str]] = defaultdict(set)
    for word in words:
        by_length[len(word)].add(word)
    found: set[str] = set()
    for length, wanted in by_length.items():
        found |= wanted & {text[start : start + length] for start in range(len(text) - length + 1)}
    return found
