"""`lanmu batch`: any number of records from one file to another."""

from __future__ import annotations

import sys
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from service.batch import judge_records, run_batch
from service.cli.parts import load_version, read_settings
from service.cli.progress import progress_on
from service.cli.usage import SOME_BAD, example
from service.policy import Policy

if TYPE_CHECKING:
    from service.batch import Summary

OTHER_FORMATS = {".gz", ".zst", ".bz2", ".xz", ".csv", ".parquet", ".warc", ".wet"}


@click.command(
    name="batch",
    epilog=example("lanmu batch pages.jsonl out.jsonl", "zcat pages.jsonl.gz | lanmu batch - out.jsonl"),
)
@click.argument(
    "source",
    metavar="IN",
    type=click.Path(exists=True, dir_okay=False, allow_dash=True),
    help="JSON Lines of records; '-' is standard input.",
)
@click.argument("target", metavar="OUT", type=click.Path(dir_okay=False, path_type=Path), help="Where answers go.")
@click.option(
    "--errors", type=click.Path(dir_okay=False, path_type=Path), help="Where bad lines go.  [default: OUT.errors.jsonl]"
)
@click.option("--force", is_flag=True, help="Replace OUT and the file of errors where they are there already.")
@click.pass_context
def command(ctx: click.Context, source: str, target: Path, errors: Path | None, force: bool) -> None:
    """Label the records of a file.

    Answers are in the order of the records. A record is a JSON object on a line of its own, with an `id` and one of
    `text` (one section), `sections` (a page that is cut already), `page` (a page as text) and `html`.

    A line that is no record goes to the file of errors, with its number and the reason, and the rest goes on; the exit
    code is 3 then. OUT appears when all is done, or not at all.
    """
    errors = errors or target.with_name(f"{target.name}.errors.jsonl")
    _check_source(source)
    _check_targets(source, target, errors, force=force)
    judge = partial(judge_records, model=load_version(read_settings()), policy=Policy())
    started = time.monotonic()
    try:
        with click.open_file(source, "rb") as stream, progress_on(sys.stderr, _size(source)) as progress:
            done = run_batch(stream, target, errors, judge, progress)
    except OSError as error:
        raise click.ClickException(f"{error}\nNothing was written to {target}.") from error
    _tell(done, time.monotonic() - started, target, errors)
    ctx.exit(SOME_BAD if done.bad else 0)


def _check_source(source: str) -> None:
    suffix = Path(source).suffix.lower()
    if suffix in OTHER_FORMATS:
        raise click.UsageError(
            f"{source!r} looks like {suffix}, and only JSON Lines are read: convert it, or pipe it in as '-'"
        )


def _check_targets(source: str, target: Path, errors: Path, *, force: bool) -> None:
    if str(target) == "-":
        raise click.UsageError("OUT is a file, which appears when all is done: '-' cannot be that; name a file")
    paths = [Path(source).absolute(), target.absolute(), errors.absolute()]
    if len(set(paths)) < len(paths):
        raise click.UsageError("IN, OUT and the file of errors have to be three files")
    for file in (target, errors):
        if not file.parent.is_dir():
            raise click.UsageError(f"there is no folder {str(file.parent)!r}; make it first")
        if file.exists() and not file.is_file():
            raise click.UsageError(f"{str(file)!r} is no regular file")
        if file.exists() and not force:
            raise click.UsageError(f"{str(file)!r} is there already; --force replaces it")


def _size(source: str) -> int | None:
    """The bytes to read, or None where only the end will tell."""
    return None if source == "-" else Path(source).stat().st_size or None


def _tell(done: Summary, seconds: float, target: Path, errors: Path) -> None:
    rate = done.records / seconds if seconds else 0.0
    click.echo(f"{done.answered} records answered in {target} ({seconds:.1f} s, {rate:.0f} a second)", err=True)
    if done.bad:
        click.echo(f"{done.bad} bad lines in {errors}, each with its number and reason", err=True)
