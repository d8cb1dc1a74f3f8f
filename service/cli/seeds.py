"""`lanmu seeds`: what trainings learn from beside the shipped seeds."""

from __future__ import annotations

import getpass
import secrets
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click
import orjson
from rich.table import Table
from rich.text import Text

from service.cli.parts import console_on, one_line, opened_store
from service.cli.usage import SOME_BAD, example
from service.seeds import (
    Added,
    Decision,
    Delivery,
    Form,
    FormError,
    UnknownSeedError,
    Wanted,
    add_seeds,
    list_seeds,
    read_seeds,
    withdraw_seeds,
    write_lines,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine

    from models.seeds.seed import Reading
    from service.seeds import Seed

FORMS = {".jsonl": Form.JSONL, ".csv": Form.CSV, ".txt": Form.PAGES}
EXTRACTED = ".seeds.xz"
EXCERPT = 40


@click.group(name="seeds", epilog=example("lanmu seeds add our-seeds.csv"))
def command() -> None:
    """Add, list, withdraw and export seeds.

    They are kept in LANMU_DATABASE_URL, or in LANMU_DATA_DIR; `POST /v1/trainings` learns from them.
    """


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown"


who_option = click.option("--who", default=_user, help="Who does this.  [default: the user's name]")
json_option = click.option("--json", "as_json", is_flag=True, help="JSON Lines instead of words.")


@command.command(
    "add", epilog=example("lanmu seeds add our-seeds.csv pages.txt", "lanmu seeds add more.jsonl --on-conflict keep")
)
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--on-conflict",
    type=click.Choice([decision.value for decision in Decision]),
    help="What holds where a text has another label already; without it such seeds wait.",
)
@click.option("--new-label", "new_labels", multiple=True, help="A label that is new, though it looks like another.")
@click.option("--charset", help="How the files are encoded.  [default: UTF-8]")
@who_option
@json_option
@click.pass_context
def add(  # noqa: PLR0913, PLR0917 - one for each option
    ctx: click.Context,
    files: tuple[Path, ...],
    on_conflict: str | None,
    new_labels: tuple[str, ...],
    charset: str | None,
    who: str,
    as_json: bool,
) -> None:
    """Add the seeds of files: seed pages (.txt), JSON Lines (.jsonl) or CSV (.csv).

    What is there already is left. Every row that cannot be added is named with its line and the reason, and the others
    are added; the exit code is 3 then, as it is where seeds wait for a decision.
    """
    decision = None if on_conflict is None else Decision(on_conflict)
    bad = False
    with opened_store() as engine:
        for file in files:
            added = add_seeds(engine, _read(file, charset), Delivery(who, file.name, decision, new_labels))
            bad = bad or bool(added.problems or added.conflicts)
            click.echo(orjson.dumps({"file": file.name, **added.described()})) if as_json else _tell(file, added)
    ctx.exit(SOME_BAD if bad else 0)


@command.command("list", epilog=example("lanmu seeds list --state waiting"))
@click.option("--state", type=click.Choice(["active", "waiting", "withdrawn"]), help="Only those.")
@click.option("--label", help="Only those.")
@click.option("--page", help="Only those of the page of this name.")
@json_option
def list_all(state: str | None, label: str | None, page: str | None, as_json: bool) -> None:
    """List seeds in the order in which they were added."""
    columns = ("id", "state", "label", "page", "starts with", "source", "who", "added")
    table = Table(*columns, box=None, header_style="bold", padding=(0, 2, 0, 0))
    table.columns[0].no_wrap = True  # `withdraw` takes it, so it must be copied in one piece
    with opened_store() as engine:
        for seed in _every(engine, state, label, page):
            if as_json:
                click.echo(orjson.dumps(seed.described()))
            else:
                table.add_row(*(Text(one_line(cell), overflow="fold") for cell in _cells(seed)))
    if not as_json:
        console_on(sys.stdout).print(table)


