"""`lanmu models`: the saved versions, and which of them answers."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click
import orjson
from rich.table import Table
from rich.text import Text

from models.versions import InvalidVersionError, NoChampionError, RegistryError, objection, read_version
from service.cli.parts import (
    console_on,
    load_version,
    one_line,
    open_registry,
    read_settings,
    refusals,
)
from service.cli.upkeep import prune, report, shadow, user
from service.cli.usage import SOME_BAD, example

if TYPE_CHECKING:
    from collections.abc import Sequence

    from models.versions import Registry
    from service.settings import Settings


@click.group(name="models", epilog=example("lanmu models list"))
def command() -> None:
    """See and change which version answers.

    They are in LANMU_MODELS_DIR, or where Lanmu is installed.
    """


json_option = click.option("--json", "as_json", is_flag=True, help="JSON Lines instead of a table.")
who_option = click.option("--who", default=user, help="Who decides this.  [default: the user's name]")
why_option = click.option("--why", required=True, help="The reason, for the history.")


@command.command("list", epilog=example("lanmu models list"))
@json_option
def list_versions(as_json: bool) -> None:
    """List the versions, oldest first.

    The star marks the one that answers.
    """
    settings = read_settings()
    registry = open_registry(settings)
    champion = _champion(registry)
    rows = [_row(registry, version, champion) for version in registry.versions()]
    if as_json:
        for row in rows:
            click.echo(orjson.dumps(row))
        return
    if not rows:
        click.echo(f"no versions in {settings.models_dir}: train one with lanmu-train", err=True)
        return
    cells = [
        ("*" if row["champion"] else "", *(_shown(row[name]) for name in ("version", "created", "macro_f1", "verdict")))
        for row in rows
    ]
    _print_table(("", "version", "created", "macro-F1", "verdict"), cells)


@command.command("show", epilog=example("lanmu models show"))
@click.argument("version", required=False, help="A version; the champion by default.")
def show_version(version: str | None) -> None:
    """Show what a version says of itself.

    That is its model.json, after its files were checked.
    """
    settings = read_settings()
    registry = open_registry(settings)
    with refusals():
        saved = read_version(registry.folder(version or registry.champion()), key=settings.key_bytes)
    click.echo(orjson.dumps(saved.metadata, option=orjson.OPT_INDENT_2))


@command.command("promote", epilog=example("lanmu models promote 2026-11-23 --why 'fewer teasers missed'"))
@click.argument("version", help="The version that shall answer.")
@why_option
@who_option
@click.option("--force", is_flag=True, help="Promote what the gate refused, or never judged.")
def promote(version: str, why: str, who: str, force: bool) -> None:
    """Make a version the champion.

    It is checked first: files, signature, golden answers, and the verdict of `lanmu-train gate`. The first champion and
    former ones need no verdict. Running servers turn to it by themselves.
    """
    settings = read_settings()
    registry = open_registry(settings)
    with refusals():
        reason = objection(registry, version)
    if reason is not None and not force:
        raise click.ClickException(f"{version!r} is not promoted: {reason} (--force)")
    load_version(settings, version)
    with refusals():
        registry.promote(version, who=who, why=why if reason is None else f"{why} (forced: {reason})")
    click.echo(f"{version} answers from now on; `lanmu models rollback` undoes it")


@command.command("rollback", epilog=example("lanmu models rollback --why 'opinions taken for analysis'"))
@why_option
@who_option
def rollback(why: str, who: str) -> None:
    """Go back to the champion before."""
    with refusals():
        version = open_registry(read_settings()).rollback(who=who, why=why)
    click.echo(f"{version} answers from now on")


@command.command("history", epilog=example("lanmu models history --json"))
@json_option
def history(as_json: bool) -> None:
    """Show when the champion changed, and why."""
    with refusals():
        changes = open_registry(read_settings()).history()
    if as_json:
        for change in changes:
            click.echo(orjson.dumps(change))
        return
    rows = [(each.time, each.action, each.previous or "-", each.version, each.who, each.why) for each in changes]
    _print_table(("time", "action", "from", "to", "who", "why"), rows, whole=1)


@command.command("verify", epilog=example("lanmu models verify"))
@click.argument("versions", nargs=-1, help="Versions; all by default.")
@click.pass_context
def verify(ctx: click.Context, versions: tuple[str, ...]) -> None:
    """Check that versions are as saved.

    Sizes, hashes, signature, arrays and golden answers are checked. The exit code is 3 where one is not to be trusted.
    """
    settings = read_settings()
    reasons = {version: _reason(settings, version) for version in versions or open_registry(settings).versions()}
    for version, reason in reasons.items():
        click.echo(f"{version}: {reason or 'ok'}")
    ctx.exit(SOME_BAD if any(reasons.values()) else 0)


def _reason(settings: Settings, version: str) -> str | None:
    """Why a version is not to be trusted, or None."""
    try:
        load_version(settings, version)
    except click.ClickException as error:
        return one_line(error.message)
    return None


def _champion(registry: Registry) -> str | None:
    try:
        return registry.champion()
    except NoChampionError:
        return None


def _metadata(registry: Registry, version: str) -> dict[str, Any]:
    """What a version says of itself; nothing where it is damaged, which `verify` tells."""
    try:
        return read_version(registry.folder(version)).metadata
    except InvalidVersionError:
        return {}


def _row(registry: Registry, version: str, champion: str | None) -> dict[str, Any]:
    """What the list says of a version. macro_f1 : out of fold, in page."""
    metadata = _metadata(registry, version)
    try:
        verdict = registry.verdict(version)
    except RegistryError:
        verdict = None
    return {
        "version": version,
        "created": str(metadata.get("created", "")),
        "champion": version == champion,
        "macro_f1": metadata.get("metrics", {}).get("in_page", {}).get("four_way"),
        "verdict": None if verdict is None else "passed" if verdict["passed"] else "refused",
    }


def _shown(value: object) -> str:
    return "-" if value is None else f"{value:.3f}" if isinstance(value, float) else str(value)


def _print_table(header: tuple[str, ...], rows: Sequence[tuple[str, ...]], *, whole: int = 0) -> None:
    """Print rows as a table whose first `whole` columns are not broken over lines, however narrow the terminal is."""
    table = Table(*header, box=None, header_style="bold", padding=(0, 2, 0, 0))
    for column in table.columns[:whole]:
        column.no_wrap = True
    for row in rows:
        table.add_row(*(Text(one_line(cell), overflow="fold") for cell in row))
    console_on(sys.stdout).print(table)


for each in (shadow, prune, report):
    command.add_command(each)
