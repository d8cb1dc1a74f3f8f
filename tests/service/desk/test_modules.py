"""The desk's small scripts, called in the browser that runs them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.service.desk.desk import Desk


def call(desk: Desk, module: str, expression: str, argument: Any = None) -> Any:
    """The value of an expression over a module's exports (`m`) and an argument (`a`)."""
    script = f"async (a) => {{ const m = await import('/desk/{module}.js'); return {expression}; }}"
    return desk.page.evaluate(script, argument)


@pytest.mark.parametrize("text", ["栏目", "a😀b", "𠮷a😀b", ""], ids=["bmp", "between", "mixed", "empty"])
def test_offsets_slice_as_python_does(desk: Desk, text: str) -> None:
    """For every pair of code point offsets the browser cuts out what Python cuts out."""
    pairs = [(start, end) for end in range(len(text) + 1) for start in range(end + 1)]

    slices = call(desk, "offsets", "a[1].map(([s, e]) => new m.Offsets(a[0]).slice(s, e))", [text, pairs])

    assert slices == [text[start:end] for start, end in pairs]


def test_offsets_count_code_points(desk: Desk) -> None:
    """A text is as long as Python says."""
    assert call(desk, "offsets", "new m.Offsets(a).length", "a😀𠮷") == 3


@pytest.mark.parametrize(
    ("evidence", "expected"),
    [
        ([], [(0, 9, None)]),
        ([(2, 4)], [(0, 2, None), (2, 4, 0), (4, 9, None)]),
        ([(2, 4), (3, 6)], [(0, 2, None), (2, 4, 0), (4, 6, 1), (6, 9, None)]),
        ([(1, 8), (3, 4)], [(0, 1, None), (1, 8, 0), (8, 9, None)]),
        ([(9, 12), (0, 3)], [(0, 3, 1), (3, 9, None)]),
    ],
    ids=["none", "one", "overlap", "inside a stronger one", "outside"],
)
def test_pieces_cover_the_text(
    desk: Desk, evidence: list[tuple[int, int]], expected: list[tuple[int, int, int | None]]
) -> None:
    """Pieces follow each other without gap or overlap, and the stronger word wins where two meet."""
    words = [{"start": start, "end": end, "at": at} for at, (start, end) in enumerate(evidence)]

    pieces = call(desk, "marks", "m.cut(0, 9, a).map((p) => [p.start, p.end, p.evidence?.at ?? null])", words)

    assert [tuple(piece) for piece in pieces] == expected


def test_new_labels_get_hues_of_their_own(desk: Desk) -> None:
    """Labels that users trained are at least 30 degrees from each other and from the first three."""
    labels = ["opinion", "rumour", "advert", "recipe", "none", "tech_analysis"]

    hues = dict(call(desk, "palette", "[...m.hues(a)]", labels))

    assert hues.keys() == {"tech_analysis", "opinion", "recommendation_teaser", "rumour", "advert", "recipe"}
    assert min(180 - abs(180 - abs(hues[one] - hues[other])) for one in hues for other in hues if one < other) >= 30


@pytest.mark.parametrize(
    ("probability", "shown"), [(0, "0%"), (0.004, "<1%"), (0.5, "50%"), (0.996, ">99%"), (1, "100%")]
)
def test_probabilities_are_not_rounded_to_certainty(desk: Desk, probability: float, shown: str) -> None:
    """Only 0 and 1 are shown as 0% and 100%."""
    assert call(desk, "words", "m.percent(a)", probability) == shown
