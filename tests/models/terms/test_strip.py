"""Parts of a text are stripped as Python strips strings."""

from __future__ import annotations

from itertools import accumulate

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from models.terms.characters import strip_parts
from models.terms.extractor import code_points

BLANKS = "".join(chr(code) for code in range(0x110000) if chr(code).isspace())


def stripped(parts: list[str]) -> list[str]:
    """The parts, laid end to end and stripped by the kernel."""
    text = "".join(parts)
    bounds = np.array([*accumulate(map(len, parts), initial=0)], np.int64)
    starts, ends = strip_parts(code_points([text])[0], bounds)
    return [text[start:end] for start, end in zip(starts.tolist(), ends.tolist(), strict=True)]


@given(st.lists(st.text() | st.text(st.sampled_from(BLANKS + "岛\u200b\x00")), max_size=5))
def test_parts_are_stripped_as_strings_are(parts: list[str]) -> None:
    """Empty and blank parts, too."""
    assert stripped(parts) == [part.strip() for part in parts]


def test_every_kind_of_white_space_goes() -> None:
    """Each code point that Python calls white space."""
    assert stripped([f"{BLANKS}岛{BLANKS}", BLANKS]) == ["岛", ""]
