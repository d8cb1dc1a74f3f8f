"""`lanmu-train evaluate`, `lanmu-train compare` and `lanmu-train report`."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from models.model import Model
from models.result import NONE
from models.terms.extractor import TermExtractor, TermsConfig
from models.versions import SHIPPED_MODELS, InvalidVersionError, Registry, RegistryError, SavedVersion, read_version
from training.check.printing import print_tables
from training.checks import all_labels
from training.corpus import read_corpus
from training.evaluation.ablation import Row, ablate, material_of
from training.evaluation.comparison import compare_models
from training.evaluation.figures import by_label, described, figures_of
from training.evaluation.pages import Page, judge, pages_of, read_pages, settled
from training.evaluation.tables import ablated, compared, evaluated
from training.new_label import new_label_option
from training.reading import SHIPPED_SEEDS, read_seeds
from training.seed import LABELS, SeedsError

RESAMPLED = "In brackets: 95 % intervals from resampling pages."

registry_option = click.option(
    "--registry", type=click.Path(path_type=Path, file_okay=False, exists=True), default=SHIPPED_MODELS,
    show_default="models/saved", help="Where the versions are.",
)  # fmt: skip
pages_option = click.option(
    "--pages", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="FILE",
    help="Labelled pages: JSON Lines of page_id, text and sections with start, end and label.",
)  # fmt: skip
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.command(epilog="Example: lanmu-train evaluate --pages labelled.jsonl")
@click.option("--version", metavar="NAME", help="The version to measure.  [default: the champion]")
@registry_option
@pages_option
@click.option("--ablate", "ablates", is_flag=True, help="Train without each part, and tell what it was worth.")
@click.option(
    "--seeds", multiple=True, type=click.Path(exists=True, path_type=Path), metavar="PATH",
    help="Seeds to ablate over, files or folders; the shipped ones by default. May be given again.",
)  # fmt: skip
@new_label_option
@json_option
def evaluate(  # noqa: PLR0913 - one for each option
    version: str | None,
    registry: Path,
    pages: Path | None,
    seeds: tuple[Path, ...],
    new_label: tuple[str, ...],
    *,
    ablates: bool,
    as_json: bool,
) -> None:
    """Measure a version on labelled pages, its sections judged alone and in their pages.

    Without --pages, tells what was measured out of fold when the version was trained. The same seeds and pages give the
    same figures.

    With --ablate, no version is measured: the seeds are trained on without each group of terms, by each group alone,
    without the lexicon, and in one form only, in three folds. Each is tested on the seeds left out and on the pages.
    This takes about five minutes with the shipped seeds.
    """
    if ablates:
        _print_ablation(_ablation(seeds or (SHIPPED_SEEDS,), all_labels(LABELS, new_label), pages), as_json=as_json)
        return
    if seeds or new_label:
        raise click.UsageError("--seeds and --new-label go with --ablate; a version is measured on --pages")
    folder = _folder(registry, version)
    found = _measured(_loaded(folder), pages) if pages else _stored(_checked(folder).metadata)
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False, indent=1))
    else:
        where = f"{found['sections']} sections of {found['pages']} pages"
        title = f"{found['version']} on {where}" + ("" if pages else ", out of fold when it was trained")
        print_tables(evaluated(found, title, RESAMPLED))


def _measured(model: Model, file: Path) -> dict[str, Any]:
    """A version's figures on the pages of a file."""
    pages = _pages(file, (*model.labels, NONE))
    rows = settled(pages)
    answers = {kind: each.of(rows) for kind, each in judge(model, pages).items()}
    figures = {kind: described(figures_of(each)) | by_label(each) for kind, each in answers.items()}
    return {
        "version": model.version,
        "labels": [*model.labels, NONE],
        "pages": len(pages),
        "sections": int(rows.sum()),
        **figures,
    }


def _stored(metadata: Mapping[str, Any]) -> dict[str, Any]:
    """What model.json says; with intervals, unless the version is older than they are."""
    intervals, corpus = metadata.get("intervals", {}), metadata["corpus"]
    figures = {kind: {**row, **intervals.get(kind, {})} for kind, row in metadata["metrics"].items()}
    return {
        "version": metadata["version"],
        "labels": metadata["labels"],
        "pages": corpus["pages"],
        "sections": corpus["sections"],
        **figures,
    }


