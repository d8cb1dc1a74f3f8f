"""`lanmu batch`: any number of records from files to a file."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from service.batch.job import Answers, Format, Rows
from service.batch.lanes import LocalEngine
from service.cli.usage import example

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from service.batch.run import Engine

FORMATS = [each for each in Format if each is not Format.OPENAI]


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
    with _engine(options) as engine:
        from service.cli.batching import do_batch  # noqa: PLC0415 - a worker loads its libraries while we load ours

        ctx.exit(do_batch(sources, target, options, engine))


def _given(sources: tuple[str, ...], target: str) -> None:
    """Name what is missing: a name alone is OUT to click, which would ask for IN, where most have left out OUT."""
    if not sources and not target:
        raise click.UsageError("IN and OUT are missing: name the records, and the file that the answers shall go to")
    if not sources:
        raise click.UsageError(f"only {target!r} is named: name IN and OUT, the file that the answers shall go to")


def _engine(options: dict[str, Any]) -> AbstractContextManager[Engine]:
    """What the options name, there as long as the context."""
    if options["engine"] == "local":
        if options["address"]:
            raise click.UsageError("--address is that of a Ray cluster: add --engine ray")
        engine = LocalEngine(options["workers"])
        return nullcontext(engine) if options["verify"] else engine
    try:
        from service.batch.on_ray import RayEngine  # noqa: PLC0415 - an extra that most do not have
    except ImportError as error:
        raise click.ClickException("Ray is not installed: install Lanmu with its extra, '.[ray]'") from error
    return nullcontext(RayEngine(options["workers"], address=options["address"]))
