"""Active seeds as JSON Lines, in the form that `lanmu-train` and `lanmu seeds add` read."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import IO, Any

import orjson
from sqlalchemy import Engine, Row, select

from models.result import NONE
from models.seeds.labels import FEWEST_PAGES, FEWEST_SECTIONS
from models.seeds.seed import LABELS
from service.seeds.shipped import shipped_seeds
from service.seeds.standing import ACTIVE
from service.store.tables import SEEDS

AT_ONCE = 1000
"""Rows that are in memory at a time."""


def write_seeds(engine: Engine, path: Path) -> int:
    """Write the seeds that a training can use, and return how many sections they are.

    Sections of one page stay a page, in order. A label of the users' own is left out as long as it has too few seeds to
    be learned: they would stop every training.
    """
    with path.open("wb") as stream:
        return write_lines(engine, stream, without=scarce_labels(engine))


def write_lines(engine: Engine, stream: IO[bytes], without: Iterable[str] = ()) -> int:
    """Write active seeds to a stream, and return how many sections they are. without : labels to leave out."""
    left_out, written = set(without), 0
    for sections in _groups(engine):
        kept = [row for row in sections if row.label not in left_out]
        if kept:
            stream.write(orjson.dumps(_line(kept), option=orjson.OPT_APPEND_NEWLINE))
            written += len(kept)
    return written


def scarce_labels(engine: Engine) -> list[str]:
    """Labels of the users' own that have too few active seeds, or on too few pages, to be learned."""
    sections: Counter[str] = Counter()
    groups: dict[str, set[str]] = defaultdict(set)
    query = select(SEEDS.c.label, SEEDS.c.group_id).where(
        SEEDS.c.state == ACTIVE, SEEDS.c.label.not_in((*LABELS, NONE))
    )
    with engine.connect() as connection:
        for label, group in connection.execute(query):
            sections[label] += 1
            groups[label].add(group)
    return sorted(label for label in sections if sections[label] < FEWEST_SECTIONS or len(groups[label]) < FEWEST_PAGES)


def _groups(engine: Engine) -> Iterator[list[Row[Any]]]:
    """The sections of each page, and each lone text, in the order of adding."""
    query = select(SEEDS).where(SEEDS.c.state == ACTIVE).order_by(SEEDS.c.group_id, SEEDS.c.place)
    with engine.connect() as connection:
        rows = connection.execute(query.execution_options(yield_per=AT_ONCE))
        for _, sections in groupby(rows, key=lambda row: row.group_id):
            yield list(sections)


def _line(sections: Sequence[Row[Any]]) -> dict[str, Any]:
    first = sections[0]
    source = f"{first.source}, by {first.who}"[:200]
    if first.page is None:
        return _section(first) | {"source": source}
    about = {name: value for name, value in (("subject", first.subject), ("register", first.register)) if value}
    # A later release may ship a page of this name; a training takes no two of one name.
    name = f"{first.page[:190]}@own" if first.page in shipped_seeds().pages else first.page
    return {"page": name, **about, "source": source, "sections": [_section(row) for row in sections]}


def _section(row: Row[Any]) -> dict[str, Any]:
    decision = {"on_conflict": row.on_conflict} if row.on_conflict else {}
    return {"text": row.text, "label": row.label, **decision}
