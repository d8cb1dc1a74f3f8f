"""The verdict: whether a challenger may replace the champion, why, and everything it was decided by."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.result import NONE
from training.gate.contender import Contender
from training.gate.ground import Ground, read_ground
from training.gate.manners import Manners, manners_of
from training.gate.new_labels import NewLabel, lost_labels, new_labels_of
from training.gate.rules import Row
from training.gate.sides import rows_of
from training.gate.sources import Source, sources_of
from training.gate.speed import Speed, speed_of

FEWEST_SCORED = 200
"""On fewer frozen sections, a loss has to be large to be seen."""

STAGES = 5
SHOWN = 5
"""So many unusable seeds are named."""

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Findings:
    """All that was found out about a challenger. unreadable : why the champion could not be opened."""

    challenger: Contender
    champion: Contender | None
    ground: Ground
    tested: NDArray[np.bool_]
    rows: list[Row]
    new_labels: list[NewLabel]
    sources: list[Source]
    manners: list[Manners]
    speed: Speed | None
    seconds: float
    unreadable: str | None = None

    @property
    def objections(self) -> list[str]:
        """Why the challenger must not be promoted by itself, in plain sentences."""
        lost = lost_labels(self.challenger, self.champion) if self.champion else []
        found = [
            f"the champion cannot be opened, so nothing was compared: {self.unreadable}" if self.unreadable else None,
            *(row.reason for row in self.rows),
            *(label.reason for label in self.new_labels),
            *(source.reason for source in self.sources),
            *(kind.reason for kind in self.manners),
            self.speed.reason if self.speed else None,
        ]
        return lost + [reason for reason in found if reason]

    @property
    def passed(self) -> bool:
        """Whether nothing speaks against the challenger."""
        return not self.objections

    def described(self, who: str) -> dict[str, Any]:
        """The verdict as JSON. who : asked for it."""
        return {
            "passed": self.passed,
            "reasons": self.objections or self._praise(),
            "cautions": self._cautions(),
            "challenger": self.challenger.name,
            "champion": self.champion.name if self.champion else None,
            "frozen": self.ground.described(self.tested),
            "table": [row.described() for row in self.rows],
            "new_labels": [each.described() for each in self.new_labels],
            "sources": [source.described() for source in self.sources],
            "behaviour": [each.described() for each in self.manners],
            "speed": self.speed.described() if self.speed else None,
            "who": who,
            "when": datetime.now(UTC).isoformat(timespec="seconds"),
            "seconds": round(self.seconds, 1),
        }

    def _praise(self) -> list[str]:
        """What a promotion can be based on."""
        scored = int(self.tested.sum())
        if self.champion is None:
            return [f"there is no champion yet, and on {scored} frozen sections every label reaches its floor"]
        lead = next((row.lead for row in self.rows if row.what.judged == "in_page" and row.lead), None)
        change = f": macro-F1 in page {lead.value:+.3f} [{lead.low:+.3f}, {lead.high:+.3f}]" if lead else ""
        return [f"nothing is worse than {self.champion.name!r} on {scored} frozen sections{change}"]

    def _cautions(self) -> list[str]:
        """What makes the verdict worth less."""
        cautions = []
        if self.champion and self.champion.learned is None:
            cautions.append(
                f"{self.champion.name!r} does not tell what it learned from: it may have seen the frozen seeds, "
                "which makes the comparison harder for the challenger"
            )
        if self.challenger.learned is None:
            cautions.append(
                f"{self.challenger.name!r} does not tell what it learned from: it may have seen frozen seeds"
            )
        if (scored := int(self.tested.sum())) < FEWEST_SCORED:
            cautions.append(f"only {scored} frozen sections could be scored: a small loss would not be seen")
        problems = self.ground.problems
        cautions += [f"left out: {problem}" for problem in problems[:SHOWN]]
        return cautions + ([f"{len(problems) - SHOWN} more seeds left out"] if len(problems) > SHOWN else [])


def judge(
    challenger: Contender,
    champion: Contender | None,
    seeds: Sequence[Path],
    progress: Progress = lambda *_: None,
) -> Findings:
    """Let a challenger stand before the gate.

    champion : None where there is none yet. seeds : what the challenger was trained on, files and folders.
    progress : told the stage, and how many of how many are done.

    Raises
    ------
    SeedsError
        Where no seeds can be used. FileNotFoundError for a path that is not there.
    """
    began = time.monotonic()
    contenders = [challenger] if champion is None else [challenger, champion]
    progress("reading the frozen seeds", 0, STAGES)
    ground = read_ground(seeds, contenders)
    tested = ground.unseen_by(contenders)
    progress("scoring the frozen seeds", 1, STAGES)
    answers = [each.judge(ground.rows(each, ground.parted.frozen), ground.labels) for each in contenders]
    common = [label for label in ground.labels if all(label in each.labels for each in contenders)]
    target = ground.parted.frozen.dataset.target
    compared = tested & np.isin(target, [ground.labels.index(label) for label in common])
    kept = [{kind: each.of(compared) for kind, each in of_one.items()} for of_one in answers]
    known = [label for label in common if label != NONE]
    rows = rows_of(kept[0], kept[1] if champion else None, known) if compared.any() else []
    fresh = new_labels_of(challenger, common, {kind: each.of(tested) for kind, each in answers[0].items()})
    progress("looking at new seeds", 2, STAGES)
    sources = sources_of(ground, challenger, champion)
    progress("asking the behaviour cases", 3, STAGES)
    rival = champion.model if champion else None
    manners = manners_of(challenger.model, rival)
    progress("measuring speed", 4, STAGES)
    speed = speed_of(challenger.model, rival, _texts(ground))
    progress("judged", STAGES, STAGES)
    seconds = time.monotonic() - began
    return Findings(challenger, champion, ground, compared, rows, fresh, sources, manners, speed, seconds)


def _texts(ground: Ground) -> list[str]:
    """The frozen sections that have their text."""
    return [seed.text for page in ground.parted.frozen.corpus.pages for seed in page.seeds]
