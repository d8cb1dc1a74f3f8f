"""How fast two versions score, for the verdict."""

from __future__ import annotations

import time

import pytest

from models.model import Model
from training.gate import speed
from training.gate.speed import Speed, speed_of


@pytest.mark.parametrize(
    ("challenger", "champion", "holds"), [(40_000, 80_000, True), (39_000, 80_000, False), (10, None, True)]
)
def test_half_as_fast_is_fast_enough(challenger: float, champion: float | None, holds: bool) -> None:  # noqa: FBT001 - parametrized
    """Slower than that, the reason names both."""
    found = Speed(challenger, champion)

    assert holds is (found.reason is None)
    assert holds or "39000 sections a second, the champion 80000" in str(found.reason)
    assert holds is found.described()["holds"]


def test_waiting_for_the_processor_makes_nobody_slow(model: Model, monkeypatch: pytest.MonkeyPatch) -> None:
    """A training has the lowest priority: only what a version itself uses counts."""
    texts = ["显然，这次涨价毫无道理。"] * 5000
    waiting = _Waiting(model)
    monkeypatch.setattr(speed, "ROUNDS", 3)

    found = speed_of(waiting, model, texts)  # type: ignore[arg-type] # it classifies, which is all that is asked

    assert found is not None
    assert found.reason is None


class _Waiting:
    """A model that is kept from the processor for a while each time."""

    def __init__(self, model: Model) -> None:
        self._model = model

    def classify(self, texts: list[str]) -> object:
        """Answer late."""
        time.sleep(0.1)
        return self._model.classify(texts)


def test_without_texts_nothing_is_measured(model: Model) -> None:
    """As where all frozen seeds are extracted ones."""
    assert speed_of(model, None, []) is None
