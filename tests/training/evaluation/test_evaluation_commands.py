"""`lanmu-train evaluate`, `compare` and `report`, as a user runs them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from models.versions import Registry
from tests.conftest import LIGHT, SMALL_TERMS
from training.cli import main
from training.config import TrainingConfig
from training.saving import Run
from training.train import Plan, Trained, train


def run_command(*argv: object) -> Result:
    """Run the command."""
    return CliRunner().invoke(main, [str(word) for word in argv])


@pytest.fixture(scope="module")
def registry(tmp_path_factory: pytest.TempPathFactory, small_seeds: Path, trained: Trained) -> Path:
    """Two versions that differ in one hyperparameter; the small version is the champion."""
    folder = tmp_path_factory.mktemp("versions")
    shutil.copytree(trained.folder, folder / "small")
    train(Plan((small_seeds,), folder, "second", terms=SMALL_TERMS, config=TrainingConfig(penalty=0.001)))
    Registry(folder).promote("small", who="a test", why="to be the default")
    return folder


@pytest.fixture
def pages(run: Run, tmp_path: Path) -> Path:
    """Eight pages of the seeds as labelled pages."""
    rows = []
    for page in run.corpus.pages[:8]:
        text, sections = "", []
        for seed in page.seeds:
            sections.append({"start": len(text), "end": len(text) + len(seed.text), "label": seed.label})
            text += f"{seed.text}\n"
        rows.append({"page_id": page.id, "text": text, "sections": sections})
    file = tmp_path / "pages.jsonl"
    file.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
    return file


def test_a_version_tells_what_it_knew_when_it_was_trained(registry: Path, trained: Trained) -> None:
    """Out of fold, with intervals; the champion by default."""
    result = run_command("evaluate", "--registry", registry, "--json")

    found = json.loads(result.stdout)
    figure = found["in_page"]["four_way"]
    assert "small" == found["version"]
    assert pytest.approx(trained.metrics["in_page"].four_way, abs=1e-4) == figure["value"]
    assert figure["low"] < figure["value"] < figure["high"]
    assert trained.metrics["alone"].confusion == found["alone"]["confusion"]


def test_the_table_keeps_labels_and_counts_together(registry: Path, trained: Trained) -> None:
    """Rows and columns are in the version's order of labels, whatever the order in its file."""
    result = run_command("evaluate", "--registry", registry)

    counts = trained.metrics["in_page"].confusion[0]
    last = result.stdout[result.stdout.index("By label, in page") :].splitlines()
    assert ["tech_analysis", *map(str, counts)] == [last[2].split()[0], *last[2].split()[4:]]
    assert last[1].endswith("said tech_analysis  said opinion  said recommendation_teaser  said none")


def test_a_version_is_measured_on_pages(registry: Path, pages: Path) -> None:
    """Each time with the same figures."""
    first, again = (run_command("evaluate", "--registry", registry, "--pages", pages, "--json") for _ in range(2))

    found = json.loads(first.stdout)
    assert first.stdout == again.stdout
    assert 8 == found["pages"]
    assert found["sections"] == sum(map(sum, found["alone"]["confusion"]))
    assert found["in_page"]["four_way"]["value"] > 0.8  # it was trained on these


