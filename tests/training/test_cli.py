"""`lanmu-train`, as a user runs it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from models.model import Model
from models.versions import Registry, read_version
from training.cli import main

RECIPE = "把面粉和水揉成面团，醒{}分钟，放进锅里用小火煎到两面金黄，再加{}克盐和一勺酱油调味。"


def run(*argv: object) -> Result:
    """Run the command."""
    return CliRunner().invoke(main, [str(word) for word in argv])


@pytest.fixture
def recipes(tmp_path: Path) -> Path:
    """Thirty seeds of a label that Lanmu does not have."""
    file = tmp_path / "recipes.jsonl"
    rows = [{"text": RECIPE.format(number, 50 - number), "label": "recipe"} for number in range(1, 31)]
    file.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
    return file


def test_a_label_of_ones_own_is_learned_and_answered(small_seeds: Path, recipes: Path, tmp_path: Path) -> None:
    """`--new-label` declares it, `--only` leaves the shipped seeds out, `--promote` makes the version the champion."""
    registry = tmp_path / "registry"

    result = run(
        "train", "--only", "--seeds", small_seeds, "--seeds", recipes, "--new-label", "recipe", "--name", "cooking",
        "--out", registry, "--promote",
    )  # fmt: skip

    assert 0 == result.exit_code, result.output
    assert "cooking is the champion of" in result.output
    assert "cooking" == Registry(registry).champion()
    model = Model.load(registry / "cooking")
    assert (*("tech_analysis", "opinion", "recommendation_teaser"), "recipe") == model.labels
    (answer,) = model.classify(["把面粉和水揉成面团，醒半小时，放进锅里用小火煎到两面金黄，再加盐和一勺酱油。"])
    assert "recipe" == answer.label
    assert 30 == read_version(registry / "cooking").metadata["corpus"]["by_label"]["recipe"]


def test_an_undeclared_label_is_refused_with_the_remedy(recipes: Path, tmp_path: Path) -> None:
    """Every line is named, and nothing is saved."""
    result = run("train", "--only", "--seeds", recipes, "--out", tmp_path / "registry")

    assert 1 == result.exit_code
    assert "30 problems with the seeds:" in result.stderr
    assert "recipes.jsonl:17: unknown label 'recipe'" in result.stderr
    assert "declared with --new-label" in result.stderr
    assert not (tmp_path / "registry").exists()


def test_bad_seeds_are_left_out_when_asked(small_seeds: Path, recipes: Path, tmp_path: Path) -> None:
    """`--keep-going` says which, and trains on the rest."""
    result = run(
        "train", "--only", "--keep-going", "--seeds", small_seeds, "--seeds", recipes, "--out", tmp_path / "registry"
    )

    assert 0 == result.exit_code, result.output
    assert 30 == result.output.count("left out: recipes.jsonl:")
    (version,) = Registry(tmp_path / "registry").versions()
    assert "recipe" not in Model.load(tmp_path / "registry" / version).labels


@pytest.mark.parametrize("option", ["--lexicon", "--words"])
def test_a_folder_is_no_file_of_words(option: str, recipes: Path, tmp_path: Path) -> None:
    """It is refused as a wrong use of the option."""
    result = run("train", "--only", "--seeds", recipes, option, tmp_path)

    assert 2 == result.exit_code
    assert "is a directory" in result.stderr


@pytest.mark.parametrize("name", ["", "a b", "Recipe", "../x", "食谱"])
def test_a_label_that_no_seed_page_could_name_is_refused(name: str) -> None:
    """A new label is written with small letters, digits and underscores."""
    result = run("train", "--new-label", name)

    assert 2 == result.exit_code
    assert f"{name!r} is no label: write it like our_label" in " ".join(result.stderr.split())


def test_only_needs_seeds() -> None:
    """Without any there would be nothing to train on."""
    result = run("train", "--only")

    assert 2 == result.exit_code
    assert "--only needs --seeds: there would be nothing to train on" in result.stderr


def test_a_name_that_is_taken_is_refused(small_seeds: Path, tmp_path: Path) -> None:
    """Versions are never overwritten; the message says so before anything is learned."""
    (tmp_path / "taken").mkdir()

    result = run("train", "--only", "--seeds", small_seeds, "--out", tmp_path, "--name", "taken")

    assert 1 == result.exit_code
    assert "version 'taken' is in" in result.stderr
    assert "reading the seeds" not in result.output


@pytest.fixture
def labelled(tmp_path: Path) -> Path:
    """A file of labelled pages."""
    file = tmp_path / "pages.jsonl"
    section = {"start": 0, "end": 5, "label": "opinion"}
    page = {"page_id": "p", "site": "岛报", "text": "我认为不值", "sections": [section]}
    file.write_text(json.dumps(page, ensure_ascii=False) + "\n", "utf-8")
    return file


def test_extracting_says_what_it_made(labelled: Path, tmp_path: Path) -> None:
    """Sections, pages, sites and size; the file is written."""
    result = run("extract", labelled, tmp_path / "ours.seeds.xz")

    assert 0 == result.exit_code, result.output
    assert "1 sections of 1 pages from 1 sites, 0.0 MB in" in result.output
    assert (tmp_path / "ours.seeds.xz").stat().st_size > 100


def test_extracting_to_a_name_of_another_form_is_refused(labelled: Path, tmp_path: Path) -> None:
    """Training would not know the file."""
    result = run("extract", labelled, tmp_path / "ours.xz")

    assert 2 == result.exit_code
    assert "must end in .seeds.xz" in result.stderr


def test_extracting_names_bad_pages(labelled: Path, tmp_path: Path) -> None:
    """With their line, and nothing is written."""
    labelled.write_text("{}\n", "utf-8")

    result = run("extract", labelled, tmp_path / "ours.seeds.xz")

    assert 1 == result.exit_code
    assert "pages.jsonl:1: not a labelled page" in result.stderr
    assert not (tmp_path / "ours.seeds.xz").exists()


def test_extracting_refuses_what_is_not_utf8(labelled: Path, tmp_path: Path) -> None:
    """And says where it is not."""
    labelled.write_bytes('{"text": "甲"}'.encode("gb18030"))

    result = run("extract", labelled, tmp_path / "ours.seeds.xz")

    assert 2 == result.exit_code
    assert "the pages are not UTF-8 at byte 10; save them as UTF-8" in result.stderr
