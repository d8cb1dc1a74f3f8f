"""What must hold of seeds before a model is trained on them. Every problem is named, all of them at once."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from models.result import NONE
from models.seeds.folding import folded
from models.seeds.labels import FEWEST_PAGES, FEWEST_SECTIONS
from models.seeds.seed import Problem, Reading, SeedPage

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence


def sound(reading: Reading, labels: Collection[str]) -> Reading:
    """Take out seeds that are empty, have an unknown label, or contradict another seed; each becomes a problem.

    A seed that another replaces is taken out, too, and is no problem.
    """
    contradicted, replaced = _contradictions(reading.pages), _replaced(reading.pages)
    problems: list[Problem] = []
    pages = []
    for page in reading.pages:
        kept = []
        for seed in page.seeds:
            reason = _fault(seed.text, seed.label, labels) or contradicted.get((seed.text, seed.label))
            if (seed.text, seed.label) in replaced:
                continue
            if reason:
                problems.append(Problem(seed.place, reason))
            else:
                kept.append(seed)
        if kept:
            pages.append(replace(page, seeds=tuple(kept)))
    return Reading(pages, reading.problems + problems)


def _fault(text: str, label: str, labels: Collection[str]) -> str | None:
    """What is wrong with one seed by itself."""
    if not text.strip():
        return "the section is empty; write its text or take it out"
    if label not in labels:
        return f"unknown label {label!r}; known are {', '.join(labels)} (a new one is declared with --new-label)"
    return None


def _contradictions(pages: Sequence[SeedPage]) -> dict[tuple[str, str], str]:
    """(text, label) → the reason, for texts that stand in the seeds with two labels and no decision."""
    decided = {seed.text for page in pages for seed in page.seeds if seed.on_conflict}
    places: dict[str, dict[str, str]] = defaultdict(dict)
    for page in pages:
        for seed in page.seeds:
            places[seed.text].setdefault(seed.label, seed.place)
    found = {}
    for text, by_label in places.items():
        if text in decided:
            continue
        for label in by_label if len(by_label) > 1 else ():
            others = ", ".join(f"{other!r} at {place}" for other, place in by_label.items() if other != label)
            found[text, label] = f"the same text is {label!r} here and {others}; keep one"
    return found


def _replaced(pages: Sequence[SeedPage]) -> set[tuple[str, str]]:
    """(text, label) of seeds whose text another seed has with a label that holds alone."""
    decided = [seed for page in pages for seed in page.seeds if seed.on_conflict]
    alone = {folded(seed.text) for seed in decided if seed.on_conflict == "replace"}
    if not alone:
        return set()
    standing = {(folded(seed.text), seed.label) for seed in decided}
    others = ((seed, folded(seed.text)) for page in pages for seed in page.seeds)
    return {(seed.text, seed.label) for seed, text in others if text in alone and (text, seed.label) not in standing}


def too_few(sections: Mapping[str, int], on_pages: Mapping[str, int], labels: Collection[str]) -> list[Problem]:
    """Labels that too few sections or pages have."""
    return [
        Problem(
            "the seeds together",
            f"{label!r} has {sections.get(label, 0)} sections on {on_pages.get(label, 0)} pages; "
            f"it takes {FEWEST_SECTIONS} on {FEWEST_PAGES}",
        )
        for label in labels
        if sections.get(label, 0) < FEWEST_SECTIONS or on_pages.get(label, 0) < FEWEST_PAGES
    ]


def all_labels(base: Sequence[str], new: Sequence[str]) -> tuple[str, ...]:
    """The labels with new ones before `none`, which stays last."""
    return (*(label for label in base if label != NONE), *(label for label in new if label not in base), NONE)
