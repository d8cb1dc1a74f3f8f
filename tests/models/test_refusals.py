"""A version that this installation would not answer for as it was trained is refused, with the reason."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import pytest

from models.model import Model
from models.parts import parts_of
from models.versions import InvalidVersionError, read_version, write_version
from training.train import Trained

Alter = Callable[..., Path]


@pytest.fixture
def alter(trained: Trained, tmp_path: Path) -> Alter:
    """Save the small version with other arrays, metadata or golden answers."""

    def altered(
        weights: dict[str, Any] | None = None,
        metadata: dict[str, Any] | None = None,
        terms: dict[str, Any] | None = None,
        golden: list[dict[str, Any]] | None = None,
    ) -> Path:
        saved = read_version(trained.folder)
        arrays = {**{name: array.copy() for name, array in saved.weights.items()}, **(weights or {})}
        about = {**saved.metadata, **(metadata or {})}
        about["terms"] = {**about["terms"], **(terms or {})}
        return write_version(
            tmp_path,
            "altered",
            weights={name: array for name, array in arrays.items() if array is not None},
            metadata={name: value for name, value in about.items() if value is not None},
            golden=saved.golden if golden is None else golden,
        )

    return altered


def test_a_version_that_is_as_it_was_trained_is_opened(alter: Alter, trained: Trained) -> None:
    """A copy answers what the original answers."""
    copy, original = Model.load(alter()), Model.load(trained.folder)

    assert original.classify(["我认为这显然是错的。"]) == copy.classify(["我认为这显然是错的。"])


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        pytest.param({"metadata": {"format": 99}}, r"model\.json: has format 99, and this Lanmu", id="format"),
        pytest.param({"metadata": {"format": None}}, "has format None", id="no format"),
        pytest.param({"metadata": {"labels": None}}, r"not hold what it should: KeyError\('labels'\)", id="labels"),
        pytest.param({"metadata": {"labels": 3}}, "does not hold what it should: TypeError", id="labels of a type"),
        pytest.param({"metadata": {"labels": ["none", "opinion"]}}, "`none` must be last", id="none is not last"),
        pytest.param({"metadata": {"labels": ["none"]}}, "has labels", id="none alone"),
        pytest.param({"metadata": {"thresholds": {"opinion": 0.5}}}, "and each other have one", id="thresholds"),
        pytest.param({"metadata": {"thresholds": {"opinion": "x"}}}, "does not hold what it should", id="a word"),
        pytest.param({"terms": {"dictionary_sha256": "0" * 64}}, "with dictionary_sha256 '000", id="dictionary"),
        pytest.param({"terms": {"lexicon_sha256": "0" * 64}}, "trained with lexicon_sha256 '000", id="lexicon"),
        pytest.param({"terms": {"extractor_version": 0}}, "trained with extractor_version 0", id="extractor"),
        pytest.param({"terms": {"word_buckets": 5}}, "trained with fingerprint", id="buckets"),
        pytest.param({"metadata": {"format": 2}}, "lacks the array 'terms.idf'", id="arrays of a later format"),
        pytest.param({"weights": {"terms.rows": None}}, "lacks the array 'terms.rows'", id="no weights"),
        pytest.param(
            {"weights": {"terms.rows": np.zeros((7, 5), np.float16)}},
            r"has 'terms\.rows' in the shape \(7, 5\), expected \(",
            id="too few weights",
        ),
        pytest.param(
            {"weights": {"alone.matrix": np.eye(3, dtype=np.float32)}}, r"'alone\.matrix' in the", id="calibration"
        ),
        pytest.param({"weights": {"terms.bias": np.zeros((4, 1))}}, r"'terms\.bias' in the shape", id="dimensions"),
        pytest.param({"weights": {"alone.offset": np.full(4, np.nan)}}, "NaN", id="not a number"),
        pytest.param({"golden": [{"text": "好"}]}, "line 1 is not a question with its answers", id="no answers"),
        pytest.param({"golden": [{"answers": []}]}, "line 1 is not a question with its answers", id="no question"),
        pytest.param({"golden": [{"text": "好", "answers": []}]}, "line 1: the version answers otherwise", id="none"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused(alter: Alter, changed: dict[str, Any], message: str) -> None:
    """The message names the file and what is wrong with it."""
    with pytest.raises(InvalidVersionError, match=message):
        Model.load(alter(**changed))


def test_a_wrong_golden_answer_is_refused(alter: Alter, trained: Trained) -> None:
    """A probability that is off by a thousandth is another answer; the line is named, and what to do."""
    golden = orjson.loads(orjson.dumps(read_version(trained.folder).golden))
    chances = golden[2]["answers"][0]["probabilities"]
    chances["none"] += 0.001

    with pytest.raises(InvalidVersionError, match=r"golden\.jsonl: line 3: .* train it again here"):
        Model.load(alter(golden=golden))


def test_other_weights_give_other_golden_answers(alter: Alter, trained: Trained) -> None:
    """Weights that were exchanged for others of the same shape are found out."""
    rows = read_version(trained.folder).weights["terms.rows"]
    others = np.concatenate([rows[:, :1], -rows[:, 1:]], axis=1)

    with pytest.raises(InvalidVersionError, match="the version answers otherwise here than where it was trained"):
        Model.load(alter(weights={"terms.rows": others}))


def test_weights_of_another_precision_are_refused(alter: Alter, trained: Trained) -> None:
    """The kernel reads bits: in single precision they would be other numbers."""
    rows = read_version(trained.folder).weights["terms.rows"]

    with pytest.raises(InvalidVersionError, match=r"has 'terms\.rows' as float32, expected float16"):
        Model.load(alter(weights={"terms.rows": rows.astype(np.float32)}))


def test_a_version_that_an_earlier_release_saved_answers_alike(alter: Alter, trained: Trained) -> None:
    """Format 2 has inverse frequencies and weights in two arrays."""
    rows = read_version(trained.folder).weights["terms.rows"]
    two: dict[str, Any] = {"terms.rows": None, "terms.idf": rows[:, 0], "terms.weight": rows[:, 1:5]}
    texts = ["我认为这显然是错的。", "推荐阅读"]

    earlier = Model.load(alter(weights=two, metadata={"format": 2}))

    assert Model.load(trained.folder).classify(texts, evidence=True) == earlier.classify(texts, evidence=True)


def test_the_weights_are_those_of_the_mapped_file(trained: Trained) -> None:
    """They are not copied: processes that map the same version share one copy in memory and in the caches."""
    saved = read_version(trained.folder)

    assert np.shares_memory(parts_of(saved).weights.rows, saved.weights["terms.rows"])


def test_a_signed_version_needs_its_key(trained: Trained) -> None:
    """With a model key, a version without a signature is not answered from."""
    with pytest.raises(InvalidVersionError, match="is not signed, and a model key is set"):
        Model.load(trained.folder, key=b"a key for tests")


def test_a_missing_file_is_named(trained: Trained, tmp_path: Path) -> None:
    """A version without its golden answers is not answered from."""
    folder = shutil.copytree(trained.folder, tmp_path / "copy")
    (folder / "golden.jsonl").unlink()

    with pytest.raises(InvalidVersionError, match=r"golden\.jsonl"):
        Model.load(folder)


def test_golden_answers_are_of_texts_and_pages(trained: Trained) -> None:
    """The trained version asks itself single texts, and pages whose sections are judged together."""
    golden = read_version(trained.folder).golden

    assert sum("text" in line for line in golden) >= 20
    assert [True] == sorted(
        {len(line["answers"]) == len(line["sections"]) > 1 for line in golden if "sections" in line}
    )
