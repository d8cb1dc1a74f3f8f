"""What everybody is measured with: the written seeds, the champion, and texts of any length and number."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path

from benchmarks.speed.peers import SENTENCE_END
from models.model import Model
from models.seeds import SHIPPED_SEEDS
from models.seeds.seed import SeedPage
from models.versions import Registry
from training.reading import read_seeds


@dataclass(frozen=True)
class Material:
    """The written seeds, page by page, and the version that is measured."""

    pages: tuple[SeedPage, ...]
    registry: Path
    model: Model

    @classmethod
    def load(cls, registry: Path) -> Material:
        """The shipped seeds and a registry's champion. Raises InvalidVersionError or RegistryError."""
        found = Registry(registry)
        model = Model.load(found.folder(found.champion()))
        model.warm()
        return cls(tuple(read_seeds([SHIPPED_SEEDS]).pages), registry, model)

    @property
    def texts(self) -> list[str]:
        """All sections, in order."""
        return [seed.text for page in self.pages for seed in page.seeds]

    @property
    def labels(self) -> list[str]:
        """Their labels."""
        return [seed.label for page in self.pages for seed in page.seeds]


def many(texts: Sequence[str], count: int) -> list[str]:
    """So many texts, the same again where there are not enough."""
    return list(islice(cycle(texts), count))


def long_text(texts: Sequence[str], length: int) -> str:
    """One text of so many characters, made of sections one after the other, from the first again at the end."""
    parts, have = [], 0
    for text in cycle(texts):
        if have >= length:
            break
        parts.append(text)
        have += len(text) + 1
    return "\n".join(parts)[:length]


def written_anew(pages: Sequence[SeedPage], sections: int) -> str:
    """Seed pages with at least so many sections, each of its label's sentences drawn anew.

    A new page keeps the labels of a written one in their order, and the number of sentences of each section; the
    sentences are drawn from all of the same label. So no section is a copy of another's, pages and labels are as
    frequent as they were, and only the words grow less than a larger corpus would make them.
    """
    chance = random.Random(20261123)  # noqa: S311 - draws examples, guards nothing
    pools: dict[str, list[str]] = {}
    for page in pages:
        for seed in page.seeds:
            pools.setdefault(seed.label, []).extend(sentences(seed.text))
    made, lines = 0, []
    for number, page in enumerate(cycle(pages)):
        if made >= sections:
            break
        lines.append(f"=== anew-{number}")
        for seed in page.seeds:
            count = max(2, len(sentences(seed.text)))
            lines += [f"[{seed.label}]", "".join(chance.choices(pools[seed.label], k=count))]
        made += len(page.seeds)
    return "\n".join(lines) + "\n"


def sentences(text: str) -> list[str]:
    """The sentences of a text, on one line each, marks kept."""
    return [part for part in SENTENCE_END.split(" ".join(text.split())) if part.strip() and part[0] not in "[=\\"]
