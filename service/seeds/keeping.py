"""The seeds that are kept: listed page by page, withdrawn, never erased."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Engine, Row, func, select, update

from service.seeds.standing import WITHDRAWN
from service.store import now, writing
from service.store.tables import SEEDS


class UnknownSeedError(LookupError):
    """No seed has this id."""


@dataclass(frozen=True, slots=True)
class Seed:
    """A kept seed, with who brought it, when and from where, and who withdrew it."""

    id: str
    page: str | None
    place: int
    text: str
    label: str
    state: str
    on_conflict: str | None
    source: str
    who: str
    added_at: datetime
    withdrawn_by: str | None
    withdrawn_at: datetime | None
    why: str | None

    def described(self) -> dict[str, Any]:
        """The seed as JSON."""
        times = {"added_at": self.added_at, "withdrawn_at": self.withdrawn_at}
        shown = {name: moment and moment.isoformat(timespec="seconds") for name, moment in times.items()}
        return {name: getattr(self, name) for name in self.__slots__} | shown


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which seeds to list. after : the id of the last one seen. state, label, page : only those; None is any."""

    limit: int = 100
    after: str = ""
    state: str | None = None
    label: str | None = None
    page: str | None = None


def list_seeds(engine: Engine, wanted: Wanted) -> tuple[list[Seed], str | None]:
    """Some seeds in the order of adding, and the id to go on after; None where there are no more."""
    query = select(SEEDS).where(SEEDS.c.id > wanted.after).order_by(SEEDS.c.id).limit(wanted.limit + 1)
    for name in ("state", "label", "page"):
        if (value := getattr(wanted, name)) is not None:
            query = query.where(SEEDS.c[name] == value)
    with engine.connect() as connection:
        found = [_seed(row) for row in connection.execute(query)]
    more = len(found) > wanted.limit
    return found[: wanted.limit], found[wanted.limit - 1].id if more else None


def count_seeds(engine: Engine) -> dict[str, dict[str, int]]:
    """State → label → how many seeds."""
    query = select(SEEDS.c.state, SEEDS.c.label, func.count()).group_by(SEEDS.c.state, SEEDS.c.label)
    counts: dict[str, dict[str, int]] = {}
    with engine.connect() as connection:
        for row in connection.execute(query.order_by(SEEDS.c.label)):
            counts.setdefault(row[0], {})[row[1]] = row[2]
    return counts


def withdraw_seeds(engine: Engine, seed: str, *, who: str, whole_page: bool = False) -> list[Seed]:
    """Withdraw a seed and return it; one that is withdrawn already stays as it is.

    whole_page : withdraw all sections that came with it.

    Raises
    ------
    UnknownSeedError
        Where no seed has the id.
    """
    with writing(engine) as connection:
        known = seed.isascii() and seed.isalnum()
        group = connection.scalar(select(SEEDS.c.group_id).where(SEEDS.c.id == seed)) if known else None
        if group is None:
            raise UnknownSeedError(
                f"There is no seed {seed!r}; GET /v1/seeds or `lanmu seeds list` shows those there are"
            )
        chosen = SEEDS.c.group_id == group if whole_page else SEEDS.c.id == seed
        changed = {"state": WITHDRAWN, "withdrawn_by": who[:300], "withdrawn_at": now()}
        connection.execute(update(SEEDS).where(chosen, SEEDS.c.state != WITHDRAWN).values(changed))
    with engine.connect() as connection:
        return [_seed(row) for row in connection.execute(select(SEEDS).where(chosen).order_by(SEEDS.c.id))]


def _seed(row: Row[Any]) -> Seed:
    return Seed(
        row.id,
        row.page,
        row.place,
        row.text,
        row.label,
        row.state,
        row.on_conflict,
        row.source,
        row.who,
        datetime.fromtimestamp(row.added_at, UTC),
        row.withdrawn_by,
        None if row.withdrawn_at is None else datetime.fromtimestamp(row.withdrawn_at, UTC),
        row.why,
    )
