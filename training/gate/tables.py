"""A verdict as tables of words, for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from training.check.tables import Table
from training.gate.rules import KINDS, NAMES


def tables_of(verdict: Mapping[str, Any]) -> list[Table]:
    """Every table that has something to say, the verdict last."""
    made = [_figures(verdict), _behaviour(verdict)]
    if verdict["new_labels"]:
        made.append(_new_labels(verdict))
    if verdict["sources"]:
        made.append(_sources(verdict))
    title = "The challenger passes" if verdict["passed"] else "The challenger does not pass"
    rows = [
        *(("reason", reason) for reason in verdict["reasons"]),
        *(("caution", text) for text in verdict["cautions"]),
    ]
    return [*made, Table(title, ("", ""), rows)]


def _figures(verdict: Mapping[str, Any]) -> Table:
    frozen = verdict["frozen"]
    title = (
        f"{verdict['challenger']} against {verdict['champion'] or 'no champion'} on {frozen['scored_sections']} "
        f"of {frozen['sections']} frozen sections ({frozen['version']})"
    )
    columns = ("judged", "figure", "label", "challenger", "champion", "difference", "allowed", "")
    note = "In brackets: 95 % intervals from resampling pages. Worse is what is beyond the allowance and beyond chance."
    return Table(title, columns, list(_lines(verdict)), note=note)


def _lines(verdict: Mapping[str, Any]) -> Iterator[tuple[str, ...]]:
    for row in verdict["table"]:
        lead = row["lead"]
        yield (
            KINDS[row["judged"]],
            NAMES[row["figure"]],
            row["label"] or "",
            f"{row['challenger']:.3f}",
            "" if row["champion"] is None else f"{row['champion']:.3f}",
            f"{lead['value']:+.3f} [{lead['low']:+.3f}, {lead['high']:+.3f}]" if lead else "",
            f"{row['allowed']:.2f}",
            _mark(row),
        )


def _behaviour(verdict: Mapping[str, Any]) -> Table:
    rows = [
        (row["kind"], _share(row["challenger"]), _share(row["champion"]), _share(row["least"]), _mark(row))
        for row in verdict["behaviour"]
    ]
    if speed := verdict["speed"]:
        rates = speed["sections_per_second"]
        rows.append(("sections a second", str(rates["challenger"]), str(rates["champion"] or ""), "", _mark(speed)))
    return Table("Behaviour and speed", ("cases", "challenger", "champion", "least", ""), rows)


def _new_labels(verdict: Mapping[str, Any]) -> Table:
    rows = [
        (
            row["label"],
            str(row["sections"]),
            row["measured_on"],
            f"{row['precision']:.3f}",
            f"{row['recall']:.3f}",
            _mark(row),
        )
        for row in verdict["new_labels"]
    ]
    return Table("New labels", ("label", "sections", "measured on", "precision", "recall", ""), rows)


def _sources(verdict: Mapping[str, Any]) -> Table:
    rows = [
        (
            row["source"],
            str(row["new_sections"]),
            _share(row["agreeing"]),
            f"{row['skill']:.2f}",
            "" if row["champion"] is None else f"{row['champion']:.2f}",
            f"{row['least']:.2f}",
            _mark(row),
        )
        for row in verdict["sources"]
    ]
    columns = ("source", "sections", "agreeing", "skill", "champion's", "least", "")
    return Table("New seeds: how well models that did not see them find their labels", columns, rows)


def _share(value: float | None) -> str:
    return "" if value is None else f"{value:.1%}"


def _mark(row: Mapping[str, Any]) -> str:
    return "" if row["holds"] else "fails"
