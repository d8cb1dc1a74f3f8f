"""The benchmark of retraining: its arithmetic, and a whole run on some forty pages. Never its times."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from benchmarks.retraining.load import Load
from benchmarks.retraining.measure import Part, Round, Scale, measure
from benchmarks.retraining.results import markdown, plain
from benchmarks.speed.servers import ServerError
from models.versions import Registry
from training.reading import read_seeds
from training.train import Trained

ROUNDS = [
    Round(80.0, Part(0.7, 1.0, 200.0), Part(0.8, 1.5, 199.0), Part(0.7, 2.0, 200.0), "passed: nothing is worse"),
    Round(100.0, Part(0.7, 2.0, 200.0), Part(0.9, 5.0, 199.0), Part(0.7, 2.0, 200.0), "passed: nothing is worse"),
    Round(91.0, Part(0.7, 1.0, 200.0), Part(0.9, 3.0, 199.0), Part(0.7, 1.0, 200.0), "not passed: it is slower"),
]


def test_a_round_is_held_against_the_idle_times_around_it() -> None:
    """The p99 of the training against the mean of those before and after."""
    assert [1.5, 2.0, 1.0] == [each.idle_p99 for each in ROUNDS]
    assert [1.0, 2.5, 3.0] == [each.ratio for each in ROUNDS]


@pytest.mark.parametrize("told", [plain(ROUNDS), markdown(ROUNDS, Scale(), {"cores": "2"})], ids=["plain", "markdown"])
def test_both_targets_are_judged_by_the_median(told: str) -> None:
    """91 s are more than 90, and 2.5 times more than 2; every round stands below."""
    assert "91 [80, 100] s" in told
    assert "3 [1.5, 5] ms, 2.5 [1, 3] times idle" in told
    assert 2 == told.count("missed")
    assert "not passed: it is slower" in told


def test_a_failed_request_ends_the_run() -> None:
    """No latency is told of a load that failed, nor of a time in which nothing was asked."""
    answered = [(1.0, 1.3), (2.0, 2.1), (3.0, 3.5)]

    assert [pytest.approx(0.1), pytest.approx(0.3)] == Load(answered).latencies(1.0, 3.0)
    with pytest.raises(ServerError, match="a request failed under load: 503"):
        Load(answered, ["503"]).latencies(1.0, 3.0)
    with pytest.raises(ServerError, match="asked nothing"):
        Load(answered).latencies(4.0, 5.0)


@pytest.mark.slow
def test_a_run_measures_a_whole_training(small_seeds: Path, trained: Trained, tmp_path: Path) -> None:
    """From new seeds to the verdict, on a server that answers all the while; its registry is left as it was."""
    shutil.copytree(trained.folder, tmp_path / "registry" / "small")
    Registry(tmp_path / "registry").promote("small", who="ann", why="for a test")
    (tmp_path / "run").mkdir()
    scale = Scale(rounds=1, a_second=40, idle_s=5, seeds=small_seeds)  # enough that one that is late is no loss

    (found,) = measure(tmp_path / "registry", read_seeds([small_seeds]).pages, scale, tmp_path / "run", lambda _: None)

    assert ["small"] == Registry(tmp_path / "registry").versions()
    assert 2 == len(Registry(tmp_path / "run" / "registry").versions())
    assert found.verdict.startswith(("passed: ", "not passed: "))
    assert 0 < found.before.p50 <= found.before.p99
    assert found.during.rate == pytest.approx(40, rel=0.05)
