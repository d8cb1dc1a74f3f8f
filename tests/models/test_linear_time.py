"""Time grows with the length of a text, and no faster."""

from __future__ import annotations

import time

import pytest

from models.model import Model

SECONDS = 30
"""Of processor time. A million characters take about one; what is quadratic takes hours."""


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("的" * 1_000_000, id="one character"),
        pytest.param("1" * 1_000_000, id="one digit"),
        pytest.param("a" * 1_000_000, id="one letter"),
        pytest.param("中华人民共和国" * 140_000, id="one long word"),
        pytest.param("\n" * 1_000_000, id="line ends"),
        pytest.param("58\n" * 330_000, id="one short line"),
        pytest.param("相关推荐\n" * 200_000, id="one marker"),
        pytest.param("".join(map(chr, range(0x4E00, 0x9FA5))) * 48, id="every character"),
        pytest.param("\ud83d𠮷" * 500_000, id="surrogates and astral characters"),
    ],
)
def test_a_million_characters_take_seconds(model: Model, text: str) -> None:
    """Texts made to be slow are answered with evidence in a bounded time."""
    model.warm()
    start = time.process_time()

    (result,) = model.classify([text], evidence=True)

    assert time.process_time() - start < SECONDS
    assert result.probability > 0