@command.command("withdraw", epilog=example("lanmu seeds withdraw 019e5bd1c6a00000001f2e3d4c"))
@click.argument("ids", nargs=-1, required=True, metavar="ID...")
@click.option("--whole-page", is_flag=True, help="All sections that came with it, not this one alone.")
@who_option
def withdraw(ids: tuple[str, ...], whole_page: bool, who: str) -> None:
    """Withdraw seeds: the next training does not learn from them.

    They are kept, with who withdrew them and when.
    """
    with opened_store() as engine:
        for seed in ids:
            try:
                gone = withdraw_seeds(engine, seed, who=who, whole_page=whole_page)
            except UnknownSeedError as error:
                raise click.ClickException(str(error)) from error
            for each in gone:
                click.echo(f"{each.id} ({each.label}) is withdrawn")


@command.command("export", epilog=example("lanmu seeds export our-seeds.jsonl"))
@click.argument("file", type=click.Path(dir_okay=False, allow_dash=True, path_type=Path))
def export(file: Path) -> None:
    """Write the active seeds to FILE as JSON Lines; '-' is standard output.

    Sections of one page stand on one line. `lanmu-train train --seeds` and `lanmu seeds add` read the file, which
    appears when all is written, or not at all.
    """
    with opened_store() as engine:
        count = write_lines(engine, sys.stdout.buffer) if str(file) == "-" else _write_aside(engine, file)
    click.echo(f"{count} seeds written to {file}", err=True)


def _write_aside(engine: Engine, file: Path) -> int:
    """Write beside the file, and put it in its place when all is written."""
    aside = file.with_name(f".{file.name}.{secrets.token_hex(4)}.part")
    try:
        with aside.open("xb") as stream:
            count = write_lines(engine, stream)
        aside.replace(file)
    except OSError as error:
        raise click.FileError(str(file), error.strerror) from error
    finally:
        aside.unlink(missing_ok=True)
    return count


def _read(file: Path, charset: str | None) -> Reading:
    """The seeds of a file; one that holds none, or is no text, ends the command with the reason."""
    if file.name.endswith(EXTRACTED):
        raise click.UsageError(
            f"{file.name!r} holds extracted seeds, which have no text to compare or list: "
            f"train with them by `lanmu-train train --seeds {file.name}`"
        )
    form = FORMS.get(file.suffix.lower())
    if form is None:
        raise click.UsageError(f"{file.name!r} is of an unknown form; known are {', '.join(FORMS)}")
    try:
        return read_seeds(file.read_bytes(), form, file.name, charset)
    except FormError as error:
        raise click.ClickException(f"{file.name}: {error}") from error
    except OSError as error:
        raise click.FileError(str(file), error.strerror) from error


def _every(engine: Engine, state: str | None, label: str | None, page: str | None) -> Iterator[Seed]:
    """All seeds of a kind, some at a time."""
    after: str | None = ""
    while after is not None:
        seeds, after = list_seeds(engine, Wanted(1000, after, state, label, page))
        yield from seeds


def _cells(seed: Seed) -> tuple[str, ...]:
    excerpt = seed.text[:EXCERPT]
    return (
        seed.id,
        seed.state,
        seed.label,
        seed.page or "",
        excerpt,
        seed.source,
        seed.who,
        f"{seed.added_at:%Y-%m-%d %H:%M}",
    )


def _tell(file: Path, added: Added) -> None:
    """Say what became of a file's seeds; what is wrong goes to standard error."""
    counts = {
        "known": added.known,
        "kept as they were": added.kept,
        "withdrawn": added.withdrawn,
        "waiting": added.waiting,
    }
    rest = "".join(f", {count} {name}" for name, count in counts.items() if count)
    labels = f"; new labels: {', '.join(added.new_labels)}" if added.new_labels else ""
    click.echo(f"{file.name}: {len(added.ids)} added{rest}{labels}")
    for problem in added.problems:
        click.echo(one_line(f"left out: {problem}"), err=True)
    for conflict in added.conflicts:
        click.echo(one_line(f"waiting: {conflict.reason}"), err=True)
    if added.conflicts:
        click.echo("Add the file again with --on-conflict keep, replace or both; or withdraw what waits.", err=True)
