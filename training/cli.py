"""The `lanmu-train` command."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import NoReturn

import click

from models.seeds import SHIPPED_SEEDS
from models.seeds.seed import LABELS, SeedsError
from models.terms.extractor import TermExtractor, TermsConfig
from models.versions import SHIPPED_MODELS, Registry, VersionWriteError
from training.check.cli import check
from training.checks import all_labels
from training.evaluation.cli import compare, evaluate, report
from training.extracted import SUFFIX, pack, read_labelled_pages
from training.extracted import extract as extract_seeds
from training.gate.cli import gate
from training.gate.frozen import FROZEN
from training.metrics import Metrics
from training.new_label import new_label_option
from training.own_words import own_terms
from training.progress import say_as_json, tell
from training.train import Plan, Trained
from training.train import train as train_version

EXISTING = click.Path(exists=True, path_type=Path)
EXISTING_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group(
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Example: lanmu-train train --seeds my-seeds.jsonl --out models/saved",
)
@click.version_option(package_name="lanmu", prog_name="lanmu-train")
def main() -> None:
    """Train models that label the sections of Chinese web pages."""


def print_table(metrics: dict[str, Metrics]) -> None:
    """Print figures and confusions that a person can check."""
    click.echo("\nOut of fold (each page judged by a model that did not see it):")
    click.echo(f"{'':9}{'macro-F1':>9}{'forced':>9}{'answered':>9}{'right':>9}{'ece':>9}")
    for kind, row in metrics.items():
        figures = (row.four_way, row.forced, row.answered, row.right, row.ece)
        click.echo(f"{kind:9}" + "".join(f"{figure:9.3f}" for figure in figures))
    for kind, row in metrics.items():
        click.echo(f"\n{kind}: rows are the seeds' labels, columns the answers, then precision and recall")
        for label, counts in zip(row.by_label, row.confusion, strict=True):
            of_label = row.by_label[label]
            numbers = "".join(f"{count:7}" for count in counts)
            click.echo(f"  {label:22}{numbers}   {of_label['precision']:.3f}  {of_label['recall']:.3f}")


def _counted(error: SeedsError) -> str:
    """How many problems there are."""
    return f"{len(error.problems)} problem{'s' if len(error.problems) > 1 else ''}"


def _refuse(reason: str, progress: str | None) -> NoReturn:
    """End without a version, saying why to people and to programs."""
    if progress:
        tell(error=reason)
    click.echo(reason, err=True)
    sys.exit(1)


def print_trained(trained: Trained) -> None:
    """Print what was made."""
    print_table(trained.metrics)
    size = sum(file.stat().st_size for file in trained.folder.iterdir())
    click.echo(f"\nsaved {trained.folder} ({size / 1e6:.1f} MB) after {trained.seconds:.1f} s")
    click.echo(f"weights sha256 {trained.weights_sha256}")


@main.command(epilog="Example: lanmu-train train --seeds my-seeds.jsonl --promote")
@click.option(
    "--seeds", "paths", multiple=True, type=EXISTING, metavar="PATH",
    help="Files or folders of seeds (.txt seed pages, .jsonl, .csv), beside the shipped ones. May be given again.",
)  # fmt: skip
@click.option("--only", is_flag=True, help="Train on --seeds alone, without the shipped seeds.")
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), default=SHIPPED_MODELS, show_default="models/saved",
    help="The registry to save the version in.",
)  # fmt: skip
@click.option("--name", help="The version's name; by default the day and the weights' hash.")
@new_label_option
@click.option(
    "--lexicon", "lexicons", multiple=True, type=EXISTING_FILE, metavar="FILE",
    help="Lexicon words of your own, a word, a tab and a class on each line. May be given again.",
)  # fmt: skip
@click.option(
    "--words", "word_files", multiple=True, type=EXISTING_FILE, metavar="FILE",
    help="Words of your own for jieba: a word, its frequency and its part of speech on each line. May be given again.",
)  # fmt: skip
@click.option("--keep-going", is_flag=True, help="Leave bad seeds out instead of refusing them all.")
@click.option(
    "--frozen", type=click.Choice([FROZEN, "none"]), default=FROZEN, show_default=True,
    help="The test set that is not learned from; none learns from all seeds, for experiments.",
)  # fmt: skip
@click.option("--promote", is_flag=True, help="Make the new version the champion.")
@click.option(
    "--progress", type=click.Choice(["json"]), help="Print each stage, then the version's name, as a JSON line."
)
def train(  # noqa: PLR0913, PLR0917 - one for each option
    paths: tuple[Path, ...],
    out: Path,
    name: str | None,
    new_label: tuple[str, ...],
    lexicons: tuple[Path, ...],
    word_files: tuple[Path, ...],
    *,
    only: bool,
    keep_going: bool,
    frozen: str,
    promote: bool,
    progress: str | None,
) -> None:
    """Build a TF-IDF classifier from labelled seeds and save it as a version.

    The version is signed when LANMU_MODEL_KEY is set.
    """
    if only and not paths:
        raise click.UsageError("--only needs --seeds: there would be nothing to train on")
    key = os.environ.get("LANMU_MODEL_KEY", "").encode() or None
    everything = paths if only else (SHIPPED_SEEDS, *paths)
    try:
        terms = own_terms(lexicons, word_files)
    except ValueError as error:
        raise click.ClickException(str(error)) from error
    labels = all_labels(LABELS, new_label)
    salt = None if frozen == "none" else frozen
    plan = Plan(everything, out, name, labels, terms=terms, keep_going=keep_going, frozen=salt, key=key)
    try:
        trained = train_version(plan, say_as_json if progress else click.echo)
    except SeedsError as error:
        _refuse(f"{_counted(error)} with the seeds:\n{error}", progress)
    except (VersionWriteError, FileNotFoundError) as error:
        _refuse(f"Error: {error}", progress)
    if promote:
        Registry(out).promote(trained.folder.name, who="lanmu-train", why="trained with --promote")
    if progress:
        tell(version=trained.folder.name, seconds=round(trained.seconds, 1))
        return
    print_trained(trained)
    if promote:
        click.echo(f"{trained.folder.name} is the champion of {out}")


@main.command(epilog="Example: lanmu-train extract labelled-pages.jsonl ours.seeds.xz")
@click.argument("pages", nargs=-1, required=True, type=EXISTING_FILE)
@click.argument("out", type=click.Path(dir_okay=False, path_type=Path))
def extract(pages: tuple[Path, ...], out: Path) -> None:
    """Make extracted seeds of labelled pages whose text may not be passed on.

    PAGES are JSON Lines of page_id, site, text and sections with start, end and label. OUT gets hashed term counts,
    labels and facts; its name should end in .seeds.xz, so that `lanmu-train train --seeds` knows its form.
    """
    if not out.name.endswith(SUFFIX):
        raise click.UsageError(f"{str(out)!r} must end in {SUFFIX}, or it would not be known for extracted seeds")
    extractor = TermExtractor(TermsConfig())
    try:
        texts = [(path.read_text(encoding="utf-8").split("\n"), path.name) for path in pages]
        found = [page for lines, name in texts for page in read_labelled_pages(lines, name)]
    except UnicodeDecodeError as error:
        raise click.UsageError(f"the pages are not UTF-8 at byte {error.start}; save them as UTF-8") from error
    except SeedsError as error:
        click.echo(f"{_counted(error)} with the pages:\n{error}", err=True)
        sys.exit(1)
    seeds = extract_seeds(found, extractor)
    out.write_bytes(pack(seeds, extractor.config.fingerprint()))
    click.echo(
        f"{len(seeds.labels)} sections of {len(found)} pages from {len(set(seeds.groups))} sites, "
        f"{out.stat().st_size / 1e6:.1f} MB in {out}",
    )


for command in (check, evaluate, compare, gate, report):
    main.add_command(command)
