"""`lanmu-train gate`."""

from __future__ import annotations

import getpass
import json
import os
import sys
from dataclasses import replace
from pathlib import Path

import click

from models.seeds import SHIPPED_SEEDS
from models.seeds.seed import SeedsError
from models.versions import SHIPPED_MODELS, InvalidVersionError, NoChampionError, Registry, RegistryError
from training.check.printing import print_tables
from training.gate.contender import Contender
from training.gate.side_by_side import keep_comparison
from training.gate.tables import tables_of
from training.gate.verdict import Progress, judge

NOT_JUDGED = 2


class NotJudgedError(click.ClickException):
    """The gate could not come to a verdict; the version is neither passed nor refused."""

    exit_code = NOT_JUDGED


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "lanmu-train"


@click.command(epilog="Example: lanmu-train gate 20261124-1f2e3d4c --seeds my-seeds.jsonl")
@click.argument("version")
@click.option(
    "--registry", type=click.Path(path_type=Path, file_okay=False, exists=True), default=SHIPPED_MODELS,
    show_default="models/saved", help="Where the versions are.",
)  # fmt: skip
@click.option(
    "--seeds", "paths", multiple=True, type=click.Path(exists=True, path_type=Path), metavar="PATH",
    help="Seeds that the version was trained on beside the shipped ones. May be given again.",
)  # fmt: skip
@click.option("--only", is_flag=True, help="Leave out the shipped seeds.")
@click.option("--against", metavar="NAME", help="The version to compare with.  [default: the champion]")
@click.option("--who", default=_user, help="Who asks.  [default: the user's name]")
@click.option("--json", "as_json", is_flag=True, help="Print the verdict as JSON.")
@click.option("--progress", type=click.Choice(["json"]), help="Print each stage, then the verdict, as a JSON line.")
def gate(  # noqa: PLR0913, PLR0917 - one for each option
    version: str,
    registry: Path,
    paths: tuple[Path, ...],
    against: str | None,
    who: str,
    progress: str | None,
    *,
    only: bool,
    as_json: bool,
) -> None:
    """Judge whether VERSION may replace the champion, and keep the verdict in the registry.

    Both are scored on the frozen seeds, which no training sees, and asked the behaviour cases. The challenger passes
    where nothing is worse than what is allowed, and where the labels of its new seeds can be believed.

    Ends with 0 where it passes, 1 where it does not, 2 where it could not be judged.
    """
    versions = Registry(registry, key=_key())
    try:
        challenger = Contender.load(versions.folder(version), _key())
        champion, unreadable = _champion(versions, against)
        findings = judge(challenger, champion, paths if only else (SHIPPED_SEEDS, *paths), _told(progress))
        findings = replace(findings, unreadable=unreadable)
        verdict = findings.described(who)
        versions.record_verdict(version, verdict)
        if champion is not None:
            keep_comparison(versions, champion.model, challenger.model, findings.ground.parted.frozen.corpus.pages)
    except (InvalidVersionError, RegistryError) as error:
        raise NotJudgedError(str(error)) from error
    except SeedsError as error:
        raise NotJudgedError(f"the seeds cannot be used:\n{error}") from error
    if progress:
        click.echo(json.dumps({"verdict": verdict}, ensure_ascii=False))
    elif as_json:
        click.echo(json.dumps(verdict, ensure_ascii=False, indent=1))
    else:
        print_tables(tables_of(verdict))
    sys.exit(0 if findings.passed else 1)


def _champion(versions: Registry, against: str | None) -> tuple[Contender | None, str | None]:
    """The version to compare with, or why it cannot be opened; neither where there is no champion yet."""
    try:
        folder = versions.folder(against or versions.champion())
    except NoChampionError:
        return None, None
    try:
        return Contender.load(folder, _key()), None
    except InvalidVersionError as error:
        return None, str(error)


def _told(progress: str | None) -> Progress:
    """Stages as JSON lines on standard output, or as words on standard error."""
    if progress:
        return lambda stage, done, total: click.echo(json.dumps({"stage": stage, "done": done, "total": total}))
    return lambda stage, _done, _total: click.echo(stage, err=True)


def _key() -> bytes | None:
    return os.environ.get("LANMU_MODEL_KEY", "").encode() or None
