"""The READMEs: their commands run, and print what stands below them."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from service.settings import PREFIX, Settings

READMES = ["README.md", "README.zh-CN.md"]
ROOT = Path(__file__).resolve().parents[2]
BLOCK = re.compile(r"<!-- run: (cli|server) -->\n```console\n(.*?)```", re.DOTALL)
ANYTHING = "[…]"
FIGURE = re.compile(r"\d\.\d+(?:e-\d+)?")
MOVED = 0.02
"""How far a figure may be from the one printed: as far as another machine rounds, not as another training moves it."""
READY_S = 180
"""For a busy machine; also for one command."""


@dataclass(frozen=True)
class Shown:
    """A command of a README and the output that stands below it, where `[…]` stands for anything."""

    readme: str
    where: str
    command: str
    output: str

    def __str__(self) -> str:
        words = re.sub(r"\W+", "-", self.command.removeprefix(".venv/bin/"))
        return f"{self.readme}-{words[:24]}-{words[-12:]}"


def shown_in(readme: str) -> list[Shown]:
    """The commands that a README marks to be run."""
    found = []
    for where, text in BLOCK.findall((ROOT / readme).read_text("utf-8")):
        for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
            command, output = part.split("\n", 1)
            found.append(Shown(readme, where, command, output))
    return found


def without_space(text: str) -> str:
    """The text, however it was wrapped."""
    return re.sub(r"\s+", "", text)


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """For each README a folder to run its commands in, one after the other, with the checkout's examples."""
    made = {readme: tmp_path_factory.mktemp("readme") for readme in READMES}
    for folder in made.values():
        shutil.copytree(ROOT / "docs", folder / "docs")
    return made


@pytest.fixture(scope="module")
def environment() -> dict[str, str]:
    """The environment here without settings of Lanmu, in a terminal of 100 columns."""
    return {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)} | {"COLUMNS": "100"}


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory, environment: dict[str, str]) -> Iterator[int]:
    """The port of a server that runs, ready, without keys."""
    folder = tmp_path_factory.mktemp("serve")
    with socket.create_server(("127.0.0.1", 0)) as free:
        number = int(free.getsockname()[1])
    command = [str(Path(sys.executable).parent / "lanmu"), "serve", "--port", str(number)]
    with (
        (folder / "serve.log").open("wb") as log,
        subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=log) as server,
    ):
        try:
            wait_for(f"http://127.0.0.1:{number}/readyz", server)
            yield number
        finally:
            server.terminate()
            server.wait(timeout=30)


def wait_for(url: str, server: subprocess.Popen[bytes]) -> None:
    """Return as soon as the server answers 200 there; fail after some time, or when the server ends."""
    deadline = time.monotonic() + READY_S
    while time.monotonic() < deadline and server.poll() is None:
        try:
            urlopen(url, timeout=5).close()
        except URLError:
            time.sleep(0.2)
        else:
            return
    pytest.fail(f"{url} was not ready; the server's exit code is {server.poll()}")


@pytest.mark.parametrize("shown", [shown for readme in READMES for shown in shown_in(readme)], ids=str)
def test_a_command_prints_what_the_readme_says(
    shown: Shown, folders: dict[str, Path], environment: dict[str, str], request: pytest.FixtureRequest
) -> None:
    """Each marked command succeeds and prints the output below it, white space and `[…]` aside, figures nearly."""
    command = shown.command.replace(".venv/bin/", f"{Path(sys.executable).parent}/")
    if shown.where == "server":
        command = command.replace(":8000/", f":{request.getfixturevalue('port')}/")

    done = subprocess.run(
        ["/bin/sh", "-c", command],
        cwd=folders[shown.readme],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
        timeout=READY_S,
    )

    expected, answer = without_space(shown.output), without_space(done.stdout)
    parts = (
        re.escape(FIGURE.sub("~", part)).replace("\\~", f"({FIGURE.pattern})") for part in expected.split(ANYTHING)
    )
    found = re.fullmatch(".*?".join(parts), answer)
    assert found, done.stdout
    assert [float(figure) for figure in FIGURE.findall(expected)] == pytest.approx(
        list(map(float, found.groups())), abs=MOVED
    )


def test_both_readmes_run_the_same_commands() -> None:
    """A reader of either language is shown the same commands and the same answers."""
    english, chinese = ([(shown.command, shown.output) for shown in shown_in(readme)] for readme in READMES)

    assert english == chinese
    assert english


@pytest.mark.parametrize("readme", READMES)
def test_the_settings_table_names_each_setting(root: Path, readme: str) -> None:
    """Each setting that the service reads has its row, and the table has no row for another."""
    rows = set(re.findall(r"^\| `(LANMU_\w+)` \|", (root / readme).read_text("utf-8"), re.MULTILINE))

    assert {PREFIX + name.upper() for name in Settings.model_fields} == rows - {"LANMU_CACHE_DIR"}


@pytest.mark.parametrize("readme", READMES)
def test_the_settings_table_gives_the_defaults(root: Path, readme: str) -> None:
    """Where a default is one value, the table gives it."""
    rows = dict(re.findall(r"^\| `LANMU_(\w+)` \| `([^`]*)` \|", (root / readme).read_text("utf-8"), re.MULTILINE))

    for name, default in rows.items():
        assert default == str(Settings.model_fields[name.lower()].default)


@pytest.mark.parametrize("readme", [*READMES, "CONTRIBUTING.md", "ARCHITECTURE.md", "docs/labels.md"])
def test_each_link_to_a_file_leads_somewhere(root: Path, readme: str) -> None:
    """A relative link names a file of the project."""
    links = re.findall(r"\]\((?!https?://|#)([^)#]+)", (root / readme).read_text("utf-8"))

    assert [] == [link for link in links if not ((root / readme).parent / link).exists()]
