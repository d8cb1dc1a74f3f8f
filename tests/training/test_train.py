"""A training: the same seeds give the same version, and the version is whole."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from models.model import Model
from models.seeds.seed import LABELS, SeedsError
from models.versions import read_version
from tests.conftest import LIGHT, SMALL_TERMS
from training.config import TrainingConfig
from training.train import Plan, Trained, train


def plan_for(paths: tuple[Path, ...], registry: Path, **changes: object) -> Plan:
    """The plan by which the small version was trained, changed."""
    return replace(Plan(paths, registry, "again", terms=SMALL_TERMS), **changes)  # type: ignore[arg-type] # by name


def test_the_same_seeds_give_the_same_weights(trained: Trained, small_seeds: Path, tmp_path: Path) -> None:
    """Whatever the order of the files, and wherever they are."""
    for name in ("first", "second"):
        (tmp_path / f"z{name}.txt").write_bytes((small_seeds / f"{name}.txt").read_bytes())

    again = train(plan_for((tmp_path / "zsecond.txt", tmp_path / "zfirst.txt"), tmp_path))

    assert trained.weights_sha256 == again.weights_sha256
    assert trained.metrics == again.metrics
    first, second = (read_version(folder).metadata["corpus"] for folder in (trained.folder, again.folder))
    assert first == second


def test_one_seed_more_gives_other_weights(trained: Trained, small_seeds: Path, tmp_path: Path) -> None:
    """A version's hash tells its seeds apart."""
    (tmp_path / "more.csv").write_text("text,label\n我觉得这台栏目机不值这个价。,opinion\n", "utf-8")

    more = train(plan_for((small_seeds, tmp_path / "more.csv"), tmp_path))

    assert trained.weights_sha256 != more.weights_sha256
    corpora = [read_version(folder).metadata["corpus"] for folder in (trained.folder, more.folder)]
    assert corpora[0]["sections"] + 1 == corpora[1]["sections"]
    assert corpora[0]["sha256"] != corpora[1]["sha256"]


def test_another_configuration_gives_other_weights(trained: Trained, small_seeds: Path, tmp_path: Path) -> None:
    """And the version says by which it was trained."""
    other = train(plan_for((small_seeds,), tmp_path, config=TrainingConfig(penalty=0.1)))

    assert trained.weights_sha256 != other.weights_sha256
    assert 0.1 == read_version(other.folder).metadata["training"]["penalty"]


def test_a_version_is_whole(trained: Trained) -> None:
    """It has every file that DESIGN promises, and model.json says what it was made of."""
    about = read_version(trained.folder).metadata

    assert {
        "MANIFEST", "card.md", "golden.jsonl", "learned.list", "model.json", "pipeline.joblib", "report.html",
        "weights.safetensors",
    } == {file.name for file in trained.folder.iterdir()}  # fmt: skip
    assert list(LABELS) == about["labels"]
    assert set(LABELS[:-1]) == set(about["thresholds"])
    assert about["corpus"]["sections"] == sum(about["corpus"]["by_label"].values())
    assert trained.weights_sha256 == about["weights_sha256"]
    assert {"numpy", "scikit-learn", "jieba"} <= set(about["libraries"])


def test_the_small_version_has_learned_something(trained: Trained) -> None:
    """From forty pages, most sections of pages not seen are told apart."""
    alone, in_page = trained.metrics["alone"], trained.metrics["in_page"]

    assert alone.forced > 0.75
    assert in_page.forced > 0.75
    assert alone.sections == in_page.sections == sum(map(sum, alone.confusion))


def test_card_and_report_tell_the_figures(trained: Trained) -> None:
    """The card names the version, its seeds and how well it does; so does the report."""
    card = (trained.folder / "card.md").read_text("utf-8")
    report = (trained.folder / "report.html").read_text("utf-8")

    assert card.startswith("# small\n")
    assert f"{trained.metrics['alone'].four_way:.3f}" in card
    assert trained.weights_sha256 in card
    assert "<h1>small</h1>" in report
    assert f"{trained.metrics['in_page'].four_way:.3f}" in report


def test_a_version_without_a_label_is_trained_without_it(small_seeds: Path, tmp_path: Path) -> None:
    """Seeds of two labels and none make a model of two labels."""
    for file in small_seeds.iterdir():
        text = file.read_text("utf-8").replace("[recommendation_teaser]", "[none]")
        (tmp_path / file.name).write_text(text, "utf-8")
    told: list[str] = []

    two = train(plan_for((tmp_path,), tmp_path / "registry", keep_going=True, config=LIGHT), told.append)

    assert ("tech_analysis", "opinion") == Model.load(two.folder).labels
    assert "no seed is 'recommendation_teaser'; the model will not know it" in told


def test_a_signed_version_opens_with_its_key_alone(small_seeds: Path, tmp_path: Path) -> None:
    """The key signs the version that is saved."""
    signed = train(plan_for((small_seeds,), tmp_path, key=b"a key for tests", config=LIGHT))

    assert Model.load(signed.folder, key=b"a key for tests").labels == LABELS[:-1]
    with pytest.raises(Exception, match="signed with another model key"):
        Model.load(signed.folder, key=b"another key")


def test_nothing_is_saved_of_bad_seeds(tmp_path: Path) -> None:
    """A training that is refused leaves no folder behind."""
    (tmp_path / "bad.jsonl").write_text('{"text": "甲", "label": "nonsense"}\n', "utf-8")

    with pytest.raises(SeedsError, match="unknown label 'nonsense'"):
        train(plan_for((tmp_path / "bad.jsonl",), tmp_path / "registry"))

    assert not (tmp_path / "registry").exists()


def test_model_json_is_plain_json(trained: Trained) -> None:
    """Any program can read it."""
    about = json.loads((trained.folder / "model.json").read_bytes())

    assert "small" == about["version"]
