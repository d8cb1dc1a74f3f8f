"""What no file of the project may hold."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

FORBIDDEN = {
    "home folder": re.compile(r"(?<![\w.~/-])/(?:root|home|Users)/\w"),
    "temporary folder": re.compile(r"(?<![\w.~-])/(?:var/)?tmp/\w"),
    "package registry": re.compile(r"py[p]i\.org|python[h]osted\.|registry\.np[m]js|deb\.deb[i]an\.org"),
    "unresolved merge": re.compile(r"^(?:<{7}|>{7}) ", re.MULTILINE),
}
REASONLESS = re.compile(r"# noqa(?:: [A-Z]+[0-9]+(?:, [A-Z]+[0-9]+)*)?\s*$", re.MULTILINE)
PYPROJECT_RULE = re.compile(r'^    "[A-Z]+[0-9]*",(.*)$', re.MULTILINE)


def text_of(path: Path) -> str:
    """The file's text; nothing for a binary one."""
    data = path.read_bytes()
    return "" if b"\0" in data else data.decode("utf-8", "replace")


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_file_names_a_machine_or_a_registry(root: Path, tracked: list[Path], what: str) -> None:
    """A file that names one machine's folders, or a host that packages come from, works on that machine alone."""
    found = {str(path.relative_to(root)): FORBIDDEN[what].findall(text_of(path)) for path in tracked}

    assert {} == {name: hits for name, hits in found.items() if hits}


def test_no_file_names_this_checkout(root: Path, tracked: list[Path]) -> None:
    """The place where the project stands is written nowhere in it."""
    place = f"{root}/"

    assert [] == [str(path.relative_to(root)) for path in tracked if place in text_of(path)]


def test_each_lint_exclusion_has_its_reason(root: Path) -> None:
    """A rule that pyproject.toml switches off has a comment beside it."""
    text = (root / "pyproject.toml").read_text("utf-8")
    lint = tomllib.loads(text)["tool"]["ruff"]["lint"]

    reasons = PYPROJECT_RULE.findall(text)

    assert len(reasons) == len(lint["ignore"]) + sum(map(len, lint["per-file-ignores"].values()))
    assert [] == [reason for reason in reasons if not re.fullmatch(r" +# .{10,}", reason)]


def test_each_noqa_has_its_reason(root: Path, tracked: list[Path]) -> None:
    """A rule that one line switches off is followed by why: `# noqa: S104 - the container's own address`."""
    sources = [path for path in tracked if path.suffix == ".py" and path != Path(__file__)]

    found = {str(path.relative_to(root)): REASONLESS.findall(text_of(path)) for path in sources}

    assert {} == {name: lines for name, lines in found.items() if lines}
