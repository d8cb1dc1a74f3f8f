"""`lanmu worker`: does jobs."""

from __future__ import annotations

import click

from service.cli.parts import read_settings
from service.cli.usage import example
from service.jobs.kinds import KINDS
from service.jobs.work import work


def _known(_context: click.Context, _option: click.Parameter, names: str | None) -> list[str]:
    """The kinds that are named, or all."""
    chosen = list(KINDS) if names is None else [name.strip() for name in names.split(",")]
    for name in chosen:
        if name not in KINDS:
            raise click.BadParameter(f"{name!r} is no kind of job; there are: {', '.join(KINDS)}")
    return chosen


@click.command(name="worker", epilog=example("lanmu worker", "lanmu worker --kinds training"))
@click.option("--kinds", metavar="KIND,...", callback=_known, help="The kinds of jobs to do.  [default: all]")
def command(kinds: list[str]) -> None:
    """Do jobs until told to stop: trainings, batches.

    `lanmu serve` starts one worker by itself (LANMU_WORKER). More may run anywhere with the same LANMU_DATABASE_URL,
    LANMU_MODELS_DIR and LANMU_DATA_DIR. SIGTERM ends a worker; what it was at goes to another one at once.
    """
    work({name: KINDS[name] for name in kinds}, read_settings())