def _ablation(seeds: Sequence[Path], labels: tuple[str, ...], file: Path | None) -> list[Row]:
    """Train every variant, saying on standard error which."""
    terms = TermsConfig()
    try:
        corpus = read_corpus(seeds, labels, terms.fingerprint())
    except SeedsError as error:
        raise click.ClickException(f"the seeds cannot be trained on:\n{error}") from error
    pages = _pages(file, corpus.labels) if file else ()
    return ablate(material_of(corpus, TermExtractor(terms), pages), lambda line: click.echo(line, err=True))


def _print_ablation(rows: Sequence[Row], *, as_json: bool) -> None:
    if not as_json:
        print_tables(ablated(rows))
        return
    found = [
        {
            "trained_with": row.variant,
            "tested_on": row.tested_on,
            "judged": row.judged,
            "figures": described(row.figures),
            "against_all": described(row.leads),
        }
        for row in rows
    ]
    click.echo(json.dumps(found, ensure_ascii=False, indent=1))


@click.command(epilog="Example: lanmu-train compare first second --registry mine")
@click.argument("first", metavar="A")
@click.argument("second", metavar="B")
@registry_option
@pages_option
@json_option
def compare(first: str, second: str, registry: Path, pages: Path | None, *, as_json: bool) -> None:
    """Put the versions A and B side by side: figures on the same pages, and every answer that flipped.

    Without --pages, on the written seeds that come with Lanmu, which both may have learned from.
    """
    one, other = (_loaded(_folder(registry, name)) for name in (first, second))
    known = [label for label in (*one.labels, NONE) if label in (*other.labels, NONE)]
    found = compare_models(one, other, _pages(pages, known) if pages else _shipped_pages(known))
    if as_json:
        click.echo(json.dumps(found.described(), ensure_ascii=False, indent=1))
    else:
        seen = "" if pages else " On the shipped written seeds, which both may have learned from."
        print_tables(compared(found, RESAMPLED + seen))


@click.command(epilog="Example: lanmu-train report --out report.html")
@click.argument("version", required=False)
@registry_option
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="Copy the report to this file."
)
def report(version: str | None, registry: Path, out: Path | None) -> None:
    """Tell where the report of VERSION is, or copy it; the champion's by default.

    The version's files are checked first. The report is one HTML file that needs no other and prints well.
    """
    file = _checked(_folder(registry, version)).folder / "report.html"
    if not file.is_file():
        raise click.ClickException(f"version {file.parent.name!r} was saved without a report; train it again")
    if out:
        out.write_bytes(file.read_bytes())
    click.echo(out or file)


def _shipped_pages(labels: Sequence[str]) -> list[Page]:
    """The written seeds that come with Lanmu."""
    pages = pages_of(read_seeds([SHIPPED_SEEDS]).pages)
    unknown = sorted({label for page in pages for label in page.labels if label} - set(labels))
    if unknown:
        raise click.UsageError(f"one of the versions does not know {unknown[0]!r}, as shipped seeds do; give --pages")
    return pages


def _folder(registry: Path, version: str | None) -> Path:
    """The folder of a version, or of the champion."""
    versions = Registry(registry)
    try:
        return versions.folder(version or versions.champion())
    except RegistryError as error:
        raise click.ClickException(str(error)) from error


def _checked(folder: Path) -> SavedVersion:
    """A version whose files are what its manifest says."""
    try:
        return read_version(folder, key=_key())
    except InvalidVersionError as error:
        raise click.ClickException(str(error)) from error


def _loaded(folder: Path) -> Model:
    """A version, ready to answer."""
    try:
        return Model.load(folder, key=_key())
    except InvalidVersionError as error:
        raise click.ClickException(str(error)) from error


def _key() -> bytes | None:
    return os.environ.get("LANMU_MODEL_KEY", "").encode() or None


def _pages(file: Path, labels: Sequence[str]) -> list[Page]:
    """The labelled pages of a file; every bad line is named, and ends the command."""
    try:
        text = file.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise click.UsageError(f"{file.name} is not UTF-8 at byte {error.start}; save it as UTF-8") from error
    try:
        return read_pages(text.split("\n"), file.name, labels)
    except SeedsError as error:
        click.echo(f"{len(error.problems)} problems with the pages:\n{error}", err=True)
        sys.exit(1)
