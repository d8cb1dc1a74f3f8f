"""`lanmu keys`: who may call the service."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click
from rich.table import Table
from rich.text import Text

from service.cli.parts import console_on, one_line, opened_store
from service.cli.usage import example
from service.keys import Scope, UnknownKeyError, create_key, list_keys, revoke_key

if TYPE_CHECKING:
    from service.keys import Key


@click.group(name="keys", epilog=example("lanmu keys create newsroom --scope predict"))
def command() -> None:
    """Make, list and revoke API keys.

    They are kept in LANMU_DATABASE_URL, or in LANMU_DATA_DIR.
    """


@command.command("create", epilog=example("lanmu keys create newsroom --scope predict --scope batch"))
@click.argument("name", help="Whom the key is for.")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    default=[Scope.PREDICT.value],
    show_default=True,
    type=click.Choice([scope.value for scope in Scope]),
    help="What the key may do; may be given several times.",
)
def create(name: str, scopes: tuple[str, ...]) -> None:
    """Make a key and print it; it cannot be shown again."""
    with opened_store() as engine:
        try:
            made = create_key(engine, name, scopes)
        except ValueError as error:
            raise click.UsageError(str(error)) from error
    click.echo(made.token)
    click.echo("Keep it now: only its hash is stored. Send it as `Authorization: Bearer <key>`.", err=True)


@command.command("list", epilog=example("lanmu keys list"))
def list_all() -> None:
    """List every key that was made, without its secret."""
    with opened_store() as engine:
        keys = list_keys(engine)
    table = Table("prefix", "name", "scopes", "created", "state", box=None, header_style="bold", padding=(0, 2, 0, 0))
    for key in keys:
        table.add_row(*(Text(one_line(cell), overflow="fold") for cell in _cells(key)))
    console_on(sys.stdout).print(table)


@command.command("revoke", epilog=example("lanmu keys revoke 1f2e3d4c"))
@click.argument("prefix", help="The part of the key before the dot.")
def revoke(prefix: str) -> None:
    """End a key."""
    with opened_store() as engine:
        try:
            key = revoke_key(engine, prefix.partition(".")[0])
        except UnknownKeyError as error:
            raise click.ClickException(str(error)) from error
    click.echo(f"{key.prefix} ({one_line(key.name)}) is revoked")


def _cells(key: Key) -> tuple[str, ...]:
    state = "active" if key.revoked_at is None else f"revoked {key.revoked_at:%Y-%m-%d %H:%M}"
    return key.prefix, key.name, " ".join(sorted(key.scopes)), f"{key.created_at:%Y-%m-%d %H:%M}", state
