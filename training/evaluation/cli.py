"""`lanmu-train evaluate`, `lanmu-train compare` and `lanmu-train report`."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from models.model import Model
from models.result import NONE
from models.seeds import SHIPPED_SEEDS
from models.seeds.seed import LABELS, SeedsError
from models.terms.extractor import TermExtractor, TermsConfig
from models.versions import SHIPPED_MODELS, InvalidVersionError, Registry, RegistryError
from training.check.printing import print_tables
from training.checks import all_labels
from training.corpus import read_corpus
from training.evaluation.ablation import Row, ablate, material_of
from training.evaluation.comparison import compare_models, compared_labels
from training.evaluation.comparison_page import comparison_page
from training.evaluation.figures import by_label, described, figures_of
from training.evaluation.opening import checked, folder_of, loaded, model_key, pages_in
from training.evaluation.pages import Page, judge, pages_of, settled
from training.evaluation.tables import ablated, compared, evaluated
from training.gate.contender import Contender
from training.gate.measuring import frozen_figures
from training.new_label import new_label_option
from training.reading import read_seeds

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
@click.option("--frozen", is_flag=True, help="Measure on the frozen seeds, which no training sees.")
@click.option("--ablate", "ablates", is_flag=True, help="Train without each part, and tell what it was worth.")
@click.option(
    "--seeds", multiple=True, type=click.Path(exists=True, path_type=Path), metavar="PATH",
    help="Seeds to ablate over, or whose frozen part to measure on; the shipped ones by default. May be given again.",
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
    frozen: bool,
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
    if (seeds and not frozen) or new_label:
        raise click.UsageError("--seeds and --new-label go with --ablate; a version is measured on --pages or --frozen")
    if frozen and pages:
        raise click.UsageError("--pages and --frozen are two things to measure on; give one")
    folder = folder_of(registry, version)
    if frozen:
        found, note = _frozen(folder, seeds or (SHIPPED_SEEDS,)), " that are frozen"
    elif pages:
        found, note = _measured(loaded(folder), pages), ""
    else:
        found, note = _stored(checked(folder).metadata), ", out of fold when it was trained"
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False, indent=1))
    else:
        title = f"{found['version']} on {found['sections']} sections of {found['pages']} pages{note}"
        print_tables(evaluated(found, title, RESAMPLED))


def _frozen(folder: Path, seeds: Sequence[Path]) -> dict[str, Any]:
    """A version's figures on frozen seeds."""
    try:
        return frozen_figures(Contender.load(folder, model_key()), seeds)
    except InvalidVersionError as error:
        raise click.ClickException(str(error)) from error
    except SeedsError as error:
        raise click.ClickException(f"the seeds cannot be measured on:\n{error}") from error


def _measured(model: Model, file: Path) -> dict[str, Any]:
    """A version's figures on the pages of a file."""
    pages = pages_in(file, (*model.labels, NONE))
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
    pages = pages_in(file, corpus.labels) if file else ()
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
@click.option(
    "--html", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="Write it as a page, too."
)
@click.option("--save", is_flag=True, help="Keep that page in the registry, where the service shows it.")
@json_option
def compare(  # noqa: PLR0913 - one for each option
    first: str, second: str, registry: Path, pages: Path | None, html: Path | None, *, save: bool, as_json: bool
) -> None:
    """Put the versions A and B side by side: figures on the same pages, and every answer that flipped.

    Without --pages, on the written seeds that come with Lanmu, which both may have learned from. A label that only one
    of them knows is an answer that the other never gives.
    """
    one, other = (loaded(folder_of(registry, name)) for name in (first, second))
    known = compared_labels(one, other)
    found = compare_models(one, other, pages_in(pages, known) if pages else _shipped_pages(known))
    page = comparison_page(found, seen=pages is None).encode("utf-8", "backslashreplace") if html or save else b""
    if html:
        html.write_bytes(page)
    if save:
        try:
            click.echo(f"kept {Registry(registry).record_comparison(one.version, other.version, page)}", err=True)
        except RegistryError as error:
            raise click.ClickException(str(error)) from error
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
    file = checked(folder_of(registry, version)).folder / "report.html"
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
        raise click.UsageError(f"neither of the versions knows {unknown[0]!r}, as shipped seeds do; give --pages")
    return pages
