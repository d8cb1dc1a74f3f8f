"""Whether the written seeds share a sentence with other text."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from models.decoding import decode
from models.seeds.seed import SeedPage
from models.splitting import split_html
from training.check.folding import sentences

STOCK_LINES = Path(str(files("training"))) / "seeds" / "stock-lines.list"
"""Lines that many sites print word for word; they may be shared. Not .txt, which in this folder means seed pages."""

SUFFIXES = (".txt", ".jsonl", ".html", ".htm")


@dataclass(frozen=True)
class Shared:
    """A sentence of a seed that stands in other text.

    sentence : folded. place, other : where, as file:line.
    """

    sentence: str
    place: str
    other: str


@dataclass(frozen=True)
class Sharing:
    """What was compared and what was found.

    files, other_sentences : read elsewhere. sentences : of the seeds, distinct. stock : those allowed and found.
    """

    files: int
    other_sentences: int
    sentences: int
    stock: list[str]
    shared: list[Shared]


class NothingToCompareError(Exception):
    """The folder holds no text; the message says which files are read."""


def sharing_of(pages: Sequence[SeedPage], against: Iterable[Path], stock: Path = STOCK_LINES) -> Sharing:
    """Compare every sentence of the written seeds with every sentence elsewhere.

    Sentences are folded, and count from twelve characters on.

    Raises
    ------
    NothingToCompareError
        When there is no text to compare with: nothing would be proved.
    """
    ours = _places(pages)
    found = [file for path in against for file in text_files(path)]
    if not found:
        raise NothingToCompareError(f"found no {', '.join(SUFFIXES)} file to compare with; name a folder that has some")
    allowed = {sentence for line in read_stock(stock) for sentence in sentences(line)}
    others: set[str] = set()
    matches: dict[str, str] = {}
    for file in found:
        for place, text in passages(file):
            for sentence in sentences(text):
                others.add(sentence)
                if sentence in ours:
                    matches.setdefault(sentence, place)
    shared = [
        Shared(sentence, place, other)
        for sentence, other in matches.items()
        if sentence not in allowed
        for place in ours[sentence]
    ]
    return Sharing(len(found), len(others), len(ours), sorted(allowed & set(matches)), shared)


def _places(pages: Iterable[SeedPage]) -> dict[str, list[str]]:
    """Folded sentence → the places of the seeds it stands in."""
    places: dict[str, list[str]] = defaultdict(list)
    for page in pages:
        for seed in page.seeds:
            for sentence in {found for line in seed.text.splitlines() for found in sentences(line)}:
                places[sentence].append(seed.place)
    return dict(places)


def read_stock(path: Path) -> list[str]:
    """Allowed lines, one a line; lines that begin with # give the reason for those below."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line.strip() and not line.startswith("#")]


def text_files(path: Path) -> list[Path]:
    """The file itself, or all files with text inside the folder, sorted."""
    if path.is_file():
        return [path]
    return sorted(file for file in path.rglob("*") if file.suffix.lower() in SUFFIXES and file.is_file())


def passages(file: Path) -> Iterator[tuple[str, str]]:
    """Each line of a file's text with its place; of JSON Lines, each line of every string in them."""
    raw = file.read_bytes()
    text = decode(raw)
    if file.suffix.lower() in {".html", ".htm"}:
        text = split_html(text).text
    for number, line in enumerate(text.split("\n"), 1):
        place = f"{file.name}:{number}"
        if file.suffix.lower() == ".jsonl":
            yield from ((place, inner) for string in _strings(line) for inner in string.splitlines())
        else:
            yield place, line


def _strings(line: str) -> Iterator[str]:
    """Every string in one line of JSON, keys too; the line itself where it is not JSON."""
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        yield line
        return
    yield from _within(row)


def _within(value: Any) -> Iterator[str]:
    """Every string in a JSON value."""
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            yield one
        elif isinstance(one, dict):
            waiting.extend([*one, *one.values()])
        elif isinstance(one, list):
            waiting.extend(one)
