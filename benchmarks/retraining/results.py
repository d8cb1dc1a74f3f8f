"""A run's figures, judged, as a table for the terminal and as a Markdown page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from benchmarks.retraining.measure import NEW_SECTIONS, Round, Scale
from benchmarks.speed.results import number, spread, target, verdict
from benchmarks.speed.rounds import Spread
from benchmarks.speed.rows import Row, Target

SECONDS = Target(90, at_most=True)
TIMES = Target(2, at_most=True)
TRAINING = "a retraining of all seeds, with the gate, while the service answers"
LATENCY = "p99 of the answers meanwhile, beside the idle service"


def rows_of(rounds: Sequence[Round]) -> list[Row]:
    """Both targets, judged."""
    took = Spread.of([each.seconds for each in rounds])
    during, idle = Spread.of([each.during.p99 for each in rounds]), Spread.of([each.idle_p99 for each in rounds])
    ratio = Spread.of([each.ratio for each in rounds])
    return [
        Row(TRAINING, "POST /v1/trainings", took, "s", target=SECONDS),
        Row(LATENCY, "while it trains", during, "ms", "idle", idle, ratio, TIMES),
    ]


def plain(rounds: Sequence[Round]) -> str:
    """The run for the terminal."""
    lines = [f"round {place}: {_words(each)}" for place, each in enumerate(rounds, 1)]
    return "\n".join(
        [*lines, *(f"{row.what}: {_figures(row)} | target {_target(row)}: {verdict(row)}" for row in rows_of(rounds))]
    )


def _figures(row: Row) -> str:
    times = "" if row.ratio is None else f", {spread(row.ratio)} times {row.peer}"
    return f"{spread(row.figure)} {row.unit}{times}"


def _target(row: Row) -> str:
    return target(row) + ("" if row.ratio is None else " times")


def _words(each: Round) -> str:
    p99, p50 = (" / ".join(f"{value:.2f}" for value in values) for values in (_all(each, "p99"), _all(each, "p50")))
    return f"{each.seconds:.1f} s; before / during / after: p99 {p99} ms, p50 {p50} ms; the gate: {each.verdict}"


def _all(each: Round, figure: str) -> list[float]:
    return [getattr(part, figure) for part in (each.before, each.during, each.after)]


def markdown(rounds: Sequence[Round], scale: Scale, surroundings: Mapping[str, str]) -> str:
    """The results page."""
    lines = [
        "# Retraining while serving", "",
        "Written by `python -m benchmarks.retraining`: change the program, not this page. What is measured, and how,",
        "stands in [the README](../README.md).", "",
        f"{scale.a_second:.0f} requests of one text a second all the while, {NEW_SECTIONS} new sections before each",
        f"training, {scale.idle_s:.0f} s idle before, between, after. Medians; in brackets smallest and largest.", "",
        "| what | figure | target | |", "| --- | --- | --- | --- |",
        *(f"| {row.what} | {_figures(row)} | {_target(row)} | {verdict(row)} |" for row in rows_of(rounds)), "",
        "| round | training | p50 before, during, after | p99 before, during, after | answers a second | the gate |",
        "| --- | --- | --- | --- | --- | --- |",
        *(_row(place, each) for place, each in enumerate(rounds, 1)), "",
        "## Measured with", "", *(f"- {name}: {value}" for name, value in surroundings.items()),
    ]  # fmt: skip
    return "\n".join(lines) + "\n"


def _row(place: int, each: Round) -> str:
    p50, p99 = (", ".join(map(number, _all(each, figure))) for figure in ("p50", "p99"))
    return f"| {place} | {number(each.seconds)} s | {p50} ms | {p99} ms | {number(each.during.rate)} | {each.verdict} |"
