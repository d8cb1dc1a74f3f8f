"""Networks: the kernel's sums are those of plain matrices."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from models.judging.network import Network


@pytest.mark.parametrize("widths", [(177, 512, 4), (7, 5, 3), (9, 16, 8, 4), (3, 2)], ids=str)
@pytest.mark.parametrize("rows", [1, 3, 4, 33])
def test_scores_are_those_of_plain_matrices(widths: tuple[int, ...], rows: int) -> None:
    """With one layer or more, of widths that fill no register, for numbers of rows that fill none."""
    random = np.random.default_rng(len(widths) + rows)
    shapes = list(pairwise(widths))
    layers = tuple((random.normal(size=shape) / shape[0], random.normal(size=shape[1])) for shape in shapes)
    network = Network(random.normal(size=widths[0]), random.uniform(0.5, 2, widths[0]), layers)
    given = random.normal(size=(rows, widths[0]))

    values = (given - network.mean) / network.scale
    for number, (weights, biases) in enumerate(layers):
        values = values @ weights + biases
        values = np.maximum(values, 0) if number < len(layers) - 1 else values

    assert network.scores(given) == pytest.approx(values, abs=1e-5)
