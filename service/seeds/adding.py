"""Adding seeds: what is new goes in, what is there already is left, and what contradicts it waits for a decision.

Everything of one call happens in one transaction, one call after the other: two that bring the same seeds at once add
them once.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, Engine, func, insert, select, text, update

from models.seeds.labels import RULE, well_named
from models.seeds.seed import Problem, Reading, Seed, SeedPage
from service.seeds.answer import Added, Conflict
from service.seeds.delivery import Decision, Delivery
from service.seeds.forms import is_lone
from service.seeds.shipped import digest_of, shipped_seeds, unit_of
from service.seeds.slips import is_near
from service.seeds.standing import ACTIVE, WAITING, WITHDRAWN, Held, Standing
from service.store import now, writing
from service.store.tables import SEEDS

ADVISORY_LOCK = 0x7365656473
"""The number PostgreSQL knows the lock of adding seeds by: "seeds" in ASCII."""


def add_seeds(engine: Engine, reading: Reading, delivery: Delivery) -> Added:
    """Add seeds. reading : pages that were read and are storable, and the problems of the rest."""
    shipped = shipped_seeds()
    with writing(engine) as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": ADVISORY_LOCK})
        digests = (digest_of(seed.text) for page in reading.pages for seed in page.seeds)
        names = (page.id for page in reading.pages if not is_lone(page))
        held = Standing(connection, shipped, digests, names)
        adding = _Adding(connection, held, delivery)
        adding.result.problems += reading.problems
        for page in reading.pages:
            adding.offer(page)
        adding.flush()
    adding.result.problems.sort(key=_by_line)
    return adding.result


class _Adding:
    """One call's additions."""

    def __init__(self, connection: Connection, standing: Standing, delivery: Delivery) -> None:
        self._connection = connection
        self._standing = standing
        self._delivery = delivery
        self._rows: list[dict[str, Any]] = []
        self._moment: float = connection.scalar(select(now())) or 0.0
        self._ids = _ids(self._moment, connection.scalar(select(func.max(SEEDS.c.id))))
        self.result = Added()

    def offer(self, page: SeedPage) -> None:
        """Add a page or a lone text, leave it, or have it wait."""
        page = self._well_labelled(page)
        if not page.seeds:
            return
        sections = [(digest_of(seed.text), seed.label) for seed in page.seeds]
        unit = unit_of(sections)
        if self._is_known(page, sections, unit):
            self.result.known += len(sections)
            return
        reasons = [*self._name_conflict(page), *self._conflicts(page, sections)]
        if not reasons:
            self._insert(page, unit, ACTIVE)
        elif (decision := self._decision(page)) is None:
            self._wait(page, unit, reasons)
        else:
            self._decide(page, sections, unit, decision)

    def flush(self) -> None:
        """Write what is to be written."""
        if self._rows:
            self._connection.execute(insert(SEEDS), self._rows)
        self._rows = []

    def _decision(self, page: SeedPage) -> Decision | None:
        """What the call says, or else the page's own records."""
        own = (Decision(seed.on_conflict) for seed in page.seeds if seed.on_conflict)
        return self._delivery.decision or next(own, None)

    def _well_labelled(self, page: SeedPage) -> SeedPage:
        """The page without seeds whose label cannot be; each becomes a problem."""
        faults = [(seed, self._label_fault(seed.label)) for seed in page.seeds]
        self.result.problems += [Problem(seed.place, fault) for seed, fault in faults if fault]
        kept = tuple(seed for seed, fault in faults if not fault)
        return replace(page, seeds=kept)

    def _label_fault(self, label: str) -> str | None:
        known = self._standing.labels | set(self._delivery.new_labels)
        if not well_named(label):
            return f"{label!r:.80} is no label: {RULE}"
        if label in known:
            return None
        near = next((other for other in sorted(known) if is_near(label, other)), None)
        if near is None:
            return None
        return f"the label {label!r} is new and looks like {near!r}; mend it, or declare it as a new label"

    def _is_known(self, page: SeedPage, sections: Sequence[tuple[str, str]], unit: str) -> bool:
        if is_lone(page):
            digest, label = sections[0]
            return label in self._standing.labels_of(digest)
        return self._standing.has_unit(unit, len(sections))

    def _name_conflict(self, page: SeedPage) -> list[str]:
        if is_lone(page) or not self._standing.is_taken(page.id):
            return []
        where = "a shipped page" if page.id in self._standing.shipped.pages else "a page"
        return [f"{where} is called {page.id!r} already, and has other sections"]

    def _conflicts(self, page: SeedPage, sections: Sequence[tuple[str, str]]) -> list[str]:
        """A sentence for each section whose text has another label."""
        found = []
        for seed, (digest, label) in zip(page.seeds, sections, strict=True):
            there = self._standing.labels_of(digest)
            if there and label not in there:
                others = " and ".join(f"{other!r} ({place})" for other, place in there.items())
                found.append(f"{seed.place}: the text is {label!r} here and {others}: {seed.text[:40]!r}")
        return found

    def _wait(self, page: SeedPage, unit: str, reasons: list[str]) -> None:
        """Keep a page aside until somebody decides; offered again, it goes on waiting."""
        waiting = [held.id for held in self._standing.waiting(unit)]
        ids = waiting or self._insert(page, unit, WAITING)
        self.result.waiting += len(page.seeds)
        self.result.conflicts.append(Conflict(page.place, tuple(ids), "; ".join(reasons)))

    def _decide(self, page: SeedPage, sections: Sequence[tuple[str, str]], unit: str, decision: Decision) -> None:
        self._withdraw(self._standing.waiting(unit), f"decided: {decision}")
        self._standing.decided(unit)
        if decision is Decision.KEEP:
            self._keep(page, sections)
            return
        seeds = tuple(self._decided(*pair, decision) for pair in zip(page.seeds, sections, strict=True))
        if decision is Decision.REPLACE:
            self._replace(page, sections)
        self._insert(replace(page, id=self._free_name(page), seeds=seeds), unit, ACTIVE)

    def _replace(self, page: SeedPage, sections: Sequence[tuple[str, str]]) -> None:
        """Withdraw what contradicts a page, and the page that has its name."""
        namesakes = [] if is_lone(page) else self._standing.page(page.id)
        others = [held for digest, label in sections for held in self._standing.others_of(digest, label)]
        gone = list(dict.fromkeys([*namesakes, *others]))
        self._withdraw(gone, f"replaced by {page.place}")
        for held in gone:
            self._standing.remove(held)
        self.result.withdrawn += len(gone)

    def _keep(self, page: SeedPage, sections: Sequence[tuple[str, str]]) -> None:
        """Give up what contradicts; the rest of the page goes in, unless its name is another's."""
        taken = bool(self._name_conflict(page))
        kept = tuple(
            seed
            for seed, (digest, label) in zip(page.seeds, sections, strict=True)
            if not taken and (label in (there := self._standing.labels_of(digest)) or not there)
        )
        self.result.kept += len(page.seeds) - len(kept)
        if kept:
            self._insert(
                replace(page, seeds=kept), unit_of((digest_of(seed.text), seed.label) for seed in kept), ACTIVE
            )

    def _decided(self, seed: Seed, section: tuple[str, str], decision: Decision) -> Seed:
        """The seed with the decision, where there was something to decide."""
        digest, label = section
        others = self._standing.labels_of(digest).keys() - {label}
        return replace(seed, on_conflict=str(decision)) if others else seed

    def _free_name(self, page: SeedPage) -> str:
        """The page's name, or one like it that is not taken."""
        if is_lone(page):
            return page.id
        names = (page.id if number == 1 else f"{page.id[:190]}-{number}" for number in range(1, 1_000_000))
        return next(name for name in names if not self._standing.is_taken(name))

    def _withdraw(self, gone: Sequence[Held], why: str) -> None:
        self.flush()  # some may have come with this very call
        for held in gone:
            who = self._delivery.who[:300]
            changed = {"state": WITHDRAWN, "withdrawn_by": who, "withdrawn_at": self._moment, "why": why[:500]}
            self._connection.execute(update(SEEDS).where(SEEDS.c.id == held.id).values(changed))

    def _insert(self, page: SeedPage, unit: str, state: str) -> list[str]:
        """Have a page written, and return the ids of its sections."""
        ids = [next(self._ids) for _ in page.seeds]
        name = None if is_lone(page) else page.id
        for place, (seed, identity) in enumerate(zip(page.seeds, ids, strict=True)):
            held = Held(identity, ids[0], seed.label, digest_of(seed.text), unit, name)
            self._rows.append(self._row(page, seed, held, place, state))
            if state == ACTIVE:
                if held.label not in self._standing.labels:
                    self.result.new_labels.append(held.label)
                self._standing.add(held)
            else:
                self._standing.wait(held)
        if state == ACTIVE:
            self.result.ids += ids
        return ids

    def _row(self, page: SeedPage, seed: Seed, held: Held, place: int, state: str) -> dict[str, Any]:
        return {
            "id": held.id,
            "group_id": held.group,
            "place": place,
            "page": held.page,
            "text": seed.text,
            "label": seed.label,
            "subject": page.subject,
            "register": page.register,
            "digest": held.digest,
            "unit": held.unit,
            "state": state,
            "on_conflict": seed.on_conflict,
            "source": page.source or self._delivery.source[:200],
            "who": self._delivery.who[:300],
            "added_at": self._moment,
        }


def _ids(moment: float, last: str | None) -> Iterator[str]:
    """Ids that ascend, and are above the last one that was given, whatever the clock does."""
    start, chance = int(moment * 1000), secrets.token_hex(4)
    if last is not None:
        start = max(start, int(last[:12], 16) + 1)
    for number in range(1 << 24):
        yield f"{start:012x}{number:06x}{chance}"


def _by_line(problem: Problem) -> tuple[str, int]:
    name, _, line = problem.place.rpartition(":")
    return name, int(line) if line.isdecimal() else 0