@pytest.mark.slow
def test_an_ablation_is_printed_by_what_was_tested_on(
    small_seeds: Path, pages: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The seeds and the pages; each variant against the whole."""
    monkeypatch.setattr("training.evaluation.ablation.TrainingConfig", lambda: LIGHT)

    result = run_command("evaluate", "--ablate", "--seeds", small_seeds, "--pages", pages)

    assert 0 == result.exit_code, result.output
    assert "Tested on the seeds, out of fold" in result.stdout
    assert "Tested on the pages given" in result.stdout
    assert 2 == result.stdout.count("without chars")
    assert "training: lexicon off" in result.stderr
    assert "written seeds only: left out" in result.stderr


def test_seeds_without_an_ablation_are_refused(registry: Path, small_seeds: Path) -> None:
    """They would change nothing."""
    result = run_command("evaluate", "--registry", registry, "--seeds", small_seeds)

    assert 2 == result.exit_code
    assert "--seeds and --new-label go with --ablate" in result.stderr


def test_versions_side_by_side(registry: Path, pages: Path) -> None:
    """Every section that the two answer differently is named with both answers."""
    result = run_command("compare", "small", "second", "--registry", registry, "--pages", pages, "--json")

    found = json.loads(result.stdout)
    figures = found["in_page"]
    lead = figures["second"]["four_way"]["value"] - figures["first"]["four_way"]["value"]
    assert pytest.approx(lead, abs=2e-4) == figures["lead"]["four_way"]["value"]
    assert found["flips"]
    assert all(flip["first"] != flip["second"] for flip in found["flips"])


def test_a_version_beside_itself_flips_nothing(registry: Path, pages: Path) -> None:
    """And leads by nothing."""
    result = run_command("compare", "small", "small", "--registry", registry, "--pages", pages)

    assert 0 == result.exit_code, result.output
    assert "+0.000 [+0.000, +0.000]" in result.stdout
    assert "No answer flipped." in result.stdout


def test_without_pages_the_written_seeds_are_compared(registry: Path) -> None:
    """And the table says that both may have learned from them; flips are printed by kind, and the first of them."""
    result = run_command("compare", "small", "second", "--registry", registry)

    assert "On the shipped written seeds, which both may have learned from." in result.stdout
    assert "Flips, in page" in result.stdout
    assert "The first of" in result.stdout


def test_a_report_is_found_and_copied(registry: Path, tmp_path: Path) -> None:
    """The path is printed; `--out` copies the file."""
    found = run_command("report", "second", "--registry", registry)
    copied = run_command("report", "--registry", registry, "--out", tmp_path / "report.html")

    assert f"{registry / 'second' / 'report.html'}\n" == found.stdout
    assert f"{tmp_path / 'report.html'}\n" == copied.stdout
    assert (registry / "small" / "report.html").read_bytes() == (tmp_path / "report.html").read_bytes()


@pytest.mark.parametrize("command", [("report",), ("evaluate", "--version"), ("compare", "small")], ids=lambda c: c[0])
def test_an_unknown_version_is_named(registry: Path, command: tuple[str, ...]) -> None:
    """With those there are."""
    result = run_command(*command, "third", "--registry", registry)

    assert 1 == result.exit_code
    assert "no version 'third'" in result.stderr
    assert "there are: small, second" in result.stderr


def test_a_damaged_report_is_not_told(trained: Trained, tmp_path: Path) -> None:
    """A file that is not what the manifest says is refused."""
    folder = tmp_path / "small"
    folder.mkdir()
    for file in trained.folder.iterdir():
        (folder / file.name).write_bytes(file.read_bytes())
    (folder / "report.html").write_text("<p>all is well</p>", "utf-8")

    result = run_command("report", "small", "--registry", tmp_path)

    assert 1 == result.exit_code
    assert "report.html" in result.stderr


def test_bad_pages_are_named(registry: Path, tmp_path: Path) -> None:
    """With file and line, and nothing is measured."""
    (tmp_path / "pages.jsonl").write_text("{}\n", "utf-8")

    result = run_command("evaluate", "--registry", registry, "--pages", tmp_path / "pages.jsonl")

    assert 1 == result.exit_code
    assert "pages.jsonl:1: not a labelled page" in result.stderr


def test_versions_that_do_not_know_the_shipped_labels_need_pages(small_seeds: Path, tmp_path: Path) -> None:
    """The label is named, with the remedy."""
    for file in small_seeds.iterdir():
        text = file.read_text("utf-8").replace("[recommendation_teaser]", "[none]")
        (tmp_path / file.name).write_text(text, "utf-8")
    train(Plan((tmp_path,), tmp_path / "registry", "two", config=LIGHT, terms=SMALL_TERMS, keep_going=True))

    result = run_command("compare", "two", "two", "--registry", tmp_path / "registry")

    assert 2 == result.exit_code
    assert "neither of the versions knows 'recommendation_teaser', as shipped seeds do; give --pages" in result.stderr
