"""A Dockerfile's steps, read and run without an engine.

A stage becomes a folder: its `/usr/local` is a virtual environment with this Python, and every other absolute path
that a step names lies below the folder. What needs an engine (the base image, users, volumes, the read-only root) is
left out.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

MOUNT = re.compile(r"--mount=type=bind,from=(\S+?),source=(\S+?),target=(\S+) ")
ABSOLUTE = re.compile(r"(?<![\w.:/])/(?=[a-z])")
OWNER = re.compile(r" -[og] \d+")
LEFT_TO_AN_ENGINE = {"EXPOSE", "USER", "VOLUME"}


@dataclass
class Stage:
    """One `FROM … AS name` and the instructions below it, each as (word, rest)."""

    name: str
    base: str
    steps: list[tuple[str, str]] = field(default_factory=list)

    def continued(self, name: str) -> Stage:
        """A stage that begins with all that this one does."""
        return Stage(name, self.base, list(self.steps))

    def all(self, word: str) -> list[str]:
        """What each instruction of this word says."""
        return [rest for other, rest in self.steps if other == word]

    def last(self, word: str) -> str:
        """What the last instruction of this word says: the one that counts."""
        return self.all(word)[-1]


def read_stages(dockerfile: Path) -> dict[str, Stage]:
    """The stages by name, in order."""
    stages: dict[str, Stage] = {}
    current = Stage("", "")
    for line in dockerfile.read_text("utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        word, rest = line.split(maxsplit=1)
        if word == "FROM":
            base, name = rest.split(" AS ")
            current = stages[name] = stages[base].continued(name) if base in stages else Stage(name, base)
        else:
            current.steps.append((word, rest))
    return stages


class Build:
    """Builds stages in a folder, from a context folder, in an environment that holds nothing but package sources.

    packages : folder of downloaded packages; pip asks elsewhere only where one is missing there.
    """

    def __init__(self, stages: dict[str, Stage], context: Path, folder: Path, packages: Path) -> None:
        self.stages = stages
        self.context = context
        self.folder = folder
        self.packages = packages

    def build(self, name: str) -> Path:
        """Build the stage and those it is made from; its folder."""
        stage, top = self.stages[name], self.top(name)
        python = top / "usr/local"
        subprocess.run([sys.executable, "-m", "venv", python], check=True)
        workdir = top
        for word, rest in stage.steps:
            if word == "WORKDIR":
                workdir = Path(self.inside(rest, top))
                workdir.mkdir(parents=True, exist_ok=True)
            elif word == "COPY":
                self.copy(rest, workdir)
            elif word == "RUN":
                self.run(rest, top, workdir)
            elif word not in LEFT_TO_AN_ENGINE | {"CMD", "ENV", "HEALTHCHECK"}:
                raise ValueError(f"{name}: no rule for {word} {rest!r}; add one, or write the step in another way")
        return top

    def top(self, name: str) -> Path:
        """The folder that is the stage's root."""
        return self.folder / name

    def environment(self, name: str) -> dict[str, str]:
        """What a process in the stage sees: the stage's `ENV` and no more."""
        top = self.top(name)
        pairs = [pair.split("=", 1) for rest in self.stages[name].all("ENV") for pair in shlex.split(rest)]
        home, path = str(top / "home"), f"{top / 'usr/local/bin'}:/usr/bin:/bin"
        return {"HOME": home, "PATH": path, "LANG": "C.UTF-8"} | {key: self.inside(value, top) for key, value in pairs}

    def copy(self, rest: str, workdir: Path) -> None:
        """COPY files or one folder of the context."""
        *sources, target = shlex.split(rest)
        for source in (self.context / name for name in sources):
            if source.is_dir():
                shutil.copytree(source, workdir / target, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(source, workdir / target)

    def run(self, rest: str, top: Path, workdir: Path) -> None:
        """RUN a command line in the stage."""
        for other, source, target in MOUNT.findall(rest):
            link = Path(self.inside(target, top))
            link.symlink_to(self.inside(source, self.build(other)))
        command = OWNER.sub("", ABSOLUTE.sub(f"{top}/", MOUNT.sub("", rest)))
        environment = self.environment(top.name) | from_caller("PIP_")
        done = shell(command, workdir, environment | {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(self.packages)})
        if done.returncode and command.startswith("pip "):
            done = shell(command, workdir, environment)
        if done.returncode:
            raise RuntimeError(f"{top.name}: RUN {rest!r} ended with {done.returncode}:\n{done.stdout[-6000:]}")

    @staticmethod
    def inside(path: str, top: Path) -> str:
        """An absolute path of the stage, as this machine sees it; anything else unchanged."""
        return ABSOLUTE.sub(f"{top}/", path)


def from_caller(prefix: str) -> dict[str, str]:
    """Variables of this process's environment whose names start so."""
    return {name: value for name, value in os.environ.items() if name.startswith(prefix)}


def shell(command: str, folder: Path, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Run a command line as RUN does; its output and messages in one."""
    return subprocess.run(
        ["/bin/sh", "-c", command],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )


def exec_form(rest: str) -> list[str]:
    """The arguments of `CMD ["…"]` or `HEALTHCHECK … CMD ["…"]`."""
    arguments: list[str] = json.loads(rest[rest.index("[") :])
    return arguments
