"""`python -m benchmarks.quality`: Lanmu and its peers, trained on the same seeds, scored on the same pages."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from pathlib import Path

import click
import jieba

from benchmarks.quality.compare import Training, absent_peers, champion_rows, compared
from benchmarks.quality.machine import surroundings
from benchmarks.quality.pages import HELD_OUT, LabelledPage, parted, read_pages, settled, written_pages
from benchmarks.quality.table import Row, Run, markdown, plain
from models.model import Model
from models.versions import SHIPPED_MODELS, InvalidVersionError, Registry, RegistryError

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
OUT = click.Path(dir_okay=False, path_type=Path)


@click.command(epilog="Example: python -m benchmarks.quality --dev labelled-pages.jsonl --json figures.json")
@click.option(
    "--dev", type=FILE, help="Labelled pages to score on; without it, a fifth of the written pages is held out."
)
@click.option("--real", type=FILE, help="Labelled pages to train on beside the written ones, in a second round.")
@click.option("--json", "json_out", type=OUT, help="Write the figures here.")
@click.option("--markdown", "markdown_out", type=OUT, help="Write the results page here.")
def main(dev: Path | None, real: Path | None, json_out: Path | None, markdown_out: Path | None) -> None:
    """Train Lanmu and its peers on the same seeds, score them on the same pages, and print one table.

    Labelled pages are JSON Lines of page_id, text, and sections with start, end and label.
    """
    written = written_pages()
    trained_on, scored_on = (written, _pages(dev)) if dev else parted(written)
    shipped = _champion_rows(scored_on) if dev else []  # it has seen every written page, also one that is held out here
    trainings = [_training(trained_on)]
    if real:
        trainings.append(_training(trained_on, real))
        _refuse_common(trainings[-1].real_pages, scored_on)
    with tempfile.TemporaryDirectory() as folder:
        jieba.setLogLevel("WARNING")
        jieba.dt.tmp_dir = folder  # jieba's cache of its dictionary is not to be shared with other users
        rows = [row for training in trainings for row in compared(training, scored_on, _tell)]
    run = _run(dev, scored_on, rows + shipped)
    click.echo(plain(run))
    if json_out:
        json_out.write_text(json.dumps(run.described(), indent=1) + "\n", encoding="utf-8")
    if markdown_out:
        markdown_out.write_text(markdown(run), encoding="utf-8")


def _pages(file: Path) -> list[LabelledPage]:
    try:
        return read_pages(file)
    except ValueError as error:
        raise click.UsageError(str(error)) from error


def _refuse_common(trained_on: Sequence[LabelledPage], scored_on: Sequence[LabelledPage]) -> None:
    common = {page.texts for page in trained_on} & {page.texts for page in scored_on}
    if common:
        raise click.UsageError(
            f"{len(common)} pages of --real are in --dev too: what is trained on cannot be the measure"
        )


def _tell(what: str) -> None:
    """Say what is being done, beside the table."""
    click.echo(what, err=True)


def _training(written: list[LabelledPage], real: Path | None = None) -> Training:
    real_pages = _pages(real) if real else []
    counts = [
        f"{len(settled(pages)[0]):,} {kind} sections" for kind, pages in (("written", written), ("real", real_pages))
    ]
    return Training(" and ".join(counts[: 1 + bool(real)]), written, real, real_pages)


def _champion_rows(pages: list[LabelledPage]) -> list[Row]:
    """Rows of the shipped champion, as it is."""
    registry = Registry(SHIPPED_MODELS)
    try:
        model = Model.load(registry.folder(registry.champion()))
    except (InvalidVersionError, RegistryError) as error:
        raise click.ClickException(str(error)) from error
    return champion_rows(model, pages)


def _run(dev: Path | None, pages: list[LabelledPage], rows: list[Row]) -> Run:
    where = "labelled pages that nothing was trained on" if dev else f"every {HELD_OUT}th written page, held out"
    notes = [f"{name}: {reason}" for name, reason in absent_peers().items()]
    return Run(where, len(pages), len(settled(pages)[0]), surroundings(), rows, notes)


if __name__ == "__main__":
    main()
