"""The option --new-label of every command that reads seeds."""

from __future__ import annotations

import re

import click

LABEL = re.compile(r"[a-z][a-z0-9_]{0,63}")
"""A label is written as seed pages and answers can hold it."""


def well_named(_context: click.Context, _option: click.Parameter, labels: tuple[str, ...]) -> tuple[str, ...]:
    """Refuse labels that no seed page could name."""
    wrong = next((label for label in labels if not LABEL.fullmatch(label)), None)
    if wrong is not None:
        raise click.BadParameter(f"{wrong!r} is no label: write it like our_label, up to 64 letters a-z, digits and _")
    return labels


new_label_option = click.option(
    "--new-label",
    multiple=True,
    callback=well_named,
    help="A label of your own that the seeds use. May be given again.",
)
