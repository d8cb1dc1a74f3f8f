"""How far a training is, for programs that started it."""

from __future__ import annotations

import json
from typing import Any

import click

STAGES = ("reading", "scoring", "fitting the page context", "fitting on all seeds", "measuring and saving")
"""How the lines begin with which `training.train` says what it does next, in order."""


def tell(**values: Any) -> None:
    """Print a JSON line."""
    click.echo(json.dumps(values, ensure_ascii=False))


def say_as_json(message: str) -> None:
    """Tell people what is being done, on standard error, and programs the stage that begins, on standard output."""
    click.echo(message, err=True)
    for done, stage in enumerate(STAGES):
        if message.startswith(stage):
            tell(stage=stage, done=done, total=len(STAGES))
