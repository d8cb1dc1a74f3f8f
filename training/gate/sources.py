"""Whether the labels of new seeds can be believed, source by source.

A few hundred new seeds hardly move figures that thousands decide, so wrong labels among them would pass unnoticed
there. They are asked for themselves: do models that had not seen a seed find its label? The challenger's out-of-fold
models had learned from the other new seeds of the source, the champion from none of them. Labels given by a rule can be
found, if not by the champion, then by models that learned the rule; labels given at random cannot be found by anybody.

How well they are found is measured as skill: the mean recall of the labels that the source has, where 0 is what chance
gives and 1 is all. So it does not matter how often each label occurs.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from training.gate.contender import Contender
from training.gate.frozen import digest_of
from training.gate.ground import Ground
from training.gate.learned import Said

FEWEST = 30
"""A source with fewer new sections is too small to be judged."""

FEWEST_OF_LABEL = 5
"""A label with fewer sections in a source does not count towards its skill."""

LEAST_SHARE = 0.5
"""New seeds must be found at least so well as the seeds that the champion had learned from, times this."""

DRAWS = 400
SEED = 7
TAIL = 0.975


@dataclass(frozen=True)
class Source:
    """What is known of the new seeds of one source.

    sections : new ones that were learned from. skill : of out-of-fold models; high : the end of its 95 % interval.
    agreeing : share of the labels that were the likeliest out of fold.
    champion : the champion's skill; None where it knows none of the labels. least : what the skill must reach.
    """

    name: str
    sections: int
    agreeing: float
    skill: float
    high: float
    champion: float | None
    least: float

    @property
    def reason(self) -> str | None:
        """Why the labels are not believed; None where they are."""
        if self.sections < FEWEST or self.high >= self.least:
            return None
        if self.champion is not None and self.champion >= self.least:
            return None
        champion = "" if self.champion is None else f", the champion with a skill of {self.champion:.2f}"
        return (
            f"the labels of {self.sections} new sections from {self.name!r} are found by models that did not see them "
            f"with a skill of {self.skill:.2f} (at most {self.high:.2f}; 0 is chance){champion}; at least "
            f"{self.least:.2f} is expected of seeds like those known before: the labels look mixed up, "
            "or follow another rule"
        )

    def described(self) -> dict[str, Any]:
        """The source as JSON."""
        numbers = {name: getattr(self, name) for name in ("agreeing", "skill", "high", "champion", "least")}
        rounded = {name: None if value is None else round(value, 4) for name, value in numbers.items()}
        return {"source": self.name, "new_sections": self.sections, **rounded, "holds": self.reason is None}


def sources_of(ground: Ground, challenger: Contender, champion: Contender | None) -> list[Source]:
    """Every source of seeds that the challenger learned from and the champion did not."""
    learned = challenger.learned or {}
    before = (champion.learned if champion else None) or {}
    old = [said for unit, said in learned.items() if unit in before]
    least = LEAST_SHARE * max(skill_of(_together(old or list(learned.values()))), 0.0)
    units = _new_units(ground, learned, before)
    champions = _champions(ground, champion, set().union(*units.values())) if champion else {}
    return [
        _source(name, [learned[unit] for unit in found], [champions[u] for u in found if u in champions], least)
        for name, found in sorted(units.items())
    ]


def skill_of(said: Said) -> float:
    """Mean recall of the labels, on a scale where 0 is chance and 1 is all right.

    >>> skill_of(Counter({("opinion", "opinion"): 30, ("none", "none"): 30}))
    1.0
    >>> skill_of(Counter({("a", "a"): 20, ("a", "b"): 20, ("b", "a"): 20, ("b", "b"): 20}))
    0.0
    """
    true: Counter[str] = Counter()
    for (label, _), count in said.items():
        true[label] += count
    true = +true  # a draw may leave out all that there is of a label
    kept = [label for label, count in true.items() if count >= FEWEST_OF_LABEL] or list(true)
    if not kept:
        return 0.0
    recall = sum(said[label, label] / true[label] for label in kept) / len(kept)
    chance = 1 / max(len(kept), 2)
    return (recall - chance) / (1 - chance)


def _source(name: str, units: Sequence[Said], champions: Sequence[Said], least: float) -> Source:
    together, theirs = _together(units), _together(champions)
    agreeing = sum(count for (label, said), count in together.items() if label == said)
    return Source(
        name,
        together.total(),
        agreeing / max(together.total(), 1),
        skill_of(together),
        float(np.quantile(_drawn_skills(units, list(together)), TAIL)),
        skill_of(theirs) if theirs else None,
        least,
    )


def _drawn_skills(units: Sequence[Said], pairs: Sequence[tuple[str, str]]) -> list[float]:
    """The skill on draws of the units with replacement, always the same draws for so many units."""
    counts = np.array([[said[pair] for pair in pairs] for said in units])
    times = np.random.default_rng(SEED).multinomial(len(units), np.full(len(units), 1 / len(units)), DRAWS)
    return [skill_of(Counter(dict(zip(pairs, row, strict=True)))) for row in (times @ counts).tolist()]


def _together(units: Sequence[Said]) -> Said:
    whole: Said = Counter()
    for said in units:
        for pair, count in said.items():
            whole[pair] += count
    return whole


def _new_units(ground: Ground, learned: Mapping[str, Said], before: Mapping[str, Said]) -> dict[str, list[str]]:
    """Source → short names of its units that the challenger learned from and the champion did not."""
    side = ground.parted.training
    origins = [page.origin for page in side.corpus.pages]
    extracted = [f"extracted seeds {part.hash()[:12]}" for part in side.corpus.extracted for _ in part.page_sizes]
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for unit, origin in zip(map(digest_of, side.units), origins + extracted, strict=True):
        if unit in learned and unit not in before:
            found[origin][unit] = None
    return {origin: list(units) for origin, units in found.items()}


def _champions(ground: Ground, champion: Contender, new: set[str]) -> dict[str, Said]:
    """What the champion says of the new units, where it knows the label."""
    side, labels = ground.parted.training, ground.labels
    units = [digest_of(unit) for unit in side.units]
    pages = np.array([unit in new for unit in units], bool)
    dataset = ground.rows(champion, side).of(pages[side.dataset.page_of])
    kept = [unit for unit, is_new in zip(units, pages.tolist(), strict=True) if is_new]
    found: dict[str, Said] = defaultdict(Counter)
    if not kept:
        return found
    answers = champion.judge(dataset, labels)["in_page"]
    for page, label, said in zip(*map(list, (dataset.page_of, dataset.target, answers.best)), strict=True):
        if labels[label] in champion.labels:
            found[kept[page]][labels[label], labels[said]] += 1
    return found
