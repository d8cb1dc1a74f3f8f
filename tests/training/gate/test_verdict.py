"""Challengers before the gate, trained for it on written seeds."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from models.seeds.seed import LABELS
from tests.conftest import LIGHT, SMALL_TERMS
from training.gate.contender import Contender
from training.gate.frozen import digest_of
from training.gate.verdict import Findings, judge
from training.reading import read_file
from training.train import Plan, train

NEW = 200


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory, seed_pages: list[str]) -> Path:
    """A fourth of the written pages."""
    file = tmp_path_factory.mktemp("base") / "base.txt"
    file.write_text("\n".join(seed_pages[::4]), "utf-8")
    return file


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory, seed_pages: list[str], base: Path) -> list[dict[str, str]]:
    """Two hundred labelled texts of other pages, none of which stands in the base."""
    known = base.read_text("utf-8")
    file = tmp_path_factory.mktemp("others") / "others.txt"
    file.write_text("\n".join(seed_pages[2::4]), "utf-8")
    seeds = {seed.text: seed.label for page in read_file(file).pages for seed in page.seeds if seed.text not in known}
    return [{"text": text, "label": label} for text, label in sorted(seeds.items())[:NEW]]


def written(file: Path, rows: list[dict[str, str]]) -> Path:
    """Rows as a file of JSON Lines."""
    file.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
    return file


@pytest.fixture(scope="module")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the contenders are saved."""
    return tmp_path_factory.mktemp("registry")


def trained(registry: Path, name: str, *seeds: Path, labels: tuple[str, ...] = LABELS) -> Contender:
    """A version trained on some seeds."""
    return Contender.load(train(Plan(seeds, registry, name, labels, LIGHT, SMALL_TERMS)).folder, None)


@pytest.fixture(scope="module")
def champion(base: Path, registry: Path) -> Contender:
    """Trained on the base alone."""
    return trained(registry, "reigning", base)


def failing(findings: Findings) -> list[str]:
    """What a verdict says against the challenger, but for behaviour: so small a version wavers there by a case."""
    return [reason for reason in findings.objections if "behaviour" not in reason]


def test_a_challenger_that_is_equal_passes(champion: Contender, base: Path) -> None:
    """Every difference is nothing, and the verdict says on how many sections."""
    verdict = judge(champion, champion, [base]).described("ann")

    assert verdict["passed"]
    assert {0.0} == {row["lead"]["value"] for row in verdict["table"]}
    assert "nothing is worse than 'reigning' on" in verdict["reasons"][0]
    assert ("ann", "frozen-1", []) == (verdict["who"], verdict["frozen"]["version"], verdict["sources"])


def test_good_new_seeds_pass_and_shuffled_ones_do_not(
    champion: Contender, base: Path, rows: list[dict[str, str]], registry: Path, tmp_path: Path
) -> None:
    """The same two hundred texts, once with their labels and once with each other's."""
    labels = np.random.default_rng(11).permutation([row["label"] for row in rows]).tolist()
    good = written(tmp_path / "good.jsonl", rows)
    bad = written(tmp_path / "bad.jsonl", [{**row, "label": label} for row, label in zip(rows, labels, strict=True)])

    better = judge(trained(registry, "good", base, good), champion, [base, good])
    worse = judge(trained(registry, "bad", base, bad), champion, [base, bad])

    assert [] == failing(better)
    (reason,) = [reason for reason in failing(worse) if "labels look mixed up" in reason]
    assert "new sections from 'bad.jsonl'" in reason
    assert not worse.passed


def test_a_challenger_that_confuses_labels_is_worse_in_figures(champion: Contender, base: Path) -> None:
    """One that says opinion where it means none, and the other way round: its losses are named."""
    alone = champion.parts.alone
    order = [LABELS.index(label) for label in ("tech_analysis", "none", "recommendation_teaser", "opinion")]
    confused = replace(alone, matrix=alone.matrix[:, order].copy(), offset=alone.offset[order].copy())
    challenger = replace(champion, parts=replace(champion.parts, alone=confused))

    found = judge(challenger, champion, [base])

    assert any(reason.startswith("the macro-F1, sections judged alone, is 0.") for reason in failing(found))
    assert any("the recall of 'opinion', sections judged alone, is 0." in reason for reason in failing(found))


def test_a_new_label_is_measured_for_itself_and_a_lost_one_is_named(
    champion: Contender, base: Path, registry: Path, tmp_path: Path
) -> None:
    """The figures of the others are compared on the labels that both know."""
    dishes = ["豆腐", "茄子", "鲫鱼", "排骨", "土豆", "鸡蛋", "白菜", "香菇", "牛肉", "虾仁"]
    ways = ["红烧", "清蒸", "爆炒", "慢炖", "凉拌", "油焖", "香煎", "水煮"]
    rows = [
        {
            "text": f"{way}{dish}：{dish}洗净切好，先放两勺油，{way}到收汁，加盐{number}克，出锅前撒葱花。",
            "label": "recipe",
        }
        for number, (way, dish) in enumerate([(way, dish) for way in ways for dish in dishes], 1)
    ]
    recipes = written(tmp_path / "recipes.jsonl", rows)
    cook = trained(registry, "cook", base, recipes, labels=(*LABELS[:-1], "recipe", "none"))

    gained = judge(cook, champion, [base, recipes])
    lost = judge(champion, cook, [base, recipes])

    assert [] == failing(gained)
    assert ["recipe"] == [each.label for each in gained.new_labels]
    assert "recipe" not in {row.what.label for row in gained.rows}
    assert ["it does not know the label 'recipe', which the champion 'cook' gives"] == failing(lost)


def test_a_first_version_has_only_its_floors_to_reach(champion: Contender, base: Path) -> None:
    """Without a champion nothing is compared."""
    verdict = judge(champion, None, [base]).described("ann")

    assert verdict["champion"] is None
    assert {None} == {row["champion"] for row in verdict["table"]}


def test_frozen_seeds_that_a_version_saw_are_not_scored(champion: Contender, base: Path) -> None:
    """A version trained without leaving any out has seen them all."""
    units = judge(champion, None, [base]).ground.parted.frozen.units
    greedy = replace(champion, learned={digest_of(unit): Counter({("none", "none"): 1}) for unit in units})

    verdict = judge(champion, greedy, [base]).described("ann")

    assert 0 == verdict["frozen"]["scored_sections"] < verdict["frozen"]["sections"]
    assert any("only 0 frozen sections could be scored" in caution for caution in verdict["cautions"])
    assert [] == verdict["table"]


def test_a_version_that_does_not_tell_what_it_learned_is_compared_with_a_caution(
    champion: Contender, base: Path
) -> None:
    """As those are that were trained before there was a frozen set."""
    silent = replace(champion, learned=None)

    verdict: dict[str, Any] = judge(champion, silent, [base]).described("ann")

    assert verdict["passed"]
    assert "does not tell what it learned from" in verdict["cautions"][0]
