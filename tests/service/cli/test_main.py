"""What all commands have in common."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click
import pytest

from service.cli.main import COMMANDS, lanmu

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.service.cli.conftest import Run

LANMU = Path(sys.executable).with_name("lanmu")


def paths(group: click.Group, *above: str) -> Iterator[tuple[str, ...]]:
    """Every command there is, as the words to call it by."""
    yield above
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if isinstance(command, click.Group):
            yield from paths(command, *above, name)
        else:
            yield (*above, name)


@pytest.mark.parametrize("words", list(paths(lanmu)), ids=" ".join)
def test_every_help_ends_in_an_example(run: Run, words: tuple[str, ...]) -> None:
    """The last line of a command's help is a call of that very command."""
    result = run(*words, "--help")

    assert result.exit_code == 0
    assert "\n  Example:\n" in result.output
    assert " ".join(["lanmu", *words]) in result.output.splitlines()[-1]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["dance"], "No such command 'dance'"),
        (["classify"], "Missing argument 'FILE...'"),
        (["classify", "no such file"], "File 'no such file' does not exist"),
        (["batch", "in"], "only 'in' is named"),
        (["models", "rollback"], "Missing option '--why'"),
        (["keys", "create", "x", "--scope", "all"], "'all' is not one of 'predict'"),
        (["serve", "--port", "70000"], "70000 is not in the range 1<=x<=65535"),
    ],
    ids=" ".join,
)
def test_a_wrong_command_line_is_told_so(run: Run, arguments: list[str], message: str) -> None:
    """The exit code is 2, and the message names the wrong word."""
    result = run(*arguments)

    assert (result.exit_code, message in result.output) == (2, True)


def test_a_wrong_setting_is_named(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A setting that cannot be used ends the command with its name and its value."""
    monkeypatch.setenv("LANMU_PORT", "many")

    result = run("models", "list")

    assert (result.exit_code, "LANMU_PORT='many'" in result.output) == (2, True)


def test_keys_do_not_wait_for_the_model(tmp_path: Path) -> None:
    """A command loads its own libraries only."""
    script = "import sys; from service.cli.main import lanmu; lanmu(['keys', 'list'], standalone_mode=False)"
    watch = f"{script}; assert not {{'numba', 'selectolax', 'flask'}} & set(sys.modules), sorted(sys.modules)"

    subprocess.run(
        [sys.executable, "-c", watch], check=True, env={"LANMU_DATA_DIR": str(tmp_path)}, capture_output=True
    )


def test_a_reader_that_leaves_early_is_no_error() -> None:
    """`lanmu ... | head` ends without a word on standard error."""
    command = f"set -o pipefail; {LANMU} --help | true; {LANMU} classify --help | head -n 1"

    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)

    assert done.stderr == ""


def test_commands_are_listed_in_the_order_of_use(run: Run) -> None:
    """The help lists every command, what a newcomer needs first."""
    lines = run("--help").output.partition("Commands:\n")[2].splitlines()

    assert [line.split()[0] for line in lines[: len(COMMANDS)]] == list(COMMANDS)
