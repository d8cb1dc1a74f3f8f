"""The help of the two commands."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

BIN = Path(sys.executable).parent


def help_of(*words: str) -> str:
    """What a command's `--help` prints."""
    asked = subprocess.run(
        [BIN / words[0], *words[1:], "--help"], capture_output=True, text=True, check=True, timeout=60
    )
    return asked.stdout


def each_help(*words: str) -> Iterator[tuple[str, str]]:
    """A command and its help, and those of the commands below it."""
    text = help_of(*words)
    yield " ".join(words), text
    listed = re.search(r"^Commands:\n((?:  .*\n)+)", text, re.MULTILINE)
    for name in re.findall(r"^  (\w[\w-]*)", listed.group(1), re.MULTILINE) if listed else ():
        yield from each_help(*words, name)


@pytest.mark.parametrize("program", ["lanmu", "lanmu-train"])
def test_each_command_s_help_ends_with_an_example(program: str) -> None:
    """The last line of a command's help calls that command, or for a group one of its own."""
    helps = dict(each_help(program))

    last = {command: text.rstrip().splitlines()[-1] for command, text in helps.items()}

    assert len(helps) > 1
    assert {} == {command: line for command, line in last.items() if not re.search(rf"\b{command}\b", line)}
