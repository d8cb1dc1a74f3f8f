"""`lanmu batch`: any number of records from files to a file."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from service.batch import Answers, Batch, BatchError, Fields, Format, LocalEngine, Rows, Shape, run_batch
from service.batch.names import output_form
from service.batch.places import ending_of, form_of
from service.batch.verify import verify_batch
from service.cli.parts import load_policy, read_settings
from service.cli.progress import clock, progress_on, rate_of
from service.cli.usage import SOME_BAD, example

if TYPE_CHECKING:
    from service.batch import Summary
    from service.batch.run import Engine
    from service.settings import Settings

FORMATS = [each for each in Format if each is not Format.OPENAI]
NO_LABEL = "none"


def _labels(_: click.Context, option: click.Parameter, value: str | None) -> tuple[str, ...] | None:
    """The labels between commas."""
    if value is None:
        return None
    labels = tuple(sorted({label.strip() for label in value.split(",")} - {""}))
    if not labels:
        raise click.BadParameter("name labels with commas between them", param=option)
    return labels


def _choice(names: Any) -> click.Choice[str]:
    return click.Choice([each.value for each in names])


@click.command(
    name="batch",
    epilog=example(
        "lanmu batch pages.jsonl out.jsonl",
        "lanmu batch crawl/*.warc.gz clean.jsonl.zst --keep tech_analysis,opinion",
        "lanmu batch s3://corpus/pages.parquet out.parquet --id-field url --text-field content",
    ),
)
@click.argument("sources", metavar="IN...", nargs=-1, help="Records: see above.")  # see _given
@click.argument("target", metavar="OUT", default="", help="File or URL of the answers; its name tells the format.")
@click.option("--format", "given", type=_choice(FORMATS), help="Format of the input.  [default: by the files' names]")
@click.option("--id-field", default="id", show_default=True, help="Field, column or WARC header of the id.")
@click.option("--text-field", default="text", show_default=True, help="Field of a single section.")
@click.option("--sections-field", default="sections", show_default=True, help="Field of a page that is cut already.")
@click.option("--page-field", default="page", show_default=True, help="Field of a page as text.")
@click.option("--html-field", default="html", show_default=True, help="Field of a page as HTML.")
@click.option(
    "--answers", type=_choice(Answers), default="full", show_default=True,
    help="What is said of a section: label alone, with probabilities, with its text, or all but the text.",
)  # fmt: skip
@click.option("--rows", type=_choice(Rows), help="A row for each.  [default: record; section in CSV]")
@click.option("--keep", callback=_labels, metavar="LABELS", help="Only sections of these labels; 'none' has no label.")
@click.option("--drop", callback=_labels, metavar="LABELS", help="All sections but those of these labels.")
@click.option("--errors", help="Where bad records go.  [default: OUT.errors.jsonl]")
@click.option("--max-errors", type=click.IntRange(min=0), help="Stop where more records are bad.")
@click.option("--model", "version", metavar="VERSION", help="Who judges.  [default: the champion at the beginning]")
@click.option("--workers", type=click.IntRange(1, 1024), help="Processes.  [default: the cores, or Ray's]")
@click.option("--engine", type=click.Choice(["local", "ray"]), default="local", show_default=True, help="Who runs it.")
@click.option("--address", help="Ray cluster to join, as 'auto' or host:port.  [default: one on this machine]")
@click.option("--work", type=click.Path(file_okay=False, path_type=Path), help="Folder of an unfinished batch.")
@click.option("--force", is_flag=True, help="Replace OUT and the file of errors where they are there already.")
@click.option("--restart", is_flag=True, help="Begin anew where a batch is unfinished.")
@click.option("--verify", is_flag=True, help="Check that a finished OUT is whole and is that of IN; write nothing.")
@click.pass_context
def command(ctx: click.Context, /, sources: tuple[str, ...], target: str, **options: Any) -> None:
    """Label the records of files.

    IN is a file, a folder, a pattern in quotes, an s3:// URL, or '-': JSON Lines (also .gz, .zst), CSV, Parquet, WARC
    or WET. A record has an `id` and one of `text` (one section), `sections` (a page that is cut already), `page`
    (a page as text) and `html`. Answers are in the order of the records.

    A record that is bad goes to the file of errors, with its line and the reason, and the rest goes on; the exit code
    is 3 then. OUT appears when all is done. Until then the work is in OUT.unfinished, and the same command goes on with
    it after Ctrl-C, a kill or a full disk.

    With --keep or --drop, and a row a record, OUT has the text that is left of each record.
    """
    _given(sources, target)
    engine = _engine(options)
    settings = read_settings()
    batch = _batch(sources, target, options, settings)
    began = time.monotonic()
    try:
        if options["verify"]:
            verify_batch(batch)
            click.echo(f"{target} is whole, and is what this input gives", err=True)
            return
        _tell_form(target)
        with progress_on(sys.stderr) as progress:
            done = run_batch(batch, engine=engine, progress=progress)
    except KeyboardInterrupt:
        click.echo(f"\nEnded. What is done is in {batch.work_folder}; the same command goes on with it.", err=True)
        raise click.Abort from None
    except BatchError as error:
        raise click.ClickException(str(error)) from error
    except OSError as error:
        kept = f"\nWhat is done is in {batch.work_folder}; the same command goes on with it."
        raise click.ClickException(f"{error}{kept if batch.work_folder.exists() else ''}") from error
    _tell(done, time.monotonic() - began, batch)
    ctx.exit(SOME_BAD if done.errors else 0)


def _given(sources: tuple[str, ...], target: str) -> None:
    """Name what is missing: a name alone is OUT to click, which would ask for IN, where most have left out OUT."""
    if not sources and not target:
        raise click.UsageError("IN and OUT are missing: name the records, and the file that the answers shall go to")
    if not sources:
        raise click.UsageError(f"only {target!r} is named: name IN and OUT, the file that the answers shall go to")


def _batch(sources: tuple[str, ...], target: str, options: dict[str, Any], settings: Settings) -> Batch:
    if target == "-":
        raise click.UsageError("OUT is a file, which appears when all is done: '-' cannot be that; name a file")
    if options["keep"] and options["drop"]:
        raise click.UsageError("--keep and --drop exclude each other: name what stays, or what goes")
    names = ("id", "text", "sections", "page", "html")
    fields = Fields(**{name: options[f"{name}_field"] for name in names})
    if not all(getattr(fields, name) for name in names):
        raise click.UsageError("the name of a field is empty")
    if len({getattr(fields, name) for name in names}) < len(names):
        raise click.UsageError("two of the fields have the same name")
    try:
        shape = _shape(target, options)
    except BatchError as error:
        raise click.UsageError(str(error)) from error
    return Batch(
        sources,
        target,
        settings.models_dir,
        version=options["version"],
        model_key=settings.key_bytes,
        errors=options["errors"],
        format=Format(options["given"]) if options["given"] else None,
        fields=fields,
        shape=shape,
        policy=load_policy(settings),
        max_errors=options["max_errors"],
        work=options["work"],
        force=options["force"],
        restart=options["restart"],
    )


def _shape(target: str, options: dict[str, Any]) -> Shape:
    form, packing = output_form(target)
    filtered = bool(options["keep"] or options["drop"])
    usual = Rows.SECTION if form is Format.CSV and not filtered else Rows.RECORD
    rows = Rows(options["rows"]) if options["rows"] else usual
    if form is Format.CSV and rows is Rows.RECORD and not filtered:
        raise BatchError("a row of CSV cannot hold a page's sections: leave out --rows record, or write JSON Lines")
    return Shape(form, packing, Answers(options["answers"]), rows, options["keep"], options["drop"])


def _engine(options: dict[str, Any]) -> Engine:
    """What the options name."""
    if options["engine"] == "local":
        if options["address"]:
            raise click.UsageError("--address is that of a Ray cluster: add --engine ray")
        return LocalEngine(options["workers"])
    try:
        from service.batch.on_ray import RayEngine  # noqa: PLC0415 - an extra that most do not have
    except ImportError as error:
        raise click.ClickException("Ray is not installed: install Lanmu with its extra, '.[ray]'") from error
    return RayEngine(options["workers"], address=options["address"])


def _tell_form(target: str) -> None:
    """Say what is written where an ending is there and tells nothing: it may have been meant to."""
    ending, _ = ending_of(target)
    if ending and form_of(target)[0] is None:
        click.echo(f"OUT ends in {ending!r}: writing JSON Lines", err=True)


def _tell(done: Summary, seconds: float, batch: Batch) -> None:
    new = done.records - done.kept
    rate = f" ({clock(seconds)}, {rate_of(done, seconds):.0f} a second)" if new else ""
    kept = f", {done.kept if new else 'all'} of them by an earlier run" if done.kept else ""
    click.echo(f"{_count(done.answered, 'record')} answered in {batch.target}{rate}{kept}", err=True)
    labels = ", ".join(f"{count} {label}" for label, count in done.labels.items())
    click.echo(f"{_count(done.sections, 'section')}{': ' if labels else ''}{labels}", err=True)
    if done.errors:
        doubled = f", {done.doubled} of them for an id that came before" if done.doubled else ""
        told = f"{_count(done.errors, 'error')} in {batch.errors_target}, with line and reason{doubled}"
        click.echo(told, err=True)


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}{'' if number == 1 else 's'}"
