"""`python -m benchmarks`: Lanmu and its peers, side by side, in one run on one machine."""

from __future__ import annotations

import signal
import sys
import time
from dataclasses import replace
from pathlib import Path

import click

from benchmarks.speed.peers import NotLabellingError
from benchmarks.speed.plots import draw
from benchmarks.speed.results import markdown, plain, put_into
from benchmarks.speed.run import STEPS, measure
from benchmarks.speed.scale import FULL, LONGEST_SEEDS, QUICK
from benchmarks.speed.servers import ServerError
from benchmarks.speed.surroundings import surroundings
from models.versions import SHIPPED_MODELS, InvalidVersionError, RegistryError

HERE = Path(__file__).resolve().parent
READMES = (HERE.parent / "README.md", HERE.parent / "README.zh-CN.md")
TERMINATED = 128 + signal.SIGTERM
FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@click.command(epilog="Example: python -m benchmarks --quick --only texts --only http")
@click.option("--quick", is_flag=True, help="Small sizes and few rounds, under three minutes; writes no file.")
@click.option("--only", multiple=True, type=click.Choice(list(STEPS)), help="Only this part; writes no file.")
@click.option("--html", type=FOLDER, envvar="LANMU_BENCH_HTML", help="A folder of saved pages to measure with, too.")
@click.option("--registry", type=FOLDER, default=SHIPPED_MODELS, help="Whose champion is measured.  [default: shipped]")
@click.option("--longest", is_flag=True, help=f"Train on {LONGEST_SEEDS:,} seeds, too: that alone takes long.")
def main(quick: bool, only: tuple[str, ...], html: Path | None, registry: Path, longest: bool) -> None:  # noqa: FBT001 - click
    """Measure speed and size beside the peers, print the table, and write RESULTS.md with its plots."""
    scale = QUICK if quick else FULL
    if longest:
        scale = replace(scale, seeds=(*scale.seeds, LONGEST_SEEDS))
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(TERMINATED))  # what was started ends with it, and leaves no file
    began = time.monotonic()
    try:
        report = measure(registry, scale, only or tuple(STEPS), html, _tell)
    except (InvalidVersionError, RegistryError, NotLabellingError, ServerError) as error:
        raise click.ClickException(str(error)) from error
    click.echo(plain(report))
    _tell(f"took {time.monotonic() - began:.0f} s")
    if quick or only:
        return
    plots = draw(report, HERE / "plots")
    (HERE / "RESULTS.md").write_text(markdown(report, surroundings(), plots), encoding="utf-8")
    for readme in READMES:
        put_into(readme, report)


def _tell(what: str) -> None:
    click.echo(what, err=True)


if __name__ == "__main__":
    main()
