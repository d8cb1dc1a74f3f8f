"""`lanmu-train check`."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from models.seeds import SHIPPED_SEEDS
from models.seeds.seed import LABELS, SeedsError
from models.terms.lexicon import LexiconError
from training.check.findings import Findings, Plan
from training.check.findings import check as check_seeds
from training.check.printing import print_tables
from training.check.report import page_of
from training.check.sharing import NothingToCompareError
from training.check.tables import promises, tables_of
from training.checks import all_labels
from training.new_label import new_label_option

SHOWN = 20
"""So many single cases are printed for people."""

EXISTING = click.Path(exists=True, path_type=Path)


@click.command(epilog="Example: lanmu-train check my-seeds.jsonl --html check.html")
@click.argument("paths", nargs=-1, type=EXISTING, metavar="[PATH]...")
@click.option(
    "--against", multiple=True, type=EXISTING, metavar="FOLDER",
    help="Text (.txt, .jsonl, .html) that must share no sentence with the seeds. May be given again.",
)  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON.")
@click.option(
    "--html", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="Write a report with plots as well."
)
@click.option(
    "--lexicon", multiple=True, type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="FILE",
    help="Words of your own, checked with the shipped lexicon. May be given again.",
)  # fmt: skip
@new_label_option
@click.option("--no-fit", is_flag=True, help="Leave out what needs models: disagreements and the learning curve.")
def check(  # noqa: PLR0913 - one for each option
    paths: tuple[Path, ...],
    against: tuple[Path, ...],
    html: Path | None,
    lexicon: tuple[Path, ...],
    new_label: tuple[str, ...],
    *,
    as_json: bool,
    no_fit: bool,
) -> None:
    """Check the seeds at PATH, files or folders; the shipped ones by default.

    Counts them, looks for duplicates, contradicting and doubtful labels, and draws a learning curve. Ends with code 1
    when a promise is broken.
    """
    plan = Plan(paths or (SHIPPED_SEEDS,), all_labels(LABELS, new_label), against, lexicon, fits=not no_fit)
    findings = _checked(plan)
    if html:
        html.write_text(page_of(findings), encoding="utf-8")
    if as_json:
        click.echo(json.dumps(findings.described(), ensure_ascii=False, indent=1))
    else:
        print_tables([*tables_of(findings, SHOWN), promises(findings)])
    sys.exit(0 if findings.holds else 1)


def _checked(plan: Plan) -> Findings:
    """Check, saying on standard error what is being done; what cannot be checked ends the command."""
    try:
        return check_seeds(plan, lambda line: click.echo(line, err=True))
    except SeedsError as error:
        raise click.ClickException(f"no seed can be used:\n{error}") from error
    except (NothingToCompareError, LexiconError) as error:
        raise click.ClickException(str(error)) from error
