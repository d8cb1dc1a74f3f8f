"""How much a run measures: all of it, or enough to see that nothing broke."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Scale:
    """Sizes and repetitions.

    rounds, turns : of everything that is compared, see `take_turns`.
    texts : in one call. singles : calls with one text in a turn.
    records : of the batch that the naive way reads too. large_records : of the one that shows what workers gain.
    large_bytes : of the file that a batch's memory is measured with.
    seconds : of each load on a server. starts : of a server, for its time. lengths, sections, seeds : how costs grow.
    corpus : whether the whole corpus is trained on.
    """

    rounds: int
    turns: int
    texts: int
    singles: int
    records: int
    large_records: int
    large_bytes: int
    seconds: float
    starts: int
    lengths: tuple[int, ...]
    sections: tuple[int, ...]
    seeds: tuple[int, ...]
    corpus: bool


FULL = Scale(
    rounds=5,
    turns=3,
    texts=2000,
    singles=200,
    records=200_000,
    large_records=2_000_000,
    large_bytes=2_000_000_000,
    seconds=1.5,
    starts=3,
    lengths=(10, 100, 1000, 10_000, 100_000, 1_000_000),
    sections=(100, 1000, 10_000, 100_000, 1_000_000),
    seeds=(1000, 3162, 10_000, 31_623),
    corpus=True,
)
QUICK = Scale(
    rounds=3,
    turns=1,
    texts=300,
    singles=50,
    records=3000,
    large_records=30_000,
    large_bytes=20_000_000,
    seconds=0.7,
    starts=1,
    lengths=(10, 1000, 100_000),
    sections=(100, 1000, 10_000),
    seeds=(1000,),
    corpus=False,
)
LONGEST_SEEDS = 100_000
"""Trained on only when asked for: it alone takes longer than all the rest."""
