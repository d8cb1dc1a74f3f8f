"""The speed benchmark's own arithmetic, its material, its peers and its servers. Never its times."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import joblib
import pytest

from benchmarks.speed import peers, servers
from benchmarks.speed.apps import naive_batch
from benchmarks.speed.apps.answering import NAIVE
from benchmarks.speed.batch import write_records
from benchmarks.speed.growth import growth_exponent
from benchmarks.speed.load import _threads, generator, requests_a_second
from benchmarks.speed.material import long_text, many, written_anew
from benchmarks.speed.pages import BODY, _check, _readability, _trafilatura, written_page
from benchmarks.speed.plots import draw
from benchmarks.speed.results import markdown, plain, put_into, short_table
from benchmarks.speed.rounds import Spread, take_turns
from benchmarks.speed.rows import Growth, Report, Row, Target
from benchmarks.speed.run import measure
from benchmarks.speed.scale import QUICK
from models.seeds.seed import LABELS, SeedPage
from models.versions import Registry
from training.reading import read_seeds
from training.train import Trained

TINY = replace(
    QUICK, rounds=1, texts=20, singles=3, records=60, large_records=60, lengths=(10, 100), sections=(10, 100)
)


@pytest.fixture(scope="module")
def pages(small_seeds: Path) -> list[SeedPage]:
    """Some forty written pages."""
    return list(read_seeds([small_seeds]).pages)


@pytest.fixture(scope="module")
def naive_file(pages: list[SeedPage], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The naive pipeline, trained on them and saved; jieba's folder is one of the tests."""
    folder = tmp_path_factory.mktemp("naive")
    seeds = [seed for page in pages for seed in page.seeds]
    pipeline = peers.words_pipeline(peers.jieba_words, [seed.text for seed in seeds], [seed.label for seed in seeds])
    joblib.dump(pipeline, folder / "naive.joblib")
    return folder / "naive.joblib"


