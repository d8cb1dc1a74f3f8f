"""What the seeds there are say of some new ones: looked up once, and kept up while these are added."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from sqlalchemy import Column, Connection, select

from models.seeds.seed import LABELS
from service.seeds.shipped import Shipped
from service.store.tables import SEEDS

AT_ONCE = 500
"""Values that one query asks for."""

ACTIVE, WAITING, WITHDRAWN = "active", "waiting", "withdrawn"


class Held(NamedTuple):
    """A seed in the database."""

    id: str
    group: str
    label: str
    digest: str
    unit: str
    page: str | None


class Standing:
    """The seeds that new ones are held against: the shipped ones, and those with the same texts or page names."""

    def __init__(self, connection: Connection, shipped: Shipped, digests: Iterable[str], names: Iterable[str]) -> None:
        self.shipped = shipped
        # By label within a text: a menu line may stand on a hundred thousand pages.
        self._by_digest: dict[str, dict[str, dict[str, Held]]] = defaultdict(lambda: defaultdict(dict))
        self._by_unit: dict[str, dict[str, Held]] = defaultdict(dict)
        self._by_page: dict[str, dict[str, Held]] = defaultdict(dict)
        self._waiting: dict[str, list[Held]] = defaultdict(list)
        active = connection.scalars(select(SEEDS.c.label).where(SEEDS.c.state == ACTIVE).distinct())
        self.labels = {*LABELS, *active}
        asked = ((SEEDS.c.digest, digests), (SEEDS.c.page, names))
        rows = {held.id: (state, held) for column, values in asked for state, held in _rows(connection, column, values)}
        for state, held in sorted(rows.values(), key=lambda row: row[1].id):
            self.add(held) if state == ACTIVE else self.wait(held)

    def add(self, held: Held) -> None:
        """A seed is there from now on."""
        self._by_digest[held.digest][held.label][held.id] = held
        self._by_unit[held.unit][held.id] = held
        self.labels.add(held.label)
        if held.page is not None:
            self._by_page[held.page][held.id] = held

    def wait(self, held: Held) -> None:
        """A seed waits for a decision from now on."""
        self._waiting[held.unit].append(held)

    def remove(self, held: Held) -> None:
        """A seed is withdrawn."""
        del self._by_digest[held.digest][held.label][held.id]
        del self._by_unit[held.unit][held.id]
        if held.page is not None:
            del self._by_page[held.page][held.id]

    def labels_of(self, digest: str) -> dict[str, str]:
        """The labels that a text has already, each with where it stands."""
        own = {label: f"seed {next(iter(held))}" for label, held in self._by_digest[digest].items() if held}
        return {**self.shipped.labels.get(digest, {}), **own}

    def others_of(self, digest: str, label: str) -> list[Held]:
        """Seeds in the database that give a text another label."""
        others = (held for other, held in self._by_digest[digest].items() if other != label)
        return [each for held in others for each in held.values()]

    def has_unit(self, unit: str, sections: int) -> bool:
        """Whether a page of this content is there, whole."""
        groups = [held.group for held in self._by_unit[unit].values()]
        return unit in self.shipped.units or any(groups.count(group) >= sections for group in set(groups))

    def page(self, name: str) -> list[Held]:
        """The sections of the page of a name."""
        return list(self._by_page[name].values())

    def is_taken(self, name: str) -> bool:
        """Whether a page has the name."""
        return name in self.shipped.pages or bool(self._by_page.get(name))

    def waiting(self, unit: str) -> list[Held]:
        """Seeds of this content that wait for a decision."""
        return list(self._waiting[unit])

    def decided(self, unit: str) -> None:
        """Seeds of this content wait no longer."""
        self._waiting.pop(unit, None)


def _rows(
    connection: Connection, column: Column[str] | Column[str | None], values: Iterable[str]
) -> Iterator[tuple[str, Held]]:
    """The active and waiting seeds with these values in a column."""
    wanted = (SEEDS.c.id, SEEDS.c.group_id, SEEDS.c.label, SEEDS.c.digest, SEEDS.c.unit, SEEDS.c.page)
    asked = sorted(set(values))
    for start in range(0, len(asked), AT_ONCE):
        some = asked[start : start + AT_ONCE]
        query = select(SEEDS.c.state, *wanted).where(column.in_(some), SEEDS.c.state != WITHDRAWN)
        for row in connection.execute(query):
            yield row.state, Held(row.id, row.group_id, row.label, row.digest, row.unit, row.page)
