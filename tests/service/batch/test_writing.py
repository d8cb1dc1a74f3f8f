"""Texts are written from arrays as their results would be, byte for byte."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import orjson
import pytest

from models.judging.decision import Verdicts
from models.result import Result
from service.batch.encoding import encode
from service.batch.job import Answers, Format, Packing, Rows, Shape
from service.batch.judge import Judged
from service.batch.records import Kind, Record
from service.batch.rows import Rower
from service.batch.writing import Writer
from service.policy import Policy, Suggestion, Thresholds

if TYPE_CHECKING:
    from service.batch.answering import Kit

TEXTS = ["我认为这显然是错的。", "", "钠离子电池用铝箔代替铜箔做负极集流体。", "abc", " 相关阅读：储能电站 "] * 9
IDS: list[str | int] = ['a"},{"id":1', 0, "", -7, 2**64 - 1, "栏目\n"]
POLICIES = {
    "shipped": Policy(),
    "by probability": Policy(
        {"opinion": Thresholds(0.4, 0.6), "tech_analysis": Thresholds(block=0.5)}, otherwise=Suggestion.BLOCK
    ),
}


def told(ids: list[str | int], results: list[Result], shape: Shape, policy: Policy, kit: Kit) -> bytes:
    """The lines, made from objects."""
    judged = [
        Judged(Record(record_id, Kind.TEXT, ""), None, (result,))
        for record_id, result in zip(ids, results, strict=True)
    ]
    rower = Rower(shape, policy, kit.model.version, kit.model.labels)
    return encode(rower.rows(judged), shape, kit.model.labels, opens=True)


def ids_for(count: int) -> list[str | int]:
    """So many ids, of every kind."""
    return [IDS[number % len(IDS)] for number in range(count)]


@pytest.mark.parametrize("policy", POLICIES.values(), ids=POLICIES)
@pytest.mark.parametrize("answers", [Answers.FULL, Answers.PROBABILITIES, Answers.LABELS])
@pytest.mark.parametrize("packing", [Packing.NONE, Packing.GZIP])
def test_lines_are_those_of_the_results(answers: Answers, packing: Packing, policy: Policy, kit: Kit) -> None:
    """With any ids, answers and policy."""
    shape = Shape(packing=packing, answers=answers)
    writer = Writer.of(shape, policy, kit.model)
    ids = ids_for(len(TEXTS))

    assert writer is not None
    assert told(ids, kit.model.classify(TEXTS), shape, policy, kit) == writer.lines(ids, kit.model.verdicts(TEXTS))


def test_any_probability_is_written_alike(kit: Kit) -> None:
    """A million of them, and every label and reason with each policy's edges among them."""
    shares = np.arange(1_000_001) / 1e6
    labels = [*kit.model.labels, "none"]
    table = np.stack([np.roll(shares, 17 * column) for column in range(len(labels))], axis=1)[::7]
    meanings = kit.model.meanings
    answers = np.arange(len(table)) % len(meanings)
    verdicts = Verdicts(
        meanings, np.column_stack([table.max(axis=1), table, answers]), np.zeros((len(table), 2), np.int32)
    )
    results = [
        Result(meanings[answer][0], max(row), dict(zip(labels, row, strict=True)), meanings[answer][1])
        for answer, row in zip(answers.tolist(), table.tolist(), strict=True)
    ]
    ids = ids_for(len(results))
    policy, shape = POLICIES["by probability"], Shape()
    writer = Writer.of(shape, policy, kit.model)

    assert writer is not None
    assert told(ids, results, shape, policy, kit) == writer.lines(ids, verdicts)


def test_no_records_make_no_lines(kit: Kit) -> None:
    """Not even an empty one."""
    writer = Writer.of(Shape(), Policy(), kit.model)

    assert writer is not None
    assert b"" == writer.lines([], kit.model.verdicts([]))


@pytest.mark.parametrize(
    "shape",
    [
        Shape(Format.CSV, rows=Rows.SECTION),
        Shape(Format.PARQUET),
        Shape(rows=Rows.SECTION),
        Shape(answers=Answers.TEXT),
        Shape(keep=("opinion",)),
        Shape(drop=("none",)),
        Shape(endpoint="/v1/classify"),
    ],
    ids=["CSV", "Parquet", "a row a section", "text", "keep", "drop", "requests"],
)
def test_other_shapes_are_left_to_others(shape: Shape, kit: Kit) -> None:
    """There is no writer for them."""
    assert Writer.of(shape, Policy(), kit.model) is None


def test_a_line_is_json(kit: Kit) -> None:
    """With the fields in the order that they are documented in."""
    writer = Writer.of(Shape(), Policy(), kit.model)
    assert writer is not None

    line = orjson.loads(writer.lines(["a"], kit.model.verdicts(["我认为这显然是错的。"])))

    assert ["id", "model", "label", "probability", "probabilities", "abstain_reason", "suggestion"] == list(line)
    assert "opinion" == line["label"]
