"""`python -m training.behaviour [FOLDER]`: check the champion, or the saved version in a folder."""

from __future__ import annotations

import sys
from pathlib import Path

import click

import models
from models.model import Model
from models.versions import InvalidVersionError, Registry, RegistryError
from training.behaviour import LEAST, below, check, shares


@click.command(epilog="Example: python -m training.behaviour models/saved/20261123-161b28b4")
@click.argument("folder", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path))
def main(folder: Path | None) -> None:
    """Check whether a version behaves: print the cases it fails, and the share of each kind that holds.

    FOLDER is a saved version; without it, the shipped champion is checked. Ends with 1 where too little holds.
    """
    registry = Registry(Path(models.__file__).parent / "saved")
    try:
        model = Model.load(folder or registry.folder(registry.champion()))
    except (InvalidVersionError, RegistryError) as error:
        raise click.ClickException(str(error)) from error
    failures = check(model)
    for failure in failures:
        click.echo(failure)
    for kind, share in shares(failures).items():
        click.echo(f"{kind}: {share:.1%} hold, at least {LEAST[kind]:.0%} must")
    sys.exit(1 if below(failures) else 0)


if __name__ == "__main__":
    main()
