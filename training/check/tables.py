"""Findings as tables of words, for a terminal and for a page alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from training.check.counting import Counts
from training.check.curve import HELD_OUT, Point
from training.check.disagreement import STRONG, Disagreement
from training.check.duplicates import Pair
from training.check.findings import Findings
from training.check.sharing import Sharing
from training.check.words import Words

EXCERPT = 36
"""So many characters of a section are shown."""


@dataclass(frozen=True)
class Table:
    """A table of text cells.

    left_out : rows that are not shown. note : what a reader must know.
    """

    title: str
    columns: tuple[str, ...]
    rows: Sequence[tuple[str, ...]] = ()
    left_out: int = 0
    note: str = ""


def tables_of(findings: Findings, most: int | None = None) -> list[Table]:
    """All tables that have something to say.

    most : rows of each list of single cases; None shows all.
    """
    tables = [
        *(counted(counts, findings.labels) for counts in findings.counts),
        problems(findings, most),
        pairs("Near duplicates", findings.pairs, most),
        pairs("Conflicting labels", findings.conflicts, most),
        *(shared(findings.sharing, most) if findings.sharing else ()),
        *lexicon(findings.words, most),
        *judged(findings, most),
    ]
    return [table for table in tables if table.rows or table.note]


def promises(findings: Findings) -> Table:
    """The promises, each with its figure and whether it holds."""
    rows = [(row.name, "holds" if row.holds else "broken", row.figure, row.limit) for row in findings.promises]
    return Table("Promises", ("promise", "", "figure", "must be"), rows)


def counted(counts: Counts, labels: Sequence[str]) -> Table:
    """Sections of each group by label; labels that training does not know come last."""
    names = [*labels, *sorted({name for row in counts.groups.values() for name in row} - set(labels))]
    rows = [
        (group, *(str(row.get(name, 0)) for name in names), str(sum(row.values())))
        for group, row in counts.groups.items()
    ]
    return Table(f"Sections by {counts.by}", (counts.by, *names, "all"), rows)


def problems(findings: Findings, most: int | None) -> Table:
    """Seeds that training would refuse."""
    rows = [(problem.place, problem.reason) for problem in findings.problems]
    return _cut("Problems", ("place", "reason"), rows, most)


def pairs(title: str, found: Sequence[Pair], most: int | None) -> Table:
    """Sections that repeat another."""
    rows = [
        (pair.place, pair.label, pair.earlier, pair.earlier_label, f"{pair.similarity:.2f}",
         "yes" if pair.across_folds else "", excerpt(pair.text))
        for pair in found
    ]  # fmt: skip
    columns = ("place", "label", "like", "its label", "Jaccard", "across folds", "text")
    return _cut(title, columns, rows, most)


def shared(sharing: Sharing, most: int | None) -> list[Table]:
    """Sentences shared with other text, and stock lines among them that are allowed."""
    rows = [(match.place, match.other, match.sentence) for match in sharing.shared]
    allowed = [(line,) for line in sharing.stock]
    return [
        _cut("Sentences shared with other text", ("place", "stands also in", "sentence"), rows, most),
        _cut("Stock lines shared and allowed", ("line",), allowed, most),
    ]


def lexicon(words: Words, most: int | None) -> list[Table]:
    """The lexicon by class, and its single cases."""
    unused = sum(row.unused for row in words.by_class.values())
    return [
        Table(
            "Lexicon by class",
            ("class", "words", "in no written seed"),
            [(name, str(row.words), str(row.unused)) for name, row in words.by_class.items()],
            note=f"{words.entries} entries; {len(words.duplicates)} given twice, {len(words.in_two_classes)} words in "
            f"two classes, {unused} in no written seed.",
        ),
        _cut("Lexicon entries given twice", ("entry",), [(entry,) for entry in words.duplicates], most),
        _cut(
            "Words in two classes",
            ("word", "classes"),
            [(word, ", ".join(classes)) for word, classes in words.in_two_classes.items()],
            most,
        ),
        _cut("Words in no written seed", ("class", "words"), [(n, " ".join(w)) for n, w in words.unused.items()], most),
    ]


def judged(findings: Findings, most: int | None) -> list[Table]:
    """What models say of the seeds."""
    if not findings.judged:
        return []
    if findings.judged.unfit:
        return [Table("Models", (), note=f"No model was fitted: {findings.judged.unfit}.")]
    found = findings.judged.disagreements
    return [
        disagreements("Written sections", [row for row in found if row.text], most),
        disagreements("Extracted sections", [row for row in found if not row.text], most),
        curve(findings.judged.curve),
    ]


def disagreements(which: str, found: Sequence[Disagreement], most: int | None) -> Table:
    """Doubtful labels of one form of seeds."""
    rows = [
        (row.place, row.label, row.suggested, f"{row.probability:.2f}", f"{row.own:.2f}", excerpt(row.text))
        for row in found
    ]
    columns = ("place", "label", "suggested", "probability", "of its label", "text")
    title = f"{which} that a model which did not see their page labels otherwise"
    note = f"{len(rows)} where the suggested label is likelier by {STRONG} or more; strongest first."
    return Table(title, columns, rows[:most], len(rows[most:]) if most else 0, note)


def curve(points: Sequence[Point]) -> Table:
    """The learning curves."""
    rows = [
        (point.trained_on, f"{point.share:.0%}", str(point.pages), str(point.sections), point.tested_on,
         f"{point.four_way:.3f}", f"{point.forced:.3f}")
        for point in sorted(points, key=lambda point: (point.tested_on, point.trained_on, point.share))
    ]  # fmt: skip
    columns = ("trained on", "share", "pages", "sections", "tested on", "macro-F1 with none", "accuracy among labels")
    note = f"Sections judged alone, on {HELD_OUT} held-out folds."
    return Table("Learning curve", columns, rows, note=note)


def excerpt(text: str) -> str:
    """The beginning of a section, on one line."""
    line = " ".join(text.split())
    return line if len(line) <= EXCERPT else f"{line[:EXCERPT]}…"


def _cut(title: str, columns: tuple[str, ...], rows: Sequence[tuple[str, ...]], most: int | None) -> Table:
    """A table of the first rows."""
    kept = list(rows[:most])
    return Table(title, columns, kept, len(rows) - len(kept))
