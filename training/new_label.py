"""The option --new-label of every command that reads seeds."""

from __future__ import annotations

import click

from models.seeds.labels import RULE, well_named


def checked(_context: click.Context, _option: click.Parameter, labels: tuple[str, ...]) -> tuple[str, ...]:
    """Refuse labels that no seed page could name."""
    wrong = next((label for label in labels if not well_named(label)), None)
    if wrong is not None:
        raise click.BadParameter(f"{wrong!r} is no label: {RULE}")
    return labels


new_label_option = click.option(
    "--new-label",
    multiple=True,
    callback=checked,
    help="A label of your own that the seeds use. May be given again.",
)
