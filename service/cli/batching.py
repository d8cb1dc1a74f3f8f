"""What `lanmu batch` does, once its command line is read: the batch, run or verified, and what is told of it."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Any

import click

from service.batch.errors import BatchError
from service.batch.job import Answers, Batch, Fields, Format, Rows, Shape
from service.batch.names import output_form
from service.batch.places import ending_of, form_of
from service.batch.run import run_batch
from service.batch.verify import verify_batch
from service.cli.parts import load_policy, read_settings
from service.cli.progress import clock, progress_on, rate_of
from service.cli.usage import SOME_BAD

if TYPE_CHECKING:
    from service.batch.run import Engine
    from service.batch.summary import Summary
    from service.settings import Settings


def do_batch(sources: tuple[str, ...], target: str, options: dict[str, Any], engine: Engine) -> int:
    """Run or verify what the command line names; the exit code. Raises what click tells."""
    settings = read_settings()
    batch = _batch(sources, target, options, settings)
    began = time.monotonic()
    try:
        if options["verify"]:
            verify_batch(batch)
            click.echo(f"{target} is whole, and is what this input gives", err=True)
            return 0
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
    return SOME_BAD if done.errors else 0


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
