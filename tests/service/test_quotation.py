"""Quotation marks that open or close strings are told from those inside."""

from __future__ import annotations

import json
import random

from service.quotation import FEW, quotation_marks


def test_quotation_marks_are_those_of_strings() -> None:
    """An escaped mark is a character of its text; behind an escaped backslash nobody counts."""
    assert 2 == quotation_marks(b'{"texts": []}')
    assert 4 == quotation_marks(rb'{"text": "\"so\""}')
    assert 4 == quotation_marks(rb'{"text": "\u0022"}')
    assert 4 == quotation_marks(rb'{"text": "a\\b\n"}')
    assert quotation_marks(rb'{"text": "\\"}') is None
    assert quotation_marks(rb'{"text": "\\\"", "a": 1}') is None


def test_few_escapes_are_looked_at_one_by_one() -> None:
    """Beside text that is not escaped, what stands behind an escaped backslash is known; beyond `FEW`, nobody looks."""
    assert 4 == quotation_marks(r'{"的": "\\"}'.encode())
    assert 4 == quotation_marks(r'{"的": "\\\"\\"}'.encode())
    assert 4 == quotation_marks(('{"的": "' + r"\\" * (FEW - 1) + '"}').encode())
    assert quotation_marks(('{"的": "' + r"\\" * (FEW + 1) + '"}').encode()) is None
    assert 4 == quotation_marks(('{"的": "' + r"\"" * 2 * FEW + '"}').encode())


def test_every_number_that_is_given_is_right() -> None:
    """Whatever strings are put together: where marks and backslashes make it hard to tell, there is none."""
    chance = random.Random(7)  # noqa: S311 - the same strings in every run
    known = 0
    for _ in range(5000):
        strings = ["".join(chance.choices('"\\\nu的', k=chance.randrange(5))) for _ in range(chance.randint(1, 4))]
        marks = quotation_marks(json.dumps([strings], ensure_ascii=chance.random() < 0.5).encode())
        assert marks in {None, 2 * len(strings)}
        known += marks is not None

    assert known > 2000
