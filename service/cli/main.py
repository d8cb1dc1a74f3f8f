"""The command and its parts, each loaded when it is called."""

from __future__ import annotations

import gc
import sys
from importlib import import_module
from typing import cast

import click

from service.cli.usage import INTERRUPTED, example

COMMANDS = ("serve", "worker", "classify", "batch", "models", "seeds", "keys")


class LazyGroup(click.Group):
    """A group whose commands are modules of `service.cli`: `lanmu keys` need not wait for the model's libraries."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """The commands' names."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        """The command of that name."""
        if cmd_name not in COMMANDS:
            return None
        return cast("click.Command", import_module(f"service.cli.{cmd_name}").command)


@click.group(cls=LazyGroup, epilog=example("lanmu classify page.html"))
@click.version_option(package_name="lanmu")
def lanmu() -> None:
    """Tell what the sections of Chinese web pages are: tech analysis, opinion, recommendation teaser, or none of these.

    Settings come from the environment (LANMU_MODELS_DIR, LANMU_MODEL_KEY, LANMU_DATA_DIR, ...).
    """


def main() -> None:
    """Run the command and exit with its code."""
    try:
        code = lanmu.main(standalone_mode=False)
    except click.ClickException as error:
        error.show()
        code = error.exit_code
    except click.Abort:
        code = INTERRUPTED
    gc.freeze()  # the process ends: to look through all that its libraries made would take longer than some commands do
    sys.exit(code)