@pytest.fixture(autouse=True)
def own_jieba(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Processes that a test starts keep jieba's dictionary in the tests' folder."""
    monkeypatch.setenv(peers.JIEBA_FOLDER, str(tmp_path_factory.getbasetemp()))


def test_ways_take_turns() -> None:
    """Every way has its turn before one has its next, and in the next round another comes first."""
    order: list[str] = []

    def way(name: str, figures: list[float]) -> Callable[[], float]:
        def burst() -> float:
            order.append(name)
            return figures.pop(0)

        return burst

    rounds = take_turns({"a": way("a", [1, 2, 6, 3, 9, 4]), "b": way("b", [1, 1, 1, 2, 2, 2])}, rounds=2, turns=3)

    assert list("abababbababa") == order
    assert {"a": [2, 4], "b": [1, 2]} == rounds.figures
    assert Spread(2, 2, 2) == rounds.ratio("a", "b")
    assert Spread(3, 2, 4) == rounds.figure("a")


@pytest.mark.parametrize(
    ("target", "figure", "met"),
    [(Target(20), 20, True), (Target(20), 19.9, False), (Target(60, at_most=True), 60, True)],
)
def test_a_target_is_met_or_missed(target: Target, figure: float, met: bool) -> None:  # noqa: FBT001 - the expected value
    """At least so much, or at most."""
    assert met is target.met(figure)


def test_growth_is_told_by_its_exponent() -> None:
    """1 is linear, 2 quadratic; small sizes, where starting costs most, are passed over."""
    assert pytest.approx(1) == growth_exponent((10, 10_000, 100_000), [5.0, 1.0, 10.0])
    assert pytest.approx(2) == growth_exponent((10_000, 100_000), [1.0, 100.0])


def test_what_cost_nothing_tells_nothing_of_growth() -> None:
    """Memory that a process had taken already is no cost of a size."""
    assert pytest.approx(1) == growth_exponent((1000, 10_000, 100_000, 1_000_000), [0.0, 0.0, 8.0, 80.0])
    assert pytest.approx(1) == growth_exponent((1000, 10_000, 100_000, 1_000_000), [0.0, 0.004, 8.0, 80.0], 0.05)
    assert growth_exponent((1000, 100_000), [0.0, 8.0]) is None


def test_texts_of_any_length_and_number_are_made() -> None:
    """Exactly as long and as many as asked."""
    assert "甲乙\n丙\n甲" == long_text(["甲乙", "丙"], 6)
    assert ["甲", "乙", "甲"] == many(["甲", "乙"], 3)


def test_seeds_written_anew_are_seeds_and_no_copies(pages: list[SeedPage], tmp_path: Path) -> None:
    """They are read without a problem, are as many as asked, keep the pages' labels, and hardly one is there twice."""
    file = tmp_path / "anew.txt"
    file.write_text(written_anew(pages, 2000), encoding="utf-8")

    reading = read_seeds([file])

    texts = [seed.text for page in reading.pages for seed in page.seeds]
    assert [] == reading.problems
    assert 2000 <= len(texts) < 2100
    assert [seed.label for seed in pages[0].seeds] == [seed.label for seed in reading.pages[0].seeds]
    assert len(set(texts)) > 0.8 * len(texts)


def test_a_peer_that_does_not_label_is_refused() -> None:
    """A way that gives everybody the same label has no speed worth telling."""
    with pytest.raises(peers.NotLabellingError, match="fool gives only 50% of its own seeds"):
        peers.checked("fool", lambda texts: ["opinion"] * len(texts), ["甲", "乙"], ["opinion", "none"])


def test_the_full_pipeline_labels_its_seeds(pages: list[SeedPage]) -> None:
    """The scikit-learn form of the model is a real peer."""
    seeds = [seed for page in pages for seed in page.seeds]
    texts, labels = [seed.text for seed in seeds], [seed.label for seed in seeds]

    share = peers.share_right(peers.full_pipeline(texts, labels).predict, texts, labels)

    assert share > 0.95


@pytest.mark.parametrize("package", ["rjieba", "fasttext"])
def test_an_optional_peer_labels_its_seeds(pages: list[SeedPage], package: str) -> None:
    """Where its package is installed."""
    pytest.importorskip(package)
    seeds = [seed for page in pages for seed in page.seeds]
    texts, labels = [seed.text for seed in seeds], [seed.label for seed in seeds]
    classify = (
        peers.words_pipeline(peers.rjieba_words, texts, labels).predict
        if package == "rjieba"
        else peers.fasttext_model(texts, labels)
    )

    assert peers.share_right(classify, texts, labels) > peers.SENSIBLE


@pytest.mark.parametrize(("module", "extract"), [("readability", _readability), ("trafilatura", _trafilatura)])
def test_extractors_find_the_body_of_written_pages(
    pages: list[SeedPage], module: str, extract: Callable[[str], str]
) -> None:
    """The pages are such that an extractor can do its work; one that does not is refused."""
    pytest.importorskip(module)
    page = written_page([page for page in pages if {seed.label for seed in page.seeds} & BODY][:3])

    _check(module, extract, [page])
    with pytest.raises(peers.NotLabellingError, match="nothing keeps only 0%"):
        _check("nothing", lambda _: "", [page])


def test_the_naive_batch_labels_every_record(pages: list[SeedPage], naive_file: Path, tmp_path: Path) -> None:
    """Record for record, in order, with one of the labels."""
    write_records([seed.text for page in pages[:3] for seed in page.seeds], tmp_path / "in.jsonl")

    naive_batch.main(naive_file, tmp_path / "in.jsonl", tmp_path / "out.jsonl")

    sent, got = (
        [json.loads(line) for line in (tmp_path / name).read_text("utf-8").splitlines()]
        for name in ("in.jsonl", "out.jsonl")
    )
    assert [record["id"] for record in sent] == [record["id"] for record in got]
    assert {record["label"] for record in got} <= set(LABELS)


def test_a_naive_server_labels_and_bears_load(naive_file: Path, tmp_path: Path) -> None:
    """It answers text and texts, and both generators of load; what does not answer 200 is no figure."""
    with servers.naive_flask(tmp_path, 1, **{NAIVE: str(naive_file)}) as server:
        (one,) = server.post({"text": "猜你喜欢"})["results"]
        rates = [requests_a_second(server, {"texts": ["甲", "乙"]}, 1), _threads(server, "/", b'{"text": "a"}', 0.3)]

        with pytest.raises(servers.ServerError, match="under load"):
            _threads(server, "/nowhere", None, 0.3)

    assert one["label"] in LABELS
    assert all(rate > 0 for rate in rates)
    assert "16" in generator()


def test_a_server_that_does_not_start_tells_why(tmp_path: Path) -> None:
    """The message holds what it said."""
    with pytest.raises(servers.ServerError, match="KeyError"), servers.naive_flask(tmp_path, 1):
        pass


@pytest.fixture
def report() -> Report:
    """A report with one row of each kind."""
    ratio = Row("texts", "Lanmu", Spread(20, 19, 21), "texts/s", "naive", Spread(2, 1, 3), Spread(10, 9, 11), Target(5))
    figure = Row("memory", "Lanmu", Spread(260, 260, 260), "MB", target=Target(250, at_most=True))
    return Report([ratio, figure], [Growth("time", "texts", "s", [10, 100], {"Lanmu": [1, 10]})], ["peer: left out"])


def test_results_tell_figures_targets_and_what_was_left_out(report: Report, tmp_path: Path) -> None:
    """Both forms say the same; the page shows the plots and what it was measured with."""
    plots = [tmp_path / "plots" / name for name in ("ratios.svg", "time.svg")]

    page = markdown(report, {"Python": "3"}, plots)

    assert "| texts | Lanmu | 20 texts/s | naive | 2 texts/s | 10 | 9 | 11 | ≥ 5 | met |" in page
    assert "| memory | Lanmu | 260 MB |  |  |  |  |  | ≤ 250 MB | missed |" in page
    assert all(f"(plots/{plot.name})" in page for plot in plots)
    assert "10 [9, 11] times | target ≥ 5: met" in plain(report)
    assert "peer: left out" in page
    assert "- Python: 3" in page


def test_a_plot_is_drawn_of_each_growth_and_of_all_ratios(report: Report, tmp_path: Path) -> None:
    """As SVG, under the name that the page links to."""
    pytest.importorskip("matplotlib")

    plots = draw(report, tmp_path / "plots")

    assert ["ratios.svg", "time.svg"] == [plot.name for plot in plots]
    assert all(plot.read_text("utf-8").rstrip().endswith("</svg>") for plot in plots)


def test_the_readmes_table_is_replaced(report: Report, tmp_path: Path) -> None:
    """What stands between the marks is the run's; a README without marks is told of."""
    readme = tmp_path / "README.md"
    readme.write_text("before\n<!-- bench: begin -->\nold\n<!-- bench: end -->\nafter\n", encoding="utf-8")

    put_into(readme, report)

    table = short_table(report, ("what", "ours", "beside", "ratio"))
    assert f"before\n<!-- bench: begin -->\n{table}\n<!-- bench: end -->\nafter\n" == readme.read_text("utf-8")
    assert "| texts | Lanmu | naive | 10 × |" in table
    readme.write_text("nothing", encoding="utf-8")
    with pytest.raises(ValueError, match=r"README\.md has no <!-- bench: begin -->"):
        put_into(readme, report)


@pytest.mark.slow
def test_a_run_measures_what_it_is_asked(trained: Trained, tmp_path: Path) -> None:
    """Growth, in processes of their own, with a small version."""
    registry = tmp_path / "registry"
    shutil.copytree(trained.folder, registry / trained.folder.name)
    Registry(registry).promote(trained.folder.name, who="test", why="measured")

    report = measure(registry, TINY, ("growth",), None, lambda _: None)

    assert ["seconds by text length", "megabytes by text length"] == [each.what for each in report.growths[:2]]
    assert all(cost > 0 for cost in report.growths[0].costs["Lanmu"])
