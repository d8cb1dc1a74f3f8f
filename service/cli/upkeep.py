"""`lanmu models shadow`, `prune` and `report`: what else is done with versions."""

from __future__ import annotations

import getpass
from pathlib import Path

import click

from models.versions import read_file
from service.cli.parts import load_version, one_line, open_registry, opened_store, read_settings, refusals
from service.cli.usage import example
from service.settings import Settings


def user() -> str:
    """The name of whoever runs the command."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown"


@click.command("shadow", epilog=example("lanmu models shadow 2026-11-23 --why 'a week beside the champion'"))
@click.argument("version", required=False, help="The version that shall score live traffic without answering.")
@click.option("--why", help="The reason; needed with a version.")
@click.option("--who", default=user, help="Who decides this.  [default: the user's name]")
@click.option("--off", is_flag=True, help="Have no shadow from now on.")
def shadow(version: str | None, why: str | None, who: str, off: bool) -> None:
    """Let a version score live traffic without answering.

    Without a version, tell which one does. Where it differs from the champion is told by GET /v1/models/shadow.
    """
    settings = read_settings()
    registry = open_registry(settings)
    if off and version is not None:
        raise click.UsageError("give a version or --off, not both")
    if version is not None:
        if not why:
            raise click.UsageError("--why is missing: the reason, for those who come after")
        load_version(settings, version)
    with refusals():
        if version is not None and why:
            registry.set_shadow(version, who=who, why=why)
        elif off:
            registry.clear_shadow()
        found = registry.shadow()
    told = "no shadow" if found is None else f"{found.version} since {found.time}, {found.who}: {found.why}"
    click.echo(one_line(told))


@click.command("prune", epilog=example("lanmu models prune --keep 5"))
@click.option("--keep", type=click.IntRange(min=0), help="So many newest versions stay (LANMU_KEEP_VERSIONS).")
def prune(keep: int | None) -> None:
    """Remove old versions.

    The champion, its predecessor, the shadow and what unfinished batches and trainings need stay in any case.
    """
    settings = read_settings()
    needed = _pinned(settings)
    with refusals():
        removed = open_registry(settings).prune(settings.keep_versions if keep is None else keep, needed)
    for version in removed:
        click.echo(f"removed {version}")
    if not removed:
        click.echo("nothing to remove")


def _pinned(settings: Settings) -> set[str]:
    """The versions that jobs need; without a database there are no jobs, and none is made to look."""
    if settings.database_url is None and not settings.database_file.exists():
        return set()
    from service.jobs import Jobs  # noqa: PLC0415 - SQLAlchemy takes its time

    with opened_store() as engine:
        return Jobs(engine).pinned()


@click.command("report", epilog=example("lanmu models report --out report.html"))
@click.argument("version", required=False, help="A version; the champion by default.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="The file to write.")
def report(version: str | None, out: Path) -> None:
    """Write a version's report: figures, curves, mistakes.

    It is one HTML file that needs no other.
    """
    settings = read_settings()
    registry = open_registry(settings)
    with refusals():
        folder = registry.folder(version or registry.champion())
        page = read_file(folder, "report.html", key=settings.key_bytes)
    if page is None:
        raise click.ClickException(f"version {folder.name!r} was saved without a report; train it again")
    out.write_bytes(page)
    click.echo(out)
