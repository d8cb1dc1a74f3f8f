"""`python -m benchmarks.retraining`: the shipped corpus is retrained while the service answers."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

import click

from benchmarks.retraining.measure import Scale, measure
from benchmarks.retraining.results import markdown, plain
from benchmarks.speed.servers import ServerError
from benchmarks.speed.surroundings import surroundings
from models.seeds import SHIPPED_SEEDS
from models.versions import SHIPPED_MODELS
from training.reading import read_seeds

RESULTS = Path(__file__).resolve().parent / "RESULTS.md"
QUICK = Scale(rounds=1, idle_s=5)
FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@click.command(epilog="Example: python -m benchmarks.retraining --quick")
@click.option("--quick", is_flag=True, help="One training with short idle times around it; writes no file.")
@click.option("--registry", type=FOLDER, default=SHIPPED_MODELS, help="Whose champion answers.  [default: shipped]")
def main(quick: bool, registry: Path) -> None:  # noqa: FBT001 - click
    """Measure how long a retraining takes and how much slower answers come meanwhile, and write RESULTS.md."""
    scale = QUICK if quick else Scale()
    pages, began = read_seeds([SHIPPED_SEEDS]).pages, time.monotonic()
    try:
        with tempfile.TemporaryDirectory(prefix="lanmu-bench-") as folder:
            rounds = measure(registry, pages, scale, Path(folder), _tell)
    except ServerError as error:
        raise click.ClickException(str(error)) from error
    click.echo(plain(rounds))
    _tell(f"took {time.monotonic() - began:.0f} s")
    if not quick:
        RESULTS.write_text(markdown(rounds, scale, surroundings()), encoding="utf-8")


def _tell(what: str) -> None:
    click.echo(what, err=True)


if __name__ == "__main__":
    main()
